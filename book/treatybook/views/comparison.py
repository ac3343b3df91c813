"""The agreement of 1921 beside the other instruments: burdens, topics, questions, like clauses."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from treatybook.display import style
from treatybook.display.cells import date_cell, evidence_cell, sources_cell
from treatybook.display.content import Button, Cell, FigureView, TableView
from treatybook.evidence.attestation import WEAK_LEVELS
from treatybook.evidence.errors import WrongArgument, known_key, known_keys
from treatybook.evidence.identifiers import anchor, article_name
from treatybook.evidence.tables import Book
from treatybook.views.clauses import all_coded, clause_link
from treatybook.views.status import ANSWER_SYMBOLS

BURDENS = {
    "alike": "all alike",
    "party": "{party} owes",
    "other": "another owes",
    "states": "states a fact",
}
READ = "text read, at least in part"
STATED = "a source states it"
KNOWN = "read or reported by a source"
WEAK = "subject only, or not checked"
REMEMBERED = "an answer only remembered"
# A topic of an instrument is as well known as the best known of its clauses.
GRID_LEVELS = {
    "text": READ,
    "text-part": READ,
    "secondary": STATED,
    "topic": WEAK,
    "unverified": WEAK,
}
YEAR = 1921  # whose treaties of Soviet Russia have a button of their own
GRID_ROW = 40  # height of a row in CSS pixels: its name and its marks
MARK = 9  # size of a mark: 17 columns must fit on a phone
LEGEND_ROW = 22
NAMES = 95  # height of the names of the columns
GRID_SYMBOLS = {READ: "circle", STATED: "square", WEAK: "x-thin-open"}
GRID_COLOURS = {
    READ: style.EVIDENCE_COLOURS["text"],
    STATED: style.EVIDENCE_COLOURS["secondary"],
    WEAK: style.EVIDENCE_COLOURS["unverified"],
}


def burden(direction: str, party: str = "RU") -> str:
    """Who carries a norm: a key of :data:`BURDENS`.

    Where the party and another carry it together, the norm is counted with the party.

    Parameters
    ----------
    direction : str
        A label of the codebook: ``mutual``, ``declaratory`` or ``A->B``.
    party : str
        Letters of the party that is set against all others.
    """
    if direction == "mutual":
        return "alike"
    if direction == "declaratory":
        return "states"
    debtors = direction.split("->")[0].split("+")
    return "party" if party in debtors else "other"


def _in_order(book: Book, treaties: str | tuple[str, ...]) -> list[str]:
    """The asked instruments, checked and in order of signature."""
    known = sorted(set(book.clauses["treaty_id"]))
    treaties = known_keys("coded instrument", treaties, known)
    ordered = book.treaties.sort_values("date", kind="stable")["treaty_id"]
    return [treaty for treaty in ordered if treaty in treaties]


def burdens(book: Book, treaties: str | tuple[str, ...] = ()) -> FigureView:
    """Small multiples: in each instrument, how many clauses bind whom.

    Filled bars count clauses that were read or that a named source states; hollow bars add
    those known only by their subject or from memory.

    Parameters
    ----------
    book : Book
        The tables.
    treaties : str or tuple of str
        Coded instruments; an even number fills the panels. If empty, the neighbours that the
        descriptor of the data names, or else all that were coded.

    Raises
    ------
    ValueError
        If one of them was not coded.
    """
    near = tuple(book.settings.get("neighbours", ())) or tuple(set(book.clauses["treaty_id"]))
    order = _in_order(book, treaties or near)
    party = book.settings.get("party", {"code": "", "name": "the first party"})
    owing = {key: words.format(party=party["name"]) for key, words in BURDENS.items()}
    clauses = all_coded(book)
    clauses = clauses[clauses["treaty_id"].isin(order)]
    weak = clauses["evidence"].isin(WEAK_LEVELS)
    bound = clauses["direction"].map(lambda direction: burden(direction, party["code"]))
    counted = clauses.groupby([clauses["treaty_id"], bound, weak]).size().to_dict()
    names = dict(zip(book.treaties["treaty_id"], book.treaties["short_en"], strict=True))
    lines = -(-len(order) // 2)
    grid = make_subplots(
        rows=lines,
        cols=2,
        shared_xaxes=True,
        shared_yaxes=True,
        subplot_titles=[f"<b>{names[treaty]}</b>" for treaty in order],
        horizontal_spacing=0.06,
        vertical_spacing=0.22 / lines,
    )
    for number, treaty in enumerate(order):
        for hollow in (False, True):
            grid.add_trace(
                _burden_bars(counted, owing, treaty, hollow, legend=number == 0),
                row=number // 2 + 1,
                col=number % 2 + 1,
            )
    widest = max(
        sum(counted.get((treaty, kind, hollow), 0) for hollow in (False, True))
        for treaty in order
        for kind in BURDENS
    )
    grid.update_layout(
        template=style.TEMPLATE,
        height=90 + 170 * lines,
        barmode="stack",
        margin={"l": 8, "r": 8, "t": 30, "b": 60},
        legend={"y": -0.09},
    )
    grid.update_xaxes(range=[0, widest + 1], dtick=5, fixedrange=True)
    grid.update_yaxes(autorange="reversed", fixedrange=True, tickfont={"size": 12}, ticksuffix=" ")
    grid.update_annotations(font_size=12)
    rows = [
        {
            "Instrument": names[treaty],
            "Who is bound": words,
            "Read or reported": counted.get((treaty, kind, False), 0),
            "Subject only or not checked": counted.get((treaty, kind, True), 0),
        }
        for treaty in order
        for kind, words in owing.items()
    ]
    known = {
        treaty: sum(counted.get((treaty, kind, False), 0) for kind in BURDENS) for treaty in order
    }
    words = "Clauses read or reported that bind all sides alike, by instrument. " + "; ".join(
        f"{names[treaty]}: {counted.get((treaty, 'alike', False), 0)} of {known[treaty]}"
        for treaty in order
    )
    half = len(grid.data) // 2
    return FigureView(
        "burdens",
        grid,
        f"Who is bound by the clauses of each instrument. A norm that {party['name']} carries "
        f"together with another party is counted with {party['name']}.",
        words + f". Another {int(weak.sum())} clauses, "
        "drawn hollow, are known by their subject or from memory only.",
        TableView("burdens-data", "Clauses by who is bound, first coder", pd.DataFrame(rows)),
        [
            Button("all clauses", data={"visible": [True, True] * half}),
            Button(KNOWN, data={"visible": [True, False] * half}),
        ],
    )


def _burden_bars(
    counted: dict, owing: dict[str, str], treaty: str, weak: bool, legend: bool
) -> go.Bar:
    colour = style.THREAD_COLOURS["moscow"]
    numbers = [counted.get((treaty, kind, weak), 0) for kind in owing]
    return go.Bar(
        orientation="h",
        y=list(owing.values()),
        x=numbers,
        name=WEAK if weak else KNOWN,
        legendgroup=str(weak),
        showlegend=legend,
        marker={
            "color": "rgba(0,0,0,0)" if weak else colour,
            "line": {"color": colour, "width": 1.5},
            "pattern": {"shape": "x" if weak else "", "fgcolor": colour, "size": 6},
        },
        hovertext=[f"{number} clauses, {WEAK if weak else KNOWN}" for number in numbers],
        hoverinfo="text",
    )


def topic_grid(book: Book, treaties: str | tuple[str, ...] = ()) -> FigureView:
    """Topics by instruments; a mark says how well the best known clause on a topic is known.

    Parameters
    ----------
    book : Book
        The tables.
    treaties : str or tuple of str
        Coded instruments; all of them if empty.

    Raises
    ------
    ValueError
        If one of them was not coded.
    """
    order = _in_order(book, treaties or tuple(set(book.clauses["treaty_id"])))
    names = dict(zip(book.treaties["treaty_id"], book.treaties["short_en"], strict=True))
    spots = _topic_spots(book, order)
    labels = {key: text for key, text in book.labels("topic").items() if key in set(spots["topic"])}
    heights = {key: -number for number, key in enumerate(labels)}
    traces = [
        _grid_marks(spots[spots["known"] == known], known, names, labels, heights)
        for known in GRID_SYMBOLS
        if known in set(spots["known"])
    ]
    columns = [names[treaty] for treaty in order]
    treaties = book.treaties.set_index("treaty_id").loc[order]
    soviet = [
        number
        for number, (powers, date) in enumerate(treaties[["powers", "date"]].to_numpy())
        if "russia" in powers and date.earliest.year == YEAR
    ]
    mine = names.get(book.agreement, "")
    plot = _grid_plot(traces, columns, list(labels.values()), mine, again=True)
    rows = [
        {
            "Topic": labels[row["topic"]],
            "Instrument": names[row["treaty_id"]],
            "Clauses": row["clauses"],
            "Best known": row["known"],
        }
        for row in spots.to_dict("records")
    ]
    firm = spots[spots["known"] != WEAK].groupby("treaty_id")["topic"].nunique()
    words = (
        f"{len(labels)} topics in {len(order)} instruments. Topics that were read or are reported, "
        "by instrument. " + "; ".join(f"{names[t]}: {firm.get(t, 0)}" for t in order) + "."
    )
    buttons = [Button("all instruments", {"xaxis.range": [-0.5, len(order) - 0.5]})]
    if len(soviet) > 1:
        span = [soviet[0] - 0.5, soviet[-1] + 0.5]
        buttons.append(Button(f"Soviet Russia in {YEAR}", {"xaxis.range": span}))
    return FigureView(
        "topic-grid",
        plot,
        "Topics in each instrument, in order of signature. An empty place is no finding where the "
        "instrument was not read in full.",
        words,
        TableView("topic-grid-data", "Topics of each instrument", pd.DataFrame(rows)),
        buttons if len(buttons) > 1 else (),
    )


def _topic_spots(book: Book, order: list[str]) -> pd.DataFrame:
    """One row per instrument and topic: number of clauses and the best level among them."""
    coded = all_coded(book)
    coded = coded[coded["treaty_id"].isin(order)].explode("topics")
    ranks = {known: number for number, known in enumerate(GRID_SYMBOLS)}
    coded = coded.assign(rank=coded["evidence"].map(GRID_LEVELS).map(ranks))
    spots = coded.groupby(["treaty_id", "topics"], sort=False).agg(
        clauses=("clause_id", "size"), rank=("rank", "min")
    )
    known = list(GRID_SYMBOLS)
    spots = spots.reset_index(names=["treaty_id", "topic"])
    return spots.assign(known=[known[rank] for rank in spots["rank"]])


def _grid_marks(
    spots: pd.DataFrame, known: str, names: dict, labels: dict, heights: dict
) -> go.Scatter:
    return go.Scatter(
        x=[names[treaty] for treaty in spots["treaty_id"]],
        y=[heights[topic] for topic in spots["topic"]],
        mode="markers",
        name=known,
        marker={
            "symbol": GRID_SYMBOLS[known],
            "size": MARK,
            "color": GRID_COLOURS[known],
            "line": {"width": 2, "color": GRID_COLOURS[known]},
        },
        hovertext=[
            f"<b>{names[row['treaty_id']]}</b> {labels[row['topic']]}<br>"
            f"clauses: {row['clauses']}<br>{known}"
            for row in spots.to_dict("records")
        ],
        hoverinfo="text",
    )


def _grid_plot(
    traces: list, columns: list[str], rows: list[str], mine: str, again: bool = False
) -> go.Figure:
    """Named rows under named columns, with a band behind the agreement of 1921.

    A tall grid names its columns again below.
    """
    lines = [style.row_line(-number - 0.38) for number in range(len(rows))]
    axis = style.columns(columns)
    room = NAMES if again else 8
    bands = [_band(columns.index(mine))] if mine in columns else []
    plot = style.figure(
        traces,
        # On a phone the entries of the legend stand below each other.
        height=130 + room + LEGEND_ROW * len(traces) + GRID_ROW * len(rows),
        xaxis=axis,
        yaxis={"visible": False, "range": [-len(rows) + 0.5, 0.95], "fixedrange": True},
        annotations=[style.row_name(name, -number + 0.4) for number, name in enumerate(rows)],
        shapes=lines + bands,
        margin={"l": 8, "r": 8, "t": 105, "b": 70},
        legend={"y": -room / (GRID_ROW * len(rows))},
    )
    if again:
        below, plot.layout.xaxis2 = style.again_below(**axis)
        plot.add_trace(below)
    return plot


def _band(column: int) -> dict:
    """A faint band behind the agreement of 1921."""
    return {
        "type": "rect",
        "layer": "below",
        "x0": column - 0.5,
        "x1": column + 0.5,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"width": 0},
        "fillcolor": "rgba(128,128,128,0.18)",
    }


def question_grid(book: Book) -> FigureView:
    """The questions of the codebook put to every instrument; "not seen" is not "no"."""
    questions, labels = book.labels("question"), book.labels("answer")
    treaties = book.treaties.sort_values("date", kind="stable")
    names = dict(zip(treaties["treaty_id"], treaties["short_en"], strict=True))
    heights = {key: -number for number, key in enumerate(questions)}
    answers = book.answers.to_dict("records")
    weak = [
        row for row in answers if row["answer"] != "not-seen" and row["evidence"] in WEAK_LEVELS
    ]
    groups = [
        (label, ANSWER_SYMBOLS[key], [r for r in answers if r["answer"] == key and r not in weak])
        for key, label in labels.items()
    ]
    groups.append((REMEMBERED, "triangle-up-open", weak))
    traces = [
        go.Scatter(
            x=[names[row["treaty_id"]] for row in rows],
            y=[heights[row["question"]] for row in rows],
            mode="markers",
            name=label,
            marker=_answer_marker(symbol),
            hovertext=[
                f"<b>{names[row['treaty_id']]}</b> {questions[row['question']]}<br>"
                f"{labels[row['answer']]}<br>{row['detail']}"
                for row in rows
            ],
            hoverinfo="text",
        )
        for label, symbol, rows in groups
    ]
    columns = list(names.values())
    plot = _grid_plot(traces, columns, list(questions.values()), names.get(book.agreement, ""))
    counted = book.answers["answer"].value_counts()
    words = (
        f"{len(questions)} questions put to {len(columns)} instruments: "
        + ", ".join(f"{counted.get(answer, 0)} {label}" for answer, label in labels.items())
        + f". Of the answers other than not seen, {len(weak)} are only remembered"
    )
    order = list(names)
    rows = [
        {
            "Question": questions[row["question"]],
            "Instrument": names[row["treaty_id"]],
            "Answer": Cell(labels[row["answer"]], sign=f"answer-{row['answer']}"),
            "Detail": row["detail"],
            "Evidence": evidence_cell(book, row["evidence"]),
        }
        for row in sorted(
            answers,
            key=lambda row: (list(questions).index(row["question"]), order.index(row["treaty_id"])),
        )
    ]
    return FigureView(
        "question-grid",
        plot,
        "Questions put to every instrument, in order of signature. A cross means not seen in what "
        "was read, which is not the same as no.",
        words + ".",
        TableView(
            "question-grid-data",
            "Answers of every instrument",
            pd.DataFrame(rows),
            filters=("Question", "Instrument", "Answer"),
            searchable=True,
        ),
    )


def _answer_marker(symbol: str) -> dict:
    # What was not seen is grey, not pale: a pale cross would be lost on the page.
    colour = style.NEUTRAL if symbol.startswith("x") else style.THREAD_COLOURS["moscow"]
    return {
        "symbol": symbol,
        "size": MARK,
        "color": colour,
        "line": {"width": 2, "color": colour},
    }


def only_in_one(book: Book, other: str, treaty: str = "") -> TableView:
    """Topics that one of two instruments has and the other, as far as known, has not.

    A topic counts as had only where a clause on it was read or is reported by a source.

    Parameters
    ----------
    book : Book
        The tables.
    other, treaty : str
        Two coded instruments; the second is the agreement of the book if empty.

    Raises
    ------
    ValueError
        If one of them was not coded, or if there is no such topic.
    """
    treaty = treaty or book.agreement
    _in_order(book, (other, treaty))
    spots = _topic_spots(book, [other, treaty])
    names = dict(zip(book.treaties["treaty_id"], book.treaties["short_en"], strict=True))
    labels = book.labels("topic")
    known = {(row["treaty_id"], row["topic"]): row["known"] for row in spots.to_dict("records")}
    rows = []
    for topic, label in labels.items():
        pair = [known.get((key, topic), "") for key in (treaty, other)]
        firm = [level not in ("", WEAK) for level in pair]
        if firm[0] != firm[1]:
            has, lacks = (treaty, other) if firm[0] else (other, treaty)
            rows.append(
                {
                    "Topic": label,
                    "Had by": names[has],
                    "How known there": known[has, topic],
                    "In the other": _lack(book, lacks, (lacks, topic) in known),
                }
            )
    if not rows:
        raise WrongArgument(f"{names[treaty]} and {names[other]} do not differ in their topics")
    caption = f"Topics that only one of {names[treaty]} and {names[other]} has, as far as known"
    return TableView("only-in-one", caption, pd.DataFrame(rows))


def _lack(book: Book, treaty: str, weak: bool) -> str:
    """Why a topic counts as missing in an instrument."""
    if weak:
        return "subject only, or remembered"
    level = book.treaties.set_index("treaty_id").loc[treaty, "evidence"]
    return "not in it: read whole" if level == "text" else "not seen in what was read"


def instruments(book: Book) -> TableView:
    """All instruments: what they are, what was read of them, what became of them."""
    treaties = book.treaties.sort_values("date", kind="stable").to_dict("records")
    rows = [
        {
            "Instrument": row["title_en"],
            "Short name": row["short_en"],
            "Signed": date_cell(row["date"]),
            "Between": ", ".join(row["parties"]),
            "Kind": row["kind"],
            "What was read": row["text_read"],
            "Evidence": evidence_cell(book, row["evidence"]),
            "What to know": " ".join(filter(None, (row["date_note"], row["status_note"]))),
            "Sources": sources_cell(row["sources"]),
        }
        for row in treaties
    ]
    return TableView(
        "instruments",
        f"The instruments of this book ({len(rows)})",
        pd.DataFrame(rows),
        row_ids=[anchor("treaty", row["treaty_id"]) for row in treaties],
        searchable=True,
    )


def other_clauses(book: Book) -> TableView:
    """Every coded clause of the other instruments, to be filtered by topic, burden, evidence."""
    coded = all_coded(book)
    coded = coded[coded["treaty_id"] != book.agreement].to_dict("records")
    topics, directions = book.labels("topic"), book.labels("direction")
    named = [[topics[topic] for topic in row["topics"]] for row in coded]
    rows = [
        {
            "Clause": f"{row['short']}, {article_name(row['article'], row['paragraph'])}",
            "Instrument": row["short"],
            "What it says": row["digest_en"],
            "Topics": "; ".join(words),
            "Direction": directions[row["direction"]],
            "Evidence": evidence_cell(book, row["evidence"]),
            "Sources": sources_cell(row["sources"]),
        }
        for row, words in zip(coded, named, strict=True)
    ]
    return TableView(
        "other-clauses",
        f"Clauses of the other instruments, in our own words ({len(rows)} units)",
        pd.DataFrame(rows),
        row_ids=[anchor("clause", row["clause_id"]) for row in coded],
        filters=("Instrument", "Topics", "Direction", "Evidence"),
        searchable=True,
        lists={"Topics": named},
    )


def like_clauses(book: Book, clause_id: str) -> TableView:
    """Clauses of all instruments with the same main topic as one clause.

    Parameters
    ----------
    book : Book
        The tables.
    clause_id : str
        Instrument, article and paragraph.

    Raises
    ------
    ValueError
        If there is no such clause.
    """
    coded = all_coded(book)
    known_key("clause", clause_id, coded["clause_id"], "clauses.csv")
    topic = coded[coded["clause_id"] == clause_id].iloc[0]["main"]
    same = coded[coded["main"] == topic].to_dict("records")
    rows = [
        {
            "Clause": Cell(*clause_link(row)),
            "What it says": row["digest_en"],
            "Direction": book.labels("direction")[row["direction"]],
            "Evidence": evidence_cell(book, row["evidence"]),
        }
        for row in same
    ]
    caption = f"Clauses whose main topic is {book.labels('topic')[topic]}, in order of signature"
    return TableView("like-clauses", caption, pd.DataFrame(rows))
