"""Figures drawn while the book is built: a reader sees them at once, without a script and on paper.

The cells of the pages only describe their figures. After the pages are written, what is described
is drawn, all of it by one browser; what was drawn before from the same description is kept. The
description moves out of the page into a file of its own, which the page's script fetches when a
reader acts on the figure. Where no browser is at hand the description stays in the page, and the
script draws the figure when it comes near.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from logging import WARNING, getLogger
from pathlib import Path
from tempfile import TemporaryFile

import plotly
from sphinx.application import Sphinx

from treatybook.display import layouts
from treatybook.display.elements import element
from treatybook.display.spoken_plots import locale
from treatybook.evidence.files import write_text
from treatybook.evidence.tables import BOOK_FOLDER, ROOT
from treatybook.evidence.wording import _
from treatybook.site import browser
from treatybook.site.stylesheets import FACES

DRAWN = ROOT / "_build" / "drawn"
FOLDER = "figures"  # of the descriptions, in the site
LIBRARY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
FONTS = [BOOK_FOLDER / "_static" / "fonts" / f"{face}.woff2" for face, *_ in FACES]
TRIES, PATIENCE = 3, 60  # times that drawing is begun, and seconds in which something must be drawn
# Attributes may stand in any order: what writes the slides sorts them.
FIGURE = re.compile(
    r'(?P<plot><div (?=[^>]*class="tb-plot")[^>]*id="(?P<name>[\w-]+)-plot"[^>]*>)</div>\s*'
    r'<noscript>.*?</noscript>\s*<script [^>]*class="tb-drawings"[^>]*>(?P<told>.*?)</script>',
    re.DOTALL,
)
UNDRAWN = "The figures are not drawn in the pages (%s): the reader's browser will draw them."
# Letters must be there before words are measured; kaleido's own page asks another host besides.
PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><style id="head-style"></style>
<script>for (const [data, weight, style] of %s) document.fonts.add(new FontFace("Treatybook Sans",
Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0)), { weight, style }));</script>
<script src="%s" charset="utf-8"></script><script>Plotly.setPlotConfig(%s)</script>
<script src="%s"></script></head>
<body style="margin: 0"><img id="kaleido-image"></body></html>"""
# Colours that follow the theme of the page: words and lines, and the outlines of marks. What is
# filled in white are words on a dark ground of their own.
INK, GROUND = ("rgb(51, 51, 51)", "var(--tb-ink)"), ("rgb(255, 255, 255)", "var(--tb-ground)")
INKS = {"fill": dict([INK]), "stroke": dict([INK, GROUND])}


def draw_figures(app: Sphinx) -> None:
    """Draw what the pages and slides of the site describe, and take the descriptions out of them."""
    folder = Path(app.outdir)
    pages = {path: path.read_text("utf-8") for path in _pages(folder)}
    described = [
        drawing
        for text in pages.values()
        for found in FIGURE.finditer(text)
        for drawing in json.loads(found["told"])["drawings"].items()
    ]
    try:
        _draw_missing(described)
    except browser.NoBrowser as error:
        if app.config.tb_site:
            raise
        print(UNDRAWN % error)
        return
    for path, text in pages.items():
        page = path.relative_to(folder)
        made = FIGURE.sub(lambda found, page=page: _placed(folder, page, found), text)
        if made != text:
            write_text(path, made)


def _pages(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.html") if "_static" not in path.parts)


def _placed(folder: Path, page: Path, found: re.Match[str]) -> str:
    """The drawings of one figure for its page; writes its description beside the pages."""
    told = json.loads(found["told"])
    name = f"{page.with_suffix('').as_posix().replace('/', '-')}-{found['name']}"
    content = json.dumps(told, ensure_ascii=False, sort_keys=True)
    write_text(
        folder / FOLDER / f"{name}.js",
        f"tbDescribed({json.dumps(name, ensure_ascii=False)}, {content});\n",
    )
    up = "../" * (len(page.parts) - 1)
    # The group and its names are for what a script draws; a drawing is a picture with both.
    said = " ".join(re.findall(r'aria-[\w]+="[^"]*"', found["plot"]))
    start = re.sub(r' (?:role|aria-\w+)="[^"]*"|>$', "", found["plot"])
    drawn = [
        _in_page(kind, _kept(kind, drawing).read_text("utf-8"), f"{found['name']}-{kind}", said)
        for kind, drawing in told["drawings"].items()
    ]
    source = f' data-source="{up}{FOLDER}/{name}.js" data-name="{name}">'
    button = element("button", _("Explore this figure"), type="button", class_="tb-explore")
    return f"{start}{source}{''.join(drawn)}</div>{button}"


def _in_page(kind: str, svg: str, prefix: str, said: str) -> str:
    """A drawing in its page: ids of its own, and what it is called there."""
    svg = re.sub(r'\bid="|url\(#', lambda found: f"{found[0]}{prefix}-", svg)
    return svg.replace("<svg ", f'<svg class="tb-drawn tb-{kind}" role="img" {said} ', 1)


def _kept(kind: str, drawing: dict) -> Path:
    """Where a drawing is kept: under all that it is drawn from."""
    content = json.dumps([kind, layouts.WIDTHS[kind], drawing, locale(), _tools()], sort_keys=True)
    return DRAWN / f"{hashlib.sha256(content.encode()).hexdigest()}.svg"


@cache
def _tools() -> list[str]:
    """Digests of what draws: the library, this file, the fonts."""
    paths = (LIBRARY, Path(__file__), *FONTS)
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]


def _draw_missing(described: Iterable[tuple[str, dict]]) -> None:
    missing = {_kept(*one): one for one in described}
    missing = {path: one for path, one in missing.items() if not path.is_file()}
    if not missing:
        return
    if find_spec("kaleido") is None:
        raise browser.NoBrowser("kaleido is not installed: make .venv/tools")
    if (engine := browser.at_hand()) is None:
        raise browser.NoBrowser("no browser was found")
    said = ""
    for _try in range(TRIES):
        left = [(str(path), *one) for path, one in missing.items() if not path.is_file()]
        said = _draw_apart(engine, left) if left else ""
    if undrawn := sum(not path.is_file() for path in missing):
        raise browser.NoBrowser(f"{engine} left {undrawn} of {len(missing)} undrawn: {said}")


def _draw_apart(engine: str, left: list[tuple[str, str, dict]]) -> str:
    """Draw in a process of its own, which is ended when it no longer gets on; give its last word.

    A browser that stops answering keeps the library waiting for ever, and so it would the build.
    """
    command = [sys.executable, "-m", "treatybook.site.static_figures", engine]
    with TemporaryFile("w+", encoding="utf-8") as told, TemporaryFile("w+") as errors:
        json.dump(left, told)
        told.seek(0)
        with subprocess.Popen(command, stdin=told, stderr=errors) as child:
            before, drawn = -1, 0
            while child.poll() is None and drawn > before:
                with suppress(subprocess.TimeoutExpired):
                    child.wait(PATIENCE)
                before, drawn = drawn, sum(Path(path).is_file() for path, *_ in left)
            child.kill()
        errors.seek(0)
        return (errors.read().strip().splitlines() or ["it did not answer"])[-1]


async def _draw(engine: str, left: list[tuple[str, str, dict]]) -> None:
    import kaleido

    class Drawer(kaleido.Kaleido):
        """Draws one figure after the other in a page; else library and fonts are read for each."""

        async def _return_kaleido_tab(self, tab) -> None:
            await self.tabs_ready.put(tab)

    for name in ("kaleido", "choreographer"):  # which tell every step
        getLogger(name).setLevel(WARNING)

    async def one(path: str, kind: str, drawing: dict) -> None:
        size = {"width": layouts.WIDTHS[kind], "height": drawing["layout"]["height"]}
        figure = {"data": drawing["data"], "layout": drawing["layout"]}
        svg = await drawer.calc_fig(figure, {"format": "svg", **size})
        write_text(Path(path), tidied(svg.decode(), size["width"], size["height"]))

    options = {"n": os.cpu_count() or 1, "path": engine, "enable_sandbox": not browser.IS_ROOT}
    async with Drawer(page_generator=_Page(), **options) as drawer:
        await asyncio.gather(*(one(*told) for told in left))


class _Page:
    """The page in which figures are drawn: nothing in it asks another host."""

    def generate_index(self) -> str:
        import kaleido

        fonts = [
            [base64.b64encode(path.read_bytes()).decode(), weight, slope]
            for path, (_, weight, slope) in zip(FONTS, FACES, strict=True)
        ]
        scopes = Path(kaleido.__file__).parent / "vendor" / "kaleido_scopes.js"
        return PAGE % (json.dumps(fonts), LIBRARY.as_uri(), json.dumps(locale()), scopes.as_uri())


EMPTY = re.compile(r"<(g|path|rect|defs)(?: (?:class|id)=\"[^\"]*\")*(?:/>|></\1>)")
NUMBER = re.compile(r"-?\d+\.\d+")
PATH = r"<path (?:(?!style=)[^>])*"
LIKE = re.compile(rf'{PATH}(?P<style> style="[^"]*")/>(?:{PATH}(?P=style)/>)+')


def tidied(svg: str, width: int, height: int) -> str:
    """A drawing as a page wants it: no empty parts, short numbers, colours of the theme.

    Parameters
    ----------
    svg : str
        What plotly wrote.
    width, height : int
        Size of the drawing in CSS pixels.
    """
    inner = svg[svg.index(">") + 1 : svg.rindex("</svg>")]
    # Ids are drawn by chance; those that matter are numbered in their order.
    for number, chance in enumerate(dict.fromkeys(re.findall(r'\bid="([^"]*)"', inner))):
        inner = inner.replace(f'id="{chance}"', f'id="{number}"')
        inner = re.sub(rf"url\('?#{re.escape(chance)}'?\)", f"url(#{number})", inner)
    before = ""
    while before != inner:
        before, inner = inner, EMPTY.sub("", inner)
    inner = NUMBER.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), inner)
    inner = re.sub(r"(?<=style=\")[^\"]*", lambda found: _inked(found[0]), inner)
    inner = re.sub(r' class="[^"]*"| data-[\w-]+="[^"]*"| style=""', "", inner)
    inner = LIKE.sub(_together, inner)
    head = f'<svg viewBox="0 0 {width} {height}">'
    return f"{head}{inner}</svg>"


def _together(found: re.Match[str]) -> str:
    """Neighbours of one style, which is told once: each byte of a page is paid for by a reader."""
    style = found["style"]
    return f"<g{style}>{found[0].replace(style, '')}</g>"


def _inked(look: str) -> str:
    """One style: the inks of the page, and strength told for fill and line each."""
    rules = dict(rule.strip().split(": ", 1) for rule in look.split(";") if ": " in rule)
    for unused in ("vector-effect", "white-space", "pointer-events", "cursor"):
        rules.pop(unused, None)
    rules = {name: INKS.get(name, {}).get(value, value) for name, value in rules.items()}
    # The strength of a whole mark would be printed as a picture, that of fill and line is not.
    strength = float(rules.pop("opacity", 1))
    for part in ("fill", "stroke"):
        own = float(rules.pop(f"{part}-opacity", 1)) * strength
        if own != 1 and (strength != 1 or part in rules):
            rules[f"{part}-opacity"] = f"{own:g}"
    if rules.get("font-family"):
        rules.pop("font-family")  # the page's own
    return ";".join(f"{name}:{value}" for name, value in rules.items())


if __name__ == "__main__":
    asyncio.run(_draw(sys.argv[1], json.load(sys.stdin)))
