"""How far two coders agree: field by field, topic by topic, and where they differ.

Each view compares coders A and B, or a reader's own labels with one of them; the forms
that a reader's labels can have are those of :func:`treatybook.views.codings.own_coding`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import evidence_cell
from treatybook.display.content import Button, Cell, FigureView, TableView
from treatybook.evidence.attestation import LEVELS, WEAK_LEVELS
from treatybook.evidence.errors import WrongArgument, known_key
from treatybook.evidence.tables import Book
from treatybook.views.codings import FIELDS, Coding, label_words, paired
from treatybook.views.reliability import RARE, Agreement, agreement

TOPIC_SET = "Same topics, order ignored"
GRID_FIELDS = {"clause_type": "Clause type", "direction": "Direction"}
SUBSETS = {
    "all": "All clauses",
    "no-examples": "Without the codebook's examples",
    "sourced": "Only clauses with a source",
}
GROUPS = {
    "difficulty": "Coder B's difficulty",
    "evidence": "Evidence",
    "example": "Named in the codebook",
    "instrument": "Instrument",
}
YOU = "You"
GRID_ROW = 52  # height of a row in CSS pixels: its name and its marks
_ALPHA, _PERCENT = style.THREAD_COLOURS["moscow"], style.THREAD_COLOURS["troops"]


def coder_names(book: Book, first: Coding, second: Coding) -> tuple[str, str]:
    """Names of two coders for captions and headings; never the same name twice."""
    labels = book.labels("coder")
    one, other = (labels[who] if isinstance(who, str) else YOU for who in (first, second))
    return (one, other) if one != other else (f"{one}, first", f"{other}, second")


def _subset(pairs: pd.DataFrame, name: str) -> pd.DataFrame:
    if name == "no-examples":
        return pairs[~pairs["example"]]
    if name == "sourced":
        return pairs[~pairs["evidence"].isin(WEAK_LEVELS)]
    return pairs


def _both_coded(pairs: pd.DataFrame, field: str) -> pd.DataFrame:
    return pairs[pairs[f"{field}_1"].notna() & pairs[f"{field}_2"].notna()]


def field_agreement(pairs: pd.DataFrame, field: str) -> Agreement | None:
    """Agreement of two coders on one field; ``None`` where no clause has it in both."""
    coded = _both_coded(pairs, field)
    if coded.empty:
        return None
    return agreement(list(coded[f"{field}_1"]), list(coded[f"{field}_2"]))


def set_agreement(pairs: pd.DataFrame) -> Agreement | None:
    """Agreement on the whole set of topics: every topic the same, in any order."""
    coded = _both_coded(pairs, "main")
    if coded.empty:
        return None
    sets = [[frozenset(topics) for topics in coded[f"topics_{n}"]] for n in "12"]
    return agreement(*sets)


def by_field(book: Book, first: Coding = "A", second: Coding = "B") -> TableView:
    """Agreement on each field, for all clauses and for parts of them.

    Parameters
    ----------
    book : Book
        The tables.
    first, second : str or a reader's own labels
        The two coders.

    Returns
    -------
    TableView
        Columns: Field, Clauses compared, The same label, Alpha.
    """
    pairs = paired(book, first, second)
    rows = []
    for subset, name in SUBSETS.items():
        part = _subset(pairs, subset)
        found = {words: field_agreement(part, field) for field, words in FIELDS.items()}
        found[TOPIC_SET] = set_agreement(part)
        rows += [
            {
                "Field": words,
                "Clauses compared": name,
                "The same label": result.same_words,
                "Alpha": _alpha_words(result),
            }
            for words, result in found.items()
            if result
        ]
    frame = pd.DataFrame(rows).sort_values(
        "Field", kind="stable", key=lambda c: c.map(_field_place)
    )
    caption = f"Agreement of {' and '.join(coder_names(book, first, second))}, field by field"
    return TableView("coding-fields", caption, frame)


def _field_place(words: str) -> int:
    return [*FIELDS.values(), TOPIC_SET].index(words)


def _alpha_words(result: Agreement) -> str:
    return f"too few clauses (under {RARE})" if result.clauses < RARE else result.alpha_words


def topic_counts(book: Book, pairs: pd.DataFrame) -> pd.DataFrame:
    """Each topic as a yes-or-no question: who gave it, and how far the two agree.

    Returns
    -------
    pandas.DataFrame
        Columns: ``topic``, ``both``, ``only_1``, ``only_2``, ``uses`` (clauses to which at
        least one of the two gave it), ``result`` (an :class:`~treatybook.views.reliability.Agreement`)
        and ``rare`` (fewer than ``RARE`` uses: alpha is not shown).
    """
    coded = _both_coded(pairs, "main")
    rows = []
    for topic in book.labels("topic"):
        one = [topic in topics for topics in coded["topics_1"]]
        other = [topic in topics for topics in coded["topics_2"]]
        both = sum(x and y for x, y in zip(one, other, strict=True))
        uses = sum(x or y for x, y in zip(one, other, strict=True))
        rows.append(
            {
                "topic": topic,
                "both": both,
                "only_1": sum(one) - both,
                "only_2": sum(other) - both,
                "uses": uses,
                "result": agreement(one, other),
                "rare": uses < RARE,
            }
        )
    return pd.DataFrame(rows)


def by_topic(book: Book, first: Coding = "A", second: Coding = "B") -> FigureView:
    """Per cent and alpha of every topic; topics that are too rare are shown without alpha.

    Parameters
    ----------
    book : Book
        The tables.
    first, second : str or a reader's own labels
        The two coders.

    Returns
    -------
    FigureView
        A square for the share of clauses with the same answer, a dot for alpha; buttons
        leave out the codebook's examples or the clauses without a source.
    """
    pairs = paired(book, first, second)
    counted = {
        name: topic_counts(book, part)
        for name in SUBSETS
        if not _both_coded(part := _subset(pairs, name), "main").empty
    }
    if not counted:
        raise WrongArgument("no clause has topics in both codings")
    everything = counted["all"]
    # The topic with the lowest alpha stands on top; those too rare for one stand below.
    order = sorted(everything.to_dict("records"), key=lambda r: (r["rare"], _alpha(r) or 0))
    place = {row["topic"]: -number for number, row in enumerate(order)}
    labels, names = book.labels("topic"), coder_names(book, first, second)
    drawn = {name: _topic_marks(frame, place, labels, names) for name, frame in counted.items()}
    plot = style.figure(
        _topic_traces(drawn["all"]),
        height=130 + 40 * len(place),
        xaxis={
            "title": {
                "text": "1 is full agreement; the axis does not begin at 0",
                "font": {"size": 12},
            },
            "type": "linear",
            "range": [_left_end(counted.values()), 1.03],
            "fixedrange": True,
            "side": "top",
        },
        yaxis={"visible": False, "range": [-len(place) + 0.5, 0.9], "fixedrange": True},
        annotations=drawn["all"]["names"],
        shapes=[style.row_line(y - 0.3) for y in place.values()],
        margin={"l": 8, "r": 8, "t": 60, "b": 50},
        legend={"y": -0.01},
    )
    buttons = [
        Button(
            f"{SUBSETS[name]} ({_compared(frame)})",
            layout={"annotations": marks["names"]},
            data={"x": marks["x"], "y": marks["y"], "hovertext": marks["hover"]},
        )
        for (name, marks), frame in zip(drawn.items(), counted.values(), strict=True)
    ]
    caption = (
        f"{names[0]} and {names[1]}, topic by topic. Behind each name: the clauses to which at "
        f"least one of them gave it. Under {RARE} such clauses there is no dot for alpha."
    )
    return FigureView(
        "coding-topics",
        plot,
        caption,
        _topic_sentence(counted, labels),
        _topic_table(counted, labels, names),
        buttons,
    )


def _alpha(row: Mapping) -> float | None:
    return None if row["rare"] else row["result"].alpha


def _compared(counted: pd.DataFrame) -> int:
    return counted["result"].iloc[0].clauses


def _left_end(frames: Iterable[pd.DataFrame]) -> float:
    """Left end of the axis, a tenth below the lowest mark."""
    rows = [row for frame in frames for row in frame.to_dict("records")]
    alphas = [alpha for row in rows if (alpha := _alpha(row)) is not None]
    shares = [row["result"].percent / 100 for row in rows]
    return round(min([*alphas, *shares]) - 0.1, 1)


def _topic_marks(
    counted: pd.DataFrame, place: dict[str, int], labels: dict[str, str], names: tuple[str, str]
) -> dict:
    """Positions, hover texts and row names for one choice of clauses."""
    rows = sorted(counted.to_dict("records"), key=lambda row: -place[row["topic"]])
    heights = [place[row["topic"]] for row in rows]
    shares = [row["result"].percent / 100 for row in rows]
    alphas = [_alpha(row) for row in rows]
    hover = [
        f"<b>{labels[row['topic']]}</b><br>the same in {row['result'].same_words}<br>"
        f"alpha: {_topic_alpha(row)}<br>both {row['both']}, only {names[0]} {row['only_1']}, "
        f"only {names[1]} {row['only_2']}"
        for row in rows
    ]
    ends = [end for pair in zip(shares, alphas, strict=True) for end in (*pair, None)]
    return {
        "x": [ends, shares, alphas],
        "y": [[y for y in heights for _ in range(3)], heights, heights],
        "hover": [None, hover, hover],
        "names": [
            style.row_name(
                f"{labels[row['topic']]} ({row['uses']})" + (": too rare" if row["rare"] else ""),
                place[row["topic"]] + 0.4,
            )
            for row in rows
        ],
    }


def _topic_alpha(row: Mapping) -> str:
    return f"too rare (under {RARE})" if row["rare"] else row["result"].alpha_words


def _topic_traces(marks: dict) -> list[go.Scatter]:
    looks = (
        {"mode": "lines", "line": {"color": style.NEUTRAL, "width": 2}, "showlegend": False},
        {
            "mode": "markers",
            "name": "share with the same answer",
            "marker": {
                "symbol": "square-open",
                "size": 11,
                "color": _PERCENT,
                "line": {"width": 2},
            },
        },
        {
            "mode": "markers",
            "name": "alpha",
            "marker": {"symbol": "circle", "size": 12, "color": _ALPHA},
        },
    )
    return [
        go.Scatter(
            x=x,
            y=y,
            hovertext=hover,
            hoverinfo="text" if hover else "skip",
            connectgaps=False,
            **look,
        )
        for x, y, hover, look in zip(marks["x"], marks["y"], marks["hover"], looks, strict=True)
    ]


def _topic_sentence(counted: dict[str, pd.DataFrame], labels: dict[str, str]) -> str:
    frame = counted["all"]
    shares = [result.percent for result in frame["result"]]
    shown = [row for row in frame.to_dict("records") if _alpha(row) is not None]
    shown.sort(key=lambda row: _alpha(row))
    rare = frame[frame["rare"]].to_dict("records")
    words = (
        f"{_compared(frame)} clauses, {len(frame)} topics. The share with the same answer lies "
        f"between {min(shares):.0f} and {max(shares):.0f} per cent. "
    )
    if shown:
        low = ", ".join(f"{labels[r['topic']]} {r['result'].alpha_words}" for r in shown[:3])
        words += f"Alpha runs from {low} up to {shown[-1]['result'].alpha_words}. "
    if rare:
        listed = ", ".join(f"{labels[r['topic']]} ({r['uses']})" for r in rare)
        words += f"Too rare for alpha: {listed}. "
    if "no-examples" in counted:
        fewer = counted["no-examples"]
        words += (
            f"Without the codebook's examples {_compared(fewer)} clauses are left, "
            f"and {int(fewer['rare'].sum())} topics are too rare."
        )
    return words.strip()


def _topic_table(
    counted: dict[str, pd.DataFrame], labels: dict[str, str], names: tuple[str, str]
) -> TableView:
    rows = [
        {
            "Topic": labels[row["topic"]],
            "Clauses compared": SUBSETS[name],
            "Both": row["both"],
            f"Only {names[0]}": row["only_1"],
            f"Only {names[1]}": row["only_2"],
            "The same answer": row["result"].same_words,
            "Alpha": _topic_alpha(row),
        }
        for name, frame in counted.items()
        for row in frame.to_dict("records")
    ]
    caption = "Each topic as a yes-or-no question to every clause"
    return TableView(
        "coding-topics-data",
        caption,
        pd.DataFrame(rows),
        filters=("Clauses compared",),
        searchable=True,
    )


def by_group(book: Book, group: str, first: Coding = "A", second: Coding = "B") -> TableView:
    """Where two coders agree more and where less.

    Parameters
    ----------
    book : Book
        The tables.
    group : str
        ``difficulty`` (as coder B felt it), ``evidence``, ``example`` or ``instrument``.
    first, second : str or a reader's own labels
        The two coders.

    Returns
    -------
    TableView
        One row per group: how many clauses have the same label, field by field.

    Raises
    ------
    ValueError
        If there is no such group.
    """
    known_key("group", group, GROUPS)
    pairs = paired(book, first, second)
    present = list(dict.fromkeys(pairs[group]))
    if group == "evidence":
        order = [level for level in LEVELS if level in present]
    else:
        order = present if group == "instrument" else sorted(present)
    rows = []
    for value in order:
        part = pairs[pairs[group] == value]
        found = {words: field_agreement(part, field) for field, words in FIELDS.items()}
        rows.append(
            {
                GROUPS[group]: _group_cell(book, group, value),
                "Clauses": len(part),
                **{words: result.same_words if result else "" for words, result in found.items()},
            }
        )
    caption = f"Clauses with the same label: {' and '.join(coder_names(book, first, second))}"
    return TableView(f"coding-by-{group}", caption, pd.DataFrame(rows))


def _group_cell(book: Book, group: str, value: object) -> Cell | str:
    if group == "evidence":
        return evidence_cell(book, value)
    if group == "example":
        return "yes" if value else "no"
    words = {1: "1, plain", 2: "2", 3: "3, hard"}
    return words[value] if group == "difficulty" else str(value)


def differences(book: Book, first: Coding = "A", second: Coding = "B") -> TableView:
    """Every clause and field on which two coders differ, with digest and remark.

    Returns
    -------
    TableView
        Columns: Clause, Field, the two coders, What it says, Coder B's remark, Named in the
        codebook, Evidence. A field on which the two agree has no row.
    """
    pairs = paired(book, first, second)
    names = coder_names(book, first, second)
    rows = [
        {
            "Clause": row["where"],
            "Field": words,
            names[0]: label_words(book, field, row, "1"),
            names[1]: label_words(book, field, row, "2"),
            "What it says": row["digest_en"],
            "Coder B's remark": row["remark"],
            "Named in the codebook": "yes" if row["example"] else "no",
            "Evidence": evidence_cell(book, row["evidence"]),
        }
        for field, words in FIELDS.items()
        for row in _differing(pairs, field).to_dict("records")
    ]
    if not rows:
        raise WrongArgument(f"{names[0]} and {names[1]} do not differ on any clause")
    clauses = len({row["Clause"] for row in rows})
    caption = f"{len(rows)} differences on {clauses} of {len(pairs)} clauses"
    return TableView(
        "coding-differences",
        caption,
        pd.DataFrame(rows),
        filters=("Field", names[0], "Named in the codebook", "Evidence"),
        searchable=True,
        lists={names[0]: [[str(row[names[0]]).split(" (also ")[0]] for row in rows]},
    )


def _differing(pairs: pd.DataFrame, field: str) -> pd.DataFrame:
    coded = _both_coded(pairs, field)
    return coded[coded[f"{field}_1"] != coded[f"{field}_2"]]


def grid(
    book: Book, field: str = "clause_type", first: Coding = "A", second: Coding = "B"
) -> FigureView:
    """Which label of one coder meets which label of the other.

    Parameters
    ----------
    book : Book
        The tables.
    field : str
        ``clause_type`` or ``direction``.
    first, second : str or a reader's own labels
        The two coders: the first has the rows, the second the columns.

    Returns
    -------
    FigureView
        The number of clauses in every cell that has any; equal labels are squares,
        different ones rings.

    Raises
    ------
    ValueError
        If the field is another one, or nobody coded it in both.
    """
    known_key("grid for the field", field, GRID_FIELDS)
    pairs = _both_coded(paired(book, first, second), field)
    if pairs.empty:
        raise WrongArgument(f"no clause has a {field} in both codings")
    labels = book.labels(field)
    used = {*pairs[f"{field}_1"], *pairs[f"{field}_2"]}
    order = [label for label in labels if label in used]
    names = coder_names(book, first, second)
    cells = {
        name: _grid_cells(_subset(pairs, name), field, order) for name in ("all", "no-examples")
    }
    drawn = {name: _grid_marks(found, order, labels, names) for name, found in cells.items()}
    result = field_agreement(pairs, field)
    subsets = {name: len(_subset(pairs, name)) for name in cells}
    noun = GRID_FIELDS[field]
    rows = [
        {names[0]: labels[one], names[1]: labels[other], "Clauses": number}
        for (one, other), number in cells["all"].items()
    ]
    name = f"coding-grid-{field.replace('_', '-')}"
    return FigureView(
        name,
        _grid_plot(drawn["all"], order, labels),
        f"{noun}: the rows are {names[0]}'s labels, the columns {names[1]}'s. The number counts clauses.",
        _grid_sentence(cells["all"], result, labels, names),
        TableView(
            f"{name}-data",
            f"{noun}, label by label",
            pd.DataFrame(rows),
            filters=names,
            searchable=True,
        ),
        _grid_buttons(drawn, subsets, result),
    )


def _grid_plot(marks: dict[str, list], order: list[str], labels: dict[str, str]) -> go.Figure:
    # The codes of a direction are shorter than its words, which head the rows.
    ticks = [label.replace("->", "→") if "->" in label else labels[label] for label in order]
    return style.figure(
        _grid_traces(marks),
        height=150 + GRID_ROW * len(order),
        xaxis={
            "type": "linear",
            "tickvals": list(range(len(order))),
            "ticktext": ticks,
            "tickangle": -90,
            "tickfont": {"size": 12},
            "side": "top",
            "range": [-0.8, len(order) - 0.2],
            "fixedrange": True,
        },
        yaxis={"visible": False, "range": [-len(order) + 0.5, 0.6], "fixedrange": True},
        annotations=[
            style.row_name(labels[label], -number + 0.36) for number, label in enumerate(order)
        ],
        shapes=[style.row_line(-number - 0.32) for number in range(len(order))],
        margin={"l": 8, "r": 8, "t": 110, "b": 40},
        legend={"y": -0.01},
    )


def _grid_buttons(
    drawn: dict[str, dict[str, list]], subsets: dict[str, int], result: Agreement
) -> list[Button]:
    choices = [
        (f"{SUBSETS['all']} ({subsets['all']})", "all", True),
        (f"Only the differences ({result.clauses - result.same})", "all", "legendonly"),
        (f"{SUBSETS['no-examples']} ({subsets['no-examples']})", "no-examples", True),
    ]
    return [
        Button(label, data={**drawn[subset], "visible": [same, True]})
        for label, subset, same in choices
    ]


def _grid_cells(pairs: pd.DataFrame, field: str, order: list[str]) -> dict[tuple[str, str], int]:
    """Number of clauses for each pair of labels that occurs, in the order of the codebook."""
    counted = pairs.groupby([f"{field}_1", f"{field}_2"]).size().to_dict()
    return {
        (one, other): int(counted[one, other])
        for one in order
        for other in order
        if (one, other) in counted
    }


def _grid_marks(
    cells: dict[tuple[str, str], int],
    order: list[str],
    labels: dict[str, str],
    names: tuple[str, str],
) -> dict[str, list]:
    """Marks of the equal labels and of the different ones."""
    marks: dict[str, list] = {"x": [], "y": [], "text": [], "hovertext": []}
    for equal in (True, False):
        part = {pair: n for pair, n in cells.items() if (pair[0] == pair[1]) == equal}
        marks["x"].append([order.index(other) for _, other in part])
        marks["y"].append([-order.index(one) for one, _ in part])
        marks["text"].append([str(number) for number in part.values()])
        marks["hovertext"].append(
            [
                f"{names[0]}: {labels[one]}<br>{names[1]}: {labels[other]}<br>clauses: {number}"
                for (one, other), number in part.items()
            ]
        )
    return marks


def _grid_traces(marks: dict[str, list]) -> list[go.Scatter]:
    looks = (
        {"name": "the same label", "symbol": "square", "color": _ALPHA, "opacity": 0.35},
        {"name": "different labels", "symbol": "circle-open", "color": _PERCENT, "opacity": 1},
    )
    return [
        go.Scatter(
            x=marks["x"][number],
            y=marks["y"][number],
            mode="markers+text",
            text=marks["text"][number],
            textposition="middle center",
            textfont={"size": 11},
            hovertext=marks["hovertext"][number],
            hoverinfo="text",
            name=look["name"],
            marker={
                "symbol": look["symbol"],
                "color": look["color"],
                "opacity": look["opacity"],
                "size": 18,
                "line": {"width": 2},
            },
        )
        for number, look in enumerate(looks)
    ]


def _grid_sentence(
    cells: dict[tuple[str, str], int],
    result: Agreement,
    labels: dict[str, str],
    names: tuple[str, str],
) -> str:
    words = f"The same label in {result.same_words}. Alpha: {_alpha_words(result)}."
    unlike = sorted(
        ((n, pair) for pair, n in cells.items() if pair[0] != pair[1]), key=lambda c: -c[0]
    )
    if unlike:
        largest = "; ".join(
            f"{names[0]} {labels[one]}, {names[1]} {labels[other]}: {number}"
            for number, (one, other) in unlike[:3]
        )
        words += f" The largest differences are {largest}."
    return words
