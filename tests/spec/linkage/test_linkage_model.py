"""Linkage beyond the exact keys: who a record without a usable number is, and when nobody can tell."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from ibis import _

from auditlib.base.engine import duckdb_engine
from auditlib.forms.review_reading import read_judgements
from auditlib.linkage import exact as linkage
from auditlib.linkage.judgements import Judgement
from auditlib.linkage.model.comparisons import BY_NAME
from auditlib.linkage.model.distribution import WORTH_SAYING, shares
from auditlib.linkage.model.explain import CORRECTED_TEXT, falls, sentence, steps
from auditlib.linkage.model.trained import read_model, settings
from samples.labelled import Labelled
from samples.people import with_check
from samples.training.labelled import standard_tables

SCHOOL = "9901000001"
SURNAMES, GIVEN_NAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金",
    "安邦昌德恩方刚海家凯兰敏宁平强",
)


def number(at: int, birth: str = "20100307") -> str:
    return with_check(f"990122{birth}{at:03d}")


def pupil(at: int, **cells: str) -> dict[str, str]:
    name = SURNAMES[at % 29] + GIVEN_NAMES[at % 15] + GIVEN_NAMES[(7 * at + at // 15) % 15]
    birth = f"2010{at % 12 + 1:02d}{at % 27 + 1:02d}"
    plain = {
        "name": name,
        "id_number": number(at, birth),
        "school_code": f"99010000{at // 4 % 5:02d}",
        "stage": "小学",
    }
    return plain | {"guardian_name": "郭" + name[1:], "guardian_id": number(at + 500, "19800101")} | cells


def county(*payments: dict[str, str], pupils: int = 400, extra: tuple[dict[str, str], ...] = ()) -> Labelled:
    labelled_county = Labelled()
    for cells in [*(pupil(at) for at in range(pupils)), *extra]:
        labelled_county.add("enrolment", cells, None, "")
    for cells in payments:
        labelled_county.add("payments", {"scheme": "寄宿生生活补助", "amount": "500", **cells}, None, "")
    return labelled_county


def linked(judgements: Labelled, decisions: tuple[Judgement, ...] = ()) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The payments' identities and the open pairs."""
    engine = duckdb_engine()
    links = linkage.link(engine, standard_tables(engine, judgements), judgements=decisions)
    payments = links.identities.filter(_.table == "payments").order_by("source")
    return engine.fetch(payments), engine.fetch(links.open_pairs.order_by("source", "candidate_id"))


def paid(at: int, **cells: str) -> dict[str, str]:
    """A payment to pupil ``at``, some cells written otherwise."""
    pupil_cells = {key: pupil(at)[key] for key in ("name", "id_number", "school_code")}
    return pupil_cells | cells


def one_digit(digits: str) -> str:
    return digits[:16] + str((int(digits[16]) + 3) % 10) + digits[17:]


def cut(digits: str) -> str:
    return f"{digits[0]}.{digits[1:15]}E+17"


def without_number(at: int, name: str) -> dict[str, str]:
    """What a payment without number says of pupil ``at``, the name written otherwise."""
    return {"name": name, "id_number": "", "account_holder": pupil(at)["guardian_name"]}


MISSPELLINGS = {
    "id_number:one_digit": (21, {"id_number": one_digit(pupil(21)["id_number"]), "school_code": ""}),
    "id_number:swapped": (22, {"id_number": "909" + pupil(22)["id_number"][3:], "school_code": ""}),
    "id_number:digit_missing": (23, {"id_number": pupil(23)["id_number"][:12] + pupil(23)["id_number"][13:]}),
    "id_number:kept": (24, {"id_number": cut(pupil(24)["id_number"])}),
    "name:equal": (25, {"id_number": "", "account_holder": pupil(25)["guardian_name"]}),
    "name:lost": (26, without_number(26, pupil(26)["name"][:2] + "□")),
    "name:character_missing": (27, without_number(27, pupil(27)["name"][:2])),
    "name:one_character": (28, without_number(28, pupil(28)["name"][:2] + "鑫")),
}
NOBODIES = (
    {"name": "欧阳无名", "id_number": "", "school_code": SCHOOL},
    paid(33, id_number=number(801, "20090909")),
)
TWIN = pupil(35, id_number=number(777, "20110511"))


@pytest.fixture(scope="module")
def small_county() -> tuple[pd.DataFrame, ...]:
    """Identities by payment, open pairs, shares that are kept and all shares of a county with each kind of leftover once."""
    misspelt_rows = [paid(at, **cells) for at, cells in MISSPELLINGS.values()]
    engine = duckdb_engine()
    tables = standard_tables(engine, county(*misspelt_rows, *NOBODIES, paid(35, id_number=""), extra=(TWIN,)))
    links = linkage.link(engine, tables)
    rows = engine.fetch(links.identities.filter(_.table == "payments")).set_index("source")
    frame = engine.fetch(engine.connection.table("linkage_shares"))
    every = engine.fetch(shares(engine.connection.table("linkage_candidates")))
    return rows, engine.fetch(links.open_pairs), frame, every


@pytest.mark.parametrize("level", MISSPELLINGS)
def test_a_slip_is_seen_through_and_named(level, small_county) -> None:
    rows, _open, shares, _every = small_county
    at, source = MISSPELLINGS[level][0], f"payments!{list(MISSPELLINGS).index(level) + 2}"
    row = rows.loc[source]
    assert (row["person_id"], row["decided_by"]) == (pupil(at)["id_number"], "model")
    assert row["score"] >= 0.95
    best = shares[shares["source"] == source].sort_values("score").iloc[-1]
    assert level in best["levels"].split()


@pytest.mark.parametrize(
    "at", range(2), ids=["a stranger without number", "the sound number of someone else"]
)
def test_nobodys_pupil_stays_unlinked(at, small_county) -> None:
    rows, open_, _shares, _every = small_county
    source = f"payments!{len(MISSPELLINGS) + at + 2}"
    assert rows.loc[source, "decided_by"] == "none"
    assert not open_.loc[open_["source"] == source, "review"].any()


def test_two_namesakes_in_one_school_stay_a_tie_and_both_are_shown(small_county) -> None:
    rows, open_, _shares, _every = small_county
    source = f"payments!{len(MISSPELLINGS) + len(NOBODIES) + 2}"
    assert rows.loc[source, "decided_by"] == "none"
    ties = open_[(open_["source"] == source) & open_["review"]]
    assert sorted(ties["candidate_id"]) == sorted([pupil(35)["id_number"], TWIN["id_number"]])
    assert ties["score"].nunique() == 1


def test_the_shares_of_a_record_add_up_to_one_with_nobody_and_those_worth_saying_are_kept(
    small_county,
) -> None:
    _rows, _open, kept_pairs, every = small_county
    judgements = every.groupby("record_l")
    sum_of_shares = judgements["score"].sum() + judgements["elsewhere"].first()
    assert sum_of_shares.to_list() == pytest.approx([1.0] * len(sum_of_shares), abs=1e-7)
    worth = every[every["score"] >= WORTH_SAYING]
    assert set(zip(worth["record_l"], worth["candidate_id"], worth["score"], strict=True)) == set(
        zip(kept_pairs["record_l"], kept_pairs["candidate_id"], kept_pairs["score"], strict=True)
    )


def test_rows_shuffled_give_the_same_scores() -> None:
    judgements = county(*(paid(at, **cells) for at, cells in MISSPELLINGS.values()), extra=(TWIN,))
    score_lists = []
    for step in (1, -1):
        engine = duckdb_engine()
        turned_county = Labelled(
            {name: rows[::step] for name, rows in judgements.tables.items()}, judgements.truth
        )
        linkage.link(engine, standard_tables(engine, turned_county))
        shares = engine.connection.table("linkage_shares").select(
            "record_l", "candidate_id", "score", "elsewhere"
        )
        score_lists.append(engine.fetch(shares.order_by("record_l", "candidate_id")))
    pd.testing.assert_frame_equal(*score_lists, check_exact=True)


LISTED_ROW, WITHOUT_NUMBER = 41, 43
BIRTH, OTHER_BIRTH = "20100312", "20100321"


@pytest.fixture(scope="module")
def unusual() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Identities and shares by source: a household without numbers, and a pupil of whom the register has no number.

    The household lists a pupil and a brother of like name who is at no school. The pupil without number is paid under a
    number of which two digits, of the birth date, are swapped.
    """
    typed_text = OTHER_BIRTH.join(number(900, BIRTH).split(BIRTH))
    judgements = county(
        paid(WITHOUT_NUMBER, id_number=typed_text, account_holder=pupil(WITHOUT_NUMBER)["guardian_name"])
    )
    judgements.tables["enrolment"][WITHOUT_NUMBER] |= {
        "id_number": "",
        "birth_date": f"{BIRTH[:4]}-{BIRTH[4:6]}-{BIRTH[6:]}",
    }
    pupil_cells, birth = pupil(LISTED_ROW), pupil(LISTED_ROW)["id_number"][6:14]
    head = {"name": pupil_cells["guardian_name"], "id_number": pupil_cells["guardian_id"], "relation": "户主"}
    with_date = {"name": pupil_cells["name"], "birth_date": f"{birth[:4]}-{birth[4:6]}-{birth[6:]}"}
    for cells in (head, with_date, {"name": pupil_cells["name"][:2] + "满"}):
        judgements.add("eligibility", {"household_no": "H1", "category": "建档立卡"} | cells, None, "")
    engine = duckdb_engine()
    links = linkage.link(engine, standard_tables(engine, judgements))
    rows = engine.fetch(links.identities.filter(_.table != "enrolment")).set_index("source")
    return rows, engine.fetch(engine.connection.table("linkage_shares")).set_index("source")


def test_a_household_lists_a_pupil_once(unusual) -> None:
    rows, kept_pairs = unusual
    assert rows.loc["eligibility!3", "person_id"] == pupil(LISTED_ROW)["id_number"]
    assert rows.loc["eligibility!4", "decided_by"] == "none"
    assert (
        kept_pairs.loc[kept_pairs["candidate_id"] == pupil(LISTED_ROW)["id_number"], "score"].sum()
        <= 1 + 1e-9
    )


def test_a_birth_date_told_by_a_number_with_swapped_digits_is_seen_through(unusual) -> None:
    rows, kept_pairs = unusual
    assert rows.loc["payments!2", "decided_by"] == "model"
    assert "birth:swapped" in kept_pairs.loc["payments!2", "levels"].split()


def test_splink_is_not_even_imported_to_link_what_the_keys_leave() -> None:
    code = (
        "import sys; sys.path[:0] = ['tests/spec/linkage', 'tests/support']; import test_linkage_model as t;"
        "t.linked(t.county(t.paid(25, id_number='')));"
        "assert not any(name.split('.')[0] == 'splink' for name in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[3])


@pytest.mark.parametrize(
    "judgements",
    [
        county(paid(3, id_number=""), pupils=0),
        county(*(paid(at, id_number="") for at in range(40)), pupils=40),
        county(
            {"name": "王伟", "id_number": ""},
            pupils=0,
            extra=tuple(pupil(at, name="王伟") for at in range(30)),
        ),
        county(paid(7, id_number=""), pupils=0, extra=tuple(pupil(at, id_number="") for at in range(30))),
        county(pupils=3),
    ],
    ids=[
        "empty register",
        "nothing but leftovers",
        "all names equal",
        "register without numbers",
        "no payments",
    ],
)
def test_bad_input_gives_a_result(judgements: Labelled) -> None:
    rows, open_ = linked(judgements)
    assert len(rows) == len(judgements.tables["payments"])
    assert open_["score"].between(0, 1).all()


@pytest.fixture(scope="module")
def tie() -> tuple[Callable[..., tuple[pd.Series, pd.DataFrame]], pd.DataFrame]:
    """A function from decisions to the tied payment's identity and its pairs to review; and those without any."""
    engine = duckdb_engine()
    tables = standard_tables(engine, county(paid(3), paid(35, id_number=""), extra=(TWIN,)))

    def link(*decisions: Judgement) -> tuple[pd.Series, pd.DataFrame]:
        links = linkage.link(engine, tables, judgements=decisions)
        rows = engine.fetch(links.identities.filter(_.table == "payments", _.source == "payments!3"))
        return rows.iloc[0], engine.fetch(links.open_pairs.filter(_.review).order_by("candidate_id"))

    return link, link()[1]


class TestDecisions:
    """What a person decides outranks the model and lapses with the records."""

    def test_same_links_the_row(self, tie) -> None:
        link, open_ = tie
        row, open_pairs_left = link(Judgement(open_["pair"].iloc[0], "same"))
        assert (row["person_id"], row["decided_by"]) == (open_["candidate_id"].iloc[0], "review")
        assert list(open_pairs_left["has_judgement"]) == [True]

    def test_different_leaves_the_evidence_to_the_other_candidate(self, tie) -> None:
        link, open_ = tie
        _row, open_pairs_left = link(Judgement(open_["pair"].iloc[0], "different"))
        scores = open_pairs_left.set_index("candidate_id")["score"]
        assert list(open_pairs_left["has_judgement"]) == [True, False]
        assert scores[open_["candidate_id"].iloc[1]] > open_["score"].iloc[1]

    def test_cannot_tell_stays_open(self, tie) -> None:
        link, open_ = tie
        row, open_pairs_left = link(Judgement(open_["pair"].iloc[0], "cannot_tell"))
        assert row["decided_by"] == "none"
        assert open_pairs_left["decision"].eq("cannot_tell").sum() == 1

    def test_a_decision_holds_wherever_the_row_stands_and_lapses_when_it_says_something_else(
        self, tie
    ) -> None:
        _link, open_ = tie
        same = Judgement(open_["pair"].iloc[0], "same")
        moved_link, _leftovers = linked(county(paid(35, id_number=""), extra=(TWIN,)), (same,))
        assert list(moved_link["decided_by"]) == ["review"]
        other = paid(35, id_number="", student_no="J990122201003070017")
        changed_link, _leftovers = linked(county(other, extra=(TWIN,)), (same,))
        assert list(changed_link["decided_by"]) == ["none"]


def test_a_folder_without_review_holds_no_decisions(tmp_path: Path) -> None:
    assert read_judgements([tmp_path]) == []


def splinks_waterfall(pair: Mapping[str, Any]) -> dict[str, float]:
    """Each comparison's weight as Splink draws it, the frequency of the value counted in."""
    from splink import SettingsCreator  # nobody else here loads Splink, which a test below holds
    from splink.internals.waterfall_chart import records_to_waterfall_data

    splink_settings = SettingsCreator.from_path_or_dict(settings(read_model().weights)).get_settings("duckdb")
    weights: dict[str, float] = {}
    for bar in records_to_waterfall_data([dict(pair)], splink_settings, True)[1:-1]:
        name = bar["column_name"].removeprefix("tf_")
        weights[name] = weights.get(name, 0.0) + bar["log2_bayes_factor"]
    return weights


def test_a_link_is_explained_in_one_sentence_and_as_a_waterfall() -> None:
    assert sentence("id_number:one_digit name:equal", "zh") == "身份证号一位不同；姓名相同"
    assert sentence("name:sound", "en") == "Name same pinyin"
    engine = duckdb_engine()
    linkage.link(engine, standard_tables(engine, county(paid(25, id_number=""))))
    pair = engine.fetch(engine.connection.table("linkage_shares")).iloc[0].to_dict()
    assert {step.comparison.en for step in steps(pair)} == {"Name", "School"}
    start, *between, end = falls(pair, read_model())
    of_splink = splinks_waterfall(pair)
    assert {step.comparison.en: step.weight for step in between if step.comparison != CORRECTED_TEXT} == {
        BY_NAME[name].title.en: pytest.approx(weight) for name, weight in of_splink.items() if weight
    }
    assert sum(step.weight for step in (start, *between)) == pytest.approx(end.weight)
    assert 2**end.weight == pytest.approx(pair["score"] / pair["elsewhere"], rel=1e-3)
    assert CORRECTED_TEXT in [step.comparison for step in between]
