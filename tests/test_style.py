"""The colours of the figures: seen on both pages, and told apart by everybody."""

from __future__ import annotations

from itertools import combinations

import pytest
from colorspacious import cspace_convert, deltaE
from treatybook.display import style

COLOURS = {**style.PARTY_COLOURS, "neutral": style.NEUTRAL}
SEEN = COLOURS | {f"other {number}": colour for number, colour in enumerate(style.OTHER_COLOURS)}
PAGES = {"light": "#ffffff", "dark": "#14181e"}
LEAST_CONTRAST = 3  # of graphics, by WCAG 2.2, 1.4.11
LEAST_DIFFERENCE = 8  # in CAM02-UCS, where 1 is just seen side by side


def rgb(colour: str) -> list[float]:
    return [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]


def luminance(colour: str) -> float:
    linear = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in rgb(colour))
    return sum(x * share for x, share in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def seen_with(kind: str, colour: str) -> list[float]:
    """A colour as somebody sees it who has one kind of colour blindness in full."""
    space = {"name": "sRGB1+CVD", "cvd_type": kind, "severity": 100}
    return [min(max(x, 0), 1) for x in cspace_convert(rgb(colour), space, "sRGB1")]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", PAGES)
@pytest.mark.parametrize("party", SEEN)
def test_the_colour_of_a_party_is_seen_on_both_pages(party: str, theme: str):
    assert contrast(SEEN[party], PAGES[theme]) >= LEAST_CONTRAST


@pytest.mark.parametrize("kind", ["", "protanomaly", "deuteranomaly", "tritanomaly"])
def test_parties_are_told_apart_with_any_colour_vision(kind: str):
    seen = {
        party: seen_with(kind, colour) if kind else rgb(colour) for party, colour in COLOURS.items()
    }
    alike = [
        pair
        for pair in combinations(seen, 2)
        if deltaE(*(seen[party] for party in pair), input_space="sRGB1") < LEAST_DIFFERENCE
    ]
    assert alike == []


def test_every_party_of_the_codebook_has_a_colour_and_no_other_has_one(book):
    assert set(book.labels("party")) == set(style.PARTY_COLOURS)
    assert set(book.labels("evidence")) == set(style.FILLS)
