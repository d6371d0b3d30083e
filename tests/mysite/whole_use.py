"""The whole use of the site by its two clients, Chromium and the phone: every page and every change, checked."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Response

from mysite import topology
from mysite.phone import Phone, RefusedError
from mysite.web.resources import PAGES

# what is neither tag, nor quote, nor reference, but looks like all of them
HOSTILE = """<script>window.ran = 1</script> "both" 'quotes' & &lt; <img src=x onerror="window.ran=1">"""
HOSTILE_NAME = """O'<b onclick="ran=1">&"<script>ran=1</script>"""
REVERSED = "turned \u202e round"  # fits no field: it turns the writing round
REFUSAL = re.compile(r"http://[^/]+/(?!static/)\S*: Failed to load resource: the server responded with a status of 4")
MOST_VISITS = 3  # of each kind of page


def kind_of(path: str) -> str:
    """The pattern in PAGES of which a path is one."""
    return next(page.path for page in PAGES if re.fullmatch(re.sub(r"{\w+}", "[^/]+", page.path), path))


@contextmanager
def tab_of(site: topology.OneServer, browser: Browser, **options: Any) -> Iterator[Page]:
    """A tab of a browser without a past. Whatever its pages write to the console fails, but that one was refused."""
    messages: list[str] = []
    with browser.new_context(base_url=site.url("", host=site.address), **options) as context:
        tab = context.new_page()
        tab.on("console", lambda message: messages.append(f"{message.location['url']}: {message.text}"))
        tab.on("pageerror", lambda error: messages.append(str(error)))
        yield tab
        assert tab.evaluate("typeof ran") == "undefined"
    assert [message for message in messages if not REFUSAL.match(message)] == []


def check_page(tab: Page) -> None:
    """Assert what every page has, a refusal too."""
    assert tab.title().endswith(" · mysite") and len(tab.title()) > len(" · mysite")
    assert tab.get_attribute("html", "lang") == "en"
    assert tab.locator("h1").count() == 1 and tab.inner_text("h1").strip()
    assert tab.locator("main").count() == 1
    assert tab.evaluate("typeof ran") == "undefined"


def crawl(tab: Page, check: Callable[[Page, int], None]) -> Counter[str]:
    """Follow links from / on, and count the visits of each kind of page: at most MOST_VISITS.

    `check` is given each page, and how often its kind was visited before.
    """
    queue, links = ["/"], {"/"}
    visits: Counter[str] = Counter()
    while queue:
        address = queue.pop(0)
        kind = kind_of(urlsplit(address).path)
        if visits[kind] == MOST_VISITS:
            continue
        answer = tab.goto(address)
        assert answer and answer.status == 200, address
        check_page(tab)
        check(tab, visits[kind])
        visits[kind] += 1
        for href in tab.evaluate("[...document.querySelectorAll('a[href]')].map(link => link.getAttribute('href'))"):
            address = href.partition("#")[0]
            assert href.startswith(("/", "#")), href  # nothing leads away from the site
            if address and address not in links:
                links.add(address)
                if address in ("/openapi.json", "/health"):
                    assert tab.request.get(address).ok
                else:
                    queue.append(address)
    return visits


def submit(tab: Page, button: str) -> Response:
    """Press a button of the page, and wait for the page that it leads to."""
    with tab.expect_navigation() as navigation:
        tab.get_by_role("button", name=button, exact=True).click()
    answer = navigation.value
    assert answer
    check_page(tab)
    return answer


def hint(tab: Page, answer: Response, status: int, field: str, entry: str) -> str:
    """The hint in a form that was refused, beside the field that still holds the text that was typed."""
    assert answer.status == status
    assert tab.input_value(f"#{field}") == entry
    assert tab.get_attribute(f"#{field}", "aria-invalid") == "true"
    assert tab.get_attribute(f"#{field}", "aria-describedby") == f"{field}-hint"
    assert tab.get_by_role("alert").inner_text() == "Not yet: what you typed is still there."
    return tab.inner_text(f"#{field}-hint")


def path_of(tab: Page) -> str:
    """The path of the page that a tab shows."""
    return urlsplit(tab.url).path


def by_browser(site: topology.OneServer, tab: Page, handle: str, look: Callable[[Page], None]) -> None:
    """Post every form of the site, refused and taken, with what would be code if it were not text.

    `look` is given the pages that a crawler does not come to.
    """
    # sign up: a handle that cannot be, one that is taken, and one that is free
    tab.goto("/join")
    tab.fill("#handle", "X!")
    tab.fill("#name", HOSTILE_NAME)
    sentence = hint(tab, submit(tab, "Sign up"), 422, "handle", "X!")
    assert sentence == "Take 3 to 20 of the letters a to z, digits and _, and begin with a letter."
    assert tab.input_value("#name") == HOSTILE_NAME
    look(tab)
    tab.fill("#handle", tab.request.get("/users/4", headers={"Accept": "application/json"}).json()["user"]["handle"])
    other = tab.input_value("#handle")
    sentence = hint(tab, submit(tab, "Sign up"), 409, "handle", other)
    assert sentence == "Somebody has it already: take another."
    assert tab.input_value("#name") == HOSTILE_NAME
    tab.fill("#handle", handle)
    assert submit(tab, "Sign up").status == 200
    own = path_of(tab)
    assert kind_of(own) == "/users/{id}" and tab.inner_text("h1") == HOSTILE_NAME
    assert tab.locator(".session").get_by_role("link", name=HOSTILE_NAME, exact=True).get_attribute("href") == own
    look(tab)
    (cookie,) = tab.context.cookies()
    assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == ("session", True, "Lax", "/")

    # write: refused, then taken
    tab.goto("/write")
    tab.fill("#text", REVERSED)
    assert "in one line" in hint(tab, submit(tab, "Post it"), 422, "text", REVERSED)
    look(tab)
    tab.fill("#text", HOSTILE)
    assert submit(tab, "Post it").status == 200
    post = path_of(tab)
    assert kind_of(post) == "/posts/{id}" and tab.inner_text(".single .text") == HOSTILE
    assert tab.get_attribute("meta[name=description]", "content") == HOSTILE
    assert tab.title().startswith(f"{HOSTILE_NAME}, ")
    tab.goto("/")
    assert tab.locator(".post .text").first.inner_text() == HOSTILE
    assert tab.locator(".post .author").first.inner_text() == HOSTILE_NAME
    tab.fill("#text", "The second one")  # the home page has the form too
    assert submit(tab, "Post it").status == 200
    assert tab.inner_text(".single .text") == "The second one"

    # rename: refused, then taken, and on every page at once
    tab.goto(own)
    tab.fill("#name", REVERSED)
    assert "in one line" in hint(tab, submit(tab, "Rename me"), 422, "name", REVERSED)
    look(tab)
    tab.fill("#name", "W" * 60)
    assert submit(tab, "Rename me").status == 200
    assert path_of(tab) == own and tab.inner_text("h1") == "W" * 60
    for path in ("/", post, own):
        tab.goto(path)
        assert "W" * 60 in tab.inner_text("main") and HOSTILE_NAME not in tab.inner_text("main")
        for width in (1280, 390):
            tab.set_viewport_size({"width": width, "height": 800})
            assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)
    look(tab)

    # follow and unfollow, like and unlike, each back where it was
    for path, on, off, one_more in (
        ("/users/4", "Follow", "Do not follow any longer", lambda: tab.inner_text(".counts li:nth-child(2)")),
        (post, "Like", "Take the like back", lambda: tab.inner_text(".single .likes")),
    ):
        tab.goto(path)
        before = one_more()
        assert submit(tab, on).status == 200
        assert path_of(tab) == path and number_in(one_more()) == number_in(before) + 1
        look(tab)
        assert submit(tab, off).status == 200
        assert path_of(tab) == path and one_more() == before

    # sign out: the token is worth nothing, and forms are refused
    token = tab.context.cookies()[0]["value"]
    tab.goto("/write")
    tab.fill("#text", "Too late")
    assert tab.request.post("/sign-out", max_redirects=0).status == 303  # in another tab of the same browser
    assert submit(tab, "Post it").status == 401
    look(tab)
    tab.context.add_cookies([{"name": "session", "value": token, "url": site.url("", host=site.address)}])
    tab.goto("/")
    assert tab.locator(".session").inner_text() == "Sign up"

    # and by its button
    tab.goto("/join")
    tab.fill("#handle", f"{handle}_2")
    tab.fill("#name", "Second")
    assert submit(tab, "Sign up").status == 200
    assert submit(tab, "Sign out").status == 200
    assert path_of(tab) == "/" and tab.context.cookies() == []
    assert tab.locator(".session").inner_text() == "Sign up"


def number_in(text: str) -> int:
    """The number in a sentence such as "1,060 likes"."""
    return int(re.sub(r"\D", "", text))


def by_phone(site: topology.OneServer, phone: Phone, handle: str) -> None:
    """Read every page and ask for every change by the mobile client, each undone, and be refused where one must be."""
    examples = {"id": "4", "month": "2025-03"}
    paths = [page.path.format(**examples) for page in PAGES if page.gives]
    states = {path: phone.read(path) for path in paths}
    assert len(states) == len(PAGES) - 2  # two are forms alone
    assert phone.revalidated == 0
    assert {path: phone.read(path) for path in paths} == states
    assert phone.revalidated == len(paths)
    assert phone.read("/people?page=2")["page"] == 2
    for path in ("/join", "/write"):
        is_refused(lambda path=path: phone.read(path), 406, f"{path} is there as text/html, which the field Accept")

    # without a session
    session = "This takes a session. Sign up to get one"
    for change in (lambda: phone.post("a"), lambda: phone.follow(4), lambda: phone.like(4), lambda: phone.unlike(4)):
        is_refused(change, 401, session)
    with pytest.raises(ValueError, match="Sign up first"):
        phone.rename("Nobody")

    # sign up
    error = is_refused(lambda: phone.sign_up("X!", ""), 422, "handle: Take 3 to 20 of the letters")
    assert set(error.errors) == {"handle", "name"}
    other = states["/users/4"]["user"]["handle"]
    error = is_refused(lambda: phone.sign_up(other, "Phone"), 409, f"The handle {other} is taken.")
    assert error.errors == {"handle": "Somebody has it already: take another."}
    user = phone.sign_up(handle, HOSTILE_NAME)
    assert (user["handle"], user["name"]) == (handle, HOSTILE_NAME)
    own = f"/users/{phone.user_id}"
    assert user["id"] == phone.user_id and phone.read(own)["user"] == user

    # write
    is_refused(lambda: phone.post(REVERSED), 422, "text: Write it in one line")
    is_refused(lambda: phone.post("x" * 281), 422, "text: It has more than 280 characters: make it shorter.")
    post = phone.post(HOSTILE)
    assert (post["text"], post["author_id"], post["likes"]) == (HOSTILE, phone.user_id, 0)
    assert phone.read(f"/posts/{post['id']}")["post"] == post
    assert phone.read("/")["posts"][0] == post

    # rename
    assert phone.rename("Second")["name"] == "Second"
    assert phone.read(own)["user"]["name"] == phone.read("/")["posts"][0]["author_name"] == "Second"
    is_refused(lambda: phone.rename(" "), 422, "name: Write it in one line")

    # follow and like: done twice is done once, and undone twice undone
    before = phone.read("/users/4")
    assert before["you_follow"] is False and phone.read("/users/4") == before
    for _ in range(2):
        phone.follow(4)
        after = phone.read("/users/4")
        assert after["you_follow"] is True
        assert after["counts"]["followers"] == before["counts"]["followers"] + 1
    for _ in range(2):
        phone.unfollow(4)
        assert phone.read("/users/4") == before
    for _ in range(2):
        phone.like(post["id"])
        after = phone.read(f"/posts/{post['id']}")
        assert after["you_like"] is True and after["post"]["likes"] == 1
    for _ in range(2):
        phone.unlike(post["id"])
        after = phone.read(f"/posts/{post['id']}")
        assert after["you_like"] is False and after["post"]["likes"] == 0
    own_id = phone.user_id
    assert own_id
    is_refused(lambda: phone.follow(own_id), 403, "Nobody follows themselves.")
    is_refused(lambda: phone.follow(999_999), 404, "There is no user 999999.")
    is_refused(lambda: phone.like(999_999), 404, "There is no post 999999.")
    is_refused(lambda: phone.read("/users/0"), 404, "There is nothing at /users/0.")
    is_refused(lambda: phone.read("/nothing"), 404, "There is nothing at /nothing.")

    # sign out, and read on as anybody
    phone.sign_out()
    is_refused(lambda: phone.post("a"), 401, session)
    assert phone.read("/users/4")["you_follow"] is None


def is_refused(change: Callable[[], object], status: int, sentence: str) -> RefusedError:
    """The refusal, which has this status and says the sentence, or what it begins with."""
    with pytest.raises(RefusedError) as refusal:
        change()
    assert refusal.value.status == status
    assert refusal.value.detail.startswith(sentence), refusal.value.detail
    return refusal.value


def sign_up(tab: Page, handle: str) -> str:
    """Sign a tab's user up by hand; return the address of the own page."""
    tab.goto("/join")
    tab.fill("#handle", handle)
    tab.fill("#name", "Crawler")
    tab.get_by_role("button", name="Sign up").click()
    tab.wait_for_url("**/users/*")
    return tab.url
