"""Names are nouns of the field: few are bare participles or pronouns, which say nothing of what they hold.

Two shares are held. ``MOST``: of the 29 words that were commonest when the house was named anew, whatever they hold.
``MOST_OF_ANY``: of any single participle, every word in -ed and the irregular ones, but for those that are right: see
``FIELD`` and ``is_predicate``. Names of two words (``paid_rows``) say of what they are and are not counted.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Per cent of all names of a tree; it may only fall. The package had 6.66 when this test was
# written, the samples 2.76, the tests 7.19.
MOST = {"auditlib": 0.2, "samples": 0.2, "tests": 0.7, "benchmarks": 0.2, "bundle": 0.2}
# Per cent of all names that are any one participle. The package had 4.8 when this was first counted, the samples 4.0, the
# benchmarks 5.1, the bundle 5.6, the tests 4.7.
MOST_OF_ANY = {"auditlib": 0.7, "samples": 0.9, "tests": 1.1, "benchmarks": 0.9, "bundle": 0.2}


def as_words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words of the field that name a thing by themselves: in GLOSSARY.md, or columns of the declared tables.
FIELD = as_words("""
enrolled eligible missed underpaid overpaid paid withdrawn cleared closed confirmed rectified settled
rejected untested masked unmasked linked excused awaited
""")
IRREGULAR = as_words("""
found told said known both whole made given held shown drawn left kept seen taken chosen met meant laid
written lost gone done sent paid built bought brought caught taught thought sought sold stood understood
felt dealt spelt spent bent led heard begun born borne worn torn sworn grown thrown blown forgotten
broken spoken frozen stolen driven hidden eaten fallen forgiven proven sewn struck slept swept learnt
underlain misread overdrawn undone withdrawn
""")
NOUNS_IN_ED = as_words("""
need seed feed bed speed deed weed reed breed creed greed thread shed sled hundred kindred embed red
""")
TRUTHS = {"bool", "bool | None", "ir.BooleanValue", "ir.BooleanColumn", "ir.BooleanScalar"}
ASKING = as_words("""
isin notnull isnull notna isna any all startswith endswith yes exists is_file is_dir contains between
duplicated
""")
BARE = frozenset(
    [
        "found",
        "told",
        "said",
        "known",
        "both",
        "whole",
        "made",
        "given",
        "wanted",
        "asked",
        "held",
        "named",
        "shown",
        "drawn",
        "left",
        "kept",
        "seen",
        "taken",
        "chosen",
        "met",
        "meant",
        "opened",
        "judged",
        "stated",
        "laid",
        "written",
        "lost",
        "gone",
        "done",
    ]
)


def named_by(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, ast.FunctionDef):
        yield node.name


def bindings(tree: ast.AST) -> Iterator[str]:
    """Every name that is bound: variables, parameters, fields, functions."""
    for node in ast.walk(tree):
        yield from named_by(node)


@cache
def names_by_room(tree: str) -> dict[str, Counter[bool]]:
    """room -> how many names are bare (True), how many are not."""
    rooms: dict[str, Counter[bool]] = {}
    for file in sorted((ROOT / tree).rglob("*.py")):
        room = file.relative_to(ROOT / tree).parts[0].removesuffix(".py")
        names = bindings(ast.parse(file.read_text("utf-8")))
        rooms.setdefault(room, Counter()).update(name.strip("_") in BARE for name in names)
    return rooms


@pytest.mark.parametrize("tree", MOST)
def test_few_names_are_bare_participles(tree: str) -> None:
    rooms = names_by_room(tree)
    rooms = rooms | {"together": sum(rooms.values(), Counter[bool]())}
    for room, names in sorted(rooms.items(), key=lambda entry: -entry[1][True]):
        print(f"{room:20} {names[True]:5} of {names.total():6}  {percent(names):5.2f} %")
    assert percent(rooms["together"]) <= MOST[tree]


def percent(names: Counter[bool]) -> float:
    return 100 * names[True] / max(names.total(), 1)


def is_participle(name: str) -> bool:
    word = name.strip("_").lower()
    in_ed = word.endswith("ed") and len(word) > 3 and word not in NOUNS_IN_ED
    return "_" not in word and (in_ed or word in IRREGULAR) and word not in FIELD


def is_predicate(value: ast.expr | None) -> bool:
    """Is it true or false: a comparison, its negation or joining, a call that asks? Of such a name a participle is right."""
    match value:
        case ast.Compare() | ast.UnaryOp(op=ast.Not() | ast.Invert()) | ast.Constant(value=bool()):
            return True
        case ast.BoolOp(values=parts):
            return all(map(is_predicate, parts))
        case ast.BinOp(left=left, op=ast.BitAnd() | ast.BitOr(), right=right):
            return is_predicate(left) and is_predicate(right)
        case ast.Call(func=ast.Attribute(attr="fill_null"), args=[ast.Constant(value=bool())]):
            return True
        case ast.Call(func=ast.Attribute(attr=called) | ast.Name(id=called)):
            return called in ASKING
    return False


def names_a_rule(name: str, value: ast.expr | None) -> bool:
    """A rule's id in a constant, ``UNLEDGERED = "dropout.unledgered"``: its name is the rule's."""
    match value:
        case ast.Constant(value=str() as text):
            return text.endswith(f".{name.strip('_').lower()}")
    return False


def is_true_or_false(annotation: ast.expr | None) -> bool:
    return annotation is not None and ast.unparse(annotation) in TRUTHS


def is_rule(node: ast.FunctionDef) -> bool:
    """A rule is named by what it finds its rows to be: ``expired``, ``unledgered``; the catalogue has its title."""
    return any(ast.unparse(decorator).startswith("rule(") for decorator in node.decorator_list)


def participles(tree: ast.AST) -> Iterator[str]:
    """Names that are one participle, of the field's words and of predicates none."""
    right: set[int] = set()
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() if is_true_or_false(node.returns) or is_rule(node):
                right.add(id(node))
            case ast.arg() | ast.AnnAssign() if is_true_or_false(node.annotation):
                right.add(id(node.target if isinstance(node, ast.AnnAssign) else node))
            case (
                ast.Assign(targets=[ast.Name() as name], value=value)
                | ast.NamedExpr(target=name, value=value)
            ):
                right.update({id(name)} if is_predicate(value) or names_a_rule(name.id, value) else ())
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
                right.update(
                    id(name)
                    for name, value in zip(names, values, strict=False)
                    if is_predicate(value) or names_a_rule(getattr(name, "id", ""), value)
                )
    for node in ast.walk(tree):
        for name in named_by(node):
            if is_participle(name) and id(node) not in right:
                yield name


@pytest.mark.parametrize("tree", MOST_OF_ANY)
def test_few_names_are_any_participle(tree: str) -> None:
    participle_counts, total = Counter[str](), 0
    for file in sorted((ROOT / tree).rglob("*.py")):
        module = ast.parse(file.read_text("utf-8"))
        participle_counts.update(participles(module))
        total += len(list(bindings(module)))
    print(participle_counts.most_common(40))
    assert 100 * participle_counts.total() / total <= MOST_OF_ANY[tree]


def test_a_predicate_a_word_of_the_field_and_a_rule_may_be_participles() -> None:
    source = "@rule('a.b')\ndef expired(audit, shared: bool):\n    merged = 1\n    late = used = rows\n    signed = a == b\n    paid = 2"
    assert sorted(participles(ast.parse(source))) == ["merged", "used"]


def test_the_law_has_none() -> None:
    assert names_by_room("auditlib")["law"][True] == 0


def test_a_bare_name_is_seen_and_a_noun_is_not() -> None:
    bound = list(bindings(ast.parse("def told(asked, rows):\n    said = rows\n    for known in said: pass")))
    assert sorted(set(bound) & BARE) == ["asked", "known", "said", "told"] and "rows" in bound
