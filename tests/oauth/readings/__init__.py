"""What the readers of `airisk_tui.oauth` make of many inputs (see `tests.kept`), in `kept.txt`."""

from __future__ import annotations

from pathlib import Path

from tests.kept import kept_text
from tests.oauth.readings.addresses import addresses
from tests.oauth.readings.answers import answers
from tests.oauth.readings.requests import requests
from tests.oauth.readings.texts import texts

KEPT = Path(__file__).with_name("kept.txt")


def said() -> str:
    """All of it."""
    return kept_text((*answers(), *addresses(), *requests(), *texts()))


def write() -> None:
    """The file anew."""
    KEPT.write_text(said(), "utf-8")
