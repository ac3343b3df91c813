"""Mongolia's status in the instruments: who promised what about it, to whom, and when."""

from __future__ import annotations

import datetime as dt
from itertools import count

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import date_cell, evidence_cell, treaty_cell
from treatybook.display.content import Button, FigureView, TableView
from treatybook.evidence import dates
from treatybook.evidence.attestation import WEAK_LEVELS
from treatybook.evidence.errors import WrongArgument, checked
from treatybook.evidence.identifiers import address
from treatybook.evidence.tables import Book
from treatybook.evidence.wording import _
from treatybook.views.clauses import coded, coded_instruments

LANES = ("mongolia", "all", "china")
PARTIES = {"mongolia": "mongolian", "all": "", "china": "chinese"}  # that a lane has its colour of
SEEN = ("yes", "partly")  # answers that say that a recognition was seen
CROSS = "x"  # no recognition was seen in what was read
ROW_HEIGHT = 30  # CSS pixels
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


def _lane_names() -> dict[str, str]:
    """Who stands on the two sides in each lane, by a key of :data:`LANES`."""
    return {
        "mongolia": _("Russia or the Soviet Union with Mongolia"),
        "all": _("Russia, China and Mongolia"),
        "china": _("Russia or the Soviet Union with China"),
    }


def _lane(powers: tuple[str, ...]) -> str:
    if "mongolia" in powers:
        return "all" if "china" in powers else "mongolia"
    return "china" if "china" in powers else ""


@checked
def promises(book: Book, first: str = "", last: str = "") -> FigureView:
    """Instruments in three lanes: in which a recognition was seen, and in which none.

    Parameters
    ----------
    book : Book
        The tables.
    first, last : str
        First and last day of the axis; if empty, from the first instrument to the last.
    """
    marks = _answered(book, "recognition")
    years = [date.earliest.year for date in marks["date"]]
    first, last = first or f"{years[0] - 1}-01-01", last or f"{years[-1] + 1}-01-01"
    start, end = dates.span(first, last)
    character = (end - start).days / AXIS_IN_CHARACTERS
    marks = _with_looks(book, marks, end, character)
    (heads, y), lanes = _place(marks, character), _lane_names()
    plot = style.figure(
        [_names_and_marks(marks), *_keys(marks)],
        height=50 - ROW_HEIGHT * y,
        margin={"r": 20},  # for the end of a name behind the last mark
        xaxis={"type": "date", "range": [first, last], "fixedrange": True},
        yaxis=style.rows(y + 0.4, 0.6),
        annotations=[style.row_name(f"<b>{lanes[lane]}</b>", head) for lane, head in heads.items()],
        shapes=[style.row_line(head + 0.5) for head in heads.values()],
    )
    return FigureView(
        "promises",
        plot,
        _(
            "What was recognised about Mongolia, and between whom. A round mark is a recognition; "
            "a cross means that none was seen in what was read. A hollow mark was not examined."
        ),
        _words(marks),
        _table(book, marks),
        _buttons(book, marks, first, last),
        headline=_headline(marks),
    )


def _with_looks(book: Book, marks: pd.DataFrame, end: dt.date, character: float) -> pd.DataFrame:
    """The instruments with all that their marks say."""
    marks = marks.assign(
        x=[date.earliest.isoformat() for date in marks["date"]],
        said=marks["answer"].map(book.labels("answer")),
        examined=~marks["level"].isin(WEAK_LEVELS),
        seen=marks["answer"].isin(SEEN),
        colour=marks["lane"].map(PARTIES).map(style.party_colour),
        address=[address("treaty", key) for key in marks["treaty_id"]],
    )
    own = marks["treaty_id"] == book.agreement
    names = marks["short"] + (marks["answer"] == "partly").map(
        {True: f" ({book.labels('answer').get('partly', '')})", False: ""}
    )
    marks["name"] = names.where(~own, "<b>" + names + "</b>")
    marks["width"] = [character * (len(name) + 2) for name in names]
    days = [date.earliest.toordinal() for date in marks["date"]]
    marks["leftward"] = [
        day + width > end.toordinal() for day, width in zip(days, marks["width"], strict=True)
    ]
    marks["hover"] = list(
        map(style.words, marks["title"], marks["date"], marks["said"], marks["detail"])
    )
    return marks


def _place(marks: pd.DataFrame, character: float) -> tuple[dict[str, int], int]:
    """Give each instrument its height; that of the name of each lane, and of the last row."""
    heads, heights, y = {}, {}, 0
    for lane in LANES:
        group = marks[marks["lane"] == lane]
        rows = _rows_without_overlap([_taken(row, character) for row in group.to_dict("records")])
        heads[lane] = y
        heights |= {key: y - 1 - row for key, row in zip(group.index, rows, strict=True)}
        y -= 2 + max(rows, default=0)
    marks["y"] = pd.Series(heights)
    return heads, y


def _headline(marks: pd.DataFrame) -> str:
    """In how many instruments a recognition was seen, with China and with Mongolia alone."""
    examined = marks[marks["examined"]]
    alone = examined[examined["lane"] == "mongolia"]
    china = examined[examined["lane"] != "mongolia"]
    return _(
        "A recognition was seen in {china} of {all_china} instruments with China, "
        "in {alone} of {all_alone} with Mongolia alone"
    ).format(
        china=china["seen"].sum(),
        all_china=len(china),
        alone=alone["seen"].sum(),
        all_alone=len(alone),
    )


def _words(marks: pd.DataFrame) -> str:
    alone = marks[marks["seen"] & (marks["lane"] == "mongolia")]["short"]
    china = marks[marks["seen"] & (marks["lane"] != "mongolia")]["short"]
    left_out = marks[~marks["examined"]]["short"]
    years = marks["date"].min().earliest.year, marks["date"].max().latest.year
    words = _(
        "A recognition of some kind was seen with China among the parties in {china}; "
        "with Mongolia alone in {alone}. "
        "{n} instruments on Mongolia from {first} to {last} are drawn."
    ).format(
        china=", ".join(china) or _("none"),
        alone=", ".join(alone) or _("none"),
        n=len(marks),
        first=years[0],
        last=years[1],
    )
    if len(left_out):
        told = _("Not examined, and not counted: {instruments}.")
        words += " " + told.format(instruments=", ".join(left_out))
    return words


def _table(book: Book, marks: pd.DataFrame) -> TableView:
    columns = {
        _("Instrument"): [treaty_cell(row) for row in marks.to_dict("records")],
        _("Date"): [date_cell(date) for date in marks["date"]],
        _("Between"): marks["parties"].str.join(", "),
        _("Recognition"): marks["said"],
        _("What is recognised"): marks["detail"],
        _("Evidence"): [evidence_cell(book, level) for level in marks["level"]],
    }
    caption = _("Recognition, instrument by instrument")
    return TableView("promises-data", caption, pd.DataFrame(columns))


def _buttons(book: Book, marks: pd.DataFrame, first: str, last: str) -> list[Button]:
    """All years, and those before and after the book's agreement."""
    dated = dict(zip(marks["treaty_id"], marks["date"], strict=True))
    if book.agreement not in dated:
        return []
    signed = dated[book.agreement]
    years = [marks["date"].min().earliest.year, signed.earliest.year]
    years.append(marks["date"].max().latest.year)
    # Behind the mark of the agreement stands its name; the next mark stays out.
    later = min((date.earliest for date in dated.values() if date > signed), default=signed.latest)
    until = str(later - dt.timedelta(days=1))
    spans = {
        (years[0], years[2]): [first, last],
        (years[0], years[1]): [f"{years[0] - 1}-12-01", until],
        (years[1], years[2]): [f"{years[1]}-01-01", last],
    }
    label = _("{first} to {last}")
    return [
        Button(label.format(first=since, last=to), {"xaxis.range": days})
        for (since, to), days in spans.items()
    ]


def _answered(book: Book, question: str) -> pd.DataFrame:
    """Instruments on Mongolia and their answers to a question; ``level`` is that of the answer."""
    answers = book.answers[book.answers["question"] == question]
    answers = answers.rename(columns={"evidence": "level"})
    return instruments_on_mongolia(book).merge(answers, how="left", on="treaty_id")


def _taken(row: dict, character: float) -> tuple[float, float]:
    """From which day to which the mark of an instrument and its name reach on the axis."""
    day = row["date"].earliest.toordinal()
    left, right = (row["width"], character) if row["leftward"] else (character, row["width"])
    return day - left, day + right


def _rows_without_overlap(spans: list[tuple[float, float]]) -> list[int]:
    """For each span the first row in which it meets no other."""
    rows: list[int] = []
    for start, end in spans:
        before = zip(rows, spans, strict=False)
        taken = {row for row, (other, its_end) in before if other < end and start < its_end}
        rows.append(next(row for row in count() if row not in taken))
    return rows


def _names_and_marks(marks: pd.DataFrame) -> go.Scatter:
    unseen = marks["examined"] & ~marks["seen"]
    filled = list(map(style.filled, marks["level"]))
    return style.marks_of(
        marks,
        symbol=[CROSS if cross else symbol for cross, symbol in zip(unseen, filled, strict=True)],
        size=[9 if cross else 12 for cross in unseen],
        colour=list(marks["colour"]),
        mode="markers+text",
        text=[f"\u2009{name}\u2009" for name in marks["name"]],  # off their marks
        textposition=["middle left" if left else "middle right" for left in marks["leftward"]],
        textfont={"size": style.SMALL},
        customdata=list(marks["address"]),
        cliponaxis=False,
    )


def _keys(marks: pd.DataFrame) -> list[go.Scatter]:
    """Entries of the legend: how well each recognition is known, and what a cross means."""
    crosses = marks["examined"] & ~marks["seen"]
    cross = style.key(_("no recognition seen"), 4, symbol=CROSS)
    return [*style.evidence_keys(marks[~crosses]["level"]), *[cross] * bool(crosses.any())]


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
    last = dates.years(dates.EARLIEST_YEAR, last)[1]
    treaties, recognition = _answered(book, "status-words"), _answered(book, "recognition")
    treaties = treaties[[date.earliest.year <= last for date in treaties["date"]]]
    if treaties.empty:
        told = _("no instrument on Mongolia was signed up to {last}")
        raise WrongArgument(told.format(last=last))
    columns = {
        _("Instrument"): [treaty_cell(row, "short") for row in treaties.to_dict("records")],
        _("Date"): [date_cell(date) for date in treaties["date"]],
        _("Words of status"): treaties["detail"].replace("", _("none seen")),
        _("Recognition"): recognition["detail"][treaties.index].replace("", _("none seen")),
        _("Evidence"): [evidence_cell(book, level) for level in treaties["level"]],
    }
    return TableView("status-words", _("What the instruments call Mongolia"), pd.DataFrame(columns))


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
    left, right = coded_instruments(book, (left, right))
    names, labels = book.by_key("treaties", "short"), book.labels("topic")
    frame = pd.DataFrame({names[key]: _by_topic(book, key) for key in (left, right)})
    frame = frame.loc[[topic for topic in labels if topic in frame.index]].rename(index=labels)
    frame = frame.fillna(_("nothing under this topic")).rename_axis(_("Topic")).reset_index()
    caption = _("What {one} and {other} say on each topic of this book")
    caption = caption.format(one=names[left], other=names[right])
    return TableView("side-by-side", caption, frame)


def _by_topic(book: Book, treaty: str) -> pd.Series:
    """What the clauses of an instrument say, with their levels, under each main topic."""
    clauses = coded(book, treaty)
    levels = clauses["evidence"].map(book.labels("evidence"))
    words = clauses["name"].str.capitalize() + " (" + levels + "): " + clauses["digest"]
    return words.groupby(clauses["main"]).agg(" / ".join)
