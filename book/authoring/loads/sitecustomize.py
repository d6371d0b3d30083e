"""Python runs this first in every process that has this folder on its path: it notes which files the process opens.

    LOADS_BELOW     the folder whose files matter, without links in its path
    LOADS_NOTED_IN  where their paths below that folder are appended, one a line

A file that another program is started with is noted too, since that program may be a Python that runs nothing of the
kind (`-I`, `-S`). Without the variables nothing is done.
"""

import os
import sys

BELOW = os.environ.get("LOADS_BELOW", "") + os.sep
NOTED_IN = os.environ.get("LOADS_NOTED_IN")
noted_paths: set[str] = set()


def paths(event: str, arguments: tuple) -> list:
    """What an audit event names that may be a file's path: that of `open`, or the words of a command."""
    if event == "open":
        return [arguments[0]]
    if event == "subprocess.Popen":
        command = arguments[1]
        return [command] if isinstance(command, str | bytes | os.PathLike) else list(command)
    return []


def note(event: str, arguments: tuple) -> None:
    """An audit hook. What it cannot write down it raises, so that nothing is missed in silence."""
    for path in paths(event, arguments):
        if not isinstance(path, str | bytes | os.PathLike):
            continue  # a descriptor that is open already
        absolute = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 (pathlib opens nothing, and may be half gone at exit)
        if absolute.startswith(BELOW) and absolute not in noted_paths and os.path.isfile(absolute):  # noqa: PTH113
            noted_paths.add(absolute)
            # one write of one line, so that processes do not mix theirs; os.open is heard as well, and is no file below
            descriptor = os.open(NOTED_IN, os.O_WRONLY | os.O_APPEND)
            try:
                os.write(descriptor, os.fsencode(absolute[len(BELOW) :] + "\n"))
            finally:
                os.close(descriptor)


if NOTED_IN:
    sys.addaudithook(note)
