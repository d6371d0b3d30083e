"""Every public function of every model, given a wrong number: ValueError, in words, and soon. None is left out."""

import importlib
import inspect
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pytest

import lab.chapters
import lab.models
from lab.chapters.measuring.stall_model import Stall
from lab.chapters.when_full.queue_replay_model import Replay
from lab.models import limits
from lab.models.tiers import Tier

ROOT = Path(lab.models.__file__).parents[1]
# What is said of each: arguments that are right. In the order of the parameters, all of them.
TIERS, REPLAY, STALL = [Tier(0.03), Tier(0.01, 2)], Replay([0, 5], [0, 5], [4, 9]), Stall(10, 20)
CLIENTS, RATES = [1, 2, 4, 8, 16, 32], [10.0, 19.0, 35.0, 60.0, 90.0, 110.0]
RIGHT: dict[str, tuple[Any, ...]] = {
    "load_time.connections_opened": (3, True),
    "load_time.round_trips": (3, 1, 1),
    "load_time.load_time": (3, 0.1, 1000, 1e6, 0.02),
    "load_time.work_of": (0.5, 3, 0.1),
    "load_time.initial_window_bytes": (1460,),
    "percentiles.percentile": ([3.0, 1.0, 2.0], 50),
    "percentiles.percentiles": ([3.0, 1.0, 2.0], [50]),
    "percentiles.rank": (10, 50),
    "percentiles.all_fast": (99, 10),
    "queue_formulas.erlang_b": (4, 3.2),
    "queue_formulas.erlang_c": (4, 0.8),
    "queue_formulas.mm1_response": (0.5, 20),
    "queue_formulas.mmc_response": (4, 0.8, 20),
    "queue_formulas.mmc_response_percentile": (4, 0.8, 20, 99),
    "queue_formulas.mg1_wait": (0.5, 20, 1),
    "queue_formulas.kingman_wait": (0.5, 20, 1, 1),
    "queue_formulas.allen_cunneen_wait": (4, 0.8, 20, 1, 1),
    "queue_formulas.turned_away": (4, 8, 1.5),
    "tiers.site_tiers": (1, 1, 0.03, 0.01),
    "tiers.steady_state": (TIERS, 5, 0.1),
    "tiers.most_throughput": (TIERS, 5, 0.1),
    "tiers.bound": (5, 0.04, 30),
    "tiers.bound_corners": (16, 0.04, 30),
    "tiers.bend": (0.04, 30),
    "tiers.capacity": (TIERS,),
    "tiers.knee": (TIERS, 0.1),
    "tiers.gain_of_splitting": (0.03, 0.01),
    "tiers.boxes_needed": (100, 0.02, 0.7),
    "tiers.Tier": (0.03, 1),
    "traces.arrivals_at_random": (10, 5, 1),
    "traces.even_arrivals": (10, 5),
    "traces.service_times": (1000, 1, 5, 1),
    "traces.whole": (numpy.array([1.5, 2.5]),),
    "trips_model.page_time_s": (0.005, 101, 0.001),
    "trips_model.share_waiting": (0.005, 101, 0.001),
    "trips_model.rtt_at_which_waiting_equals_work": (0.005, 101),
    "utilisation_model.utilisation": (100, 0.2, 0.01, 2),
    "utilisation_model.users_that_fill": (0.2, 0.01, 2),
    "stall_model.Stall": (10, 20),
    "stall_model.on_schedule": ([0, 5], 3, STALL),
    "stall_model.one_after_the_other": (5, 3, STALL, 100),
    "hit_ratio_model.renewal": (3,),
    "hit_ratio_model.poisson": (0.01, 300),
    "hit_ratio_model.even": (60, 300),
    "hit_ratio_model.bursts": (0.01, 300, 3),
    "hit_ratio_model.stale_window": (0.01, 300),
    "hit_ratio_model.question_times": ([0, 500], 300),
    "hit_ratio_model.replay": ([0, 500], 300),
    "hit_ratio_model.poisson_arrivals": (1, 5, 1),
    "hit_ratio_model.even_arrivals": (1000, 5),
    "hit_ratio_model.burst_arrivals": (1, 2, 5, 1, 10),
    "impatience_model.impatient": ([0, 5], [[4, 4], [4, 4]], 1, 8, 3, 2),
    "queue_replay_model.replay": ([0, 5], [4, 4], 2),
    "queue_replay_model.response_times": ([0, 5], [4, 4], 1),
    "queue_replay_model.steps": ([0, 5], [4, 9]),
    "queue_replay_model.area": ([(0, 1), (5, 0)],),
    "queue_replay_model.check": ([0, 5], [4, 4], 2),
    "replayed_model.replayed_load": (0.5, REPLAY, 1, 4.0, 4.0, 5.0),
    "scalability_model.Scalability": (100.0, 0.1, 0.01),
    "scalability_model.fit": (CLIENTS, RATES),
}
# What is a wrong number for every argument that is one, and for every number in a sequence
WRONG = (math.nan, math.inf, -math.inf, -1, 10**400, "3", None)
# Where one of these has a meaning, or is what the type checker is there for
ALLOWED = {
    ("load_time.load_time", "bytes_per_s", None): "bytes take no time",
    ("impatience_model.impatient", "patience", math.inf): "nobody leaves",
    ("impatience_model.impatient", "places", math.inf): "all may wait",
    **{(f"percentiles.{name}", "values", value): "it has a place among the others"
       for name in ("percentile", "percentiles") for value in (math.inf, -math.inf, -1, 10**400)},
    **{(name, parameter, -1): "a moment may lie before the one from which moments are counted"
       for name, parameter in (
           ("hit_ratio_model.question_times", "arrivals_ms"), ("hit_ratio_model.replay", "arrivals_ms"),
           ("stall_model.on_schedule", "due_us"), ("impatience_model.impatient", "arrivals"),
           ("queue_replay_model.replay", "arrivals"), ("queue_replay_model.response_times", "arrivals"),
           ("queue_replay_model.check", "arrivals"), ("queue_replay_model.steps", "ups"),
           ("queue_replay_model.steps", "downs"), ("queue_replay_model.area", "counts"))},
}  # fmt: skip
NOT_OF_NUMBERS = {"load_time.LoadTime", "tiers.SteadyState", "hit_ratio_model.StaleWindow", "impatience_model.Outcome",
                  "queue_replay_model.Replay", "replayed_model.ReplayedLoad"}  # fmt: skip
SEEDS_AND_TEXTS = {"seed", "keep_alive"}


def models() -> dict[str, Callable[..., Any]]:
    """All public functions and dataclasses of all models, by module and name. The phone's model has no numbers."""
    files = [*(ROOT / "models").glob("*.py"), *(ROOT / "chapters").glob("*/*_model.py")]
    public = {}
    for file in files:
        if file.stem in ("__init__", "limits", "phone_model"):
            continue
        module = importlib.import_module(".".join(("lab", *file.relative_to(ROOT).with_suffix("").parts)))
        for name, thing in vars(module).items():
            own = getattr(thing, "__module__", "") == module.__name__ and not name.startswith("_")
            if own and (inspect.isfunction(thing) or inspect.isclass(thing)):
                public[f"{file.stem}.{name}"] = thing
    return public


MODELS = models()


def with_wrong(value: Any, wrong: Any) -> Any:
    """The argument with a wrong number in its place, or in the place of the first number in it; None: it has none."""
    if isinstance(value, bool) or not isinstance(value, int | float | list | tuple | numpy.ndarray):
        return None
    if isinstance(value, int | float):
        return (wrong,)
    if isinstance(value, numpy.ndarray):
        return (numpy.array([wrong, *value.tolist()][:2], float),) if isinstance(wrong, float) else None
    inner = with_wrong(value[0], wrong)
    return None if inner is None else ([*inner, *value[1:]],)


CASES = [
    pytest.param(name, place, wrong, id=f"{name}-{parameter}-{str(wrong)[:5]}")
    for name, arguments in RIGHT.items()
    for place, (parameter, argument) in enumerate(
        zip(inspect.signature(MODELS[name]).parameters, arguments, strict=True)
    )
    for wrong in WRONG
    if parameter not in SEEDS_AND_TEXTS and with_wrong(argument, wrong) is not None
    and (name, parameter, wrong) not in ALLOWED
]  # fmt: skip


def test_every_public_function_is_tried():
    assert set(MODELS) - set(RIGHT) == NOT_OF_NUMBERS


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_is_taken(name):
    MODELS[name](*RIGHT[name])


@pytest.mark.parametrize(("name", "place", "wrong"), CASES)
def test_a_wrong_number_is_refused_in_words(name, place, wrong):
    arguments = list(RIGHT[name])
    (arguments[place],) = with_wrong(arguments[place], wrong)
    with pytest.raises(ValueError, match=r"^[A-Z0-9].{20}"):
        MODELS[name](*arguments)


@pytest.mark.parametrize("name", ["tiers.capacity", "tiers.knee", "tiers.steady_state", "percentiles.percentile"])
def test_nothing_at_all_is_refused(name):
    _, *others = RIGHT[name]
    with pytest.raises(ValueError, match=r"no tier|No values"):
        MODELS[name]([], *others)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("queue_formulas.erlang_b", (10**12, 3.0)), ("queue_formulas.turned_away", (4, 10**12, 0.5)),
        ("tiers.steady_state", (TIERS, 10**12)), ("traces.arrivals_at_random", (10, 10**12, 1)),
        ("hit_ratio_model.even_arrivals", (1000, 10**12)), ("stall_model.one_after_the_other", (0, 1, STALL, 10**12)),
        ("stall_model.one_after_the_other", (0, 0, STALL, 10)), ("traces.arrivals_at_random", (1e-12, 5, 1)),
    ],
)  # fmt: skip
def test_what_would_take_for_ever_is_refused(name, arguments):
    with pytest.raises(ValueError, match=f"at most|above 0|more than {limits.MOST_STEPS:,}|have to be below"):
        MODELS[name](*arguments)


def test_many_boxes_are_reckoned_at_once():
    assert MODELS["tiers.boxes_needed"](1e12, 0.02, 0.7) == math.ceil(1e12 * 0.02 / (0.7 * (1 + 1e-9)))
