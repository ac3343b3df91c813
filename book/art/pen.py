"""What all drawings of the book are made of: their colours, words as outlines, marks, a file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from fontTools.pens.basePen import BasePen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont
from treatybook.display.style import FAINT, READ, REPORTED

STATIC = Path(__file__).resolve().parent.parent / "_static"
BLUE, DEEP, WHITE, SOFT, WARM = "#1c5d86", "#17384e", "#ffffff", "#b9d3e4", "#f0ab62"
GRID = 250  # steps to the height of a letter's body
LINE = 3  # width of the outline of a mark

Point = tuple[float, float]


@cache
def _font(face: str) -> TTFont:
    return TTFont(STATIC / "fonts" / f"{face}.woff2")


class Outline(BasePen):
    """Writes the outline of a letter as an SVG path, in steps on a grid, which keeps it short."""

    def __init__(self, glyphs: object) -> None:
        super().__init__(glyphs)
        self.path, self.at = "", (0, 0)

    def _moveTo(self, to: Point) -> None:
        self.at = _rounded(to)
        self.path += "M" + _pair(self.at)

    def _lineTo(self, to: Point) -> None:
        self.path += "l" + self._step(to)
        self.at = _rounded(to)

    def _qCurveToOne(self, bend: Point, to: Point) -> None:
        self.path += "q" + self._step(bend) + " " + self._step(to)
        self.at = _rounded(to)

    def _closePath(self) -> None:
        self.path += "z"

    def _step(self, to: Point) -> str:
        return _pair((round(to[0]) - self.at[0], round(to[1]) - self.at[1]))


def _rounded(point: Point) -> tuple[int, int]:
    return round(point[0]), round(point[1])


def _pair(point: tuple[int, int]) -> str:
    return f"{point[0]} {point[1]}".replace(" -", "-")


def words(text: str, x: float, y: float, size: float, face: str = "bold", at: str = "start") -> str:
    """Text as outlines, standing on ``y``; ``at`` says which point of it ``x`` is.

    The letters themselves are written once in a file, by :func:`svg`.
    """
    font = _font(face)
    glyphs, names, scale = font.getGlyphSet(), font.getBestCmap(), GRID / font["head"].unitsPerEm
    parts, place = [], 0.0
    for letter in map(ord, text):
        if letter != ord(" "):
            parts.append(f'<use href="#{face}-{letter}" x="{_n(place)}"/>')
        place += glyphs[names[letter]].width * scale
    x -= {"start": 0, "middle": 0.5, "end": 1}[at] * place * size / GRID
    move = f"translate({_n(x)} {_n(y)}) scale({size / GRID:g})"
    return f'<g transform="{move}">{"".join(parts)}</g>'


def length(text: str, size: float, face: str = "bold") -> float:
    """How long a text is, as :func:`words` draws it."""
    font = _font(face)
    glyphs, names = font.getGlyphSet(), font.getBestCmap()
    return sum(glyphs[names[ord(letter)]].width for letter in text) * size / font["head"].unitsPerEm


def _letters(drawn: str) -> str:
    """The outlines of all letters that a drawing uses."""
    used = dict.fromkeys(re.findall(r'href="#(\w+)-(\d+)"', drawn))
    paths = [f'<path id="{face}-{code}" d="{_outline(face, int(code))}"/>' for face, code in used]
    return f"<defs>{''.join(paths)}</defs>" if paths else ""


def _outline(face: str, letter: int) -> str:
    font = _font(face)
    glyphs, scale = font.getGlyphSet(), GRID / font["head"].unitsPerEm
    pen = Outline(glyphs)
    glyphs[font.getBestCmap()[letter]].draw(TransformPen(pen, (scale, 0, 0, -scale, 0, 0)))
    return pen.path


def coloured(colour: str, *parts: str) -> str:
    """Parts that have no colour of their own, in one colour."""
    return f'<g fill="{colour}">{"".join(parts)}</g>'


def svg(width: int, height: int, title: str, parts: Iterable[str]) -> str:
    """A whole SVG file, one part a line."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">'
    parts = list(filter(None, parts))
    letters = filter(None, [_letters("".join(parts))])
    return "\n".join([head, f"<title>{title}</title>", *letters, *parts, "</svg>", ""])


def ground(width: int, height: int, colour: str = DEEP) -> str:
    """The ground of a drawing, so that it suits a light and a dark page."""
    return f'<rect width="{width}" height="{height}" fill="{colour}"/>'


def dots(
    points: Iterable[Point], size: float, colour: str = SOFT, fill: str = READ, cap: str = "round"
) -> str:
    """Marks of one look as few paths, or nothing where there is no point.

    Parameters
    ----------
    points : iterable of (x, y)
        Their middles.
    size : float
        How wide they are.
    colour, fill
        Their colour; solid, a ring with a dot, or hollow.
    cap : str
        ``round`` or ``square``.
    """
    path = "".join(f"M{_n(x)} {_n(y)}h.01" for x, y in points)
    layers = [(size, colour)]
    if fill != READ:
        layers.append((size - 2 * LINE, DEEP))
    if fill == REPORTED:
        layers.append((size / 3, colour))
    return "".join(
        f'<path d="{path}" stroke="{ink}" stroke-width="{_n(width)}" stroke-linecap="{cap}"/>'
        for width, ink in layers
        if path
    )


def line(points: Iterable[Point], colour: str = SOFT, width: float = LINE, more: str = "") -> str:
    """A line through points; ``more`` holds further attributes."""
    path = "L".join(f"{_n(x)} {_n(y)}" for x, y in points)
    return f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="{_n(width)}"{more}/>'


def bar(
    x: float,
    y: float,
    width: float,
    height: float,
    colour: str,
    fill: str = READ,
    edge: float = LINE,
) -> str:
    """A bar whose fill says how well something is known; its outline lies inside it."""
    look = f'fill="{colour}"'
    if fill != READ:
        x, y, width, height = x + edge / 2, y + edge / 2, width - edge, height - edge
        inside = f'{look} fill-opacity="{FAINT}"' if fill == REPORTED else 'fill="none"'
        look = f'{inside} stroke="{colour}" stroke-width="{_n(edge)}"'
    return f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" {look}/>'


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
