"""Which of many values that are alike a test sees each day; it sees all of them in `make test-ci`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import pytest
from _pytest.mark import ParameterSet


def with_the_rest_in_ci(values: Iterable[Any], each_day: Collection[Any]) -> list[ParameterSet]:
    """Parameters for `pytest.mark.parametrize`: those that are not among `each_day` have the marker `ci`."""
    return [
        pytest.param(
            *(value if isinstance(value, tuple) else (value,)), marks=() if value in each_day else pytest.mark.ci
        )
        for value in values
    ]
