"""Verdicts on a reader's answer: numbers, texts, and functions that are tried on inputs they have not seen.

No checker raises, whatever it is given: what cannot be judged gets a verdict that says why. Only an interrupt
(KeyboardInterrupt) passes, so that a function that never ends can be stopped.
"""

import copy
import html
import math
import operator
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real
from types import FunctionType, NoneType
from typing import Any, SupportsFloat

from lab.drawing import colours

IN_JUPYTERLAB = f"<style>{colours.in_jupyterlab('.verdict')}</style>"  # a page leaves it out: its sheet has the colours
LONGEST_SHOWN = 160  # characters of a value in a message
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


def text(answer: object, expected: str, hint: Callable[[str], str], praise: str) -> Verdict:
    """Judge a text: right when it equals `expected` but for space around it, otherwise `hint(text)` says why not."""
    return text_by_rule(answer, lambda words: words == expected, hint, praise)


def text_by_rule(answer: object, is_right: Callable[[str], bool], hint: Callable[[str], str], praise: str) -> Verdict:
    """Judge a text of which many are right: `is_right(text)` decides, otherwise `hint(text)` says why not."""
    if answer is ...:
        return UNANSWERED
    if not isinstance(answer, str):
        return wrong(f"You gave {description(answer)}. A text is expected, in quotes.")
    words = str(answer).strip()
    return right(praise) if is_right(words) else wrong(hint(words))


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

    It gets a copy of its own each time: a function that empties the list it was given spoils nothing.
    """
    calls = []
    for arguments in inputs:
        expected = correct(*copy.deepcopy(arguments))
        try:
            calls.append(Outcome(arguments, expected, returned=function(*copy.deepcopy(arguments))))
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            calls.append(Outcome(arguments, expected, error=error))
    return calls


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
            return wrong(f"For {outcome.call} your function raised {error_text(outcome.error)}.")
        value = read(outcome.returned)
        if value is None:
            result = description(outcome.returned)
            return wrong(f"For {outcome.call} your function returned {result}. Expected is {kind}.{_mend(outcome)}")
        if not same(value, outcome.expected):
            result, expected = as_shown(outcome.returned), as_shown(outcome.expected)
            message = f"For {outcome.call} your function returned {result}, and {expected} is expected."
            return wrong(f"{message} {hint(outcome, calls)}".rstrip())
    return right(praise)


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
