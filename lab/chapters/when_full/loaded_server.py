"""The server whose work is known, under load: what its measurements have in common."""

from lab.service.server import Records

SERVERS, MEAN_MS = 4, 20
CAPACITY = SERVERS * 1000 / MEAN_MS  # requests a second
SEED = 3


def service_times_of(records: Records) -> list[int]:
    """Return for how long each request really held a server, in microseconds, in the order of arrival."""
    return [end - start for _, _, start, end in records.work]
