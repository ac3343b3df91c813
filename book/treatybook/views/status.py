"""Mongolia's status in the instruments: who promised what about it, to whom, and when."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import date_cell, evidence_cell
from treatybook.display.content import Button, Cell, FigureView, TableView
from treatybook.evidence.identifiers import address, article_name
from treatybook.evidence.tables import Book
from treatybook.views.clauses import coded

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
    with_mongolia, with_china = "mongolia" in powers, "china" in powers
    if with_mongolia and with_china:
        return "all"
    return "mongolia" if with_mongolia else "china" if with_china else ""


def promises(book: Book, first: str = "1911-01-01", last: str = "1947-01-01") -> FigureView:
    """Instruments in three lanes; the shape of a mark says whether a recognition was seen.

    Parameters
    ----------
    book : Book
        The tables.
    first, last : str
        First and last day of the axis.
    """
    treaties = instruments_on_mongolia(book)
    answers = book.answers[book.answers["question"] == "recognition"].set_index("treaty_id")
    labels = book.labels("answer")
    days = (dt.date.fromisoformat(last) - dt.date.fromisoformat(first)).days
    marks, heads, y = [], {}, 0
    for lane in LANES:
        group = treaties[treaties["lane"] == lane].to_dict("records")
        rows = _rows_without_overlap([_taken(row, days / AXIS_IN_CHARACTERS) for row in group])
        heads[lane] = y
        for row, number in zip(group, rows, strict=True):
            answer = answers.loc[row["treaty_id"]]
            marks.append(
                {
                    **row,
                    "answer": answer["answer"],
                    "detail": answer["detail"],
                    "level": answer["evidence"],
                    "y": y - 1 - number,
                }
            )
        y -= 2 + max(rows, default=0)
    marks.sort(key=lambda mark: mark["date"])
    traces = [
        _answer_marks([mark for mark in marks if mark["answer"] == answer], answer, label)
        for answer, label in labels.items()
        if any(mark["answer"] == answer for mark in marks)
    ]
    plot = style.figure(
        traces,
        height=80 - ROW_HEIGHT * y,
        margin={"r": 20},  # for the end of a name behind the last mark
        xaxis={"type": "date", "range": [first, last], "fixedrange": True},
        yaxis={"visible": False, "range": [y + 0.4, 0.6], "fixedrange": True},
        annotations=[style.row_name(f"<b>{LANES[lane]}</b>", head) for lane, head in heads.items()],
        shapes=[style.row_line(head + 0.5) for head in heads.values()],
    )
    seen = [mark for mark in marks if mark["answer"] in ("yes", "partly")]
    words = (
        f"{len(marks)} instruments on Mongolia from {marks[0]['date'].earliest.year} to "
        f"{max(mark['date'].latest.year for mark in marks)}. In {len(seen)} of them a recognition "
        f"of some kind was seen: {', '.join(mark['short_en'] for mark in seen)}."
    )
    rows = [
        {
            "Instrument": _instrument(mark["title_en"], mark["treaty_id"]),
            "Date": date_cell(mark["date"]),
            "Between": ", ".join(mark["parties"]),
            "Recognition": labels[mark["answer"]],
            "What is recognised": mark["detail"],
            "Evidence": evidence_cell(book, mark["level"]),
        }
        for mark in marks
    ]
    return FigureView(
        "promises",
        plot,
        "What was recognised about Mongolia, and between whom. A cross means that no recognition "
        "was seen in what was read.",
        words,
        TableView("promises-data", "Recognition, instrument by instrument", pd.DataFrame(rows)),
        [
            Button("1911 to 1946", {"xaxis.range": ["1911-01-01", "1947-01-01"]}),
            # Behind the last mark stands its name; the next mark, of May 1924, stays out.
            Button("1911 to 1921", {"xaxis.range": ["1911-12-01", "1924-05-01"]}),
            Button("1921 to 1946", {"xaxis.range": ["1921-01-01", "1947-01-01"]}),
        ],
    )


def _taken(row: dict, character: float) -> tuple[float, float]:
    """From which day to which the mark of an instrument and its name reach on the axis."""
    day = row["date"].earliest.toordinal()
    width = character * (len(row["short_en"]) + 2)
    return (
        (day - width, day + character) if _name_to_the_left(row) else (day - character, day + width)
    )


def _name_to_the_left(row: dict) -> bool:
    return row["date"].earliest.year > LAST_WITH_NAME_TO_THE_RIGHT


def _rows_without_overlap(spans: list[tuple[float, float]]) -> list[int]:
    """For each span the first row in which it meets no other."""
    rows: list[list[tuple[float, float]]] = []
    found = []
    for start, end in spans:
        free = [all(end <= s or e <= start for s, e in row) for row in rows]
        number = free.index(True) if True in free else len(rows)
        rows += [[]] if number == len(rows) else []
        rows[number].append((start, end))
        found.append(number)
    return found


def _answer_marks(marks: list[dict], answer: str, label: str) -> go.Scatter:
    return go.Scatter(
        x=[mark["date"].earliest.isoformat() for mark in marks],
        y=[mark["y"] for mark in marks],
        mode="markers+text",
        name=label,
        text=[mark["short_en"] for mark in marks],
        textposition=[
            "middle left" if _name_to_the_left(mark) else "middle right" for mark in marks
        ],
        textfont={"size": 11},
        cliponaxis=False,
        marker={
            "symbol": ANSWER_SYMBOLS[answer],
            "size": 12,
            "color": style.THREAD_COLOURS["moscow"],
            "line": {"width": 2},
        },
        hovertext=[f"<b>{mark['title_en']}</b><br>{mark['date']}<br>{label}" for mark in marks],
        hoverinfo="text",
    )


def _instrument(name: str, treaty_id: str) -> Cell:
    return Cell(name, href=address("treaty", treaty_id))


def status_words(book: Book, last: int = 1946) -> TableView:
    """Words of status and recognitions of every instrument on Mongolia, in order of time.

    Parameters
    ----------
    book : Book
        The tables.
    last : int
        Year up to which instruments are listed.
    """
    answers = {(row["treaty_id"], row["question"]): row for row in book.answers.to_dict("records")}
    rows = [
        {
            "Instrument": _instrument(row["short_en"], row["treaty_id"]),
            "Date": date_cell(row["date"]),
            "Words of status": answers[row["treaty_id"], "status-words"]["detail"] or "none seen",
            "Recognition": answers[row["treaty_id"], "recognition"]["detail"] or "none seen",
            "Evidence": evidence_cell(book, answers[row["treaty_id"], "status-words"]["evidence"]),
        }
        for row in instruments_on_mongolia(book).to_dict("records")
        if row["date"].earliest.year <= last
    ]
    return TableView("status-words", "What the instruments call Mongolia", pd.DataFrame(rows))


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
    names = dict(zip(book.treaties["treaty_id"], book.treaties["short_en"], strict=True))
    labels, levels = book.labels("topic"), book.labels("evidence")
    sides = [_by_topic(book, treaty, levels) for treaty in (left, right)]
    rows = [
        {
            "Topic": label,
            names[left]: " / ".join(sides[0].get(topic, [])) or "nothing under this topic",
            names[right]: " / ".join(sides[1].get(topic, [])) or "nothing under this topic",
        }
        for topic, label in labels.items()
        if topic in sides[0] or topic in sides[1]
    ]
    caption = f"{names[left]} and {names[right]}, by the main topic of each clause"
    return TableView("side-by-side", caption, pd.DataFrame(rows))


def _by_topic(book: Book, treaty: str, levels: dict[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in coded(book, treaty).to_dict("records"):
        name = article_name(row["article"], row["paragraph"]).capitalize()
        words = f"{name} ({levels[row['evidence']]}): {row['digest_en']}"
        found.setdefault(row["topics"][0], []).append(words)
    return found
