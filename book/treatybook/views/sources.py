"""The sources: how far each was read and how much rests on it."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.content import Cell, FigureView, TableView
from treatybook.evidence.identifiers import address
from treatybook.evidence.tables import BIBLIOGRAPHY, Book


def uses(book: Book) -> Counter[str]:
    """How many rows of all tables name each source."""
    found: Counter[str] = Counter()
    for name in book.names:
        frame = book.table(name)
        for field in book.fields(name):
            if field.get("refersTo") == BIBLIOGRAPHY:
                for cell in frame[field["name"]]:
                    found.update(cell if isinstance(cell, tuple) else [cell] if cell else [])
    return found


def read_extent(book: Book) -> FigureView:
    """Sources by how much of them was read."""
    extents = Counter(source.extent for source in book.sources.values())
    ordered = extents.most_common()
    frame = pd.DataFrame(ordered, columns=["How much was read", "Sources"])
    plot = style.figure(
        [
            go.Bar(
                orientation="h",
                y=[_broken(name) for name, _ in reversed(ordered)],
                x=[number for _, number in reversed(ordered)],
                text=[number for _, number in reversed(ordered)],
                textposition="auto",
                hoverinfo="none",
                marker={"color": style.THREAD_COLOURS["moscow"]},
            )
        ],
        height=90 + 46 * len(ordered),
        xaxis={"title": {"text": "sources"}, "fixedrange": True},
        yaxis={"type": "category", "fixedrange": True},
    )
    total = sum(extents.values())
    parts = ", ".join(f"{number} {name}" for name, number in ordered)
    table = TableView("read-extent-data", "Sources by extent of reading", frame)
    caption = "How much of each source was read for this book."
    return FigureView("read-extent", plot, caption, f"{total} sources: {parts}.", table)


def _broken(text: str, width: int = 24) -> str:
    """Break a long axis label at a blank, so that it leaves room on a phone."""
    if len(text) <= width:
        return text
    cut = text.rfind(" ", 0, width)
    return f"{text[:cut]}<br>{_broken(text[cut + 1 :], width)}"


def most_used(book: Book, number: int = 15) -> TableView:
    """The sources on which most rows rest."""
    rows = [
        {
            "Source": Cell(key, href=address("source", key)),
            "Rows that name it": count,
            "How much was read": book.sources[key].extent,
        }
        for key, count in uses(book).most_common(number)
    ]
    return TableView("most-used", f"The {len(rows)} sources named most often", pd.DataFrame(rows))
