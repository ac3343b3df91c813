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
from pathlib import Path

import tinycss2
from markupsafe import Markup
from sphinx.application import Sphinx

from treatybook.display.elements import element
from treatybook.evidence.tables import BOOK_FOLDER, ROOT
from treatybook.site import fresh

PRUNED = ROOT / "_build" / "pruned"
# Files of the theme that no page of the book uses.
UNUSED = (
    "**/*.map",
    "**/*.LICENSE.txt",
    "scripts/fontawesome.js",
    "vendor",
    "locales",
    "sphinx-thebe.*",
    "images/logo_colab.png",
    "images/logo_deepnote.svg",
    "images/logo_jupyterhub.svg",
    "images/logo_jupyterlite.svg",
    "webpack-macros.html",
    "sbt-webpack-macros.html",
    "check-solid.svg",
    "copy-button.svg",
    "play-solid.svg",
    "copybutton_funcs.js",
    "minus.png",
    "plus.png",
)
# Fonts with their weight and style, as in treatybook-looks.css.
FACES = [
    ["regular", "400 500", "normal"],
    ["bold", "600 900", "normal"],
    ["italic", "400", "italic"],
]
ASK = """
for (const [face, weight, style] of %s) {
  const href = `%s/${face}.woff2`;
  if (location.protocol === "file:") {
    const font = new FontFace("Treatybook Sans", `url("${href}")`, { weight, style });
    font.load().then(() => document.fonts.add(font));
  } else {
    const link = { rel: "preload", as: "font", type: "font/woff2", crossOrigin: "", href };
    document.head.append(Object.assign(document.createElement("link"), link));
  }
}
"""
OWN_FOLDER = BOOK_FOLDER / "_static"


def ask_for_letters(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """Let the page fetch its fonts before anything else."""
    asked = letters(context["pathto"]("_static/fonts", 1))
    context["metatags"] = f"{asked}\n{context.get('metatags', '')}"


def letters(folder: str) -> Markup:
    """A script element that asks for the fonts in a folder, given by its address from the page.

    In a folder on disk a browser refuses to fetch them ahead; there they are given to the page
    when they have been read.
    """
    return element("script", Markup(ASK % (json.dumps(FACES), folder)))


def set_options(app: Sphinx, config) -> None:
    """Name the book beside its logo, and take away the theme's place for advertisements."""
    options = config.html_theme_options
    options["logo"] = {**options.get("logo", {}), "text": config.html_title}
    options["primary_sidebar_end"] = []
    # All headings stand in the list beside the page from the start: if the deeper ones came and
    # went as the reader moves, the list would jump.
    options["show_toc_level"] = 3


def prune_site(app: Sphinx, exception: Exception | None) -> None:
    """Take out of the built pages and files what no page uses; the same result if done again."""
    if exception or app.builder.format != "html":
        return
    folder = Path(app.outdir)
    static = folder / "_static"
    for pattern in UNUSED:
        for path in list(static.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    pages = [path for path in sorted(folder.rglob("*.html")) if static not in path.parents]
    texts = {path: path.read_text(encoding="utf-8") for path in pages}
    scripts = [path for path in static.rglob("*.js") if "plotly" not in path.parts]
    words = used_words([*texts.values(), *(path.read_text(encoding="utf-8") for path in scripts)])
    # The book's own styles are written for its pages and stay whole.
    own = {path.name for path in OWN_FOLDER.glob("*.css")}
    for path in sorted([*static.glob("*.css"), *static.glob("styles/*.css")]):
        if path.name not in own:
            before = path.read_text(encoding="utf-8")
            _replace(path, before, _pruned_once(before, words))
    for path, text in texts.items():
        _replace(path, text, lightened(text, static))


def _replace(path: Path, before: str, after: str) -> None:
    if after != before:
        path.write_text(after, encoding="utf-8", newline="\n")


def lightened(page: str, static: Path) -> str:
    """One page without the icon library, light until a script says otherwise.

    The bar at the top is emptied: it is never shown, but the theme's script looks for the first
    buttons of their kind, found them there, and left those that a reader sees dead. The bar
    itself stays, since the script measures it.
    """
    page = re.sub(r'(<header id="pst-header"[^>]*>).*?(</header>)', r"\1\2", page, flags=re.DOTALL)
    # Without a script nothing settles what "auto" means, and grounds would have no colour at all.
    page = re.sub(r'(<html [^>]*data-theme=")auto"', r'\1light"', page)
    page = re.sub(r"\s*<!-- So that users can add custom icons -->", "", page)
    page = re.sub(r"\s*<script[^>]*scripts/fontawesome\.js[^>]*></script>", "", page)

    def versioned(found: re.Match) -> str:
        path = static / found["name"]
        if not path.is_file():
            return found[0]
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:8]
        return f'{found["start"]}{found["name"]}?v={digest}"'

    # A browser may keep a file as long as the file is the same.
    assets = r'(?P<start>(?:src|href)="[^"?]*_static/)(?P<name>[^"?]+\.(?:css|js))(?:\?[^"]*)?"'
    return re.sub(assets, versioned, page)


def _pruned_once(css: str, words: set[str]) -> str:
    """:func:`pruned`, done again only if the rules, the words they name or this file changed."""
    named = set(re.findall(r"[.#](-?[A-Za-z_][\w-]*)", css))
    key = fresh.digest(
        (Path(__file__).resolve(),), css, *sorted(words & named), *sorted(_starts(words))
    )
    kept = PRUNED / f"{key}.css"
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(pruned(css, words), encoding="utf-8", newline="\n")
    return kept.read_text(encoding="utf-8")


def used_words(texts: list[str]) -> set[str]:
    """Every word of pages and scripts that could be the name of a class or an id."""
    return {word for text in texts for word in re.findall(r"[\w-]+", text)}


def pruned(css: str, words: set[str]) -> str:
    """Style rules without those for classes, ids and icons that occur nowhere.

    A rule stays if in doubt: what stands in brackets, such as ``:not(...)``, is not looked at.
    """
    rules = tinycss2.parse_stylesheet(css, skip_comments=False, skip_whitespace=True)
    starts = _starts(words)
    return "".join(_kept_rule(rule, words, starts) for rule in rules)


def _starts(words: set[str]) -> tuple[str, ...]:
    """Beginnings of names that a script completes."""
    return tuple(word for word in words if word.endswith("-") and len(word) > 3)


def _kept_rule(rule, words: set[str], starts: tuple[str, ...]) -> str:
    if rule.type == "comment":
        # Licences stay with what they license.
        return (
            rule.serialize()
            if rule.value.startswith("!") and "Font Awesome" not in rule.value
            else ""
        )
    if rule.type == "qualified-rule":
        prelude = tinycss2.serialize(rule.prelude).strip()
        kept = [part for part in _parts(prelude) if _occurs(part, words, starts)]
        content = tinycss2.serialize(rule.content).strip()
        return f"{','.join(kept)}{{{content}}}" if kept and content else ""
    if rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports") and rule.content:
        inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
        text = "".join(_kept_rule(part, words, starts) for part in inner)
        head = f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}"
        return f"{head}{{{text}}}" if text else ""
    text = rule.serialize()
    return "" if "Font Awesome" in text or re.match(r"@(-webkit-)?keyframes fa-", text) else text


def _parts(prelude: str) -> list[str]:
    """Split a list of selectors at its commas, but not within brackets."""
    parts, depth = [""], 0
    for sign in prelude:
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts]


def _occurs(selector: str, words: set[str], starts: tuple[str, ...]) -> bool:
    if re.fullmatch(r"\.fa[\w-]*(::?(before|after))?", selector):
        return False
    while (plain := re.sub(r"\([^()]*\)|\[[^\[\]]*\]", "", selector)) != selector:
        selector = plain
    names = re.findall(r"[.#](-?[A-Za-z_][\w-]*)", selector)
    return "\\" in selector or all(name in words or name.startswith(starts) for name in names)
