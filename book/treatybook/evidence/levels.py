"""What evidence carries: levels not above what was read, claims, and verdicts that rest on them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from treatybook.evidence import dates, prose
from treatybook.evidence.attestation import LEVELS
from treatybook.evidence.errors import NEAR, nearest
from treatybook.evidence.reading import Problem, at_line, nothing
from treatybook.evidence.register import Tables, needs
from treatybook.evidence.tables import split
from treatybook.evidence.wording import _

WITHOUT_SOURCE = ("unverified", "computed")
READ = ("text", "text-part")  # levels at which words of the document were seen
DAY_IN_WORDS = re.compile(
    rf"(?:(?P<day>\d{{1,2}}) )?(?P<month>{'|'.join(dates.MONTHS)}) (?P<year>\d{{4}})", re.ASCII
)


def _best(levels: Iterable[str]) -> str:
    """The highest of the levels that are known; ``unverified`` if there is none."""
    return min((x for x in levels if x in LEVELS), key=LEVELS.index, default="unverified")


def _above(level: str, reached: str) -> bool:
    return level in LEVELS and LEVELS.index(level) < LEVELS.index(reached)


@needs("events", "claims")
def levels_of_events(tables: Tables) -> Iterator[Problem]:
    """No event stands higher than the claims that attest it."""
    best: dict[str, str] = {}
    for row in tables["claims"]:
        level = row["evidence"]
        counts = level in LEVELS and row["stance"] == "attests"
        for event in split(row["events"]) if counts else ():
            best[event] = min(best.get(event, level), level, key=LEVELS.index)
    for row in tables["events"]:
        event, level = row["event_id"], row["evidence"]
        reached = best.get(event, "unverified")
        if level in LEVELS and LEVELS.index(level) < LEVELS.index(reached):
            rule = _("no claim that attests {event} reaches this level; the best is {level!r}")
            yield row.fault("evidence", rule.format(event=event, level=reached))


@needs()
def levels_without_source(tables: Tables) -> Iterator[Problem]:
    """A row without a source has not been read anywhere."""
    for row in (row for rows in tables.values() for row in rows):
        column = "source" if "source" in row.cells else "sources"
        level = row.cells.get("evidence")
        if level and row.cells.get(column) == "" and level not in WITHOUT_SOURCE:
            rule = _("a row without {column} can only be 'unverified' or 'computed'")
            yield row.fault("evidence", rule.format(column=column))


@needs("treaties", "clauses", "answers")
def levels_of_answers(tables: Tables) -> Iterator[Problem]:
    """No answer stands higher than what was read of its treaty."""
    read = {row["treaty_id"]: [row["evidence"]] for row in tables["treaties"]}
    for row in tables["clauses"]:
        read.setdefault(row["treaty_id"], []).append(row["evidence"])
    for row in tables["answers"]:
        reached = _best(read.get(row["treaty_id"], ()))
        if row["treaty_id"] in read and _above(row["evidence"], reached):
            rule = _("nothing of {treaty} was read at this level; the best is {level!r}")
            yield row.fault("evidence", rule.format(treaty=row["treaty_id"], level=reached))


@needs("treaties", "clauses")
def levels_of_treaties(tables: Tables) -> Iterator[Problem]:
    """A treaty of which a clause was read has been read, at least in part."""
    clauses: dict[str, list[str]] = {}
    for row in tables["clauses"]:
        clauses.setdefault(row["treaty_id"], []).append(row["evidence"])
    for row in tables["treaties"]:
        reached = _best(clauses.get(row["treaty_id"], ()))
        reached = "text-part" if reached in READ else reached
        if row["evidence"] in LEVELS and _above(reached, row["evidence"]):
            rule = _("clauses.csv has clauses of it that were read; it must be {level!r} or better")
            yield row.fault("evidence", rule.format(level=reached))


@needs("presence", "claims")
def levels_of_presence(tables: Tables) -> Iterator[Problem]:
    """No report of a unit stands higher than the claims that it rests on."""
    levels = {row["claim_id"]: row["evidence"] for row in tables["claims"]}
    for row in tables["presence"]:
        claims = [claim for claim in split(row["claims"]) if claim in levels]
        reached = _best(levels[claim] for claim in claims)
        if claims and _above(row["evidence"], reached):
            rule = _("the claims {claims} do not reach this level; the best is {level!r}")
            yield row.fault("evidence", rule.format(claims=", ".join(claims), level=reached))


@needs("claims")
def locators(tables: Tables) -> Iterator[Problem]:
    """A place in a source has a source."""
    for row in tables["claims"]:
        if row["locator"] and not row["source"]:
            rule = _("a claim with a locator ({locator}) names its source")
            yield row.fault("source", rule.format(locator=row["locator"]), nothing())


@needs("claims")
def values_of_claims(tables: Tables) -> Iterator[Problem]:
    """The date of a claim is the one that its value states."""
    for row in tables["claims"]:
        when, said = dates.known(row["date"]), _dates_in(row["value"])
        if when and said and not any(_same(when, one) for one in said):
            rule = _("the column date has {date}; both must state the same")
            yield row.fault("value", rule.format(date=row["date"]))


def _dates_in(value: str) -> list[dates.EdtfDate]:
    """The dates that a value states, in EDTF or in English words."""
    if whole := dates.known(value):
        return [whole]
    found = []
    for words in DAY_IN_WORDS.finditer(value):
        month = dates.MONTHS.index(words["month"]) + 1
        day = f"-{int(words['day']):02}" if words["day"] else ""
        found.append(dates.known(f"{words['year']}-{month:02}{day}"))
    return [date for date in found if date]


def _same(when: dates.EdtfDate, said: dates.EdtfDate) -> bool:
    """Whether a date and a stated one are the same; what is stated may be Old Style."""
    if dates.may_be_one(when, said):
        return True
    return said.precision == "day" and dates.new_style(str(said.earliest)) == str(when.earliest)


@needs("verdicts", "claims")
def claims_of_verdicts(tables: Tables) -> Iterator[Problem]:
    """A verdict rests on claims of its own case, or says in its note why there are none."""
    cases = {row["claim_id"]: split(row["cases"]) for row in tables["claims"]}
    with_claims = {case for named in cases.values() for case in named}
    for row in tables["verdicts"]:
        case = row["case_id"]
        strange = [x for x in split(row["claims_followed"]) if x in cases and case not in cases[x]]
        for claim in strange:
            rule = _(
                "a verdict follows claims of its own case, {case}; this one belongs to {cases}"
            )
            own = ", ".join(cases[claim]) or _("no case")
            yield row.fault("claims_followed", rule.format(case=case, cases=own), claim)
        if case not in with_claims and not strange and not row["note"]:
            rule = _("no row of claims.csv names this case; add its claims, or say why not in note")
            yield row.fault("case_id", rule)


@needs("statements")
def statements_of_the_account(tables: Tables) -> Iterator[Problem]:
    """A statement is numbered in its order, and told on a page of the book.

    A book about another account has pages of its own; nothing is said where none is known.
    """
    pages = sorted(prose.texts())
    known = any(row["page"] in pages for row in tables["statements"])
    for number, row in enumerate(tables["statements"], 1):
        if row["position"] != str(number):
            rule = _("rows stand in the order of the account; this is {number}")
            yield row.fault("position", rule.format(number=number))
        if known and row["page"] and row["page"] not in pages:
            rule = _("no page has this name{near}; there are: {pages}")
            near = nearest(row["page"], pages, NEAR)
            yield row.fault("page", rule.format(near=near, pages=", ".join(pages)))


@needs("treaties", "events")
def dates_of_treaties(tables: Tables) -> Iterator[Problem]:
    """A treaty has the date of the event in which it was made."""
    made: dict[str, list[tuple[str, int, dates.EdtfDate]]] = {}
    for row in tables["events"]:
        when = dates.known(row["date"])
        for treaty in split(row["treaties"]) if when and row["category"] == "treaty" else ():
            made.setdefault(treaty, []).append((row["event_id"], row.line, when))
    for row in tables["treaties"]:
        when, events = dates.known(row["date"]), made.get(row["treaty_id"])
        if (
            when
            and events
            and not any(dates.may_be_one(when, made_on) for _id, _line, made_on in events)
        ):
            words = _("{event} ({place}) says {date}")
            told = "; ".join(
                words.format(event=event, place=at_line("events.csv", n), date=day)
                for event, n, day in events
            )
            rule = _("no event of category treaty has this date: {events}")
            yield row.fault("date", rule.format(events=told))
