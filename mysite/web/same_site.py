"""A change is asked for by the site's own pages or by a program, never by another site's page in a reader's browser.

A browser sends the cookie of a session along, whoever wrote the form. It also says whose form it was, in
Sec-Fetch-Site (W3C, Fetch Metadata Request Headers) and in Origin (RFC 6454, section 7); programs send neither.
SameSite=Lax on the cookie is the second lock on the same door.
"""

from urllib.parse import urlsplit

from starlette.requests import Request

from mysite.web.problems import Problem

OWN = ("same-origin", "none")  # none: the reader's own doing, by no page


def require_same_site(request: Request) -> None:
    """Raise Problem 403 for a change that another site's page asks for."""
    fetched_from = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if fetched_from is not None:
        is_own = fetched_from in OWN
    else:
        is_own = origin is None or host_of(origin) == request.headers.get("host")
    if not is_own:
        raise Problem(403, "A page of another site has asked for this change. Open this site and ask here.")


def host_of(origin: str) -> str | None:
    """The host and port of an origin, as Host has them; None for what is no address."""
    try:
        return urlsplit(origin).netloc or None
    except ValueError:  # such as http://[
        return None
