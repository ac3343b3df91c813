"""What dates must say together: checks of days, orders and lives, one small unit each.

A check is a function that gives faults; ``needs`` enters it into the register with the tables
without which it cannot run. Cells that are wrong by themselves are told where they are read, and
passed over here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from treatybook.evidence import dates
from treatybook.evidence.reading import Problem, Row, at_line
from treatybook.evidence.register import Tables, needs
from treatybook.evidence.tables import split
from treatybook.evidence.wording import _

LONGEST_LIFE = 110  # years
# An event that is named after a death: sukhbaatar-dies-1923.
DEATH = re.compile(r"(?P<person>.+)-(dies|killed|executed)-\d{4}", re.ASCII)
# Fields of claims about people, and the column of the people that they speak of.
LIFE_FIELDS = {"date_of_birth": "born", "date_of_death": "died"}


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
            if dates.known(row["date"]) and computed != row["date"].rstrip("?~%"):
                rule = _("in the New Style that is {computed}, but the column date has {date}")
                rule = rule.format(computed=computed, date=row["date"])
                yield row.fault("date_old_style", rule)


def _attesting(tables: Tables) -> dict[str, list[Row]]:
    """For each event the claims that attest it; what only bears on it is left out."""
    found: dict[str, list[Row]] = {}
    for row in tables["claims"]:
        for event in split(row["events"]) if row["stance"] == "attests" else ():
            found.setdefault(event, []).append(row)
    return found


def _contradicted(when: dates.EdtfDate, claims: list[Row]) -> dict[str, dates.EdtfDate]:
    """What the claims about the date say, if none of them can be the day; else nothing."""
    dated = [claim for claim in claims if claim["field"] == "date"]
    said = {c["claim_id"]: day for c in dated if (day := dates.known(c["date"]))}
    return {} if any(dates.may_be_one(when, day) for day in said.values()) else said


@needs("events", "claims")
def dates_of_events(tables: Tables) -> Iterator[Problem]:
    """An event lies within what at least one claim says of its date.

    What is only *about* a day may lie beside it, and a computed date has no claim of its own.
    """
    attesting = _attesting(tables)
    for row in tables["events"]:
        event, when = row["event_id"], dates.known(row["date"])
        if not when or row["evidence"] == "computed":
            continue
        if said := _contradicted(when, attesting.get(event, [])):
            rule = _("{event} is dated {date}, but no claim about it has such a date: {claims}")
            rule = rule.format(event=event, date=when, claims=_told(said.items()))
            yield row.fault("date", rule)


def _told(said: Iterable[tuple[str, dates.EdtfDate]]) -> str:
    """What claims say of a date, in words."""
    words = _("{claim} says {date}")
    return "; ".join(words.format(claim=claim, date=day) for claim, day in said)


@needs("events", "claims")
def fineness_of_dates(tables: Tables) -> Iterator[Problem]:
    """A date is no finer than the finest claim that attests it, or the row says what it rests on.

    An event that no source attests has a level that says so, and needs no word more; a date
    that the claims exclude is told by ``dates_of_events``.
    """
    attesting = _attesting(tables)
    for row in tables["events"]:
        when, claims = dates.known(row["date"]), attesting.get(row["event_id"], [])
        sourced = [claim for claim in claims if claim["source"]]
        if not when or not sourced or row["evidence"] == "computed" or _contradicted(when, claims):
            continue
        said = filter(None, (dates.known(claim["date"]) for claim in sourced))
        lengths = [day.days for day in said if dates.may_be_one(when, day)]
        finer = not lengths or when.days < min(lengths)
        if finer and not row["date_basis"]:
            best = _("none has a date like it")
            if lengths:
                best = _("the finest leaves {n} days").format(n=min(lengths))
            rule = _(
                "finer than the claims that attest {event} ({best}): write the date as they have it, "
                "or say in date_basis what it rests on"
            )
            yield row.fault("date", rule.format(event=row["event_id"], best=best))
        if row["date_basis"] and not finer:
            rule = _("a claim attests a date as fine as this: leave it empty")
            yield row.fault("date_basis", rule)


@needs("events", "rules")
def order_of_events(tables: Tables) -> Iterator[Problem]:
    """Events keep to the rules of their order."""
    when = {row["event_id"]: dates.known(row["date"]) for row in tables["events"]}
    lines = {row["event_id"]: row.line for row in tables["events"]}
    for row in tables["rules"]:
        if _turned_round(row, when):
            earlier, later = when[row["earlier"]].text, when[row["later"]].text
            rule = _(
                "{reason}: {earlier} must not be after {later} (events.csv, lines {one} and {other})"
            )
            places = {"one": lines[row["earlier"]], "other": lines[row["later"]]}
            told = {"reason": row["reason"], "earlier": earlier, "later": later}
            yield row.fault("later", rule.format(**told, **places))


def _turned_round(rule: Row, when: Mapping[str, dates.EdtfDate | None]) -> bool:
    """Whether the dates of two events contradict a rule of their order."""
    earlier, later = when.get(rule["earlier"]), when.get(rule["later"])
    return bool(earlier and later and later.before(earlier))


@needs("events", "rules")
def circles_of_rules(tables: Tables) -> Iterator[Problem]:
    """No rules of order run in a circle.

    A rule that the dates contradict is told for that, and closes no circle.
    """
    when = {row["event_id"]: dates.known(row["date"]) for row in tables["events"]}
    followers: dict[str, dict[str, int]] = {}
    for row in tables["rules"]:
        earlier, later = row["earlier"], row["later"]
        if not {earlier, later} <= set(when) or _turned_round(row, when):
            continue
        if earlier == later:
            rule = _("an event cannot be earlier than itself: name another one")
            yield row.fault("later", rule)
        elif lines := _way(followers, later, earlier):
            if len(lines) == 1:
                rule = _("{later} already comes before {earlier}, by the rule on line {lines}")
            else:
                rule = _("{later} already comes before {earlier}, by the rules on lines {lines}")
            numbers = _(" and ").join(map(str, lines))
            yield row.fault("later", rule.format(later=later, earlier=earlier, lines=numbers))
        else:
            followers.setdefault(earlier, {}).setdefault(later, row.line)


def _way(followers: Mapping[str, Mapping[str, int]], start: str, goal: str) -> list[int]:
    """Lines of the rules that lead from one event to a later one; empty if none do."""
    ways: dict[str, list[int]] = {start: []}
    waiting = [start]
    while waiting and goal not in ways:
        event = waiting.pop()
        for later, line in followers.get(event, {}).items():
            if later not in ways:
                ways[later] = [*ways[event], line]
                waiting.append(later)
    return ways.get(goal, [])


@needs("people")
def lives(tables: Tables) -> Iterator[Problem]:
    """Lives have two ends, in their order, and no more years than people live."""
    for row in tables["people"]:
        if fault := _wrong_life(row):
            yield row.fault(*fault)


def _wrong_life(row: Row) -> tuple[str, str] | None:
    """What is wrong with a birth and a death: the column, and what is allowed."""
    born, died = dates.known(row["born"]), dates.known(row["died"])
    for column, when in (("born", born), ("died", died)):
        if when and when.is_open:
            rule = _("a birth or a death has no open end; write the span that it lies in")
            return column, rule
    if not born or not died:
        return None
    if died.before(born):
        return "died", _("nobody dies before being born ({date})").format(date=row["born"])
    if died.earliest.year - born.latest.year > LONGEST_LIFE:
        rule = _("nobody lives more than {n} years; died is {date}")
        return "born", rule.format(n=LONGEST_LIFE, date=row["died"])
    return None


@needs("events", "people")
def deeds(tables: Tables) -> Iterator[Problem]:
    """Nobody takes part in an event before being born or after death."""
    events: dict[str, list[Row]] = {}
    for event in tables["events"]:
        for person in split(event["people"]):
            events.setdefault(person, []).append(event)
    for row in tables["people"]:
        if _wrong_life(row):
            continue
        for column in ("born", "died"):
            outside = [
                event
                for event in events.get(row["person_id"], ())
                if _outside_life(column, dates.known(row[column]), dates.known(event["date"]))
                and not (column == "died" and _dies_in(event) == row["person_id"])
            ]
            if outside:
                yield row.fault(column, _deeds_outside(row["person_id"], outside))


def _outside_life(
    column: str, end: dates.EdtfDate | None, when: dates.EdtfDate | None
) -> bool | None:
    """Whether a date lies beyond a birth or a death, or further from the birth than people live."""
    if not end or not when:
        return False
    if column == "died":
        return end.before(when)
    long_after = when.start and when.start.earliest.year - end.latest.year > LONGEST_LIFE
    return when.before(end) or bool(long_after)


def _deeds_outside(person: str, events: list[Row]) -> str:
    first = events[0]
    others = len(events) - 1
    if others:
        rule = _(
            "{person} takes part in {event} of {date} ({place}), and {n} more of the kind; "
            "people act while they live"
        )
    else:
        rule = _("{person} takes part in {event} of {date} ({place}); people act while they live")
    place = at_line("events.csv", first.line)
    told = {"event": first["event_id"], "date": first["date"], "place": place}
    return rule.format(person=person, n=others, **told)


def _dies_in(event: Row) -> str:
    """The person after whose death an event is named; empty if it is not."""
    found = DEATH.fullmatch(event["event_id"])
    return found["person"] if found else ""


@needs("events", "people")
def deaths(tables: Tables) -> Iterator[Problem]:
    """A death has the date of the event that is named after it."""
    people = {row["person_id"]: row for row in tables["people"]}
    for event in tables["events"]:
        row = people.get(_dies_in(event))
        died = dates.known(row["died"]) if row else None
        when = dates.known(event["date"])
        if died and when and not _wrong_life(row) and not dates.may_be_one(died, when):
            rule = _("the event of this death, {event} ({place}), says {date}")
            told = {"event": event["event_id"], "date": event["date"]}
            place = at_line("events.csv", event.line)
            yield row.fault("died", rule.format(**told, place=place))


@needs("claims", "people")
def claims_of_lives(tables: Tables) -> Iterator[Problem]:
    """A birth or a death lies within what at least one claim says of it."""
    claimed: dict[tuple[str, str], list[tuple[str, dates.EdtfDate]]] = {}
    for row in tables["claims"]:
        column, said = LIFE_FIELDS.get(row["field"]), dates.known(row["date"])
        for person in split(row["people"]) if column and said else ():
            claimed.setdefault((person, column), []).append((row["claim_id"], said))
    for row in tables["people"]:
        for column in LIFE_FIELDS.values():
            when, claims = dates.known(row[column]), claimed.get((row["person_id"], column))
            if not when or not claims or _wrong_life(row):
                continue
            if not any(dates.may_be_one(when, said) for _, said in claims):
                rule = _("no claim about it has such a date: {claims}")
                yield row.fault(column, rule.format(claims=_told(claims)))
