"""One way to show a view: on a page of the book and in JupyterLab.

On a page a figure becomes a ``figure`` element with caption, text alternative and
data table; a script draws the plot when it comes near the screen. In JupyterLab the
same view is shown through plotly's own MIME type, between its caption and its table.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

import plotly.graph_objects as go
from IPython.display import HTML, display

from treatybook.display import style
from treatybook.display.content import (
    PLACEHOLDER,
    Button,
    Cell,
    FigureView,
    Quiz,
    QuizView,
    TableView,
    View,
)

# The Sphinx extension sets this variable, and the kernels of the build inherit it.
PAGE_VARIABLE = "TREATYBOOK_PAGE"
CONTROLS = 50  # height of a row of plotly's own buttons, in CSS pixels
LONG_TEXT = 60  # characters from which a cell is given a wider column
# A cell with more links and more characters folds: it would make its row as high as the screen.
MANY_LINKS, MUCH_TEXT = 6, 160
CARDS = range(3, 6)  # numbers of columns with which rows of long text become cards on a phone
NO_SCRIPT = (
    "<noscript><p>This figure needs JavaScript; its data are in the table below.</p></noscript>"
)
PLOT_CONFIG = {
    "responsive": True,
    "displaylogo": False,
    "showSendToCloud": False,
    "modeBarButtonsToRemove": ["lasso2d", "select2d", "autoScale2d"],
}


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
    display(HTML(f"<p><strong>{escape(view.caption)}</strong></p>"))
    plot = go.Figure(view.plot)
    # Plotly's own controls lie inside the drawing: they get room above and below what is there.
    above, below = (_margin(plot, side) for side in "tb")
    if view.buttons:
        plot.update_layout(
            margin_t=above + CONTROLS,
            height=plot.layout.height + CONTROLS,
            updatemenus=[_plotly_buttons(view.buttons, above)],
        )
    if view.player:
        plot.update_layout(
            margin_b=below + 2 * CONTROLS,
            height=plot.layout.height + 2 * CONTROLS,
            sliders=[_plotly_slider(view, below)],
        )
    bundle = {
        "application/vnd.plotly.v1+json": {**_drawing(plot), "config": PLOT_CONFIG},
        "text/plain": view.alternative,
    }
    display(bundle, raw=True)
    display(HTML(f"<p>{escape(view.alternative)}</p>{_folded(view.table, links=False)}"))


def _drawing(plot: go.Figure) -> dict:
    return style.short_hovers(json.loads(plot.to_json()))


def _margin(plot: go.Figure, side: str) -> float:
    own = plot.layout.margin[side]
    return plot.layout.template.layout.margin[side] if own is None else own


def _plotly_slider(view: FigureView, below: float) -> dict:
    at_once = {"mode": "immediate", "frame": {"duration": 0, "redraw": True}}
    return {
        "pad": {"t": below},
        "active": view.start,
        "currentvalue": {"prefix": f"{view.player}: "},
        "steps": [
            {"label": frame.name, "method": "animate", "args": [[frame.name], at_once]}
            for frame in view.plot.frames
        ],
    }


def _plotly_buttons(buttons: Iterable[Button], above: float) -> dict:
    return {
        "type": "buttons",
        "direction": "right",
        "x": 0,
        "xanchor": "left",
        "y": 1,
        "yanchor": "bottom",
        "pad": {"b": above},
        "buttons": [
            {
                "label": button.label,
                "method": "update",
                "args": [dict(button.data), dict(button.layout)],
            }
            for button in buttons
        ],
    }


def figure_html(view: FigureView, links: bool = True) -> str:
    """HTML of a figure for a page.

    Parameters
    ----------
    view : FigureView
        The figure.
    links : bool
        Whether the cells of its table link to pages of the book.

    Returns
    -------
    str
        A ``figure`` element. Its JSON is inert text until the page's script draws it.
    """
    plot = _drawing(view.plot)
    content = {"data": plot["data"], "layout": plot["layout"], "config": PLOT_CONFIG}
    if view.player:
        content["frames"] = plot["frames"]
    # "</" would end the script element early.
    data = json.dumps(content, ensure_ascii=False, sort_keys=True).replace("</", "<\\/")
    name = escape(view.name, quote=True)
    buttons = "".join(
        f'<button type="button" data-update="{_change(button)}">{escape(button.label)}</button>'
        for button in view.buttons
    )
    controls = (
        f'<div class="tb-buttons" role="group" aria-label="What the figure shows">{buttons}</div>'
        if buttons
        else ""
    )
    return (
        f'<figure class="tb-figure" id="{name}" aria-labelledby="{name}-caption">{controls}'
        f"{_player(view)}"
        f'<div class="tb-plot" id="{name}-plot" style="height:{view.plot.layout.height}px"'
        f' role="group" aria-labelledby="{name}-caption" aria-describedby="{name}-words"></div>'
        f"{NO_SCRIPT}"
        f'<script type="application/json">{data}</script>'
        f'<figcaption id="{name}-caption">{escape(view.caption)}</figcaption>'
        f'<p class="tb-words" id="{name}-words"><strong>In words.</strong> '
        f"{escape(view.alternative)}</p>{_folded(view.table, links)}</figure>"
    )


def _change(button: Button) -> str:
    change = style.short_hovers({"data": dict(button.data), "layout": dict(button.layout)})
    return escape(json.dumps(change, ensure_ascii=False), quote=True)


def _player(view: FigureView) -> str:
    """A slider and a button that move through the frames, by mouse, touch or keyboard."""
    if not view.player:
        return ""
    names = json.dumps([frame.name for frame in view.plot.frames], ensure_ascii=False)
    last = len(view.plot.frames) - 1
    return (
        f'<div class="tb-player" data-frames="{escape(names, quote=True)}">'
        '<button type="button">Play</button>'
        f"<label>{escape(view.player)}"
        f'<input type="range" min="0" max="{last}" value="{view.start}" step="1"></label>'
        f'<output role="status">{escape(view.plot.frames[view.start].name)}</output></div>'
    )


def _folded(table: TableView, links: bool = True) -> str:
    return (
        '<details class="tb-data"><summary>The data of this figure as a table</summary>'
        f"{table_html(table, links)}</details>"
    )


def table_html(view: TableView, links: bool = True) -> str:
    """HTML of a table: caption, ``th scope``, sort keys; all text from the data escaped.

    Parameters
    ----------
    view : TableView
        The table.
    links : bool
        Whether cells link to pages of the book; in JupyterLab there are no such pages.

    Returns
    -------
    str
        A ``div`` that scrolls by itself, holding one ``table``.
    """
    name = escape(view.name, quote=True)
    form = _Form(links, _has_cards(view))
    role = form.role
    heads = "".join(
        f'<th scope="col"{role("columnheader")}>{escape(str(head))}</th>'
        for head in view.frame.columns
    )
    rows = "".join(_row(view, number, form) for number in range(len(view.frame)))
    tools = f' data-tools="{escape("|".join(view.filters), quote=True)}"' if view.searchable else ""
    title = f"{name}-title"
    # As blocks a table and its caption no longer belong together by themselves.
    named = f' aria-labelledby="{title}"' if form.cards else ""
    return (
        f'<div class="tb-table{" tb-cards" if form.cards else ""}" id="{name}"{tools} role="region"'
        f' tabindex="0" aria-labelledby="{title}">'
        f'<table class="dataframe table"{role("table")}{named}>'
        f'<caption id="{title}">{escape(view.caption)}</caption>'
        f"<thead{role('rowgroup')}><tr{role('row')}>{heads}</tr></thead>"
        f"<tbody{role('rowgroup')}>{rows}</tbody></table></div>"
    )


@dataclass(frozen=True)
class _Form:
    """How a table is written: with links or without, and whether its rows can become cards.

    A card is made of blocks, and a block is no part of a table any more for some screen
    readers: so the parts of such a table say their roles.
    """

    links: bool
    cards: bool

    def role(self, name: str) -> str:
        return f' role="{name}"' if self.cards else ""


def _has_cards(view: TableView) -> bool:
    return len(view.frame.columns) in CARDS and any(
        len(_as_cell(value).text) > LONG_TEXT for value in view.frame.to_numpy().flat
    )


def _as_cell(value: object) -> Cell:
    return value if isinstance(value, Cell) else Cell("" if value is None else str(value))


def _row(view: TableView, number: int, form: _Form) -> str:
    values = list(view.frame.iloc[number])
    cells = [
        _cell(_as_cell(value), view, number, place, form) for place, value in enumerate(values)
    ]
    anchor = view.row_ids[number] if view.row_ids else ""
    return f"<tr{_attribute('id', anchor)}{form.role('row')}>{''.join(cells)}</tr>"


def _cell(cell: Cell, view: TableView, row: int, column: int, form: _Form) -> str:
    head = view.frame.columns[column]
    items = view.lists[head][row] if head in view.lists else ()
    inner = _inner(cell, str(head)) if form.links else escape(cell.text)
    if cell.sign:
        inner = f'<span class="tb-sign tb-{escape(cell.sign, quote=True)}">{inner}</span>'
    attributes = [
        _attribute("class", "tb-long" if _is_long(cell, form) else ""),
        _attribute("data-sort", cell.sort),
        _attribute("lang", cell.language),
        _attribute("data-items", "|".join(items)),
    ]
    if column == 0:
        return f'<th scope="row"{form.role("rowheader")}{"".join(attributes)}>{inner}</th>'
    label = _attribute("data-label", str(head) if form.cards else "")
    return f"<td{form.role('cell')}{label}{''.join(attributes)}>{inner}</td>"


def _is_long(cell: Cell, form: _Form) -> bool:
    return len(cell.text) > LONG_TEXT and not (form.links and _folds(cell))


def _folds(cell: Cell) -> bool:
    return len(cell.links) > MANY_LINKS and len(cell.text) > MUCH_TEXT


def _inner(cell: Cell, head: str) -> str:
    if not cell.links:
        return _link(cell.text, cell.href) if cell.href else escape(cell.text)
    listed = ", ".join(_link(text, href) if href else escape(text) for text, href in cell.links)
    return _more(f"{len(cell.links)} {_things(head)}", listed) if _folds(cell) else listed


def _more(words: str, inner: str) -> str:
    """A list that is folded on the screen; paper shows it in full."""
    return (
        f'<details class="tb-more"><summary>{escape(words)}</summary><div>{inner}</div></details>'
    )


def _things(head: str) -> str:
    """What a column holds, in the plural: ``rows`` of "Rows that may change"."""
    return next((word for word in head.lower().split() if word.endswith("s")), "entries")


def _link(text: str, href: str) -> str:
    return f'<a href="{escape(href, quote=True)}">{escape(text)}</a>'


def quiz_html(view: QuizView, forms: bool = True) -> str:
    """HTML of questions: forms that check themselves on a page, plain text in a notebook.

    Parameters
    ----------
    view : QuizView
        The questions.
    forms : bool
        Whether there is a script to check the answers.

    Returns
    -------
    str
        A ``div``; hints and answers are folded and can be read without a script.
    """
    parts = "".join(_quiz(quiz, forms) for quiz in view.quizzes)
    return f'<div class="tb-quizzes" id="{escape(view.name, quote=True)}">{parts}</div>'


def _quiz(quiz: Quiz, forms: bool) -> str:
    name = escape(quiz.name, quote=True)
    head = f"<em>{escape(quiz.kind)}.</em> {escape(quiz.prompt)}"
    folds = (
        f"<details><summary>Hint</summary><p>{escape(quiz.hint)}</p></details>"
        f"<details><summary>Answer</summary><p><strong>{escape(quiz.answer)}</strong>. "
        f"{escape(quiz.why)}</p></details>"
    )
    aim = f'<p class="tb-aim">Aim: {escape(quiz.aim)}</p>'
    if not forms:
        items = "".join(f"<li>{escape(option)}</li>" for option in quiz.options)
        choice = f"<ul>{items}</ul>" if items else ""
        call = f'<code>quizzes.check(book, "{name}", "{PLACEHOLDER}")</code>'
        return f"<div><p>{head}</p>{choice}{aim}<p>Check: {call}</p>{folds}</div>"
    data = json.dumps(
        {
            "answer": quiz.answer,
            "right": quiz.right,
            "wrong": dict(quiz.wrong),
            "other": quiz.other,
            **({"dates": dict(quiz.dates)} if quiz.dates else {}),
        },
        ensure_ascii=False,
        sort_keys=True,
    )
    return (
        f'<form class="tb-quiz" id="quiz-{name}" data-quiz="{escape(data, quote=True)}">'
        f"<fieldset><legend>{head}</legend>{_inputs(quiz, name)}"
        f'<button type="submit">Check</button><output role="status"></output></fieldset>'
        f"{aim}{folds}</form>"
    )


def _inputs(quiz: Quiz, name: str) -> str:
    if not quiz.options:
        return (
            '<label>Your answer <input type="text" name="answer" autocomplete="off" '
            'autocapitalize="off" spellcheck="false"></label>'
        )
    return "".join(
        f'<label><input type="radio" name="answer-{name}" value="{escape(option, quote=True)}"> '
        f"{escape(option)}</label>"
        for option in quiz.options
    )


def _attribute(name: str, value: str) -> str:
    return f' {name}="{escape(value, quote=True)}"' if value else ""


# The last line of a cell needs no call: view.py is imported here and cannot name this function.
View._ipython_display_ = show
