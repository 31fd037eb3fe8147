"""`make audit`: known vulnerabilities in what is installed, by pip-audit, where a database can be reached.

Exit code 0: none known, or no database could be asked (it says so); 1: there are some; 2: pip-audit is not installed.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

PATIENCE = 120.0
"""Seconds in all: some hundred packages, one small question each, and a machine without a network answers none."""

QUESTION = 10
"""Seconds for one question to the database."""


def audit(command: Sequence[str], patience: float = PATIENCE) -> int:
    """Run pip-audit and say what it found."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=patience, check=False)
    except subprocess.TimeoutExpired:
        return _unreachable(f"it did not answer within {patience:.0f} seconds")
    found = _report(done.stdout)
    if found is None:
        last = (done.stderr.strip().splitlines() or ["pip-audit said nothing"])[-1]
        return _unreachable(last)
    reasons = [str(one["skip_reason"]) for one in found if "skip_reason" in one]
    if len(reasons) == len(found):
        return _unreachable(reasons[-1] if reasons else "it was asked about no package")
    vulnerable = [one for one in found if one.get("vulns")]
    for one in vulnerable:
        for known in one["vulns"]:
            fixed = ", ".join(known.get("fix_versions") or ["no version yet"])
            print(f"{one['name']} {one['version']}: {known['id']}, fixed in {fixed}")
    checked = len(found) - len(reasons)
    print(f"{checked} packages were checked, {len(vulnerable)} have known vulnerabilities, {len(reasons)} skipped.")
    return 1 if vulnerable else 0


def _report(text: str) -> list[dict[str, Any]] | None:
    try:
        found = json.loads(text)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return None
    return found if isinstance(found, list) else None


def _unreachable(why: str) -> int:
    print(f"Nothing was checked: no database of known vulnerabilities could be asked. Its last words: {why}")
    print("Run it again where there is a network.")
    return 0


def main() -> int:
    """The command."""
    if importlib.util.find_spec("pip_audit") is None:
        print("pip-audit is not installed; `pip install -e '.[dev]'` brings it.")
        return 2
    options = [
        "--local",
        "--skip-editable",
        "--progress-spinner",
        "off",
        "--format",
        "json",
        "--timeout",
        str(QUESTION),
    ]
    return audit([sys.executable, "-m", "pip_audit", *options])


if __name__ == "__main__":
    sys.exit(main())
