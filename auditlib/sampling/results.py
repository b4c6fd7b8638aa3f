"""What all results share: a form that JSON can hold."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any


class Result:
    """What a figure has besides its own fields: the way into JSON."""

    def to_dict(self) -> dict[str, Any]:
        """Its fields as JSON holds them."""
        return dict(json_types(self))


def json_types(value: Any) -> Any:
    """``value`` as dicts, lists, strings and finite numbers: amounts become text, infinities become None."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: json_types(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): json_types(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [json_types(item) for item in value]
    if value is None or isinstance(value, bool | str):
        return value
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, Decimal | Fraction):
        return str(value)
    if hasattr(value, "item"):  # a NumPy scalar
        return json_types(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, int) else str(value)
