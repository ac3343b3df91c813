"""One way to show a view: on a page of the book and in JupyterLab.

On a page a figure becomes a ``figure`` element with headline, legend, caption, words and data
table; the build draws it into the page. In JupyterLab the same view is shown through plotly's own
MIME type, between its headline and its table.
"""

from __future__ import annotations

import dataclasses
import math
import os
import re
from collections.abc import Iterable

import pandas as pd
import plotly.graph_objects as go
from IPython.display import HTML, display
from markupsafe import Markup
from plotly.io import to_html

from treatybook.display import layouts, learners, spoken_plots, style
from treatybook.display.content import Button, FigureView, QuizView, TableView, View, text_of
from treatybook.display.elements import element, joined
from treatybook.display.rendering import (
    drawing,
    figure_html,
    folded_table,
    quiz_html,
    table_html,
)
from treatybook.evidence.errors import WrongArgument, checked, seen
from treatybook.evidence.tables import last_read
from treatybook.evidence.wording import _

# The Sphinx extension sets this variable, and the kernels of the build inherit it.
PAGE_VARIABLE = "TREATYBOOK_PAGE"
CONTROLS = 50  # height of a row of plotly's own buttons, in CSS pixels
# Of plotly's own legend, in CSS pixels: a line, an entry without its words, a letter, the width.
LEGEND_LINE, ENTRY, LETTER, WIDTH = 22, 45, 7, 640
# JupyterLab and VS Code draw figures by themselves; what else runs a notebook needs the library.
OWN_LIBRARY = ("JPY_SESSION_NAME", "VSCODE_PID")
NUMBER = re.compile(r"(-?[\d,.]+%?)?")
_sent: list[bool] = []  # whether a figure of this notebook has brought the library


@checked
def show(
    what: object,
    *,
    headline: str = "",
    data: pd.DataFrame | pd.Series | None = None,
    words: str = "",
    caption: str = "",
    name: str = "",
    links: bool = True,
) -> None:
    """Show a view of the book, a figure drawn with plotly, or a frame.

    Names of columns and codes are shown in the words of the descriptor and the codebook.

    Parameters
    ----------
    what : FigureView, TableView, QuizView, plotly figure, DataFrame or Series
        What is shown. All further parameters but ``links`` are for a figure drawn with plotly or
        a frame: a view has them already.
    headline : str
        What the figure found, in one sentence; of a frame, what it holds. A page needs one.
    data : pandas.DataFrame or pandas.Series, optional
        The rows that the figure was drawn from: its data table. A page needs them.
    words : str
        What the figure shows, in a sentence or two with the numbers. On a page, the paragraph
        after the cell says it if nothing stands here.
    caption : str
        How to read it.
    name : str
        Id on the page; by default made of the headline.
    links : bool
        Whether cells link to rows on pages of the book. Rows of a private copy have no page.

    Raises
    ------
    WrongArgument
        If it is something else, or if a page lacks the headline or the rows.
    """
    about = {"headline": headline, "words": words, "caption": caption, "name": name}
    if isinstance(what, View):
        given = [part for part, value in about.items() if value] + ["data"] * (data is not None)
        if given:
            rule = _("show: a view of the book has its own {parts}")
            raise WrongArgument(rule.format(parts=_(" and ").join(given)))
        _show_view(what, links)
    elif isinstance(what, go.Figure):
        _show_plot(what, data, about, links)
    elif isinstance(what, pd.DataFrame | pd.Series):
        _needed(headline, _("show: a table on a page needs its headline=: what does it hold?"))
        name = name or f"{learners.named(headline)}-table"
        _show_view(learners.table(last_read(), what, headline or _("A table"), name), links)
    else:
        raise WrongArgument(
            _(
                "show: it takes a figure, a table or questions, as in show(timeline.timeline(book)) "
                "or show(px.histogram(...)), and this is not: {found}"
            ).format(found=seen(what))
        )


def _needed(given: object, rule: str) -> None:
    if _on_page() and not given:
        raise WrongArgument(rule)


def _show_plot(plot: go.Figure, data: object, about: dict[str, str], links: bool) -> None:
    headline = about["headline"] or plot.layout.title.text or ""
    name = about["name"] or learners.named(headline)
    rule = _("show: a figure on a page needs its headline=: what did it find, in one sentence?")
    _needed(headline, rule)
    rule = _("show: a figure on a page needs its data=: the rows that it was drawn from")
    _needed(data is not None, rule)
    if data is None:
        drawn = learners.drawing(last_read(), plot)[0]
        _show_headline(headline)
        _draw(drawn, name, headline or _("A figure"))
    else:
        about |= {"headline": headline, "name": name}
        _show_view(learners.figure(last_read(), plot, data, **about), links)


def _show_view(view: View, links: bool) -> None:
    if isinstance(view, TableView):
        html = table_html(view, links=links and _on_page())
        display(HTML(html if _on_page() else _aligned(html, _is_text(view.frame))))
    elif isinstance(view, QuizView):
        display(HTML(quiz_html(view, forms=_on_page())))
    elif _on_page():
        display(HTML(figure_html(view, links)))
    else:
        _show_in_notebook(view)


def _on_page() -> bool:
    return bool(os.environ.get(PAGE_VARIABLE))


# In a notebook -------------------------------------------------------------------------------


def _show_in_notebook(view: FigureView) -> None:
    plot = layouts.wide(view.plot, view.adapt)
    # Plotly's own controls lie inside the drawing: they get room above and below what is there.
    if view.buttons:
        above = _more_room(plot, "t", CONTROLS)
        buttons = [
            dataclasses.replace(one, layout=layouts.change(one.layout, view.plot, plot))
            for one in view.buttons
        ]
        plot.update_layout(updatemenus=[_plotly_buttons(buttons, above)])
    if view.player:
        below = _more_room(plot, "b", 2 * CONTROLS)
        plot.update_layout(sliders=[_plotly_slider(view, below)])
    _show_headline(view.headline)
    _draw(plot, view.name, view.alternative or view.caption)
    said = [element("p", part) for part in (view.caption, view.alternative) if part]
    table = _aligned(folded_table(view.table, links=False), _is_text(view.table.frame))
    display(HTML(joined([*said, table])))


def _is_text(frame: pd.DataFrame) -> list[bool]:
    """For each column of a view whether some cell holds more than a number."""
    columns = (frame.iloc[:, place] for place in range(frame.shape[1]))
    return [not all(NUMBER.fullmatch(text_of(cell)) for cell in column) for column in columns]


def frame_html(frame: pd.DataFrame) -> str:
    """A frame that is the last line of a cell of a notebook, as pandas writes it."""
    html = frame._repr_html_()
    if not html:  # as the options of pandas may say
        return ""
    levels = frame.index.nlevels
    kinds = [frame.index.get_level_values(level).dtype for level in range(levels)]
    is_text = [not pd.api.types.is_numeric_dtype(kind) for kind in (*kinds, *frame.dtypes)]
    most = pd.get_option("display.max_columns") or len(is_text)
    if frame.shape[1] > most:  # of many columns pandas shows the first, dots, and the last
        half = most // 2
        is_text = [*is_text[: levels + half], True, *is_text[-half:]]
    return _aligned(html, is_text)


def _aligned(html: str, is_text: list[bool]) -> Markup:
    """A table with its text to the left: the sheet of JupyterLab sets all cells to the right."""
    # Counted from the end, because the name of a row that goes on is written once.
    places = [len(is_text) - place for place, text in enumerate(is_text) if text]
    name = "-".join(["tb-left", *map(str, places)])
    cells = ", ".join(f".{name} tr > :nth-last-child({place})" for place in places)
    style = element("style", Markup(f"{cells} {{text-align: left !important}}")) if places else ""
    return element("div", style, Markup(html), class_=name)


def _show_headline(text: str) -> None:
    if text:
        display(HTML(element("p", element("strong", text))))


def _draw(plot: go.Figure, name: str, words: str) -> None:
    """Show a drawing on a ground of its own, which is light whatever the theme."""
    _legend(plot)
    plot.update_layout(paper_bgcolor=style.GROUND, plot_bgcolor=style.GROUND)
    drawn = drawing(plot)
    bundle = {
        "application/vnd.plotly.v1+json": {**drawn, "config": spoken_plots.config()},
        "text/plain": words,
    }
    if not any(name in os.environ for name in OWN_LIBRARY):
        bundle["text/html"] = _as_html(drawn, name)
    display(bundle, raw=True)


def _as_html(drawn: dict, name: str) -> str:
    """A drawing for ``jupyter nbconvert --to html``: the first of a notebook brings the library."""
    has_library, _sent[:] = bool(_sent), [True]
    options = {
        "include_plotlyjs": not has_library,
        "config": spoken_plots.config(),
        "auto_play": False,
    }
    return to_html(drawn, full_html=False, validate=False, div_id=f"{name}-plot", **options)


def _legend(plot: go.Figure) -> None:
    """Room for the entries of plotly's legend below a drawing; a click on one does nothing."""
    named = [trace for trace in plot.data if trace.name and trace.showlegend is not False]
    if plot.layout.showlegend is False or (len(named) < 2 and not any(x.showlegend for x in named)):
        return
    entry = max(ENTRY + LETTER * len(trace.name) for trace in named)
    lines = math.ceil(len(named) / max(1, WIDTH // entry))
    _more_room(plot, "b", LEGEND_LINE * lines)
    plot.update_layout(legend_itemclick=False, legend_itemdoubleclick=False)


def _more_room(plot: go.Figure, side: str, room: int) -> float:
    """Widen a margin and the height of a drawing; gives the margin as it was."""
    layout = plot.layout
    before = layout.margin[side]
    before = layout.template.layout.margin[side] if before is None else before
    plot.update_layout(margin={side: before + room}, height=layout.height + room)
    return before


def _plotly_slider(view: FigureView, below: float) -> dict:
    at_once = {"mode": "immediate", "frame": {"duration": 0, "redraw": True}}
    names = [frame.name for frame in view.plot.frames]
    return {
        "pad": {"t": below},
        "active": view.start,
        "currentvalue": {"prefix": f"{view.player}: "},
        "steps": [{"label": x, "method": "animate", "args": [[x], at_once]} for x in names],
    }


def _plotly_buttons(buttons: Iterable[Button], above: float) -> dict:
    changes = {button.label: [dict(button.data), dict(button.layout)] for button in buttons}
    return {
        "type": "buttons",
        "direction": "right",
        **{"x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom", "pad": {"b": above}},
        "buttons": [
            {"label": label, "method": "update", "args": change}
            for label, change in changes.items()
        ],
    }


# The last line of a cell needs no call: content.py is imported here and cannot name this function.
View._ipython_display_ = show
