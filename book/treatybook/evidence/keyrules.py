"""What keys and labels must say: clauses and their parts, codings and their coders, the codebook."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from treatybook.evidence.attestation import LEVELS
from treatybook.evidence.reading import Problem, Row
from treatybook.evidence.register import Tables, needs
from treatybook.evidence.tables import COMPARED
from treatybook.evidence.wording import FURTHER, _

PARTS_OF_KEY = ("treaty_id", "article", "paragraph")


@needs("clauses")
def keys_of_clauses(tables: Tables) -> Iterator[Problem]:
    """The key of a clause is made of its instrument, article and paragraph."""
    for row in tables["clauses"]:
        parts = row["clause_id"].split("/")
        if len(parts) != len(PARTS_OF_KEY):
            continue
        wrong = [c for c, part in zip(PARTS_OF_KEY, parts, strict=True) if row[c] != part]
        made = "/".join(row[column] for column in PARTS_OF_KEY)
        if len(wrong) == 1:
            rule = _("it must agree with the clause_id, {key}").format(key=row["clause_id"])
            yield row.fault(wrong[0], rule)
        elif wrong:
            rule = _("by its other columns this clause is {key}").format(key=made)
            yield row.fault("clause_id", rule)


@needs("clauses", "treaties")
def articles(tables: Tables) -> Iterator[Problem]:
    """No article goes beyond the number of articles of its instrument."""
    counts = {row["treaty_id"]: row["articles_count"] for row in tables["treaties"]}
    for row in tables["clauses"]:
        last, article = counts.get(row["treaty_id"], ""), row["article"]
        if not (last.isdecimal() and article.isdecimal()):
            continue
        if not 1 <= int(article) <= int(last):
            rule = _("{treaty} has {n} articles by treaties.csv")
            yield row.fault("article", rule.format(treaty=row["treaty_id"], n=last))


@needs("clauses")
def places_of_clauses(tables: Tables) -> Iterator[Problem]:
    """No two clauses have the same place in an instrument."""
    # A clause with the key of another instrument is told for that.
    own = [r for r in tables["clauses"] if r["clause_id"].startswith(f"{r['treaty_id']}/")]
    yield from _twice(own, "treaty_id", "position")


@needs("clauses", "codings", "treaties", "codebook")
def coders(tables: Tables) -> Iterator[Problem]:
    """Who codes most of an instrument codes the whole of it.

    A coder who has only begun lacks no clause yet, and instruments that are no more than context
    are not coded as a whole.
    """
    whole = {row["treaty_id"] for row in tables["treaties"] if row["scope"] != "context"}
    coded = {(row["clause_id"], row["coder"]) for row in tables["codings"]}
    known = {row["label"] for row in tables["codebook"] if row["list"] == "coder"}
    everybody = sorted({coder for _, coder in coded} & known)
    # A coder with a wrong name, who is told for that, may be the one that is lacking.
    misnamed = {clause for clause, coder in coded if coder not in known}
    clauses: dict[str, list[Row]] = {}
    for row in tables["clauses"]:
        if row["treaty_id"] in whole:
            clauses.setdefault(row["treaty_id"], []).append(row)
    for treaty, rows in clauses.items():
        done = {c: sum((row["clause_id"], c) in coded for row in rows) for c in everybody}
        bound = [coder for coder, number in done.items() if 2 * number > len(rows)]
        for row in (row for row in rows if row["clause_id"] not in misnamed):
            if lacking := [c for c in bound if (row["clause_id"], c) not in coded]:
                rule = _(
                    "codings.csv has no coding of it by {coders}; most of {treaty} is coded so"
                )
                names = _(" and ").join(lacking)
                yield row.fault("clause_id", rule.format(coders=names, treaty=treaty))


@needs("codebook")
def levels_of_codebook(tables: Tables) -> Iterator[Problem]:
    """Levels of evidence are those that the book can rank and draw."""
    for row in tables["codebook"]:
        if row["list"] == "evidence" and row["label"] not in LEVELS:
            rule = _("the book knows only the levels {levels}")
            yield row.fault("label", rule.format(levels=", ".join(LEVELS)))


@needs("codebook")
def words_of_codebook(tables: Tables) -> Iterator[Problem]:
    """No two labels of one list have the same words or the same place."""
    for column in ("position", "label_en", "label_ru"):
        yield from _twice(tables["codebook"], "list", column)


@needs("claims")
def translations_of_claims(tables: Tables) -> Iterator[Problem]:
    """Claims that are told apart by their words are told apart in each language."""
    for column, language in product(COMPARED, FURTHER):
        rows = [row for row in tables["claims"] if row.cells.get(f"{column}_{language}")]
        yield from _otherwise(rows, column, f"{column}_{language}")


def _otherwise(rows: list[Row], column: str, other: str) -> Iterator[Problem]:
    """Words that have two translations, and translations that stand for two words."""
    told: dict[tuple[str, str], Row] = {}
    for row in rows:
        before = told.setdefault((column, row[column].casefold()), row)
        if before[other].casefold() != row[other].casefold():
            rule = _("line {line} translates the same words otherwise, {words!r}")
            yield row.fault(other, rule.format(line=before.line, words=before[other]))
            continue
        before = told.setdefault((other, row[other].casefold()), row)
        if before[column].casefold() != row[column].casefold():
            rule = _("on line {line} it stands for {words!r}")
            yield row.fault(other, rule.format(line=before.line, words=before[column]))


def _twice(rows: list[Row], group: str, column: str) -> Iterator[Problem]:
    """Cells that stand twice in one column of a group of rows."""
    lines: dict[tuple[str, str], int] = {}
    keys: set[str] = set()
    for row in rows:
        # A row that stands twice as a whole is told for its key.
        if row.key in keys or not row[column]:
            continue
        keys.add(row.key)
        first = lines.setdefault((row[group], row[column].casefold()), row.line)
        if first != row.line:
            if group == "treaty_id":
                rule = _("{name} has it already on line {line}; only once in each instrument")
            else:
                rule = _("{name} has it already on line {line}; only once in each list")
            yield row.fault(column, rule.format(name=row[group], line=first))
