"""Which chapters stand in the contents, and what stands around them."""

from book.site import contents


def test_chapter_number_is_in_the_name_of_the_page() -> None:
    assert contents.chapter_number("chapters/01-one-request") == "01"
    assert contents.chapter_number("book/glossary") == ""
    assert contents.chapter_number("chapters/appendix") == ""


def test_a_written_chapter_has_its_own_title_and_the_others_are_named() -> None:
    entries = contents.chapters({"chapters/01-one-request": "The first", "book/glossary": "Glossary"})
    assert len(entries) == 15
    assert entries[0] == contents.Entry("chapters/01-one-request", "01", "The first", written=True)
    assert entries[1] == contents.Entry("chapters/02-two-clients", "02", "Two clients, one resource", written=False)
    assert [entry.number for entry in entries] == [f"{number:02}" for number in range(1, 16)]


def test_what_stands_around_the_chapters_keeps_its_order() -> None:
    titles = {"book/how-to-read": "How to read", "book/glossary": "Glossary", "book/claims": "Claims"}
    pages = ["book/how-to-read", "chapters/01-one-request", "book/glossary", "book/claims"]
    before, behind = contents.around(pages, titles)
    assert [entry.title for entry in before] == ["How to read"]
    assert [entry.title for entry in behind] == ["Glossary", "Claims"]


def test_last_chapter_is_the_last_that_is_written() -> None:
    titles = ["book/how-to-read", "chapters/02-two-clients", "chapters/01-one-request", "book/glossary"]
    assert [page for page in titles if contents.is_last_chapter(page, titles)] == ["chapters/02-two-clients"]
