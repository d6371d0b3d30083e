"""Which words a text has, for the search: numbers, codes and names are words as a reader writes them.

A number or a code keeps the marks within it (``127.0.0.1``, ``N+1``, ``2026-11-29``), so that it is one word. Names
fall apart at theirs (``api.mysite.com``, ``Cache-Control``): who looks for one looks for all its words in one place.
Accents and the comma of thousands count for nothing. words.js says the same to the page.
"""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

from sphinx.search import SearchLanguage
from sphinx.search.en import english_stopwords

WORD = re.compile(r"\w+(?:(?:'|(?<=\d)[.+-]|[.+-](?=\d)|(?<=\d),(?=\d{3}(?!\d)))\w+)*")
# Endings that forms of one word differ in, one after the other, and what stands for them: as patterns that Python and
# JavaScript read alike. Sphinx's stemmer is one program in Python and another in JavaScript: their "topology" differs.
ENDINGS = [
    ("(?<=..)ie[sd]$", "y"),
    ("(?<=ss|sh|ch|.x)es$", ""),
    ("(?<=..[^su])s$", ""),
    ("^(?=.{6})(.*[aeiouy].*)ing$", "$1"),
    ("^(?=.{5})(.*[aeiouy].*)ed$", "$1"),
    ("(?<=....)(?:ment|ion|ly)$", ""),
    (r"([bdgmnprt])\1$", "$1"),
    ("(?<=...)e$", ""),
]
PATTERNS = [(re.compile(ending), other.replace("$", "\\")) for ending, other in ENDINGS]
OF_A_LANGUAGE = re.compile("[a-z]+")
# what is longer is no word of a language
LONGEST_STEMMED = 40


def folded(text: str) -> str:
    """Text in small letters without accents and without characters that are not seen, one sign for an apostrophe."""
    bare = (char for char in unicodedata.normalize("NFKD", text)
            if not unicodedata.category(char).startswith("M") and unicodedata.category(char) != "Cf")
    return "".join(bare).replace("\u2019", "'").replace("\u2010", "-").lower()


class BookWords(SearchLanguage):
    """Sphinx takes it for its English, and writes it into language_data.js."""

    lang = "en"
    language_name = "English"
    stopwords = english_stopwords
    js_stemmer_code = f"const ENDINGS = {json.dumps(ENDINGS)};"
    js_splitter_code = Path(__file__).with_suffix(".js").read_text("utf8")

    def split(self, input: str) -> list[str]:
        """The words of a text in their order, not stemmed."""
        return [word.replace(",", "") for word in WORD.findall(folded(input))]

    def stem(self, word: str) -> str:
        """What a word has in common with its other forms, without ``'s``; a number or a code is its own."""
        bare = word.removesuffix("'s")
        if OF_A_LANGUAGE.fullmatch(bare) and len(bare) <= LONGEST_STEMMED:
            for ending, other in PATTERNS:
                bare = ending.sub(other, bare)
        return bare

    def terms(self, text: str) -> list[str]:
        """What stands in the index for a text: the stems of its words, each once, without stop words."""
        return list(dict.fromkeys(self.stem(word) for word in self.split(text) if self.word_filter(word)))
