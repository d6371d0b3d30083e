"""What the search takes for a word."""

import pytest

from book.site.words import BookWords

LANGUAGE = BookWords({})


@pytest.mark.parametrize("text, words", [
    ("It answered 503, not 404.", ["it", "answered", "503", "not", "404"]),
    ("127.0.0.1:8000 and api.mysite.com", ["127.0.0.1", "8000", "and", "api", "mysite", "com"]),
    ("N+1, kill -9, 14 kB, 1,000,000; [1,2]", ["n+1", "kill", "9", "14", "kb", "1000000", "1", "2"]),
    ("SO_REUSEPORT of __init__", ["so_reuseport", "of", "__init__"]),
    ("Cache-Control: max-age=60; 2026-11-29", ["cache", "control", "max", "age", "60", "2026-11-29"]),
    ("the reader\u2019s O'Reilly, isn't it?", ["the", "reader's", "o'reilly", "isn't", "it"]),
    ("Erdős, Zu\u0308rich, µs, 1\u00a0ms, ﬁle, so\u00adft", ["erdos", "zurich", "μs", "1", "ms", "file", "soft"]),
    ("⟨12.5 ms⟩ … — % \ud800 \x00 🙂", ["12.5", "ms"]),
])  # fmt: skip
def test_numbers_codes_and_names_are_words(text: str, words: list[str]) -> None:
    assert LANGUAGE.split(text) == words


@pytest.mark.parametrize("forms", [
    ["cache", "caches", "cached", "caching", "cache's"], ["query", "queries"], ["server", "servers"],
    ["connect", "connection", "connections", "connected"], ["measure", "measurement", "measuring"],
    ["topology", "topologies"], ["stop", "stopped", "stopping", "stops"], ["address", "addresses"],
])  # fmt: skip
def test_forms_of_a_word_are_one(forms: list[str]) -> None:
    assert len({LANGUAGE.stem(form) for form in forms}) == 1


@pytest.mark.parametrize("word", ["string", "503", "n+1", "pg_stat_io", "status", "its", "os", "λ", f"{'x' * 41}s"])
def test_what_has_no_ending_stays(word: str) -> None:
    assert LANGUAGE.stem(word) == word


def test_stop_words_are_no_terms_and_a_term_stands_once() -> None:
    assert LANGUAGE.terms("The cache and the caches of 503 and 503") == ["cach", "503"]
