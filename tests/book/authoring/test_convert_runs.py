"""Recorded runs of the older form: brought up to date, refused where they were changed, and nothing measured."""

import hashlib
import json
from pathlib import Path

import pytest

from book.authoring import convert_runs
from book.authoring.convert_runs import convert, new_name
from lab.instruments import runs
from tests.lab.instruments.test_runs import CARD

BEFORE = json.loads((Path(__file__).parents[2] / "data" / "series_before_conversion.json").read_text("utf-8"))


def write_older_form(directory, name="03-waiting", **changes):
    """Write a small run as it was stored before, with its checksum; then change it by hand. Return its path."""
    run = {
        "name": name,
        "what": "waiting, made up in a test",
        "units": {"load 0.5": "s"},
        "series": {"load 0.5": [0.001235, 2.0]},
        "machine": vars(CARD),
        "made_by": "make record",
        "detail": {"servers": 1, "loads": [0.5]},
    }
    path = directory / f"{name}.json"
    runs.write(run, path)
    if changes:
        path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes), "utf-8")
    return path


def files(directory):
    return sorted(path.relative_to(directory).as_posix() for path in directory.rglob("*.*"))


def test_a_run_moves_to_its_topic_with_its_picture_a_payload_and_a_new_checksum(tmp_path):
    old = write_older_form(tmp_path)
    before = json.loads(old.read_text("utf-8"))
    old.with_suffix(".png").write_bytes(b"a picture")
    assert convert(tmp_path) == ["when_full/waiting"]
    assert files(tmp_path) == ["when_full/waiting.json", "when_full/waiting.png"]
    assert (tmp_path / "when_full" / "waiting.png").read_bytes() == b"a picture"
    after = json.loads((tmp_path / "when_full" / "waiting.json").read_text("utf-8"))
    checksum = after.pop("checksum")
    assert checksum == runs.checksum(after) != before.pop("checksum")
    assert after == {key: before[key] for key in ("what", "units", "series", "machine", "made_by")} | {
        "name": "when_full/waiting", "payload": before["detail"],
    }  # fmt: skip
    assert convert(tmp_path) == [], "a second time there is nothing to convert"


def test_a_run_that_was_changed_by_hand_is_refused_and_no_other_is_touched(tmp_path):
    write_older_form(tmp_path, "01-page-visit")
    write_older_form(tmp_path, series={"load 0.5": [0.001, 2.0]})
    with pytest.raises(ValueError, match=r"^03-waiting is not as it was recorded: its checksum differs\.$"):
        convert(tmp_path)
    assert files(tmp_path) == ["01-page-visit.json", "03-waiting.json"]


@pytest.mark.parametrize("name", ["waiting", "99-waiting", "when_full/waiting", ""])
def test_an_unknown_name_is_refused(name):
    with pytest.raises(ValueError, match="is no name of a run of the older form, such as 03-waiting"):
        new_name(name)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("01-page-visit", "one_request/page_visit"), ("03-site", "site/filling"), ("05-trips", "between_tiers/trips"),
        ("05-boxes", "tiers/boxes"), ("bench-one-server", "bench/one_server"),
    ],
)  # fmt: skip
def test_names_by_topic(old, new):
    assert new_name(old) == new


def test_the_command_says_what_it_converted(tmp_path, monkeypatch, capsys):
    write_older_form(tmp_path)
    monkeypatch.setattr("sys.argv", ["convert_runs", str(tmp_path)])
    assert (convert_runs.main(), convert_runs.main()) == (0, 0)
    assert capsys.readouterr().out == "converted: when_full/waiting\nNo run is of the older form.\n"


def digest(values):
    """Sixteen digits of a series, as they were taken before the conversion."""
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:16]


def test_the_conversion_changed_no_series():
    """A run that was measured anew since has another checksum, and is passed over."""
    compared = 0
    for name, before in BEFORE.items():
        run = json.loads((runs.DIRECTORY / f"{name}.json").read_text("utf-8"))
        if run["checksum"] == before["checksum"]:
            assert {series: digest(values) for series, values in run["series"].items()} == before["series"], name
            compared += 1
    assert compared
