"""Runs a command and says what it and all its processes cost; run as a module, knows no Django.

    python -m peerplan.demo.bench.family COMMAND [ARGUMENT ...]

prints one line of JSON: seconds of CPU and of the clock, and the largest sum of resident memory
(each shared page counted once: "proportional set size") seen while it ran, 0 where unknown.
"""

import ctypes
import json
import os
import resource
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
PAUSE = 0.05


def descendants() -> list[int]:
    """The processes below this one, as Linux lists them."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError, IndexError):
            parent = int(entry.read_text().rpartition(")")[2].split()[1])
            parents.setdefault(parent, []).append(int(entry.parent.name))
    found: list[int] = []
    todo = [os.getpid()]
    while todo:
        below = parents.get(todo.pop(), [])
        found += below
        todo += below
    return found


def memory(processes: list[int]) -> int:
    """The sum of the proportional set sizes of processes, in bytes."""
    total = 0
    for process in processes:
        with suppress(OSError, ValueError):
            for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
    return total


def run(command: list[str]) -> dict[str, float | int]:
    """What a command costs. Processes that it leaves behind are waited for and counted too."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    began = time.perf_counter()
    first = subprocess.Popen(  # noqa: S603  the measurement's own command
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    peak, code = 0, 0
    while True:
        try:
            process, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            break
        if process == first.pid:
            code = os.waitstatus_to_exitcode(status)
        if not process:
            peak = max(peak, memory(descendants()))
            time.sleep(PAUSE)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "code": code,
        "cpu": used.ru_utime + used.ru_stime,
        "wall": time.perf_counter() - began,
        "peak_bytes": peak,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(run(sys.argv[1:])) + "\n")
