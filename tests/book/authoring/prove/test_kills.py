"""book/authoring/prove/kills.py: where a kill falls. The kills themselves are in data/proofs/kills.json."""

from dataclasses import replace

import nbformat
import pytest

from book.authoring.environment import notebooks
from book.authoring.prove.kills import KernelKill, cells_with_servers


def test_after_a_site_is_started_any_cell_will_do():
    assert cells_with_servers(["import x", "site = topology.one_server()", "a", "b"]) == [2, 3]
    assert cells_with_servers(["import x", "site = topology.two_tiers(web=2)\nsite", "a"]) == [2]


def test_else_those_that_start_servers_themselves():
    sources = ["import x", "with service(1) as one:", "print(1)", "both = runs.overlay(", "reports = compared(arms)"]
    assert cells_with_servers(sources) == [1, 3, 4]
    assert cells_with_servers(["print(1)"]) == []


@pytest.mark.parametrize("path", notebooks()[1:], ids=lambda path: path.stem)
def test_every_chapter_has_such_cells(path):
    sources = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert len(cells_with_servers(sources)) >= 4


CLEAN = KernelKill(
    "one", in_cell=3, servers_alive=4, ports_open=2, processes_left=[], ports_left=0, directories_left=[]
)  # fmt: skip


@pytest.mark.parametrize("nothing", [{"servers_alive": 0}, {"ports_open": 0}])
def test_a_kill_without_a_server_does_not_count(nothing):
    assert CLEAN.met_a_server
    assert not replace(CLEAN, **nothing).met_a_server


@pytest.mark.parametrize("rest", [{"processes_left": ["7 python3"]}, {"ports_left": 1}, {"directories_left": ["x"]}])
def test_whatever_is_left_is_noticed(rest):
    assert not CLEAN.left_something
    assert replace(CLEAN, **rest).left_something
