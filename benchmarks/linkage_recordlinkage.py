"""Run by benchmarks/linkage.py in an interpreter that has recordlinkage: Jaro-Winkler and an unsupervised classifier."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import recordlinkage

ALIKE = {"name": 0.85, "id_number": 0.95, "school": 1, "sex": 1}
ACCEPT = 0.95


def main(folder: Path) -> None:
    records = pd.read_csv(folder / "records.csv", dtype=str).set_index("record")
    pupils = pd.read_csv(folder / "pupils.csv", dtype=str).set_index("record")
    for side in (records, pupils):
        side["number_end"] = side["id_number"].str[-8:]
        side["surname_school"] = side["surname"] + side["school"]
    index = recordlinkage.Index()
    for column in ("id_number", "name", "number_end", "id_head", "surname_school"):
        index.block(column)
    pairs = index.index(records, pupils)
    compare = recordlinkage.Compare()
    compare.string("name", "name", method="jarowinkler", label="name")
    compare.string("id_number", "id_number", method="jarowinkler", label="id_number")
    compare.exact("school", "school", label="school")
    compare.exact("sex", "sex", label="sex")
    alike = compare.compute(pairs, records, pupils)
    features = (alike >= pd.Series(ALIKE)).astype(int)
    chances = recordlinkage.ECMClassifier()
    chances.fit(features)
    # The classifier sees only alike or not; of equally probable pupils the most alike is taken.
    scored_pairs = pd.DataFrame(
        {"score": chances.prob(features), "alike": alike.sum(axis=1).round(9)}
    ).reset_index()
    scored_pairs.columns = ["record", "pupil", "score", "alike"]
    scored_pairs["person_id"] = scored_pairs["pupil"].map(pupils["person_id"])
    likely_pairs = scored_pairs[scored_pairs["score"] >= ACCEPT].sort_values(
        ["record", "score", "alike"], ascending=[True, False, False]
    )
    first = likely_pairs.drop_duplicates("record").set_index("record")[["score", "alike"]]
    top = likely_pairs[
        (likely_pairs[["score", "alike"]].to_numpy() == first.loc[likely_pairs["record"]].to_numpy()).all(
            axis=1
        )
    ]
    single = top.drop_duplicates(["record", "person_id"]).drop_duplicates("record", keep=False)
    single[["record", "person_id"]].to_csv(folder / "found.csv", index=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
