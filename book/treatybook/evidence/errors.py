"""What a reader writes into a call: taken as it is meant, or refused in words.

A refusal names what was found, the nearest thing that is allowed, and what else there is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

CLOSE = 0.5  # likeness from which a known key is offered for an unknown one
NEAR = 0.72  # the same for short words, where a likeness of half the letters is an accident


class InputError(Exception):
    """What a reader wrote cannot be used; the message says why.

    In a notebook only the message is shown: the lines of the package that lie between the
    reader's cell and the message say nothing about the mistake.
    """

    def _render_traceback_(self) -> list[str]:
        """Lines that IPython shows instead of the traceback. The cell fails as ever."""
        return [f"{type(self).__name__}: {self}"]


class WrongArgument(InputError, ValueError):
    """A function was called with something that it does not know or cannot use."""


def nearest(
    written: object, known: Iterable[str] | Mapping[str, str], cutoff: float = CLOSE
) -> str:
    """The end of a message that names the nearest known key.

    A whole part of exactly one key counts as near, ``status`` for ``sovereignty-status``, and
    an English column stands before its Russian sister. No key holds a comma: whoever writes
    one meant several.

    Parameters
    ----------
    written : object
        What was found.
    known : iterable of str, or mapping of str to str
        What is allowed, or words that may be meant with the keys that they stand for.
        Capitals make no difference to what is near.
    cutoff : float
        Likeness from 0 to 1 below which nothing is named.

    Returns
    -------
    str
        ``"; did you mean 'peking'?"``, or an empty text if nothing is near.
    """
    keys = known if isinstance(known, Mapping) else {key: key for key in known}
    folded = {words.casefold(): key for words, key in keys.items()}
    wanted = str(written).strip().casefold()
    if "," in wanted:
        return "; several are separated by a semicolon, not by a comma"
    holding = {key for words, key in folded.items() if wanted in re.split(r"[\W_]+", words)}
    near = [f"{wanted}_en"] if f"{wanted}_en" in folded else []
    if not near and len(holding) == 1:
        return f"; did you mean {holding.pop()!r}?"
    near = near or get_close_matches(wanted, list(folded), n=1, cutoff=cutoff)
    return f"; did you mean {folded[near[0]]!r}?" if near else ""


def known_key(kind: str, written: object, known: Iterable[str], place: str = "") -> str:
    """A key, if it is one of those that are known.

    Parameters
    ----------
    kind : str
        What the key names, for the message: ``thread``.
    written : object
        What the reader wrote.
    known : iterable of str
        Every key that is allowed.
    place : str
        Where a reader finds the keys, if they are too many for a message: ``people.csv``.

    Raises
    ------
    WrongArgument
        If it is none of them; the message names the nearest, and all or where they stand.
    """
    allowed = list(known)
    if written in allowed:
        return str(written)
    if isinstance(written, str):
        found = f"no {kind} {written!r}" + (f" in {place}" if place else "")
        near = nearest(written, allowed)
    else:
        found, near = f"a {kind} is written in quotes, and this is not: {written!r}", ""
    rest = "" if place else f"; there are: {', '.join(allowed) or 'none yet'}"
    # A question in the middle of a sentence would end it.
    raise WrongArgument(f"{found}{rest}{near}")


def known_keys(
    kind: str, written: str | Iterable[str], known: Iterable[str], place: str = ""
) -> tuple[str, ...]:
    """Keys, if all of them are known; a single text is taken as one key.

    Parameters
    ----------
    kind, known, place
        As for :func:`known_key`.
    written : str or iterable of str
        What the reader wrote: ``"peking"`` or ``("peking", "moscow")``.

    Raises
    ------
    WrongArgument
        If one of them is not known.
    """
    allowed = list(known)
    single = isinstance(written, str) or not isinstance(written, Iterable)
    asked = (written,) if single else written
    return tuple(known_key(kind, key, allowed, place) for key in asked)
