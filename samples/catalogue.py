"""Every case with payments of its own, planted or a trap, in the order in which they pick their pupils.

A new kind of case is a function ``(Cases) -> None`` entered here; a county leaves it out by name
(``CountyPlan.left_out``). Cases that only respell or point out regular payments are in
:mod:`samples.spellings` and :mod:`samples.lookalikes`, those in the ledger of letters in
:mod:`samples.letters`.
"""

from __future__ import annotations

from collections.abc import Callable

from samples import (
    placements,
    plants_duplicate,
    plants_mismatch,
    plants_missed,
    plants_registers,
    plants_rights,
    plants_spelling,
    traps,
)
from samples.cases import Cases

CASES: tuple[Callable[[Cases], None], ...] = (
    plants_missed.unpaid,
    plants_missed.bank_returns,
    plants_missed.underpaid,
    plants_missed.not_found,
    plants_duplicate.same_school,
    plants_duplicate.other_school,
    plants_duplicate.other_spelling,
    plants_duplicate.exclusive,
    plants_duplicate.shared_account,
    plants_duplicate.enrolled_twice,
    plants_mismatch.not_enrolled,
    plants_mismatch.inactive,
    plants_mismatch.joined_later,
    plants_mismatch.wrong_in_register,
    plants_mismatch.wrong_in_payment,
    plants_mismatch.other_names,
    plants_mismatch.invalid_id,
    plants_mismatch.wrong_school,
    plants_mismatch.wrong_stage,
    plants_mismatch.wrong_boarding,
    plants_rights.not_listed,
    plants_rights.expiries,
    plants_rights.overpaid,
    plants_rights.not_entitled,
    plants_rights.procedures,
    plants_rights.late,
    plants_rights.account_holder,
    traps.leavers,
    traps.instalments,
    traps.paid_again,
    traps.recoveries,
    traps.corrections,
    traps.transferred_within,
    traps.back_payment,
    traps.around_eligibility,
    traps.around_enrolment,
    traps.wrong_check_digit_in_register,
    traps.changed_number,
    traps.vocational_at_fifteen,
    traps.right_account,
    traps.two_registers,
    plants_spelling.misspellings_in_number,
    plants_spelling.misspellings_in_both,
    plants_spelling.misspellings_in_name,
    plants_spelling.harmless,
    plants_spelling.without_separator,
    plants_spelling.paid_twice_respelt,
    plants_spelling.enrolled_under_two_spellings,
    plants_spelling.perhaps_enrolled_twice,
    plants_spelling.perhaps_a_pupil,
    plants_spelling.alike_but_two,
    plants_rights.applied_late,
    plants_registers.listed_under_another_name,
    plants_registers.listed_under_another_number,
    plants_registers.listed_at_another_school,
    plants_registers.moved_since_listed,
    plants_registers.listed_late,
    placements.not_placed,
)
