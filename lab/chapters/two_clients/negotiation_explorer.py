"""Which representation a client gets, question by question: the site's own rules, walked as a tree."""

from collections.abc import Mapping
from typing import Any

from lab.chapters.two_clients.negotiation_view import FLOW, explorer_drawings
from lab.widgets.explorer import Control, Explorer, Output
from mysite.web.negotiation import FULL, HTML, JSON, Offer, best_media_type, media_ranges, offers

# what the slider says: the field as it is sent, None for none
ACCEPTS: Mapping[str, str | None] = {
    "absent": None,
    "*/*": "*/*",
    "HTML only": "text/html",
    "JSON only": "application/json",
    "any text": "text/*",
    "both": "application/json, text/html",
    "less JSON": "application/json;q=0.5, text/html",
    "less HTML": "text/html;q=0.5, application/json",
    "JSON, */*": "application/json, */*;q=0.1",
    "by weight": "application/*;q=0.9, text/html;q=0.8",
    "browser": (
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/jxl,image/avif,image/webp,image/apng,*/*;q=0.8,"
        "application/signed-exchange;v=b3;q=0.7"
    ),
    "not HTML": "text/html;q=0, */*",
    "an image": "image/png",
    "malformed": "json",
}
START = "browser"
# what there is at an address: most have both, /join is a form for people
THERE: Mapping[str, tuple[str, ...]] = {"both": (HTML, JSON), "html": (HTML,)}
_NAMES = {HTML: "HTML", JSON: "JSON"}
_BRANCHES = {
    HTML: ("html named", "html by type", "html by any", "html not named"),
    JSON: ("json named", "json by type", "json by any", "json not named"),
}


def walk(accept: str | None, offered: tuple[str, ...]) -> list[str]:
    """Return the branches of the tree that lead to the best media type, from the root to the leaf.

    `accept` is the field as it is sent, None for none, `offered` the media types that there are at the address.
    """
    branches = ["unread"]
    if accept is not None and media_ranges(accept):
        html, json = offers(accept, (HTML, JSON))
        branches = ["read", branch_of(html), branch_of(json) if JSON in offered else "no json"]
    weights = {offer.media_type: offer.weight for offer in offers(accept, offered)}
    if not max(weights.values()):
        return [*branches, "unwelcome"]
    html_weight, json_weight = weights[HTML], weights.get(JSON, -1)
    verdict = "html more" if html_weight > json_weight else "same" if html_weight == json_weight else "json more"
    return [*branches, "welcome", verdict]


def branch_of(offer: Offer) -> str:
    """Return the branch of the range that speaks for a media type."""
    by_name, by_type, by_any, not_named = _BRANCHES[offer.media_type]
    precision = offer.named_by.precision(offer.media_type) if offer.named_by else None
    return not_named if precision is None else (by_any, by_type, by_name, by_name)[precision]


def why(accept: str | None, offered: tuple[str, ...]) -> str:
    """Return a sentence or two: what names each representation, and what follows."""
    media_type = best_media_type(accept, offered)
    answer = f"The answer is {f'200, {media_type}' if media_type else '406 Not Acceptable'}."
    if accept is None or not media_ranges(accept):
        absent = "There is no Accept field" if accept is None else f"“{accept}” is no media range, so it counts as none"
        return f"{absent}: everything is welcome. {verdict(accept, offered)} {answer}"
    clauses = [clause(offer) for offer in offers(accept, offered)]
    return f"{'; '.join(clauses)}. {verdict(accept, offered)} {answer}"


def clause(offer: Offer) -> str:
    """Return what an Accept field says of one representation."""
    name = _NAMES[offer.media_type]
    if offer.named_by is None:
        return f"nothing names {name}: weight 0"
    return f"{offer.named_by} names {name}: weight {offer.weight / FULL:g}"


def verdict(accept: str | None, offered: tuple[str, ...]) -> str:
    """Return a sentence on what the weights decide."""
    there = offers(accept, offered)
    best = max(offer.weight for offer in there)
    if len(there) == 1:
        return "No JSON is there to choose." if best else "HTML is all there is, and it is not welcome."
    if not best:
        return "Neither is welcome."
    if there[0].weight == there[1].weight:
        return "They weigh the same, and the site offers HTML first."
    return f"{_NAMES[best_media_type(accept, offered) or '']} weighs more."


def sentences() -> list[str]:
    """Return what the explorer says at each setting, the second control running fastest."""
    texts = [why(accept, offered) for accept in ACCEPTS.values() for offered in THERE.values()]
    return [text[0].upper() + text[1:] if not text.startswith(("text", "application")) else text for text in texts]


def model(accept: str, there: str) -> dict[str, Any]:
    """Return the outputs at one setting: a key of ACCEPTS and one of THERE.

    A weight is what Accept says, whether the representation is there or not.
    """
    field, offered = ACCEPTS[accept], THERE[there]
    html, json = offers(field, (HTML, JSON))
    bits = sum(1 << list(FLOW).index(branch) for branch in walk(field, offered))
    place = list(ACCEPTS).index(accept)
    return {
        "html": html.weight / FULL, "json": json.weight / FULL,
        "status": 200 if best_media_type(field, offered) else 406,
        "walk": bits, "field": place, "sentence": place * len(THERE) + list(THERE).index(there),
    }  # fmt: skip


def negotiation_explorer() -> Explorer:
    """Return the explorer: one slider for the Accept field, and what there is at the address."""
    fields = ["(no such field)" if field is None else field for field in ACCEPTS.values()]
    return Explorer(
        name="negotiation",
        title="Which representation a client gets",
        model=model,
        controls=[
            Control("accept", "Accept", tuple(ACCEPTS), START),
            Control("there", "There is", tuple(THERE), "both", words=("HTML and JSON", "HTML alone, as at /join")),
        ],
        outputs=[Output("html", "weight of HTML"), Output("json", "weight of JSON"), Output("status", "status")],
        drawings=explorer_drawings("negotiation", fields, "walk", "field", {"html": "html", "json": "json"}),
        sentences=sentences(),
    )
