"""Bibliography style of the book: key as label, every field optional, case and script kept.

The styles that come with pybtex lower-case titles, drop Cyrillic from labels, print
"missing publisher" and end the build on an entry type they do not know.
"""

from __future__ import annotations

from functools import cache

import pybtex.plugin
from pybtex.database import Entry
from pybtex.richtext import HRef, Tag, Text
from pybtex.style.formatting import BaseStyle
from pybtex.style.labels import BaseLabelStyle
from pybtex.style.template import node

# The same texts are asked for twice in a build, and each is read letter by letter.
from_latex = cache(Text.from_latex)
TITLED_ALONE = ("book", "phdthesis")


class KeyLabels(BaseLabelStyle):
    """Label each source with its key, as the tables do."""

    def format_labels(self, sorted_entries):
        return [entry.key for entry in sorted_entries]


class KeySorting(pybtex.plugin.find_plugin("pybtex.style.sorting", "none")):
    """Sort the list by key."""

    def sort(self, entries):
        return sorted(entries, key=lambda entry: entry.key)


@node
def described(children, data) -> Text:
    """Description of one source; parts that are not known are left out."""
    return describe(data["entry"], data["style"])


def describe(entry: Entry, style: BaseStyle) -> Text:
    get = entry.fields.get
    title = from_latex(get("title", ""))
    title = Tag("em", title) if entry.type in TITLED_ALONE else title
    names = [style.format_name(name).format() for name in entry.persons.get("author", [])]
    container = get("journal") or get("booktitle") or ""
    parts = [
        Text(", ").join(names),
        Text(title, " [", from_latex(get("titleaddon", "")), "]") if get("titleaddon") else title,
        Tag("em", from_latex(container)) if container else Text(),
        _joined(get("publisher"), _year(get("year"), get("yearcheck"))),
        _labelled("vol. ", get("volume")),
        _labelled("pp. ", get("pages")),
        from_latex(get("note", "")),
        _labelled("Read: ", get("readextent")),
        _labelled("Licence: ", get("licence")),
        _labelled("", get("locator")),
        HRef(get("url"), "online copy") if get("url") else Text(),
    ]
    # Each part ends its own sentence; a part may already have its full stop.
    sentences = [part.capfirst().add_period() for part in parts if str(part).strip()]
    return Text(" ").join(sentences)


def _joined(*values: str | None) -> Text:
    known = [from_latex(value) for value in values if value]
    return Text(", ").join(known)


def _year(year: str | None, check: str | None) -> str | None:
    """A year that is only remembered carries a question mark."""
    return f"{year}?" if year and check else year


def _labelled(label: str, value: str | None) -> Text:
    return Text(label, from_latex(value)) if value else Text()


class TreatybookStyle(BaseStyle):
    """The style named ``treatybook`` in ``_config.yml``."""

    default_name_style = "plain"
    default_label_style = KeyLabels
    default_sorting_style = KeySorting

    def __getattr__(self, name: str):
        # Entry types that BibTeX does not know are described like any other.
        if name.startswith("get_") and name.endswith("_template"):
            return lambda entry: described()
        raise AttributeError(name)
