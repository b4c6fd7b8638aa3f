"""params/schema: what a parameter file or a policy may hold, as JSON Schema, so that an editor completes and checks it."""

from __future__ import annotations

import json
from typing import Any

from auditlib.base.declared_fields import json_schema
from auditlib.base.language import Text
from auditlib.city.parameters import ReCheck
from auditlib.documents.policy_schema import NAME as POLICY
from auditlib.documents.policy_schema import policy_schema
from auditlib.law.parameters import SelfCheck
from auditlib.province.parameters import Province
from auditlib.trend.parameters import Trend

DECLARATIONS: dict[str, tuple[type, Text]] = {
    "self-check.json": (SelfCheck, Text("县级自查的参数", "Parameters of a county's self-check")),
    "re-check.json": (ReCheck, Text("市级复查的参数", "Parameters of a city's re-check")),
    "province.json": (Province, Text("省里运行的参数", "Parameters of a province's run")),
    "trend.json": (Trend, Text("各学期对比的参数", "Parameters of a look over the terms")),
}
FILES = (*DECLARATIONS, POLICY)


def schema(name: str) -> dict[str, Any]:
    """The schema of the file ``name`` below params/schema."""
    if name == POLICY:
        return policy_schema()
    declaration, title = DECLARATIONS[name]
    return json_schema(declaration, title)


def schema_file(name: str) -> str:
    """The same as it stands in the file."""
    return json.dumps(schema(name), ensure_ascii=False, indent=1) + "\n"
