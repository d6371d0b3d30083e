"""The site by hand, to open in a browser:

    python -m mysite serve [--http-port 0] [--dns-port 0]

When both servers are ready it prints http://127.0.0.1:PORT and dns 127.0.0.1:PORT, one line each. Ctrl-C or SIGTERM
ends it with exit code 0. A server that cannot be started, or that ends by itself, ends it with exit code 1.
"""

import argparse
import errno
import signal
import socket
import sys
import time
from types import FrameType

COMMAND = "python -m mysite"
ADDRESS = "127.0.0.1"
GREATEST_PORT = 65535
SECONDS_BETWEEN_LOOKS = 0.5


def serve(arguments: argparse.Namespace) -> None:
    """Run the web server and the name server until told to end."""
    if arguments.http_port == arguments.dns_port != 0:
        arguments.error("--http-port and --dns-port are the same: both servers listen on TCP, so give two ports")
    refuse_if_taken("--http-port", arguments.http_port, socket.SOCK_STREAM)
    refuse_if_taken("--dns-port", arguments.dns_port, socket.SOCK_STREAM, socket.SOCK_DGRAM)
    # imported here, so that help and mistakes are answered at once, and Ctrl-C during the import ends in order
    from mysite import topology

    with topology.one_server(http_port=arguments.http_port, dns_port=arguments.dns_port) as site:
        dns_port = site.names.ready["port"]
        print(f"http://{site.address}:{site.port}\ndns {site.address}:{dns_port}", flush=True)
        print(f"Ctrl-C ends it. A question to try: dig @{site.address} -p {dns_port} api.mysite.com", file=sys.stderr)
        while site.web.running() and site.names.running():
            time.sleep(SECONDS_BETWEEN_LOOKS)
    raise RuntimeError("one of the two servers has ended by itself, so the other was stopped too")


def refuse_if_taken(option: str, port: int, *kinds: socket.SocketKind) -> None:
    """OSError, which says what to do, if the port cannot be had for one of these kinds of socket."""
    for kind in kinds:
        with socket.socket(socket.AF_INET, kind) as tried:
            if kind == socket.SOCK_STREAM:
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, True)
            try:
                tried.bind((ADDRESS, port))
            except OSError as error:
                why = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be had ({error.strerror})"
                raise OSError(
                    f"{option} {port}: port {port} of {ADDRESS} {why}. Stop what listens there, give another port, or"
                    " leave the option out: then a free one is taken."
                ) from None


def port(text: str) -> int:
    """A port of the command line."""
    if not (text.isascii() and text.isdecimal() and int(text) <= GREATEST_PORT):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: give 0 to {GREATEST_PORT}, 0 for any that is free")
    return int(text)


def parser() -> argparse.ArgumentParser:
    """The command line: one sub-command for each thing that can be done by hand."""
    known = argparse.ArgumentParser(prog=COMMAND, description="The site by hand.")
    commands = known.add_subparsers(title="commands", required=True, metavar="COMMAND")
    what = "run the web server and the name server, until Ctrl-C"
    serving = commands.add_parser("serve", help=what, description=f"Serve: {what}.")
    serving.add_argument("--http-port", type=port, default=0, metavar="N", help="any that is free unless given")
    serving.add_argument("--dns-port", type=port, default=0, metavar="N", help="for UDP and TCP; likewise")
    serving.set_defaults(run=serve, error=serving.error)
    return known


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    known = parser()
    arguments = known.parse_args()
    try:
        arguments.run(arguments)
    except (OSError, RuntimeError) as error:
        raise SystemExit(f"{known.prog}: {error}") from None


def end(number: int, frame: FrameType | None) -> None:
    """End in order, which a second signal does not disturb."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    raise SystemExit


if __name__ == "__main__":
    main()
