"""book/authoring/prove/debian.py: what is said where no other Debian can be had, and what its programs are given."""

import os

import pytest

from book.authoring.prove import binder, debian, pythons


@pytest.fixture
def as_root(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)


def test_who_is_not_root_is_sent_to_root(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(debian.NoDebianError, match="run this as root"), debian.debian("trixie", "HEAD"):
        pass


def test_a_missing_program_is_named(as_root, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(debian.NoDebianError, match="apt-get install debootstrap"), debian.debian("trixie", "HEAD"):
        pass


def test_the_way_to_the_registries_is_taken_along(monkeypatch, tmp_path):
    """Variables, and the files and folders that they name; a reader's own variables are not."""
    wheels, certificate = tmp_path / "here" / "wheels", tmp_path / "here" / "certificate"
    wheels.mkdir(parents=True)
    (wheels / "a.whl").write_text("wheel")
    certificate.write_text("certificate")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("PYTHONPATH", "/secret")
    target = tmp_path / "there"
    debian.take_along(target)
    assert (target / wheels.relative_to("/") / "a.whl").read_text() == "wheel"
    assert (target / certificate.relative_to("/")).read_text() == "certificate"
    environment = debian.variables({"A": "b"}, root=False)
    assert (environment["PIP_FIND_LINKS"], environment["HOME"], environment["A"]) == (str(wheels), "/home/reader", "b")
    assert "PYTHONPATH" not in environment


def test_what_is_red_and_what_is_skipped_is_read():
    text = "FAILED tests/a.py::test_b - assert 1\nERROR tests/c.py\n== 2 failed, 7 passed, 3 skipped in 1.00s ==\n"
    assert pythons.red(text) == ["tests/a.py::test_b", "tests/c.py"]
    assert (pythons.skipped(text), pythons.skipped("7 passed in 1.00s")) == (3, 0)


def test_memory_of_a_group_and_what_was_ended_for_it(tmp_path):
    assert binder.resident_bytes("cache 5\ntotal_cache 9\ntotal_rss 1234\n") == 1234
    (tmp_path / "memory.oom_control").write_text("oom_kill_disable 0\nunder_oom 0\noom_kill 2\n")
    assert binder.killed(tmp_path) == 2
