"""The faults that the issuer can be told to play."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from airisk_tui.sandbox.standard.faults.authorization import AUTHORIZATION_FAULTS
from airisk_tui.sandbox.standard.faults.fault import Fault
from airisk_tui.sandbox.standard.faults.later import LATER_FAULTS
from airisk_tui.sandbox.standard.faults.metadata import METADATA_FAULTS
from airisk_tui.sandbox.standard.faults.token import ID_TOKEN_FAULTS, TOKEN_FAULTS

STANDARD_FAULTS: Mapping[str, Fault] = MappingProxyType(
    {
        fault.name: fault
        for fault in (*METADATA_FAULTS, *AUTHORIZATION_FAULTS, *TOKEN_FAULTS, *ID_TOKEN_FAULTS, *LATER_FAULTS)
    }
)
