"""The styles and fonts of the pages: what each uses, and no file that none uses.

The theme puts a library of 2,000 icons, its style rules for every kind of site and the index of
the search on every page. A page of this book gets what it uses, and the files that no page uses
are not kept. Nothing of the theme is copied or changed at its source.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

import tinycss2
from markupsafe import Markup
from sphinx.application import Sphinx
from tinycss2.ast import Node

from treatybook.display.elements import element
from treatybook.evidence.files import write_text
from treatybook.evidence.tables import BOOK_FOLDER, ROOT
from treatybook.site import bar, fresh

PRUNED = ROOT / "_build" / "pruned"
# Files of the theme that no page of the book uses.
UNUSED = """
**/*.map **/*.LICENSE.txt scripts/fontawesome.js vendor locales sphinx-thebe.*
images/logo_colab.png images/logo_deepnote.svg images/logo_jupyterhub.svg
images/logo_jupyterlite.svg webpack-macros.html sbt-webpack-macros.html check-solid.svg
copy-button.svg play-solid.svg copybutton_funcs.js minus.png plus.png
""".split()
# What the pages are looked at with, in the order in which Sphinx names it; one file of it all is one
# journey over a slow line. Paper has a sheet of its own, which no screen waits for.
ALL_IN_ONE = "book.css"
PARTS = """
basic.css styles/pydata-sphinx-theme.css pygments.css
styles/sphinx-book-theme.css copybutton.css togglebutton.css mystnb.*.css treatybook.css
sphinx-design.min.css treatybook-looks.css
""".split()
PAPER = "printing.css"
SHEET = re.compile(
    r'[ \t]*<link\b[^>]*\bhref="(?P<up>[^"]*_static/)(?P<name>[^"?]+\.css)(?:\?[^"]*)?"[^>]*>\n?'
)
NAME = re.compile(r"[.#](-?[A-Za-z_][\w-]*)")  # of a class or an id, in a selector
NAMING = re.compile(r'(?:class|id|style)="([^"]+)"')
OWN_SCRIPT = re.compile(r"<script\b(?![^>]*json)[^>]*>(.+?)</script>", re.DOTALL)
WORD = re.compile(r"[\w-]+")
PROPERTY = re.compile(r"(?<=[{;])\s*(?P<name>--[\w-]+)\s*:[^;{}\"']*(?:;|(?=\}))")
COMMENT = re.compile(r"/\*(?!!).*?\*/\s*", re.DOTALL)  # one that begins with "!" is a licence
TELLING = re.compile(r"^ *//.*\n", re.MULTILINE)
USE = re.compile(r"var\(\s*(--[\w-]+)")
BRACKETS = ("function", "() block", "[] block")
# Fonts with their weight and style, as in treatybook-looks.css.
UPRIGHT = [["regular", "400 500", "normal"], ["bold", "600 900", "normal"]]
FACES = [*UPRIGHT, ["italic", "400", "italic"]]
# The folder stands in an attribute, where the page for lost readers has its addresses mended. Long
# tables grow as treatybook.js says; if that never comes, or somebody comes back, they are whole.
ASK = """
if (!location.hash && performance.getEntriesByType("navigation")[0]?.type === "navigate") {
  document.documentElement.classList.add("tb-growing");
  setTimeout(() => document.documentElement.classList.remove("tb-growing"), 5000);
}
for (const [face, weight, style] of %s) {
  const href = `${document.currentScript.dataset.fonts}/${face}.woff2`;
  if (location.protocol === "file:") {
    const font = new FontFace("Treatybook Sans", `url("${href}")`, { weight, style });
    font.load().then(() => document.fonts.add(font));
  } else {
    const link = { rel: "preload", as: "font", type: "font/woff2", crossOrigin: "", href };
    document.head.append(Object.assign(document.createElement("link"), link));
  }
}
"""


def ask_for_letters(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """Let the page fetch its fonts before anything else."""
    asked = letters(context["pathto"]("_static/fonts", 1))
    context["metatags"] = f"{asked}\n{context.get('metatags', '')}"


def letters(folder: str) -> Markup:
    """A script element that asks for the fonts in a folder, given by its address from the page.

    In a folder on disk a browser refuses to fetch them ahead; there they are given to the page
    when they have been read.
    """
    return element("script", Markup(ASK % json.dumps(FACES)), data_fonts=folder)


def set_options(app: Sphinx, config) -> None:
    """Name the book beside its logo, and take away the theme's place for advertisements.

    Figures have no numbers: an extension of Jupyter Book gives one to the few pictures with a
    caption, and none to what the cells draw.
    """
    config.numfig = False
    options = config.html_theme_options
    options["logo"] = {**options.get("logo", {}), "text": config.html_title}
    options["primary_sidebar_end"] = []
    # All headings stand in the list beside the page from the start: if the deeper ones came and
    # went as the reader moves, the list would jump.
    options["show_toc_level"] = 3


def prune_site(app: Sphinx) -> None:
    """Take out of the built pages and files what no page uses; the same result if done again."""
    folder, static = Path(app.outdir), Path(app.outdir) / "_static"
    for pattern in UNUSED:
        for path in list(static.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    # Of the book's own scripts a reader needs no lines that only tell of them.
    for path in (BOOK_FOLDER / "_static").glob("*.js"):
        script = static / path.name
        write_text(script, TELLING.sub("", script.read_text("utf-8")))
    pages = [path for path in folder.rglob("*.html") if static not in path.parents]
    texts = {path: path.read_text("utf-8") for path in pages}
    scripts = [path for path in static.rglob("*.js") if "plotly" not in path.parts]
    words = used_words(texts.values(), (path.read_text("utf-8") for path in scripts))
    starts = _starts(words)
    # The book's own styles are written for its pages and stay whole.
    own = {path.name for path in (BOOK_FOLDER / "_static").glob("*.css")}
    for path in [*static.glob("*.css"), *static.glob("styles/*.css")]:
        if path.name not in own:
            write_text(path, _pruned_once(path.read_text("utf-8"), words, starts))
    bundled = bundle(static, words)
    for path in fresh.unfinished(folder):
        if path in texts:
            write_text(path, versioned(in_one(texts[path], bundled), static))


def bundle(static: Path, words: set[str]) -> set[str]:
    """Write all style sheets of the pages into one file; give the names of those in it.

    Parameters
    ----------
    static : pathlib.Path
        The folder of the sheets.
    words : set of str
        Every word of pages and scripts, as :func:`used_words` gives them.
    """
    paths = [path for part in PARTS for path in sorted(static.glob(part))]
    sheets = []
    for path in paths:
        folder = path.parent.relative_to(static).as_posix()
        text = path.read_text("utf-8")
        # Addresses in a sheet count from its own folder.
        moved = rf"url(\1{folder}/" if folder != "." else r"url(\1"
        sheets.append(re.sub(r"url\(([\"']?)(?!data:|[\"'#/])", moved, text))
    css = COMMENT.sub("", "\n".join(sheets))
    write_text(static / ALL_IN_ONE, without_unused_properties(css, words))
    return {path.relative_to(static).as_posix() for path in paths}


def in_one(page: str, bundled: set[str]) -> str:
    """A page that asks for one style sheet instead of those in it."""
    first = True

    def joined(found: re.Match) -> str:
        nonlocal first
        if found["name"] == PAPER:
            tag = re.sub(r' media="[^"]*"', "", found[0])
            return tag.replace("<link ", '<link media="print" ', 1)
        if found["name"] not in {*bundled, ALL_IN_ONE}:
            return found[0]
        was_first, first = first, False
        return f'<link rel="stylesheet" href="{found["up"]}{ALL_IN_ONE}">\n' if was_first else ""

    head, end, rest = page.partition("</head>")
    return SHEET.sub(joined, head) + end + rest


def lightened(page: str) -> str:
    """One page without the icon library, light until a script says otherwise.

    The bar at the top is emptied: it is never shown, but the theme's script looks for the first
    buttons of their kind, found them there, and left those that a reader sees dead. The bar
    itself stays, since the script measures it.
    """
    page = re.sub(r'(<header id="pst-header"[^>]*>).*?(</header>)', r"\1\2", page, flags=re.DOTALL)
    # The name of the button is what stands on it: "Search", and the keys that open it.
    page = re.sub(r'(<button class="btn search-button-field[^>]*?) aria-label="[^"]*"', r"\1", page)
    # Without a script nothing settles what "auto" means, and grounds would have no colour at all.
    page = re.sub(r'(<html [^>]*data-theme=")auto"', r'\1light"', page)
    page = re.sub(r"\s*<!-- So that users can add custom icons -->", "", page)
    page = re.sub(r"\s*<script[^>]*scripts/fontawesome\.js[^>]*></script>", "", page)
    return bar.named(page)


def versioned(page: str, static: Path) -> str:
    """A page that names each script and sheet with a digest: a browser may keep it as long as it lives."""

    def named(found: re.Match) -> str:
        path = static / found["name"]
        if not path.is_file():
            return found[0]
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:8]
        return f'{found["start"]}{found["name"]}?v={digest}"'

    assets = r'(?P<start>(?:src|href)="[^"?]*_static/)(?P<name>[^"?]+\.(?:css|js))(?:\?[^"]*)?"'
    return re.sub(assets, named, page)


def _pruned_once(css: str, words: set[str], starts: tuple[str, ...]) -> str:
    """:func:`pruned`, done again only if the rules, the words they name or this file changed."""
    named = words & set(NAME.findall(css))
    key = fresh.digest([Path(__file__).resolve()], css, *sorted(named), *starts)
    kept = PRUNED / f"{key}.css"
    if not kept.is_file():
        write_text(kept, pruned(css, words))
    return kept.read_text("utf-8")


def without_unused_properties(css: str, words: set[str]) -> str:
    """Styles without the custom properties (``--name: value``) that no rule and no page uses.

    One that only another unused one needs goes too. A value with a quoted text in it stays.
    """
    used = words | set(USE.findall(css))
    kept = PROPERTY.sub(lambda found: found[0] if found["name"] in used else "", css)
    return kept if kept == css else without_unused_properties(kept, words)


def used_words(pages: Iterable[str], scripts: Iterable[str] = ()) -> set[str]:
    """Every word that could be the name of a class, an id or a property of a style.

    In pages such names stand in their attributes and in their own scripts, in scripts anywhere.
    """
    texts = set(scripts)
    for page in pages:
        texts.update(NAMING.findall(page), OWN_SCRIPT.findall(page))
    return {word for text in texts for word in WORD.findall(text)}


def pruned(css: str, words: set[str]) -> str:
    """Style rules without those for classes, ids and icons that occur nowhere.

    A rule stays if in doubt: what stands in brackets, such as ``:not(...)``, is not looked at.
    """
    rules = tinycss2.parse_stylesheet(css, skip_comments=False, skip_whitespace=True)
    starts = _starts(words)
    return "".join(_kept_rule(rule, words, starts) for rule in rules)


def _starts(words: set[str]) -> tuple[str, ...]:
    """Beginnings of names that a script completes."""
    return tuple(sorted(word for word in words if word.endswith("-") and len(word) > 3))


def _kept_rule(rule: Node, words: set[str], starts: tuple[str, ...]) -> str:
    text = rule.serialize()
    if rule.type == "comment":
        # Licences stay with what they license.
        return text if rule.value.startswith("!") and "Font Awesome" not in text else ""
    if rule.type == "qualified-rule":
        kept = [part for part in _selectors(rule.prelude) if _occurs(part, words, starts)]
        selectors = [tinycss2.serialize(part).strip() for part in kept]
        content = tinycss2.serialize(rule.content).strip()
        return f"{','.join(selectors)}{{{content}}}" if kept and content else ""
    if rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports") and rule.content:
        inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
        kept = "".join(_kept_rule(part, words, starts) for part in inner)
        return f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{kept}}}" if kept else ""
    return "" if "Font Awesome" in text or re.match(r"@(-webkit-)?keyframes fa-", text) else text


def _selectors(prelude: list[Node]) -> Iterator[list[Node]]:
    """The selectors of a rule, which commas separate; what stands in brackets is one node."""
    for is_comma, nodes in groupby(prelude, key=lambda node: node == ","):
        if not is_comma:
            yield list(nodes)


def _occurs(selector: list[Node], words: set[str], starts: tuple[str, ...]) -> bool:
    plain = tinycss2.serialize([node for node in selector if node.type not in BRACKETS]).strip()
    if re.fullmatch(r"\.fa[\w-]*(::?(before|after))?", plain):
        return False
    names = NAME.findall(plain)
    return "\\" in plain or all(name in words or name.startswith(starts) for name in names)
