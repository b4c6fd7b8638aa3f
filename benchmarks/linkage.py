"""How well persons are found: ``python benchmarks/linkage.py`` writes benchmarks/linkage.md.

A labelled county (another seed than the one the model was trained on) is linked four times: as the audit does, by
exact ID number only, by Splink with its stock comparisons trained blind on everything, and by recordlinkage with
Jaro-Winkler. The last needs an interpreter of its own (its pandas is older than ours): ``--recordlinkage PYTHON``;
without it that column is left out.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pandas as pd
from ibis import _
from linkage_rivals import exact_number, splink_blind

from auditlib.base.engine import Engine, duckdb_engine
from auditlib.linkage import exact as linkage
from auditlib.linkage.model.match import USUAL
from auditlib.linkage.model.names import spelt_rows
from auditlib.linkage.model.records import known_pupils, unknown_records
from auditlib.linkage.model.trained import read_model
from auditlib.linkage.model.twice import enrolled_twice
from samples.labelled import labelled_county
from samples.training.calibration import BINS, expected_error, labelled_candidates
from samples.training.labelled import standard_tables, twice_entered

HERE = Path(__file__).parent
SEED, SIZE = 20270501, 1700
CURVE = 5  # counties over which the curve of reliability is drawn
FLOORS = (0.01, 0.05)
Found = pd.Series  # record -> person, for the records that a method links


class County:
    """The labelled county, linked as the audit does; ``records`` and ``pupils`` as frames for the rivals."""

    def __init__(self, engine: Engine, seed: int, size: int) -> None:
        self.engine = engine
        county = labelled_county(seed, size)
        tables = standard_tables(engine, county)
        start = time.perf_counter()
        self.linked = linkage.link(engine, tables)
        self.seconds = time.perf_counter() - start
        table = engine.connection.table
        _schools, rows, anchors = linkage.register_by_keys(engine, tables)
        others = linkage.others_by_keys(engine, rows, anchors)
        self.candidates = engine.fetch(table("linkage_candidates").select("record_l", "candidate_id"))
        self.leftovers = set(engine.fetch(table("unknown_records").select("record"))["record"])
        names = spelt_rows(engine, others, anchors)
        self.records = engine.fetch(unknown_records(engine, others, tables, others, names))
        self.pupils = engine.fetch(known_pupils(engine, anchors, tables, others, names))
        person = self.pupils.set_index("record")["person_id"]
        labels = county.labels[county.labels["table"].isin(linkage.LINKED_TABLES)]
        labels = labels.assign(record=labels["table"] + ":" + labels["source"])
        self.truth = labels.assign(person=("enrolment:" + labels["pupil"]).map(person)).set_index("record")
        self.identities = engine.fetch(self.linked.identities.filter(_.table != "enrolment", _.in_register))

    def ours(self) -> Found:
        record = self.identities["table"] + ":" + self.identities["source"]
        return pd.Series(self.identities["person_id"].to_numpy(), index=record)


def recordlinkage(python: str) -> Callable[[pd.DataFrame, pd.DataFrame], Found]:
    """The rival of another interpreter, files in between."""

    def rival(records: pd.DataFrame, pupils: pd.DataFrame) -> Found:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            records.to_csv(place / "records.csv", index=False)
            pupils.to_csv(place / "pupils.csv", index=False)
            subprocess.run([python, str(HERE / "linkage_recordlinkage.py"), folder], check=True)
            links = pd.read_csv(place / "found.csv", dtype=str)
        return pd.Series(links["person_id"].to_numpy(), index=links["record"])

    return rival


def measures(truth: pd.DataFrame, links: Found) -> dict[str, float]:
    """Precision, recall and F1 of the person links of the records of ``truth``; where none of them is a pupil, the share
    that is rightly linked to nobody."""
    person_given, is_ = links.reindex(truth.index), truth["person"]
    right = int((person_given.notna() & (person_given == is_)).sum())
    linked, true = int(person_given.notna().sum()), int(is_.notna().sum())
    if not true:
        return dict.fromkeys(("precision", "recall", "f1"), 1 - linked / len(truth))
    precision, recall = right / linked if linked else 1.0, right / true if true else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"precision": precision, "recall": recall, "f1": f1}


def by_kind(county: County, methods: dict[str, Found]) -> pd.DataFrame:
    """One row per kind of slip, and one for all records."""
    parts = {kind or "none": part for kind, part in county.truth.groupby("kind")} | {"all": county.truth}
    payments = county.truth[county.truth["table"] == "payments"]
    rows = []
    for kind, part in (parts | {"all payments": payments}).items():
        row: dict[str, object] = {
            "kind": kind,
            "records": len(part),
            "pupils": int(part["person"].notna().sum()),
        }
        for name, links in methods.items():
            row |= {f"{name} {measure}": value for measure, value in measures(part, links).items()}
        rows.append(row)
    return pd.DataFrame(rows)


def calibration(seeds: Iterable[int], size: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Of the candidates of these counties said to be so sure, how many are right, before and after the map of log-odds;
    and the mean gaps, over all and over the likelier ones."""
    curves, gaps = [], []
    for name, model in {"before": replace(read_model(), calibration={}), "after": read_model()}.items():
        candidates = labelled_candidates(model, seeds, size)
        parts = candidates.groupby(pd.cut(candidates["score"], BINS, include_lowest=True), observed=True)
        curve = parts.agg(candidates=("score", "size"), said=("score", "mean"), right=("right", "mean"))
        curves.append(curve.add_suffix(f" {name}"))
        errors = {f"above {floor}": expected_error(candidates, floor) for floor in FLOORS}
        gaps.append({"": name, "all": expected_error(candidates), **errors})
    return pd.concat(curves, axis=1).reset_index(), pd.DataFrame(gaps)


def blocking_recall(county: County) -> float:
    """Of the leftovers that are pupils, the share whose pupil was among the candidates."""
    truth = county.truth[county.truth.index.isin(county.leftovers) & county.truth["person"].notna()]
    candidate_pairs = set(zip(county.candidates["record_l"], county.candidates["candidate_id"], strict=True))
    return sum(pair in candidate_pairs for pair in truth["person"].items()) / len(truth)


def second_records(seed: int, size: int) -> dict[str, int]:
    """The register of the same county with second records under another spelling: found, to review, missed, wrong."""
    engine = duckdb_engine()
    county = twice_entered(engine, labelled_county(seed, size))
    by_register = enrolled_twice(engine, county.anchors, county.tables, USUAL)
    child = engine.fetch(county.truth).set_index("record")["child"]
    persons = engine.fetch(by_register.anchors.select("person_id", record="enrolment:" + _.source))
    persons["child"] = persons["record"].map(child)
    records = persons.groupby("child")["person_id"].agg(["size", "nunique"])
    twice = records[records["size"] > 1]
    pairs = engine.fetch(by_register.open_pairs.filter(_.review).select("source", "register_source"))
    records_asked = set("enrolment:" + pairs["source"]) | set("enrolment:" + pairs["register_source"])
    open_ = {child[record] for record in records_asked} & set(twice.index[twice["nunique"] > 1])
    return {
        "children with two records": len(twice),
        "found": int((twice["nunique"] == 1).sum()),
        "to review": len(open_),
        "missed": int((twice["nunique"] > 1).sum()) - len(open_),
        "persons made of two children": int((persons.groupby("person_id")["child"].nunique() > 1).sum()),
    }


def grid(frame: pd.DataFrame) -> str:
    """A Markdown table, shares with four places."""
    texts = frame.map(lambda cell: f"{cell:.4f}" if isinstance(cell, float) else str(cell))
    lines = [list(texts.columns), ["---"] * len(texts.columns), *texts.to_numpy().tolist()]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def page(
    county: County,
    methods: dict[str, Found],
    seconds: dict[str, float],
    seed: int,
    size: int,
    twice: dict[str, int],
) -> str:
    seeds = range(seed + 1, seed + 1 + CURVE)
    table, (curve, gaps) = by_kind(county, methods), calibration(seeds, size)
    fitted_on = read_model().trained_on["calibrated_on"]
    misspelt_shares = (county.truth["kind"] != "").groupby(county.truth["table"]).mean()
    f1 = table[["kind", "records", "pupils", *(f"{name} f1" for name in methods)]]
    precision_and_recall = [f"{name} {measure}" for name in methods for measure in ("precision", "recall")]
    return "\n".join([
        "# Person links, measured",
        "",
        "Written by `python benchmarks/linkage.py`. A generated county of which it is known who every record is",
        f"(seed {seed}; the model was trained on seed {read_model().trained_on['seed']}): {len(county.pupils)} pupils,",
        f"{len(county.truth)} records, {len(county.leftovers)} of them left by the exact keys. Records touched by a slip: "
        + ", ".join(f"{name} {share:.1%}" for name, share in misspelt_shares.items()) + ".",
        "",
        "The model was trained on labels of the same generator, with slips in the same shares; the others see no labels.",
        "Slips of a real county come in other shares, so its figures will differ from these.",
        "How often what findings say with certainty is true, by rule and county: [reliability.md](reliability.md), written by `python benchmarks/reliability.py`.",
        "",
        "## F1 by kind of slip",
        "",
        "For strangers, of whom none is a pupil: the share that is rightly linked to nobody.",
        "",
        grid(f1),
        "## Precision and recall",
        "",
        grid(table[["kind", *precision_and_recall]]),
        "## Blocking and calibration",
        "",
        f"Of the leftovers that are pupils {blocking_recall(county):.4f} have their pupil among the candidates.",
        "How sure the model is of a candidate, and how often such candidates are right, before and after the map of log-odds:",
        f"over the leftovers of {CURVE} counties (seeds {seeds[0]} to {seeds[-1]}), for one has few in the middle. The map was",
        f"fitted on others (seeds {fitted_on[0]} to {fitted_on[-1]}).",
        "",
        grid(curve.rename(columns={"score": "said between"})),
        "Expected calibration error, over all candidates and over the likelier ones: most are plainly someone else.",
        "",
        grid(gaps),
        "## One child under two records of the register",
        "",
        "The same county with second records (number mistyped, cut or left out, a quarter of the names respelt too) and",
        "with mistyped numbers of pupils who have one record, beside its twins, brothers and sisters, and namesakes.",
        "",
        grid(pd.DataFrame(twice.items(), columns=["", "count"])),
        "## Seconds",
        "",
        grid(pd.DataFrame(seconds.items(), columns=["method", "seconds"])),
    ])  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--size", type=int, default=SIZE)
    parser.add_argument("--recordlinkage", metavar="PYTHON")
    options = parser.parse_args()
    county = County(duckdb_engine(), options.seed, options.size)
    methods, seconds = {"auditlib": county.ours()}, {"auditlib": county.seconds}
    rivals: dict[str, Callable[[pd.DataFrame, pd.DataFrame], Found]] = {
        "exact ID": exact_number,
        "Splink stock": splink_blind,
    }
    if options.recordlinkage:
        rivals["recordlinkage"] = recordlinkage(options.recordlinkage)
    for name, rival in rivals.items():
        start = time.perf_counter()
        methods[name] = rival(county.records, county.pupils)
        seconds[name] = time.perf_counter() - start
    twice = second_records(options.seed, options.size)
    (HERE / "linkage.md").write_text(
        page(county, methods, seconds, options.seed, options.size, twice), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
