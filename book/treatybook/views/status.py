"""Mongolia's status in the instruments: who promised what about it, to whom, and when."""

from __future__ import annotations

from itertools import count

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import date_cell, evidence_cell, treaty_cell
from treatybook.display.content import Button, FigureView, TableView
from treatybook.evidence import dates
from treatybook.evidence.errors import checked
from treatybook.evidence.tables import Book
from treatybook.views.clauses import coded, instrument_key

LANES = {
    "mongolia": "Russia or the Soviet Union with Mongolia",
    "all": "Russia, China and Mongolia",
    "china": "Russia or the Soviet Union with China",
}
ANSWER_SYMBOLS = {
    "yes": "circle",
    "partly": "circle-open-dot",
    "reported": "diamond-open",
    "not-seen": "x-thin-open",
    "no": "square-open",
}
ROW_HEIGHT = 30  # CSS pixels
LAST_WITH_NAME_TO_THE_RIGHT = 1932  # later marks have no room for it before the end of the axis
AXIS_IN_CHARACTERS = 50  # as wide as this many characters of a name is the axis on a phone


@checked
def instruments_on_mongolia(book: Book) -> pd.DataFrame:
    """Instruments between Russia, China and Mongolia, with the lane they belong to.

    Returns
    -------
    pandas.DataFrame
        The columns of ``treaties`` and ``lane``: a key of :data:`LANES`.
    """
    treaties = book.treaties
    treaties = treaties.assign(lane=[_lane(powers) for powers in treaties["powers"]])
    return treaties[treaties["lane"] != ""].sort_values("date", kind="stable")


def _lane(powers: tuple[str, ...]) -> str:
    if "mongolia" in powers:
        return "all" if "china" in powers else "mongolia"
    return "china" if "china" in powers else ""


@checked
def promises(book: Book, first: str = "1911-01-01", last: str = "1947-01-01") -> FigureView:
    """Instruments in three lanes; the shape of a mark says whether a recognition was seen.

    Parameters
    ----------
    book : Book
        The tables.
    first, last : str
        First and last day of the axis.
    """
    start, end = dates.span(first, last)
    marks = _answered(book, "recognition")
    years = marks["date"].map(lambda date: date.earliest.year)
    marks = marks.assign(
        x=[date.earliest.isoformat() for date in marks["date"]],
        said=marks["answer"].map(book.labels("answer")),
        leftward=years > LAST_WITH_NAME_TO_THE_RIGHT,
    )
    marks["hover"] = list(map(style.words, marks["title_en"], marks["date"], marks["said"]))
    days = (end - start).days
    character = days / AXIS_IN_CHARACTERS
    places, heads, y = {}, {}, 0
    for lane in LANES:
        group = marks[marks["lane"] == lane]
        rows = _rows_without_overlap([_taken(row, character) for row in group.to_dict("records")])
        heads[lane] = y
        places |= {key: y - 1 - row for key, row in zip(group["treaty_id"], rows, strict=True)}
        y -= 2 + max(rows, default=0)
    marks["y"] = marks["treaty_id"].map(places)
    traces = [
        _answer_marks(marks[marks["answer"] == answer], answer)
        for answer in book.labels("answer")
        if answer in set(marks["answer"])
    ]
    plot = style.figure(
        traces,
        height=80 - ROW_HEIGHT * y,
        margin={"r": 20},  # for the end of a name behind the last mark
        xaxis={"type": "date", "range": [first, last], "fixedrange": True},
        yaxis=style.rows(y + 0.4, 0.6),
        annotations=[style.row_name(f"<b>{LANES[lane]}</b>", head) for lane, head in heads.items()],
        shapes=[style.row_line(head + 0.5) for head in heads.values()],
    )
    seen = marks["short_en"][marks["answer"].isin(["yes", "partly"])]
    words = (
        f"{len(marks)} instruments on Mongolia from {years.iloc[0]} to "
        f"{max(date.latest.year for date in marks['date'])}. In {len(seen)} of them a recognition "
        f"of some kind was seen: {', '.join(seen)}."
    )
    columns = {
        "Instrument": [treaty_cell(row) for row in marks.to_dict("records")],
        "Date": [date_cell(date) for date in marks["date"]],
        "Between": marks["parties"].str.join(", "),
        "Recognition": marks["said"],
        "What is recognised": marks["detail"],
        "Evidence": [evidence_cell(book, level) for level in marks["level"]],
    }
    return FigureView(
        "promises",
        plot,
        "What was recognised about Mongolia, and between whom. A cross means that no recognition "
        "was seen in what was read.",
        words,
        TableView("promises-data", "Recognition, instrument by instrument", pd.DataFrame(columns)),
        [
            Button("1911 to 1946", {"xaxis.range": ["1911-01-01", "1947-01-01"]}),
            # Behind the last mark stands its name; the next mark, of May 1924, stays out.
            Button("1911 to 1921", {"xaxis.range": ["1911-12-01", "1924-05-01"]}),
            Button("1921 to 1946", {"xaxis.range": ["1921-01-01", "1947-01-01"]}),
        ],
    )


def _answered(book: Book, question: str) -> pd.DataFrame:
    """Instruments on Mongolia and their answers to a question; ``level`` is that of the answer."""
    answers = book.answers[book.answers["question"] == question]
    answers = answers.rename(columns={"evidence": "level"})
    return instruments_on_mongolia(book).merge(answers, how="left", on="treaty_id")


def _taken(row: dict, character: float) -> tuple[float, float]:
    """From which day to which the mark of an instrument and its name reach on the axis."""
    day = row["date"].earliest.toordinal()
    width = character * (len(row["short_en"]) + 2)
    left, right = (width, character) if row["leftward"] else (character, width)
    return day - left, day + right


def _rows_without_overlap(spans: list[tuple[float, float]]) -> list[int]:
    """For each span the first row in which it meets no other."""
    rows: list[int] = []
    for start, end in spans:
        before = zip(rows, spans, strict=False)
        taken = {row for row, (other, its_end) in before if other < end and start < its_end}
        rows.append(next(row for row in count() if row not in taken))
    return rows


def _answer_marks(marks: pd.DataFrame, answer: str) -> go.Scatter:
    return style.marks_of(
        marks,
        name=marks["said"].iloc[0],
        symbol=ANSWER_SYMBOLS[answer],
        colour=style.THREAD_COLOURS["moscow"],
        outline=None,
        marker_line_width=2,
        mode="markers+text",
        text=list(marks["short_en"]),
        textposition=["middle left" if left else "middle right" for left in marks["leftward"]],
        textfont={"size": style.SMALL},
        cliponaxis=False,
    )


@checked
def status_words(book: Book, last: int | str = 1946) -> TableView:
    """Words of status and recognitions of every instrument on Mongolia, in order of time.

    Parameters
    ----------
    book : Book
        The tables.
    last : int
        Year up to which instruments are listed.
    """
    _, last = dates.years(dates.EARLIEST_YEAR, last)
    treaties, recognition = _answered(book, "status-words"), _answered(book, "recognition")
    treaties = treaties[[date.earliest.year <= last for date in treaties["date"]]]
    columns = {
        "Instrument": [treaty_cell(row, "short_en") for row in treaties.to_dict("records")],
        "Date": [date_cell(date) for date in treaties["date"]],
        "Words of status": treaties["detail"].replace("", "none seen"),
        "Recognition": recognition["detail"][treaties.index].replace("", "none seen"),
        "Evidence": [evidence_cell(book, level) for level in treaties["level"]],
    }
    return TableView("status-words", "What the instruments call Mongolia", pd.DataFrame(columns))


@checked
def side_by_side(book: Book, left: str = "", right: str = "") -> TableView:
    """Two instruments topic by topic: what each says on a subject, with its level.

    Parameters
    ----------
    book : Book
        The tables.
    left, right : str
        Two coded instruments; if empty, the agreement of the book and its counterpart.

    Raises
    ------
    ValueError
        If one of them was not coded.
    """
    left, right = left or book.agreement, right or book.settings.get("counterpart", "")
    left, right = instrument_key(book, left), instrument_key(book, right)
    names, labels = book.by_key("treaties", "short_en"), book.labels("topic")
    # A key that is not known is refused by _by_topic, in words.
    frame = pd.DataFrame({names.get(key): _by_topic(book, key) for key in (left, right)})
    frame = frame.loc[[topic for topic in labels if topic in frame.index]].rename(index=labels)
    frame = frame.fillna("nothing under this topic").rename_axis("Topic").reset_index()
    caption = f"{names[left]} and {names[right]}, by the main topic of each clause"
    return TableView("side-by-side", caption, frame)


def _by_topic(book: Book, treaty: str) -> pd.Series:
    """What the clauses of an instrument say, with their levels, under each main topic."""
    clauses = coded(book, treaty)
    levels = clauses["evidence"].map(book.labels("evidence"))
    words = clauses["name"].str.capitalize() + " (" + levels + "): " + clauses["digest_en"]
    return words.groupby(clauses["main"]).agg(" / ".join)
