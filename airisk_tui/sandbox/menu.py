"""The faults of each sandbox server. Imports no server."""

from __future__ import annotations

from collections.abc import Mapping

from airisk_tui.sandbox.fault import NamedFault


def menu_of(dialect: str) -> Mapping[str, NamedFault]:
    """The faults of the sandbox server of this dialect, by name."""
    if dialect == "standard":
        from airisk_tui.sandbox.standard.faults import STANDARD_FAULTS

        return STANDARD_FAULTS
    from airisk_tui.sandbox.airisk.faults import FAULTS

    return FAULTS
