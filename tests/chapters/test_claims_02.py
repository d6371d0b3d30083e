"""The claims that chapter 02 shows, on a running site. claim_mutations.yml names what makes each of them false."""

import httpx
import psutil
import pytest

from lab.visit import visit
from mysite.phone import Phone

HTML, JSON = "text/html", "application/json"


@pytest.fixture
def client(site):
    """A client without a wish of its own, at the site's address."""
    with httpx.Client(base_url=f"http://{site.address}:{site.port}", trust_env=False) as opened:
        yield opened


def test_s06_web_server_returns_a_page_or_json(client):
    page, data = (client.get("/about", headers={"Accept": kind}) for kind in (HTML, JSON))
    assert [each.headers["Content-Type"].partition(";")[0] for each in (page, data)] == [HTML, JSON]
    rows = {each["table"]: each["rows"] for each in data.json()["tables"]}
    assert rows["posts"] > 0 and f"<td>{rows['posts']:,}</td>" in page.text


def test_s07_traffic_comes_from_a_browser_and_from_a_phone(client, site):
    joined = client.post("/users", data={"handle": "by_browser", "name": "By browser"})
    by_browser = client.post("/posts", data={"text": "from a browser"})
    assert (joined.status_code, by_browser.status_code) == (303, 303)
    client.cookies.clear()
    wishes = {"Accept": JSON}
    token = client.post("/users", json={"handle": "by_phone", "name": "By phone"}, headers=wishes).json()["token"]
    shown = {"Authorization": f"Bearer {token}", **wishes}
    by_phone = client.post("/posts", json={"text": "from a phone"}, headers=shown)
    assert by_phone.status_code == 201
    latest = client.get("/", headers=wishes).json()["posts"]
    assert {post["text"] for post in latest} >= {"from a browser", "from a phone"}


def test_s08_server_side_language_behind_and_html_css_and_javascript_in_front(client, site):
    files = [file.path for file in psutil.Process(site.web.pid).open_files()]
    assert any(path.endswith(".sqlite") for path in files)
    assert "python" in psutil.Process(site.web.pid).exe()
    visited = visit(site, host=site.address, path="/about")
    kinds = [client.get(path).headers["Content-Type"].partition(";")[0] for path in ("/about", *visited.resources)]
    assert {HTML, "text/css", "text/javascript"} <= set(kinds)


def test_s09_mobile_application_talks_http_and_gets_json(site):
    with Phone(site.resolver(), site.port, host=site.address) as phone:
        read = phone.read("/users/4")
    assert read["user"]["id"] == 4 and read["posts"]
