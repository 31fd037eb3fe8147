"""The fixture that starts hostile servers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.hostile.server import HostileServers


@pytest.fixture(scope="session")
def hostile_servers() -> Iterator[HostileServers]:
    servers = HostileServers()
    yield servers
    servers.stop()


@pytest.fixture
def hostile_url(hostile_servers: HostileServers) -> Callable[[str], str]:
    return hostile_servers.url
