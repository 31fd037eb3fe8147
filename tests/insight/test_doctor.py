"""The doctor: each thing that stands in the way of a callback, and silence on a machine where nothing does."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from airisk_tui.flow.doctor import BoundAddress, MachineFacts
from airisk_tui.flow.start.known import Host
from airisk_tui.insight.doctor import advise
from airisk_tui.insight.rendering import on_command_line
from tests.runs import URI

HEALTHY = MachineFacts(
    redirect_uri=URI, addresses=(BoundAddress("127.0.0.1", "free"),), resolves=("127.0.0.1",), browser="firefox"
)
BUSY = replace(HEALTHY, addresses=(BoundAddress("127.0.0.1", "busy", "nginx (pid 7)"),))
LOCALHOST = replace(HEALTHY, redirect_uri="http://localhost:8765/callback")
BAD_MACHINES = (
    ("doctor-uri", replace(HEALTHY, redirect_uri="http://[::1/callback", addresses=())),
    ("doctor-uri", replace(HEALTHY, redirect_uri="http://localhost:6667/")),
    ("doctor-busy", BUSY),
    ("doctor-privileged", replace(HEALTHY, addresses=(BoundAddress("127.0.0.1", "privileged"),))),
    ("doctor-excluded", replace(HEALTHY, addresses=(BoundAddress("127.0.0.1", "excluded"),))),
    (
        "doctor-family",
        replace(LOCALHOST, addresses=(BoundAddress("127.0.0.1", "free"), BoundAddress("::1", "unavailable"))),
    ),
    ("doctor-localhost", replace(LOCALHOST, resolves=("127.0.0.1", "192.0.2.7"))),
    (
        "doctor-not-here",
        replace(HEALTHY, redirect_uri="https://app.example.com/cb", addresses=(), resolves=("192.0.2.7",)),
    ),
    ("doctor-unregistered", replace(HEALTHY, registered=(URI + "/",))),
    ("doctor-elsewhere", replace(HEALTHY, host=Host(ssh=True))),
    ("doctor-browser", replace(HEALTHY, browser=None)),
    ("doctor-certificate", replace(HEALTHY, redirect_uri="https://127.0.0.1:8765/callback")),
    ("doctor-listen", replace(HEALTHY, listen="0.0.0.0:9000", addresses=())),
    ("doctor-public", replace(HEALTHY, listen="0.0.0.0:9000", listen_publicly=True)),
    ("doctor-proxy", replace(HEALTHY, proxied=True, host=Host(proxy=("HTTPS_PROXY",)))),
)


@pytest.mark.parametrize(("code", "facts"), BAD_MACHINES, ids=[code for code, _ in BAD_MACHINES])
def test_each_obstacle_is_named_alone(code: str, facts: MachineFacts) -> None:
    assert [found.code for found in advise(facts)] == [code]


def test_a_healthy_machine_gets_no_advice() -> None:
    assert advise(HEALTHY) == ()
    assert advise(replace(HEALTHY, registered=(URI,))) == ()


def test_L3_a_busy_port_names_its_holder_and_is_only_a_warning_where_pasting_is_possible() -> None:
    assert "nginx (pid 7)" in advise(BUSY)[0].title
    assert advise(BUSY)[0].severity == "error"
    assert advise(replace(BUSY, mode="paste"))[0].severity == "warning"
    assert advise(replace(BUSY, mode="direct")) == ()


def test_a_redirect_uri_of_another_host_is_heard_where_a_proxy_passes_it_on() -> None:
    behind_proxy = replace(HEALTHY, redirect_uri="https://app.example.com/cb", listen="127.0.0.1:9000")
    assert advise(replace(behind_proxy, resolves=("192.0.2.7",))) == ()
    taken = advise(replace(behind_proxy, addresses=(BoundAddress("127.0.0.1", "busy"),)))
    assert taken[0].title == "Port 9000 of the listener's own address is taken by another program."


def test_in_a_container_the_doctor_names_the_mapping() -> None:
    found = advise(replace(HEALTHY, host=Host(container=True)))
    assert [one.code for one in found] == ["doctor-elsewhere"]
    assert "--listen 0.0.0.0:8765, add --listen-publicly" in on_command_line(found[0].fix)
    mapped = replace(HEALTHY, host=Host(container=True), listen="0.0.0.0:8765", listen_publicly=True)
    assert [one.code for one in advise(mapped)] == ["doctor-public"]


@pytest.mark.parametrize("host", [Host(ssh=True), Host(ssh=True, container=True)])
def test_the_ssh_line_is_the_exact_one(host: Host) -> None:
    found = advise(replace(HEALTHY, host=host))[0]
    assert "ssh -N -L 127.0.0.1:8765:127.0.0.1:8765" in on_command_line(found.fix)
