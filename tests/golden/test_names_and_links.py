"""Names of files, links and folders as disks have them; what belongs to which file."""

from __future__ import annotations

import os

import pandas as pd

from auditlib.ingest.accounts import accounting


def rejected(*sources):
    return pd.DataFrame(
        {"table": "payments", "source": sources, "reason": "empty:name"},
        columns=["table", "source", "reason"],
        dtype="str",
    )


def test_a_name_with_an_exclamation_mark_keeps_its_rejected_rows(county):
    for file in ("pay!ments.csv", "pay!表.csv", "其他.csv"):
        county.csv(file, [county.header, county.person(), county.person(2)])
    county.text("其他.csv", county.root.joinpath("其他.csv").read_text().replace("二", "三"))
    delivery = county.read(payments=["pay!ments.csv"])
    rejected_rows = rejected("pay!ments.csv!2")
    assert accounting.funnel(delivery, rejected_rows)[["rejected", "used"]].to_numpy().tolist() == [[1, 1]]
    assert accounting.left_out(delivery, rejected_rows)["file"].tolist() == ["pay!ments.csv"] * len(
        accounting.left_out(delivery, rejected_rows)
    )
    report = accounting.ingest_report(delivery, rejected_rows, rejected().assign(column=""), [])
    assert [(one["rows_rejected"], one["rows_used"]) for one in report["files"]] == [(1, 1)]


def test_a_sheet_with_an_exclamation_mark_is_of_its_file(county):
    county.book("a.xlsx", {"b!c": [county.header, county.person()]})
    delivery = county.read(payments=["a.xlsx"])
    assert accounting.funnel(delivery, rejected("a.xlsx!b!c!2"))["rejected"].tolist() == [1]


def test_nothing_rejected_is_nothing(county):
    county.csv("a.csv", [county.header, county.person()])
    report = accounting.ingest_report(
        county.read(payments=["a.csv"]), rejected(), rejected().assign(column=""), []
    )
    assert [one["rejected"] for one in report["files"]] == [[]]


def test_a_name_in_gbk_is_read_and_shown(county, cells):
    county.csv("x.csv", [county.header, county.person()])
    (county.root / "x.csv").rename(county.root / os.fsdecode("发放.csv".encode("gbk")))
    delivery = county.read(payments=["发放*.csv"])
    assert cells(delivery, "payments", "source") == ["发放.csv!2"]


def test_a_pipe_and_a_loop_of_links_stop_nothing_else(county, cells, problem_texts):
    county.csv("a.csv", [county.header, county.person()])
    os.mkfifo(county.root / "b.csv")
    (county.root / "c.csv").symlink_to(county.root / "d.csv")
    (county.root / "d.csv").symlink_to(county.root / "c.csv")
    delivery = county.read(payments=["*.csv"])
    assert cells(delivery, "payments", "source") == ["a.csv!2"]
    assert problem_texts(delivery) == [
        "不是普通文件（是管道、设备或打不开的链接）"
    ]  # once, with its three places
    assert all(file in delivery.problems[0].where.zh for file in ("b.csv", "c.csv", "d.csv"))


def test_a_folder_that_may_not_be_listed_is_told(county, problem_texts, monkeypatch):
    county.csv("开/a.csv", [county.header, county.person()])
    walk = os.walk

    def closed(root, onerror):
        onerror(PermissionError(13, "", str(county.root / "关")))
        return walk(root)

    monkeypatch.setattr(os, "walk", closed)
    assert problem_texts(county.read(payments=["开/*.csv"])) == []
    assert problem_texts(county.read(payments=["**/*.csv"])) == [
        "子文件夹打不开（权限不足），其中的文件没有读到"
    ]
    assert problem_texts(county.read(payments=["?/*.csv"])) == [
        "子文件夹打不开（权限不足），其中的文件没有读到"
    ]


def test_a_linked_folder_that_leads_out_is_told_where_it_would_be_searched(county, problem_texts, tmp_path):
    county.csv("a.csv", [county.header, county.person()])
    (tmp_path / "outside").mkdir()
    (county.root / "链接").symlink_to(tmp_path / "outside")
    assert problem_texts(county.read(payments=["*.csv"])) == []
    assert problem_texts(county.read(payments=["**/*.csv"])) == ["“**/*.csv”指向数据文件夹之外"]
