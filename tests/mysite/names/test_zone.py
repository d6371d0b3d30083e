import re
from pathlib import Path

import dns.zone
import pytest

from mysite.names import zone

FIRST = """\
$ORIGIN mysite.com.
$TTL 300
@    300 IN SOA ns hostmaster 1 3600 600 86400 60
@    300 IN NS  ns
@    300 IN A   127.0.0.1
api  300 IN A   127.0.0.1
ns   300 IN A   127.0.0.1
www  300 IN A   127.0.0.1
"""


def exactly(complaint: str) -> str:
    return f"^{re.escape(complaint)}$"


@pytest.fixture
def new_zone(tmp_path: Path) -> zone.Zone:
    return zone.create(tmp_path / "mysite.com.zone", "127.0.0.1")


def test_a_new_zone(new_zone: zone.Zone) -> None:
    assert new_zone.text() == FIRST
    assert {new_zone: "hashable, since it does not change"}[zone.Zone(new_zone.path)]


def test_it_is_a_master_file_that_another_reader_reads_alike(new_zone: zone.Zone) -> None:
    from dnslib import RR

    theirs = {(str(record.rname), record.ttl, str(record.rdata)) for record in RR.fromZone(new_zone.text())}
    ours = {
        (name.to_text(), ttl_s, rdata.to_text())
        for name, ttl_s, rdata in dns.zone.from_text(new_zone.text(), relativize=False).iterate_rdatas()
    }
    assert theirs == ours
    assert len(ours) == 6


def test_an_address_is_replaced_and_the_serial_counted_up(new_zone: zone.Zone) -> None:
    new_zone.set_ttl("api.mysite.com", 60)
    new_zone.set_address("API.mysite.com.", "127.0.0.2")
    assert new_zone.text() == FIRST.replace("hostmaster 1", "hostmaster 3").replace(
        "api  300 IN A   127.0.0.1", "api   60 IN A   127.0.0.2"
    )


def test_a_new_name_and_the_zones_own(new_zone: zone.Zone) -> None:
    new_zone.set_address("shop.mysite.com", "10.0.0.1")
    new_zone.set_address("mysite.com", "10.0.0.2")
    lines = new_zone.text().splitlines()
    assert "shop  300 IN A   10.0.0.1" in lines
    assert "@     300 IN A   10.0.0.2" in lines
    assert "@     300 IN A   127.0.0.1" not in lines


def test_the_ttl_may_be_nothing_or_the_greatest(new_zone: zone.Zone) -> None:
    new_zone.set_ttl("www.mysite.com", 0)
    assert "www    0 IN A   127.0.0.1" in new_zone.text()
    new_zone.set_ttl("www.mysite.com", 2147483647)
    assert "www  2147483647 IN A   127.0.0.1" in new_zone.text()


def test_the_file_is_replaced_in_one_step_and_nothing_is_left_beside_it(new_zone: zone.Zone) -> None:
    with new_zone.path.open() as open_before:
        new_zone.set_address("api.mysite.com", "127.0.0.2")
        assert open_before.read() == FIRST
    assert [path.name for path in new_zone.path.parent.iterdir()] == ["mysite.com.zone"]


@pytest.mark.parametrize(
    ("name", "address", "complaint"),
    [
        ("api", "1.2.3.4", "api is not in mysite.com. Give the whole name, as api.mysite.com"),
        ("api.a.b", "1.2.3.4", "api.a.b is not in mysite.com. Give the whole name, as api.mysite.com"),
        ("api..mysite.com", "1.2.3.4", "'api..mysite.com' is not a name: A DNS label is empty."),
        ("*.mysite.com", "1.2.3.4", "* A is a record that this server does not know how to serve"),
        ("api.mysite.com", "1.2.3", "'1.2.3' is not an IPv4 address: write it as 127.0.0.1"),
        ("api.mysite.com", "::1", "'::1' is not an IPv4 address: write it as 127.0.0.1"),
    ],
)
def test_what_cannot_be_an_address(new_zone: zone.Zone, name: str, address: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=exactly(complaint)):
        new_zone.set_address(name, address)
    assert new_zone.text() == FIRST


@pytest.mark.parametrize("ttl_s", [-1, 2147483648, 1.5])
def test_what_cannot_be_a_ttl(new_zone: zone.Zone, ttl_s: int) -> None:
    complaint = f"the TTL {ttl_s} is not a whole number of seconds from 0 to 2147483647"
    with pytest.raises(ValueError, match=exactly(complaint)):
        new_zone.set_ttl("api.mysite.com", ttl_s)
    assert new_zone.text() == FIRST


def test_the_ttl_of_a_name_that_is_not_there(new_zone: zone.Zone) -> None:
    complaint = "shop.mysite.com has no address whose TTL could be set: give it one with set_address"
    with pytest.raises(ValueError, match=exactly(complaint)):
        new_zone.set_ttl("shop.mysite.com", 60)


UNKNOWN = "is a record that this server does not know how to serve"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", " is not a zone file for mysite.com. The DNS zone has no SOA RR at its origin."),
        (
            FIRST + "api IN A 1.2.3\n",
            " is not a zone file for mysite.com. mysite.com.zone:10: Text input is malformed.",
        ),
        (
            FIRST + "\u00e9 IN A 1.2.3.4\n",
            f" is not a zone file for mysite.com. 'ascii' codec can't decode byte 0xc3 in position {len(FIRST)}:"
            " ordinal not in range(128)",
        ),
        (FIRST + "shop IN CNAME www\n", f": shop CNAME {UNKNOWN}"),
        (FIRST + "shop IN NS ns\n", f": shop NS {UNKNOWN}"),
        (FIRST + "@ IN TXT hello\n", f": @ TXT {UNKNOWN}"),
        (FIRST + "*.shop IN A 1.2.3.4\n", f": *.shop A {UNKNOWN}"),
    ],
)
def test_a_file_that_cannot_be_served(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "mysite.com.zone"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=exactly(f"{path}{complaint}")):
        zone.read(path)


def test_a_file_by_hand_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mysite.com.zone"
    path.write_text(
        "; by hand\n$TTL 60\n@ SOA ns hostmaster ( 7 3600 600 ; comment\n 86400 60 )\n NS ns\n"
        "api.mysite.com. 5 A 10.0.0.2\n    5 A 10.0.0.1\nelsewhere.example. A 10.0.0.3\n"
    )
    assert zone.render(zone.read(path)) == (
        "$ORIGIN mysite.com.\n$TTL 300\n@    60 IN SOA ns hostmaster 7 3600 600 86400 60\n"
        "@    60 IN NS  ns\napi   5 IN A   10.0.0.1\napi   5 IN A   10.0.0.2\n"
    )
