"""The mobile client does all that there is to do, over one connection, and asks no resolver but ours."""

import socket
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from lab.instruments.counting import system_name_lookups
from mysite import topology
from mysite.phone import Phone
from tests.mysite.whole_use import by_phone, is_refused


@pytest.fixture(scope="module")
def site() -> Iterator[topology.OneServer]:
    with topology.one_server() as running:
        yield running


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """The addresses to which connections are opened, in the order of time."""
    addresses: list[tuple[str, int]] = []
    connect = socket.create_connection

    def connect_and_note(address: tuple[str, int], *others: Any, **options: Any) -> socket.socket:
        addresses.append(address)
        return connect(address, *others, **options)

    monkeypatch.setattr(socket, "create_connection", connect_and_note)
    return addresses


def test_its_whole_use(site: topology.OneServer, connections: list[tuple[str, int]]) -> None:
    resolver = site.resolver()
    with system_name_lookups() as lookups, Phone(resolver, site.port) as phone:
        by_phone(site, phone, "whole_use")
        assert lookups.names == []
    # Two posts are refused for want of a session, before the server has asked for their bodies. Where a body has not
    # come by then the server closes the connection, which is its right.
    assert set(connections) == {(site.address, site.port)} and len(connections) <= 1 + 2
    assert (site.web.directory / "server.log").read_text() == ""


def test_one_connection(site: topology.OneServer, connections: list[tuple[str, int]]) -> None:
    with Phone(site.resolver(), site.port) as phone:
        phone.sign_up("one_connection", "One")
        for number in range(20):
            phone.like(phone.post(f"Post {number}")["id"])
            phone.read("/")
        is_refused(lambda: phone.follow(999_999), 404, "There is no user")
        phone.sign_out()
    assert connections == [(site.address, site.port)]


def test_what_was_kept_for_one_session_is_not_shown_to_another(site: topology.OneServer) -> None:
    with Phone(site.resolver(), site.port) as phone:
        about = phone.read("/about")
        assert phone.read("/users/5")["you_follow"] is None
        phone.sign_up("not_kept", "Not kept")
        assert phone.read("/about")["product"] == about["product"]
        assert phone.read("/users/5")["you_follow"] is False
        phone.follow(5)
        assert phone.read("/users/5")["you_follow"] is True
        phone.sign_out()
        assert phone.read("/users/5")["you_follow"] is None
        assert phone.read("/about")["product"] == about["product"]
        assert phone.revalidated == 0  # it did not even ask whether what it had still holds


def test_a_host_without_an_address() -> None:
    nowhere: Any = SimpleNamespace(resolve=lambda host: SimpleNamespace(addresses=()))
    with pytest.raises(ValueError, match=r"^api\.mysite\.com exists and has no address$"):
        Phone(nowhere, 80)


def test_what_speaks_no_json_is_refused_in_its_own_words(site: topology.OneServer) -> None:
    """Before the application is asked the server speaks plain text."""
    with Phone(site.resolver(), site.port) as phone:
        is_refused(lambda: phone.read("/" + "a" * 20_000), 414, "The first line of a request has at most")
