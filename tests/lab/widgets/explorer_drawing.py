"""An explorer's drawing at a setting, read from its table as the script reads it."""

import json


def drawing_at(explorer, **setting):
    """Return as JSON, by moving part, the values of a curve, the coordinates of a point, or words with their places."""
    whole_setting = {**explorer.value, **setting}
    parts = []
    for part in explorer.spec["drawings"]["wide"]["moving"]:
        output = part["output"]
        if part["kind"] == "curve":
            over = next(control for control in explorer.spec["controls"] if control["name"] == part["over"])
            parts.append([explorer.at(**{**whole_setting, part["over"]: value})[output] for value in over["values"]])
        elif part["kind"] == "point":
            parts.append([whole_setting[part["over"]], explorer.at(**whole_setting)[output]])
        else:
            assert part["kind"] == "words"
            parts.append(part["words"][explorer.at(**whole_setting)[output]])
    return json.dumps(parts)


def assert_each_control_moves_the_drawing(explorer, **setting):
    """From a setting, or the present one, no two values of any control have the same drawing."""
    for control in explorer.spec["controls"]:
        pictures = {drawing_at(explorer, **{**setting, control["name"]: value}) for value in control["values"]}
        assert len(pictures) == len(control["values"]), control["name"]


def assert_within_the_axes(explorer):
    """Every value of a curve or a point lies between the ends of its axis."""
    table = json.loads(explorer.table)
    for drawing in explorer.spec["drawings"].values():
        for part in drawing["moving"]:
            if part["kind"] != "words":
                low, high = part["y"]["values"]
                values = [value for value in table[part["output"]] if value is not None]
                assert low <= min(values) <= max(values) <= high, part["output"]
