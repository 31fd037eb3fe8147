"""`python -m tests.reports`: plays every report, and writes anew which are open and the last column of README.md."""

from __future__ import annotations

import re
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.reports.judging import wrong
from tests.reports.kinds import KINDS
from tests.reports.playing import played

FOLDER = Path(__file__).parent
NAMED = {f"{kind}/{report.name}": report for kind, reports in KINDS.items() for report in reports}


def complaints(name: str) -> list[str]:
    """What is missing of the right answer."""
    report = NAMED[name]
    with TemporaryDirectory() as folder:
        return wrong(report.right, played(report.play, Path(folder)))


def main() -> None:
    """Play, say what is wrong of those that match the arguments, and write."""
    chosen = [name for name in NAMED if not sys.argv[1:] or any(word in name for word in sys.argv[1:])]
    with ProcessPoolExecutor(2) as pool:
        came = dict(zip(chosen, pool.map(complaints, chosen), strict=True))
    for name, said in came.items():
        if said:
            print(f"{name}\n  " + "\n  ".join(said))
    print(f"{sum(not said for said in came.values())} of {len(came)} are answered rightly.")
    if len(chosen) == len(NAMED):
        write(sorted(name for name, said in came.items() if said))


def write(names: list[str]) -> None:
    """open.py, and the column of README.md."""
    path = FOLDER / "open.py"
    listed = "".join(f'        "{name}",\n' for name in names)
    head = path.read_text(encoding="utf-8").partition("OPEN")[0]
    made = f"OPEN = frozenset(\n    {{\n{listed}    }}\n)\n" if names else "OPEN: frozenset[str] = frozenset()\n"
    path.write_text(head + made, encoding="utf-8")
    rows = {kind: sum(name.startswith(f"{kind}/") for name in names) for kind in KINDS} | {"all": len(names)}
    readme = FOLDER / "README.md"

    def row(found: re.Match[str]) -> str:
        return f"{found[1]}{int(found[3]) - rows[found[2]]} |" if found[2] in rows else found[0]

    text = re.sub(r"^(\| `?(\w+)`? \| (\d+) \| \d+ \| )\d+ \|$", row, readme.read_text(encoding="utf-8"), flags=re.M)
    readme.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
