"""make lint: every link inside the built site leads somewhere, and no id stands twice on a page.

Run as ``python -m book.authoring.links [_build/html]``.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from book.site import built


def problems_of(file: Path) -> list[str]:
    """Return what is wrong with the links and ids of one page, in words."""
    page = built.read(file)
    problems = [f"the id {name!r} stands {times} times" for name, times in Counter(page.ids).items() if times > 1]
    problems += [f"a label or description refers to {name!r}, which is no id of this page"
                 for name in page.named if name not in page.ids]
    for tag, address in page.addresses:
        goal = built.target(file, address)
        if goal is None:
            continue
        path, anchor = goal
        if not path.is_file():
            problems.append(f"<{tag}> leads to {address!r}, and there is no such file")
        elif anchor and path.suffix == ".html" and anchor not in built.read(path).ids:
            problems.append(f"<{tag}> leads to {address!r}: the page is there, the anchor is not")
    return problems


def check(site: Path) -> list[str]:
    """Return all problems of a built site, each behind the name of its page. ValueError where nothing is built."""
    built.read.cache_clear()
    site = site.resolve()
    pages = sorted(site.rglob("*.html"))
    if not pages:
        raise ValueError(f"no page stands in {site}: run make book first")
    return [f"{page.relative_to(site)}: {problem}" for page in pages for problem in problems_of(page)]


def main() -> int:
    """Print the problems of a site; the exit code is 1 where there are any."""
    site = Path(sys.argv[1] if len(sys.argv) > 1 else "_build/html")
    try:
        problems = check(site)
    except ValueError as nothing_built:
        print(nothing_built, file=sys.stderr)
        return 1
    print("\n".join(problems) or f"Every link in {site} leads somewhere.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
