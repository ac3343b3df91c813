"""Colours, symbols and the plotly template: one style for every figure.

Each colour keeps a contrast of at least 3:1 against both the light and the dark page.
"""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterable

import pandas as pd
import plotly.graph_objects as go

from treatybook.evidence.tables import Book
from treatybook.evidence.wording import _

# One colour for each party in every figure; what belongs to no party is neutral. Each can be told
# from each other with the three kinds of colour blindness (tests/test_style.py).
PARTY_COLOURS = {
    "soviet": "#d5433b",
    "mongolian": "#2b6fc2",
    "chinese": "#c08a10",
    "white": "#8e7cc3",
    "japanese": "#aa4499",
}
# For categories of a learner's own that belong to no party: none looks like a party.
OTHER_COLOURS = ("#808080", "#1b9e77", "#a0694b", "#5f8f3f", "#3f8f9f")
# From little to much; no page shines through, so that numbers on it stay legible in both themes.
SCALE = ("#e4e4e4", "#666666")
# Evidence is fill, never hue: read, reported, not established.
READ, REPORTED, OPEN = "read", "reported", "not established"
FILLS = {
    "text": READ,
    "text-part": READ,
    "secondary": REPORTED,
    "computed": REPORTED,
    "topic": OPEN,
    "unverified": OPEN,
}
MARK_FILLS = {READ: "", REPORTED: "-open-dot", OPEN: "-open"}  # after the name of a symbol
DAY_MS = 86_400_000  # plotly measures the length of a bar on a time axis in milliseconds
NEUTRAL = "#808080"
HOLLOW = "rgba(0,0,0,0)"
FADED = 0.45
FAINT = 0.33  # strength of a fill whose outline keeps the full colour
GROUND = "#ffffff"  # of a light page; the script of the pages puts in that of a dark one

BAR_KEY = {"symbol": "line-ew-open", "size": 16, "line": {"width": 6}}
FONT = "Treatybook Sans, Arial, system-ui, sans-serif"  # as the pages; see treatybook-looks.css
SIZE = 14  # of words in a figure, in CSS pixels; names of rows and columns are one step smaller
SMALL = 12  # nothing is smaller
HOVER_LINE = 34  # characters in a line of a hover label, which a phone would otherwise cut
WIDER = 0.18  # share of a line that Cyrillic letters take from it
EDGE = 0.03  # of a range: half a mark on a phone
_AXIS = {
    "zeroline": False,
    "automargin": True,
    "gridcolor": "rgba(128,128,128,0.25)",
    "title": {"font": {"size": SIZE}},
}
TEMPLATE = go.layout.Template(
    layout={
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": SIZE, "color": "#333333"},
        "margin": {"l": 8, "r": 8, "t": 8, "b": 40},
        "hovermode": "closest",
        "hoverlabel": {"align": "left", "namelength": -1, "font": {"family": FONT, "size": SIZE}},
        "legend": {"orientation": "h", "x": 0, "yref": "container", "y": 0, "yanchor": "bottom"},
        "xaxis": _AXIS,
        "yaxis": _AXIS,
        "dragmode": False,
    },
    # Marks are outlined in the colour of the page, so that marks that overlap stay apart.
    data={"scatter": [{"marker": {"line": {"color": GROUND, "width": 1.5}, "opacity": 1}}]},
)


def party_colour(party: str) -> str:
    """The colour of a party; neutral for none."""
    return PARTY_COLOURS.get(party, NEUTRAL)


def party_colours(book: Book, list_name: str) -> dict[str, str]:
    """The colour of each label of a closed list, by the party that the codebook gives it."""
    return {label: party_colour(party) for label, party in book.parties(list_name).items()}


def filled(level: str, symbol: str = "circle") -> str:
    """The symbol of a mark whose fill says the level of evidence."""
    return symbol + MARK_FILLS[FILLS[level]]


def bar_look(level: str, colour: str) -> dict:
    """plotly's ``marker`` of a bar whose fill says the level of evidence."""
    fills = {READ: colour, REPORTED: soft(colour, FAINT), OPEN: HOLLOW}
    return {"color": fills[FILLS[level]], "line": {"color": colour, "width": 2}}


def evidence_keys(levels: Iterable[str], symbol: str = "circle") -> list[go.Scatter]:
    """Entries of the legend for the fills that occur."""
    found = {FILLS[level] for level in levels}
    return [
        key(fill_words(fill), rank, symbol=symbol + MARK_FILLS[fill])
        for rank, fill in enumerate((READ, REPORTED, OPEN), 1)
        if fill in found
    ]


def party_keys(book: Book, list_name: str, used: Iterable[str]) -> list[go.Scatter]:
    """Entries of the legend for the colours of labels: one for each colour, with all its labels.

    Parameters
    ----------
    book : Book
        The tables.
    list_name : str
        A closed list whose labels have parties.
    used : iterable of str
        The labels that occur.
    """
    colours, words, used = party_colours(book, list_name), book.labels(list_name), set(used)
    named: dict[str, list[str]] = {}
    for label in words:
        if label in used:
            named.setdefault(colours[label], []).append(words[label])
    return [key(", ".join(names), 10, color=colour) for colour, names in named.items()]


def fill_words(fill: str) -> str:
    """What a fill means, in the reader's language."""
    return {READ: _("read"), REPORTED: _("reported"), OPEN: _("not established")}.get(fill, fill)


def figure(traces: list, height: int, **layout) -> go.Figure:
    """A figure in the style of the book.

    Parameters
    ----------
    traces : list
        plotly traces.
    height : int
        Height in CSS pixels; the page reserves it before the figure is drawn.
    **layout
        Further plotly layout settings.
    """
    return go.Figure(data=traces, layout={"template": TEMPLATE, "height": height, **layout})


def marks(
    x: Iterable,
    y: Iterable,
    hover: Iterable[str],
    *,
    name: str = "",
    symbol: str | list[str] = "circle",
    size: float | list[float] = 12,
    colour: str | list[str] = NEUTRAL,
    outline: float | None = 2,
    **trace,
) -> go.Scatter:
    """Marks outlined in their own colour, each with words of its own.

    Parameters
    ----------
    x, y : iterable
        Where they stand.
    hover : iterable of str
        What is said at each, as :func:`words` writes it.
    name : str
        What the legend says; without a name they have no entry.
    symbol, size, colour
        Their look: one for all, or one for each.
    outline : float or None
        Width of the outline in CSS pixels; None for that of the template.
    **trace
        Further plotly settings.
    """
    line = {"line": {"width": outline, "color": colour}} if outline is not None else {}
    named = {"name": name} if name else {"showlegend": False}
    return go.Scatter(
        x=list(x),
        y=list(y),
        hovertext=list(hover),
        hoverinfo="text",
        marker={"symbol": symbol, "size": size, "color": colour, **line},
        **{"mode": "markers", **named, **trace},
    )


def marks_of(rows: pd.DataFrame, **look) -> go.Scatter:
    """Marks of rows whose columns ``x``, ``y`` and ``hover`` say where they stand and what is said.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per mark.
    **look
        Name, symbol, size, colour and further settings, as for :func:`marks`.
    """
    return marks(rows["x"], rows["y"], rows["hover"], **look)


def lines(ends: Iterable[tuple], *, colour: str = NEUTRAL, width: float = 5, **trace) -> go.Scatter:
    """Separate level lines, each from one place to another on the same height.

    Parameters
    ----------
    ends : iterable of (from, to, y)
        Where each begins and ends, and how high it lies.
    colour, width
        Their look; the width in CSS pixels.
    **trace
        Further plotly settings.
    """
    ends = list(ends)
    named = {} if trace.get("name") else {"showlegend": False}
    return go.Scatter(
        x=[x for start, end, _ in ends for x in (start, end, None)],
        y=[y for *_, y in ends for y in (y, y, None)],
        mode="lines",
        line={"color": colour, "width": width},
        hoverinfo="skip",
        **{**named, **trace},
    )


def bars(starts: Iterable[dt.date], days: Iterable[int], y: Iterable, **trace) -> go.Bar:
    """Level bars on an axis of days.

    Parameters
    ----------
    starts, days, y : iterable
        First day of each, how many days it covers, and how high it lies.
    **trace
        Further plotly settings.
    """
    return go.Bar(
        orientation="h",
        base=[start.isoformat() for start in starts],
        x=[number * DAY_MS for number in days],
        y=list(y),
        hoverinfo="text",
        **trace,
    )


def fixed(**axis) -> dict:
    """An axis that a touch of the figure does not move."""
    return {"fixedrange": True, **axis}


def rows(low: float, high: float) -> dict:
    """An axis of rows that bear their own names: nothing of it is drawn, and it stays as it is."""
    return fixed(visible=False, range=[low, high])


def named_rows(names: Iterable[str], top: float, name_at: float, line_at: float) -> dict:
    """Layout of rows under their names; the first is at height 0, each other one lower by 1.

    Parameters
    ----------
    names : iterable of str
        Their names.
    top : float
        Height at which the axis ends.
    name_at, line_at : float
        How far above its row a name stands, and how far below it a faint line.
    """
    names = list(names)
    return {
        "yaxis": rows(-len(names) + 0.5, top),
        "annotations": [row_name(name, name_at - y) for y, name in enumerate(names)],
        "shapes": [row_line(-y - line_at) for y in range(len(names))],
    }


def words(title: str, *more: object) -> str:
    """Words at a mark: a bold title, and one line for each thing more that is said."""
    return "<br>".join([f"<b>{title}</b>", *map(str, more)])


def faint(colour: str) -> str:
    """A fill that is told from the full colour; its outline keeps that one."""
    return soft(colour, FAINT)


def key(name: str, rank: int, **marker) -> go.Scatter:
    """An entry of the legend that belongs to no trace: what a kind of mark means.

    Parameters
    ----------
    name : str
        What the mark means.
    rank : int
        Place among the entries; plotly gives 1000 to those of other traces.
    **marker
        plotly's description of the mark.
    """
    return go.Scatter(
        x=[None],
        y=[None],
        mode="markers",
        name=name,
        legendrank=rank,
        hoverinfo="skip",
        marker={"size": 11, "color": NEUTRAL, **marker},
    )


def wrapped(text: str, width: int) -> str:
    """Text in lines of a width in characters, for names that a phone would cut."""
    return "<br>".join(textwrap.wrap(text, width))


def fitting(text: str, width: int) -> int:
    """How many characters of a text fit where so many of English do: Cyrillic letters are wider."""
    cyrillic = sum("\u0400" <= letter <= "\u04ff" for letter in text)
    return round(width * (1 - WIDER * cyrillic / max(len(text), 1)))


def short_hovers(drawing: object) -> object:
    """A drawing as JSON, with every hover text in lines that fit beside a mark on a phone.

    The lines are broken where a figure is shown, so that a view keeps its words whole; all
    traces, frames and changes by a button are reached.

    Parameters
    ----------
    drawing : object
        What plotly's JSON holds: mappings, lists and plain values.
    """
    if isinstance(drawing, dict):
        return {
            key: _short(value) if key == "hovertext" else short_hovers(value)
            for key, value in drawing.items()
        }
    return [short_hovers(part) for part in drawing] if isinstance(drawing, list) else drawing


def _short(texts: object) -> object:
    if isinstance(texts, list):
        return [_short(text) for text in texts]
    if not isinstance(texts, str):
        return texts
    # A key of a source is one word; a break within it would make it another key.
    lines = [
        textwrap.fill(line, HOVER_LINE, break_long_words=False, break_on_hyphens=False)
        for line in texts.split("<br>")
    ]
    return "<br>".join(lines).replace("\n", "<br>")


def padded(first: str, last: str) -> list[str]:
    """Two days as the range of an axis, with room for half a mark beyond each."""
    start, end = dt.datetime.fromisoformat(first), dt.datetime.fromisoformat(last)
    room = (end - start) * EDGE
    return [day.isoformat(" ", "minutes") for day in (start - room, end + room)]


def columns(names: list[str]) -> dict:
    """An axis of named columns above the plot, every name shown, empty columns kept."""
    return {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": names,
        "range": [-0.5, len(names) - 0.5],
        "side": "top",
        "tickangle": -60,
        "tickfont": {"size": SMALL},
        "dtick": 1,
        "fixedrange": True,
    }


def note(text: str, x: object, y: float, **more) -> dict:
    """Small words in the plot; ``more`` are plotly's settings of an annotation."""
    return {"text": text, "x": x, "y": y, "showarrow": False, "font": {"size": SMALL}, **more}


def row_name(text: str, y: float) -> dict:
    """Name of a row, written above it inside the plot, where it takes no width on a phone."""
    return {
        "text": text,
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "y": y,
        "yanchor": "middle",
        "align": "left",
        "showarrow": False,
        "font": {"size": SMALL},
    }


def soft(colour: str, share: float) -> str:
    """A share of a colour, so that words on it stay legible in both themes."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"


def row_line(y: float) -> dict:
    """A faint line between two rows."""
    line = {"color": "rgba(128,128,128,0.4)", "width": 1}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": y, "y1": y, "line": line}
