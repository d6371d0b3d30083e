"""From which page a change may be asked for: a table of what browsers say."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.requests import Request

from mysite.web.problems import Problem
from mysite.web.same_site import host_of, require_same_site

HOST = "api.mysite.com:8000"
OWN = f"http://{HOST}"
OTHER = "https://evil.example"


def is_refused(**fields: str) -> bool:
    """Whether a request with these fields beside Host is refused; an underscore stands for a hyphen."""
    headers = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in fields.items()]
    request = Request({"type": "http", "method": "POST", "path": "/", "headers": [(b"host", HOST.encode()), *headers]})
    try:
        require_same_site(request)
    except Problem as problem:
        assert (problem.status, problem.form, problem.errors) == (403, None, ())
        assert problem.detail == "A page of another site has asked for this change. Open this site and ask here."
        return True
    return False


@pytest.mark.parametrize(
    ("fetched_from", "refused"),
    [
        ("same-origin", False),
        ("none", False),
        ("same-site", True),  # another port of this machine is of the same site, and not ours
        ("cross-site", True),
        ("", True),
        ("Same-Origin", True),
        ("unknown", True),
        ("same-origin, none", True),
    ],
)
def test_what_sec_fetch_site_says_decides(fetched_from: str, refused: bool) -> None:
    assert is_refused(sec_fetch_site=fetched_from) is refused
    for origin in (OWN, OTHER, "null", "http://["):
        assert is_refused(sec_fetch_site=fetched_from, origin=origin) is refused


@pytest.mark.parametrize(
    ("origin", "refused"),
    [
        (OWN, False),
        ("https://api.mysite.com:8000", False),  # a proxy's, which speaks TLS for us
        (OTHER, True),
        ("null", True),
        ("", True),
        ("http://api.mysite.com", True),
        ("http://api.mysite.com:8001", True),
        ("http://www.mysite.com:8000", True),
        ("http://api.mysite.com:8000.evil.example", True),
        ("http://evil.example/api.mysite.com:8000", True),
        ("http://evil.example?http://api.mysite.com:8000", True),
        ("http://user@api.mysite.com:8000", True),
        ("api.mysite.com:8000", True),
        ("http://[", True),
        ("http://[::1", True),
        ("http://]", True),
        ("\xff", True),
        (f"{OWN}, {OTHER}", True),
    ],
)
def test_without_it_the_origin_decides(origin: str, refused: bool) -> None:
    assert is_refused(origin=origin) is refused


def test_a_program_sends_neither() -> None:
    assert not is_refused()


AROUND = st.text("/?#@:.[]-a0\xff", max_size=4)


@given(AROUND, AROUND)
@example("", "")
def test_no_host_but_the_own_one_will_do(before: str, after: str) -> None:
    assert is_refused(origin=f"http://{before}{HOST}{after}") is not (not before and after[:1] in ("", *"/?#"))


def test_the_host_of_an_origin() -> None:
    assert host_of("http://localhost:1") == "localhost:1"
    assert [host_of(origin) for origin in ("null", "", "http://", "http://[", "http://[1.2.3.4]")] == [None] * 5
