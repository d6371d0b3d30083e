"""The figures of the chapter on measuring that were looked at."""

from lab.chapters.measuring import closed_loop_view, latencies_view, stall_view
from tests.lab.chapters.measuring import test_closed_loop_view, test_latencies_view, test_stall_view
from tests.lab.chapters.measuring.test_latencies_view import FAMOUS

CLOSED_LOOP, LATENCIES, STALL = test_closed_loop_view.RUN, test_latencies_view.RUN, test_stall_view.RUN

FIGURES = {
    "closed-loop": (lambda: closed_loop_view.figure([CLOSED_LOOP], "closed-loop", "a machine"), "16f96d134aba"),
    "stall": (lambda: stall_view.figure([STALL], "stall", "a machine"), "e91f6597188f"),
    "latencies": (lambda: latencies_view.figure([LATENCIES], FAMOUS, "latencies", "a machine"), "ab789933236f"),
}
