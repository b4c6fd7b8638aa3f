"""Leavers and the ledger in which they are brought back: every leaver of compulsory age stands in it, but for what is planted."""

from __future__ import annotations

import datetime as dt

from samples.cases import Cases
from samples.letters import age
from samples.model import Child, Row
from samples.pupils_left import PupilsLeft, day_before, leave

UNLEDGERED, OVERDUE = "dropout.unledgered", "dropout.overdue"
FALSE, UNPAID = "dropout.false_closure", "dropout.returned_unpaid"
EXEMPT = ("在读", "复学", "毕业", "死亡")
STATUS_WORDS = {"退学": "withdrawn", "下落不明": "untraced"}
WAYS = {
    "转出": "已转往外县，待接收地办理学籍",
    "休学": "因病休学，期满复学",
    "下落不明": "走访亲属，请公安协查",
}
PERSUADERS = ("陈志强", "周敏", "吴建军", "邓小芳", "曹立新")
COMPULSORY = range(6, 16)
DAYS_TO_NOTICE, DAYS_TO_REPORT = 4, 12


class LeaversLedger:
    def __init__(self, cases: Cases, pupils_left: PupilsLeft) -> None:
        self.cases, self.books, self.left = cases, cases.books, pupils_left
        self.day = cases.term.count_date

    def enter(self, child: Child, **cells: str) -> Row:
        """A row of the ledger."""
        seat = self.books.seats.get(child)
        of_child = {
            "name": child.name,
            "sex": child.sex,
            "id_number": child.id_number,
            "student_no": child.student_no,
            "school_name": seat.school.name if seat else "",
            "way": "入户劝返",
            "persuader": PERSUADERS[child.number % len(PERSUADERS)],
        }
        stage = "初中" if seat and seat.stage == "junior" else "小学"
        return self.books.add(Row("dropouts", of_child | cells, file="dropouts", sheet=stage))

    def write(self) -> None:
        ledger_gaps = self._unledgered()
        self._the_others(ledger_gaps)
        self._overdue()
        self._closed()
        self._back_and_unpaid()

    def _unledgered(self) -> set[Child]:
        """Withdrawn or untraced, and in no ledger: of the records that ended without aid."""
        children: set[Child] = set()
        for status, reason in STATUS_WORDS.items():
            fitting = [
                c for c in self._leavers() if not self.books.listed.get(c) and self._status(c) == status
            ]
            for child in fitting[: self.cases.count]:
                note = f"{reason}, in no ledger"
                records = [self.books.enrolled[child]]
                self.books.answer(UNLEDGERED, child, records, note, reason=reason, at_stake=0)
                children.add(child)
        return children

    def _leavers(self) -> list[Child]:
        """Children of compulsory age whose record had ended by the count date."""
        books = self.books
        return [
            child
            for child, record in books.enrolled.items()
            if record.cells["status"] not in EXEMPT
            and record.cells["status_date"] <= self.day.isoformat()
            and age(child, self.cases.term.age_day) in COMPULSORY
        ]

    def _status(self, child: Child) -> str:
        return self.books.enrolled[child].cells["status"]

    def _the_others(self, ledger_gaps: set[Child]) -> None:
        """Whoever else left, on the registers or lost: told a week to come back, then reported to the township."""
        entry_count = 0
        for child in self._leavers():
            is_asked_for = bool(self.books.listed.get(child)) or self._status(child) in (
                *STATUS_WORDS,
                "流失",
            )
            if child in ledger_gaps or not is_asked_for:
                continue
            row = self.enter(child, **self._usual(child))
            entry_count += 1
            if entry_count <= 2 * self.cases.count:
                records = [row, self.books.enrolled[child]]
                for rule in (UNLEDGERED, OVERDUE):
                    self.books.trap(
                        rule, child, records, "in the ledger of leavers, reported to the township"
                    )

    def _usual(self, child: Child) -> dict[str, str]:
        left_on = dt.date.fromisoformat(self.books.enrolled[child].cells["status_date"])
        notice, report = (left_on + dt.timedelta(days=n) for n in (DAYS_TO_NOTICE, DAYS_TO_REPORT))
        return {
            "dropped_on": left_on.isoformat(),
            "way": WAYS.get(self._status(child), "入户劝返"),
            "notice_on": notice.isoformat() if notice <= self.day else "",
            "reported_on": report.isoformat() if report <= self.day else "",
        }

    def _overdue(self) -> None:
        """The notice has run out, or nobody gave one; a notice that runs out that very day is none."""
        for reason, days in (("notice_expired", 8), ("no_notice", 20)):
            for n, child in enumerate(self.left.unlisted(self.cases.count)):
                dropped_on = day_before(self.day, days + n + 6)
                notice = day_before(self.day, days + n) if reason == "notice_expired" else ""
                records = [
                    leave(self.books, child, "流失", dropped_on),
                    self.enter(child, dropped_on=dropped_on, notice_on=notice),
                ]
                note = f"dropped out on {dropped_on}, notice of {notice or 'no day'}"
                self.books.answer(OVERDUE, child, records[1:], note, reason=reason, at_stake=0)
        for child in self.left.unlisted(self.cases.count):
            dropped_on = day_before(self.day, 12)
            leave(self.books, child, "流失", dropped_on)
            row = self.enter(child, dropped_on=dropped_on, notice_on=day_before(self.day, 7))
            self.books.trap(OVERDUE, child, [row], "the notice runs out on the count date")

    def _closed(self) -> None:
        """Closed, and still out by the register; closed, and back by the register, or at school elsewhere by letter."""
        books, count = self.books, self.cases.count
        for child in self.left.unlisted(count):
            leave(books, child, "退学", day_before(self.day, 45))
            row = self.enter(child, **self._back_by(20))
            note = "closed, the record still says withdrawn"
            books.answer(FALSE, child, [row], note, reason="not_enrolled", at_stake=0)
        for child in self.left.unlisted(count):
            leave(books, child, "复学", day_before(self.day, 20))
            books.trap(FALSE, child, [self.enter(child, **self._back_by(20))], "closed, and enrolled again")
        letters = {row.cells["id_number"]: row for row in books.rows["letters"]}
        away = [c for c in books.listed if c.id_number in letters and c not in books.used]
        for child in [c for c in away if age(c, self.cases.term.age_day) in COMPULSORY][:count]:
            row = self.enter(child, **self._back_by(30) | {"way": "已核实在外省就读"})
            books.trap(FALSE, child, [row, letters[child.id_number]], "closed: at school elsewhere by letter")

    def _back_by(self, days: int) -> dict[str, str]:
        """Gone in September, back so many days before the count date, closed a week later."""
        return {
            "dropped_on": day_before(self.day, 45),
            "notice_on": day_before(self.day, 41),
            "returned_on": day_before(self.day, days),
            "closed_on": day_before(self.day, days - 7),
        }

    def _back_and_unpaid(self) -> None:
        """Poor, brought back after the count date, and not paid."""
        for n in range(self.cases.count):
            child = self.left.newcomer(9 + n, listed="registered_poor")
            back = self.cases.day(9 + n)
            record = self.left.enrol(child, status="复学", status_date=back)
            row = self.enter(
                child,
                dropped_on=day_before(self.day, 20),
                notice_on=day_before(self.day, 6),
                returned_on=back,
            )
            note = f"back on {back}, nothing paid"
            self.books.answer(UNPAID, child, [row, record], note, reason="no_payment", at_stake=0)
