"""Who attests what, and how well: levels of evidence, the sources of each event, what is disputed.

A claim has a stance towards its events: it attests them, contradicts them, or only bears on them.
Only what attests an event makes a source of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import pandas as pd

from treatybook.evidence.tables import Book

# From the best to the weakest; their meaning stands in the codebook.
LEVELS = ("text", "text-part", "secondary", "computed", "topic", "unverified")
# Never stated as plain fact, and left out of counts unless the count is about evidence.
WEAK_LEVELS = ("topic", "unverified")


def is_doubtful(row: dict) -> bool:
    """Whether a dated row is drawn hollow: its date is marked ``?``, or its level is weak."""
    return row["date"].uncertain or row["evidence"] in WEAK_LEVELS


def claims_about(book: Book) -> pd.DataFrame:
    """Claims that attest or contradict; those that only bear on their events are left out."""
    return book.claims[book.claims["stance"] != "bears-on"]


@cache
def sources_of_events(book: Book) -> Mapping[str, tuple[str, ...]]:
    """Source keys of each event that a source attests, in the order of the claims."""
    claims = book.claims[(book.claims["source"] != "") & (book.claims["stance"] == "attests")]
    claims = claims.explode("events").dropna(subset="events")
    claims = claims.drop_duplicates(["events", "source"])
    found = claims.groupby("events", sort=False)["source"].agg(tuple)
    return MappingProxyType(found.to_dict())


def disputed_events(book: Book) -> frozenset[str]:
    """Events for which two claims about the same field state different things.

    What only bears on an event is no dispute about it.
    """
    seen: dict[tuple[str, str], set[str]] = {}
    for claim in claims_about(book).to_dict("records"):
        if claim["field"] == "account" and claim["stance"] == "attests":
            continue
        stated = claim["date"].text if claim["date"] else claim["value"].casefold()
        for event in claim["events"]:
            seen.setdefault((event, claim["field"]), set()).add(stated)
    return frozenset(event for (event, _), stated in seen.items() if len(stated) > 1)


def resting_on(book: Book, source: str = "") -> frozenset[str]:
    """Events that a single source attests (the given one, if one is given)."""
    return frozenset(
        event
        for event, seen in sources_of_events(book).items()
        if len(seen) == 1 and source in ("", *seen)
    )


def confirmed_claims(book: Book) -> frozenset[str]:
    """Claims whose statement a second source makes too.

    Two claims agree if they are about the same field of the same event (or, without an
    event, the same subject), have the same stance and state the same date or the same value.
    Whether the two sources are independent cannot be computed.
    """
    claims = book.claims[book.claims["source"] != ""]
    # By whole columns: row by row, a hundred times the claims took a hundred times as long.
    claims = claims.assign(
        about=[e or (s,) for e, s in claims[["events", "subject"]].to_numpy()],
        stated=[d.text if d else v.casefold() for d, v in claims[["date", "value"]].to_numpy()],
    ).explode("about")
    sources = claims.groupby(["about", "field", "stance", "stated"])["source"].transform("nunique")
    return frozenset(claims["claim_id"][sources > 1])
