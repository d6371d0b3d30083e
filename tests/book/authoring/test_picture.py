"""book/authoring/picture.py"""

from book.authoring.environment import ROOT
from book.authoring.picture import PICTURE, one_server_picture


def test_committed_picture_is_up_to_date():
    assert one_server_picture() == PICTURE.read_text("utf-8")


def test_readme_shows_it_with_a_text_for_who_cannot_see_it():
    readme = (ROOT / "README.md").read_text("utf-8")
    line = next(line for line in readme.splitlines() if f"({PICTURE.relative_to(ROOT)})" in line)
    assert len(line.split("](")[0]) > 80
