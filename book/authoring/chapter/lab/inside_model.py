"""How many are inside a system, by Little's law: the model with which a new chapter begins, until it has its own.

    inside = rate x time inside

It holds for the averages of any system in which as many leave as come, however they come and in which order they are
served. Write here what yours takes for granted, and its source with the day on which you opened it.
"""


def inside(rate: float, seconds: float) -> float:
    """Return the mean number inside: `rate` come in a second, and each stays for `seconds`.

    ValueError for what is negative.
    """
    if not (rate >= 0 and seconds >= 0):
        raise ValueError(f"A rate and a time are 0 or more, not {rate} a second and {seconds} s.")
    return rate * seconds
