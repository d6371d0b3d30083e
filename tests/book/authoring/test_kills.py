"""book/authoring/prove/kills.py: where a kill falls. The kills themselves are in data/proofs/kills.json."""

import nbformat
import pytest

from book.authoring.environment import notebooks
from book.authoring.prove.kills import cells_with_servers


def test_after_a_site_is_started_any_cell_will_do():
    assert cells_with_servers(["import x", "site = topology.one_server()", "a", "b"]) == [2, 3]
    assert cells_with_servers(["import x", "site = topology.two_tiers(web=2)\nsite", "a"]) == [2]


def test_else_those_that_start_servers_themselves():
    sources = ["import x", "with service(1) as one:", "print(1)", "both = runs.overlay(", "reports = compared(arms)"]
    assert cells_with_servers(sources) == [1, 3, 4]
    assert cells_with_servers(["print(1)"]) == []


@pytest.mark.parametrize("path", notebooks()[1:], ids=lambda path: path.stem)
def test_each_chapter_has_such_cells(path):
    sources = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert len(cells_with_servers(sources)) >= 4
