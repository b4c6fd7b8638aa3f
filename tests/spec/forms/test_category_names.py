"""The registered poor are called as the field calls them in the term, wherever a category stands."""

from __future__ import annotations

import pandas as pd
import pytest

from auditlib.base.places import ROOT
from auditlib.desk.value_words import value_word
from auditlib.forms.ledgers.books import _titled_rows
from auditlib.law.policy import in_force, read_policy
from auditlib.terminal.printed import plain_rows, policy_lines
from auditlib.workbench.shown import Labels

POLICY = read_policy(["national"], ROOT)


@pytest.mark.parametrize(
    ("term", "name", "other"), [("2020-autumn", "建档立卡", "脱贫户"), ("2021-spring", "脱贫户", "建档立卡")]
)
def test_a_category_has_its_name_of_the_term(term: str, name: str, other: str) -> None:
    rows = pd.DataFrame({"categories": [["registered_poor", "disabled"], None], "found": [None, None]})
    assert _titled_rows(rows, term, "zh")["categories"].tolist()[0] == [name, "残疾"]
    assert Labels("zh", {}, term).of("category", "registered_poor") == name
    assert value_word("category", "registered_poor", POLICY, "zh", term) == name
    standards = plain_rows(in_force(POLICY, term).to_dict("records"))
    policy_text = "\n".join(policy_lines(standards, "zh", county="样县", term=term)).split("依据")[0]
    assert name in policy_text and other not in policy_text
