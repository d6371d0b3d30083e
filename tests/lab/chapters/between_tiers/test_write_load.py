"""Writers of posts: what they take for an acknowledgement."""

import socket
import threading

import httpx
import pytest

from lab.chapters.between_tiers.write_load import Writes
from tests.mysite.watching import wait_until

HEAD = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n"


@pytest.mark.parametrize(
    ("response", "outcome"),
    [
        (HEAD + b'{"id": 7}', "201"),
        (HEAD + b'{"id": 7', "RemoteProtocolError"),
        (HEAD[:20], "RemoteProtocolError"),
        (b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n", "503"),
        (b"", "RemoteProtocolError"),
    ],
)
def test_only_a_whole_201_is_an_acknowledgement(response, outcome):
    """And a write is in flight as long as it is not answered."""
    writes = Writes()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer():
            connection, _ = listening.accept()
            with connection:
                wait_until(lambda: writes.in_flight == {"a text"})
                connection.recv(65536)
                connection.sendall(response)

        thread = threading.Thread(target=answer)
        thread.start()
        address, port = listening.getsockname()
        client = httpx.Client(base_url=f"http://{address}:{port}", trust_env=False)
        with client:
            assert writes.write(client, "a text") == outcome
        thread.join()
    assert writes.acknowledged == ([(7, "a text")] if outcome == "201" else [])
    assert (writes.in_flight, writes.attempts, dict(writes.answers)) == (set(), {"a text"}, {outcome: 1})
    assert (writes.newest_s > 0) is (outcome == "201")
