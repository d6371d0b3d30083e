"""book/authoring/prove/__main__.py: where a result is kept."""

from book.authoring.prove.__main__ import file_of


def test_a_result_has_a_file_and_one_for_each_user_where_that_matters():
    assert file_of("strict", {"failed": False}) == "strict.json"
    assert file_of("tier-kills", {"user": "nobody"}) == "tier-kills-nobody.json"
