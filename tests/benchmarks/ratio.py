"""One way to measure and to tell: alternating with a yardstick in the same run, the best of each, one line, one verdict.

The best and not the mean: what else the machine does only ever adds. Where a tail is promised (p99), the tail is told too.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

Timed = Callable[[], float]


def stopwatch(work: Callable[[], object]) -> Timed:
    """The work, made to give the seconds that it took."""

    def timed() -> float:
        began = perf_counter()
        work()
        return perf_counter() - began

    return timed


def alternating(ours: Timed, yardstick: Timed, rounds: int) -> tuple[float, float]:
    """The best of each, after one round that warms up files and caches."""
    ours(), yardstick()
    pairs = [(ours(), yardstick()) for _ in range(rounds)]
    return min(mine for mine, _ in pairs), min(theirs for _, theirs in pairs)


def hold(what: str, ours: float, yardstick: str, theirs: float, bound: float, file: str, unit: str = "ms") -> None:
    """Print the line and fail when the bound is not kept. ours and theirs: in seconds for "ms", else as they are."""
    ratio = ours / theirs
    scale = 1000 if unit == "ms" else 1
    print(
        f"\n{what}: {ours * scale:.2f} {unit} | {yardstick}: {theirs * scale:.2f} {unit} | ratio {ratio:.2f}, "
        f"at most {bound:g} | {'pass' if ratio <= bound else 'FAIL'} | pytest -m bench -s {_place(file)}"
    )
    assert ratio <= bound, f"{what} takes {ratio:.2f} times {yardstick}, and at most {bound:g} is promised."


def _place(file: str) -> str:
    return file[file.rindex("tests/") :]
