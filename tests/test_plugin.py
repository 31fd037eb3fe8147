"""The pytest plugin, as somebody uses it who reads testing.md: its example is run, in a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from airisk_tui.reference import section

ROOT = Path(__file__).parent.parent

TESTS = {
    "test_ends_otherwise": """
def test_it(airisk_flow):
    flow = airisk_flow(fault=["code-used"])
    assert flow.access_token is None
    assert flow.json["outcome"] == "token-refused"
    assert [one.response.status for one in flow.exchanges] == [302, 400]
    assert flow.outcome == "token"
""",
    "test_changes": """
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
""",
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What pytest with the plugin tells of these tests and of those in the documentation: one process for all of them."""
    folder = tmp_path_factory.mktemp("plugin")
    documented = dict(re.findall(r"```python\n# (\w+)\.py\n(.*?)```", section("testing", "fixtures"), re.DOTALL))
    for name, text in {**TESTS, **documented}.items():
        (folder / f"{name}.py").write_text(text, "utf-8")
    places = os.pathsep.join([str(ROOT), str(folder)])
    environment = {**os.environ, "PYTHONPATH": places, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environment |= {"AIRISK_TUI_HOME": str(folder / "home"), "PYTEST_ADDOPTS": ""}
    words = ["-m", "pytest", "-q", "-rA", "-p", "airisk_tui.pytest", "--strict-markers", "-W", "error", "."]
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    return done.stdout + done.stderr


def test_the_example_of_the_documentation_passes(told: str) -> None:
    assert told.count("PASSED test_shop.py::") == 3, told


def test_a_flow_that_ends_otherwise_says_why(told: str) -> None:
    assert "FAILED test_ends_otherwise.py::test_it" in told
    assert "E       AssertionError: assert 'token-refused' == 'token'" in told
    assert "Cause: " in told
    assert "[code-refused" in told


def test_a_sandbox_can_change_while_it_runs(told: str) -> None:
    assert "PASSED test_changes.py::test_it" in told, told
    assert "4 passed" in told and "1 failed" in told, told


def test_the_entry_point_names_the_plugin() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"airisk": "airisk_tui.pytest"}
