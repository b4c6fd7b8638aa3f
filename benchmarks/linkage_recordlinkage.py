"""Run by benchmarks/linkage.py in an interpreter that has recordlinkage: Jaro-Winkler and an unsupervised classifier."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import recordlinkage

ALIKE = 0.85


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
    compare.string("name", "name", method="jarowinkler", threshold=ALIKE, label="name")
    compare.string("id_number", "id_number", method="jarowinkler", threshold=0.93, label="id_number")
    compare.exact("school", "school", label="school")
    compare.exact("sex", "sex", label="sex")
    features = compare.compute(pairs, records, pupils)
    chances = recordlinkage.ECMClassifier(use_col_names=False)
    chances.fit(features)
    told = chances.prob(features).rename("score").reset_index()
    told.columns = ["record", "pupil", "score"]
    told["person_id"] = told["pupil"].map(pupils["person_id"])
    kept = told[told["score"] >= 0.95]
    top = kept[kept["score"] == kept.groupby("record")["score"].transform("max")]
    single = top.drop_duplicates(["record", "person_id"]).drop_duplicates("record", keep=False)
    single[["record", "person_id"]].to_csv(folder / "found.csv", index=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
