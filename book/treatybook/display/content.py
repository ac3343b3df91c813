"""What a view returns: a figure or a table, complete with its words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd
import plotly.graph_objects as go

from treatybook.evidence.tables import last_read
from treatybook.evidence.wording import _, plural

NO_NAME = re.compile(r"\W+")  # what no id has


@dataclass(frozen=True)
class Cell:
    """One cell of a table.

    Attributes
    ----------
    text : str
        What the reader sees.
    href : str
        Address the text links to, relative to the page; empty for none.
    sort : str
        Key to sort by where the text is not its own key; empty for none.
    sign : str
        Evidence level or other class that the style sheet marks; empty for none.
    language : str
        Language code where it is not English; empty for none.
    links : sequence of (str, str)
        Texts and addresses, where the cell is a list of links; ``text`` stays their plain form.
    """

    text: str
    href: str = ""
    sort: str = ""
    sign: str = ""
    language: str = ""
    links: Sequence[tuple[str, str]] = ()


def linked(links: Iterable[tuple[str, str]], joiner: str = "; ") -> Cell:
    """A cell that is a list of links; a link without an address stays text.

    Parameters
    ----------
    links : iterable of (str, str)
        Texts and addresses.
    joiner : str
        What stands between the texts in the plain form.
    """
    found = list(links)
    return Cell(joiner.join(text for text, _ in found), links=found)


def without_empty(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns of a table that hold a word in some row: an empty one looks like a mistake."""
    filled = [any(text_of(cell) for cell in column) for _, column in frame.items()]
    return frame.loc[:, filled]


def text_of(value: object) -> str:
    """The words of a cell of a table."""
    return value.text if isinstance(value, Cell) else str(value)


def _plainly(value: object, name: str | None) -> object:
    """A cell whose words stand in brackets behind a plain name, if it has one."""
    words = f"{name} ({text_of(value)})"
    if not name:
        return value
    return replace(value, text=words) if isinstance(value, Cell) else words


class View:
    """A view that shows itself where it is the last line of a cell (see the end of ``output.py``)."""

    name: str
    caption: str

    def __repr__(self) -> str:
        """Name and caption, instead of all that is drawn."""
        return f"{type(self).__name__}({self.name!r}, {self.caption!r})"


@dataclass(frozen=True, repr=False)
class TableView(View):
    """A table with its caption.

    Attributes
    ----------
    name : str
        Id of the table on its page.
    caption : str
        What the table holds.
    frame : pandas.DataFrame
        Rows to show; column names are the headings, the first column heads each row.
    row_ids : sequence of str
        Anchor of each row, empty for none.
    filters : sequence of str
        Columns for which the page offers a choice of values.
    searchable : bool
        Whether the page offers a search field and sorting.
    lists : mapping of str to sequence of str
        For a filtered column, the values of each row (a row can have several).
    group : str
        Column in whose alphabetical order the rows stand, under its first letters; empty for the
        order of the frame.
    """

    name: str
    caption: str
    frame: pd.DataFrame
    row_ids: Sequence[str] = ()
    filters: Sequence[str] = ()
    searchable: bool = False
    lists: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)
    group: str = ""

    def only(self, *columns: str, rows: Sequence[str] = ()) -> TableView:
        """Some columns and rows of the table; the caption says if it is a part.

        In every language a cell may name them by the English words.

        Parameters
        ----------
        *columns : str
            Headings of the columns; all if there is none.
        rows : sequence of str
            Words of the first column; all if empty.

        Raises
        ------
        LookupError
            If the table lacks one of them.
        """
        heads = [text_of(value) for value in self.frame.iloc[:, 0]]
        told = last_read().told
        # The same name in every language, so that an address leads to the same table.
        chosen = NO_NAME.sub("-", " ".join([*columns, *rows]).lower()).strip("-")
        rows = [name if name in heads else told(name) for name in rows]
        columns = tuple(name if name in self.frame else told(name) for name in columns)
        for what, wanted, known in (("row", rows, heads), ("column", columns, [*self.frame])):
            if lacking := [name for name in wanted if name not in known]:
                raise LookupError(f"the table {self.name} lacks the {what} {', '.join(lacking)}")
        frame = self.frame[[not rows or head in rows for head in heads]]
        caption = self.caption
        if len(frame) < len(self.frame):
            part = _("{caption} (a part)")
            caption = part.format(caption=caption.removesuffix(part.rpartition("}")[2]))
        # A page may show several parts of one table, each under an id of its own.
        name = f"{self.name}-{chosen}"
        return TableView(name, caption, frame[[*(columns or frame)]])

    def without(self, *texts: str) -> TableView:
        """The table without some words in its cells, such as those that a learner is to find."""

        def rest(value: object) -> object:
            for text in texts:
                value = value.replace(text, "") if isinstance(value, str) else value
            return value

        return replace(self, frame=self.frame.map(rest))

    def named(self, names: Mapping[str, str]) -> TableView:
        """The table with a plain name before each short one of its first column.

        Parameters
        ----------
        names : mapping of str to str
            Plain names by the words of the column; a row without one stays as it is.
        """
        frame = self.frame.copy()
        frame.iloc[:, 0] = [_plainly(cell, names.get(text_of(cell))) for cell in frame.iloc[:, 0]]
        return replace(self, frame=frame)


@dataclass(frozen=True)
class Button:
    """A change of a figure that a reader can make.

    Attributes
    ----------
    label : str
        What the button says.
    layout : mapping
        Change of the plotly layout, for example ``{"xaxis.range": [...]}``.
    data : mapping
        Change of the traces, for example ``{"visible": [True, False]}``.
    """

    label: str
    layout: Mapping[str, object] = field(default_factory=dict)
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, repr=False)
class FigureView(View):
    """A figure with all that a reader who cannot see it needs.

    Attributes
    ----------
    name : str
        Id of the figure on its page.
    plot : plotly.graph_objects.Figure
        The drawing.
    caption : str
        What the figure is.
    alternative : str or None
        What it shows, in a sentence or two with the numbers; None where the paragraph after the
        cell says it.
    table : TableView
        Its data.
    buttons : sequence of Button
        The buttons above the figure.
    player : str
        Name of the slider that moves through the frames of the drawing; empty if it has none.
    start : int
        Number of the frame that the drawing shows at first.
    headline : str
        What the figure found, in one sentence with the number that says it. A page needs one.
    adapt : callable or None
        A further change of the drawing for a wide page (``layouts.wide``).
    """

    name: str
    plot: go.Figure
    caption: str
    alternative: str | None
    table: TableView
    buttons: Sequence[Button] = ()
    player: str = ""
    start: int = 0
    headline: str = ""
    adapt: Callable[[go.Figure], None] | None = None

    def __post_init__(self) -> None:
        for part in ("name", "caption", "alternative"):
            if (said := getattr(self, part)) is not None and not said.strip():
                raise ValueError(f"a figure needs its {part}")
        if self.table.frame.empty:
            raise ValueError(f"figure {self.name} has no data table")
        if bool(self.plot.frames) != bool(self.player):
            raise ValueError(f"figure {self.name}: frames need a player, and a player frames")
        if not self.plot.layout.height:
            raise ValueError(f"figure {self.name} has no height, so no space can be kept for it")


@dataclass(frozen=True)
class Quiz:
    """One question with one right answer.

    Attributes
    ----------
    name : str
        Name of the question, for the notebook.
    kind, aim, prompt, hint, why : str
        What is practised, what for, the question, a hint, and why the answer is right.
    options : sequence of str
        Answers to choose from; empty where the answer is written.
    answer : str
        The right answer.
    right : str
        What is said to the right answer.
    wrong : mapping of str to str
        Wrong answers and what is said to each.
    other : str
        What is said to any other answer.
    dates : mapping of str to str
        Where a date is asked for, what is said to a text that is no date (``form``), to the
        right date with a wrong mark (``marked``), to one that is too exact (``finer``) or not
        exact enough (``coarser``), and to any other (``another``); else empty.
    """

    name: str
    kind: str
    aim: str
    prompt: str
    options: Sequence[str]
    answer: str
    right: str
    wrong: Mapping[str, str]
    other: str
    hint: str
    why: str
    dates: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, repr=False)
class QuizView(View):
    """The questions of a page.

    Attributes
    ----------
    name : str
        Id of the questions on their page.
    quizzes : sequence of Quiz
        The questions.
    """

    name: str
    quizzes: Sequence[Quiz]

    @property
    def caption(self) -> str:
        """How many questions there are."""
        return plural("{n} question", "{n} questions", len(self.quizzes))
