"""The agreement clause by clause: matrix, obligations, table, silences."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import count_words, evidence_cell, sources_cell
from treatybook.display.content import Button, Cell, FigureView, TableView, linked
from treatybook.evidence.attestation import WEAK_LEVELS
from treatybook.evidence.errors import WrongArgument, known_key, known_keys, nearest
from treatybook.evidence.identifiers import address, anchor, article_name
from treatybook.evidence.tables import Book

FIRST_CODER = "A"
FEW_BLOCKS = 4  # in a row; so few are wide enough on a phone for a name that is written out
WHOLE = "Whole"
TOPIC = 42  # height of a row of the matrix in CSS pixels: its name and its marks


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
        The columns of ``clauses`` and ``codings``; also ``main`` (the main topic), and
        ``short`` and ``signed`` of the instrument.

    Raises
    ------
    ValueError
        If nobody of that name coded.
    """
    known_key("coder", coder, sorted(set(book.codings["coder"])))
    codings = book.codings[book.codings["coder"] == coder]
    treaties = book.treaties.set_index("treaty_id")
    joined = book.clauses.merge(codings, on="clause_id", validate="one_to_one")
    joined = joined.assign(
        main=joined["topics"].str[0],
        short=joined["treaty_id"].map(treaties["short_en"]),
        signed=joined["treaty_id"].map(treaties["date"]),
    )
    return joined.sort_values(["signed", "treaty_id", "position"], kind="stable", ignore_index=True)


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
    treaty = treaty or book.agreement
    clauses = all_coded(book)
    found = clauses[clauses["treaty_id"] == treaty]
    if found.empty:
        known = sorted(set(clauses["treaty_id"]))
        raise WrongArgument(
            f"no clause of {treaty!r} was coded by {FIRST_CODER!r}; coded are: {', '.join(known)}"
            f"{nearest(treaty, known)}"
        )
    return found.reset_index(drop=True)


def clause_link(clause: dict) -> tuple[str, str]:
    """Name of a row of :func:`all_coded` with its instrument, and its address."""
    name = f"{clause['short']}, {short_name(clause['article'], clause['paragraph'])}"
    return name, address("clause", clause["clause_id"])


def clause_title(book: Book, clause: dict) -> str:
    """Name of a row of ``clauses`` with its instrument in prose: ``Urga 1912, the preamble``."""
    names = dict(zip(book.treaties["treaty_id"], book.treaties["short_en"], strict=True))
    return f"{names[clause['treaty_id']]}, {article_name(clause['article'], clause['paragraph'])}"


def short_name(article: str, paragraph: str) -> str:
    """Name of a clause on an axis: ``Preamble``, ``3(1)``, ``4``."""
    name = article_name(article, paragraph).removeprefix("Article ").removeprefix("the ")
    return name.capitalize()


def clause_matrix(book: Book, treaty: str = "") -> FigureView:
    """Articles by topics; the symbol and colour of a mark are the level of evidence.

    Returns
    -------
    FigureView
        One mark per clause and topic; the main topic of a clause is the larger mark.
    """
    clauses = coded(book, treaty)
    topics = {key: label for key, label in book.labels("topic").items() if _used(clauses, key)}
    labels = book.labels("evidence")
    marks = [
        {
            "clause": short_name(row["article"], row["paragraph"]),
            "topic": topics[topic],
            "main": place == 0,
            "evidence": row["evidence"],
            "digest": row["digest_en"],
        }
        for row in clauses.to_dict("records")
        for place, topic in enumerate(row["topics"])
    ]
    frame = pd.DataFrame(marks)
    rows_of = {label: -number for number, label in enumerate(topics.values())}
    traces = _evidence_marks(frame.assign(y=frame["topic"].map(rows_of)), labels)
    plot = style.figure(
        traces,
        height=140 + TOPIC * len(topics),
        xaxis={
            "type": "category",
            "categoryarray": list(dict.fromkeys(frame["clause"])),
            # A column stays when a button takes its marks away: an empty one says something.
            "range": [-0.5, frame["clause"].nunique() - 0.5],
            "side": "top",
            "tickangle": -60,
            "dtick": 1,
            "fixedrange": True,
        },
        yaxis={"visible": False, "range": [-len(topics) + 0.5, 0.9], "fixedrange": True},
        annotations=[style.row_name(label, y + 0.45) for label, y in rows_of.items()],
        shapes=[style.row_line(y - 0.34) for y in rows_of.values()],
        margin={"l": 8, "r": 8, "t": 70, "b": 80},
        legend={"y": -0.01},
    )
    main = frame[frame["main"]]["topic"].value_counts()
    words = (
        f"{len(clauses)} clauses carry {len(frame)} topic labels on {len(topics)} topics. "
        f"Main topics: {', '.join(f'{t} ({n})' for t, n in main.items())}. "
        f"Clauses by evidence: {count_words(clauses['evidence'], labels)}."
    )
    rows = [
        {
            "Clause": mark["clause"],
            "Topic": mark["topic"],
            "Main topic": "yes" if mark["main"] else "no",
            "Evidence": evidence_cell(book, mark["evidence"]),
        }
        for mark in marks
    ]
    table = TableView(
        "clause-matrix-data", "Topics of each clause, first coder", pd.DataFrame(rows)
    )
    caption = (
        "What the clauses are about. A large mark is the main topic of a clause, a small one a "
        "further topic. The shape and colour of a mark show how far the clause was read."
    )
    return FigureView("clause-matrix", plot, caption, words, table, _level_buttons(traces, labels))


def _level_buttons(traces: list[go.Scatter], labels: dict[str, str]) -> list[Button]:
    """Buttons that take away marks, from the weakest evidence on."""
    read = {labels["text"], labels["text-part"]}
    sure = {label for level, label in labels.items() if level not in WEAK_LEVELS}
    names = [trace.name for trace in traces]
    return [
        Button("everything", data={"visible": [True] * len(names)}),
        Button("read or reported", data={"visible": [name in sure for name in names]}),
        Button("read", data={"visible": [name in read for name in names]}),
    ]


def _used(clauses: pd.DataFrame, topic: str) -> bool:
    return any(topic in topics for topics in clauses["topics"])


def _evidence_marks(frame: pd.DataFrame, labels: dict[str, str]) -> list[go.Scatter]:
    present = [level for level in labels if level in set(frame["evidence"])]
    traces = []
    for level in present:
        rows = frame[frame["evidence"] == level]
        hollow = "-open" if level in WEAK_LEVELS else ""
        traces.append(
            go.Scatter(
                x=list(rows["clause"]),
                y=list(rows["y"]),
                mode="markers",
                name=labels[level],
                marker={
                    "symbol": style.EVIDENCE_SYMBOLS[level] + hollow,
                    "color": style.EVIDENCE_COLOURS[level],
                    "size": [14 if main else 8 for main in rows["main"]],
                    "opacity": 1,
                    "line": {"width": 2, "color": style.EVIDENCE_COLOURS[level]},
                },
                hovertext=[
                    f"<b>{c}</b> {t}<br>{labels[level]}"
                    for c, t in zip(rows["clause"], rows["topic"], strict=True)
                ],
                hoverinfo="text",
            )
        )
    return traces


def obligations(book: Book, treaty: str = "") -> FigureView:
    """Who owes whom: one block per clause, stacked by direction.

    Blocks at the levels ``topic`` and ``unverified`` are hollow and left out of the counts
    in the words, because nobody here has read what they oblige.
    """
    clauses = coded(book, treaty)
    labels, levels = book.labels("direction"), book.labels("evidence")
    order = [d for d in labels if d in set(clauses["direction"])]
    weak = clauses["evidence"].isin(WEAK_LEVELS)
    rows_of = [-number for number in range(len(order))]
    traces, names = [], []
    longest = int(clauses["direction"].value_counts().max())
    for number in range(longest):
        block = [_nth(clauses, direction, number) for direction in order]
        traces.append(_block_trace(rows_of, block, levels))
        names += _block_names(rows_of, block, number, longest <= FEW_BLOCKS)
    plot = style.figure(
        traces,
        height=90 + 76 * len(order),
        barmode="stack",
        showlegend=False,
        xaxis={"title": {"text": "number of clauses"}, "dtick": 1, "fixedrange": True},
        yaxis={"visible": False, "range": [-len(order) + 0.5, 0.7], "fixedrange": True},
        annotations=[
            style.row_name(f"<b>{labels[d]}</b>", y + 0.44)
            for d, y in zip(order, rows_of, strict=True)
        ]
        + names,
    )
    sure = clauses[~weak]
    counted = sure["direction"].value_counts()
    words = (
        f"Of {len(clauses)} clauses, {len(sure)} are known from the text or from a named source: "
        + ", ".join(f"{counted.get(d, 0)} {labels[d]}" for d in order)
        + "."
    )
    caption = "Who owes whom. One block is one clause, and names its article."
    if others := int(weak.sum()):
        are = "is" if others == 1 else "are"
        words += f" The other {others}, drawn hollow, {are} known only by subject or not at all."
        caption += " A hollow block, without a tint, is known by its subject only, or not at all."
    rows = [
        {
            "Clause": short_name(row["article"], row["paragraph"]),
            "Direction": labels[row["direction"]],
            "Kind of norm": book.labels("clause_type")[row["clause_type"]],
            "Evidence": evidence_cell(book, row["evidence"]),
        }
        for row in clauses.to_dict("records")
    ]
    table = TableView(
        "obligations-data", "Direction of each clause, first coder", pd.DataFrame(rows)
    )
    return FigureView("obligations", plot, caption, words, table)


def _nth(clauses: pd.DataFrame, direction: str, number: int) -> dict | None:
    rows = clauses[clauses["direction"] == direction]
    rows = rows.assign(weak=rows["evidence"].isin(WEAK_LEVELS)).sort_values(["weak", "position"])
    return rows.iloc[number].to_dict() if number < len(rows) else None


def _block_trace(rows: list[int], block: list[dict | None], levels: dict[str, str]) -> go.Bar:
    colours = [style.EVIDENCE_COLOURS[row["evidence"]] if row else style.NEUTRAL for row in block]
    hollow = [bool(row) and row["evidence"] in WEAK_LEVELS for row in block]
    return go.Bar(
        orientation="h",
        y=rows,
        width=0.55,
        x=[1 if row else 0 for row in block],
        hovertext=[
            f"{row['digest_en']}<br>{levels[row['evidence']]}" if row else "" for row in block
        ],
        hoverinfo="text",
        marker={
            "color": [
                style.HOLLOW if h else style.faint(c) for h, c in zip(hollow, colours, strict=True)
            ],
            "line": {"color": colours, "width": [2 if row else 0 for row in block]},
        },
    )


def _block_names(
    rows: list[int], block: list[dict | None], number: int, written_out: bool
) -> list[dict]:
    """Names inside the blocks; as annotations they take the text colour of the theme."""
    return [
        {
            "text": _block_name(row, written_out),
            "x": number + 0.5,
            "y": y,
            "showarrow": False,
        }
        for y, row in zip(rows, block, strict=True)
        if row
    ]


def _block_name(row: dict, written_out: bool) -> str:
    """Name of a clause; a bare number in a block would pass for a count where there is room."""
    name = short_name(row["article"], row["paragraph"])
    if not written_out:
        return name.replace("Preamble", "Pr.")
    return f"Art. {name}" if name[0].isdigit() else name


def _linked_events(book: Book) -> dict[str, Cell]:
    """Events that belong to each clause, with how they belong to it."""
    titles = dict(zip(book.events["event_id"], book.events["title_en"], strict=True))
    relations = book.labels("relation")
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


def clause_table(book: Book, treaty: str = "") -> TableView:
    """The articles in our own words, with topic, direction, evidence and what is not checked.

    Like clauses are those of other instruments that the first coder gave the same main topic.

    Returns
    -------
    TableView
        Columns: Clause, What it says, Topics, Direction, Evidence, Not checked, Events,
        Like clauses, Sources.
    """
    clauses = coded(book, treaty).to_dict("records")
    topics, directions = book.labels("topic"), book.labels("direction")
    named = [[topics[topic] for topic in row["topics"]] for row in clauses]
    events, like = _linked_events(book), _like_clauses(book, treaty or book.agreement)
    rows = [
        {
            "Clause": article_name(row["article"], row["paragraph"]).capitalize(),
            "What it says": row["digest_en"],
            "Topics": "; ".join(words),
            "Direction": directions[row["direction"]],
            "Evidence": evidence_cell(book, row["evidence"]),
            "Not checked": row["unverified_part"],
            "Events": events.get(row["clause_id"], ""),
            "Like clauses": like.get(row["topics"][0], ""),
            "Sources": sources_cell(row["sources"]),
        }
        for row, words in zip(clauses, named, strict=True)
    ]
    return TableView(
        "clause-table",
        f"Clauses of the agreement, in our own words ({len(rows)} units)",
        pd.DataFrame(rows),
        row_ids=[anchor("clause", row["clause_id"]) for row in clauses],
        filters=("Topics", "Direction", "Evidence"),
        searchable=True,
        lists={"Topics": named},
    )


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
        c["clause_id"]: article_name(c["article"], c["paragraph"])
        for c in book.clauses.to_dict("records")
    }
    points = book.points
    if clause_ids is not None:
        asked = known_keys("clause", clause_ids, names, "clauses.csv")
        points = points[points["clause_id"].isin(asked)]
    rows = [
        {
            "Point": row["point"],
            "Clause": names[row["clause_id"]].capitalize() if row["clause_id"] else WHOLE,
            "Evidence": evidence_cell(book, row["evidence"]),
            "Sources": sources_cell(row["sources"]),
        }
        for row in points.to_dict("records")
    ]
    return TableView(
        "point-table",
        "Point by point: which words rest on what",
        pd.DataFrame(rows),
        filters=("Clause", "Evidence"),
        searchable=True,
    )


def point_levels(book: Book) -> FigureView:
    """How well each article is known: its points, stacked by level of evidence."""
    clauses = coded(book)
    names = {
        r["clause_id"]: short_name(r["article"], r["paragraph"]) for r in clauses.to_dict("records")
    }
    points = book.points.assign(clause=book.points["clause_id"].map(names | {"": WHOLE}))
    counted = pd.crosstab(points["clause"], points["evidence"])
    order = [name for name in [*names.values(), WHOLE] if name in counted.index]
    labels = {k: v for k, v in book.labels("evidence").items() if k in counted.columns}
    traces = [
        go.Bar(
            x=order,
            y=[int(counted.loc[name, level]) for name in order],
            name=label,
            marker={
                "color": style.EVIDENCE_COLOURS[level],
                "line": {
                    "color": style.EVIDENCE_COLOURS[level],
                    "width": [1.5 if counted.loc[name, level] else 0 for name in order],
                },
                "pattern": _hatching(level),
            },
        )
        for level, label in labels.items()
    ]
    plot = style.figure(
        traces,
        height=380,
        barmode="stack",
        xaxis={"type": "category", "fixedrange": True, "tickangle": -60},
        yaxis={"title": {"text": "points"}, "fixedrange": True},
        legend={"y": -0.35},
    )
    plot.update_layout(margin_b=110)
    words = f"{len(points)} points of the agreement: {count_words(points['evidence'], labels)}."
    frame = counted.loc[order].reset_index().rename(columns={"clause": "Clause", **labels})
    frame = frame[["Clause", *labels.values()]]
    table = TableView("point-levels-data", "Points of each clause by level of evidence", frame)
    caption = (
        "How far each article is known: its points by level of evidence. The column "
        f"{WHOLE} holds the points that are about the agreement and not about one article."
    )
    return FigureView("point-levels", plot, caption, words, table)


def _hatching(level: str) -> dict:
    """White lines on the colour of a level, or lines of that colour alone where it is weak."""
    filled = {} if level in WEAK_LEVELS else {"fillmode": "overlay", "fgcolor": "#ffffff"}
    return {"shape": style.EVIDENCE_PATTERNS[level], "size": 7, **filled}


def answers_table(book: Book, question: str) -> TableView:
    """What each instrument says to one question; "not seen" is kept apart from "no".

    Raises
    ------
    ValueError
        If the question is not in the codebook.
    """
    questions, answers = book.labels("question"), book.labels("answer")
    known_key("question", question, questions)
    asked = book.answers[book.answers["question"] == question]
    joined = asked.merge(
        book.treaties[["treaty_id", "short_en", "date"]], on="treaty_id"
    ).sort_values("date")
    rows = [
        {
            "Instrument": row["short_en"],
            "Signed": Cell(str(row["date"]), sort=row["date"].earliest.isoformat()),
            "Answer": Cell(answers[row["answer"]], sign=f"answer-{row['answer']}"),
            "Detail": row["detail"],
            "Evidence": evidence_cell(book, row["evidence"]),
        }
        for row in joined.to_dict("records")
    ]
    return TableView(
        f"answers-{question}",
        f"{questions[question]} What each instrument says",
        pd.DataFrame(rows),
    )
