"""Bibliography style of the book: key as label, every field optional, case and script kept.

The styles that come with pybtex lower-case titles, drop Cyrillic from labels, print
"missing publisher" and end the build on an entry type they do not know.
"""

from __future__ import annotations

import re
from functools import cache

import pybtex.plugin
from pybtex.richtext import HRef, Tag, Text
from pybtex.style import FormattedEntry
from pybtex.style.formatting import BaseStyle
from pybtex.style.labels import BaseLabelStyle
from pybtex.style.template import node

from treatybook.evidence.bibliography import Source
from treatybook.evidence.wording import _

TITLED_ALONE = ("book", "phdthesis")
LATEX = re.compile(r"[\\{}$~%&#_^'`\"<>]|--|\s\s")  # what is not itself in LaTeX


class KeyLabels(BaseLabelStyle):
    """Label each source with its key, as the tables do."""

    def format_labels(self, sorted_entries):
        return [entry.key for entry in sorted_entries]


class KeySorting(pybtex.plugin.find_plugin("pybtex.style.sorting", "none")):
    """Sort the list by key."""

    def sort(self, entries):
        return sorted(entries, key=lambda entry: entry.key)


def _labels() -> dict[str, str]:
    """Fields after the imprint, with the words that stand before them."""
    return {
        "volume": _("vol. {}"),
        "pages": _("pp. {}"),
        "note": "{}",
        "readextent": _("Read: {}"),
        "licence": _("Licence: {}"),
        "locator": "{}",
    }


@cache
def from_latex(text: str) -> Text:
    """A text of the bibliography; LaTeX is read letter by letter, so only where there is some."""
    return Text.from_latex(text) if LATEX.search(text) else Text(text)


@node
def described(children, data) -> Text:
    """Description of one source; parts that are not known are left out."""
    source = Source(data["entry"].key, data["entry"])
    names = [data["style"].format_name(name).format() for name in source.authors]
    title = from_latex(source.field("title"))
    title = Tag("em", title) if source.entry.type in TITLED_ALONE else title
    addon, container = source.addon, source.field("journal", "booktitle")
    imprint = map(from_latex, filter(None, [source.field("publisher"), source.year]))
    found = [(label, source.field(name)) for name, label in _labels().items()]
    parts = [
        Text(", ").join(names),
        Text(title, " [", from_latex(addon), "]") if addon else title,
        Tag("em", from_latex(container)) if container else Text(),
        Text(", ").join(list(imprint)),
        *(from_latex(label.format(value)) for label, value in found if value),
        HRef(source.field("url"), _("online copy")) if source.field("url") else Text(),
    ]
    return Text(" ").join([_sentence(part) for part in parts if str(part).strip()])


def _sentence(part: Text) -> Text:
    """A part as a sentence of its own; it may already have its capital and its full stop."""
    first = str(part)[0]
    # Most begin with a capital, and a text is slow to change.
    return (part.capfirst() if first != first.upper() else part).add_period()


class TreatybookStyle(BaseStyle):
    """The style named ``treatybook`` in ``_config.yml``."""

    default_name_style = "plain"
    default_label_style = KeyLabels
    default_sorting_style = KeySorting

    def __init__(self, *arguments, **options) -> None:
        super().__init__(*arguments, **options)
        self._formatted: dict[str, FormattedEntry] = {}

    def format_entry(self, label: str, entry, bib_data=None) -> FormattedEntry:
        # Each source is asked for twice: for the list, and for what a link to it shows.
        if entry.key not in self._formatted:
            self._formatted[entry.key] = super().format_entry(label, entry, bib_data)
        return self._formatted[entry.key]

    def __getattr__(self, name: str):
        # Entry types that BibTeX does not know are described like any other.
        if name.startswith("get_") and name.endswith("_template"):
            return lambda entry: described()
        raise AttributeError(name)
