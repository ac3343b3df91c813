"""One way to show a view: on a page of the book and in JupyterLab.

On a page a figure becomes a ``figure`` element with caption, text alternative and
data table; a script draws the plot when it comes near the screen. In JupyterLab the
same view is shown through plotly's own MIME type, between its caption and its table.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

import plotly.graph_objects as go
from IPython.display import HTML, display

from treatybook.display.content import Button, FigureView, QuizView, TableView, View
from treatybook.display.elements import element
from treatybook.display.rendering import (
    PLOT_CONFIG,
    drawing,
    figure_html,
    folded_table,
    quiz_html,
    table_html,
)

# The Sphinx extension sets this variable, and the kernels of the build inherit it.
PAGE_VARIABLE = "TREATYBOOK_PAGE"
CONTROLS = 50  # height of a row of plotly's own buttons, in CSS pixels


def show(view: FigureView | TableView | QuizView, *, links: bool = True) -> None:
    """Show a figure, a table or questions.

    Parameters
    ----------
    view : FigureView, TableView or QuizView
        What a view function returned.
    links : bool
        Whether cells link to rows on pages of the book. Rows of a private copy have no page.

    Raises
    ------
    TypeError
        If it is something else.
    """
    if isinstance(view, TableView):
        display(HTML(table_html(view, links=links and _on_page())))
    elif isinstance(view, QuizView):
        display(HTML(quiz_html(view, forms=_on_page())))
    elif not isinstance(view, FigureView):
        raise TypeError(f"show() takes a figure, a table or questions, not {type(view).__name__}")
    elif _on_page():
        display(HTML(figure_html(view, links)))
    else:
        _show_in_notebook(view)


def _on_page() -> bool:
    return bool(os.environ.get(PAGE_VARIABLE))


def _show_in_notebook(view: FigureView) -> None:
    display(HTML(element("p", element("strong", view.caption))))
    plot = go.Figure(view.plot)
    # Plotly's own controls lie inside the drawing: they get room above and below what is there.
    if view.buttons:
        above = _more_room(plot, "t", CONTROLS)
        plot.update_layout(updatemenus=[_plotly_buttons(view.buttons, above)])
    if view.player:
        below = _more_room(plot, "b", 2 * CONTROLS)
        plot.update_layout(sliders=[_plotly_slider(view, below)])
    bundle = {
        "application/vnd.plotly.v1+json": {**drawing(plot), "config": PLOT_CONFIG},
        "text/plain": view.alternative,
    }
    display(bundle, raw=True)
    display(HTML(element("p", view.alternative) + folded_table(view.table, links=False)))


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
