"""The sources: how far each was read and how much rests on it."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import source_cell
from treatybook.display.content import FigureView, TableView
from treatybook.evidence.errors import WrongArgument, checked, whole_number
from treatybook.evidence.tables import BIBLIOGRAPHY, Book
from treatybook.evidence.wording import _, percent

ROOM = 1.16  # of the longest bar, for the number behind it


@checked
def uses(book: Book) -> Counter[str]:
    """How many rows of all tables name each source."""
    found: Counter[str] = Counter()
    for name in book.names:
        for field in book.fields(name):
            if field.get("refersTo") == BIBLIOGRAPHY:
                cells = book.table(name)[field["name"]].explode().dropna()
                found.update(key for key in cells if key)
    return found


@checked
def read_extent(book: Book) -> FigureView:
    """Sources by how much of them was read.

    Raises
    ------
    WrongArgument
        If the bibliography has no source.
    """
    extents = Counter(source.extent for source in book.sources.values())
    if not extents:
        raise WrongArgument(_("the bibliography has no source yet"))
    ordered = extents.most_common()
    names, numbers = [name for name, _ in ordered], [number for _, number in ordered]
    bars = go.Bar(
        orientation="h",
        y=[_broken(name) for name in reversed(names)],
        x=numbers[::-1],
        text=numbers[::-1],
        textposition="outside",
        cliponaxis=False,
        hoverinfo="none",
        marker={"color": style.NEUTRAL},
    )
    plot = style.figure(
        [bars],
        height=50 + 46 * len(ordered),
        xaxis=style.fixed(title={"text": _("sources")}, range=[0, numbers[0] * ROOM]),
        yaxis=style.fixed(type="category"),
    )
    told = _("{n} {label}")
    parts = ", ".join(told.format(n=number, label=name) for name, number in ordered)
    frame = pd.DataFrame(ordered, columns=[_("How much was read"), _("Sources")])
    share, most = numbers[0] / sum(numbers), names[0]
    words = _(
        "{share} of the sources have one extent of reading: {extent}. {n} sources in all: {parts}."
    ).format(share=percent(share), extent=most, n=sum(numbers), parts=parts)
    return FigureView(
        "read-extent",
        plot,
        _("Each bar counts the sources of which so much was read for this book."),
        words,
        TableView("read-extent-data", _("Sources by extent of reading"), frame),
        headline=_("{n} of {all} sources: {extent}").format(
            n=numbers[0], all=sum(numbers), extent=most
        ),
    )


def _broken(text: str, width: int = 24) -> str:
    """Break a long axis label at a blank, so that it leaves room on a phone."""
    if len(text) <= width:
        return text
    cut = text.rfind(" ", 0, width)
    return f"{text[:cut]}<br>{_broken(text[cut + 1 :], width)}"


@checked
def most_used(book: Book, number: int = 15) -> TableView:
    """The sources on which most rows rest."""
    number = whole_number("number of sources", number, 1, 10_000)
    most = uses(book).most_common(number)
    table = {
        _("Source"): [source_cell(key) for key, _ in most],
        _("Rows that name it"): [count for _, count in most],
        _("How much was read"): [book.sources[key].extent for key, _ in most],
    }
    caption = _("The {n} sources named most often").format(n=len(most))
    return TableView("most-used", caption, pd.DataFrame(table))
