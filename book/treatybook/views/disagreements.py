"""Where sources disagree: every disputed date and number, and what the editors make of it."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterable

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import (
    date_cell,
    events_cell,
    evidence_cell,
    row_cell,
    source_cell,
    sources_text,
    yes_or_no,
)
from treatybook.display.content import Cell, FigureView, TableView, linked, without_empty
from treatybook.evidence.attestation import LEVELS
from treatybook.evidence.dates import EdtfDate, short
from treatybook.evidence.errors import WrongArgument, checked
from treatybook.evidence.identifiers import address, anchor, case_key, number_words, said
from treatybook.evidence.tables import Book
from treatybook.evidence.wording import _, number, plural
from treatybook.views.parts import Rows

DATE_OF = "date_of_"  # begins the name of a field that dates a part of its subject
THING = ["case_id", "subject", "field"]  # what claims must share, or they do not disagree
COLUMNS = ["source", "evidence", "followed"]
DATES, NUMBERS = (10, 53, 16), (5, 100, 16)  # rows at once, height of one, height around them
NAME = 0.36  # height of a name in its row
# Heights of marks in their row, and how far above them the sign of what is followed stands.
DATE_MARKS, NUMBER_MARKS = (-0.2, 0.27), (0.1, 0.15)
THICK = 0.2  # of a bar, in rows
LINE = 40  # characters of a name beside how far its dates lie apart
YEAR, MONTH = 365, 31  # days
# Room for the words left and right of the days, as a share of the longest row.
BEFORE, BEHIND = 0.56, 0.72
# How far below its mark a number stands, and one that would lie over another, in CSS pixels.
BELOW, LOWER = 19, 33
NARROW, LETTER = 280, 6.6  # width of the drawing on a phone, and of a letter, in CSS pixels
NUMBER = r"^(?P<low>\d[\d ,]*)(?:/(?P<high>\d[\d ,]*))?$"


@checked
def cases(book: Book) -> TableView:
    """Every case: the question, the verdict, how sure it is, and what it teaches.

    Returns
    -------
    TableView
        Columns: Question, Case, Verdict, Kind of verdict, Confidence, Claims, What it teaches,
        Events.
    """
    kinds, confidence = book.labels("verdict_type"), book.labels("confidence")
    events, verdicts = book.rows("events"), book.rows("verdicts").values()
    claims = book.claims.explode("cases").groupby("cases")["claim_id"].agg(list)
    rows = [
        {
            _("Question"): row["subject"],
            _("Case"): row["case_id"],
            _("Verdict"): row["verdict"],
            _("Kind of verdict"): kinds[row["verdict_type"]],
            _("Confidence"): confidence.get(row["confidence"], _("not stated")),
            _("Claims"): _claim_links(claims.get(row["case_id"]), row["claims_followed"]),
            _("What it teaches"): row["teaching_point"],
            _("Events"): events_cell(map(events.get, row["events"])),
        }
        for row in verdicts
    ]
    return TableView(
        "cases",
        _("The {n} cases").format(n=len(rows)),
        pd.DataFrame(rows),
        row_ids=[anchor("case", case) for case in book.verdicts["case_id"]],
        filters=(_("Kind of verdict"), _("Confidence")),
        searchable=True,
    )


def _claim_links(claims: list[str] | None, followed: tuple[str, ...]) -> Cell | str:
    if not claims:
        return _("none")
    told = _("{claim} (followed)")
    links = [
        (told.format(claim=key) if key in followed else key, address("claim", key))
        for key in claims
    ]
    return linked(links, ", ")


@checked
def claims_table(book: Book, case: str = "") -> TableView:
    """Claims as rows that can be linked to: who says what, where, and how far it was read.

    Parameters
    ----------
    book : Book
        The tables.
    case : str
        Only the claims of this case (``D-26``, also written ``d26``), or empty for all but
        plain reports of an event.

    Raises
    ------
    WrongArgument
        If there is no such case (the message names the nearest), or no claim to show.
    """
    case = case_key(book, case) if case != "" else ""
    claims = book.claims
    shown = [case in own for own in claims["cases"]] if case else claims["field"] != "account"
    chosen = claims[shown].to_dict("records")
    if not chosen and case:
        raise WrongArgument(f"case {case} has no claims: it is about what nobody says")
    if not chosen:
        raise WrongArgument("there is no claim yet but plain reports: see claims.csv")
    stances = book.labels("stance")
    rows = [
        {
            _("About"): claim["subject"],
            _("Claim"): claim["claim_id"],
            _("What is said"): said(claim),
            _("By"): source_cell(claim["source"]),
            _("Where"): claim["locator"],
            _("Evidence"): evidence_cell(book, claim["evidence"]),
            _("Stance"): stances[claim["stance"]],
            _("Note"): claim["note"],
            _("Case"): linked(((key, address("case", key)) for key in claim["cases"]), ", "),
        }
        for claim in chosen
    ]
    frame = pd.DataFrame(rows)
    if case:
        return _claims_of_case(case, book.rows("verdicts")[case]["subject"], frame)
    return TableView(
        "claims",
        plural("{n} claim", "{n} claims", len(rows)),
        frame,
        row_ids=[anchor("claim", key) for key in frame[_("Claim")]],
        filters=(_("Evidence"),),
        searchable=True,
        group=_("About"),
    )


def _claims_of_case(case: str, question: str, claims: pd.DataFrame) -> TableView:
    """The claims of one case, source by source; its question stands in the caption."""
    stated = claims[[_("Claim"), _("What is said")]].to_numpy()
    claims[_("What is said")] = [row_cell("claim", key, words) for key, words in stated]
    about = _("About")
    heads = [_("By"), _("What is said"), about, _("Where"), _("Evidence"), _("Note")]
    frame = without_empty(claims[heads])
    if frame[about].nunique() == 1:
        frame = frame.drop(columns=about)
    caption = _("Claims of case {case}: {question}").format(case=case, question=question)
    return TableView(f"claims-{case.lower()}", caption, frame)


def _claims_of_cases(book: Book) -> pd.DataFrame:
    """Claims, one row for each of their cases, and whether a verdict follows them."""
    claims = book.claims.rename(columns={"cases": "case_id"}).explode("case_id", ignore_index=True)
    followed = claims["claim_id"].isin(book.verdicts["claims_followed"].explode())
    source = claims["source"].replace("", _("no source seen"))
    return claims.dropna(subset="case_id").assign(source=source, followed=followed)


@checked
def disputed_dates(book: Book) -> pd.DataFrame:
    """Cases in which sources give different dates for the same thing.

    Returns
    -------
    pandas.DataFrame
        One row per claim: ``case_id``, ``question``, ``subject``, ``field``, ``claim_id``,
        ``date``, ``source``, ``evidence``, ``followed``, ``spread`` (days from the first to the
        last that any of them can mean); only subjects with at least two dates, the widest spread
        first.

    Raises
    ------
    ValueError
        If no claim of a case states a date.
    """
    claims = _claims_of_cases(book).dropna(subset="date")
    if claims.empty:
        raise WrongArgument("no claim of a case states a date, so there is nothing to compare")
    claims["question"] = claims["case_id"].map(book.by_key("verdicts", "subject"))
    claims["text"] = [date.text for date in claims["date"]]
    claims["first"], claims["last"] = _ends(claims["date"])
    things = claims.groupby(THING)
    claims["spread"] = things["last"].transform("max") - things["first"].transform("min")
    columns = ["case_id", "question", "subject", "field", "claim_id", "date", *COLUMNS, "spread"]
    found = claims.loc[things["text"].transform("nunique") > 1, columns]
    order = {"by": ["spread", *THING], "ascending": [False, True, True, True]}
    return found.sort_values(**order, kind="stable", ignore_index=True)


@checked
def dates(book: Book) -> FigureView:
    """One row per disputed date, the widest first; one mark for each date that is given.

    Each row begins with the first day that any source names. Rows seen together have one scale.
    """
    claims = disputed_dates(book)
    if claims.empty:
        raise WrongArgument("no two claims of a case give different dates for the same thing")
    claims["text"] = [date.text for date in claims["date"]]
    readings = _readings(claims, "text")
    first, last = _ends(readings["date"])
    zero = first.groupby(readings["y"]).transform("min")
    readings["start"], readings["end"] = first - zero, last - zero
    readings["said"] = readings["date"].map(str)
    readings["symbol"] = [_shape(date) for date in readings["date"]]
    readings["name"] = _names(readings)
    things = readings.drop_duplicates("y", ignore_index=True)
    spreads = {y: _spread(row) for y, row in readings.groupby("y")}
    rows = Rows(len(things), *DATES)

    def scale(start: int) -> list[float]:
        """As long as the widest row of a part, with room for words at both ends."""
        widest = max(things["spread"][start], 1)
        return [-BEFORE * widest, (1 + BEHIND) * widest]

    drawn = readings[readings["y"] > -rows.drawn]
    plot = _drawing(
        _traces(book, drawn, DATE_MARKS, _("a span of days")),
        rows,
        scale(0),
        [
            *(_row_words(thing, spreads[thing.y]) for thing in things[: rows.drawn].itertuples()),
            *(_end_words(row) for _, row in drawn.groupby("y")),
        ],
    )
    wide, narrow = sum(things["spread"] >= YEAR), sum(things["spread"] <= MONTH)
    words = _(
        "Of {all} disputed dates, {narrow} differ by a month at most and {wide} by as much as a "
        "year or more. They belong to {cases} cases with {claims} claims. From the first day named "
        "to the last it is {least} to {most} days; it is longest for {subject}."
    ).format(
        all=len(things),
        narrow=narrow,
        wide=wide,
        cases=readings["case_id"].nunique(),
        claims=len(claims),
        least=things["spread"].min(),
        most=number(things["spread"].max()),
        subject=things["subject"].iloc[0],
    )
    columns = {
        _("Date"): list(map(date_cell, readings["date"])),
        _("Apart"): [
            Cell(spreads[y], sort=f"{days:07}") for y, days in readings[["y", "spread"]].to_numpy()
        ],
    }
    return FigureView(
        "disputed-dates",
        plot,
        _(
            "Each row starts on the first day that a source names. At its right end stands how far "
            "the dates lie apart, the widest first."
        )
        + rows.words,
        words,
        _table(book, "disputed-dates-data", _("Disputed dates"), readings, columns),
        rows.buttons(lambda start: {"xaxis.range": scale(start)}),
        headline=_(
            "Sources disagree about {all} dates: {wide} may lie a year or more apart, "
            "{narrow} a month at most"
        ).format(all=len(things), wide=wide, narrow=narrow),
        adapt=_words_beside,
    )


def _ends(found: pd.Series) -> tuple[pd.Series, pd.Series]:
    """First and last days of dates, as numbers that can be subtracted."""
    return (
        found.map(lambda date: date.earliest.toordinal()),
        found.map(lambda date: _last(date).toordinal()),
    )


def _last(date: EdtfDate) -> dt.date:
    """Last day a date can mean; for an open span the last day of what is known."""
    return date.start.latest if date.is_open and date.start else date.latest


def _shape(date: EdtfDate) -> str:
    return "diamond" if date.approximate or date.uncertain else "circle"


def _readings(claims: pd.DataFrame, *by: str) -> pd.DataFrame:
    """What is given for each thing, once: by whom, how well, and whether the book follows it.

    Parameters
    ----------
    claims : pandas.DataFrame
        One row per claim, with the columns of :data:`THING` and :data:`COLUMNS`.
    *by : str
        Columns in which the claims of one reading agree.

    Returns
    -------
    pandas.DataFrame
        The columns of the claims, and ``y``: the height of the row of the thing.
    """
    joined = {"source": tuple, "evidence": _best, "followed": "any"}
    alike = [*THING, *by]
    others = dict.fromkeys(claims.columns.difference([*alike, *joined]), "first")
    readings = claims.groupby(alike, sort=False).agg({**joined, **others}).reset_index()
    return readings.assign(y=-readings.groupby(THING, sort=False).ngroup())


def _best(levels: Iterable[str]) -> str:
    return min(levels, key=LEVELS.index)


def _spread(row: pd.DataFrame) -> str:
    """How far the dates of a row lie apart; "up to" where one of them is not a single day."""
    days = int(row["spread"].iloc[0])
    months = round(days / 365.25 * 12)
    if days < 2 * MONTH:
        words = plural("{n} day", "{n} days", days)
    elif months % 12:
        words = plural("{n} month", "{n} months", months)
    else:
        words = plural("{n} year", "{n} years", months // 12)
    exact = all(date.days == 1 for date in row["date"])
    return words if exact else _("up to {time}").format(time=words)


def _names(readings: pd.DataFrame) -> list[str]:
    """The subject of each row, and what date of it is meant where that fits or must be told."""
    several = readings.groupby(THING[:2])["y"].transform("nunique") > 1
    return list(map(_name, readings["subject"], readings["field"], readings["case_id"], several))


def _name(subject: str, field: str, case: str, several: bool) -> str:
    whole = f"{subject}: {field_words(field.removeprefix(DATE_OF))}"
    if field.startswith(DATE_OF) and len(whole) <= LINE:
        return whole
    return f"{field_words(field)} ({case})" if several else subject


def field_words(field: str) -> str:
    """The name of a field of claims in words, in the reader's language where they are known."""
    return _(field.replace("_", " ")) if field else ""


def _row_words(thing: tuple, apart: str) -> list[dict]:
    """The name of a row, and at its right end how far what is given lies apart."""
    words = textwrap.shorten(thing.name, LINE, placeholder="…")
    name = style.row_name(_capital(words), thing.y + NAME)
    end = {"xref": "paper", "xanchor": "right"}
    return [name, style.note(f"<b>{apart}</b>", 1, thing.y + NAME, **end)]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _end_words(row: pd.DataFrame) -> list[dict]:
    """The first and the last of the dates of a row, beside its marks."""
    first = row.sort_values(["start", "end"]).iloc[0]
    last = row.drop(first.name).sort_values(["end", "start"]).iloc[-1]
    words, end = short(first["date"]), short(last["date"])
    words = words.removesuffix(end[-5:])  # one year need not be said twice
    at, right = row["y"].iloc[0] + DATE_MARKS[0], row["end"].max()
    return [
        style.note(words, 0, at, xanchor="right", xshift=-9),
        style.note(end, right, at, xanchor="left", xshift=9),
    ]


def _words_beside(plot: go.Figure) -> None:
    """On a wide page, how far dates lie apart stands beside them, not above."""
    for note in plot.layout.annotations:
        if note.xref == "paper":
            note.y += DATE_MARKS[0] - NAME


def _drawing(traces: list, rows: Rows, across: list[float], notes: Iterable) -> go.Figure:
    """The plot of both figures: rows with their names, one part of them in sight."""
    return style.figure(
        traces,
        height=rows.shown()["height"],
        barmode="overlay",
        margin={"b": 8},
        xaxis=style.fixed(visible=False, range=across),
        yaxis=style.rows(*rows.shown()["yaxis.range"]),
        annotations=[note for part in notes for note in part],
        shapes=[style.row_line(0.5 - number) for number in range(1, rows.total)],
    )


def _traces(book: Book, readings: pd.DataFrame, heights: tuple[float, float], span: str) -> list:
    """Bars for spans, marks for the rest, and a sign over what the book follows."""
    height, above = heights
    labels = book.labels("evidence")
    readings = readings.assign(
        address=[address("case", case) for case in readings["case_id"]],
        hover=[
            style.words(
                row.subject,
                row.said,
                _("case {key}").format(key=row.case_id),
                sources_text(row.source, 3),
                labels[row.evidence],
                *[_("the book follows it")] * row.followed,
            )
            for row in readings.itertuples()
        ],
        x=(readings["start"] + readings["end"]) / 2,
        y=readings["y"] + height,
    )
    wide = readings["end"] > readings["start"]
    points, followed = readings[~wide], readings[readings["followed"]]
    symbols = list(map(style.filled, points["evidence"], points["symbol"]))
    sign = {"name": _("the book follows it"), "symbol": "triangle-down", "size": 9, "outline": 0}
    traces = [
        _bars(readings[wide]),
        style.marks_of(points, symbol=symbols, customdata=list(points["address"])),
        style.marks_of(
            followed.assign(y=followed["y"] + above),
            customdata=list(followed["address"]),
            **sign,
        ),
        *style.evidence_keys(readings["evidence"]),
    ]
    if wide.any():
        traces.append(style.key(span, 5, **style.BAR_KEY))
    if "diamond" in set(points["symbol"]):
        traces.append(style.key(_("about this day, or uncertain"), 6, symbol="diamond"))
    return [trace for trace in traces if trace.y]


def _bars(spans: pd.DataFrame) -> go.Bar:
    looks = [style.bar_look(level, style.NEUTRAL) for level in spans["evidence"]]
    return go.Bar(
        orientation="h",
        base=list(spans["start"]),
        x=list(spans["end"] - spans["start"]),
        y=list(spans["y"]),
        width=THICK,
        showlegend=False,
        hoverinfo="text",
        hovertext=list(spans["hover"]),
        customdata=list(spans["address"]),
        marker={
            "color": [look["color"] for look in looks],
            "line": {"color": style.NEUTRAL, "width": 2},
        },
    )


def _table(
    book: Book, name: str, caption: str, readings: pd.DataFrame, said: dict[str, list]
) -> TableView:
    """Readings with what each says, in columns of its own."""
    frame = pd.DataFrame(
        {
            _("About"): readings["subject"],
            _("What"): readings["field"].map(field_words),
            _("Case"): [row_cell("case", case) for case in readings["case_id"]],
            **said,
            _("Sources"): readings["source"].map(sources_text),
            _("Followed"): yes_or_no(readings["followed"]),
            _("Evidence"): [evidence_cell(book, level) for level in readings["evidence"]],
        }
    )
    return TableView(name, caption, frame)


@checked
def disputed_numbers(book: Book) -> pd.DataFrame:
    """Claims that give a number for the same thing, where the numbers differ.

    Returns
    -------
    pandas.DataFrame
        One row per claim: ``case_id``, ``subject``, ``field``, ``claim_id``, ``low``,
        ``high``, ``source``, ``evidence``, ``followed``; only subjects with at least two
        numbers. Without any, an empty table with the same columns.
    """
    claims = _claims_of_cases(book)
    ends = claims["value"].str.extract(NUMBER).replace("[ ,]", "", regex=True)
    claims = claims.assign(low=ends["low"], high=ends["high"].fillna(ends["low"]))
    claims = claims[claims["date"].isna()].dropna(subset="low").astype({"low": int, "high": int})
    several = claims.groupby(["subject", "field"])["low"].transform("nunique") > 1
    columns = [*THING, "claim_id", "low", "high", *COLUMNS]
    return claims.loc[several, columns].reset_index(drop=True)


@checked
def numbers(book: Book) -> FigureView:
    """One row per disputed number, from nought to the largest that any source gives.

    The row whose numbers lie furthest apart stands first.

    Raises
    ------
    WrongArgument
        If no two claims give different numbers for the same thing.
    """
    claims = disputed_numbers(book)
    if claims.empty:
        raise WrongArgument("no two claims of a case give different numbers for the same thing")
    things = claims.groupby(THING)
    claims["largest"] = things["high"].transform("max")
    claims["ratio"] = claims["largest"] / things["low"].transform("min")
    claims = claims.sort_values("ratio", ascending=False, kind="stable")
    readings = _readings(claims, "low", "high")
    readings["said"] = list(map(number_words, readings.to_dict("records")))
    readings = readings.assign(
        start=readings["low"] / readings["largest"],
        end=readings["high"] / readings["largest"],
        symbol="circle",
        name=_names(readings),
    )
    rows = Rows(-readings["y"].min() + 1, *NUMBERS)
    firsts = list(readings.drop_duplicates("y").itertuples())
    drawn = readings[readings["y"] > -rows.drawn]
    plot = _drawing(
        _traces(book, drawn, NUMBER_MARKS, _("a range")),
        rows,
        [-0.05, 1.1],
        [
            *(_row_words(thing, _times(thing.ratio)) for thing in firsts[: rows.drawn]),
            *(_number_names(row) for _, row in drawn.groupby("y")),
        ],
    )
    widest = firsts[0]
    words = _(
        "For {subject} the numbers lie furthest apart: {most} against {least}. In all there are "
        "{things} things with different numbers, by {claims} claims."
    ).format(
        subject=widest.subject,
        most=number(widest.largest),
        least=number(widest.largest / widest.ratio),
        things=len(firsts),
        claims=len(claims),
    )
    return FigureView(
        "disputed-numbers",
        plot,
        _(
            "Each row runs from nought to the largest number that a source gives. At its right end "
            "stands how many times the smallest that is."
        )
        + rows.words,
        words,
        _table(
            book,
            "disputed-numbers-data",
            _("Disputed numbers"),
            readings,
            {_("Number"): list(readings["said"])},
        ),
        rows.buttons(),
        headline=_("{subject}: the largest number is {times} the smallest").format(
            subject=_capital(widest.subject), times=_whole_times(widest.ratio)
        ),
    )


def _times(ratio: float) -> str:
    if ratio >= 10:
        return _whole_times(ratio)
    return _("{ratio} times").format(ratio=number(ratio, 1))


def _whole_times(ratio: float) -> str:
    return plural("{n} time", "{n} times", round(ratio))


def _number_names(row: pd.DataFrame) -> list[dict]:
    """The numbers of a row, below their marks; one that would lie over another stands lower."""
    names, free = [], {BELOW: -1.0, LOWER: -1.0}  # how far the names of each line reach
    for reading in row.sort_values(["start", "end"]).itertuples():
        place = (reading.start + reading.end) / 2
        half = (len(reading.said) + 1) * LETTER / 2 / NARROW
        line = BELOW if place - half >= free[BELOW] or free[BELOW] < free[LOWER] else LOWER
        free[line] = place + half
        at = reading.y + NUMBER_MARKS[0]
        names.append(style.note(reading.said, place, at, yshift=-line))
    return names
