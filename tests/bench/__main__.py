"""`python -m tests.bench [--only N]`: our figure, the limit, the ratio of the two, and whether the goal holds.

Goals are ratios, both sides in one run on one machine, medians of short alternating runs. Exit 1: one does not hold.
"""

import argparse
import asyncio
import os
import pathlib
import sys
import tempfile
import time

from tests.bench.goals import GOALS
from tests.bench.measure import Bench, Line
from tests.bench.stage import databases


def show(line: Line) -> None:
    """Print one line of the table."""
    verdict = {True: "holds", False: "DOES NOT HOLD", None: ""}[line.holds]
    print(
        f"{line.goal:>3}  {line.what:<48} {line.ours:<34} {line.against:<52} {line.ratio:<26} {verdict}".rstrip(),
        flush=True,
    )


def main() -> int:
    """Measure, print, and tell by the exit code whether all goals hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=list(GOALS), help="this goal; may be given again")
    parser.add_argument("--seconds", type=float, default=1.2, help="of each run")
    parser.add_argument("--rounds", type=int, default=7, help="how often each side has its turn")
    asked = parser.parse_args()
    load = " ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"{os.cpu_count()} cores, load {load}; the load comes from this process, by asyncio.", flush=True)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="folkmoot-bench-") as directory:
        path = pathlib.Path(directory)
        with databases(path) as both:
            bench = Bench(both, path, asked.seconds, asked.rounds, say=show)
            for name in asked.only or GOALS:
                asyncio.run(GOALS[name](bench))
    failed = sum(line.holds is False for line in bench.lines)
    print(f"{len(bench.lines)} lines in {time.perf_counter() - began:.0f} s; {failed} do not hold.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
