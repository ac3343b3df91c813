"""The agreement of 1921 beside the other instruments: burdens, topics, questions, like clauses."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from treatybook.display import style
from treatybook.display.cells import answer_cell, date_cell, evidence_cell, sources_cell
from treatybook.display.content import Button, Cell, FigureView, TableView
from treatybook.evidence.attestation import WEAK_LEVELS
from treatybook.evidence.errors import WrongArgument, checked, known_key, known_keys
from treatybook.evidence.identifiers import anchor
from treatybook.evidence.tables import Book
from treatybook.views.clauses import all_coded, clause_link, in_words, listed
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
# A topic of an instrument is as well known as the best known of its clauses; other levels are weak.
GRID_LEVELS = {"text": READ, "text-part": READ, "secondary": STATED}
YEAR = 1921  # whose treaties of Soviet Russia have a button of their own
GRID_ROW = 40  # height of a row in CSS pixels: its name and its marks
MARK = 9  # size of a mark: 17 columns must fit on a phone
LEGEND_ROW = 22
NAMES = 95  # height of the names of the columns
GRID_SYMBOLS = {READ: "circle", STATED: "square", WEAK: "x-thin-open"}
COLOURED_AS = {READ: "text", STATED: "secondary", WEAK: "unverified"}


@checked
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


def _coded(book: Book, treaties: str | tuple[str, ...]) -> tuple[str, ...]:
    """The keys of the asked instruments, if each was coded."""
    names = book.by_key("treaties", "short_en")
    known = {key: names[key] for key in sorted(set(book.clauses["treaty_id"]))}
    return known_keys("coded instrument", treaties, known)


def _in_order(book: Book, treaties: str | tuple[str, ...]) -> list[str]:
    """The asked instruments, checked and in order of signature."""
    treaties = _coded(book, treaties)
    ordered = book.treaties.sort_values("date", kind="stable")["treaty_id"]
    return [treaty for treaty in ordered if treaty in treaties]


@checked
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
    names = book.by_key("treaties", "short_en")
    clauses = all_coded(book)
    clauses = clauses[clauses["treaty_id"].isin(order)]
    clauses = clauses.assign(
        weak=clauses["evidence"].isin(WEAK_LEVELS),
        bound=[burden(direction, party["code"]) for direction in clauses["direction"]],
    )
    every = pd.MultiIndex.from_product([order, owing])
    counted = pd.crosstab([clauses["treaty_id"], clauses["bound"]], clauses["weak"])
    counted = counted.reindex(every, columns=[False, True], fill_value=0)
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
            bars = _burden_bars(counted.loc[treaty, hollow].to_list(), owing, hollow, number == 0)
            grid.add_trace(bars, row=number // 2 + 1, col=number % 2 + 1)
    grid.update_layout(
        template=style.TEMPLATE,
        height=90 + 170 * lines,
        barmode="stack",
        margin={"l": 8, "r": 8, "t": 30, "b": 60},
    )
    widest = int(counted.sum(axis="columns").max())
    grid.update_xaxes(range=[0, widest + 1], dtick=5, fixedrange=True)
    grid.update_yaxes(autorange="reversed", fixedrange=True, tickfont={"size": 12}, ticksuffix=" ")
    grid.update_annotations(font_size=12)
    heads = {False: "Read or reported", True: "Subject only or not checked"}
    frame = counted.rename(index=names | owing, columns=heads)
    frame = frame.rename_axis(["Instrument", "Who is bound"]).reset_index()
    known = counted[False].groupby(level=0).sum()
    words = "; ".join(
        f"{names[treaty]}: {counted.loc[(treaty, 'alike'), False]} of {known[treaty]}"
        for treaty in order
    )
    return FigureView(
        "burdens",
        grid,
        f"Who is bound by the clauses of each instrument. A norm that {party['name']} carries "
        f"together with another party is counted with {party['name']}.",
        f"Clauses read or reported that bind all sides alike, by instrument. {words}. "
        f"Another {counted[True].sum()} clauses, drawn hollow, are known by their subject or from "
        "memory only.",
        TableView("burdens-data", "Clauses by who is bound, first coder", frame),
        [
            Button("all clauses", data={"visible": [True, True] * len(order)}),
            Button(KNOWN, data={"visible": [True, False] * len(order)}),
        ],
    )


def _burden_bars(numbers: list[int], owing: dict[str, str], weak: bool, legend: bool) -> go.Bar:
    colour, name = style.THREAD_COLOURS["moscow"], WEAK if weak else KNOWN
    return go.Bar(
        orientation="h",
        y=list(owing.values()),
        x=numbers,
        name=name,
        legendgroup=str(weak),
        showlegend=legend,
        marker={
            "color": style.HOLLOW if weak else colour,
            "line": {"color": colour, "width": 1.5},
            "pattern": {"shape": "x" if weak else "", "fgcolor": colour, "size": 6},
        },
        hovertext=[f"{number} clauses, {name}" for number in numbers],
        hoverinfo="text",
    )


@checked
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
    names, spots = book.by_key("treaties", "short_en"), _topic_spots(book, order)
    topics = [topic for topic in book.labels("topic").values() if topic in set(spots["topic"])]
    spots["x"], spots["y"] = spots["short"], [-topics.index(topic) for topic in spots["topic"]]
    spots["hover"] = [
        f"<b>{treaty}</b> {topic}<br>clauses: {number}<br>{known}"
        for treaty, topic, number, known in spots[["short", "topic", "clauses", "known"]].to_numpy()
    ]
    traces = [
        style.marks_of(
            rows,
            name=known,
            symbol=GRID_SYMBOLS[known],
            size=MARK,
            colour=style.EVIDENCE_COLOURS[COLOURED_AS[known]],
        )
        for known, rows in spots.groupby("known", observed=True)
    ]
    columns = [names[treaty] for treaty in order]
    plot = _grid_plot(book, traces, columns, topics, again=True)
    heads = {"topic": "Topic", "short": "Instrument", "clauses": "Clauses", "known": "Best known"}
    frame = spots[list(heads)].rename(columns=heads)
    firm = spots[spots["known"] != WEAK]["treaty_id"].value_counts()
    words = (
        f"{len(topics)} topics in {len(order)} instruments. Topics that were read or are reported, "
        "by instrument. " + "; ".join(f"{names[t]}: {firm.get(t, 0)}" for t in order) + "."
    )
    treaties = [book.rows("treaties")[treaty] for treaty in order]
    soviet = [
        number
        for number, row in enumerate(treaties)
        if "russia" in row["powers"] and row["date"].earliest.year == YEAR
    ]
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
        TableView("topic-grid-data", "Topics of each instrument", frame),
        buttons if len(soviet) > 1 else (),
    )


def _topic_spots(book: Book, order: list[str]) -> pd.DataFrame:
    """One row per instrument and topic: number of clauses and the best level among them."""
    coded = all_coded(book)
    coded = coded[coded["treaty_id"].isin(order)].explode("topics")
    known = coded["evidence"].map(GRID_LEVELS).fillna(WEAK)
    spots = coded.assign(
        topic=coded["topics"].map(book.labels("topic")),
        known=pd.Categorical(known, list(GRID_SYMBOLS), ordered=True),
    ).groupby(["treaty_id", "topic"], sort=False, as_index=False)
    return spots.agg(short=("short", "first"), clauses=("known", "size"), known=("known", "min"))


def _grid_plot(
    book: Book, traces: list, columns: list[str], rows: list[str], again: bool = False
) -> go.Figure:
    """Named rows under named columns, with a faint band behind the agreement of the book.

    A tall grid names its columns again below.
    """
    axis = style.columns(columns)
    room = NAMES if again else 8
    plot = style.figure(
        traces,
        # On a phone the entries of the legend stand below each other.
        height=130 + room + LEGEND_ROW * len(traces) + GRID_ROW * len(rows),
        xaxis=axis,
        margin={"l": 8, "r": 8, "t": 105, "b": 70},
        **style.named_rows(rows, 0.95, 0.4, 0.38),
    )
    mine = book.by_key("treaties", "short_en").get(book.agreement)
    if mine in columns:
        place = columns.index(mine)
        span = {"x0": place - 0.5, "x1": place + 0.5, "yref": "paper", "y0": 0, "y1": 1}
        look = {"line_width": 0, "fillcolor": "rgba(128,128,128,0.18)"}
        plot.add_shape(type="rect", layer="below", **span, **look)
    if again:
        below, plot.layout.xaxis2 = style.again_below(**axis)
        plot.add_trace(below)
    return plot


@checked
def question_grid(book: Book) -> FigureView:
    """The questions of the codebook put to every instrument; "not seen" is not "no"."""
    questions, labels = book.labels("question"), book.labels("answer")
    names = book.treaties.sort_values("date", kind="stable").set_index("treaty_id")["short_en"]
    answers = book.answers
    asked, said = answers["question"].map(questions), answers["answer"].map(labels)
    answers["x"] = answers["treaty_id"].map(names)
    answers["y"] = [-list(questions).index(question) for question in answers["question"]]
    told = zip(answers["x"], asked, said, answers["detail"], strict=True)
    answers["hover"] = [f"<b>{x}</b> {q}<br>{a}<br>{detail}" for x, q, a, detail in told]
    weak = answers["evidence"].isin(WEAK_LEVELS) & (answers["answer"] != "not-seen")
    traces = [
        _answer_marks(answers[~weak & (answers["answer"] == key)], label, ANSWER_SYMBOLS[key])
        for key, label in labels.items()
    ]
    traces.append(_answer_marks(answers[weak], REMEMBERED, "triangle-up-open"))
    counted = answers["answer"].value_counts()
    words = (
        f"{len(questions)} questions put to {len(names)} instruments: "
        + ", ".join(f"{counted.get(answer, 0)} {label}" for answer, label in labels.items())
        + f". Of the answers other than not seen, {weak.sum()} are only remembered."
    )
    columns = {
        "Question": asked,
        "Instrument": answers["x"],
        "Answer": [answer_cell(book, answer) for answer in answers["answer"]],
        "Detail": answers["detail"],
        "Evidence": [evidence_cell(book, level) for level in answers["evidence"]],
    }
    answers["column"] = [names.index.get_loc(treaty) for treaty in answers["treaty_id"]]
    order = answers.sort_values(["y", "column"], ascending=[False, True]).index
    caption, frame = "Answers of every instrument", pd.DataFrame(columns).loc[order]
    filters = ("Question", "Instrument", "Answer")
    return FigureView(
        "question-grid",
        _grid_plot(book, traces, list(names), list(questions.values())),
        "Questions put to every instrument, in order of signature. A cross means not seen in what "
        "was read, which is not the same as no.",
        words,
        TableView("question-grid-data", caption, frame, filters=filters, searchable=True),
    )


def _answer_marks(answers: pd.DataFrame, name: str, symbol: str) -> go.Scatter:
    # What was not seen is grey, not pale: a pale cross would be lost on the page.
    colour = style.NEUTRAL if symbol.startswith("x") else style.THREAD_COLOURS["moscow"]
    return style.marks_of(answers, name=name, symbol=symbol, size=MARK, colour=colour)


@checked
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
    other, treaty = _coded(book, (other, treaty or book.agreement))
    names = book.by_key("treaties", "short_en")
    spots = _topic_spots(book, [other, treaty]).set_index(["treaty_id", "topic"])
    known = spots["known"].to_dict()
    rows = []
    for topic in book.labels("topic").values():
        firm = {key: known.get((key, topic), WEAK) != WEAK for key in (treaty, other)}
        if firm[treaty] != firm[other]:
            has, lacks = (treaty, other) if firm[treaty] else (other, treaty)
            lack = _lack(book, lacks, (lacks, topic) in known)
            rows.append((topic, names[has], known[has, topic], lack))
    if not rows:
        raise WrongArgument(f"{names[treaty]} and {names[other]} do not differ in their topics")
    caption = f"Topics that only one of {names[treaty]} and {names[other]} has, as far as known"
    heads = ["Topic", "Had by", "How known there", "In the other"]
    return TableView("only-in-one", caption, pd.DataFrame(rows, columns=heads))


def _lack(book: Book, treaty: str, weak: bool) -> str:
    """Why a topic counts as missing in an instrument."""
    if weak:
        return "subject only, or remembered"
    level = book.by_key("treaties", "evidence")[treaty]
    return "not in it: read whole" if level == "text" else "not seen in what was read"


@checked
def instruments(book: Book) -> TableView:
    """All instruments: what they are, what was read of them, what became of them."""
    treaties = book.treaties.sort_values("date", kind="stable")
    notes = treaties["date_note"] + " " + treaties["status_note"]
    columns = {
        "Instrument": treaties["title_en"],
        "Short name": treaties["short_en"],
        "Signed": [date_cell(date) for date in treaties["date"]],
        "Between": treaties["parties"].str.join(", "),
        "Kind": treaties["kind"],
        "What was read": treaties["text_read"],
        "Evidence": [evidence_cell(book, level) for level in treaties["evidence"]],
        "What to know": notes.str.strip(),
        "Sources": [sources_cell(keys) for keys in treaties["sources"]],
    }
    caption = f"The instruments of this book ({len(treaties)})"
    row_ids = [anchor("treaty", key) for key in treaties["treaty_id"]]
    return TableView("instruments", caption, pd.DataFrame(columns), row_ids, searchable=True)


@checked
def other_clauses(book: Book) -> TableView:
    """Every coded clause of the other instruments, to be filtered by topic, burden, evidence."""
    coded = all_coded(book)
    coded = coded[coded["treaty_id"] != book.agreement]
    frame = in_words(book, coded).drop(columns="Kind of norm")
    frame = frame.assign(Clause=coded["short"] + ", " + coded["name"])
    caption = f"Clauses of the other instruments, in our own words ({len(frame)} units)"
    filters = ("Instrument", "Topics", "Direction", "Evidence")
    return listed("other-clauses", caption, frame, coded, filters)


@checked
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
    clause_id = known_key("clause", clause_id, coded["clause_id"], "clauses.csv")
    topic = coded.set_index("clause_id").loc[clause_id, "main"]
    same = coded[coded["main"] == topic]
    links = [Cell(*clause_link(row)) for row in same.to_dict("records")]
    frame = in_words(book, same).assign(Clause=links)
    caption = f"Clauses whose main topic is {book.labels('topic')[topic]}, in order of signature"
    frame = frame[["Clause", "What it says", "Direction", "Evidence"]]
    return TableView("like-clauses", caption, frame)
