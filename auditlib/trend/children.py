"""Child by child from term to term: who is in no register any more, who came back, who left by record, who finished."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from auditlib.audit.last_term import FEWEST_OF_CLASS, FEWEST_OF_YEAR, LAST_YEARS, PUPILS
from auditlib.base.run_folder import TABLES
from auditlib.trend.history import History

MOVES = ("vanished", "came_back", "left", "finished", "unfollowed")
"""In no register of the term after; active again; left by the record; finished its stage; with no number to be found again by.
All others stayed, or are still out."""
LINES = (
    "term", "move", "name", "id_number", "student_no", "school_name", "stage", "study_year", "class_name", "status_now",
    "school_now", "finding",
)  # fmt: skip

_LOADING = """
    INSERT INTO pupils
    SELECT {serial}, nullif(trim(name), ''), nullif(trim(id_number), ''), nullif(trim(student_no), ''), school_name, class_name,
           stage, study_year, coalesce(active, FALSE), status,
           coalesce(
               study_year >= last_years.year
               AND NOT is_followed(count(*) FILTER (active) OVER later, count(*) FILTER (active) OVER same)
               AND NOT is_followed(count(*) FILTER (active) OVER later_at_school, count(*) FILTER (active) OVER same_at_school),
               FALSE)
    FROM read_parquet(?) LEFT JOIN last_years USING (stage)
    WINDOW same AS (PARTITION BY stage, study_year), same_at_school AS (PARTITION BY school_name, stage, study_year),
        later AS (PARTITION BY stage ORDER BY -study_year RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
        later_at_school AS (
            PARTITION BY school_name, stage ORDER BY -study_year RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
"""
# As audit.last_term has it: are the classes of later years as many as make a year?
_IS_FOLLOWED = f"""
    CREATE MACRO is_followed(later, same) AS
    later >= {FEWEST_OF_CLASS} AND later >= {FEWEST_OF_YEAR} * same
"""
_TABLE = """
    CREATE TABLE pupils (
        serial INTEGER, name VARCHAR, id_number VARCHAR, student_no VARCHAR, school_name VARCHAR, class_name VARCHAR,
        stage VARCHAR, study_year BIGINT, active BOOLEAN, status VARCHAR, is_last_year BOOLEAN
    )
"""
# A person of one register is that of another by the ID number, else by the student number: as elsewhere in this look.
_MOVES = """
    CREATE TABLE moves AS
    WITH read AS (SELECT DISTINCT serial FROM pupils),
    by_number AS (
        SELECT serial, id_number, bool_or(active) AS active, min(status) AS status, min(school_name) AS school
        FROM pupils WHERE id_number IS NOT NULL GROUP BY ALL
    ), by_student AS (
        SELECT serial, student_no, bool_or(active) AS active, min(status) AS status, min(school_name) AS school
        FROM pupils WHERE student_no IS NOT NULL GROUP BY ALL
    ), stood AS (
        SELECT pupils.*, read.serial AS later, coalesce(n.serial, s.serial) IS NOT NULL AS is_here,
               coalesce(n.active, s.active) AS active_now, coalesce(n.status, s.status) AS status_now,
               coalesce(n.school, s.school) AS school_now
        FROM pupils JOIN read ON read.serial > pupils.serial
        LEFT JOIN by_number n ON n.serial = read.serial AND n.id_number = pupils.id_number
        LEFT JOIN by_student s ON s.serial = read.serial AND s.student_no = pupils.student_no
    ), next AS (
        SELECT *, CASE
            WHEN active AND id_number IS NULL AND student_no IS NULL THEN 'unfollowed'
            WHEN active AND is_here AND active_now THEN 'stayed'
            WHEN active AND (status_now = 'graduated' OR (NOT is_here AND is_last_year AND later % 2 = 1)) THEN 'finished'
            WHEN active AND is_here THEN 'left'
            WHEN active THEN 'vanished'
            WHEN active_now THEN 'came_back'
            ELSE 'still_out' END AS move
        FROM stood WHERE later = serial + 1
    ), again AS (
        -- In a register, in none of the next, active in the one after: lost sight of for a term.
        SELECT stood.* REPLACE (FALSE AS active), 'came_back' AS move
        FROM stood JOIN read AS between_them ON between_them.serial = stood.serial + 1
        ANTI JOIN by_number n ON n.serial = stood.serial + 1 AND n.id_number = stood.id_number
        ANTI JOIN by_student s ON s.serial = stood.serial + 1 AND s.student_no = stood.student_no
        WHERE stood.later = stood.serial + 2 AND stood.active_now
    )
    SELECT * FROM next UNION ALL SELECT * FROM again
"""
_FINDINGS = """
    SELECT serial, id_number, student_no, min(rule) AS finding FROM findings
    WHERE rule IN ('enrolment.vanished', 'missed.not_found', 'missed.not_placed', 'dropout.unledgered') GROUP BY ALL
"""
_LINES = f"""
    SELECT DISTINCT term, move, name, moves.id_number, moves.student_no, school_name, stage, study_year, class_name,
           status_now, school_now, coalesce(of_number.finding, of_student.finding) AS finding
    FROM moves JOIN terms ON terms.serial = moves.later
    LEFT JOIN ({_FINDINGS}) of_number ON of_number.serial = later AND of_number.id_number = moves.id_number
    LEFT JOIN ({_FINDINGS}) of_student ON of_student.serial = later AND of_student.student_no = moves.student_no
    WHERE move IN {MOVES}
    ORDER BY term, list_position({list(MOVES)}, move), school_name, stage, study_year, class_name, name, moves.id_number
"""
_COUNTS = f"""
    SELECT term, count(*) FILTER (active) AS before, count(*) FILTER (move = 'stayed') AS stayed,
           {", ".join(f"count(*) FILTER (move = '{move}') AS {move}" for move in MOVES)}
    FROM moves JOIN terms ON terms.serial = later GROUP BY term, later ORDER BY later
"""


def children(history: History) -> tuple[pd.DataFrame, pd.DataFrame]:
    """``term, before, stayed`` and a column a move, a row a term that has one before it; and MOVES child by child (LINES),
    unmasked. Empty where no two terms in a row kept their pupils."""
    files = dict(_registers(history))
    history.run(_TABLE)
    history.run(_IS_FOLLOWED)
    history.run("CREATE TABLE last_years AS SELECT unnest($1::VARCHAR[]) AS stage, unnest($2::INTEGER[]) AS year",
                [*LAST_YEARS], [*LAST_YEARS.values()])  # fmt: skip
    for serial, file in sorted(files.items()):
        history.run(_LOADING.format(serial=serial), file)
    history.run(_MOVES)
    return history.frame(_COUNTS), history.frame(_LINES)


def _registers(history: History) -> Iterator[tuple[int, str]]:
    for run in history.runs.runs:
        file = run.folder / TABLES / PUPILS
        if file.is_file():
            yield run.serial, str(file)
