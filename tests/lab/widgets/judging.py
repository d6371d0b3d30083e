"""What the script of the answers says of texts, asked in a browser: it judges there, and nothing else does."""

from collections.abc import Iterable, Mapping
from typing import Any

from playwright.sync_api import Browser

from lab.widgets.answer import Answer

JUDGE = """async ([script, cases]) => {
  const module = await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
  return cases.map(([spec, typed]) => module.default.judge(spec, typed));
}"""


def verdicts(browser: Browser, cases: Iterable[tuple[Mapping[str, Any], str]]) -> list[dict[str, Any]]:
    """State, message and place of the rule for each pair of an answer's spec and a text."""
    script = "".join(file.read_text("utf-8") for file in Answer.files["_esm"])
    page = browser.new_page()
    try:
        return page.evaluate(JUDGE, [script, [list(case) for case in cases]])
    finally:
        page.close()
