"""How far two coders agree: field by field, topic by topic, and where they differ.

Each view compares coders A and B, or a reader's own labels with one of them; the forms
that a reader's labels can have are those of :func:`treatybook.views.codings.own_coding`.
"""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import layouts, style
from treatybook.display.cells import evidence_cell, yes_or_no
from treatybook.display.content import Button, FigureView, TableView
from treatybook.evidence.attestation import LEVELS, WEAK_LEVELS
from treatybook.evidence.errors import WrongArgument, checked, known_key
from treatybook.evidence.tables import Book
from treatybook.evidence.wording import _
from treatybook.views.codings import (
    Coding,
    both_coded,
    by_label,
    field_names,
    main_words,
    paired,
    you,
)
from treatybook.views.reliability import RARE, Agreement, agreement

GRID_FIELDS = ("clause_type", "direction")
SUBSETS = ("all", "no-examples", "sourced")
GROUPS = ("difficulty", "evidence", "example", "instrument")
MOST = 10  # rows that a phone shows at once
TOPIC_ROW, OTHER_ROW, PAIR_ROW = 42, 32, 44  # height of a row in CSS pixels
AXIS = 56  # height of the axis above the rows
PAIR_LINE = 58  # characters of a line of two labels


@checked
def subset_names() -> dict[str, str]:
    """Words for each of :data:`SUBSETS`."""
    return {
        "all": _("All clauses"),
        "no-examples": _("Without the codebook's examples"),
        "sourced": _("Only clauses with a source"),
    }


@checked
def group_names() -> dict[str, str]:
    """Headings for each of :data:`GROUPS`."""
    return {
        "difficulty": _("Coder B's difficulty"),
        "evidence": _("Evidence"),
        "example": _("Named in the codebook"),
        "instrument": _("Instrument"),
    }


@checked
def coder_names(book: Book, first: Coding, second: Coding) -> tuple[str, str]:
    """Names of two coders for captions and headings; never the same name twice."""
    labels = book.labels("coder")
    one, other = (
        labels[known_key("coder", who, labels)] if isinstance(who, str) else you()
        for who in (first, second)
    )
    return (
        (one, other)
        if one != other
        else (
            _("{coder}, first").format(coder=one),
            _("{coder}, second").format(coder=other),
        )
    )


def _subset(pairs: pd.DataFrame, name: str) -> pd.DataFrame:
    left_out = {"no-examples": pairs["example"], "sourced": pairs["evidence"].isin(WEAK_LEVELS)}
    return pairs[~left_out[name]] if name in left_out else pairs


@checked
def field_agreement(pairs: pd.DataFrame, field: str) -> Agreement | None:
    """Agreement of two coders on one field; ``None`` where no clause has it in both.

    The field ``topics`` is the whole set of topics: every topic the same, in any order.
    """
    coded = both_coded(pairs, "main" if field == "topics" else field)
    if coded.empty:
        return None
    labels = (coded[f"{field}_{which}"] for which in "12")
    return agreement(*(list(map(frozenset, x) if field == "topics" else x) for x in labels))


@checked
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
    rows = [
        (words, name, result.same_words, _alpha_words(result))
        for field, words in (field_names() | {"topics": _("Same topics, order ignored")}).items()
        for subset, name in subset_names().items()
        if (result := field_agreement(_subset(pairs, subset), field))
    ]
    heads = [_("Field"), _("Clauses compared"), _("The same label"), _("Alpha")]
    one, other = coder_names(book, first, second)
    caption = _("Agreement of {one} and {other}, field by field").format(one=one, other=other)
    return TableView("coding-fields", caption, pd.DataFrame(rows, columns=heads))


def _alpha_words(result: Agreement) -> str:
    if result.clauses < RARE:
        return _("too few clauses (under {n})").format(n=RARE)
    return result.alpha_words


@checked
def topic_counts(book: Book, pairs: pd.DataFrame) -> pd.DataFrame:
    """Each topic as a yes-or-no question: who gave it, and how far the two agree.

    Returns
    -------
    pandas.DataFrame
        Columns: ``topic``, ``name`` (in words), ``both``, ``only_1``, ``only_2``, ``uses`` (clauses to which at
        least one of the two gave it), ``result`` (an :class:`~treatybook.views.reliability.Agreement`),
        ``rare`` (fewer than ``RARE`` uses: alpha is not shown), ``share`` with the same answer,
        ``alpha`` (or ``None``) and ``alpha_words``.
    """
    coded = both_coded(pairs, "main")
    topics = book.labels("topic")
    one, other = (
        pd.DataFrame({key: [key in given for given in coded[f"topics_{n}"]] for key in topics})
        for n in "12"
    )
    results = [agreement(list(one[key]), list(other[key])) for key in topics]
    rare = (one | other).sum() < RARE
    alpha = pd.Series([result.alpha for result in results], list(topics), object)
    words = pd.Series([result.alpha_words for result in results], list(topics))
    columns = {
        "name": list(topics.values()),
        "both": (one & other).sum(),
        "only_1": (one & ~other).sum(),
        "only_2": (other & ~one).sum(),
        "uses": (one | other).sum(),
        "result": results,
        "rare": rare,
        "share": [result.percent / 100 for result in results],
        "alpha": alpha.mask(rare, None),
        "alpha_words": words.mask(rare, _("too rare (under {n})").format(n=RARE)),
    }
    return pd.DataFrame(columns).rename_axis("topic").reset_index()


@checked
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
        A square for the share of clauses with the same answer, a dot for alpha, for the ten
        topics with the lowest alpha; buttons leave out the codebook's examples or the clauses
        without a source, or show the other topics.
    """
    pairs = paired(book, first, second)
    parts = {name: _subset(pairs, name) for name in SUBSETS}
    counted = {
        name: topic_counts(book, part)
        for name, part in parts.items()
        if not both_coded(part, "main").empty
    }
    if not counted:
        raise WrongArgument(_("no clause has topics in both codings"))
    # The topic with the lowest alpha stands on top; those too rare for one stand below.
    order = counted["all"].sort_values(["rare", "alpha"], key=lambda c: c.fillna(0)).index
    rows = {name: frame.loc[order] for name, frame in counted.items()}
    names = coder_names(book, first, second)
    shown = {
        f"{subset_names()[name]} ({_compared(frame)})": (frame[:MOST], TOPIC_ROW)
        for name, frame in rows.items()
    }
    if len(order) > MOST:
        rest = _("The other {n} topics").format(n=len(order) - MOST)
        shown[rest] = (rows["all"][MOST:], OTHER_ROW)
    drawn = {label: _topic_traces(frame, names) for label, (frame, _) in shown.items()}
    start, row = next(iter(shown.values()))
    lowest = min(min(*frame["share"], *frame["alpha"].dropna()) for frame, _ in shown.values())
    heads = _topic_rows(start, row)
    plot = style.figure(
        next(iter(drawn.values())),
        height=heads["height"],
        xaxis={
            "title": {
                "text": _("1 is full agreement; the axis does not begin at 0"),
                "font_size": 12,
                "standoff": 4,
            },
            "type": "linear",
            # The left end lies a tenth below the lowest mark.
            "range": [round(lowest - 0.1, 1), 1.03],
            "fixedrange": True,
            "side": "top",
        },
        yaxis=style.rows(*heads["yaxis.range"]),
        annotations=heads["annotations"],
        shapes=heads["shapes"],
        margin={"l": 8, "r": 8, "t": AXIS, "b": 8},
    )
    buttons = [
        Button(label, layout=_topic_rows(*shown[label]), data=_data(traces))
        for label, traces in drawn.items()
    ]
    caption = _(
        "{one} and {other}, topic by topic, those with the lowest alpha first. Behind each name: "
        "the clauses to which at least one of them gave it. Under {n} such clauses there is no dot "
        "for alpha."
    ).format(one=names[0], other=names[1], n=RARE)
    words = _topic_sentence(rows["all"])
    if "no-examples" in counted:
        fewer = counted["no-examples"]
        told = _(
            "Without the codebook's examples {n} clauses are left, and {rare} topics are too rare."
        )
        words += " " + told.format(n=_compared(fewer), rare=fewer["rare"].sum())
    return FigureView(
        "coding-topics",
        plot,
        caption,
        words,
        _topic_table(pd.concat(counted), names),
        buttons,
        headline=_alike_but_for_alpha(rows["all"]),
    )


def _alike_but_for_alpha(counted: pd.DataFrame) -> str:
    """What the share says of all topics, and what alpha says of the worst, as a headline."""
    said = _("The same answer for at least {share} on every topic")
    said = said.format(share=f"{int(100 * counted['share'].min())}%")
    shown = counted.dropna(subset="alpha")
    if shown.empty:
        return said
    worst = shown.iloc[0]
    told = _("{finding}, but alpha falls to {alpha} for {topic}")
    return told.format(finding=said, alpha=worst["alpha_words"], topic=worst["name"])


def _compared(counted: pd.DataFrame) -> int:
    return counted["result"].iloc[0].clauses


def _data(traces: list[go.Scatter]) -> dict[str, list]:
    """What a button puts into traces to make them these ones."""
    drawn = [trace.to_plotly_json() for trace in traces]
    said = [name for name in ("x", "y", "text", "hovertext") if name in drawn[-1]]
    return {name: [trace.get(name) for trace in drawn] for name in said}


def _topic_rows(counted: pd.DataFrame, row: int) -> dict:
    """The layout of some topics, in a form that a button can bring as well."""
    rows = counted[["name", "uses", "rare"]].to_numpy()
    told, too_rare = "{name} ({n})", _("{name} ({n}): too rare")
    names = [(too_rare if rare else told).format(name=name, n=uses) for name, uses, rare in rows]
    return _named_rows(names, row)


def _named_rows(names: list[str], row: int) -> dict:
    named = style.named_rows(names, 0.9, 0.42, 0.3)
    return {
        "yaxis.range": named["yaxis"]["range"],
        "yaxis.tickvals": [-number for number in range(len(names))],  # for names to the left
        "annotations": named["annotations"],
        "shapes": named["shapes"],
        "height": AXIS + 8 + row * max(len(names), 1),
    }


def _topic_traces(counted: pd.DataFrame, names: tuple[str, str]) -> list[go.Scatter]:
    """Lines, shares and alphas for one choice of clauses, one topic below the other."""
    heights = [-number for number in range(len(counted))]
    hover = [
        style.words(
            row["name"],
            _("the same in {numbers}").format(numbers=row["result"].same_words),
            _("alpha: {alpha}").format(alpha=row["alpha_words"]),
            _("both {both}, only {one} {n}, only {other} {m}").format(
                both=row["both"], one=names[0], n=row["only_1"], other=names[1], m=row["only_2"]
            ),
        )
        for row in counted.to_dict("records")
    ]
    share = {"symbol": "square", "size": 7, "outline": 0}
    return [
        style.lines(zip(counted["share"], counted["alpha"], heights, strict=True), width=2),
        style.marks(
            counted["share"], heights, hover, name=_("share with the same answer"), **share
        ),
        style.marks(counted["alpha"], heights, hover, name=_("alpha"), size=13, outline=None),
    ]


def _topic_sentence(counted: pd.DataFrame) -> str:
    shares = [result.percent for result in counted["result"]]
    words = _(
        "The share with the same answer lies between {least} and {most} per cent. "
        "{clauses} clauses, {topics} topics."
    ).format(
        least=f"{min(shares):.0f}",
        most=f"{max(shares):.0f}",
        clauses=_compared(counted),
        topics=len(counted),
    )
    shown = counted.dropna(subset="alpha")
    if len(shown):
        named = shown["name"] + " " + shown["alpha_words"]
        told = _("Alpha runs from {topics} up to {most}.")
        least = ", ".join(named[:3])
        words += " " + told.format(topics=least, most=shown["alpha_words"].iloc[-1])
    rare = counted[counted["rare"]]
    if len(rare):
        listed = ", ".join(rare["name"] + " (" + rare["uses"].astype(str) + ")")
        words += " " + _("Too rare for alpha: {topics}.").format(topics=listed)
    return words


def _topic_table(counted: pd.DataFrame, names: tuple[str, str]) -> TableView:
    columns = {
        _("Topic"): counted["name"],
        _("Clauses compared"): [subset_names()[key[0]] for key in counted.index],
        _("Both"): counted["both"],
        _("Only {coder}").format(coder=names[0]): counted["only_1"],
        _("Only {coder}").format(coder=names[1]): counted["only_2"],
        _("The same answer"): [result.same_words for result in counted["result"]],
        _("Alpha"): counted["alpha_words"],
    }
    caption, frame = _("Each topic as a yes-or-no question to every clause"), pd.DataFrame(columns)
    filters = (_("Clauses compared"),)
    return TableView("coding-topics-data", caption, frame, filters=filters, searchable=True)


@checked
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
    group = known_key("group", group, dict.fromkeys(GROUPS, ""))
    pairs = paired(book, first, second)
    # Coder B may have left a difficulty empty, or not have coded a clause that two others did.
    pairs[group] = pairs[group].astype(object).where(pairs[group].notna(), _("not told"))
    orders = {"evidence": LEVELS, "instrument": pairs["instrument"].unique()}
    words = {
        "difficulty": {1: _("1, plain"), 3: _("3, hard")},
        "example": {True: _("yes"), False: _("no")},
        "evidence": {level: evidence_cell(book, level) for level in LEVELS},
    }
    rows = []
    for value in orders.get(group, sorted(set(pairs[group]), key=str)):
        part = pairs[pairs[group] == value]
        found = {name: field_agreement(part, field) for field, name in field_names().items()}
        same = {name: result.same_words if result else "" for name, result in found.items()}
        if len(part):
            cell = words.get(group, {}).get(value, str(value))
            rows.append({group_names()[group]: cell, _("Clauses"): len(part), **same})
    one, other = coder_names(book, first, second)
    caption = _("Clauses with the same label: {one} and {other}").format(one=one, other=other)
    return TableView(f"coding-by-{group}", caption, pd.DataFrame(rows))


@checked
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
    frame = by_label(book, pairs, names)
    frame = frame[frame["label_1"] != frame["label_2"]]
    if frame.empty:
        told = _("{one} and {other} do not differ on any clause")
        raise WrongArgument(told.format(one=names[0], other=names[1]))
    told = {
        _("Clause"): frame["where"],
        _("Coder B's remark"): frame["remark"],
        _("Named in the codebook"): yes_or_no(frame["example"]),
        _("Evidence"): [evidence_cell(book, level) for level in frame["evidence"]],
    }
    frame = frame.assign(**told)[
        [_("Clause"), _("Field"), *names, _("What it says"), *list(told)[1:]]
    ]
    clauses = frame[_("Clause")].nunique()
    return TableView(
        "coding-differences",
        _("{n} differences on {clauses} of {all} clauses").format(
            n=len(frame), clauses=clauses, all=len(pairs)
        ),
        frame,
        filters=(_("Field"), names[0], _("Named in the codebook"), _("Evidence")),
        searchable=True,
        lists={names[0]: [[main_words(words)] for words in frame[names[0]]]},
    )


@checked
def grid(
    book: Book, field: str = "clause_type", first: Coding = "A", second: Coding = "B"
) -> FigureView:
    """On which labels two coders differ: pair by pair, the most common first.

    Parameters
    ----------
    book : Book
        The tables.
    field : str
        ``clause_type`` or ``direction``.
    first, second : str or a reader's own labels
        The two coders: the first gave the first label of a pair, the second the other.

    Returns
    -------
    FigureView
        A bar for each of the ten most common pairs of different labels; the table has every
        pair, the equal ones as well.

    Raises
    ------
    ValueError
        If the field is another one, or nobody coded it in both.
    """
    field = known_key("grid for the field", field, dict.fromkeys(GRID_FIELDS, ""))
    pairs = both_coded(paired(book, first, second), field)
    if pairs.empty:
        told = _("no clause has a {field} in both codings")
        raise WrongArgument(told.format(field=field))
    names, labels = coder_names(book, first, second), book.labels(field)
    parts = {name: _subset(pairs, name) for name in ("all", "no-examples")}
    cells = {name: _label_pairs(part, field, labels, names) for name, part in parts.items()}
    drawn = {name: _unlike(found, names)[:MOST] for name, found in cells.items()}
    buttons = [
        Button(f"{subset_names()[name]} ({len(parts[name])})", _pair_rows(part), _pair_data(part))
        for name, part in drawn.items()
    ]
    noun, name = field_names()[field], f"coding-grid-{field.replace('_', '-')}"
    result, unlike = field_agreement(pairs, field), _unlike(cells["all"], names)
    caption = _("{field}, label by label").format(field=noun)
    frame = cells["all"].rename(columns={"clauses": _("Clauses")})
    about = _(
        "{field}: clauses on which the two differ. Before the stroke stands {one}'s label, behind "
        "it {other}'s."
    ).format(field=noun, one=names[0], other=names[1])
    if len(unlike) > MOST:
        more = _("Drawn are the first {n} of {all} pairs.").format(n=MOST, all=len(unlike))
        about = f"{about} {more}"
    words = [
        _("{n} clauses have two different labels.").format(n=result.clauses - result.same),
        _largest(unlike, names),
        _("The same label in {numbers}.").format(numbers=result.same_words),
        _("Alpha: {alpha}.").format(alpha=_alpha_words(result)),
    ]
    return FigureView(
        name,
        _pair_plot(drawn["all"]),
        about,
        " ".join(filter(None, words)),
        TableView(f"{name}-data", caption, frame, filters=names, searchable=True),
        buttons,
        headline=_commonest_pair(unlike, names, noun.lower()),
        adapt=_room_for_two_lines,
    )


def _label_pairs(
    pairs: pd.DataFrame, field: str, labels: dict[str, str], names: tuple[str, str]
) -> pd.DataFrame:
    """Each pair of labels that occurs, in the order of the codebook, and how many clauses have it.

    Its columns are the two labels in words, and Clauses.
    """
    order = list(labels)
    counted = pairs.groupby([f"{field}_1", f"{field}_2"]).size()
    keys = sorted(counted.index, key=lambda pair: [order.index(key) for key in pair])
    cells = [(labels[one], labels[other], counted[one, other]) for one, other in keys]
    return pd.DataFrame(cells, columns=[*names, "clauses"])


def _unlike(cells: pd.DataFrame, names: tuple[str, str]) -> pd.DataFrame:
    """The pairs of different labels, the most common first, with the words of their rows."""
    found = cells[cells[names[0]] != cells[names[1]]]
    found = found.sort_values("clauses", ascending=False, kind="stable", ignore_index=True)
    told = _("clauses: {n}")
    words = found[names[0]].astype(str) + " / " + found[names[1]].astype(str)
    hover = [
        f"{names[0]}: {one}<br>{names[1]}: {other}<br>" + told.format(n=number)
        for one, other, number in found[[*names, "clauses"]].to_numpy()
    ]
    return found.assign(words=words, hover=hover)


def _pair_plot(pairs: pd.DataFrame) -> go.Figure:
    rows = _pair_rows(pairs)
    most = int(pairs["clauses"].max()) if len(pairs) else 1
    return style.figure(
        [_pair_bars(pairs)],
        height=rows["height"],
        xaxis={
            "title": {"text": _("clauses"), "font_size": 12, "standoff": 4},
            "range": [0, most * 1.12],
            "fixedrange": True,
            "side": "top",
        },
        yaxis=style.rows(*rows["yaxis.range"]),
        annotations=rows["annotations"],
        shapes=rows["shapes"],
        margin={"l": 8, "r": 8, "t": AXIS, "b": 8},
    )


def _room_for_two_lines(plot: go.Figure) -> None:
    """Two labels beside their row need two lines, and so the height they have on a phone."""
    plot.update_layout(height=min(round(plot.layout.height / layouts.FLATTER), layouts.TALLEST))


def _pair_rows(pairs: pd.DataFrame) -> dict:
    return _named_rows([style.wrapped(words, PAIR_LINE) for words in pairs["words"]], PAIR_ROW)


def _pair_data(pairs: pd.DataFrame) -> dict[str, list]:
    """What a button puts into the bars to make them those of these pairs."""
    bars = _pair_bars(pairs)
    return {part: [list(bars[part])] for part in ("x", "y", "text", "hovertext")}


def _pair_bars(pairs: pd.DataFrame) -> go.Bar:
    return go.Bar(
        orientation="h",
        x=list(pairs["clauses"]),
        y=[-number for number in range(len(pairs))],
        width=0.36,
        text=list(pairs["clauses"].astype(str)),
        textposition="outside",
        constraintext="none",
        textangle=0,
        textfont={"size": style.SMALL},
        hovertext=list(pairs["hover"]),
        hoverinfo="text",
        showlegend=False,
        marker={"color": style.NEUTRAL, "line": {"width": 0}},
    )


def _commonest_pair(unlike: pd.DataFrame, names: tuple[str, str], noun: str) -> str:
    """The two labels between which most differences lie, whoever gave which, as a headline."""
    if unlike.empty:
        return _("The two do not differ on any {field}").format(field=noun)
    sides = (
        unlike[list(names)].astype(str).apply(lambda pair: _(" and ").join(sorted(pair)), axis=1)
    )
    counted = unlike["clauses"].groupby(sides).sum()
    total, most = unlike["clauses"].sum(), counted.idxmax()
    told = _("{n} of {all} differences in {field} lie between {labels}")
    return told.format(n=counted[most], all=total, field=noun, labels=most)


def _largest(unlike: pd.DataFrame, names: tuple[str, str]) -> str:
    """The largest differences, as a sentence."""
    told = [
        f"{names[0]} {one}, {names[1]} {other}: {number}"
        for one, other, number in unlike[:3][[*names, "clauses"]].values
    ]
    return _("The largest differences are {pairs}.").format(pairs="; ".join(told)) if told else ""
