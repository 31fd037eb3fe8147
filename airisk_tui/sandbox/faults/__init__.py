"""The faults that the sandbox can be told to play."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from airisk_tui.sandbox.choice import chosen
from airisk_tui.sandbox.faults.access import ACCESS_FAULTS
from airisk_tui.sandbox.faults.authorize import AUTHORIZE_FAULTS
from airisk_tui.sandbox.faults.fault import Fault
from airisk_tui.sandbox.faults.token import TOKEN_FAULTS

FAULTS: Mapping[str, Fault] = MappingProxyType(
    {fault.name: fault for fault in (*AUTHORIZE_FAULTS, *TOKEN_FAULTS, *ACCESS_FAULTS)}
)


def faults_named(names: Iterable[str]) -> tuple[Fault, ...]:
    """The faults with these names, each once, in their order. Raises ValueError, with a suggestion, for an unknown name."""
    return chosen(names, FAULTS)
