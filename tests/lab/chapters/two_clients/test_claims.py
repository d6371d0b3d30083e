"""The claims on two clients, shown, on a running site. claim_mutations.yml names what makes each of them false."""

import html
import re

import httpx
import psutil
import pytest

from lab.instruments.visit import visit
from mysite.phone import Phone

HTML, JSON = "text/html", "application/json"


@pytest.fixture
def client(site):
    """A client without a wish of its own, at the site's address."""
    with httpx.Client(base_url=f"http://{site.address}:{site.port}", trust_env=False) as client:
        yield client


def media_type(response):
    return response.headers["Content-Type"].partition(";")[0]


def test_s06_web_server_returns_a_page_or_json(client):
    page, data = (client.get("/users/4", headers={"Accept": kind}) for kind in (HTML, JSON))
    assert [(response.status_code, media_type(response)) for response in (page, data)] == [(200, HTML), (200, JSON)]
    assert data.json()["user"]["name"] in page.text
    assert data.json()["posts"] and all(post["text"] in html.unescape(page.text) for post in data.json()["posts"])


def test_s07_traffic_comes_from_a_browser_and_from_a_phone(client, site):
    joined = client.post("/users", data={"handle": "by_browser", "name": "By browser"})
    by_browser = client.post("/posts", data={"text": "from a browser"})
    assert (joined.status_code, by_browser.status_code) == (303, 303)
    client.cookies.clear()
    wishes = {"Accept": JSON}
    token = client.post("/users", json={"handle": "by_phone", "name": "By phone"}, headers=wishes).json()["token"]
    by_phone = client.post(
        "/posts", json={"text": "from a phone"}, headers={"Authorization": f"Bearer {token}", **wishes}
    )
    assert by_phone.status_code == 201
    latest = client.get("/", headers=wishes).json()["posts"]
    assert {(post["author_name"], post["text"]) for post in latest} >= {
        ("By browser", "from a browser"), ("By phone", "from a phone"),
    }  # fmt: skip


def test_s08_server_side_language_behind_and_html_css_and_javascript_in_front(client, site):
    files = [file.path for file in psutil.Process(site.web.pid).open_files()]
    assert any(path.endswith(".sqlite") for path in files)
    before = visit(site, host=site.address, path="/about")
    assert re.search(r"\d+ statements?$", before.account), "the program asked its database for this page"
    joined = client.post("/users", data={"handle": "one_more", "name": "One more"})
    assert "One more" in client.get(joined.headers["Location"]).text, "what one wrote, the program put into a page"
    parts = {path: client.get(path) for path in ("/about", *before.resources)}
    assert {HTML, "text/css", "text/javascript"} <= {
        media_type(response) for response in parts.values() if response.content.strip()
    }


def test_s09_mobile_application_talks_http_and_gets_json(site):
    with Phone(site.resolver(), site.port, host=site.address) as phone:
        popular = phone.read("/popular/2025-01")
    assert popular["month"] == "2025-01" and popular["authors"]
