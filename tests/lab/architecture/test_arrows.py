"""Where the number and the words of one arrow may stand. Whole pictures are in test_diagram.py."""

from lab.architecture.arrows import NUMBER_RADIUS, Arrow, _candidates


def arrow(*corners):
    return Arrow("a", "b", {"kind": "request"}, "web", corners)


def places(*corners, text="words", numbered=True):
    return [
        (mark.centre, mark.label and (mark.label.x, mark.label.y, mark.label.anchor))
        for mark in _candidates(arrow(*corners), text, numbered)
    ]


def test_words_of_a_level_arrow_stand_beside_its_number_and_then_above_and_below():
    off = NUMBER_RADIUS + 4
    assert places((0, 50), (200, 50))[:4] == [
        ((80, 50), (80 + off, 44, "start")), ((80, 50), (80 + off, 65, "start")),
        ((80, 50), (80, 50 - off - 2, "middle")), ((80, 50), (80, 50 + off + 10, "middle")),
    ]  # fmt: skip


def test_words_of_an_upright_arrow_stand_at_its_right_and_then_at_its_left():
    off = NUMBER_RADIUS + 4
    right, left = ((50 + off, 104, "start"), (50 - off, 104, "end"))
    assert places((50, 0), (50, 200))[:2] == [((50, 100), right), ((50, 100), left)]
    assert places((50, 0), (50, 200), numbered=False)[0] == ((50, 100), (56, 104, "start"))


def test_longest_part_comes_first_and_a_short_one_has_no_room():
    centres = [centre for centre, _ in places((0, 0), (30, 0), (30, 300), (31, 300), text="")]
    assert centres[:7] == [(30, 150), (30, 120), (30, 180), (30, 90), (30, 210), (30, 60), (30, 240)]
    assert centres[7:] == [(15, 0), (12, 0), (18, 0), (9, 0), (21, 0), (6, 0), (24, 0)]
