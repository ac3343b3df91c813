"""The agreement of 1921 beside the other instruments: burdens, topics, questions, like clauses."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from treatybook.display import style
from treatybook.display.cells import answer_cell, date_cell, evidence_cell, sources_cell
from treatybook.display.content import Button, Cell, FigureView, TableView
from treatybook.evidence.attestation import WEAK_LEVELS
from treatybook.evidence.errors import WrongArgument, checked, known_key
from treatybook.evidence.identifiers import address, anchor, printed_names
from treatybook.evidence.tables import Book
from treatybook.evidence.wording import _
from treatybook.views.clauses import (
    all_coded,
    bound_keys,
    clause_link,
    coded_instruments,
    in_words,
    listed,
)

BURDENS = ("alike", "party", "other", "states")
READ, STATED, WEAK = "read", "stated", "weak"
KNOWN_AS = {READ: style.READ, STATED: style.REPORTED, WEAK: style.OPEN}
# A topic of an instrument is as well known as the best known of its clauses.
MOST_TOPICS = 12  # rows that a phone shows at once
TOPIC_ROW, QUESTION_ROW = 36, 42  # height of a row in CSS pixels: its name and its marks
NAMES = 105  # height of the names of the columns
MARK, SMALLER, UNSEEN = 12, 8, 4  # size of a mark: of what is there, of what is not
ANSWER_SHAPES = {"yes": "circle", "reported": "circle", "partly": "triangle-up", "no": "x"}


@checked
def owing_words(party: str) -> dict[str, str]:
    """Words for each of :data:`BURDENS`."""
    return {
        "alike": _("all alike"),
        "party": _("{party} owes").format(party=party),
        "other": _("another owes"),
        "states": _("states a fact"),
    }


@checked
def heads() -> dict[str, str]:
    """Headings of the numbers of clauses, by how far the clauses are known."""
    return {
        style.READ: _("Read"),
        style.REPORTED: _("Reported"),
        style.OPEN: _("Subject only or not checked"),
    }


@checked
def known_words() -> dict[str, str]:
    """How well a topic of an instrument is known, in words."""
    return {
        READ: _("text read, at least in part"),
        STATED: _("a source states it"),
        WEAK: _("subject only, or not checked"),
    }


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


def _in_order(book: Book, treaties: str | tuple[str, ...]) -> list[str]:
    """The asked instruments, checked and in order of signature."""
    treaties = coded_instruments(book, treaties)
    ordered = book.treaties.sort_values("date", kind="stable")["treaty_id"]
    return [treaty for treaty in ordered if treaty in treaties]


@checked
def burdens(book: Book, treaties: str | tuple[str, ...] = ()) -> FigureView:
    """Small multiples: in each instrument, how many clauses bind whom.

    The colour of a bar is the party that is bound, its fill how far the clauses are known.

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
    party = book.settings.get("party", {"code": "", "name": _("the first party")})
    name = _party_name(book, party)
    owing = owing_words(name)
    names = book.by_key("treaties", "short")
    counted = _burden_counts(book, order, party["code"])
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
    fills = []
    by = ["treaty", "party", "fill"]
    for (treaty, bound, fill), numbers in counted.groupby(level=by, observed=True):
        place = order.index(treaty)
        bars = _burden_bars(numbers.droplevel(by), owing, bound, fill, treaty)
        grid.add_trace(bars, row=place // 2 + 1, col=place % 2 + 1)
        fills.append(fill)
    parties = counted.index.get_level_values("party")
    grid.add_traces([*bound_keys(book, parties), *_bar_keys(fills)])
    grid.update_layout(
        template=style.TEMPLATE,
        height=50 + 165 * lines,
        barmode="stack",
        margin={"l": 8, "r": 8, "t": 24, "b": 30},
    )
    widest = int(counted.groupby(level=["treaty", "bound"]).sum().max())
    grid.update_xaxes(range=[0, widest + 1], dtick=5, fixedrange=True, tickfont_size=12)
    heights = {"tickvals": list(range(len(owing))), "ticktext": list(owing.values())}
    grid.update_yaxes(
        range=[len(owing) - 0.5, -0.5],
        fixedrange=True,
        tickfont_size=12,
        tickcolor=style.HOLLOW,
        ticks="outside",
        ticklen=5,
        **heights,
    )
    grid.update_annotations(font_size=12)
    keys = len(grid.data) - len(fills)
    table = _burden_table(book, counted, order, owing)
    known = {
        _("all clauses"): [True] * len(fills),
        _("read or reported by a source"): [fill != style.OPEN for fill in fills],
    }
    return FigureView(
        "burdens",
        grid,
        _(
            "Who is bound by the clauses of each instrument. A norm that {party} carries together "
            "with another party is counted with {party}."
        ).format(party=name),
        _burden_words(table.frame, owing["alike"]),
        table,
        [Button(label, data={"visible": seen + [True] * keys}) for label, seen in known.items()],
        headline=_most_and_least_alike(
            table.frame, owing["alike"], names.get(book.agreement, "") if len(order) > 1 else ""
        ),
    )


def _party_name(book: Book, party: dict[str, str]) -> str:
    """The party that is set against all others, in the reader's language."""
    return book.told(party["name"])


def _burden_counts(book: Book, order: list[str], code: str) -> pd.Series:
    """Clauses by instrument, party that is bound, fill and row of the panel."""
    clauses = all_coded(book)
    clauses = clauses[clauses["treaty_id"].isin(order)]
    rows = clauses["direction"].map(lambda direction: BURDENS.index(burden(direction, code)))
    by = {
        "treaty": clauses["treaty_id"],
        "party": clauses["direction"].map(book.parties("direction")),
        "fill": pd.Categorical(clauses["evidence"].map(style.FILLS), list(style.MARK_FILLS)),
        "bound": rows,
    }
    return clauses.assign(**by).groupby(list(by), observed=True).size()


def _burden_bars(
    numbers: pd.Series, owing: dict[str, str], party: str, fill: str, treaty: str
) -> go.Bar:
    level = next(level for level, known in style.FILLS.items() if known == fill)
    rows = [list(owing.values())[row] for row in numbers.index]
    return go.Bar(
        orientation="h",
        y=list(numbers.index),
        x=list(numbers),
        showlegend=False,
        meta=fill,
        marker=style.bar_look(level, style.party_colour(party)),
        hovertext=[
            _("{bound}: {n} clauses, {known}").format(bound=row, n=n, known=style.fill_words(fill))
            for row, n in zip(rows, numbers, strict=True)
        ],
        hoverinfo="text",
        customdata=[address("treaty", treaty)] * len(numbers),
    )


def _bar_keys(fills: list[str]) -> list[go.Bar]:
    """Entries of the legend for the fills of bars that occur."""
    looks = {fill: style.bar_look(level, style.NEUTRAL) for level, fill in style.FILLS.items()}
    found = [fill for fill in style.MARK_FILLS if fill in fills]
    return [
        go.Bar(
            x=[None],
            y=[None],
            name=style.fill_words(fill),
            legendrank=rank,
            marker=looks[fill],
        )
        for rank, fill in enumerate(found, 1)
    ]


def _burden_table(
    book: Book, counted: pd.Series, order: list[str], owing: dict[str, str]
) -> TableView:
    powers = {party: power for power, party in book.parties("power").items()}
    names, labels = book.by_key("treaties", "short"), book.labels("power")
    frame = counted.unstack("fill", fill_value=0).reindex(columns=list(heads()), fill_value=0)
    frame = frame.rename(columns=heads()).rename_axis(None, axis="columns").reset_index()
    frame["place"] = frame["treaty"].map(order.index)
    frame = frame.sort_values(["place", "bound", "party"])
    columns = {
        _("Instrument"): frame["treaty"].map(names),
        _("Who is bound"): [list(owing.values())[row] for row in frame["bound"]],
        _("Party"): [labels[powers[party]] if party in powers else "" for party in frame["party"]],
        **{head: frame[head] for head in heads().values()},
    }
    return TableView(
        "burdens-data", _("Clauses by who is bound, first coder"), pd.DataFrame(columns)
    )


def _alike(frame: pd.DataFrame, alike: str) -> pd.DataFrame:
    """Of each instrument, how many clauses are known and how many of them bind all alike."""
    known = frame[heads()[style.READ]] + frame[heads()[style.REPORTED]]
    frame = frame.assign(known=known, alike=known.where(frame[_("Who is bound")] == alike, 0))
    return frame.groupby(_("Instrument"), sort=False)[["alike", "known"]].sum()


def _burden_words(frame: pd.DataFrame, alike: str) -> str:
    counted = _alike(frame, alike)
    told = _("{instrument}: {n} of {all}")
    told = "; ".join(told.format(instrument=name, n=a, all=k) for name, (a, k) in counted.T.items())
    return _(
        "Clauses read or reported that bind all sides alike, by instrument. {numbers}. Another {n} "
        "clauses, drawn hollow, are known by their subject or from memory only."
    ).format(numbers=told, n=frame[heads()[style.OPEN]].sum())


def _most_and_least_alike(frame: pd.DataFrame, alike: str, mine: str) -> str:
    """The agreement of the book beside the instrument that is least even, as a headline."""
    counted = _alike(frame, alike)
    counted = counted[counted["known"] > 0]
    share = (counted["alike"] / counted["known"]).sort_values(kind="stable")
    first = mine if mine in share else share.index[-1]
    a, k = counted.loc[first]
    said = _("{instrument}: {n} of {all} known clauses bind all sides alike")
    said = said.format(instrument=first, n=a, all=k)
    if first == share.index[0]:
        return said
    a, k = counted.loc[share.index[0]]
    other = _("{instrument}: {n} of {all}").format(instrument=share.index[0], n=a, all=k)
    return f"{said}; {other}"


@checked
def topic_grid(book: Book, treaties: str | tuple[str, ...] = ()) -> FigureView:
    """Topics by instruments; a mark says how well the best known clause on a topic is known.

    The topics are shown by what is known of them in the agreement of the book, one part at a time.

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
    names, spots = book.by_key("treaties", "short"), _topic_spots(book, order)
    groups = _topic_groups(spots, book.agreement, names.get(book.agreement, ""))
    drawn = {label: _topic_traces(spots, topics) for label, topics in groups.items()}
    columns, start = [names[treaty] for treaty in order], next(iter(groups))
    plot = _grid_plot(book, drawn[start], columns, groups[start], TOPIC_ROW)
    buttons = [
        Button(
            f"{label} ({len(topics)})",
            _grid_rows(book, columns, topics, TOPIC_ROW),
            _data(drawn[label]),
        )
        for label, topics in groups.items()
    ]
    shown = {
        "topic": _("Topic"),
        "short": _("Instrument"),
        "clauses": _("Clauses"),
        "known": _("Best known"),
    }
    position = {topic: number for number, topic in enumerate(book.labels("topic").values())}
    frame = spots.sort_values("topic", key=lambda topic: topic.map(position), kind="stable")
    frame = frame.assign(known=frame["known"].map(known_words()))
    return FigureView(
        "topic-grid",
        plot,
        _(
            "Topics in each instrument, in order of signature; those in most of them first, at "
            "most {n} at once. An empty place is no finding where the instrument was not read in "
            "full."
        ).format(n=MOST_TOPICS),
        _grid_words(spots, order, names),
        TableView(
            "topic-grid-data",
            _("Topics of each instrument"),
            frame[list(shown)].rename(columns=shown),
        ),
        buttons if len(buttons) > 1 else (),
        headline=_topics_not_seen(spots, book.agreement, names.get(book.agreement, "")),
        adapt=_slanted,
    )


def _firm(spots: pd.DataFrame) -> pd.Series:
    """In how many instruments each topic was read or is reported, the most common first."""
    found = spots[spots["known"] != WEAK]["topic"].value_counts()
    return found.reindex(spots["topic"].unique(), fill_value=0).sort_values(
        ascending=False, kind="stable"
    )


def _topic_groups(spots: pd.DataFrame, agreement: str, name: str) -> dict[str, list[str]]:
    """Topics by what is known of them in the agreement; without it, the most common ones."""
    topics = _firm(spots).index
    mine = spots[spots["treaty_id"] == agreement].set_index("topic")["known"]
    if mine.empty or mine.size == len(spots):
        return {_("the most common"): list(topics[:MOST_TOPICS])}
    parts = {
        _("not seen in {instrument}").format(instrument=name): topics[~topics.isin(mine.index)],
        _("read there"): topics[topics.isin(mine.index[mine == READ])],
        _("reported or open there"): topics[topics.isin(mine.index[mine != READ])],
    }
    return {label: list(part[:MOST_TOPICS]) for label, part in parts.items() if len(part)}


def _topic_traces(spots: pd.DataFrame, topics: list[str]) -> list[go.Scatter]:
    """The marks of some topics, one trace for each fill even where it has no mark."""
    spots = spots[spots["topic"].isin(topics)]
    spots = spots.assign(x=spots["short"], y=[-topics.index(topic) for topic in spots["topic"]])
    told, words = _("<b>{instrument}</b> {topic}<br>clauses: {n}<br>{known}"), known_words()
    spots["hover"] = [
        told.format(instrument=treaty, topic=topic, n=number, known=words[known])
        for treaty, topic, number, known in spots[["short", "topic", "clauses", "known"]].to_numpy()
    ]
    return [
        _known_marks(spots[spots["known"] == known], fill, "circle", name=style.fill_words(fill))
        for known, fill in KNOWN_AS.items()
    ]


def _known_marks(rows: pd.DataFrame, fill: str, shape: str, **named) -> go.Scatter:
    """Marks of what is there; each leads to its instrument."""
    return style.marks_of(
        rows,
        symbol=shape + style.MARK_FILLS[fill],
        size=SMALLER if fill == style.OPEN or shape == "x" else MARK,
        customdata=[address("treaty", treaty) for treaty in rows["treaty_id"]],
        **named,
    )


def _data(traces: list[go.Scatter]) -> dict[str, list]:
    """What a button puts into the traces to make them these ones."""
    parts = ("x", "y", "hovertext", "customdata")
    return {part: [list(trace[part]) for trace in traces] for part in parts}


def _grid_words(spots: pd.DataFrame, order: list[str], names: dict[str, str]) -> str:
    firm, counted = spots[spots["known"] != WEAK]["treaty_id"].value_counts(), _firm(spots)
    common = ", ".join(f"{topic} ({number})" for topic, number in counted[:3].items())
    told = "; ".join(f"{names[treaty]}: {firm.get(treaty, 0)}" for treaty in order)
    return _(
        "Most often read or reported are {topics}. {n} topics in {all} instruments. "
        "Topics that were read or are reported, by instrument. {numbers}."
    ).format(topics=common, n=len(counted), all=len(order), numbers=told)


def _topics_not_seen(spots: pd.DataFrame, agreement: str, name: str) -> str:
    """The commonest topics that nothing known of the agreement speaks of, as a headline."""
    counted, seen = _firm(spots), set(spots[spots["treaty_id"] == agreement]["topic"])
    lacking = counted[~counted.index.isin(seen)][:2]
    if not seen or lacking.empty:
        told = _("The commonest topic is {topic}, in {n} instruments")
        return told.format(topic=counted.index[0], n=counted.iloc[0])
    topics, numbers = _(" or ").join(lacking.index), _(" and ").join(map(str, lacking))
    told = _("{instrument}, as far as known, says nothing of {topics}; {numbers} other texts do")
    return told.format(instrument=name, topics=topics, numbers=numbers)


def _topic_spots(book: Book, order: list[str]) -> pd.DataFrame:
    """One row per instrument and topic: number of clauses and the best level among them."""
    coded = all_coded(book)
    coded = coded[coded["treaty_id"].isin(order)].explode("topics")
    names = {fill: known for known, fill in KNOWN_AS.items()}
    known = coded["evidence"].map(style.FILLS).map(names)
    spots = coded.assign(
        topic=coded["topics"].map(book.labels("topic")),
        known=pd.Categorical(known, list(KNOWN_AS), ordered=True),
    ).groupby(["treaty_id", "topic"], sort=False, as_index=False)
    return spots.agg(short=("short", "first"), clauses=("known", "size"), known=("known", "min"))


def _grid_plot(
    book: Book, traces: list, columns: list[str], rows: list[str], row: int
) -> go.Figure:
    """Named rows under named columns, with a faint band behind the agreement of the book."""
    named = style.named_rows(rows, 0.95, 0.45, 0.33)
    return style.figure(
        traces,
        height=NAMES + 8 + row * len(rows),
        xaxis=style.columns(columns),
        margin={"l": 8, "r": 8, "t": NAMES, "b": 8},
        **named | {"shapes": named["shapes"] + _band(book, columns)},
    )


def _band(book: Book, columns: list[str]) -> list[dict]:
    mine = book.by_key("treaties", "short").get(book.agreement)
    if mine not in columns:
        return []
    place = columns.index(mine)
    span = {"x0": place - 0.5, "x1": place + 0.5, "yref": "paper", "y0": 0, "y1": 1}
    look = {"line": {"width": 0}, "fillcolor": "rgba(128,128,128,0.18)"}
    return [{"type": "rect", "layer": "below", **span, **look}]


def _grid_rows(book: Book, columns: list[str], rows: list[str], row: int) -> dict:
    """The change of a grid to other rows."""
    named = style.named_rows(rows, 0.95, 0.45, 0.33)
    return {
        "yaxis.range": named["yaxis"]["range"],
        "yaxis.tickvals": [-number for number in range(len(rows))],  # for names to the left
        "annotations": named["annotations"],
        "shapes": named["shapes"] + _band(book, columns),
        "height": NAMES + 8 + row * len(rows),
    }


def _slanted(plot: go.Figure) -> None:
    """The names of many columns stay slanted on a wide page."""
    plot.update_xaxes(tickangle=-60)


@checked
def question_grid(book: Book) -> FigureView:
    """The questions of the codebook put to every instrument; "not seen" is not "no".

    The shape of a mark is the answer, its fill how far the answer is known; what was not seen is
    a short dash.
    """
    questions, labels = book.labels("question"), book.labels("answer")
    names = book.treaties.sort_values("date", kind="stable").set_index("treaty_id")["short"]
    answers = _placed_answers(book, names)
    counted = answers["answer"].value_counts()
    weak = answers["evidence"].isin(WEAK_LEVELS) & (answers["answer"] != "not-seen")
    unseen, total = counted.get("not-seen", 0), len(answers)
    number = _("{n} {label}")
    words = _(
        "{n} answers of {all} say something, and {unseen} do not. {questions} questions put to "
        "{instruments} instruments: {answers}. Of the answers other than not seen, {weak} are only "
        "remembered."
    ).format(
        n=total - unseen,
        all=total,
        unseen=unseen,
        questions=len(questions),
        instruments=len(names),
        answers=", ".join(
            number.format(n=counted.get(key, 0), label=label) for key, label in labels.items()
        ),
        weak=weak.sum(),
    )
    return FigureView(
        "question-grid",
        _grid_plot(
            book, _answer_traces(answers), list(names), list(questions.values()), QUESTION_ROW
        ),
        _(
            "Questions put to every instrument, in order of signature. The shape is the answer, "
            "the fill how far it is known. A short dash: not seen in what was read, which is not "
            "the same as no."
        ),
        words,
        _answers_table(book, answers),
        headline=_asked_in_vain(book, answers, names.get(book.agreement, ""))
        or _("{n} of {all} answers: {answer} in what was read").format(
            n=unseen, all=total, answer=labels["not-seen"]
        ),
        adapt=_slanted,
    )


def _asked_in_vain(book: Book, answers: pd.DataFrame, name: str) -> str:
    """The question that most other texts answer and the agreement, as far as read, does not."""
    mine = answers["treaty_id"] == book.agreement
    silent = answers.loc[mine & (answers["answer"] == "not-seen"), "asked"]
    told = answers[
        ~mine & answers["answer"].isin(["yes", "partly"]) & answers["asked"].isin(silent)
    ]
    if told.empty:
        return ""
    asked, number = next(iter(told["asked"].value_counts().items()))
    told = _("“{question}” {n} other texts have an answer; in {instrument} none was seen")
    return told.format(question=asked, n=number, instrument=name)


def _placed_answers(book: Book, names: pd.Series) -> pd.DataFrame:
    """The answers, question by question, each with its place in the grid and its words."""
    questions, answers = book.labels("question"), book.answers
    answers = answers.assign(
        asked=answers["question"].map(questions),
        said=answers["answer"].map(book.labels("answer")),
        x=answers["treaty_id"].map(names),
        y=[-list(questions).index(question) for question in answers["question"]],
        column=[names.index.get_loc(treaty) for treaty in answers["treaty_id"]],
        fill=answers["evidence"].map(style.FILLS),
    )
    told = answers[["x", "asked", "said", "detail"]].to_numpy()
    answers["hover"] = [f"<b>{x}</b> {q}<br>{a}<br>{detail}" for x, q, a, detail in told]
    return answers.sort_values(["y", "column"], ascending=[False, True])


def _answer_traces(answers: pd.DataFrame) -> list[go.Scatter]:
    seen = answers[answers["answer"] != "not-seen"]
    shapes = seen["answer"].map(ANSWER_SHAPES)
    marks = [
        _known_marks(part, fill, shape) for (shape, fill), part in seen.groupby([shapes, "fill"])
    ]
    said = {
        "circle": _("yes"),
        "triangle-up": _("partly"),
        "x": _("no: read, and it is not there"),
    }
    keys = [
        style.key(words, rank, symbol=shape)
        for rank, (shape, words) in enumerate(said.items(), -9)
        if shape in set(shapes)
    ]
    unseen = answers[answers["answer"] == "not-seen"]
    points = style.marks_of(
        unseen,
        name=_("not seen in what was read"),
        symbol="line-ew",
        size=UNSEEN,
        legendrank=0,
        customdata=[address("treaty", treaty) for treaty in unseen["treaty_id"]],
    )
    return [points, *marks, *keys, *style.evidence_keys(seen["evidence"])]


def _answers_table(book: Book, answers: pd.DataFrame) -> TableView:
    columns = {
        _("Question"): answers["asked"],
        _("Instrument"): answers["x"],
        _("Answer"): [answer_cell(book, answer) for answer in answers["answer"]],
        _("Detail"): answers["detail"],
        _("Evidence"): [evidence_cell(book, level) for level in answers["evidence"]],
    }
    filters = (_("Question"), _("Instrument"), _("Answer"))
    caption, frame = _("Answers of every instrument"), pd.DataFrame(columns)
    return TableView("question-grid-data", caption, frame, filters=filters, searchable=True)


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
    other, treaty = coded_instruments(book, (other, treaty or book.agreement))
    names = book.by_key("treaties", "short")
    spots = _topic_spots(book, [other, treaty]).set_index(["treaty_id", "topic"])
    known = spots["known"].to_dict()
    rows, words = [], known_words()
    for topic in book.labels("topic").values():
        firm = {key: known.get((key, topic), WEAK) != WEAK for key in (treaty, other)}
        if firm[treaty] != firm[other]:
            has, lacks = (treaty, other) if firm[treaty] else (other, treaty)
            lack = _lack(book, lacks, (lacks, topic) in known)
            rows.append((topic, names[has], words[known[has, topic]], lack))
    if not rows:
        told = _("{one} and {other} do not differ in their topics")
        raise WrongArgument(told.format(one=names[treaty], other=names[other]))
    caption = _("Topics that only one of {one} and {other} has, as far as known")
    caption = caption.format(one=names[treaty], other=names[other])
    columns = [_("Topic"), _("Had by"), _("How known there"), _("In the other")]
    return TableView("only-in-one", caption, pd.DataFrame(rows, columns=columns))


def _lack(book: Book, treaty: str, weak: bool) -> str:
    """Why a topic counts as missing in an instrument."""
    if weak:
        return _("subject only, or remembered")
    level = book.by_key("treaties", "evidence")[treaty]
    return _("not in it: read whole") if level == "text" else _("not seen in what was read")


@checked
def instruments(book: Book) -> TableView:
    """All instruments: what they are, what was read of them, what became of them."""
    treaties = book.treaties.sort_values("date", kind="stable")
    notes = treaties["date_note"] + " " + treaties["status_note"]
    columns = {
        _("Instrument"): treaties["title"],
        _("Short name"): treaties["short"],
        _("Signed"): [date_cell(date) for date in treaties["date"]],
        _("Between"): treaties["parties"].str.join(", "),
        _("Kind"): treaties["kind"],
        _("What was read"): treaties["text_read"],
        _("Evidence"): [evidence_cell(book, level) for level in treaties["evidence"]],
        _("What to know"): notes.str.strip(),
        _("Sources"): [sources_cell(keys) for keys in treaties["sources"]],
    }
    caption = _("The instruments of this book ({n})").format(n=len(treaties))
    row_ids = [anchor("treaty", key) for key in treaties["treaty_id"]]
    return TableView("instruments", caption, pd.DataFrame(columns), row_ids, searchable=True)


@checked
def other_clauses(book: Book) -> TableView:
    """Every coded clause of the other instruments, to be filtered by topic, burden, evidence."""
    coded = all_coded(book)
    coded = coded[coded["treaty_id"] != book.agreement]
    frame = in_words(book, coded).drop(columns=_("Kind of norm"))
    frame = frame.assign(**{_("Clause"): coded["short"] + ", " + coded["name"]})
    caption = _("Clauses of the other instruments, in our own words ({n} units)")
    caption = caption.format(n=len(frame))
    filters = (_("Instrument"), _("Topics"), _("Direction"), _("Evidence"))
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
    names = printed_names(book, "clauses")
    known = {key: names[key] for key in coded["clause_id"]}
    clause_id = known_key("clause", clause_id, known, "clauses.csv")
    topic = coded.set_index("clause_id").loc[clause_id, "main"]
    same = coded[coded["main"] == topic]
    links = [Cell(*clause_link(row)) for row in same.to_dict("records")]
    frame = in_words(book, same).assign(**{_("Clause"): links})
    caption = _("Clauses whose main topic is {topic}, in order of signature")
    caption = caption.format(topic=book.labels("topic")[topic])
    frame = frame[[_("Clause"), _("What it says"), _("Direction"), _("Evidence")]]
    return TableView("like-clauses", caption, frame)
