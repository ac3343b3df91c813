"""The agreement clause by clause: matrix, obligations, table, silences."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import (
    answer_cell,
    count_words,
    evidence_cell,
    sources_cell,
    yes_or_no,
)
from treatybook.display.content import Button, Cell, FigureView, TableView, linked
from treatybook.evidence.attestation import LEVELS, WEAK_LEVELS
from treatybook.evidence.errors import checked, known_key, known_keys
from treatybook.evidence.identifiers import (
    address,
    anchor,
    article_name,
    bare_name,
    label_names,
    printed_names,
)
from treatybook.evidence.tables import SEPARATOR, Book
from treatybook.evidence.wording import _, plural

FIRST_CODER = "A"
FEW_BLOCKS = 4  # in a row; so few are wide enough on a phone for a name that is written out
BLOCKS = 8  # in a line, so that a number has room below each on a phone
BLOCK_LINE = 60  # height of such a line in CSS pixels
TOPIC = 28  # height of a row of the matrix in CSS pixels: its name and its marks
LONGEST_NAME = 8  # characters of a column's name that leave room for the next one
MANY_CLAUSES = 24  # columns of the matrix, too narrow for a name each
MOST_TOPICS = 17  # rows of the matrix that a phone shows at once


@checked
def all_coded(book: Book, coder: str = FIRST_CODER) -> pd.DataFrame:
    """Clauses of all instruments with one coder's labels, in order of signature.

    Parameters
    ----------
    book : Book
        The tables.
    coder : str
        The coder whose labels are taken.

    Returns
    -------
    pandas.DataFrame
        The columns of ``clauses`` and ``codings``; also ``main`` (the main topic), ``short``
        and ``signed`` of the instrument, ``name`` (as :func:`article_name`) and ``brief`` (as
        :func:`short_name`).

    Raises
    ------
    ValueError
        If nobody of that name coded.
    """
    names, coders = label_names(book, "coder"), sorted(set(book.codings["coder"]))
    coder = known_key("coder", coder, {key: names.get(key, key) for key in coders})
    codings = book.codings[book.codings["coder"] == coder]
    joined = book.clauses.merge(codings, on="clause_id", validate="one_to_one")
    names = joined[["article", "paragraph"]].to_numpy()
    joined = joined.assign(
        main=joined["topics"].str[0],
        short=joined["treaty_id"].map(book.by_key("treaties", "short")),
        signed=joined["treaty_id"].map(book.by_key("treaties", "date")),
        name=[article_name(*name) for name in names],
        brief=[short_name(*name) for name in names],
    )
    return joined.sort_values(["signed", "treaty_id", "position"], kind="stable", ignore_index=True)


@checked
def coded(book: Book, treaty: str = "") -> pd.DataFrame:
    """Clauses of one instrument, as :func:`all_coded` gives them.

    Parameters
    ----------
    book : Book
        The tables.
    treaty : str
        Key or name of the instrument; the agreement that the book is about if empty.

    Raises
    ------
    WrongArgument
        If there is no such instrument, or none of its clauses was coded.
    """
    treaty = coded_instruments(book, treaty or book.agreement)[0]
    clauses = all_coded(book)
    return clauses[clauses["treaty_id"] == treaty].reset_index(drop=True)


def coded_instruments(book: Book, written: str | tuple[str, ...]) -> tuple[str, ...]:
    """Keys of coded instruments, written by key or name; WrongArgument if one was not coded."""
    names = printed_names(book, "treaties")
    keys = sorted(set(all_coded(book)["treaty_id"]))
    return known_keys("coded instrument", written, {key: names.get(key) for key in keys})


def clause_link(clause: dict) -> tuple[str, str]:
    """Name of a row of :func:`all_coded` with its instrument, and its address."""
    words = f"{clause['short']}, {clause['brief']}"
    return words, address("clause", clause["clause_id"])


def clause_title(book: Book, clause: dict) -> str:
    """Name of a row of ``clauses`` with its instrument in prose: ``Urga 1912, the preamble``."""
    treaty = book.rows("treaties")[clause["treaty_id"]]["short"]
    return f"{treaty}, {article_name(clause['article'], clause['paragraph'])}"


def short_name(article: str, paragraph: str) -> str:
    """Name of a clause on an axis: ``Preamble``, ``3(1)``, ``4``."""
    return bare_name(article, paragraph).capitalize()


@checked
def in_words(book: Book, clauses: pd.DataFrame) -> pd.DataFrame:
    """Rows of :func:`all_coded` as tables show them.

    Returns
    -------
    pandas.DataFrame
        Columns: Clause, Instrument, What it says, Topics, Direction, Kind of norm, Evidence,
        Sources.
    """
    topics = book.labels("topic")
    columns = {
        _("Clause"): clauses["name"].str.capitalize(),
        _("Instrument"): clauses["short"],
        _("What it says"): clauses["digest"],
        _("Topics"): [SEPARATOR.join(topics[key] for key in keys) for keys in clauses["topics"]],
        _("Direction"): clauses["direction"].map(book.labels("direction")),
        _("Kind of norm"): clauses["clause_type"].map(book.labels("clause_type")),
        _("Evidence"): [evidence_cell(book, level) for level in clauses["evidence"]],
        _("Sources"): [sources_cell(keys) for keys in clauses["sources"]],
    }
    return pd.DataFrame(columns)


@checked
def clause_matrix(book: Book, treaty: str = "") -> FigureView:
    """Articles by topics; the fill of a mark is the level of evidence of its clause.

    Topics stand in the order in which the clauses come to them; those after the first
    ``MOST_TOPICS`` stand in the table only.

    Returns
    -------
    FigureView
        One mark per clause and topic; the main topic of a clause is the larger mark.
    """
    clauses = coded(book, treaty)
    marks = _topic_marks(book, clauses)
    topics = list(marks["topic"].unique())
    drawn = marks[-marks["y"] < MOST_TOPICS]
    rows = topics[:MOST_TOPICS]
    fills = [fill for fill in style.MARK_FILLS if fill in set(drawn["fill"])]
    plot = style.figure(
        [_fill_marks(drawn[drawn["fill"] == fill], fill) for fill in fills],
        height=76 + TOPIC * len(rows),
        # A column stays when a button takes its marks away: an empty one says something.
        xaxis=_clause_names(list(marks["brief"].unique())),
        **style.named_rows(rows, 0.95, 0.5, 0.25),
        margin={"l": 8, "r": 8, "t": 64, "b": 8},
    )
    caption = _(
        "What the clauses are about. A large mark is the main topic of a clause, a small one a "
        "further topic; its fill says how far the clause was read."
    )
    if len(topics) > len(rows):
        more = _("Drawn are the first {n} topics; the table has all {all}.")
        caption += " " + more.format(n=len(rows), all=len(topics))
    # The buttons take away the weakest evidence first.
    kept = {
        _("everything"): fills,
        _("read or reported"): (style.READ, style.REPORTED),
        _("read"): (style.READ,),
    }
    buttons = [Button(k, data={"visible": [fill in v for fill in fills]}) for k, v in kept.items()]
    return FigureView(
        "clause-matrix",
        plot,
        caption,
        _matrix_words(book, clauses, marks),
        _matrix_table(book, marks),
        buttons,
        headline=_topics_read(marks),
        adapt=_low_names,
    )


def _clause_names(names: list[str]) -> dict:
    """Columns of clauses; where they are many, only every second one bears its name."""
    return style.columns(names) | {"dtick": 1 + len(names) // MANY_CLAUSES}


def _low_names(plot: go.Figure) -> None:
    """Names of columns that are level on a wide page need less room; long ones stay slanted."""
    if max(map(len, plot.layout.xaxis.categoryarray)) > LONGEST_NAME:
        plot.update_xaxes(tickangle=-60)
    else:
        plot.update_layout(margin_t=30)


def _topic_marks(book: Book, clauses: pd.DataFrame) -> pd.DataFrame:
    """One row per clause and topic: where it stands, whether it is the main topic, its fill."""
    marks = clauses.explode("topics")
    topics = list(marks["topics"].unique())
    marks = marks.assign(
        topic=marks["topics"].map(book.labels("topic")),
        main=~marks.index.duplicated(),
        fill=marks["evidence"].map(style.FILLS),
        x=marks["brief"],
        y=[-topics.index(topic) for topic in marks["topics"]],
    )
    said = marks["topic"] + "<br>" + marks["evidence"].map(book.labels("evidence"))
    return marks.assign(hover="<b>" + marks["brief"] + "</b> " + said)


def _fill_marks(marks: pd.DataFrame, fill: str) -> go.Scatter:
    return style.marks_of(
        marks,
        name=style.fill_words(fill),
        symbol="circle" + style.MARK_FILLS[fill],
        size=[12 if main else 8 for main in marks["main"]],
        customdata=[address("clause", key) for key in marks["clause_id"]],
    )


def _topics_read(marks: pd.DataFrame) -> str:
    """How many of the topics stand in a clause that was read, as a headline."""
    topics, read = marks["topic"].nunique(), marks[marks["fill"] == style.READ]["topic"].nunique()
    if read == topics:
        return _("All {n} topics stand in a clause that was read").format(n=topics)
    told = _("Only {n} of {all} topics stand in a clause that was read")
    return told.format(n=read, all=topics)


def _matrix_words(book: Book, clauses: pd.DataFrame, marks: pd.DataFrame) -> str:
    read = marks[marks["fill"] == style.READ]
    parts = [
        _("What was read is about {n} topics.").format(n=read["topic"].nunique()),
    ]
    if len(read):
        parts.append(_("They are {topics}.").format(topics=", ".join(read["topic"].unique())))
    told = _("{clauses} clauses carry {labels} topic labels on {topics} topics.")
    numbers = {"clauses": len(clauses), "labels": len(marks), "topics": marks["topic"].nunique()}
    parts.append(told.format(**numbers))
    main = marks[marks["main"]]["topic"].value_counts()
    named = ", ".join(f"{topic} ({number})" for topic, number in main.items())
    parts.append(_("Main topics: {topics}.").format(topics=named))
    levels = count_words(clauses["evidence"], book.labels("evidence"))
    return " ".join([*parts, _("Clauses by evidence: {levels}.").format(levels=levels)])


def _matrix_table(book: Book, marks: pd.DataFrame) -> TableView:
    columns = {
        _("Clause"): marks["brief"],
        _("Topic"): marks["topic"],
        _("Main topic"): yes_or_no(marks["main"]),
        _("Evidence"): [evidence_cell(book, level) for level in marks["evidence"]],
    }
    caption = _("Topics of each clause, first coder")
    return TableView("clause-matrix-data", caption, pd.DataFrame(columns))


@checked
def obligations(book: Book, treaty: str = "") -> FigureView:
    """Who owes whom: one block per clause, in rows by direction.

    The colour of a block is the party that the clause binds, its fill the level of evidence.
    Blocks at the levels ``topic`` and ``unverified`` are left out of the counts in headline and
    words, because nobody here has read what they oblige.
    """
    clauses = coded(book, treaty)
    clauses = clauses.assign(weak=clauses["evidence"].isin(WEAK_LEVELS))
    labels = book.labels("direction")
    blocks, heads = _blocks(book, clauses)
    lines = 1 - int(blocks["y"].min())
    few = clauses["direction"].value_counts().max() <= FEW_BLOCKS
    plot = style.figure(
        [
            _block_marks(blocks, few),
            *bound_keys(book, blocks["party"]),
            *style.evidence_keys(blocks["evidence"], "square"),
        ],
        height=16 + BLOCK_LINE * lines,
        xaxis={"range": [0.3, BLOCKS + 0.7], "visible": False, "fixedrange": True},
        yaxis=style.rows(0.38 - lines, 0.72),
        annotations=[style.row_name(f"<b>{labels[key]}</b>", 0.42 + y) for key, y in heads.items()],
        margin={"l": 8, "r": 8, "t": 4, "b": 4},
    )
    caption = _(
        "Whom each article binds. One block is one clause; the number is that of its article."
    )
    caption += "" if few else " " + _("Pr. is the preamble.")
    frame = in_words(book, clauses).assign(**{_("Clause"): clauses["brief"]})
    frame = frame[[_("Clause"), _("Direction"), _("Kind of norm"), _("Evidence")]]
    return FigureView(
        "obligations",
        plot,
        caption,
        _obliging_words(clauses, labels),
        TableView("obligations-data", _("Direction of each clause, first coder"), frame),
        headline=_who_is_bound(clauses[~clauses["weak"]], labels),
    )


def _blocks(book: Book, clauses: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    """The clauses with their places, best known first, and the first line of each direction."""
    order = [key for key in book.labels("direction") if key in set(clauses["direction"])]
    rank = clauses["evidence"].map(LEVELS.index)
    clauses = clauses.assign(rank=rank).sort_values(["rank", "position"])
    place = clauses.groupby("direction").cumcount()
    lines = -(-clauses["direction"].value_counts() // BLOCKS)
    heads = dict(zip(order, [0, *(-lines[order]).cumsum()], strict=False))
    levels = book.labels("evidence")
    found = clauses.assign(
        x=place % BLOCKS + 1,
        y=clauses["direction"].map(heads) - place // BLOCKS,
        party=clauses["direction"].map(book.parties("direction")),
        hover=clauses["digest"] + "<br>" + clauses["evidence"].map(levels),
    )
    return found, heads


def _block_marks(blocks: pd.DataFrame, few: bool) -> go.Scatter:
    return style.marks_of(
        blocks,
        symbol=[style.filled(level, "square") for level in blocks["evidence"]],
        size=22,
        colour=list(blocks["party"].map(style.party_colour)),
        mode="markers+text",
        text=[_block_name(name, few) for name in blocks["brief"]],
        textposition="bottom center",
        textfont={"size": style.SMALL},
        customdata=[address("clause", key) for key in blocks["clause_id"]],
    )


def _block_name(name: str, few: bool) -> str:
    """Name of a clause; a bare number would pass for a count where there is room."""
    if not few:
        return name.replace(_("Preamble"), _("Pr."))
    return _("Art. {number}").format(number=name) if name[0].isdigit() else name


@checked
def bound_keys(book: Book, parties: Iterable[str]) -> list[go.Scatter]:
    """Entries of the legend for the parties that clauses bind; one entry for no single one."""
    names = {party: power for power, party in book.parties("power").items()}
    powers, found = book.labels("power"), set(parties)
    named = [
        style.key(
            _("binds {power}").format(power=powers[names[party]]),
            rank,
            symbol="square",
            color=colour,
        )
        for rank, (party, colour) in enumerate(style.PARTY_COLOURS.items(), -9)
        if party in found and party in names
    ]
    other = style.key(_("binds all sides, another state or nobody"), 0, symbol="square")
    return [*named, *[other] * ("" in found and bool(named))]


def _who_is_bound(known: pd.DataFrame, labels: dict[str, str]) -> str:
    """How many of the known clauses bind all sides, and how many which one, as a headline."""
    counted = known["direction"].value_counts()
    told = _("{direction} in {n}")
    one_sided = [
        told.format(direction=labels[key], n=n) for key, n in counted.items() if "->" in key
    ][:2]
    said = _("{n} of {all} known clauses bind all sides alike")
    said = said.format(n=counted.get("mutual", 0), all=len(known))
    return "; ".join([said, ", ".join(one_sided)] if one_sided else [said])


def _obliging_words(clauses: pd.DataFrame, labels: dict[str, str]) -> str:
    known = clauses[~clauses["weak"]]
    counted = known["direction"].value_counts()
    used = [key for key in labels if key in set(clauses["direction"])]
    told = _("Of {all} clauses, {n} are known from the text or from a named source: {directions}.")
    number = _("{n} {label}")
    directions = ", ".join(number.format(n=counted.get(key, 0), label=labels[key]) for key in used)
    words = told.format(all=len(clauses), n=len(known), directions=directions)
    if others := len(clauses) - len(known):
        words += " " + plural(
            "The other {n}, drawn hollow, is known only by subject or not at all.",
            "The other {n}, drawn hollow, are known only by subject or not at all.",
            others,
        )
    return words


def _linked_events(book: Book) -> dict[str, Cell]:
    """Events that belong to each clause, with how they belong to it."""
    titles, relations = book.by_key("events", "title"), book.labels("relation")
    found: dict[str, list[tuple[str, str]]] = {}
    for link in book.links.to_dict("records"):
        words = f"{relations[link['relation']]}: {titles[link['event_id']]}"
        found.setdefault(link["clause_id"], []).append((words, address("event", link["event_id"])))
    return {clause: linked(links) for clause, links in found.items()}


def _like_clauses(book: Book, treaty: str) -> dict[str, Cell]:
    """For each main topic, the clauses of other instruments that have it, in order of signature."""
    clauses = all_coded(book)
    others = clauses[clauses["treaty_id"] != treaty]
    return {
        topic: linked(clause_link(row) for row in rows.to_dict("records"))
        for topic, rows in others.groupby("main")
    }


@checked
def clause_table(book: Book, treaty: str = "") -> TableView:
    """The articles in our own words, with topic, direction, evidence and what is not checked.

    Like clauses are those of other instruments that the first coder gave the same main topic.

    Returns
    -------
    TableView
        Columns: Clause, What it says, Topics, Direction, Evidence, Not checked, Events,
        Like clauses, Sources.
    """
    clauses = coded(book, treaty)
    events, like = _linked_events(book), _like_clauses(book, treaty or book.agreement)
    frame = in_words(book, clauses).drop(columns=[_("Instrument"), _("Kind of norm")])
    place = frame.columns.get_loc(_("Sources"))
    frame.insert(place, _("Not checked"), clauses["unverified_part"])
    frame.insert(place + 1, _("Events"), [events.get(key, "") for key in clauses["clause_id"]])
    frame.insert(place + 2, _("Like clauses"), [like.get(key, "") for key in clauses["main"]])
    caption = _("Clauses of the agreement, in our own words ({n} units)").format(n=len(frame))
    filters = (_("Topics"), _("Direction"), _("Evidence"))
    return listed("clause-table", caption, frame, clauses, filters)


def listed(
    name: str, caption: str, frame: pd.DataFrame, clauses: pd.DataFrame, filters: tuple[str, ...]
) -> TableView:
    """A table of clauses to be searched, each with its anchor, from :func:`in_words`.

    Parameters
    ----------
    name, caption, frame, filters
        Those of the table; Topics must be a column.
    clauses : pandas.DataFrame
        The rows of :func:`all_coded` that it shows.
    """
    return TableView(
        name,
        caption,
        frame,
        row_ids=[anchor("clause", key) for key in clauses["clause_id"]],
        filters=filters,
        searchable=True,
        lists={_("Topics"): list(frame[_("Topics")].str.split(SEPARATOR))},
    )


@checked
def point_table(book: Book, clause_ids: str | tuple[str, ...] | None = None) -> TableView:
    """Single points of the 1921 agreement, each with its own level of evidence.

    Parameters
    ----------
    book : Book
        The tables.
    clause_ids : str or tuple of str, optional
        Only the points of this clause or these clauses.

    Raises
    ------
    WrongArgument
        If there is no such clause; the message names the nearest.
    """
    names = {
        key: article_name(row["article"], row["paragraph"]).capitalize()
        for key, row in book.rows("clauses").items()
    }
    points = book.points
    if clause_ids is not None:
        asked = known_keys("clause", clause_ids, printed_names(book, "clauses"), "clauses.csv")
        points = points[points["clause_id"].isin(asked)]
    columns = {
        _("Point"): points["point"],
        _("Clause"): points["clause_id"].map({"": whole(), **names}),
        _("Evidence"): [evidence_cell(book, level) for level in points["evidence"]],
        _("Sources"): [sources_cell(keys) for keys in points["sources"]],
    }
    caption, frame = _("Point by point: which words rest on what"), pd.DataFrame(columns)
    filters = (_("Clause"), _("Evidence"))
    return TableView("point-table", caption, frame, filters=filters, searchable=True)


@checked
def whole() -> str:
    """Where points stand that are about the agreement and not about one article."""
    return _("Whole")


@checked
def point_levels(book: Book) -> FigureView:
    """How well each article is known: its points, stacked by how far they are known."""
    keys = dict(coded(book)[["brief", "clause_id"]].to_numpy()) | {whole(): ""}
    points = book.points
    names = points["clause_id"].map({key: name for name, key in keys.items()})
    counted = pd.crosstab(names, points["evidence"].map(style.FILLS))
    fills = [fill for fill in style.MARK_FILLS if fill in counted.columns]
    counted = counted.loc[[name for name in keys if name in counted.index], fills]
    plot = style.figure(
        [_point_bars(counted[fill], fill, keys) for fill in fills],
        height=340,
        barmode="stack",
        xaxis={"type": "category", "fixedrange": True, "tickangle": -60, "tickfont_size": 12},
        yaxis={"title": {"text": _("points")}, "fixedrange": True},
        margin={"b": 70},
    )
    read = int(counted.get(style.READ, pd.Series(dtype=int)).sum())
    words = _(
        "{n} points rest on the text, and {others} on reports or on nothing. "
        "{all} points of the agreement: {levels}."
    ).format(
        n=read,
        others=len(points) - read,
        all=len(points),
        levels=count_words(points["evidence"], book.labels("evidence")),
    )
    frame = counted.rename(columns=style.fill_words).rename_axis(_("Clause"))
    frame = frame.rename_axis(None, axis="columns").reset_index()
    caption = _(
        "How far each article is known: its points, one above the other. The column "
        "{whole} holds the points that are about the agreement and not about one article."
    ).format(whole=whole())
    return FigureView(
        "point-levels",
        plot,
        caption,
        words,
        TableView("point-levels-data", _("Points of each clause by how far they are known"), frame),
        headline=_("Only {n} of {all} points rest on the text itself").format(
            n=read, all=len(points)
        ),
    )


def _point_bars(counted: pd.Series, fill: str, keys: dict[str, str]) -> go.Bar:
    """Points of each article that are known so far, each bar leading to its clause."""
    look = style.bar_look(next(k for k, v in style.FILLS.items() if v == fill), style.NEUTRAL)
    numbers = counted.to_list()
    return go.Bar(
        x=list(counted.index),
        y=numbers,
        name=style.fill_words(fill),
        marker=look | {"line": {**look["line"], "width": [2 if n else 0 for n in numbers]}},
        hovertext=[f"{name}: {n} {style.fill_words(fill)}" for name, n in counted.items()],
        hoverinfo="text",
        customdata=[keys[name] and address("clause", keys[name]) for name in counted.index],
    )


@checked
def answers_table(book: Book, question: str) -> TableView:
    """What each instrument says to one question; "not seen" is kept apart from "no".

    Raises
    ------
    ValueError
        If the question is not in the codebook.
    """
    questions = book.labels("question")
    question = known_key("question", question, label_names(book, "question"))
    answers = book.answers[book.answers["question"] == question]
    answers = answers.merge(book.treaties[["treaty_id", "short", "date"]]).sort_values("date")
    columns = {
        _("Instrument"): answers["short"],
        _("Signed"): [Cell(str(d), sort=d.earliest.isoformat()) for d in answers["date"]],
        _("Answer"): [answer_cell(book, answer) for answer in answers["answer"]],
        _("Detail"): answers["detail"],
        _("Evidence"): [evidence_cell(book, level) for level in answers["evidence"]],
    }
    caption = _("{question} What each instrument says").format(question=questions[question])
    return TableView(f"answers-{question}", caption, pd.DataFrame(columns))
