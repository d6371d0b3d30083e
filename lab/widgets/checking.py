"""Verdicts on a reader's answer: numbers, texts, and functions that are tried on inputs they have not seen.

No checker raises, whatever it is given: what cannot be judged gets a verdict that says why. A function that does not
end is stopped, and so it is where the reader interrupts the kernel. What hangs in a library of C waits for such an
interrupt.
"""

import copy
import html
import math
import operator
import re
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real
from types import FrameType, FunctionType, NoneType
from typing import Any, SupportsFloat

from lab.drawing import colours

IN_JUPYTERLAB = f"<style>{colours.in_jupyterlab('.verdict')}</style>"  # a page leaves it out: its sheet has the colours
LONGEST_SHOWN = 160  # characters of a value in a message
MOST_SECONDS = 5.0  # for all calls of a reader's function together
# state: sign, word, token of the colour. The word alone says it; the sign and the colour repeat it.
LOOKS: dict[str, tuple[str, str, str]] = {
    "unanswered": ("○", "Not answered yet", "soft"),
    "wrong": ("✗", "Not yet", "full"),
    "right": ("✓", "Right", "data"),
}
KINDS: dict[type, str] = {
    bool: "the truth value",
    str: "the text",
    bytes: "the bytes",
    int: "the number",
    float: "the number",
}


@dataclass(frozen=True)
class Verdict:
    """A checker's judgement: `state` is "unanswered", "wrong" or "right", `message` a sentence for the reader."""

    state: str
    message: str

    def __repr__(self) -> str:
        word = LOOKS[self.state][1]
        return f"{word[0].lower()}{word[1:]}: {self.message}"

    def _repr_html_(self) -> str:
        """The verdict as HTML, in the colours of a page's mode or of JupyterLab's theme; elsewhere it is light."""
        sign, word, token = LOOKS[self.state]
        ink, panel, colour = map(colours.variable, ("ink", "panel", token))
        return (
            f'<div class="verdict" role="status" style="padding:10px 16px;border-left:5px solid {colour};'
            f"border-radius:6px;background:{panel};color:{ink};font-family:var(--sans,system-ui,sans-serif);line-height:1.45;"
            f'overflow-wrap:anywhere"><strong style="color:{colour}"><span aria-hidden="true">{sign}</span> {word}:'
            f"</strong> {html.escape(self.message)}</div>{IN_JUPYTERLAB}"
        )


UNANSWERED = Verdict("unanswered", "replace the three dots")


def right(message: str) -> Verdict:
    """Return the verdict that the answer is right; `message` says what to take from it."""
    return Verdict("right", message)


def wrong(message: str) -> Verdict:
    """Return the verdict that the answer is wrong; `message` says how, or where to look."""
    return Verdict("wrong", message)


def as_shown(value: object) -> str:
    """Return a value for a message: one line, no address in memory, at most LONGEST_SHOWN characters."""
    try:
        text = " ".join(re.sub(r" at 0x[0-9a-fA-F]+", "", repr(value)).split())
    except Exception:
        return "a value that cannot be shown"
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def description(value: object) -> str:
    """Return a value with its kind, as in "the text '540'"."""
    kind = type(value)
    if kind is NoneType:
        return "None"
    if kind is FunctionType:
        return f"the function {value.__name__}"  # type: ignore[attr-defined]
    if kind in KINDS:
        return f"{KINDS[kind]} {as_shown(value)}"
    return f"a value of type {kind.__name__}: {as_shown(value)}"


def as_number(value: object) -> float | None:
    """Return the value as a float; None for what is no number, and NaN for a number that is too large for one."""
    number = None
    with suppress(Exception):
        if isinstance(value, Real | Decimal) and not isinstance(value, bool):
            try:
                number = float(value)
            except OverflowError:
                number = math.nan
    return number


def number(
    answer: object, expected: SupportsFloat, tolerance: float, hint: Callable[[float], str], praise: str
) -> Verdict:
    """Judge a number: right within `tolerance`, otherwise `hint(number)` says what is wrong with it."""
    if answer is ...:
        return UNANSWERED
    value = as_number(answer)
    if value is None:
        return wrong(f"You gave {description(answer)}. A number is expected.{_quotes(answer)}")
    if not math.isfinite(value):
        return wrong(f"You gave {description(answer)}. A finite number is expected.")
    return right(praise) if abs(value - float(expected)) <= tolerance else wrong(hint(value))


def _quotes(answer: object) -> str:
    return " Leave out the quotes." if type(answer) is str else ""


@dataclass(frozen=True)
class Outcome:
    """One call of a reader's function: with `arguments` it should return `expected`.

    `error` is the exception that it raised; where that is None, `returned` is its result.
    """

    arguments: tuple[Any, ...]
    expected: Any
    returned: Any = None
    error: BaseException | None = None

    @property
    def call(self) -> str:
        """The arguments as they would stand in a call."""
        return ", ".join(map(as_shown, self.arguments))


def outcomes(
    function: Callable[..., Any], inputs: Sequence[tuple[Any, ...]], correct: Callable[..., Any]
) -> list[Outcome]:
    """Call the function once for each input, a tuple of arguments, and return the outcomes in that order.

    It gets a copy of its own each time, and what it returns is copied: a function that empties the list it was given,
    or returns the same list again and again, spoils nothing. The first that is stopped is the last that is called.
    """
    calls = []
    ends_at = time.monotonic() + MOST_SECONDS
    for arguments in inputs:
        expected = correct(*copy.deepcopy(arguments))
        try:
            returned = _in_time(function, copy.deepcopy(arguments), ends_at - time.monotonic())
            calls.append(Outcome(arguments, expected, returned=_own_copy(returned)))
        except (StoppedError, KeyboardInterrupt) as error:
            calls.append(Outcome(arguments, expected, error=error))
            break
        except BaseException as error:
            calls.append(Outcome(arguments, expected, error=error))
    return calls


def _own_copy(value: Any) -> Any:
    """A copy that nothing can change any more; the value itself where it has none, such as a generator."""
    try:
        return copy.deepcopy(value)
    except Exception:
        return value


class StoppedError(BaseException):
    """Raised in a function that takes too long. No Exception: `except Exception` in it would hold it up."""


def _in_time(function: Callable[..., Any], arguments: tuple[Any, ...], seconds: float) -> Any:
    """Call a function, and raise StoppedError within it after so many seconds, again and again until it has ended.

    By a signal, which Python takes between two steps of its own, and which wakes who sleeps. Without a limit outside
    the main thread, where no signal comes; a kernel runs its cells in it.
    """
    if threading.current_thread() is not threading.main_thread():
        return function(*arguments)
    own = sys._getframe()

    def stop(number: int, frame: FrameType | None) -> None:
        inner = frame
        while inner is not None and inner is not own:
            inner = inner.f_back
        if inner is own and frame is not own:  # in the function, and not on the way out of it
            raise StoppedError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.001), 0.1)
    try:
        return function(*arguments)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def function(
    answer: object,
    inputs: Sequence[tuple[Any, ...]],
    correct: Callable[..., Any],
    read: Callable[[Any], Any],
    kind: str,
    hint: Callable[[Outcome, list[Outcome]], str],
    praise: str,
    same: Callable[[Any, Any], bool] = operator.eq,
) -> Verdict:
    """Judge a function by what it returns for each of the inputs; the first that is wrong is shown.

    `correct(*arguments)` is the result that is expected. `read(returned)` is the result in a form that can be
    compared with it, or None when it is of another type; `kind` names the type in words. `hint(first, all)`
    may add a sentence on the first wrong outcome. `same(read, expected)` compares, where equality is too strict.
    """
    if answer is ...:
        return UNANSWERED
    if not callable(answer):
        return no_function(answer)
    calls = outcomes(answer, inputs, correct)
    if all(outcome.returned is ... for outcome in calls):
        return UNANSWERED
    for outcome in calls:
        if outcome.error is not None:
            return wrong(f"For {outcome.call} {fault(outcome.error)}")
        value = _safely(read, outcome.returned)
        if value is None:
            result = description(outcome.returned)
            return wrong(f"For {outcome.call} your function returned {result}. Expected is {kind}.{_mend(outcome)}")
        if not _safely(lambda value=value, outcome=outcome: bool(same(value, outcome.expected))):
            result, expected = as_shown(outcome.returned), as_shown(outcome.expected)
            message = f"For {outcome.call} your function returned {result}, and {expected} is expected."
            return wrong(f"{message} {_safely(hint, outcome, calls) or ''}".rstrip())
    return right(praise)


def _safely(ask: Callable[..., Any], *arguments: Any) -> Any:
    """What a call gives; None where an object of the reader's raises in it, as a list of arrays does at ==."""
    try:
        return ask(*arguments)
    except Exception:
        return None


def fault(error: BaseException) -> str:
    """Return a sentence on the error that a reader's function ended with."""
    if isinstance(error, StoppedError):
        return f"your function had not ended after {MOST_SECONDS:g} s, and was stopped. Does a loop go on for ever?"
    if isinstance(error, KeyboardInterrupt):
        return "your function was interrupted."
    return f"your function raised {error_text(error)}."


def _mend(outcome: Outcome) -> str:
    if outcome.returned is None:
        return " Does it end in return?"
    if type(outcome.returned) is str and type(outcome.expected) is bytes:
        return " The method encode() turns a text into bytes."
    return ""


def no_function(answer: object) -> Verdict:
    """Return the verdict on an answer that is no function where one is expected."""
    return wrong(f"You gave {description(answer)}. A function is expected: pass its name, without calling it.")


def error_text(error: BaseException) -> str:
    """Return an error with its name, in one line and without a full stop."""
    try:
        message = " ".join(str(error).split())
    except Exception:
        message = ""
    name = type(error).__name__
    return f"{name}: {message.rstrip('.')}" if message else name
