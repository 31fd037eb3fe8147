"""Servers and a client for the tests of the engine."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from airisk_tui.engine.client.exchange import Client
from tests.hostile.server import HostileServers


@pytest.fixture(scope="module")
def servers() -> Iterator[HostileServers]:
    servers = HostileServers()
    yield servers
    servers.stop()


@pytest_asyncio.fixture
async def client() -> AsyncIterator[Client]:
    client = Client()
    yield client
    await client.aclose()
