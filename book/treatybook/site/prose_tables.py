"""Tables that no view makes: those of the prose, and frames as pandas writes them.

Each is written anew like the book's own: with a caption, heads that say what they head, and cards
where there is little room. Its caption is the heading under which it stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import count, zip_longest

import pandas as pd
from bs4 import BeautifulSoup, Tag
from markupsafe import Markup
from sphinx.application import Sphinx

from treatybook.display.content import Cell, TableView
from treatybook.display.elements import element
from treatybook.display.rendering import table_html
from treatybook.evidence.wording import _

STYLE = re.compile(r"<style scoped>.*?</style>", re.DOTALL)  # pandas writes it before each frame
OWN = 'class="dataframe table"'  # a table that is written already
HEADING = re.compile(r"<h[1-6][^>]*>(?P<words>.*?)(?:<a class=\"headerlink\"|</h[1-6]>)", re.DOTALL)
TABLE = re.compile(
    r'<div class="pst-scrollable-table-container">\s*<table.*?</table>\s*</div>|<table.*?</table>',
    re.DOTALL,
)


def write_tables(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """Write the tables of a page that no view has made."""
    if doctree is not None:
        context["body"] = rewritten(context["body"])


def rewritten(body: str) -> str:
    """The body of a page with such tables written like the book's own."""
    numbers = count(1)
    body = STYLE.sub("", body)

    def write(found: re.Match) -> str:
        if OWN in found[0].partition(">")[0]:
            return found[0]
        headings = [heading["words"] for heading in HEADING.finditer(body, 0, found.start())]
        caption = Markup(headings[-1] if headings else _("Table")).striptags()
        return table(found[0], f"table-{next(numbers)}", caption)

    return TABLE.sub(write, body)


def table(html: str, name: str, caption: str) -> Markup:
    """A table written anew.

    Parameters
    ----------
    html : str
        A table of HTML.
    name : str
        Its id.
    caption : str
        Its caption.

    Returns
    -------
    markupsafe.Markup
        As :func:`~treatybook.display.rendering.table_html` writes it. A table with cells that
        span others stays as it is: it gets a caption and scopes, and scrolls where it must.
    """
    found = BeautifulSoup(html, "html.parser").table
    if found.select("[colspan], [rowspan]"):
        return _spanned(found, name, caption)
    heads = _heads([row.find_all(["th", "td"]) for row in found.select("thead tr")])
    rows = [
        [_cell(cell) for cell in row.find_all(["th", "td"])] for row in found.select("tbody tr")
    ]
    frame = pd.DataFrame(rows, columns=heads)
    # Numbers of rows, which pandas writes before a frame that has no names for them, say nothing.
    if heads and not heads[0] and all(row[0].text.isdecimal() for row in rows):
        frame = frame.iloc[:, 1:]
    return table_html(TableView(name, caption, frame))


def _cell(cell: Tag) -> Cell:
    """A cell; one that is a paragraph and nothing else becomes its words."""
    only = cell.p if cell.p and len(cell.contents) == 1 else cell
    return Cell(Markup(only.decode_contents().strip()))


def _heads(rows: Sequence[Sequence[Tag]]) -> list[str]:
    """The heads of the columns; pandas gives the names of columns and of rows a line each."""
    columns = zip_longest(
        *([cell.get_text().strip() for cell in row] for row in rows), fillvalue=""
    )
    return [" / ".join(dict.fromkeys(filter(None, words))) for words in columns]


def _spanned(found: Tag, name: str, caption: str) -> Markup:
    for head in found.select("th"):
        head["scope"] = ("col" if head.find_parent("thead") else "row") + "group" * (
            head.has_attr("colspan") or head.has_attr("rowspan")
        )
        if not head.get_text().strip():
            head.name = "td"
            del head["scope"]
    title = f"{name}-title"
    words = element("caption", caption, id=title)
    found.insert(0, BeautifulSoup(words, "html.parser"))
    found["class"] = ["dataframe", "table"]
    about = {"class": "tb-table tb-scrolls", "role": "region", "tabindex": "0", "id": name}
    return element("div", Markup(found), **about, aria_labelledby=title)
