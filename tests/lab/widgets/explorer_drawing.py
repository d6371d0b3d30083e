"""What a reader sees of an explorer's drawing at a setting, read from its table as the script reads it."""

import json


def seen(explorer, **setting):
    """By moving part what it shows: all of a curve, where a point is, or which words stand where."""
    chosen = {**explorer.value, **setting}
    shown = []
    for item in explorer.spec["drawings"]["wide"]["moving"]:
        output = item["output"]
        if item["kind"] == "curve":
            over = next(control for control in explorer.spec["controls"] if control["name"] == item["over"])
            shown.append([explorer.at(**{**chosen, item["over"]: value})[output] for value in over["values"]])
        elif item["kind"] == "point":
            shown.append([chosen[item["over"]], explorer.at(**chosen)[output]])
        else:
            assert item["kind"] == "words"
            shown.append(item["words"][explorer.at(**chosen)[output]])
    return json.dumps(shown)


def assert_each_control_moves_the_drawing(explorer, **setting):
    """From a setting, or the first one, no two values of any control show the same."""
    for control in explorer.spec["controls"]:
        shown = {seen(explorer, **{**setting, control["name"]: value}) for value in control["values"]}
        assert len(shown) == len(control["values"]), control["name"]


def assert_within_the_axes(explorer):
    """Every value of a curve or a point lies between the ends of its axis."""
    table = json.loads(explorer.table)
    for drawing in explorer.spec["drawings"].values():
        for item in drawing["moving"]:
            if item["kind"] != "words":
                low, high = item["y"]["values"]
                known = [value for value in table[item["output"]] if value is not None]
                assert low <= min(known) <= max(known) <= high, item["output"]
