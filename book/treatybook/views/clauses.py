"""The agreement clause by clause: matrix, obligations, table, silences."""

from __future__ import annotations

from itertools import zip_longest

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import answer_cell, count_words, evidence_cell, sources_cell
from treatybook.display.content import Button, Cell, FigureView, TableView, linked
from treatybook.evidence.attestation import LEVELS, WEAK_LEVELS
from treatybook.evidence.errors import WrongArgument, checked, known_key, known_keys, nearest
from treatybook.evidence.identifiers import address, anchor, article_name
from treatybook.evidence.tables import SEPARATOR, Book

FIRST_CODER = "A"
FEW_BLOCKS = 4  # in a row; so few are wide enough on a phone for a name that is written out
WHOLE = "Whole"
TOPIC = 42  # height of a row of the matrix in CSS pixels: its name and its marks


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
    names, coders = book.labels("coder"), sorted(set(book.codings["coder"]))
    coder = known_key("coder", coder, {key: names.get(key, key) for key in coders})
    codings = book.codings[book.codings["coder"] == coder]
    joined = book.clauses.merge(codings, on="clause_id", validate="one_to_one")
    names = joined[["article", "paragraph"]].to_numpy()
    joined = joined.assign(
        main=joined["topics"].str[0],
        short=joined["treaty_id"].map(book.by_key("treaties", "short_en")),
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
        Key of the instrument; the agreement that the book is about if empty.

    Raises
    ------
    ValueError
        If there is no such instrument.
    """
    treaty = instrument_key(book, treaty or book.agreement)
    clauses = all_coded(book)
    found = clauses[clauses["treaty_id"] == treaty]
    if found.empty:
        known = sorted(set(clauses["treaty_id"]))
        raise WrongArgument(
            f"no clause of {treaty!r} was coded by {FIRST_CODER!r}; coded are: {', '.join(known)}"
            f"{nearest(treaty, known)}"
        )
    return found.reset_index(drop=True)


def instrument_key(book: Book, written: str) -> str:
    """The key of an instrument whose short or full name is written; else what is written."""
    names = {
        row["treaty_id"]: (row["short_en"], row["title_en"])
        for row in book.treaties.to_dict("records")
    }
    meant = [key for key, words in names.items() if written in (key, *words)]
    return meant[0] if len(meant) == 1 else written


def clause_link(clause: dict) -> tuple[str, str]:
    """Name of a row of :func:`all_coded` with its instrument, and its address."""
    return f"{clause['short']}, {clause['brief']}", address("clause", clause["clause_id"])


def clause_title(book: Book, clause: dict) -> str:
    """Name of a row of ``clauses`` with its instrument in prose: ``Urga 1912, the preamble``."""
    treaty = book.rows("treaties")[clause["treaty_id"]]["short_en"]
    return f"{treaty}, {article_name(clause['article'], clause['paragraph'])}"


def short_name(article: str, paragraph: str) -> str:
    """Name of a clause on an axis: ``Preamble``, ``3(1)``, ``4``."""
    name = article_name(article, paragraph).removeprefix("Article ").removeprefix("the ")
    return name.capitalize()


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
        "Clause": clauses["name"].str.capitalize(),
        "Instrument": clauses["short"],
        "What it says": clauses["digest_en"],
        "Topics": [SEPARATOR.join(topics[key] for key in keys) for keys in clauses["topics"]],
        "Direction": clauses["direction"].map(book.labels("direction")),
        "Kind of norm": clauses["clause_type"].map(book.labels("clause_type")),
        "Evidence": [evidence_cell(book, level) for level in clauses["evidence"]],
        "Sources": [sources_cell(keys) for keys in clauses["sources"]],
    }
    return pd.DataFrame(columns)


@checked
def clause_matrix(book: Book, treaty: str = "") -> FigureView:
    """Articles by topics; the symbol and colour of a mark are the level of evidence.

    Returns
    -------
    FigureView
        One mark per clause and topic; the main topic of a clause is the larger mark.
    """
    clauses = coded(book, treaty)
    labels, levels = book.labels("topic"), book.labels("evidence")
    marks = clauses.explode("topics")
    topics = [topic for topic in labels if topic in set(marks["topics"])]
    marks = marks.assign(
        topic=marks["topics"].map(labels),
        main=~marks.index.duplicated(),
        x=marks["brief"],
        y=[-topics.index(topic) for topic in marks["topics"]],
    )
    said = marks["topic"] + "<br>" + marks["evidence"].map(levels)
    marks["hover"] = "<b>" + marks["brief"] + "</b> " + said
    parts = {level: marks[marks["evidence"] == level] for level in levels}
    drawn = {level: part for level, part in parts.items() if len(part)}
    traces = [
        style.marks_of(
            part,
            name=levels[level],
            symbol=style.EVIDENCE_SYMBOLS[level] + "-open" * (level in WEAK_LEVELS),
            size=[14 if main else 8 for main in part["main"]],
            colour=style.EVIDENCE_COLOURS[level],
        )
        for level, part in drawn.items()
    ]
    plot = style.figure(
        traces,
        height=140 + TOPIC * len(topics),
        # A column stays when a button takes its marks away: an empty one says something.
        xaxis={**style.columns(list(marks["brief"].unique())), "tickfont": {"size": style.SIZE}},
        **style.named_rows([labels[topic] for topic in topics], 0.9, 0.45, 0.34),
        margin={"l": 8, "r": 8, "t": 70, "b": 80},
    )
    main = marks[marks["main"]]["topic"].value_counts()
    words = (
        f"{len(clauses)} clauses carry {len(marks)} topic labels on {len(topics)} topics. "
        f"Main topics: {', '.join(f'{t} ({n})' for t, n in main.items())}. "
        f"Clauses by evidence: {count_words(clauses['evidence'], levels)}."
    )
    columns = {
        "Clause": marks["brief"],
        "Topic": marks["topic"],
        "Main topic": marks["main"].map({True: "yes", False: "no"}),
        "Evidence": [evidence_cell(book, level) for level in marks["evidence"]],
    }
    caption = (
        "What the clauses are about. A large mark is the main topic of a clause, a small one a "
        "further topic. The shape and colour of a mark show how far the clause was read."
    )
    # The buttons take away the weakest evidence first.
    sure = [level for level in LEVELS if level not in WEAK_LEVELS]
    kept = {"everything": LEVELS, "read or reported": sure, "read": ("text", "text-part")}
    buttons = [Button(k, data={"visible": [d in v for d in drawn]}) for k, v in kept.items()]
    frame = pd.DataFrame(columns)
    table = TableView("clause-matrix-data", "Topics of each clause, first coder", frame)
    return FigureView("clause-matrix", plot, caption, words, table, buttons)


@checked
def obligations(book: Book, treaty: str = "") -> FigureView:
    """Who owes whom: one block per clause, stacked by direction.

    Blocks at the levels ``topic`` and ``unverified`` are hollow and left out of the counts
    in the words, because nobody here has read what they oblige.
    """
    clauses = coded(book, treaty)
    clauses = clauses.assign(weak=clauses["evidence"].isin(WEAK_LEVELS))
    labels, levels = book.labels("direction"), book.labels("evidence")
    groups = clauses.sort_values(["weak", "position"]).groupby("direction")
    used = [key for key in labels if key in groups.groups]
    rows = {key: groups.get_group(key).to_dict("records") for key in used}
    written_out = max(map(len, rows.values())) <= FEW_BLOCKS
    traces, names = [], []
    for place, blocks in enumerate(zip_longest(*rows.values())):
        traces.append(_block_trace(blocks, levels))
        # As annotations they take the text colour of the theme.
        names += [
            {"text": _block_name(c, written_out), "x": place + 0.5, "y": -y, "showarrow": False}
            for y, c in enumerate(blocks)
            if c
        ]
    heads = [style.row_name(f"<b>{labels[key]}</b>", 0.44 - y) for y, key in enumerate(rows)]
    plot = style.figure(
        traces,
        height=90 + 76 * len(rows),
        barmode="stack",
        showlegend=False,
        xaxis={"title": {"text": "number of clauses"}, "dtick": 1, "fixedrange": True},
        yaxis=style.rows(-len(rows) + 0.5, 0.7),
        annotations=heads + names,
    )
    sure = clauses[~clauses["weak"]]
    counted = sure["direction"].value_counts()
    words = (
        f"Of {len(clauses)} clauses, {len(sure)} are known from the text or from a named source: "
        + ", ".join(f"{counted.get(key, 0)} {labels[key]}" for key in rows)
        + "."
    )
    caption = "Who owes whom. One block is one clause, and names its article."
    if others := len(clauses) - len(sure):
        are = "is" if others == 1 else "are"
        words += f" The other {others}, drawn hollow, {are} known only by subject or not at all."
        caption += " A hollow block, without a tint, is known by its subject only, or not at all."
    frame = in_words(book, clauses).assign(Clause=clauses["brief"])
    frame = frame[["Clause", "Direction", "Kind of norm", "Evidence"]]
    table = TableView("obligations-data", "Direction of each clause, first coder", frame)
    return FigureView("obligations", plot, caption, words, table)


def _block_trace(blocks: tuple[dict | None, ...], levels: dict[str, str]) -> go.Bar:
    """One block of each direction; a direction that has no further clause has none."""
    colours = [style.EVIDENCE_COLOURS[c["evidence"]] if c else style.NEUTRAL for c in blocks]
    return go.Bar(
        orientation="h",
        y=[-y for y in range(len(blocks))],
        width=0.55,
        x=[1 if c else 0 for c in blocks],
        hovertext=[f"{c['digest_en']}<br>{levels[c['evidence']]}" if c else "" for c in blocks],
        hoverinfo="text",
        marker={
            "color": [
                style.HOLLOW if c and c["weak"] else style.faint(colour)
                for c, colour in zip(blocks, colours, strict=True)
            ],
            "line": {"color": colours, "width": [2 if c else 0 for c in blocks]},
        },
    )


def _block_name(clause: dict, written_out: bool) -> str:
    """Name of a clause; a bare number in a block would pass for a count where there is room."""
    if not written_out:
        return clause["brief"].replace("Preamble", "Pr.")
    return f"Art. {clause['brief']}" if clause["brief"][0].isdigit() else clause["brief"]


def _linked_events(book: Book) -> dict[str, Cell]:
    """Events that belong to each clause, with how they belong to it."""
    titles, relations = book.by_key("events", "title_en"), book.labels("relation")
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
    frame = in_words(book, clauses).drop(columns=["Instrument", "Kind of norm"])
    place = frame.columns.get_loc("Sources")
    frame.insert(place, "Not checked", clauses["unverified_part"])
    frame.insert(place + 1, "Events", [events.get(key, "") for key in clauses["clause_id"]])
    frame.insert(place + 2, "Like clauses", [like.get(key, "") for key in clauses["main"]])
    caption = f"Clauses of the agreement, in our own words ({len(frame)} units)"
    return listed("clause-table", caption, frame, clauses, ("Topics", "Direction", "Evidence"))


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
        lists={"Topics": list(frame["Topics"].str.split(SEPARATOR))},
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
        asked = known_keys("clause", clause_ids, names, "clauses.csv")
        points = points[points["clause_id"].isin(asked)]
    columns = {
        "Point": points["point"],
        "Clause": points["clause_id"].map({"": WHOLE, **names}),
        "Evidence": [evidence_cell(book, level) for level in points["evidence"]],
        "Sources": [sources_cell(keys) for keys in points["sources"]],
    }
    caption, frame = "Point by point: which words rest on what", pd.DataFrame(columns)
    return TableView("point-table", caption, frame, filters=("Clause", "Evidence"), searchable=True)


@checked
def point_levels(book: Book) -> FigureView:
    """How well each article is known: its points, stacked by level of evidence."""
    names = dict(coded(book)[["clause_id", "brief"]].to_numpy()) | {"": WHOLE}
    points = book.points
    counted = pd.crosstab(points["clause_id"].map(names), points["evidence"])
    labels = {k: v for k, v in book.labels("evidence").items() if k in counted.columns}
    counted = counted.loc[[name for name in names.values() if name in counted.index], list(labels)]
    traces = [_level_bars(counted[level], level, label) for level, label in labels.items()]
    plot = style.figure(
        traces,
        height=380,
        barmode="stack",
        xaxis={"type": "category", "fixedrange": True, "tickangle": -60},
        yaxis={"title": {"text": "points"}, "fixedrange": True},
        margin={"b": 110},
    )
    words = f"{len(points)} points of the agreement: {count_words(points['evidence'], labels)}."
    frame = counted.rename(columns=labels).rename_axis("Clause").reset_index()
    table = TableView("point-levels-data", "Points of each clause by level of evidence", frame)
    caption = (
        "How far each article is known: its points by level of evidence. The column "
        f"{WHOLE} holds the points that are about the agreement and not about one article."
    )
    return FigureView("point-levels", plot, caption, words, table)


def _level_bars(counted: pd.Series, level: str, label: str) -> go.Bar:
    """Points of each article at one level, hatched with white where the level is not weak."""
    colour, numbers = style.EVIDENCE_COLOURS[level], counted.to_list()
    filled = {} if level in WEAK_LEVELS else {"fillmode": "overlay", "fgcolor": "#ffffff"}
    return go.Bar(
        x=list(counted.index),
        y=numbers,
        name=label,
        marker={
            "color": colour,
            "line": {"color": colour, "width": [1.5 if number else 0 for number in numbers]},
            "pattern": {"shape": style.EVIDENCE_PATTERNS[level], "size": 7, **filled},
        },
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
    question = known_key("question", question, questions)
    answers = book.answers[book.answers["question"] == question]
    answers = answers.merge(book.treaties[["treaty_id", "short_en", "date"]]).sort_values("date")
    columns = {
        "Instrument": answers["short_en"],
        "Signed": [Cell(str(d), sort=d.earliest.isoformat()) for d in answers["date"]],
        "Answer": [answer_cell(book, answer) for answer in answers["answer"]],
        "Detail": answers["detail"],
        "Evidence": [evidence_cell(book, level) for level in answers["evidence"]],
    }
    caption = f"{questions[question]} What each instrument says"
    return TableView(f"answers-{question}", caption, pd.DataFrame(columns))
