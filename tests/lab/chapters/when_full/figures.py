"""The figures of the chapter on a full server that were looked at."""

from lab.chapters.when_full import queue_scene_view
from tests.lab.chapters.when_full import test_overload_view, test_site_view, test_users_view, test_waiting_view

WAITING, GOODPUT = test_waiting_view.FIGURES, test_overload_view.FIGURES

FIGURES = {
    "waiting": (WAITING["waiting"], "4f1751a5d9aa"),
    "waiting-alone": (WAITING["waiting alone"], "31994bfded66"),
    "little": (WAITING["little"], "815e0c1beab5"),
    "goodput": (GOODPUT["goodput"], "462f20f44a23"),
    "goodput-own": (GOODPUT["goodput with own"], "4918506aecdd"),
    "site": (test_site_view.FIGURES["site"], "ae5c8cbced75"),
    "users": (test_users_view.FIGURES["users"], "f954c0faff6f"),
    "queue-scene": (lambda: queue_scene_view.scene("queue-scene", 745), "1cceb2f30b74"),
}
