"""book/authoring/prove/mutations.py: which tests guard a file. What they notice is in data/proofs/mutations.json."""

from book.authoring.prove.mutations import guards


def test_guards_begin_with_the_mirrored_test(tmp_path):
    folder = tmp_path / "tests" / "lab" / "chapters" / "one_request"
    folder.mkdir(parents=True)
    (folder / "test_hit_ratio_model.py").touch()
    assert guards(tmp_path, "lab/chapters/one_request/hit_ratio_model.py") == [
        ["tests/lab/chapters/one_request/test_hit_ratio_model.py"],
        ["tests/lab/chapters/one_request"],
        ["index.ipynb", "chapters"],
        ["tests/lab"],
        ["tests/chapters"],
    ]


def test_a_notebook_guards_itself_and_the_data_have_tests_of_their_own(tmp_path):
    assert guards(tmp_path, "index.ipynb") == [["index.ipynb"], ["tests/chapters"]]
    assert guards(tmp_path, "data/mysite/users.csv")[0] == ["tests/data"]
