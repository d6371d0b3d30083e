"""Where Host is checked: the site answers for its own names, and for no others (RFC 9110, sections 7.2 and 15.5.20).

A server that answers for any name can be used under a name that somebody else owns.
"""

import ipaddress
import os
import re

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

OWN_NAMES = ("api.mysite.com", "www.mysite.com", "localhost", "127.0.0.1")
VARIABLE = "MYSITE_HOSTS"
LAST_PORT = 65535
# a name or an IPv4 address, or an IPv6 address in brackets; then a port, which may be empty (RFC 3986, section 3.2)
HOST = re.compile(r"(?P<name>[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{0,5}))?")


def name_of(host: str) -> str | None:
    """The name in a Host field in small letters, without port and final dot; None if the field is malformed."""
    match = HOST.fullmatch(host.lower())
    if match is None or (match["port"] and int(match["port"]) > LAST_PORT):
        return None
    if match["name"].startswith("[") and not _is_ipv6(match["name"][1:-1]):
        return None
    return match["name"].removesuffix(".")


def _is_ipv6(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).version == 6
    except ValueError:
        return False


def allowed_names() -> tuple[str, ...]:
    """The site's own names, and those that the variable MYSITE_HOSTS adds, separated by commas.

    ValueError if one of them is no name. Ports are passed over: every port is ours.
    """
    others = [host.strip() for host in os.environ.get(VARIABLE, "").split(",")]
    names = list(OWN_NAMES)
    for host in filter(None, others):
        name = name_of(host)
        if name is None:
            raise ValueError(f"{VARIABLE} names {host!r}, which is not the name of a host")
        names.append(name)
    return tuple(names)


class HostCheck:
    """ASGI middleware: 400 for a request without one well-formed Host, 421 for a host that is not ours."""

    def __init__(self, app: ASGIApp, names: tuple[str, ...]) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        name = name_of(hosts[0]) if len(hosts) == 1 else None
        if name in self._names:
            await self._app(scope, receive, send)
        elif name is None:
            refusal = PlainTextResponse("A request names one host, as in: Host: api.mysite.com\n", 400)
            await refusal(scope, receive, send)
        else:
            sentence = f"This server answers for {', '.join(self._names)}, not for {name}.\n"
            await PlainTextResponse(sentence, 421)(scope, receive, send)
