"""Where sources disagree: every disputed date and number, and what the editors make of it."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import date_cell, events_cell, evidence_cell, row_cell, source_cell
from treatybook.display.content import Button, Cell, FigureView, TableView, linked, without_empty
from treatybook.evidence.attestation import WEAK_LEVELS
from treatybook.evidence.dates import EdtfDate
from treatybook.evidence.errors import WrongArgument, checked
from treatybook.evidence.identifiers import address, anchor, case_key, number_words, said
from treatybook.evidence.tables import Book

THING = ["case_id", "subject", "field"]  # what claims must share, or they do not disagree
ENDS = ["start", "end", "y"]  # of the line or the mark of a claim in its row
COLUMNS = ["source", "evidence", "followed"]
MARKS = (
    (True, "filled: followed", "circle", 14, style.THREAD_COLOURS["moscow"]),
    (False, "hollow: not followed", "diamond-open", 12, style.THREAD_COLOURS["troops"]),
)
DATE_ROW, NUMBER_ROW = 100, 104  # height of a row in CSS pixels
AROUND = 130  # CSS pixels for the key
ROOM = 0.48  # share of a row for its marks; the rest holds its name
# Where a number stands above or below its mark, in CSS pixels.
ASIDE = 20
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
            "Question": row["subject"],
            "Case": row["case_id"],
            "Verdict": row["verdict"],
            "Kind of verdict": kinds[row["verdict_type"]],
            "Confidence": confidence.get(row["confidence"], "not stated"),
            "Claims": _claim_links(claims.get(row["case_id"]), row["claims_followed"]),
            "What it teaches": row["teaching_point"],
            "Events": events_cell(map(events.get, row["events"])),
        }
        for row in verdicts
    ]
    return TableView(
        "cases",
        f"The {len(rows)} cases",
        pd.DataFrame(rows),
        row_ids=[anchor("case", case) for case in book.verdicts["case_id"]],
        filters=("Kind of verdict", "Confidence"),
        searchable=True,
    )


def _claim_links(claims: list[str] | None, followed: tuple[str, ...]) -> Cell | str:
    if not claims:
        return "none"
    links = [(key + " (followed)" * (key in followed), address("claim", key)) for key in claims]
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
            "About": claim["subject"],
            "Claim": claim["claim_id"],
            "What is said": said(claim),
            "By": source_cell(claim["source"]),
            "Where": claim["locator"],
            "Evidence": evidence_cell(book, claim["evidence"]),
            "Stance": stances[claim["stance"]],
            "Note": claim["note"],
            "Case": linked(((key, address("case", key)) for key in claim["cases"]), ", "),
        }
        for claim in chosen
    ]
    frame = pd.DataFrame(rows)
    if case:
        return _claims_of_case(case, frame)
    return TableView(
        "claims",
        f"{len(rows)} claims",
        frame,
        row_ids=[anchor("claim", key) for key in frame["Claim"]],
        filters=("Evidence",),
        searchable=True,
        group="About",
    )


def _claims_of_case(case: str, claims: pd.DataFrame) -> TableView:
    """The claims of one case, source by source; what they share stands in the caption."""
    stated = claims[["Claim", "What is said"]].to_numpy()
    claims["What is said"] = [row_cell("claim", key, words) for key, words in stated]
    frame = without_empty(claims[["By", "What is said", "About", "Where", "Evidence", "Note"]])
    caption = f"Claims of case {case}"
    if frame["About"].nunique() == 1:
        caption += f": {frame['About'].iloc[0]}"
        frame = frame.drop(columns="About")
    return TableView(f"claims-{case.lower()}", caption, frame)


def _claims_of_cases(book: Book) -> pd.DataFrame:
    """Claims, one row for each of their cases, and whether a verdict follows them."""
    claims = book.claims.rename(columns={"cases": "case_id"}).explode("case_id", ignore_index=True)
    followed = claims["claim_id"].isin(book.verdicts["claims_followed"].explode())
    source = claims["source"].replace("", "no source seen")
    return claims.dropna(subset="case_id").assign(source=source, followed=followed)


@checked
def disputed_dates(book: Book) -> pd.DataFrame:
    """Cases in which sources give different dates for the same thing.

    Returns
    -------
    pandas.DataFrame
        One row per claim: ``case_id``, ``question``, ``subject``, ``claim_id``, ``date``,
        ``source``, ``evidence``, ``followed``; only subjects with at least two dates.

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
    several = claims.groupby(THING)["text"].transform("nunique") > 1
    columns = ["case_id", "question", "subject", "field", "claim_id", "date", *COLUMNS]
    return claims.loc[several, columns].reset_index(drop=True)


@checked
def dates(book: Book) -> FigureView:
    """One row per disputed date, one mark per source, each row on its own scale.

    A span is a bar over all its days. The scale of a row runs from the first to the last day
    that any source names, so rows must not be compared by length.
    """
    frame = disputed_dates(book)
    if frame.empty:
        raise WrongArgument("no two claims of a case give different dates for the same thing")
    groups = list(frame.groupby(THING))
    drawn, texts, spans = [], [], []
    for number, ((case, subject, _), group) in enumerate(groups):
        first = min(date.earliest for date in group["date"])
        last = max(_last(date) for date in group["date"])
        spans.append((last - first).days)
        drawn.append(_placed(group.sort_values("date"), -number, first, max(spans[-1], 1)))
        texts.append(style.row_name(f"<b>{case}</b> {subject}", 0.38 - number))
        for day, x, side in ((first, -0.05, "left"), (last, 1.05, "right")):
            words = f"{day.day} {day:%b} {day.year}"
            texts.append(style.note(words, x, -number - 0.38, xanchor=side))
    plot = style.figure(
        _date_traces(book, pd.concat(drawn)),
        height=AROUND + DATE_ROW * len(groups),
        xaxis=style.rows(-0.06, 1.06),
        yaxis=style.rows(0.45 - len(groups), 0.55),
        annotations=texts,
        shapes=[style.row_line(0.5 - number) for number in range(len(groups))],
    )
    words = (
        f"{len(groups)} disputed dates in {frame['case_id'].nunique()} cases, with {len(frame)} "
        f"claims. From the first day named to the last it is {min(spans)} to {max(spans):,} days."
    )
    days = list(map(date_cell, frame["date"]))
    table = _table(book, "disputed-dates-data", "Claims about disputed dates", frame, Date=days)
    return FigureView(
        "disputed-dates",
        plot,
        "Disputed dates, one mark for each source. Each row has its own scale: its first and "
        "last day are written at its ends. A filled mark is a reading that the book follows, a hollow "
        "one a reading that it does not.",
        words,
        table,
        _buttons(len(groups)),
    )


def _last(date: EdtfDate) -> dt.date:
    """Last day a date can mean; for an open span the last day of what is known."""
    return date.start.latest if date.is_open and date.start else date.latest


def _placed(group: pd.DataFrame, y: float, first: dt.date, length: int) -> pd.DataFrame:
    """Claims of one row with their place in it, from 0 (its first day) to 1 (its last)."""
    return group.assign(
        start=[(date.earliest - first).days / length for date in group["date"]],
        end=[(_last(date) - first).days / length for date in group["date"]],
        y=[y + 0.16 - ROOM * (place % 4) / 4 for place in range(len(group))],
    )


def _date_traces(book: Book, claims: pd.DataFrame) -> list[go.Scatter]:
    labels, traces = book.labels("evidence"), []
    hover = map(style.words, claims["source"], claims["date"], claims["evidence"].map(labels))
    claims = claims.assign(hover=list(hover))
    spans = claims[[date.days > 1 for date in claims["date"]]]
    if not spans.empty:
        traces.append(style.lines(spans[ENDS].to_numpy(), name="a span of days"))
    for followed, name, symbol, size, colour in MARKS:
        own = claims[claims["followed"] == followed]
        symbols = [_symbol(level, symbol) for level in own["evidence"]]
        look = {"symbol": symbol, "size": size, "color": colour, "line": {"width": 2}}
        traces += [style.key(name, 1, **look), _marks(own, size, colour, symbol=symbols)]
    if claims["evidence"].isin(WEAK_LEVELS).any():
        traces.append(style.key("cross: no source seen", 1, symbol="x"))
    return traces


def _marks(claims: pd.DataFrame, size: int, colour: str, **look) -> go.Scatter:
    """A mark in the middle of what each claim says; its outline has the colour of the page."""
    middle = (claims["start"] + claims["end"]) / 2
    look |= {"size": size, "colour": colour, "outline": None, "marker_line_width": 2}
    return style.marks(middle, claims["y"], claims["hover"], **look)


def _symbol(level: str, symbol: str) -> str:
    """The symbol of a mark; a cross is filled or hollow as the symbol in its place would be."""
    if level not in WEAK_LEVELS:
        return symbol
    return "x-open" if symbol.endswith("-open") else "x"


def _buttons(total: int) -> list[Button]:
    """All rows at once, or ten at a time; the figure is as high as the rows that it shows."""
    parts = [(start, min(start + 10, total)) for start in range(0, total, 10)]
    labels = {"all": (0, total)} | {f"{start + 1} to {end}": (start, end) for start, end in parts}
    return [
        Button(
            label,
            {
                "yaxis.range": [0.45 - end, 0.55 - start],
                "height": AROUND + DATE_ROW * (end - start),
            },
        )
        for label, (start, end) in labels.items()
    ]


def _table(book: Book, name: str, caption: str, claims: pd.DataFrame, **said: list) -> TableView:
    """Claims with what each says, in a column of its own."""
    frame = pd.DataFrame(
        {
            "About": claims["subject"],
            "Case": [row_cell("case", case) for case in claims["case_id"]],
            **said,
            "Source": claims["source"],
            "Followed": claims["followed"].map({True: "yes", False: "no"}),
            "Evidence": [evidence_cell(book, level) for level in claims["evidence"]],
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
    """One row per disputed number, from nought to the largest figure any source gives.

    Raises
    ------
    WrongArgument
        If no two claims give different numbers for the same thing.
    """
    frame = disputed_numbers(book)
    if frame.empty:
        raise WrongArgument("no two claims of a case give different numbers for the same thing")
    things, subjects = frame.groupby(THING[:2], sort=False), frame.groupby("subject")
    frame["number"] = list(map(number_words, frame.to_dict("records")))
    largest = subjects["high"].transform("max")
    frame = frame.assign(
        y=-things.ngroup() - 0.08,
        start=frame["low"] / largest,
        end=frame["high"] / largest,
        hover=list(map(style.words, frame["source"], frame["number"])),
    )
    ranges = frame[frame["low"] < frame["high"]]
    traces = [style.lines(ranges[ENDS].to_numpy(), width=6, name="a range")]
    for followed, name, symbol, size, colour in MARKS:
        own = frame[frame["followed"] == followed]
        traces.append(_marks(own, size, colour, symbol=symbol, name=name))
    texts = [
        style.row_name(f"<b>{case}</b> {subject}", 0.36 - number)
        for number, (case, subject) in enumerate(things.groups)
    ]
    plot = style.figure(
        traces,
        height=AROUND + NUMBER_ROW * len(things),
        xaxis=style.rows(-0.05, 1.1),
        yaxis=style.rows(0.45 - len(things), 0.55),
        annotations=texts + [note for _, row in frame.groupby("y") for note in _number_names(row)],
        shapes=[style.row_line(0.5 - number) for number in range(len(things))],
    )
    ratios = subjects["high"].max() / subjects["low"].min()
    words = (
        f"{len(things)} things for which sources give different numbers, {len(frame)} claims. They "
        f"lie furthest apart for {ratios.idxmax()}: the largest figure is {ratios.max():.0f} times "
        "the smallest."
    )
    table = _table(
        book,
        "disputed-numbers-data",
        "Claims about disputed numbers",
        frame,
        Number=frame["number"],
    )
    caption = "Disputed numbers. Each row runs from nought to the largest figure given."
    return FigureView("disputed-numbers", plot, caption, words, table)


def _number_names(row: pd.DataFrame) -> list[dict]:
    """The numbers of a row, below their marks; one that would lie over another stands above."""
    names, free = [], {-1: -1.0, 1: -1.0}  # how far the names below and above reach
    for claim in row.sort_values(["start", "end"]).itertuples():
        place = (claim.start + claim.end) / 2
        half = (len(claim.number) + 1) * LETTER / 2 / NARROW
        side = -1 if place - half >= free[-1] or free[-1] < free[1] else 1
        free[side] = place + half
        names.append(style.note(claim.number, place, claim.y, yshift=side * ASIDE))
    return names
