"""A table, a figure and questions as HTML for a page."""

from __future__ import annotations

import dataclasses
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import pandas as pd
import plotly.graph_objects as go
from markupsafe import Markup, escape

from treatybook.display import layouts, spoken_plots, style
from treatybook.display.content import (
    Button,
    Cell,
    FigureView,
    Quiz,
    QuizView,
    TableView,
    text_of,
)
from treatybook.display.elements import data_block, element, joined
from treatybook.display.legend import legend_html
from treatybook.evidence.dates import DATE
from treatybook.evidence.tables import PLACEHOLDER, SEPARATOR
from treatybook.evidence.wording import _, plural

LONG_TEXT = 60  # characters from which a cell is given a wider column
# A cell with more links and more characters folds: it would make its row as high as the screen.
MANY_LINKS, MUCH_TEXT = 6, 160
MOST_ROWS = 600  # of a longer table a page shows the first ones
MOST_GROUPS = 40
LONG_TABLE = 30  # rows from which links jump to the years or letters of a table
# Room that a column needs, in rem: for a character and for the space beside it. A column is as
# wide as its longest word, and wider where its texts would else become towers of words.
CHARACTER, SPACE, SMALLEST_SCREEN = 0.5, 1.2, 18
TEXT_ROOM, FIRST_ROOM, DATE_ROOM, LONG_ROOM = 11, 14, 17, 22  # in characters
MOST_BUTTONS = 8  # more answers to choose from are a list that opens
# Of one date, as the script of the pages writes it.
GRAMMAR = DATE.pattern.replace("(?P<", "(?<")
GAP = re.compile(r"\W+")


def figure_html(
    view: FigureView, links: bool = True, *more: Markup, slide: go.Figure | None = None
) -> Markup:
    """HTML of a figure for a page.

    Parameters
    ----------
    view : FigureView
        The figure.
    links : bool
        Whether the cells of its table link to pages of the book.
    *more
        What stands at its end beside that.
    slide : plotly.graph_objects.Figure, optional
        Its drawing for a big screen.

    Returns
    -------
    markupsafe.Markup
        A ``figure`` element. Its drawings are described as JSON, one for each layout: the build
        draws them where it has a browser, and else the page's script does.

    Raises
    ------
    ValueError
        If the figure does not say what it found.
    """
    if not view.headline.strip():
        raise ValueError(
            f"figure {view.name} needs a headline: one sentence that says what it found"
        )
    plots = {layouts.NARROW: view.plot, layouts.WIDE: layouts.wide(view.plot, view.adapt)}
    plots |= {layouts.SLIDE: slide} if slide else {}
    drawn = {name: _described(plot, view.player) for name, plot in plots.items()}
    told = {"config": spoken_plots.config(), "drawings": drawn}
    told |= {"updates": _updates(view.buttons, plots)} if view.buttons else {}
    head, words = f"{view.name}-headline", f"{view.name}-words"
    about = {"role": "group", "aria_labelledby": head, "aria_describedby": words}
    heights = ";".join(f"--tb-{name}:{plot.layout.height}px" for name, plot in plots.items())
    no_script = _("This figure is drawn by a script; its data are in the table below.")
    in_words = (element("strong", _("In words.")), f" {view.alternative}")
    # Else the site makes the next paragraph of the page the words of the figure.
    said = element("p", *in_words, class_="tb-words", id=words) if view.alternative else ""
    return element(
        "figure",
        element("p", view.headline, class_="tb-headline", id=head),
        _buttons(view.buttons),
        _player(view),
        legend_html(view.plot),
        element("div", class_="tb-plot", id=f"{view.name}-plot", style=heights, **about),
        element("noscript", element("p", no_script)),
        data_block(told, class_="tb-drawings"),
        element("figcaption", view.caption),
        said,
        folded_table(view.table, links),
        *more,
        class_="tb-figure",
        id=view.name,
        aria_labelledby=head,
    )


def _described(plot: go.Figure, has_frames: object) -> dict:
    """What is drawn on a page; the legend stands above it as words of the page."""
    told = drawing(plot)
    told["layout"]["showlegend"] = False
    kept = ("data", "layout", "frames") if has_frames else ("data", "layout")
    return {name: told[name] for name in kept}


def drawing(plot: go.Figure) -> dict:
    """What plotly's script draws, with hover texts in lines that fit on a phone."""
    return style.short_hovers(json.loads(plot.to_json()))


def _buttons(buttons: Sequence[Button]) -> Markup | str:
    if not buttons:
        return ""
    made = [element("button", button.label, type="button") for button in buttons]
    said = _("What the figure shows")
    return element("div", *made, class_="tb-buttons", role="group", aria_label=said)


def _updates(buttons: Sequence[Button], plots: Mapping[str, go.Figure]) -> list[dict]:
    """What each button changes: the data, and the look in each layout."""
    narrow = plots[layouts.NARROW]
    made = []
    for button in buttons:
        changes = {
            name: layouts.change(button.layout, narrow, plot) for name, plot in plots.items()
        }
        made.append(style.short_hovers({"data": dict(button.data), "layout": changes}))
    return made


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False)


def _player(view: FigureView) -> Markup | str:
    """A slider and a button that move through the frames, by mouse, touch or keyboard."""
    if not view.player:
        return ""
    names = [frame.name for frame in view.plot.frames]
    slider = {"min": "0", "max": str(len(names) - 1), "value": str(view.start), "step": "1"}
    parts = (
        element("button", _("Play"), type="button"),
        element("label", view.player, element("input", type="range", **slider)),
        element("output", names[view.start], role="status"),
    )
    return element("div", *parts, class_="tb-player", data_frames=_json(names))


def folded_table(table: TableView, links: bool = True) -> Markup:
    """The data of a figure, folded."""
    summary = element("summary", _("The data of this figure as a table"))
    return element("details", summary, table_html(table, links), class_="tb-data")


def table_html(view: TableView, links: bool = True) -> Markup:
    """HTML of a table: caption, ``th scope``, sort keys, links to its years or letters.

    Where a table needs more room than there is, each row becomes a card.

    Parameters
    ----------
    view : TableView
        The table.
    links : bool
        Whether cells link to pages of the book; in JupyterLab there are no such pages.

    Returns
    -------
    markupsafe.Markup
        A ``div`` that holds one ``table`` of at most ``MOST_ROWS`` rows.
    """
    caption = _caption(view, links)
    view = _by_letter(view) if view.group in view.frame else view
    view = dataclasses.replace(view, frame=view.frame.head(MOST_ROWS))
    need = _need(view.frame)
    form = _Form(links, need > SMALLEST_SCREEN)
    rows, jump = _rows(view, form)
    heads = [_head(head, form) for head in view.frame.columns]
    title = f"{view.name}-title"
    table = element(
        "table",
        element("caption", *caption, id=title),
        element("thead", element("tr", *heads, role=form.role("row")), role=form.role("rowgroup")),
        element("tbody", *rows, role=form.role("rowgroup")),
        class_="dataframe table",
        role=form.role("table"),
        # As blocks a table and its caption no longer belong together by themselves.
        aria_labelledby=title if form.cards else "",
    )
    about = {"class": "tb-table tb-cards" if form.cards else "tb-table", "id": view.name}
    about |= {"style": f"--tb-need:{need:.1f}"} if form.cards else {}
    tools = {"data-tools": "|".join(view.filters) or True} if view.searchable else {}
    return element("div", jump, table, **about, **tools)


def _rows(view: TableView, form: _Form) -> tuple[list[Markup], Markup | str]:
    """The rows of a table, and links to the first row of each of its groups."""
    groups, rows, links = _groups(view), [], []
    for number in range(len(view.frame)):
        about = {"id": view.row_ids[number] if view.row_ids else ""}
        if groups:
            group, is_first = groups[number], groups[number] not in groups[:number][-1:]
        if groups and is_first:
            about |= {"data-group": group, "class": "tb-first"}
            about["id"] = about["id"] or f"{view.name}-{GAP.sub('-', group.lower())}"
            links.append(element("a", group, href=f"#{about['id']}"))
        cells = _cells(view, number, form)
        rows.append(element("tr", *cells, role=form.role("row"), **about))
    named = {
        "class": "tb-jump",
        "aria-label": _("Parts of the table: {caption}").format(caption=view.caption),
    }
    return rows, element("nav", *links, **named) if links and form.links else ""


def _caption(view: TableView, links: bool) -> list[object]:
    """The caption, and what a page does not show of a table with very many rows."""
    if len(view.frame) <= MOST_ROWS:
        return [view.caption]
    where = _("the data to download")
    where = element("a", where, href="data.html") if links else where
    told = _("{caption}. These are the first {n} of {all} rows; all are in {data}.")
    about = {"caption": view.caption.rstrip("."), "n": MOST_ROWS, "all": len(view.frame)}
    return [escape(told).format(**about, data=where)]


def _by_letter(view: TableView) -> TableView:
    """The rows of a table in the order of the words of a column."""
    words = [_plain(text_of(value)) for value in view.frame[view.group]]
    order = sorted(range(len(words)), key=words.__getitem__)
    lists = {head: [values[n] for n in order] for head, values in view.lists.items()}
    ids = [view.row_ids[n] for n in order] if view.row_ids else ()
    return dataclasses.replace(view, frame=view.frame.iloc[order], row_ids=ids, lists=lists)


def _plain(text: str) -> str:
    """Words as an alphabet sorts them, without accents and what stands before the first letter."""
    letters = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in letters if letter.isalpha() or letter.isspace()).strip()


def _groups(view: TableView) -> list[str]:
    """The group of each row of a long table: a letter, a year or a word; none if it has no groups.

    A table says by which column its rows are grouped by letters. Else it is the year, where the
    rows stand in the order of a date, or the words of a column, where equal ones stand together.
    """
    frame = view.frame
    if len(frame) <= LONG_TABLE:
        return []
    if view.group:
        return [_plain(text_of(value))[:1].upper() or "…" for value in frame[view.group]]
    columns = [[_as_cell(value) for value in frame.iloc[:, n]] for n in range(frame.shape[1])]
    years = [[_year(cell) for cell in column] for column in columns]
    words = [[_words(cell) for cell in column] for column in columns]
    in_order = (found for found in years if all(found) and found == sorted(found))
    together = (found for found in words if all(map(str.strip, found)) and _together(found))
    return next((found for found in (*in_order, *together) if len(set(found)) > 2), [])


def _year(cell: Cell) -> str:
    return cell.sort[:4] if re.match(r"\d{4}-", cell.sort) else ""


def _together(words: Sequence[str]) -> bool:
    """Whether equal words stand together, and are few enough to jump between them."""
    different = len(set(words))
    is_text = not any(word.replace(",", "").isdecimal() for word in words)
    is_few = different <= min(MOST_GROUPS, len(words) // 2)
    return is_text and is_few and different == len(list(groupby(words)))


@dataclass(frozen=True)
class _Form:
    """How a table is written: with links or without, and whether its rows can become cards.

    A card is made of blocks, and a block is no part of a table any more for some screen
    readers: so the parts of such a table say their roles.
    """

    links: bool
    cards: bool

    def role(self, name: str) -> str:
        return name if self.cards else ""


def _need(frame: pd.DataFrame) -> float:
    """Room in rem that a table needs to be read as a table."""
    columns = [
        _characters(str(head), map(_as_cell, frame.iloc[:, place]), FIRST_ROOM if not place else 0)
        for place, head in enumerate(frame.columns)
    ]
    return sum(CHARACTER * characters + SPACE for characters in columns)


def _characters(head: str, cells: Iterable[Cell], least: int) -> float:
    """Characters that a column needs in one line."""
    need = _longest_word(head)
    for cell in cells:
        text = _words(cell)
        room = max(least, DATE_ROOM if _year(cell) else TEXT_ROOM)
        room = LONG_ROOM if len(text) > LONG_TEXT and not _folds(cell) else room
        need = max(need, _longest_word(text) + 2 * bool(cell.sign), min(len(text), room))
    return need


def _longest_word(text: str) -> float:
    """Length of the longest part that a line cannot break; capital letters are wide."""
    words = re.findall(r"[^\s-]+-?", text)
    return max((len(word) + 0.35 * sum(map(str.isupper, word)) for word in words), default=0)


def _as_cell(value: object) -> Cell:
    return value if isinstance(value, Cell) else Cell("" if value is None else str(value))


def _words(cell: Cell) -> str:
    return cell.text.striptags() if isinstance(cell.text, Markup) else cell.text


def _head(head: object, form: _Form) -> Markup:
    """The head of a column; one without words heads nothing."""
    if not str(head):
        return element("td", role=form.role("cell"))
    return element("th", head, scope="col", role=form.role("columnheader"))


def _cells(view: TableView, number: int, form: _Form) -> list[Markup]:
    return [
        _cell(_as_cell(value), view, number, place, form)
        for place, value in enumerate(view.frame.iloc[number])
    ]


def _cell(cell: Cell, view: TableView, row: int, column: int, form: _Form) -> Markup:
    head = view.frame.columns[column]
    inner = _inner(cell, str(head)) if form.links else cell.text
    if cell.sign:
        inner = element("span", inner, class_=f"tb-sign tb-{cell.sign}")
    is_long = len(_words(cell)) > LONG_TEXT and not (form.links and _folds(cell))
    about = {
        "class": "tb-long" if is_long else "",
        "data-sort": cell.sort,
        "lang": cell.language,
        "data-items": _items(cell, view.lists[head][row]) if head in view.lists else "",
    }
    if column == 0 and cell.text:
        about["class"] = "tb-name" if len(_words(cell)) > FIRST_ROOM else ""
        return element("th", inner, scope="row", role=form.role("rowheader"), **about)
    label = str(head) if form.cards else ""
    return element("td", inner, role=form.role("cell"), data_label=label, **about)


def _items(cell: Cell, values: Sequence[str]) -> str | bool:
    """What a cell is chosen by; true where its own words list it."""
    told = not cell.links and SEPARATOR.join(values) == _words(cell)
    return told or "|".join(values)


def _folds(cell: Cell) -> bool:
    return len(cell.links) > MANY_LINKS and len(cell.text) > MUCH_TEXT


def _inner(cell: Cell, head: str) -> Markup | str:
    if not cell.links:
        return _link(cell.text, cell.href)
    listed = joined((_link(text, href) for text, href in cell.links), ", ")
    if not _folds(cell):
        return listed
    # Folded on the screen, and headed by what the column holds: ``rows`` of "Rows that may
    # change". Paper shows it in full.
    number = len(cell.links)
    things = next((word for word in head.lower().split() if word.endswith("s")), "")
    said = f"{number} {things}" if things else plural("{n} entry", "{n} entries", number)
    summary = element("summary", said)
    return element("details", summary, element("div", listed), class_="tb-more")


def _link(text: str, href: str) -> Markup | str:
    return element("a", text, href=href) if href else text


def quiz_html(view: QuizView, forms: bool = True) -> Markup:
    """HTML of questions: forms that check themselves on a page, plain text in a notebook.

    Parameters
    ----------
    view : QuizView
        The questions.
    forms : bool
        Whether there is a script to check the answers.

    Returns
    -------
    markupsafe.Markup
        A ``div``; hints and answers are folded and can be read without a script.
    """
    parts = [_quiz(quiz, forms) for quiz in view.quizzes]
    return element("div", *parts, class_="tb-quizzes", id=view.name)


def _quiz(quiz: Quiz, forms: bool) -> Markup:
    head = (element("em", f"{quiz.kind}."), f" {quiz.prompt}")
    aim = element("p", _("Aim: {aim}").format(aim=quiz.aim), class_="tb-aim")
    folds = [element("details", element("summary", _("Answer")), answer_html(quiz))]
    if quiz.hint:
        folds.insert(0, element("details", element("summary", _("Hint")), element("p", quiz.hint)))
    if not forms:
        items = [element("li", option) for option in quiz.options]
        choice = element("ul", *items) if items else ""
        check = element("p", _("Check: "), element("code", check_call(quiz)))
        return element("div", element("p", *head), choice, aim, check, *folds)
    said = {"answer": quiz.answer, "right": quiz.right, "other": quiz.other}
    said["wrong"] = dict(quiz.wrong)
    said |= {"dates": dict(quiz.dates), "grammar": GRAMMAR} if quiz.dates else {}
    button = element("button", _("Check"), type="submit")
    field = (element("legend", *head), _inputs(quiz), button, element("output", role="status"))
    parts = (element("fieldset", *field), aim, *folds)
    data = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return element("form", *parts, class_="tb-quiz", id=f"quiz-{quiz.name}", data_quiz=data)


def check_call(quiz: Quiz) -> str:
    """The call by which a notebook checks an answer."""
    return f'quizzes.check(book, "{quiz.name}", "{PLACEHOLDER}")'


def answer_html(quiz: Quiz) -> Markup:
    """The right answer, and why it is right."""
    end = "" if quiz.answer.endswith(("?", ".")) else "."
    return element("p", element("strong", quiz.answer), f"{end} {quiz.why}")


def writing_html(name: str) -> Markup:
    """A place to write more than a word, with the button that shows a model to compare with.

    Parameters
    ----------
    name : str
        Id of the place.
    """
    area = element("textarea", "", name="text", rows="5", aria_describedby=f"{name}-task")
    parts = (
        element("label", _("Your words"), " ", area),
        element("button", _("Compare"), type="submit"),
    )
    return element("form", *parts, element("output", role="status"), class_="tb-write", id=name)


def criteria_html(criteria: Sequence[str]) -> Markup:
    """What a learner ticks who compares."""
    items = [
        element("li", element("label", element("input", type="checkbox"), f" {criterion}"))
        for criterion in criteria
    ]
    return element("p", _("Tick what holds for yours.")) + element(
        "ul", *items, class_="tb-criteria"
    )


def _inputs(quiz: Quiz) -> Markup:
    if not quiz.options:
        field = {"type": "text", "name": "answer", "autocomplete": "off"}
        field |= {"autocapitalize": "off", "spellcheck": "false"}
        return element("label", _("Your answer"), " ", element("input", **field))
    if len(quiz.options) > MOST_BUTTONS:
        options = [element("option", option) for option in quiz.options]
        choice = element("select", element("option"), *options, name="answer")
        return element("label", _("Your answer"), " ", choice)
    name = f"answer-{quiz.name}"
    return joined(
        element("label", element("input", type="radio", name=name, value=option), f" {option}")
        for option in quiz.options
    )
