"""The figures of the chapter on one request that were looked at."""

from lab.chapters.one_request import hit_ratio_view, waterfall_view
from lab.chapters.one_request.message_bytes_view import message_bytes
from tests.lab.chapters.one_request.test_hit_ratio_view import COUNTED, FAILING, RATE
from tests.lab.chapters.one_request.test_message_bytes_view import FIELDS
from tests.lab.chapters.one_request.test_waterfall_view import TYPICAL, visit

OWN = visit(1, 1, 1, 9, 1, 1, 1, 1)
LONG_NOTE = visit(1, 0.1, 1, 3, 0.2, note="3 statements, and some more words than fit")

FIGURES = {
    "one-visit": (lambda: waterfall_view.figure([TYPICAL], "one-visit"), "137d45a9c817"),
    "two-visits": (lambda: waterfall_view.figure([TYPICAL, OWN], "two-visits"), "e51fc6bc2d72"),
    "long-note": (lambda: waterfall_view.figure([LONG_NOTE], "long-note"), "3d74aa992cb2"),
    "hit-ratio": (lambda: hit_ratio_view.figure(RATE, COUNTED, FAILING, "hit-ratio"), "139263863608"),
    "explorer": (lambda: hit_ratio_view.explorer_drawings("explorer", over="ttl_s", output="ratio"), "8846d2eefe9a"),
    "message": (lambda: message_bytes("message", FIELDS), "c5b2ecb373d7"),
}
