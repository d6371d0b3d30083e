"""Seconds of the processor that the tiers of the site use, by process, as the operating system counts them.

The system counts in hundredths of a second, so it takes some thousand requests to say something of one.
"""

import psutil

from mysite.topology import OneServer, Site, TwoTiers

# what the processes of a tier are called: web application and SQLite are one process, PostgreSQL has its own
BOTH, WEB, DATA = "one server", "web tier", "data tier"


def cpu_seconds(site: Site) -> dict[str, float]:
    """Return the seconds of the processor that each tier has used so far: BOTH, or WEB and DATA.

    ValueError for a database server that was not started here.
    """
    if isinstance(site, OneServer):
        return {BOTH: of_tree(site.web.pid)}
    assert isinstance(site, TwoTiers)
    if site.database.process is None:
        raise ValueError("The database server runs elsewhere, so its CPU time cannot be read here.")
    return {WEB: sum(of_tree(web.pid) for web in site.webs), DATA: of_tree(site.database.process.pid)}


def of_tree(process_id: int) -> float:
    """Return the CPU seconds of a process, of the processes that it has started, and of those that have ended."""
    root = psutil.Process(process_id)
    times = [process.cpu_times() for process in (root, *root.children(recursive=True))]
    past_children = getattr(times[0], "children_user", 0.0) + getattr(times[0], "children_system", 0.0)
    return sum(time.user + time.system for time in times) + past_children
