"""Sockets on loopback, as the web server takes them."""

import os
import socket

import pytest

from mysite.web import listening


def test_a_port_that_is_taken() -> None:
    with listening.bind(0) as first, listening.bind(0) as second:
        first.listen()
        assert first.getsockname()[0] == "127.0.0.1"
        assert first.getsockname() != second.getsockname()
        with pytest.raises(OSError, match="in use"):
            listening.bind(first.getsockname()[1])


def test_a_descriptor_that_does_not_listen_is_refused() -> None:
    with socket.socket() as idle, pytest.raises(OSError, match="does not listen"):
        listening.inherited(os.dup(idle.fileno()))


def test_one_that_listens_is_taken_as_it_is() -> None:
    with listening.bind(0) as first:
        first.listen()
        with listening.inherited(os.dup(first.fileno())) as again:
            assert again.getsockname() == first.getsockname()
