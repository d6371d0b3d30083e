"""What a page's statements cost when the database is elsewhere: each waits for one round trip.

    page time = work + statements x round-trip time

It is the load time of `lab.models.load_time` one step further in: the web server now is the client. `work_s` is what
the web server and the database compute for the page, all statements together.

What this takes for granted: one statement after the other, each sent when the answer before has come; a connection
that is open already; answers that need no second round trip; a network that loses nothing; and work that is the same
at every distance.

Times are seconds.
"""

from lab.models.limits import Number, whole_number
from lab.models.load_time import load_time


def page_time_s(work_s: Number, statements: int, rtt_s: Number) -> Number:
    """Return the time that the page takes. ValueError for what is negative, and for half a statement."""
    return load_time(statements, rtt_s, work_s=work_s).seconds


def share_waiting(work_s: Number, statements: int, rtt_s: Number) -> Number:
    """Return which share of the page's time is spent waiting for round trips, 0 to 1; 0 where nothing takes time."""
    return load_time(statements, rtt_s, work_s=work_s).share_waiting


def rtt_at_which_waiting_equals_work(work_s: Number, statements: int) -> Number:
    """Return the round-trip time that doubles the page's time. ValueError for no statement: then none does."""
    whole_number("number of statements", statements)
    return page_time_s(work_s, 0, 0) / statements
