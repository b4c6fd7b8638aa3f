"""The law: both sides of every date, overlays, tiers, and what is refused by name."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from editor_yaml import Editor
from jsonschema import Draft202012Validator

from auditlib.base.errors import UsageError
from auditlib.base.places import POLICIES
from auditlib.base.terms import first_day
from auditlib.documents.policy_schema import policy_schema
from auditlib.law.policy import Policy, in_force, read_policy

SHIPPED_FILES = sorted(path.stem for path in POLICIES.glob("*.yaml"))


def policy(*names: str) -> Policy:
    return read_policy(list(names), POLICIES)


def amounts(
    law: Policy, term: str, scheme: str, stage: str, category: str | None
) -> list[tuple[Decimal | None, ...]]:
    table = in_force(law, term)
    fits = (
        (table["scheme"] == scheme)
        & (table["stage"] == stage)
        & (table["category"].isna() if category is None else table["category"] == category)
    )
    return [tuple(row) for row in table.loc[fits, ["minimum", "maximum", "due"]].itertuples(index=False)]


def _terms_about(day: dt.date) -> tuple[str, str]:
    """The last term that begins before ``day`` and the first that begins on or after it."""
    terms = [
        f"{year}-{season}" for year in range(day.year - 1, day.year + 2) for season in ("spring", "autumn")
    ]
    before = max((t for t in terms if first_day(t) < day), key=first_day)
    return before, min((t for t in terms if first_day(t) >= day), key=first_day)


def _dates() -> Iterator[tuple[str, str, str, dt.date]]:
    for name in SHIPPED_FILES:
        names = [name] if name == "national" else ["national", name]
        for scheme in policy(*names).schemes.values():
            for stage, amounts_by_day in scheme.per_term.items():
                for day in amounts_by_day:
                    yield name, scheme.id, stage, day


@pytest.mark.parametrize(("name", "scheme", "stage", "day"), sorted(set(_dates())), ids=str)
def test_a_value_holds_from_its_date_and_not_before(name: str, scheme: str, stage: str, day: dt.date) -> None:
    law = policy("national") if name == "national" else policy("national", name)
    before, after = (in_force(law, term) for term in _terms_about(day))
    one = law.schemes[scheme].covers_stages()[0] if stage == "any" else stage
    of_before, of_after = (
        table[(table["scheme"] == scheme) & (table["stage"] == one)] for table in (before, after)
    )
    assert (of_after["since"] == day).all() and len(of_after)
    assert (of_before["since"] < day).all()


@pytest.mark.parametrize(
    ("term", "scheme", "stage", "yuan"),
    [
        ("2023-autumn", "boarder_allowance", "primary", "500"), ("2024-spring", "boarder_allowance", "primary", "625"),
        ("2023-autumn", "boarder_allowance", "junior", "625"), ("2024-spring", "boarder_allowance", "junior", "750"),
        ("2019-autumn", "day_pupil_allowance", "primary", "250"), ("2024-spring", "day_pupil_allowance", "primary", "312.50"),
        ("2023-autumn", "day_pupil_allowance", "junior", "312.50"), ("2024-spring", "day_pupil_allowance", "junior", "375"),
        ("2024-autumn", "senior_grant", "senior", "1000"), ("2025-spring", "senior_grant", "senior", "1150"),
        ("2024-autumn", "vocational_grant", "vocational", "1000"), ("2025-spring", "vocational_grant", "vocational", "1150"),
    ],
)  # fmt: skip
def test_the_national_standards_are_those_published(term: str, scheme: str, stage: str, yuan: str) -> None:
    [(_, _, due)] = amounts(policy("national"), term, scheme, stage, "registered_poor")
    assert due == Decimal(yuan)


def test_day_pupils_are_due_nothing_before_autumn_2019() -> None:
    assert (
        amounts(policy("national"), "2019-spring", "day_pupil_allowance", "primary", "registered_poor") == []
    )


@pytest.mark.parametrize(
    "term", [f"{year}-{season}" for year in range(2010, 2027) for season in ("spring", "autumn")]
)
@pytest.mark.parametrize("name", SHIPPED_FILES)
def test_a_term_has_one_standard_for_each_scheme_stage_and_category(name: str, term: str) -> None:
    table = in_force(policy("national", name) if name != "national" else policy(name), term)
    assert not table.duplicated(["scheme", "stage", "category"]).any()


@pytest.mark.parametrize("name", SHIPPED_FILES)
def test_every_amount_names_its_document(name: str) -> None:
    law = policy("national", name) if name != "national" else policy(name)
    amounts = [
        (scheme.id, stage, day, category, amount)
        for scheme in law.schemes.values()
        for stage, amounts_by_day in scheme.per_term.items()
        for day, of_day in amounts_by_day.items()
        for category, amount in of_day.items()
    ]
    assert amounts and [place for *place, amount in amounts if amount and not amount.by] == []
    assert all(scheme.per_term or scheme.references for scheme in law.schemes.values())


@pytest.mark.parametrize("name", SHIPPED_FILES)
def test_no_alias_means_two_schemes(name: str) -> None:
    law = policy("national", name) if name != "national" else policy(name)
    aliases = [alias for scheme in law.schemes.values() for alias in {scheme.title.zh, *scheme.aliases}]
    assert len(aliases) == len(set(aliases))


def test_exclusion_is_told_from_both_sides() -> None:
    schemes = policy("national").schemes
    assert all(
        scheme.id in schemes[other].excludes for scheme in schemes.values() for other in scheme.excludes
    )


# --- reading ---------------------------------------------------------------------------------------------------------

BASE = """
title: {zh: 试, en: trial}
schemes:
  aid:
    title: {zh: 补助, en: aid}
    aliases: [补助]
    who: {stage: [primary], category: [low_income, disabled]}
    per_term: {primary: {2011-09-01: 500}}
    references: [一]
"""


BEYOND_A_SCHEMA = (
    "    excludes: [other]\n    references:",
    "    excludes: [aid]\n    references:",
    "references: [一]\n  other: {title: {zh: 又, en: more}, aliases: [补助]}",
    "2011-09-01: {min: 3, max: 2}",
    "2011-09-01: {min: 1, max: 2, average: 3}",
    "2011-09-01: 500.005",
)
"""What only the reader can refuse: other schemes, the order of amounts, parts of a cent."""


@pytest.fixture
def law(tmp_path: Path) -> Callable[..., Policy]:
    """Writes policy files and reads them over each other."""

    def write(*texts: str) -> Policy:
        paths = [tmp_path / f"p{number}.yaml" for number, _ in enumerate(texts)]
        for path, text in zip(paths, texts, strict=True):
            path.write_text(text, encoding="utf-8")
        return read_policy([str(path) for path in paths], tmp_path)

    return write


def test_a_later_file_extends_and_overrides(law: Callable[..., Policy]) -> None:
    above = "title: {zh: 地方, en: local}\nschemes: {aid: {aliases: [地方补助], per_term: {primary: {2020-09-01: 600}}, references: [二]}}"
    overlaid = law(BASE, above)
    assert overlaid.schemes["aid"].aliases == ("补助", "地方补助") and overlaid.schemes["aid"].references == (
        "一",
        "二",
    )
    assert amounts(overlaid, "2020-spring", "aid", "primary", "disabled") == [(Decimal(500),) * 3]
    assert amounts(overlaid, "2020-autumn", "aid", "primary", "disabled") == [(Decimal(600),) * 3]


@pytest.mark.parametrize("word", ["aliases: [又, 补助]", "title: {zh: 补助, en: more}"])
def test_a_later_file_does_not_give_a_spelling_to_another_scheme(
    law: Callable[..., Policy], word: str
) -> None:
    entry = {"title": "{zh: 又, en: more}"} | dict([word.split(": ", 1)])
    lines = "".join(f"    {key}: {value}\n" for key, value in entry.items())
    with pytest.raises(UsageError, match="补助") as refusal:
        law(BASE, f"title: {{zh: 地方, en: local}}\nschemes:\n  other:\n{lines}")
    assert "p1.yaml › schemes › other" in str(refusal.value) and "p0.yaml › aid" in str(refusal.value)


def test_tiers_have_a_lowest_a_highest_and_an_expected_amount(law: Callable[..., Policy]) -> None:
    tiers = law(BASE.replace("2011-09-01: 500", "2011-09-01: {min: 750, max: 1250, average: 1000}"))
    assert amounts(tiers, "2020-autumn", "aid", "primary", "low_income") == [
        (Decimal(750), Decimal(1250), Decimal(1000))
    ]


def test_without_an_average_the_lowest_is_expected(law: Callable[..., Policy]) -> None:
    tiers = law(BASE.replace("2011-09-01: 500", "2011-09-01: {min: 500, max: 1200}"))
    assert amounts(tiers, "2020-autumn", "aid", "primary", "low_income") == [
        (Decimal(500), Decimal(1200), Decimal(500))
    ]


def test_an_average_alone_is_neither_lowest_nor_highest(law: Callable[..., Policy]) -> None:
    average = law(BASE.replace("2011-09-01: 500", "2011-09-01: {average: 1150}"))
    assert amounts(average, "2020-autumn", "aid", "primary", "low_income") == [(None, None, Decimal(1150))]


def test_amounts_by_category_leave_the_others_without_a_standard(law: Callable[..., Policy]) -> None:
    policy_with_map = law(BASE.replace("2011-09-01: 500", "2011-09-01: {low_income: 300}"))
    assert amounts(policy_with_map, "2020-autumn", "aid", "primary", "low_income") == [(Decimal(300),) * 3]
    assert amounts(policy_with_map, "2020-autumn", "aid", "primary", "disabled") == []


def test_amounts_by_category_hold_where_the_scheme_is_for_everyone(law: Callable[..., Policy]) -> None:
    everyone = BASE.replace(", category: [low_income, disabled]", "").replace(
        "2011-09-01: 500", "2011-09-01: {low_income: 300, orphan: 400}"
    )
    standards = in_force(law(everyone), "2020-autumn")
    assert dict(zip(standards["category"], standards["due"], strict=True)) == {
        "low_income": 300,
        "orphan": 400,
    }


def test_any_stage_is_every_stage_entitled(law: Callable[..., Policy]) -> None:
    anyone = law(BASE.replace("{primary: {2011", "{any: {2011").replace("[primary]", "[primary, junior]"))
    assert set(in_force(anyone, "2020-autumn")["stage"]) == {"primary", "junior"}


def test_until_a_stage_has_an_amount_of_its_own_that_of_any_holds(law: Callable[..., Policy]) -> None:
    later = law(
        BASE.replace("{primary: {2011-09-01: 500}", "{any: {2011-09-01: 500}, primary: {2021-03-01: 600}")
    )
    assert {row[0] for row in amounts(later, "2020-autumn", "aid", "primary", "disabled")} == {500}
    assert {row[0] for row in amounts(later, "2021-spring", "aid", "primary", "disabled")} == {600}


def test_an_empty_amount_ends_a_standard(law: Callable[..., Policy]) -> None:
    ended_law = law(BASE.replace("2011-09-01: 500", "2011-09-01: 500, 2021-03-01: null"))
    assert amounts(ended_law, "2020-autumn", "aid", "primary", "disabled")
    assert amounts(ended_law, "2021-spring", "aid", "primary", "disabled") == []


ON_THAT_DATE = "title: {zh: 地方, en: local}\nschemes: {aid: {per_term: {primary: {2011-09-01: %s}}}}"


@pytest.mark.parametrize(
    ("below", "above", "expected"),
    [
        ("{min: 750, max: 1250, average: 1000}", "{min: 1100, max: 1200}", (1100, 1200, None)),
        ("{min: 750, max: 1250, average: 1000}", "{low_income: 900}", (900, 900, 900)),
        ("{low_income: 900}", "{min: 1, max: 2}", (1, 2, None)),
        ("{low_income: {min: 1, max: 2}}", "{low_income: {average: 5}}", (None, None, 5)),
        ("{low_income: 900}", "{disabled: 800}", (900, 900, 900)),
        ("500", "{min: 1, max: 2}", (1, 2, None)),
    ],
)
def test_an_amount_of_the_same_date_is_replaced_as_a_whole(
    law: Callable[..., Policy], below: str, above: str, expected: tuple[int | None, ...]
) -> None:
    overlaid = law(BASE.replace("2011-09-01: 500", f"2011-09-01: {below}"), ON_THAT_DATE % above)
    lowest, highest, average = expected
    row = in_force(overlaid, "2020-autumn").set_index("category").loc["low_income"]
    assert (row["minimum"], row["maximum"], row["average"]) == (lowest, highest, average)


@pytest.mark.parametrize("schemes", ["schemes: [a, b]", "schemes: none"])
def test_schemes_that_are_no_mapping_are_refused(law: Callable[..., Policy], schemes: str) -> None:
    with pytest.raises(UsageError, match="schemes"):
        law("title: {zh: 试, en: trial}\n" + schemes)


@pytest.mark.parametrize(
    ("old", "new", "name_in_message"),
    [
        ("aliases:", "alias:", "alias"),
        ("who: {stage", "who: {stages", "stages"),
        ("stage: [primary]", "stage: [primry]", "primry"),
        ("low_income, disabled", "low_income, poor", "poor"),
        ("{primary: {2011", "{primary_school: {2011", "primary_school"),
        ("2011-09-01: 500", "2011-9-1: 500", "2011-9-1"),
        ("2011-09-01: 500", "20110901: 500", "20110901"),
        ("2011-09-01: 500", "1911-09-01: 500", "1911-09-01"),
        ("2011-09-01: 500", "500", "per_term › primary"),
        ("2011-09-01: 500", "2011-09-01: 五百", "五百"),
        ("2011-09-01: 500", "2011-09-01: -5", "-5"),
        ("2011-09-01: 500", "2011-09-01: 500.005", "500.005"),
        ("2011-09-01: 500", "2011-09-01: {min: 1, mean: 2}", "min"),
        ("    references:", "    excludes: [other]\n    references:", "other"),
        ("2011-09-01: 500", "2011-09-01: {min: 3, max: 2}", "min"),
        ("2011-09-01: 500", "2011-09-01: {min: 1, max: 2, average: 3}", "average"),
        ("2011-09-01: 500", "2011-09-01: 1e400000", "1e400000"),
        ("2011-09-01: 500", "2011-09-01: 10000000000", "10000000000"),
        ("stage: [primary]", "stage: {primary: 1}", "stage"),
        ("aliases: [补助]", "aliases: [{补助: 1}]", "aliases"),
        (
            "references: [一]",
            "references: [一]\n  other: {title: {zh: 又, en: more}, aliases: [补助]}",
            "补助",
        ),
        ("    references:", "    excludes: [aid]\n    references:", "excludes"),
        ("    references:", "    mandatory: maybe\n    references:", "mandatory"),
        ("schemes:", "scheme:", "scheme"),
        ("title: {zh: 补助, en: aid}", "title: 补助", "title"),
        ("references: [一]", "references: 一", "references"),
    ],
)
def test_what_is_wrong_is_refused_and_named(
    law: Callable[..., Policy], old: str, new: str, name_in_message: str
) -> None:
    assert old in BASE
    with pytest.raises(UsageError) as refusal:
        law(BASE.replace(old, new, 1))
    assert name_in_message in str(refusal.value)
    assert schema_takes(BASE.replace(old, new, 1)) == (new in BEYOND_A_SCHEMA)


def schema_takes(text: str) -> bool:
    """What an editor that knows the schema says of a policy file."""
    content = json.loads(json.dumps(yaml.load(text, Editor)))  # where every key is text
    return Draft202012Validator(policy_schema()).is_valid(content)


@pytest.mark.parametrize(
    "per_term",
    [
        "{primary: {2011-09-01: {yuan: 500, by: 一}}}",
        "{primary: {2011-09-01: {min: 1, max: 2.50, average: 2}, 2020-09-01: null}}",
        "{any: {2011-09-01: {low_income: 5, disabled: {yuan: 4, by: 二}, by: 一}}}",
        "{}",
    ],
)
def test_what_the_reader_takes_the_schema_takes(law: Callable[..., Policy], per_term: str) -> None:
    text = BASE.replace("{primary: {2011-09-01: 500}}", per_term)
    text = text.replace("who: {", "who: {years: {2015-03-01: [1, 2], 2025-03-01: any}, ")
    assert per_term in text
    assert law(text).schemes["aid"].years
    assert schema_takes(text)


@pytest.mark.parametrize("file", sorted(POLICIES.glob("*.yaml")), ids=lambda file: file.name)
def test_a_shipped_policy_names_its_schema_in_its_first_line_and_fits_it(file: Path) -> None:
    text = file.read_text("utf-8")
    assert text.splitlines()[0] == "# yaml-language-server: $schema=../schema/policy.json"
    assert schema_takes(text)


BY_APPLICATION = "\nby_application: {category: [other_hardship, orphan], by: 一}\n"


def test_a_policy_says_which_categories_are_applied_for_and_a_later_one_says_it_anew(
    law: Callable[..., Policy],
) -> None:
    above = "title: {zh: 地方, en: local}\n"
    assert law(BASE).by_application is None
    assert law(BASE + BY_APPLICATION, above).by_application == ("other_hardship", "orphan")
    overlaid = law(BASE + BY_APPLICATION, above + "by_application: {category: []}")
    assert (overlaid.by_application, overlaid.by_application_by) == ((), "")
    assert schema_takes(BASE + BY_APPLICATION)


@pytest.mark.parametrize(
    ("old", "new"), [("orphan", "orphans"), ("category:", "categories:"), ("by: 一", "by: [一]")]
)
def test_a_category_applied_for_that_is_wrong_is_refused_and_named(
    law: Callable[..., Policy], old: str, new: str
) -> None:
    text = (BASE + BY_APPLICATION.replace(old, new)).replace("references: [一]", "references: [二]")
    with pytest.raises(UsageError, match="by_application"):
        law(text)
    assert not schema_takes(text)


def test_a_policy_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(UsageError, match="national"):
        policy("nationwide")
