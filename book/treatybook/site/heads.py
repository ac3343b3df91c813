"""What the head of a page says: what the page is about, where it lies, and in which languages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from docutils import nodes
from markupsafe import Markup
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.util import logging

from treatybook.display.elements import element, inert
from treatybook.display.marking import mark
from treatybook.evidence import languages, tables, wording
from treatybook.evidence.wording import _
from treatybook.site import edition
from treatybook.views import exports

# No control that does nothing, and the data of figures unfolded. A browser that does not know
# how leaves them folded, with the words to unfold them by.
WITHOUT_SCRIPT = (
    ".tb-plot:empty,.tb-explore,.tb-buttons,.tb-player,:is(.tb-quiz,.tb-write) :is(button,output),"
    ".tb-quiz input{display:none!important}.tb-quiz label:has([type=text],select){display:none}"
    "@supports selector(::details-content){.tb-data>summary{display:none}"
    ".tb-data::details-content{content-visibility:visible;display:block}}"
)
# The theme looks up the colours of the reader's system after all else, and then a browser goes over
# the whole page once more (0.3 s on a slow phone): here they are known before the first paint.
# Schools that block cookies refuse storage too, and the scripts of theme and search stop at that.
COLOURS = """
{
  const seen = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  try {
    if ((localStorage.getItem("mode") || "auto") === "auto") localStorage.setItem("theme", seen);
  } catch {
    const getItem = (name) => (name === "theme" ? seen : null);
    Object.defineProperty(window, "localStorage", { value: { getItem, setItem() {}, removeItem() {} } });
  }
}
"""
DATASET_PAGES = ("book/index", "book/data")
SOCIAL_IMAGE = "_static/social.png"
SHORTEST, LONGEST = 60, 160  # characters of a description that search engines show
LOST = "404"
LIBRARY = "_static/plotly/plotly.min.js"
NAMES = "_static/rowsearch/names.js"  # which the fields above the tables fetch
WORDS = re.compile(r'aria-describedby="([\w-]+-words)"')
# The paragraph after the cell in which a figure is the last thing.
AFTER_FIGURE = re.compile(r"</figure>\s*(?:</div>\s*)*<p\b(?![^>]*\bid=)[^>]*>")
WORDLESS = "the figure %s has no words: write words=, or a paragraph right after its cell"
logger = logging.getLogger(__name__)


def other_pages() -> dict[str, str]:
    """Pages that Sphinx makes itself, and what they are for."""
    return {
        "search": _(
            "Search the pages, people, places, events, clauses, claims and sources of the book."
        ),
        LOST: _("There is no page at this address. Links to the parts of the book, and a search."),
    }


def page_text(doctree: nodes.document) -> str:
    """What a page says first: its paragraphs of running text, up to the length needed."""
    told = ""
    for paragraph in doctree.findall(nodes.paragraph):
        is_running = isinstance(paragraph.parent, nodes.section | nodes.document)
        if is_running and not _is_label(paragraph) and len(told) <= LONGEST:
            told = f"{told} {_words(paragraph)}".strip()
    return told


def _is_label(paragraph: nodes.paragraph) -> bool:
    """Whether a paragraph is all bold or italic: "In this chapter", "About 20 minutes"."""
    return all(
        isinstance(part, nodes.strong | nodes.emphasis) or not part.astext().strip()
        for part in paragraph.children
    )


def _words(paragraph: nodes.paragraph) -> str:
    """Text of a paragraph without its references to sources."""
    copy = paragraph.deepcopy()
    for link in list(copy.findall(pending_xref)):
        if link.get("refdomain") == "cite":
            link.parent.remove(link)
    return re.sub(r"\s+([.,;:?!])", r"\1", " ".join(copy.astext().split()))


def shorten(text: str) -> str:
    """Whole sentences that fit; if they would say too little, whole words and three dots."""
    if len(text) <= LONGEST:
        return text
    ends = [found.end() for found in re.finditer(r"[.?!](?=\s)", text[: LONGEST + 1])]
    if ends and ends[-1] >= SHORTEST:
        return text[: ends[-1]]
    return text[: LONGEST - 1].rsplit(" ", 1)[0].rstrip(",;:–") + "…"


def keep_description(app: Sphinx, doctree: nodes.document) -> None:
    """Keep what a page is about with what Sphinx knows of it, also when it is not read again."""
    app.env.metadata[app.env.docname]["description"] = shorten(page_text(doctree))


def description(env, pagename: str) -> str:
    """What a page is about, in plain text."""
    return env.metadata[pagename].get("description", "") or other_pages().get(pagename, "")


def figures_with_words(body: str) -> tuple[str, list[str]]:
    """Make the paragraph after a cell the words of its figure, where the cell gives none.

    Returns
    -------
    (str, list of str)
        The body of the page, and the ids that figures name as their words and nothing has.
    """
    lacking = []
    for words in dict.fromkeys(WORDS.findall(body)):
        if f'id="{words}"' in body:
            continue
        figure = body.index(f'aria-describedby="{words}"')
        if (after := AFTER_FIGURE.match(body, body.index("</figure>", figure))) is None:
            lacking.append(words)
            continue
        body = f'{body[: after.end() - 1]} id="{words}">{body[after.end() :]}'
    return body, lacking


def body_tags(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """Say what the body of a page needs: its look without scripts, plotly's library, its data."""
    body, lacking = figures_with_words(context.get("body", ""))
    for words in lacking:
        logger.warning(WORDLESS, words.removesuffix("-words"), location=pagename)
    tags = [element("script", Markup(COLOURS))]
    tags.append(element("noscript", element("style", Markup(WITHOUT_SCRIPT))))
    if "tb-figure" in body:
        library = context["pathto"](edition.address(LIBRARY, wording.SOURCE), 1)
        tags.append(element("meta", name="tb-library", content=library))
    if "data-tools" in body:
        names = context["pathto"](NAMES, 1)
        tags.append(element("meta", name="tb-names", content=names))
    if pagename in DATASET_PAGES:
        described = json.dumps(exports.dataset(tables.read()), ensure_ascii=False)
        tags.append(element("script", inert(described), type="application/ld+json"))
    # docutils gives entries of a bibliography a role that has been withdrawn, and folded cells
    # have a name that is not what a reader sees.
    body = body.replace(' aria-label="Toggle hidden content"', "")
    context["body"] = body.replace('role="doc-biblioentry"', 'role="listitem"')
    context["metatags"] = "\n".join([context.get("metatags", ""), *tags])


def head_tags(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """Say in the head of a page what it is about and where it lies; mark its languages."""
    known, body = languages.known(tables.read()), context.get("body", "")
    context["body"] = mark(body, known, wording.spoken())
    described = description(app.env, pagename)
    said = [("name", "description", described)]
    if pagename in other_pages():
        context["pageurl"] = None
        said.append(("name", "robots", "noindex"))
    else:
        said += _shared(app, pagename, context, described)
    tags = [element("meta", **{kind: name}, content=text) for kind, name, text in said if text]
    context["metatags"] = "\n".join([context.get("metatags", ""), *tags, ""])


def _shared(app: Sphinx, pagename, context, described) -> Iterator[tuple[str, str, str | None]]:
    """What other sites show a link to the page with."""
    config, titles, address = app.config, app.env.titles, context.get("pageurl")
    made = Markup(context.get("title") or "").striptags()  # of a page that Sphinx makes itself
    yield "property", "og:title", titles[pagename].astext() if pagename in titles else made
    yield "property", "og:description", described
    yield "property", "og:type", "website" if pagename == config.root_doc else "article"
    yield "property", "og:locale", _("en_GB")
    yield "property", "og:site_name", config.html_title or config.project
    yield "property", "og:url", address
    # A picture needs a whole address, and there may be none of either.
    has_picture = address and (tables.BOOK_FOLDER / SOCIAL_IMAGE).is_file()
    if has_picture:
        yield "property", "og:image", config.html_baseurl + SOCIAL_IMAGE
        yield "property", "og:image:alt", _("The name of the book and its sign")
    yield "name", "twitter:card", "summary_large_image" if has_picture else "summary"
