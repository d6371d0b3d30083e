"""The site by hand, to open in a browser:

    python -m mysite serve [--tiers 2] [--web N] [--http-port 0] [--dns-port 0]

When all servers are ready it prints http://127.0.0.1:PORT and dns 127.0.0.1:PORT, one line each. Ctrl-C or SIGTERM
ends it with exit code 0. A server that cannot be started, or that ends by itself, ends it with exit code 1. With two
tiers it prints the process ids too, and a web process or a database that dies is started again.

    python -m mysite load http://127.0.0.1:PORT/ [--users N | --rate R] [--seconds S]

puts load on it from a process of its own, as so many users who ask again as soon as they are answered, or as requests
that come at random at a rate, and prints how long they took.
"""

import argparse
import errno
import math
import signal
import socket
import sys
import time
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

if TYPE_CHECKING:
    from mysite.processes import OwnedProcess

COMMAND = "python -m mysite"
ADDRESS = "127.0.0.1"
GREATEST_PORT = 65535
SECONDS_BETWEEN_LOOKS = 0.5
MOST_USERS = 1000
MOST_WEB = 100  # processes
WEB_BYTES = 100_000_000  # of memory, for a web process with its guard and its session in the database
MOST_SECONDS = 86_400
MOST_REQUESTS = 1_000_000
IN_A_PATH = "/%:@!$&'()*+,;=~"  # these stand for themselves, and % for what was quoted before


def serve(arguments: argparse.Namespace) -> None:
    """Run the site and the name server until a signal ends them. RuntimeError if a server ends by itself."""
    if arguments.http_port == arguments.dns_port != 0:
        arguments.error("--http-port and --dns-port are the same: both servers listen on TCP, so give two ports")
    if arguments.tiers == 1 and arguments.web is not None:
        arguments.error("--web is a number of processes of a web tier: give --tiers 2 with it")
    refuse_without_memory(arguments)
    refuse_if_taken("--http-port", arguments.http_port, socket.SOCK_STREAM)
    refuse_if_taken("--dns-port", arguments.dns_port, socket.SOCK_STREAM, socket.SOCK_DGRAM)
    # imported here, so that help and mistakes are answered at once, and Ctrl-C during the import ends in order
    from mysite import topology

    two_tiers = partial(topology.two_tiers, arguments.web or 2, private=False)
    start = topology.one_server if arguments.tiers == 1 else two_tiers
    with start(http_port=arguments.http_port, dns_port=arguments.dns_port) as site:
        dns_port = site.names.ready["port"]
        print(f"http://{site.address}:{site.port}\ndns {site.address}:{dns_port}", flush=True)
        print(f"Ctrl-C ends it. A question to try: dig @{site.address} -p {dns_port} api.mysite.com", file=sys.stderr)
        starts: dict[str, int] = {}
        while all(server.running() or server.is_kept for server in site.servers().values()):
            if arguments.tiers == 2:
                print_new_starts(site.servers(), starts)
            time.sleep(SECONDS_BETWEEN_LOOKS)
    raise RuntimeError("one of the servers has ended by itself, so the others were stopped too")


def print_new_starts(servers: "dict[str, OwnedProcess]", starts: dict[str, int]) -> None:
    """Print the process id of each server that was started since the last time.

    starts  how often each server had been started then, by its name; brought up to date here
    """
    for name, server in servers.items():
        if server.starts != starts.get(name):
            starts[name] = server.starts
            print(f"{name}: process {server.pid}", flush=True)


def load(arguments: argparse.Namespace) -> None:
    """Put load on a site of this machine, and print the report."""
    from mysite import load_report

    try:
        address = urlsplit(arguments.address)
        is_here = address.scheme == "http" and address.hostname in (ADDRESS, "localhost") and bool(address.port)
    except ValueError:  # a port that is none, or half an IPv6 address
        is_here = False
    if not is_here or not address.port:
        arguments.error(f"{arguments.address} is no address of this machine, such as http://{ADDRESS}:8000/")
    if arguments.rate is not None and arguments.users is not None:
        arguments.error("--users and --rate are two kinds of load: give one of them")
    if arguments.rate is not None and arguments.rate * arguments.seconds > MOST_REQUESTS:
        arguments.error(
            f"--rate {arguments.rate:g} for --seconds {arguments.seconds:g} is more than {MOST_REQUESTS:,}"
            " requests: give less of one of them"
        )
    # as a browser does: a space or a letter that is not ASCII cannot stand in a request, and what follows # stays here
    target = quote(address.path or "/", IN_A_PATH)
    if address.query:
        target += "?" + quote(address.query, IN_A_PATH + "?")
    print(load_report.report(address.port, target, arguments.users or 8, arguments.rate, arguments.seconds))


def refuse_without_memory(arguments: argparse.Namespace) -> None:
    """End with a usage error if the machine has no memory for so many web processes."""
    import psutil

    free = psutil.virtual_memory().available
    if (arguments.web or 0) * WEB_BYTES > free:
        arguments.error(
            f"--web {arguments.web}: so many processes need {arguments.web * WEB_BYTES / 1e9:,.1f} GB of memory, and"
            f" {free / 1e9:,.1f} GB are free: give --web {max(1, free // WEB_BYTES)} at most"
        )


def refuse_if_taken(option: str, port: int, *kinds: socket.SocketKind) -> None:
    """Raise OSError, which says what to do, if the port cannot be had for one of these kinds of socket."""
    for kind in kinds:
        with socket.socket(socket.AF_INET, kind) as trial:
            if kind == socket.SOCK_STREAM:
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, True)
            try:
                trial.bind((ADDRESS, port))
            except OSError as error:
                why = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be had ({error.strerror})"
                raise OSError(
                    f"{option} {port}: port {port} of {ADDRESS} {why}. Stop what listens there, give another port, or"
                    " leave the option out: then a free one is taken."
                ) from None


def port(text: str) -> int:
    """A port of the command line. ArgumentTypeError if it is none."""
    if not (text.isascii() and text.isdecimal() and int(text) <= GREATEST_PORT):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: give 0 to {GREATEST_PORT}, 0 for any that is free")
    return int(text)


def positive(text: str) -> float:
    """A finite number above 0 of the command line. ArgumentTypeError if it is none."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return value


def seconds(text: str) -> float:
    """A number of seconds of the command line, above 0 and up to a day. ArgumentTypeError if it is none."""
    value = positive(text)
    if value > MOST_SECONDS:
        raise argparse.ArgumentTypeError(f"{text!r} is longer than a day: give {MOST_SECONDS} seconds at most")
    return value


def count(most: int, text: str) -> int:
    """A whole number from 1 to `most` of the command line. ArgumentTypeError if it is none."""
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and 0 < int(text) <= most):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to {most}")
    return int(text)


def parser() -> argparse.ArgumentParser:
    """The command line: one sub-command for each thing that can be done by hand."""
    command_line = argparse.ArgumentParser(prog=COMMAND, description="The site by hand.")
    commands = command_line.add_subparsers(title="commands", required=True, metavar="COMMAND")
    what = "run the site and the name server, until Ctrl-C"
    serving = commands.add_parser("serve", help=what, description=f"Serve: {what}.")
    serving.add_argument(
        "--tiers", type=partial(count, 2), default=1, metavar="N", help="2: web tier and data tier apart"
    )
    serving.add_argument(
        "--web", type=partial(count, MOST_WEB), metavar="N", help="processes of the web tier, 2 unless given"
    )
    serving.add_argument("--http-port", type=port, default=0, metavar="N", help="any that is free unless given")
    serving.add_argument("--dns-port", type=port, default=0, metavar="N", help="for UDP and TCP; likewise")
    serving.set_defaults(run=serve, error=serving.error)
    what = "put load on a site that runs, and print the percentiles of what it took"
    loading = commands.add_parser("load", help=what, description=f"Load: {what}.")
    loading.add_argument("address", metavar="URL", help="of a page, as serve prints it")
    loading.add_argument(
        "--users", type=partial(count, MOST_USERS), metavar="N", help="who ask again as soon as they are answered; 8"
    )
    loading.add_argument("--rate", type=positive, metavar="R", help="requests a second that come at random, instead")
    loading.add_argument("--seconds", type=seconds, default=5, metavar="S", help="5 unless given")
    loading.set_defaults(run=load, error=loading.error)
    return command_line


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    command_line = parser()
    arguments = command_line.parse_args()
    try:
        arguments.run(arguments)
    except (OSError, RuntimeError) as error:
        raise SystemExit(f"{command_line.prog}: {error}") from None


def end(number: int, frame: FrameType | None) -> None:
    """End in order, which a second signal does not disturb."""
    for later in (signal.SIGINT, signal.SIGTERM):
        signal.signal(later, signal.SIG_IGN)
    raise SystemExit


if __name__ == "__main__":
    main()
