"""An authoritative DNS server (RFC 1035) for mysite.com on loopback, over UDP and TCP.

    python -m mysite.names.server --zone FILE [--port 0]

It prints one line of JSON when it listens, {"port": ..., "process_id": ...}, and reads the zone again when the
file has changed. It counts: a question of class CH, type TXT, for questions.mysite.com is answered with the
number of questions of class IN that it has answered.
"""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from pathlib import Path

from dnslib import (
    CLASS,
    EDNS0,
    OPCODE,
    QTYPE,
    RCODE,
    RR,
    TXT,
    DNSBuffer,
    DNSHeader,
    DNSLabel,
    DNSQuestion,
    DNSRecord,
)

from mysite.names import zone

ADDRESS = "127.0.0.1"
COUNT_NAME = DNSLabel("questions.mysite.com")
HEADER_BYTES = 12
PLAIN_UDP_BYTES = 512  # RFC 1035, section 4.2.1: more only to whoever says that it takes more
EDNS_UDP_BYTES = 1232  # passes nearly every network unbroken; more is not sent
# More is not taken, over TCP neither: 64 KiB made of labels and pointers would take 20 seconds to take apart.
QUESTION_BYTES = 1232
GREATEST_NAME_BYTES = 255  # RFC 1035, section 2.3.4
GREATEST_LABEL_BYTES = 63
POINTER = 0xC0  # the two highest bits of a pointer's first byte (RFC 1035, section 4.1.4)
IDLE_S = 10  # a TCP connection on which nothing is asked, or no reply is taken, is closed
BADVERS = 16  # an RCODE of more than four bits: the upper ones stand in the OPT record (RFC 6891, section 6.1.3)


class NameServer:
    """The zone as last read from `path`, and how many questions have been answered from it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._version = _version(path)
        self._records = _records(path)
        self._questions = 0

    def reply(self, message: bytes, over_tcp: bool = False) -> bytes | None:
        """The reply to a message, or None where there is nothing to reply to."""
        if len(message) < HEADER_BYTES or message[2] & 0x80:  # no header, or a reply itself
            return None
        header = DNSHeader(id=int.from_bytes(message[:2], "big"), bitmap=int.from_bytes(message[2:4], "big"))
        if header.opcode != OPCODE.QUERY:
            return _bare(header, RCODE.NOTIMP)
        if len(message) > QUESTION_BYTES:
            return _bare(header, RCODE.FORMERR)
        try:
            query = _parsed(message)
        except Exception:  # whatever the bytes are, the server goes on
            return _bare(header, RCODE.FORMERR)
        extensions = [record for record in query.ar if record.rtype == QTYPE.OPT]
        if len(query.questions) != 1 or not _are_one_at_most(extensions):
            return _bare(header, RCODE.FORMERR)

        reply = DNSRecord(DNSHeader(id=header.id, qr=1, ra=0, rd=header.rd), q=query.q)
        if any(extension.edns_ver > 0 for extension in extensions):
            reply.add_ar(EDNS0(udp_len=EDNS_UDP_BYTES, ext_rcode=BADVERS >> 4))
            return bytes(reply.pack())
        self._answer(reply, over_tcp)
        room = PLAIN_UDP_BYTES
        for extension in extensions:
            room = min(max(extension.rclass, PLAIN_UDP_BYTES), EDNS_UDP_BYTES)
            reply.add_ar(EDNS0(udp_len=EDNS_UDP_BYTES))
        if not over_tcp and len(reply.pack()) > room:
            reply.header.tc = 1
            reply.rr = []
        return bytes(reply.pack())

    def _answer(self, reply: DNSRecord, over_tcp: bool) -> None:
        """Fill in what is known about the question of `reply`."""
        name, kind = reply.q.qname, reply.q.qtype
        if reply.q.qclass == CLASS.CH and name == COUNT_NAME and kind == QTYPE.TXT:
            reply.header.aa = 1
            reply.add_answer(RR(name, QTYPE.TXT, CLASS.CH, ttl=0, rdata=TXT(str(self._questions))))
            return
        if reply.q.qclass == CLASS.IN:
            self._questions += 1
        transfer = kind in (QTYPE.AXFR, QTYPE.IXFR)
        if reply.q.qclass != CLASS.IN or transfer or not name.matchSuffix(zone.ORIGIN):
            reply.header.rcode = RCODE.REFUSED
            return

        self._read_if_changed()
        reply.header.aa = 1
        at_name = [record for record in self._records if record.rname == name]
        if kind == QTYPE.ANY and at_name and not over_tcp:
            # One kind of record is enough, the addresses where there are any (RFC 8482, section 4.1): UDP does not
            # show who asked, and the longest answers would be sent to whom somebody wants to flood.
            kind = at_name[-1].rtype
        answers = [record for record in at_name if kind in (record.rtype, QTYPE.ANY)]
        for record in answers:
            # the name as it was asked: its case comes back, and it is packed as a pointer to the question
            reply.add_answer(RR(name, record.rtype, ttl=record.ttl, rdata=record.rdata))
        if answers:
            return
        # a name with only others below it exists, though it has nothing (RFC 8020)
        if not any(record.rname.matchSuffix(name) for record in self._records):
            reply.header.rcode = RCODE.NXDOMAIN
        start_of_zone = self._records[0]
        # RFC 2308, section 3: how long the absence may be kept
        ttl_s = min(start_of_zone.ttl, start_of_zone.rdata.times[4])
        reply.add_auth(RR(start_of_zone.rname, QTYPE.SOA, ttl=ttl_s, rdata=start_of_zone.rdata))

    def _read_if_changed(self) -> None:
        """Read the zone again where it has changed. One with a mistake is reported once; the last good one is kept."""
        version = _version(self._path)
        if version == self._version:
            return
        self._version = version
        try:
            self._records = _records(self._path)
        except (ValueError, OSError) as error:
            print(f"still serving the last good zone: {error}", file=sys.stderr)


def _records(path: Path) -> list[RR]:
    """The records of a zone file, the SOA record first."""
    return list(RR.fromZone(zone.render(zone.read(path))))


def _version(path: Path) -> tuple[int, int] | None:
    """The file's number and moment of writing, which differ when it is replaced or written to; None: there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns


class _Names(DNSBuffer):
    """dnslib's buffer, but a label may have any bytes (RFC 2181, section 11): dnslib itself asks for UTF-8."""

    offset: int

    def decode_name(self, last: int = -1) -> DNSLabel:
        """The name at the offset. BufferError for one that is none, or whose pointers do not lead back."""
        labels: list[bytes] = []
        start, end, whole = self.offset, 0, 1
        while length := self.unpack("!B")[0]:
            if length >= POINTER:
                target = (length ^ POINTER) << 8 | self.unpack("!B")[0]
                end = end or self.offset  # what comes next in the message stands behind the first pointer
                if target >= start:
                    raise BufferError(f"a pointer leads to byte {target}, not back")
                self.offset = start = target
                continue
            whole += 1 + length
            if length > GREATEST_LABEL_BYTES or whole > GREATEST_NAME_BYTES:
                raise BufferError("a name is too long")
            labels.append(bytes(self.get(length)))
        self.offset = end or self.offset
        return DNSLabel(labels)


def _parsed(message: bytes) -> DNSRecord:
    """A message taken apart. An exception, one of many, where it cannot be."""
    buffer = _Names(message)
    header = DNSHeader.parse(buffer)
    questions = [DNSQuestion.parse(buffer) for _ in range(header.q)]
    answers, authorities, additional = (
        [RR.parse(buffer) for _ in range(count)] for count in (header.a, header.auth, header.ar)
    )
    return DNSRecord(header, questions, answers, auth=authorities, ar=additional)


def _are_one_at_most(extensions: list[RR]) -> bool:
    """Whether there is one OPT record or none, and its name is that of the root (RFC 6891, section 6.1)."""
    return len(extensions) <= 1 and not any(extension.rname.label for extension in extensions)


def _bare(query: DNSHeader, rcode: int) -> bytes:
    """A reply that is a header alone, with this RCODE."""
    header = DNSHeader(id=query.id, qr=1, opcode=query.opcode, rd=query.rd, ra=0, rcode=rcode)
    return bytes(DNSRecord(header).pack())


def _answer_datagram(server: NameServer, datagrams: socket.socket) -> None:
    """Answer the next message over UDP."""
    # nothing there after all, or no room to send: whoever asked will ask again
    with contextlib.suppress(OSError):
        message, sender = datagrams.recvfrom(QUESTION_BYTES + 1)  # one more than is taken shows that it is too long
        reply = server.reply(message)
        if reply is not None:
            datagrams.sendto(reply, sender)


async def _serve_connection(
    server: NameServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Answer over TCP, where each message has its length before it, in two bytes (RFC 1035, section 4.2.2)."""
    try:
        while True:
            async with asyncio.timeout(IDLE_S):
                length = int.from_bytes(await reader.readexactly(2), "big")
                reply = server.reply(await reader.readexactly(length), over_tcp=True)
                if reply is None:
                    break
                writer.write(len(reply).to_bytes(2, "big") + reply)
                await writer.drain()
    except TimeoutError:
        writer.transport.abort()  # without what was written and not taken: to wait for that could last for ever
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    writer.close()


async def serve(server: NameServer, datagrams: socket.socket, connections: socket.socket) -> None:
    """Answer on two sockets of `bind`, say so on stdout, and end at SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    end = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end.set)
    loop.add_reader(datagrams, _answer_datagram, server, datagrams)
    await asyncio.start_server(
        lambda reader, writer: _serve_connection(server, reader, writer), sock=connections
    )
    print(json.dumps({"port": datagrams.getsockname()[1], "process_id": os.getpid()}), flush=True)
    await end.wait()


def bind(port: int) -> tuple[socket.socket, socket.socket]:
    """A UDP and a TCP socket with the same port; 0 takes one that is free for both.

    OSError if it is taken, OverflowError if it is none.

    The first one does not block: the kernel may drop a datagram that it has announced.
    """
    while True:
        with contextlib.ExitStack() as sockets:
            datagrams = sockets.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            connections = sockets.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
            datagrams.setblocking(False)
            connections.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, True)
            try:
                datagrams.bind((ADDRESS, port))
                connections.bind(datagrams.getsockname())
            except OSError:
                if port:
                    raise
                continue
            sockets.pop_all()
            return datagrams, connections


def main() -> None:
    program = "python -m mysite.names.server"
    parser = argparse.ArgumentParser(prog=program, usage=f"{program} --zone FILE [--port 0]")
    parser.add_argument("--zone", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    arguments = parser.parse_args()
    try:
        server = NameServer(arguments.zone)
        datagrams, connections = bind(arguments.port)
    except (ValueError, OSError, OverflowError) as error:
        raise SystemExit(f"the name server cannot start: {error}") from None
    asyncio.run(serve(server, datagrams, connections))


if __name__ == "__main__":
    main()
