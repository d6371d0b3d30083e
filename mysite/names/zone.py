"""The zone mysite.com as a master file (RFC 1035, section 5), which a person and a name server can read."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import dns.exception
import dns.name
import dns.rdata
import dns.rdataset
import dns.rdatatype
import dns.zone

ORIGIN = "mysite.com."
NAMES = ("mysite.com", "ns.mysite.com", "api.mysite.com", "www.mysite.com")
DEFAULT_TTL_S = 300
GREATEST_TTL_S = 2**31 - 1  # RFC 2181, section 8
# serial, then seconds: a secondary's refresh, retry and expiry, and how long "no such name" may be kept
FIRST_SOA = "ns hostmaster 1 3600 600 86400 60"


@dataclass(frozen=True)
class Zone:
    """The zone in the file `path`. Each change counts the serial up and replaces the file in one step."""

    path: Path

    def text(self) -> str:
        return self.path.read_text("ascii")

    def set_address(self, name: str, address: str) -> None:
        """Give `name` this IPv4 address in place of those it had; its TTL stays, a new name gets 300 s.

        ValueError if the name is not in mysite.com or the address is none.
        """
        records = read(self.path)
        relative = _relative(name)
        try:
            new = dns.rdata.from_text("IN", "A", address)
        except dns.exception.SyntaxError:
            raise ValueError(f"{address!r} is not an IPv4 address: write it as 127.0.0.1") from None
        old = records.get_rdataset(relative, "A")
        ttl_s = old.ttl if old else DEFAULT_TTL_S
        records.replace_rdataset(relative, dns.rdataset.from_rdata(ttl_s, new))
        _write(self.path, records)

    def set_ttl(self, name: str, ttl_s: int) -> None:
        """Let an answer with the addresses of `name` be kept for this many seconds.

        ValueError if the name has no address or the TTL is not a whole number from 0 to 2147483647.
        """
        if not (isinstance(ttl_s, int) and 0 <= ttl_s <= GREATEST_TTL_S):
            raise ValueError(f"the TTL {ttl_s!r} is not a whole number of seconds from 0 to {GREATEST_TTL_S}")
        records = read(self.path)
        addresses = records.get_rdataset(_relative(name), "A")
        if addresses is None:
            raise ValueError(f"{name} has no address whose TTL could be set: give it one with set_address")
        addresses.ttl = ttl_s
        _write(self.path, records)


def create(path: Path, address: str) -> Zone:
    """Write a new zone to `path`, in which every name has this IPv4 address for 300 seconds."""
    zone = Zone(path)
    records = dns.zone.from_text(f"@ {DEFAULT_TTL_S} IN SOA {FIRST_SOA}\n@ {DEFAULT_TTL_S} IN NS ns", ORIGIN)
    for name in NAMES:
        records.replace_rdataset(
            _relative(name), dns.rdataset.from_text("IN", "A", DEFAULT_TTL_S, address)
        )
    _replace(path, render(records))
    return zone


def read(path: Path) -> dns.zone.Zone:
    """The records of a master file for mysite.com.

    ValueError, with the line where it can be told, if it is none, or has records that our server does not
    know how to serve: it knows addresses (A), the zone's own NS and SOA, and no wildcard.
    """
    try:
        records = dns.zone.from_text(path.read_text("ascii"), ORIGIN, filename=path.name)
    except (dns.exception.DNSException, UnicodeDecodeError) as error:
        raise ValueError(f"{path} is not a zone file for {ORIGIN} {error}") from error
    try:
        _check(records)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    return records


def render(records: dns.zone.Zone) -> str:
    """The records as a master file, one a line, names in the order of the DNS with the zone's own first."""
    rows = [
        (str(name), str(ttl_s), dns.rdatatype.to_text(rdata.rdtype), rdata.to_text())
        for name, ttl_s, rdata in sorted(records.iterate_rdatas(), key=_order)
    ]
    name_width = max(len(name) for name, _, _, _ in rows)
    ttl_width = max(len(ttl_s) for _, ttl_s, _, _ in rows)
    lines = [
        f"{name:{name_width}}  {ttl_s:>{ttl_width}} IN {kind:3} {data}\n" for name, ttl_s, kind, data in rows
    ]
    return f"$ORIGIN {ORIGIN}\n$TTL {DEFAULT_TTL_S}\n" + "".join(lines)


def _order(row: tuple[dns.name.Name, int, dns.rdata.Rdata]) -> tuple[dns.name.Name, int, dns.rdata.Rdata]:
    """The key by which rows are sorted: by name, and at the zone's own name SOA, NS, A, as zone files are read."""
    name, _, rdata = row
    return name, -rdata.rdtype, rdata


def _check(records: dns.zone.Zone) -> None:
    """ValueError for a record that our server does not know how to serve."""
    for name, rdataset in records.iterate_rdatasets():
        kind = dns.rdatatype.to_text(rdataset.rdtype)
        kinds = ("A", "NS", "SOA") if name == dns.name.empty else ("A",)
        if name.is_wild() or kind not in kinds:
            raise ValueError(f"{name} {kind} is a record that this server does not know how to serve")


def _relative(name: str) -> dns.name.Name:
    """`api.mysite.com` as `api`. ValueError if the name is not in the zone."""
    origin = dns.name.from_text(ORIGIN)
    try:
        absolute = dns.name.from_text(name)
    except dns.exception.DNSException as error:
        raise ValueError(f"{name!r} is not a name: {error}") from error
    if not absolute.is_subdomain(origin):
        raise ValueError(f"{name} is not in {ORIGIN} Give the whole name, as api.mysite.com")
    return absolute.relativize(origin)


def _write(path: Path, records: dns.zone.Zone) -> None:
    with records.writer() as transaction:
        transaction.update_serial()
    _check(records)
    _replace(path, render(records))


def _replace(path: Path, text: str) -> None:
    """Replace the file in one step: a server which reads meanwhile sees the old zone or the new one, never half."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as new:
        new.write(text)
    Path(new.name).replace(path)
