"""What leaves the bureau gives no count from one to four away, and hides no more than that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import product

import pytest

from auditlib.report.small_numbers import CountRange, of_parts, of_rules

FEW = range(1, 5)
World = tuple[
    tuple[int, ...], int, int, int
]  # persons by rule, how many stand under two of them, two counts of no rule
Printed = tuple[object, ...]


def worlds() -> Iterator[World]:
    """Small counties: up to three rules of one kind, children under two of them, and two numbers beside."""
    for persons in product(range(7), repeat=3):
        for twice, uncovered_ids, unclear in product((0, 1), range(6), range(6)):
            if sum(persons) - twice >= max(persons):
                yield persons, twice, uncovered_ids, unclear


def printed_page(world: World) -> Printed:
    """Everything of it that a reader of the summary sees: the total, its parts, and the rules with five or more."""
    persons, twice, *others = world
    counts = [sum(persons) - twice, *others]
    parts = [of_rules(counts[0], persons), *(of_rules(count, ()) for count in others)]
    rules = tuple(each if each > 4 else None for each in persons)
    return (of_parts(sum(counts), parts), *parts, tuple(sorted(filter(None, rules))))


def test_whoever_knows_how_numbers_are_hidden_can_work_out_none_from_one_to_four() -> None:
    behind: dict[Printed, list[World]] = defaultdict(list)
    for world in worlds():
        behind[printed_page(world)].append(world)
    for page, alike in behind.items():
        for at in (2, 3):
            values = {world[at] for world in alike}
            assert len(values) > 1 or not values & set(FEW), (page, alike)
        missed = {sum(world[0]) - world[1] for world in alike}
        assert len(missed) > 1 or not missed & set(FEW), (page, alike)
        under_others = {
            sum(persons) - twice - sum(n for n in persons if n > 4) for persons, twice, *_ in alike
        }
        assert len(under_others) > 1 or not under_others & set(FEW), (page, alike)


def test_of_two_hidden_numbers_the_sum_is_told_where_it_can_be_shared_out_in_two_ways() -> None:
    one_to_four = CountRange(1, 4)
    exact = CountRange(26, 26)
    assert of_parts(26 + 2 + 3, [one_to_four, one_to_four, exact]) == CountRange(31, 31)
    assert of_parts(26 + 2, [one_to_four, exact]) == CountRange(27, 30)
    assert of_parts(26 + 4 + 4, [one_to_four, one_to_four, exact]) == CountRange(28, 34)
    assert of_parts(26 + 1 + 1, [one_to_four, one_to_four, exact]) == CountRange(28, 34)


@pytest.mark.parametrize(
    ("count", "persons", "count_range"),
    [
        (58, (19, 6, 12, 5, 9, 4, 3), CountRange(58, 58)),  # seven under rules that are not named
        (42, (31, 3, 8), CountRange(40, 43)),
        (20, (12, 10, 3), CountRange(20, 20)),  # children under two rules
        (3, (3,), CountRange(1, 4)),
        (0, (), CountRange(0, 0)),
    ],
)
def test_a_count_is_exact_where_the_printed_rules_leave_nothing_or_five_of_it(
    count: int, persons: tuple[int, ...], count_range: CountRange
) -> None:
    assert of_rules(count, persons) == count_range


def test_a_range_is_told_in_words_and_a_small_count_as_one_to_four() -> None:
    assert [CountRange(*ends).text.zh for ends in ((1, 4), (27, 30), (1200, 1200), (0, 0))] == [
        "1–4",
        "27 至 30",
        "1,200",
        "0",
    ]
