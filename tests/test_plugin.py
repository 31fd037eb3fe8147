"""The pytest plugin, as somebody uses it who reads testing.md: its example is run, in a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from airisk_tui.reference import section

ROOT = Path(__file__).parent.parent
Pytest = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run_pytest(tmp_path: Path) -> Pytest:
    """Write the files, and run their tests with the plugin."""

    def run(**files: str) -> subprocess.CompletedProcess[str]:
        for name, text in files.items():
            (tmp_path / f"{name}.py").write_text(text, "utf-8")
        places = os.pathsep.join([str(ROOT), str(tmp_path)])
        environment = {**os.environ, "PYTHONPATH": places, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        environment |= {"AIRISK_TUI_HOME": str(tmp_path / "home"), "PYTEST_ADDOPTS": ""}
        words = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "airisk_tui.pytest",
            "--strict-markers",
            "-W",
            "error",
            ".",
        ]
        return subprocess.run(
            words, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
        )

    return run


def test_the_example_of_the_documentation_passes(run_pytest: Pytest) -> None:
    blocks = re.findall(r"```python\n# (\w+)\.py\n(.*?)```", section("testing", "fixtures"), re.DOTALL)
    done = run_pytest(**dict(blocks))
    assert (done.returncode, "3 passed" in done.stdout) == (0, True), done.stdout + done.stderr


def test_a_flow_that_ends_otherwise_says_why(run_pytest: Pytest) -> None:
    done = run_pytest(
        test_it="""
        def test_it(airisk_flow):
            flow = airisk_flow(fault=["code-used"])
            assert flow.access_token is None
            assert flow.json["outcome"] == "token-refused"
            assert [one.response.status for one in flow.exchanges] == [302, 400]
            assert flow.outcome == "token"
        """.replace("\n        ", "\n")
    )
    assert "E       AssertionError: assert 'token-refused' == 'token'" in done.stdout
    assert "Cause: " in done.stdout
    assert "[code-refused" in done.stdout


def test_a_sandbox_can_change_while_it_runs(run_pytest: Pytest) -> None:
    done = run_pytest(
        test_it="""
        import asyncio

        async def flow_in_a_loop(airisk_flow):
            return airisk_flow(base_url="http://127.0.0.1:1", client_id="a", redirect_uri="http://127.0.0.1:2/b").outcome

        def test_it(airisk, airisk_flow, monkeypatch):
            monkeypatch.setenv("AIRISK_CLIENT_SECRET", airisk.client_secret)
            airisk.register("http://127.0.0.1:2/new")
            given = {"base_url": airisk.base_url, "client_id": airisk.client_id, "redirect_uri": "http://127.0.0.1:2/new"}
            assert airisk_flow(**given).access_token
            airisk.play("denied")
            assert airisk_flow(**given).codes == ("access-denied",)
            assert [call.method for call in airisk.calls] == ["GET", "POST", "GET"]
            assert asyncio.run(flow_in_a_loop(airisk_flow)) == "transport"
        """.replace("\n        ", "\n")
    )
    assert done.returncode == 0, done.stdout


def test_the_entry_point_names_the_plugin() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"airisk": "airisk_tui.pytest"}
