"""A draft with what the command line changes in it: plain values by field, which can be had before anything is imported."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from airisk_tui.engine.draft import Draft
from airisk_tui.engine.environments import with_fields
from airisk_tui.oauth.params import Params

Changes = Mapping[str, Any]
"""By field of a `Draft`: params and token_params as pairs of text; `fields` for the dialect's names that are changed."""

NO_CHANGES: Changes = MappingProxyType({})


def changed(draft: Draft, changes: Changes) -> Draft:
    """The draft with the changes; ConfigurationError for a field that the dialect does not have."""
    values = dict(changes)
    fields = values.pop("fields", None)
    if fields:
        values["dialect"] = with_fields("Among the options", draft.dialect, fields)
    for name in {"params", "token_params"} & values.keys():
        values[name] = Params(tuple(values[name]))
    return draft.to(**values)
