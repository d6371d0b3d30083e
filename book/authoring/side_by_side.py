"""Commands, two at a time and each a process of its own. What one prints is shown in one piece, when it has ended."""

import asyncio
import signal
import sys
import tempfile
from collections.abc import Iterable, Sequence

AT_ONCE = 2


async def run_all(commands: Iterable[Sequence[str]]) -> int:
    """Run the commands in their order, two at a time; the highest exit code. Cancelled, it ends those that run."""
    free = asyncio.Semaphore(AT_ONCE)

    async def run_one(command: Sequence[str]) -> int:
        async with free:
            # A file, not a pipe: a kernel that were left behind would hold a pipe open. A session of its own, so that a
            # terminal's interrupt reaches this process alone, and each command is asked once to end.
            with tempfile.TemporaryFile() as output:
                process = await asyncio.create_subprocess_exec(
                    *command, stdout=output, stderr=output, start_new_session=True
                )
                try:
                    code = await process.wait()
                finally:
                    if process.returncode is None:
                        process.terminate()
                        await process.wait()
                output.seek(0)
                print(output.read().decode("utf-8", "replace"), end="", flush=True)
                return code

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(run_one(command)) for command in commands]
    return max((abs(task.result()) for task in tasks), default=0)


def run(commands: Iterable[Sequence[str]]) -> int:
    """Run the commands; the highest exit code, or 130 after an interrupt, when those that ran have ended."""

    async def until_interrupted() -> int:
        task = asyncio.ensure_future(run_all(commands))
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
        return await task

    try:
        return asyncio.run(until_interrupted())
    except asyncio.CancelledError:
        print("Interrupted.", file=sys.stderr)
        return 130
