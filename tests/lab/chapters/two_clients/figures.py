"""The figures of the chapter on two clients that were looked at."""

from lab.chapters.two_clients import load_time_view, negotiation_view
from lab.chapters.two_clients.phone_view import phone
from tests.lab.chapters.two_clients.test_load_time_view import OFF, OWN, RECORDED
from tests.lab.chapters.two_clients.test_phone_model import USER

FIGURES = {
    "load-time": (lambda: load_time_view.figure([OFF], "load-time", "a machine"), "e3055f2a3ee0"),
    "two-load-times": (lambda: load_time_view.figure([RECORDED, OWN], "two-load-times", "a machine"), "ddfd9c7d6bb9"),
    "load-time-explorer": (
        lambda: load_time_view.explorer_drawings("load", "rtt_ms", "load", "flat", [(10, 80), (40, 260)]),
        "896c28c00c14",
    ),
    "phone": (lambda: phone(USER, "phone"), "1c727a9d9ad8"),
    "tree": (
        lambda: negotiation_view.explorer_drawings("tree", ["text/html", "*/*"], "walk", "field", {"html": "h"}),
        "c9aa96b3eb44",
    ),
}
