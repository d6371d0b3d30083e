"""How full a server is: the utilisation law for many users who ask at a steady pace.

    utilisation = users x requests a second of one user x CPU seconds of one request / cores

It is the share of the processor's time that the requests ask for, so it holds as an average over a time that
is long against one request, whatever the arrivals look like. Above 1 it is no longer a share but the demand:
more is asked than the server can give. It says nothing about waiting.

Source: P. J. Denning, J. P. Buzen, "The Operational Analysis of Queueing Network Models", ACM Computing
Surveys 10 (1978). Seen 2026-11-24: the abstract, which defines utilisation as an operational quantity, so one
that is counted over a time. The law itself is arithmetic: seconds of work asked for, over seconds to be had.
"""

from lab.models.limits import Number, above, at_least


def utilisation(users: Number, requests_per_second: Number, cpu_seconds: Number, cores: Number = 1) -> Number:
    """Return the utilisation: 0 is idle, 1 is full, above 1 more is asked than the server can give.

    `requests_per_second` of one user, `cpu_seconds` of one request. Raises ValueError for a negative number of
    users and for anything else that is not above 0.
    """
    at_least("number of users", users)
    return users / users_that_fill(requests_per_second, cpu_seconds, cores)


def users_that_fill(requests_per_second: Number, cpu_seconds: Number, cores: Number = 1) -> Number:
    """Return the number of users at which the utilisation is 1 (not rounded)."""
    above("requests a second of one user", requests_per_second)
    above("CPU seconds of one request", cpu_seconds)
    above("number of cores", cores)
    return cores / (requests_per_second * cpu_seconds)
