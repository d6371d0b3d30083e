"""What of HTTP/1.1 the web server takes: h11 reads it, and this module adds limits and rules that h11 leaves open.

h11 limits a head only while it is incomplete: one that comes whole, in one piece, may have any size. It takes lengths
that contradict each other in two fields, every version and every form of target (RFC 9112, sections 3.2 and 6.1).
"""

import re
from http import HTTPStatus

import h11

from mysite.web.statuses import phrase

HEAD_BYTES = 16 * 1024
LINE_BYTES = 8 * 1024  # RFC 9112, section 3, asks for 8,000 at least
FIELDS = 100
LINE_END = b"\r\n"
ABSOLUTE = re.compile(rb"(?P<scheme>[a-zA-Z][a-zA-Z0-9+.-]*)://(?P<authority>[^/?]*)(?P<rest>.*)")


class Refusal(Exception):
    """A request that is answered with this status and sentence, and ends its connection."""

    def __init__(self, status: HTTPStatus, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


class Reader(h11.Connection):
    """The server's side of one connection. `heads` is the number of heads read, `method` that of the last one."""

    def __init__(self) -> None:
        super().__init__(h11.SERVER, HEAD_BYTES)
        self.heads = 0
        self.method = b""

    @property
    def has_begun(self) -> bool:
        """Whether bytes have come that belong to no event yet."""
        return self.trailing_data[0] != b""

    def is_between_requests(self, data: bytes) -> bool:
        """Whether bytes that come are empty lines before a request, which say nothing (RFC 9112, section 2.2)."""
        return self.their_state is h11.IDLE and not self.has_begun and not data.strip(LINE_END)

    def next_event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        """h11's next event, with the target in origin form and the host in Host. Refusal, not RemoteProtocolError."""
        unread = self._after_empty_lines() if self.their_state is h11.IDLE else b""
        try:
            event = super().next_event()
        except h11.RemoteProtocolError as error:
            if error.error_status_hint == HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE:
                raise _too_large(unread) from None
            raise _malformed(error) from None
        if not isinstance(event, h11.Request):
            return event
        self.heads += 1
        self.method = event.method
        if len(unread) - len(self.trailing_data[0]) > HEAD_BYTES or _line_is_too_long(unread):
            raise _too_large(unread)
        _check(event)
        return _with_target_in_origin_form(event)

    def _after_empty_lines(self) -> bytes:
        """What has come of a request, without the empty lines before it: h11 takes one for a malformed request."""
        unread = self.trailing_data[0]
        request = unread.lstrip(LINE_END)
        if len(request) < len(unread):
            self._receive_buffer.maybe_extract_at_most(len(unread) - len(request))
        return request

    def send_with_data_passthrough(self, event: h11.Event) -> list[bytes] | None:
        """The bytes that h11 makes of an event; a response before its request is whole closes the connection."""
        if isinstance(event, h11.Response):
            event = h11.Response(
                status_code=event.status_code, headers=event.headers.raw_items(),
                reason=phrase(event.status_code).encode(),
            )  # fmt: skip
        # What would follow is the rest of a body that nobody reads, as long as its sender likes.
        if isinstance(event, h11.Response) and self.their_state is h11.SEND_BODY:
            fields = [*event.headers.raw_items(), (b"connection", b"close")]
            event = h11.Response(status_code=event.status_code, headers=fields, reason=event.reason)
        return super().send_with_data_passthrough(event)


def _line_is_too_long(head: bytes) -> bool:
    return len(head.partition(b"\n")[0].removesuffix(b"\r")) > LINE_BYTES


def _too_large(head: bytes) -> Refusal:
    """The refusal where too much came without an end: the target (RFC 9112, section 3), the fields (RFC 6585, 5).

    What is no part of a head, as the first line of a chunk, has no status of its own: it is malformed.
    """
    if not head:
        return Refusal(HTTPStatus.BAD_REQUEST, f"A line within a body has at most {HEAD_BYTES} bytes.")
    if _line_is_too_long(head):
        return Refusal(HTTPStatus.REQUEST_URI_TOO_LONG, f"The first line of a request has at most {LINE_BYTES} bytes.")
    return Refusal(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, f"The head of a request has at most {HEAD_BYTES} bytes.")


def _malformed(error: h11.RemoteProtocolError) -> Refusal:
    # h11 shows the bytes after its words; they are not sent back
    reason = str(error).partition(": bytearray(")[0]
    return Refusal(HTTPStatus(error.error_status_hint), f"The server does not understand this request: {reason}.")


def _check(request: h11.Request) -> None:
    """Raise Refusal for what h11 lets through."""
    if len(request.headers) > FIELDS:
        raise Refusal(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, f"A request has at most {FIELDS} header fields.")
    if not request.http_version.startswith(b"1."):
        raise Refusal(HTTPStatus.HTTP_VERSION_NOT_SUPPORTED, "This server speaks HTTP/1.1.")
    if {b"content-length", b"transfer-encoding"} <= {name for name, _ in request.headers}:
        # a proxy in front may believe the other one of the two: so a request is smuggled (RFC 9112, section 11.2)
        raise Refusal(HTTPStatus.BAD_REQUEST, "A request has Content-Length or Transfer-Encoding, not both.")
    if request.method == b"CONNECT":
        raise Refusal(HTTPStatus.NOT_IMPLEMENTED, "This server is no proxy: it does not take CONNECT.")


def _with_target_in_origin_form(request: h11.Request) -> h11.Request:
    """The same request with a target that begins with / (RFC 9112, section 3.2).

    What OPTIONS asks of the server as a whole, with *, is asked of its home page.
    """
    target = request.target
    if target.startswith(b"/"):
        return request
    fields = request.headers.raw_items()
    absolute = ABSOLUTE.fullmatch(target)
    if absolute:
        if absolute["scheme"].lower() != b"http":
            raise Refusal(HTTPStatus.MISDIRECTED_REQUEST, "This server answers for addresses that begin with http://.")
        # the host of the target holds, whatever Host says
        fields = [(name, value) for name, value in fields if name.lower() != b"host"]
        fields.append((b"Host", absolute["authority"]))
        target = absolute["rest"] if absolute["rest"].startswith(b"/") else b"/" + absolute["rest"]
    elif target == b"*" and request.method == b"OPTIONS":
        target = b"/"
    else:
        raise Refusal(HTTPStatus.BAD_REQUEST, "The target of a request begins with /, as in: GET /people HTTP/1.1.")
    return h11.Request(method=request.method, target=target, headers=fields, http_version=request.http_version)
