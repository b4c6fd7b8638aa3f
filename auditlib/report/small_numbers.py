"""Counts of children that leave the bureau: none from one to four, and none from which one could be worked out.

A number is told as a range where what is printed beside it would give a small one away (secondary suppression), and exactly
everywhere else. A range is what a reader could work out anyway, so that nothing more is hidden than has to be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from auditlib.base.language import Text
from auditlib.page import markup
from auditlib.page.markup import SMALL_GROUP

FEW = SMALL_GROUP - 1
FROM_TO = Text("{low} 至 {high}", "{low} to {high}")


@dataclass(frozen=True)
class CountRange:
    """What is told of a count: all of it where ``low`` is ``high``, else the ends between which it lies."""

    low: int
    high: int

    @property
    def text(self) -> Text:
        if self.low == self.high or (self.low, self.high) == (1, FEW):
            return Text(markup.few(self.low), markup.few(self.low))
        return FROM_TO.fill(low=markup.count(self.low), high=markup.count(self.high))

    @property
    def is_exact(self) -> bool:
        return self.low == self.high


def of_rules(count: int, persons: Sequence[int]) -> CountRange:
    """``count`` children stand under rules of which each has ``persons``; the rules with five or more are printed by number.

    What those leave of ``count`` is the number of children under the others alone. Which and how many the others are is
    printed nowhere. A child may stand under two rules: then nothing is left, and nothing can be worked out.
    """
    if markup.is_few(count):
        return CountRange(1, FEW)
    printed_sum = sum(each for each in persons if not markup.is_few(each))
    return (
        CountRange(printed_sum + 1, printed_sum + FEW)
        if markup.is_few(count - printed_sum)
        else CountRange(count, count)
    )


def of_parts(count: int, parts: Sequence[CountRange]) -> CountRange:
    """The sum of ``parts``: exact where more than one part is a range, and what the ranges hide has more than one way to be shared out."""
    ranges = [part for part in parts if not part.is_exact]
    least = sum(part.low for part in parts)
    hidden_sum = count - least + len(ranges)
    if not ranges or FEW < hidden_sum < FEW * len(ranges):
        return CountRange(count, count)
    return CountRange(least, least + (FEW - 1) * len(ranges))
