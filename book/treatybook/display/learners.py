"""A figure or table of a learner's own, made ready to be shown.

Whoever writes a cell draws with plotly, express or graph objects, on the frames of the book. This
gives the drawing the look of the book and the reader's words, and the figure what it lacks.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import plotly.graph_objects as go
from plotly import colors

from treatybook.display import labels, style
from treatybook.display.content import FigureView, TableView
from treatybook.evidence.dates import EdtfDate
from treatybook.evidence.errors import WrongArgument, folded
from treatybook.evidence.tables import Book
from treatybook.evidence.wording import SOURCE, _, plural, spoken

HEIGHT = 420  # of a figure that has none, in CSS pixels
MOST_COLUMNS = 6  # of a frame that was made for its drawing
MARK = 10  # size of a mark whose fill is to be seen, in CSS pixels
NAME_WORDS = 7  # of a headline that make the name of a figure
EXPRESS_COLOURS = {colour.lower() for colour in colors.qualitative.Plotly}
EXPRESS_SCALE = colors.sequential.Plasma[0].lower()
COLOURED = ("scatter", "bar", "histogram", "box", "violin")  # traces with one colour each


def named(headline: str) -> str:
    """Name of a figure by its headline: ``figure-61-of-70-numbers``."""
    # Without accents, as in an address, and not beginning with a digit, as in a style sheet.
    name = "-".join(folded(headline).split()[:NAME_WORDS])
    return name if name[:1].isalpha() else f"figure-{name}".rstrip("-")


def figure(
    book: Book,
    plot: go.Figure,
    data: pd.DataFrame | pd.Series,
    *,
    headline: str,
    words: str,
    caption: str,
    name: str,
) -> FigureView:
    """A drawing with all that the book says of a figure.

    Parameters
    ----------
    book : Book
        The tables that have the words for columns and codes.
    plot : plotly.graph_objects.Figure
        The drawing; it stays as it is.
    data : pandas.DataFrame or pandas.Series
        The rows that it was drawn from.
    headline, words, caption, name : str
        As for :func:`treatybook.display.output.show`.

    Raises
    ------
    WrongArgument
        If there is no row.
    """
    data = _flat(book, data)
    made, columns = drawing(book, plot, data)
    rows = plural(
        "Drawn from {n} row; the table below has them.",
        "Drawn from {n} rows; the table below has them.",
        len(data),
    )
    dated = any(isinstance(x, EdtfDate) for col in columns & set(data) for x in data[col])
    return FigureView(
        name=name,
        plot=made,
        caption=caption or " ".join([rows, *[_first_days()] * dated]),
        alternative=words or None,
        table=_table(
            book,
            _shown(data, columns),
            f"{name}-data",
            _("Data of: {figure}").format(figure=headline or name),
        ),
        player=_player(plot, book),
        headline=headline,
    )


def _first_days() -> str:
    return _("A date that is not exact to the day stands on its first day.")


def table(book: Book, data: pd.DataFrame | pd.Series, headline: str, name: str) -> TableView:
    """A frame as a table of the book, with the reader's words; parameters as for ``figure``."""
    return _table(book, _flat(book, data), name, headline)


def _table(book: Book, data: pd.DataFrame, name: str, caption: str) -> TableView:
    return TableView(name, caption, labels.frame(labels.Words(book), data))


def _flat(book: Book, data: pd.DataFrame | pd.Series) -> pd.DataFrame:
    """A frame whose index, if it says something, is its first columns."""
    rows = data.to_frame(data.name or "number") if isinstance(data, pd.Series) else data
    if rows.empty:
        raise WrongArgument(
            _(
                "show: data has no rows, so there is nothing to show: a word in quotes may be spelt "
                "otherwise (labels have small letters), a date is no text (make it one with "
                ".map(str)), or a filter here or in a cell above fits nothing"
            )
        )
    if isinstance(rows.columns, pd.MultiIndex):
        rows = rows.set_axis([", ".join(map(str, name)) for name in rows.columns], axis="columns")
    codes = labels.Words(book).of(rows.columns.name, rows.columns)  # of a frame made by pivot
    rows = rows.set_axis([codes.get(name, name) for name in rows.columns], axis="columns")
    index = rows.index
    is_number = index.nlevels == 1 and index.name is None and pd.api.types.is_integer_dtype(index)
    return rows.reset_index(drop=is_number)


def _shown(data: pd.DataFrame, columns: set[str]) -> pd.DataFrame:
    """All columns that somebody chose; of a whole table the first, and those of the drawing.

    A drawing does not name all that it shows: an axis may have no title, and a bar of doubt no name.
    """
    if len(data.columns) <= MOST_COLUMNS:
        return data
    named = [name for name in data.columns if name in columns]
    return data[list(dict.fromkeys([data.columns[0], *named]))] if named else data


def drawing(
    book: Book, plot: go.Figure, data: pd.DataFrame | None = None
) -> tuple[go.Figure, set[str]]:
    """A drawing in the look and words of the book, and the columns that it names."""
    words = labels.Words(book)
    made = go.Figure(plot)
    made.update_traces(textinfo="label+value", selector={"type": "pie", "textinfo": None})
    _name_only_series(made)
    if data is not None:
        _title_axes(made, data)
        _code_words(words, made, data)
    _colour(words, made)
    made, columns = labels.drawing(words, made)
    if data is not None:
        _name_columns(words, made, set(data.columns))
    if (made.layout.coloraxis.colorscale or [[0, ""]])[0][1].lower() == EXPRESS_SCALE:
        made.layout.coloraxis.colorscale = list(style.SCALE)
    layout = made.layout
    layout.template, layout.title, layout.width = style.TEMPLATE, None, None
    layout.sliders = layout.updatemenus = ()
    layout.height = layout.height or HEIGHT
    if layout.margin.to_plotly_json() == {"t": 60}:  # of express, for a title
        layout.margin = None
    return made, columns


def _title_axes(plot: go.Figure, data: pd.DataFrame) -> None:
    """An axis without a title is called after the column that stands on it."""
    for trace, part, title in _axes(plot):
        values = list(trace[part])
        same = (str(name) for name in data.columns if list(data[name]) == values)
        if title.text is None:
            title.text = next(same, None)


def _code_words(words: labels.Words, plot: go.Figure, data: pd.DataFrame) -> None:
    """Codes on an axis whose title was taken away are said in another language; they are English."""
    if spoken() == SOURCE:
        return
    for trace, part, title in _axes(plot):
        values = list(trace[part])
        if title.text == "":
            same = (name for name in data.columns if set(values) <= set(data[name].map(str)))
            said = words.of(next(same, ""), values)
            trace[part] = [said.get(value, value) for value in values]


def _axes(plot: go.Figure) -> Iterator[tuple[object, str, object]]:
    """Each trace with the parts of it that stand on an axis, and the title of that axis."""
    for trace in plot.data:
        for part in "xy":
            if f"{part}axis" in trace and trace[part] is not None:
                axis = f"{part}axis{(trace[f'{part}axis'] or '')[1:]}"
                yield trace, part, plot.layout[axis].title


def _name_only_series(plot: go.Figure) -> None:
    """What express calls the value of a variable has a name where there is only one."""
    legend = plot.layout.legend.title
    if legend.text != "variable" or len(plot.data) != 1:
        return
    (trace,) = plot.data
    for axis in (plot.layout.xaxis, plot.layout.yaxis):
        axis.title.text = trace.name if axis.title.text == "value" else axis.title.text
    about = (trace.hovertemplate or "").replace(f"variable={trace.name}<br>", "")
    trace.hovertemplate = about.replace("value=", f"{trace.name}=")
    trace.name, trace.showlegend, legend.text = "", False, None


def _name_columns(words: labels.Words, plot: go.Figure, columns: set[str]) -> None:
    """A series that is a column of the rows is called as that is headed."""
    for trace in plot.data:
        if trace.name in columns:
            said = words.series(trace.name)
            if "hovertemplate" in trace and trace.hovertemplate:
                about = trace.hovertemplate.replace(f": {trace.name}<br>", f": {said}<br>")
                trace.hovertemplate = about
            trace.name = said


def _player(plot: go.Figure, book: Book) -> str:
    """Name of the slider of an animation: its column in words."""
    if not plot.frames:
        return ""
    sliders = plot.layout.sliders
    prefix = sliders[0].currentvalue.prefix if sliders else None
    return labels.Words(book).heading((prefix or _("Step")).strip("=: "))


def _colour(words: labels.Words, plot: go.Figure) -> None:
    """Colours that express has chosen give way to those of parties and to fills."""
    columns = (plot.layout.legend.title.text or "").split(", ")
    traces = [trace for trace in plot.data if trace.type in COLOURED and _is_default(trace)]
    names = list(dict.fromkeys(trace.name for trace in traces))
    is_one = len(names) == 1  # also in several parts
    for trace in traces:
        codes = (trace.name or "").split(", ")
        told = dict(zip(columns, codes, strict=False)) if len(columns) == len(codes) else {}
        lists = {words.list_of(column): code for column, code in told.items()}
        parties = {name: words.book.parties(name) for name in lists if name}
        colours = [
            parties[name].get(lists[name]) for name in parties if any(parties[name].values())
        ]
        if colours or is_one or "evidence" in lists:
            _paint(trace, style.party_colour(next(iter(colours), "")))
        else:
            others = style.OTHER_COLOURS
            _paint(trace, others[names.index(trace.name) % len(others)])
        if lists.get("evidence") in style.FILLS:
            _fill(trace, lists["evidence"])


def _is_default(trace: go.Scatter | go.Bar) -> bool:
    colour = trace.marker.color
    if colour is None and "line" in trace:
        colour = trace.line.color
    return colour is None or (isinstance(colour, str) and colour.lower() in EXPRESS_COLOURS)


def _paint(trace: go.Scatter | go.Bar, colour: str) -> None:
    trace.marker.color = colour
    if trace.type == "scatter":
        trace.line.color = colour


def _fill(trace: go.Scatter | go.Bar, level: str) -> None:
    """Evidence is fill."""
    if trace.type in ("bar", "histogram"):
        trace.marker.update(style.bar_look(level, trace.marker.color), overwrite=True)
    elif trace.type == "scatter":
        trace.marker.symbol = style.filled(level, trace.marker.symbol or "circle")
        trace.marker.size = MARK if trace.marker.size is None else trace.marker.size
