"""book/site/binder.py"""

import pytest

from book.site import binder

SERVICE = "https://mybinder.org/v2/gh/someone/book"


def test_a_published_notebook_opens_in_jupyterlab():
    assert binder.address({"address": SERVICE, "tag": "v1.0"}, "chapters/01-first.ipynb") == (
        "https://mybinder.org/v2/gh/someone/book/v1.0?urlpath=lab/tree/chapters/01-first.ipynb"
    )


def test_no_sign_of_a_tag_or_name_is_taken_for_another():
    assert binder.address({"address": f"{SERVICE}/", "tag": "a/b"}, "a b&c.ipynb") == (
        f"{SERVICE}/a%2Fb?urlpath=lab/tree/a%20b%26c.ipynb"
    )


@pytest.mark.parametrize("published", [{}, {"address": "", "tag": ""}])
def test_before_publication_there_is_no_address(published):
    assert binder.address(published, "index.ipynb") == ""


@pytest.mark.parametrize(("published", "complaint"), [
    ({"address": SERVICE, "tag": ""}, "needs both"),
    ({"address": "", "tag": "v1"}, "needs both"),
    ({"address": "https://github.com/someone/book", "tag": "v1"}, "no address like https://mybinder.org/v2/gh/"),
    ({"address": SERVICE.removeprefix("https:"), "tag": "v1"}, "no address like https://mybinder.org/v2/gh/"),
])  # fmt: skip
def test_half_an_address_or_a_wrong_one_is_refused(published, complaint):
    with pytest.raises(ValueError, match=complaint):
        binder.address(published, "index.ipynb")
