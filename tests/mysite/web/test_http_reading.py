"""What of HTTP/1.1 is taken: a table of heads and bodies, the limits at their edges, and how they arrive."""

import h11
import pytest

from mysite.web.http_reading import FIELDS, HEAD_BYTES, LINE_BYTES, Reader, Refusal

HOST = b"Host: api.mysite.com\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"


def read(data: bytes, step: int | None = None) -> list[h11.Event]:
    """The events of these bytes, which come whole or `step` by `step`."""
    reader = Reader()
    events: list[h11.Event] = []
    for start in range(0, len(data), step or len(data)):
        reader.receive_data(data[start : start + (step or len(data))])
        while isinstance(event := reader.next_event(), h11.Event):
            events.append(event)
    return events


def refusal(data: bytes, step: int | None = None) -> tuple[int, str]:
    with pytest.raises(Refusal) as caught:
        read(data, step)
    return caught.value.status.value, caught.value.sentence


def get(*fields: bytes, line: bytes = b"GET /posts/1 HTTP/1.1") -> bytes:
    return line + b"\r\n" + HOST + b"".join(field + b"\r\n" for field in fields) + b"\r\n"


# what is refused, and with which status: the shapes in which one request is smuggled within another stand first
REFUSED = [
    (get(b"Content-Length: 1", b"Content-Length: 2"), 400),
    (get(b"Content-Length: 1, 2"), 400),
    (get(b"Content-Length: +1"), 400),
    (get(b"Content-Length: -1"), 400),
    (get(b"Content-Length: 0x1"), 400),
    (get(b"Content-Length: 1 1"), 400),
    (get(b"Content-Length:"), 400),
    (get(b"Content-Length: " + b"9" * 21), 400),
    (get(b"Content-Length: 5", b"Transfer-Encoding: chunked"), 400),
    (get(b"Transfer-Encoding: chunked", b"Content-Length: 5"), 400),
    (get(b"Content-Length: 5", b"Transfer-Encoding: chunked", line=b"GET / HTTP/1.0"), 400),
    (get(b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked"), 501),
    (get(b"Transfer-Encoding: gzip, chunked"), 501),
    (get(b"Transfer-Encoding: chunked, identity"), 501),
    (get(b"Transfer-Encoding: xchunked"), 501),
    (get(b"Transfer-Encoding: \x0bchunked"), 400),
    (get(b"Transfer-Encoding : chunked"), 400),
    (get(b"Accept : text/html"), 400),
    (b"GET / HTTP/1.1\r\n " + HOST + b"\r\n", 400),  # folded where there is nothing to fold
    (get(b": nameless"), 400),
    (get(b"no colon"), 400),
    (get(b"Accept: a\x00b"), 400),
    (get(b"Accept: a\rb"), 400),
    (get(b"Acc\xffept: a"), 400),
    (get(line=b"GET / HTTP/1.1\r\n" + HOST.rstrip()), 400),  # two hosts
    (b"GET / HTTP/1.1\r\n\r\n", 400),  # and none
    (get(line=b"GET /\x7f HTTP/1.1"), 400),
    (get(line=b"GET  / HTTP/1.1"), 400),
    (get(line=b"GET / HTTP/1.1 "), 400),
    (get(line=b"GET /a b HTTP/1.1"), 400),
    (get(line=b"GET /\xc3\xbc HTTP/1.1"), 400),
    (get(line=b"G\x00T / HTTP/1.1"), 400),
    (get(line=b"GET /"), 400),
    (get(line=b"GET / http/1.1"), 400),
    (get(line=b"GET / HTTP/11"), 400),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),  # TLS
    (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    (get(line=b"GET / HTTP/3.0"), 505),
    (get(line=b"GET / HTTP/0.9"), 505),
    (get(line=b"GET posts/1 HTTP/1.1"), 400),
    (get(line=b"GET * HTTP/1.1"), 400),
    (get(line=b"GET api.mysite.com:80 HTTP/1.1"), 400),
    (get(line=b"GET https://api.mysite.com/ HTTP/1.1"), 421),
    (get(line=b"GET ftp://api.mysite.com/ HTTP/1.1"), 421),
    (get(line=b"CONNECT api.mysite.com:443 HTTP/1.1"), 501),
    (get(CHUNKED.rstrip()) + b"x\r\n", 400),
    (get(CHUNKED.rstrip()) + b"-1\r\n", 400),
    (get(CHUNKED.rstrip()) + b"0x1\r\n", 400),
    (get(CHUNKED.rstrip()) + b"1;\nx\r\n", 400),
    (get(CHUNKED.rstrip()) + b"f" * 21 + b"\r\n", 400),
    (get(CHUNKED.rstrip()) + b"1\r\nabc", 400),
    (get(CHUNKED.rstrip()) + b"0\r\nno colon\r\n\r\n", 400),
    (get(CHUNKED.rstrip()) + b"1;" + b"x" * HEAD_BYTES, 400),
    (get(CHUNKED.rstrip()) + b"0\r\n" + b"x" * (HEAD_BYTES + 1), 400),
]


@pytest.mark.parametrize(("data", "status"), REFUSED)
def test_what_is_refused(data: bytes, status: int) -> None:
    value, sentence = refusal(data)
    assert value == status
    assert sentence.isascii()
    assert sentence.endswith(".")
    assert "bytearray" not in sentence
    assert refusal(data, step=1)[0] == status


@pytest.mark.parametrize(
    "data",
    [
        get(),
        get().replace(b"\r\n", b"\n"),  # RFC 9112, section 2.2: a line may end so
        get(b"Content-Length: 0", b"Content-Length: 0"),  # section 6.3: the same twice is one
        get(b"Content-Length: 0, 0"),
        get(b"Transfer-Encoding: Chunked") + b"0\r\n\r\n",
        get(b"Accept: \xff\x01"),
        get(line=b"GET /posts/1 HTTP/1.9"),
        b"GET /posts/1 HTTP/1.0\r\n\r\n",
    ],
)
@pytest.mark.parametrize("step", [None, 1])
def test_what_is_taken(data: bytes, step: int | None) -> None:
    request, end = read(data, step)
    assert isinstance(request, h11.Request)
    assert (request.method, request.target) == (b"GET", b"/posts/1")
    assert isinstance(end, h11.EndOfMessage)


def test_a_folded_line_is_a_space() -> None:
    request, _ = read(get(b" Accept: text/html"))
    assert isinstance(request, h11.Request)
    assert list(request.headers) == [(b"host", b"api.mysite.com Accept: text/html")]


@pytest.mark.parametrize(
    ("line", "target", "host"),
    [
        (b"GET http://www.mysite.com/a/b?c=/d HTTP/1.1", b"/a/b?c=/d", b"www.mysite.com"),
        (b"GET HTTP://www.mysite.com:81 HTTP/1.1", b"/", b"www.mysite.com:81"),
        (b"GET http://www.mysite.com?a=b HTTP/1.1", b"/?a=b", b"www.mysite.com"),
        (b"GET http://me@www.mysite.com/ HTTP/1.1", b"/", b"me@www.mysite.com"),
        (b"GET http:/// HTTP/1.1", b"/", b""),
        (b"OPTIONS * HTTP/1.1", b"/", b"api.mysite.com"),
        (b"GET //a HTTP/1.1", b"//a", b"api.mysite.com"),
        (b"GET /http://a/ HTTP/1.1", b"/http://a/", b"api.mysite.com"),
    ],
)
def test_the_forms_of_a_target(line: bytes, target: bytes, host: bytes) -> None:
    request, _ = read(get(b"Accept: */*", line=line))
    assert isinstance(request, h11.Request)
    assert request.target == target
    assert sorted(request.headers) == [(b"accept", b"*/*"), (b"host", host)]


def test_an_absolute_target_needs_no_host_in_http_1_0() -> None:
    request, _ = read(b"GET http://api.mysite.com/ HTTP/1.0\r\n\r\n")
    assert isinstance(request, h11.Request)
    assert (request.headers[0], request.http_version) == ((b"host", b"api.mysite.com"), b"1.0")


def head_of(size: int) -> bytes:
    empty = get(b"X: ")
    return get(b"X: " + b"x" * (size - len(empty)))


@pytest.mark.parametrize("step", [None, 1000])
def test_the_size_of_a_head(step: int | None) -> None:
    assert len(head_of(HEAD_BYTES)) == HEAD_BYTES
    assert len(read(head_of(HEAD_BYTES), step)) == 2
    sentence = "The head of a request has at most 16384 bytes."
    assert refusal(head_of(HEAD_BYTES + 1), step) == (431, sentence)
    assert refusal(head_of(10 * HEAD_BYTES), step) == (431, sentence)
    assert refusal(head_of(10 * HEAD_BYTES)[:-2], step) == (431, sentence)  # its end has not come


@pytest.mark.parametrize("step", [None, 1000])
def test_the_size_of_the_first_line(step: int | None) -> None:
    def with_line(size: int) -> bytes:
        return get(line=b"GET /%b HTTP/1.1" % (b"x" * (size - 14)))

    assert len(read(with_line(LINE_BYTES), step)) == 2
    sentence = "The first line of a request has at most 8192 bytes."
    assert refusal(with_line(LINE_BYTES + 1), step) == (414, sentence)
    assert refusal(with_line(3 * LINE_BYTES), step) == (414, sentence)
    assert refusal(b"GET /" + b"x" * 3 * LINE_BYTES, step) == (414, sentence)


def test_the_number_of_fields() -> None:
    assert len(read(get(*[b"A: b"] * (FIELDS - 1)))) == 2  # with Host
    assert refusal(get(*[b"A: b"] * FIELDS)) == (431, "A request has at most 100 header fields.")


def test_a_head_is_measured_alone() -> None:
    """Neither the body that comes with it nor the request that follows counts."""
    body = get(b"Content-Length: 100000") + b"x" * 100_000
    assert sum(len(event.data) for event in read(body) if isinstance(event, h11.Data)) == 100_000
    reader = Reader()
    reader.receive_data(head_of(HEAD_BYTES) * 2)
    assert isinstance(reader.next_event(), h11.Request)
    assert isinstance(reader.next_event(), h11.EndOfMessage)
    assert reader.next_event() is h11.PAUSED
    assert (reader.heads, reader.has_begun) == (1, True)


@pytest.mark.parametrize(("data", "closes"), [(b"x" * 4, True), (b"x" * 5, False)])
def test_a_response_before_the_end_of_the_body_closes(data: bytes, closes: bool) -> None:
    reader = Reader()
    reader.receive_data(get(b"Content-Length: 5") + data)
    while isinstance(reader.next_event(), h11.Event):
        pass
    response = reader.send(h11.Response(status_code=200, reason=b"OK", headers=[("content-length", "0")]))
    assert response.startswith(b"HTTP/1.1 200 OK\r\n")
    assert response.lower().count(b"connection: close\r\n") == closes
    reader.send(h11.EndOfMessage())
    assert reader.our_state is (h11.MUST_CLOSE if closes else h11.DONE)
