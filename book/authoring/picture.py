"""make refresh: draw README's picture, book/picture.svg, from the running parts of one server.

    python -m book.authoring.picture [--check]
"""

import argparse
import sys

from book.authoring.environment import ROOT
from lab.architecture.diagram import drawings
from lab.architecture.topology_graph import graph
from mysite import topology

PICTURE = ROOT / "book" / "picture.svg"


def one_server_picture() -> str:
    """Draw the parts of one running server, as the text of an SVG. Where no page sets the colours, they are light."""
    with topology.one_server() as site:
        return drawings(graph(site), "picture")["wide"].svg + "\n"


def main() -> int:
    """Write the picture; the exit code is 1 where --check finds it out of date."""
    parser = argparse.ArgumentParser(
        prog="python -m book.authoring.picture",
        description="Draw README's picture, book/picture.svg, from the running parts of one server.",
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where the picture is out of date")
    check = parser.parse_args().check
    before, after = PICTURE.read_text("utf-8") if PICTURE.exists() else "", one_server_picture()
    if before != after and not check:
        PICTURE.write_text(after, "utf-8")
    print(f"picture.svg: {'unchanged' if before == after else 'out of date' if check else 'drawn'}")
    return int(check and before != after)


if __name__ == "__main__":
    sys.exit(main())
