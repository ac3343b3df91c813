"""What rows must say together: checks of one table against another, one small unit each.

A check is a function that gives faults; ``needs`` enters it into the register with the tables
without which it cannot run. Cells that are wrong by themselves are told where they are read, and
passed over here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from treatybook.evidence import dates
from treatybook.evidence.attestation import LEVELS
from treatybook.evidence.reading import Problem
from treatybook.evidence.register import Tables, needs
from treatybook.evidence.tables import ARROW, pair, split

WITHOUT_SOURCE = ("unverified", "computed")


def _parsed(cell: str) -> dates.EdtfDate | None:
    with suppress(dates.DateError):
        return dates.parse(cell)
    return None


@needs("events", "treaties")
def old_style(tables: Tables) -> Iterator[Problem]:
    """Old Style and New Style are the same day."""
    for row in (*tables["events"], *tables["treaties"]):
        if not row["date_old_style"]:
            continue
        try:
            computed = dates.new_style(row["date_old_style"])
        except dates.DateError as error:
            yield row.fault("date_old_style", str(error))
        else:
            if computed != row["date"].rstrip("?~%"):
                rule = f"in the New Style that is {computed}, but the column date has {row['date']}"
                yield row.fault("date_old_style", rule)


@needs("events", "claims")
def levels_of_events(tables: Tables) -> Iterator[Problem]:
    """No event stands higher than the claims about it."""
    best: dict[str, str] = {}
    for row in tables["claims"]:
        level = row["evidence"]
        for event in split(row["events"]) if level in LEVELS else ():
            best[event] = min(best.get(event, level), level, key=LEVELS.index)
    for row in tables["events"]:
        event, level = row["event_id"], row["evidence"]
        reached = best.get(event, "unverified")
        if level in LEVELS and LEVELS.index(level) < LEVELS.index(reached):
            rule = f"no claim about {event} reaches this level; the best is {reached!r}"
            yield row.fault("evidence", rule)


@needs()
def levels_without_source(tables: Tables) -> Iterator[Problem]:
    """A row without a source has not been read anywhere."""
    for row in (row for rows in tables.values() for row in rows):
        column = "source" if "source" in row.cells else "sources"
        level = row.cells.get("evidence")
        if level and row.cells.get(column) == "" and level not in WITHOUT_SOURCE:
            rule = f"a row without {column} can only be 'unverified' or 'computed'"
            yield row.fault("evidence", rule)


@needs("events", "claims")
def dates_of_events(tables: Tables) -> Iterator[Problem]:
    """An event lies within what at least one claim says of its date.

    What is only *about* a day may lie beside it, and a computed date has no claim of its own.
    """
    claimed: dict[str, list[tuple[str, dates.EdtfDate]]] = {}
    for row in tables["claims"]:
        said = _parsed(row["date"]) if row["field"] == "date" else None
        for event in split(row["events"]) if said else ():
            claimed.setdefault(event, []).append((row["claim_id"], said))
    for row in tables["events"]:
        event, when = row["event_id"], _parsed(row["date"])
        claims = claimed.get(event)
        if not when or not claims or row["evidence"] == "computed":
            continue
        if not any(_may_be_one(when, said) for _, said in claims):
            told = "; ".join(f"{claim} says {said}" for claim, said in claims)
            rule = f"{event} is dated {when}, but no claim about it has such a date: {told}"
            yield row.fault("date", rule)


def _may_be_one(when: dates.EdtfDate, said: dates.EdtfDate) -> bool:
    overlap = when.earliest <= said.latest and said.earliest <= when.latest
    return overlap or when.approximate or said.approximate


@needs("events", "rules")
def order_of_events(tables: Tables) -> Iterator[Problem]:
    """Events keep to the rules of their order."""
    when = {row["event_id"]: _parsed(row["date"]) for row in tables["events"]}
    for row in tables["rules"]:
        earlier, later = when.get(row["earlier"]), when.get(row["later"])
        if earlier and later and later.before(earlier):
            rule = f"{row['reason']}: {earlier.text} must not be after {later.text}"
            yield row.fault("later", rule)


@needs("people")
def lives(tables: Tables) -> Iterator[Problem]:
    """Nobody dies before being born."""
    for row in tables["people"]:
        born, died = _parsed(row["born"]), _parsed(row["died"])
        if born and died and died.before(born):
            yield row.fault("died", f"nobody dies before being born ({row['born']})")


@needs("forces", "presence")
def ranges(tables: Tables) -> Iterator[Problem]:
    """An upper figure is not below its lower one."""
    for name, start in (("forces", ""), ("presence", "strength_")):
        low, high = f"{start}low", f"{start}high"
        for row in tables[name]:
            with suppress(ValueError):
                if not float(row[low] or 0) <= float(row[high] or "inf"):
                    yield row.fault(high, f"it must not be less than {low} ({row[low]})")


@needs("places")
def positions(tables: Tables) -> Iterator[Problem]:
    """A position has two numbers."""
    for row in tables["places"]:
        if bool(row["latitude"]) != bool(row["longitude"]):
            yield row.fault("latitude", "a position needs both latitude and longitude")


@needs("quizzes")
def options_of_quizzes(tables: Tables) -> Iterator[Problem]:
    """The answer to a question is among its options."""
    for row in tables["quizzes"]:
        options = split(row["options"])
        if options and row["answer"] not in options:
            rule = f"the answer must be one of the options: {', '.join(options)}"
            yield row.fault("answer", rule)


@needs("quizzes")
def feedback_of_quizzes(tables: Tables) -> Iterator[Problem]:
    """What is said to a wrong answer stands behind that answer."""
    for row in tables["quizzes"]:
        for item in split(row["feedback"]):
            try:
                pair(item)
            except ValueError:
                rule = f"write 'wrong answer{ARROW}what is said to it', several separated by '; '"
                yield row.fault("feedback", rule, item)
