"""What a reader writes into a call: taken as it is meant, or refused in words.

A refusal names what was found, the nearest thing that is allowed, and what else there is.
"""

from __future__ import annotations

import inspect
import re
import types
import typing
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache, lru_cache, wraps
from os import PathLike
from pathlib import Path

from treatybook.evidence.wording import _

P, R = typing.ParamSpec("P"), typing.TypeVar("R")
CLOSE = 0.5  # likeness from which a known key is offered for an unknown one
SHOWN = 60  # characters of what was found
MANY, SOME = 30, 8  # so many keys that a message has only some, those that are most like
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
    an English column stands before its Russian sister. Whoever writes a comma beside a key meant
    several.

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
    lowered = {words.casefold(): key for words, key in keys.items()}
    wanted = str(written).strip().casefold()
    if "," in wanted and any(part.strip() in lowered for part in wanted.split(",")):
        return _("; several are separated by a semicolon, not by a comma")
    holding = {key for words, key in lowered.items() if wanted in re.split(r"[\W_]+", words)}
    near = [f"{wanted}_en"] if f"{wanted}_en" in lowered else []
    if not near and len(holding) == 1:
        return _("; did you mean {near!r}?").format(near=holding.pop())
    near = near or get_close_matches(wanted, list(lowered), n=1, cutoff=cutoff)
    return _("; did you mean {near!r}?").format(near=lowered[near[0]]) if near else ""


def seen(value: object) -> str:
    """What a reader wrote, as a message shows it: on one line, and not endless."""
    if isinstance(value, type) or callable(value):
        name = getattr(value, "__name__", _("without a name"))
        return _("the function {name}").format(name=name)
    if value is None or isinstance(value, str | int | float | list | tuple | dict | set):
        words = " ".join(repr(value).split())
        return words if len(words) <= SHOWN else f"{words[:SHOWN]}…"
    return _("a {kind}").format(kind=type(value).__name__)


def known_key(
    kind: str,
    written: object,
    known: Iterable[str] | Mapping[str, object],
    place: str = "",
) -> str:
    """A key, if it is one of those that are known, or if the book prints it so.

    Capitals, accents, signs and blanks make no difference.

    Parameters
    ----------
    kind : str
        What the key names, for the message: ``thread``.
    written : object
        What the reader wrote: the key, or its words if ``known`` tells them. Before them may
        stand the kind, as in "claim C086".
    known : iterable of str, or mapping of str to object
        Every key that is allowed; a mapping also tells the words that the book prints for it,
        one text or several.
    place : str
        Where a reader finds all keys: ``people.csv``.

    Raises
    ------
    WrongArgument
        If it is none of them; the message has the allowed ones, of many those most like, and
        the nearest.
    """
    if isinstance(written, str) and (key := meant(written, known, kind)):
        return key
    raise WrongArgument(not_known(kind, written, known, place))


def not_known(
    kind: str,
    written: object,
    known: Iterable[str] | Mapping[str, object],
    place: str = "",
) -> str:
    """What is said of a key that is not known; parameters as for :func:`known_key`."""
    allowed = list(known)
    told = {"kind": _kind(kind), "place": place, "listed": _listed(str(written), allowed)}
    if not isinstance(written, str):
        said = _("a {kind} is written in quotes, and this is not: {found}; there are: {listed}")
        return said.format(**told, found=seen(written))
    if place:
        said = _("no {kind} {found!r} in {place}; there are: {listed}")
    else:
        said = _("no {kind} {found!r}; there are: {listed}")
    near = nearest(written, allowed) or nearest(written, _by_words(kind, known))
    # A question in the middle of a sentence would end it.
    return said.format(**told, found=shortened(written)) + near


def _kind(kind: str) -> str:
    """What a key names, in the reader's language."""
    kinds = {
        "thread": _("thread"),
        "table": _("table"),
        "column": _("column"),
        "row": _("row"),
        "question": _("question"),
        "lesson": _("lesson"),
        "step": _("step"),
        "coder": _("coder"),
        "coded instrument": _("coded instrument"),
        "clause": _("clause"),
        "group": _("group"),
        "grid for the field": _("grid for the field"),
        "person": _("person"),
        "kind": _("kind"),
        "claim": _("claim"),
        "list": _("list"),
        "language": _("language"),
        "topic": _("topic"),
        "direction": _("direction"),
        "clause type": _("clause type"),
        "case": _("case"),
        "year": _("year"),
        "least number of men": _("least number of men"),
        "number of sources": _("number of sources"),
    }
    return kinds.get(kind, kind)


def meant(written: str, known: Iterable[str] | Mapping[str, object], kind: str = "") -> str:
    """The key that is written by itself or in the words of the book, or an empty text."""
    return written if written in list(known) else _by_words(kind, known).get(folded(written), "")


def _listed(written: str, allowed: Sequence[str]) -> str:
    """The allowed keys; of many some, those that are most like what was written."""
    if len(allowed) <= MANY:
        return ", ".join(allowed) or _("none yet")
    plain = {folded(key): key for key in allowed}
    like = {plain[near] for near in get_close_matches(folded(written), plain, n=SOME, cutoff=0)}
    some = [shortened(key) for key in allowed if key in like]
    return _("{some} and {n} more").format(some=", ".join(some), n=len(allowed) - len(some))


def shortened(text: str) -> str:
    """A text that fits into a message."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


@lru_cache(maxsize=20_000)
def folded(words: str) -> str:
    """Words without what makes no difference: capitals, accents, signs and more than one blank."""
    letters = unicodedata.normalize("NFKD", words.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.split(r"[\W_]+", plain)).strip()


def _by_words(kind: str, known: Iterable[str] | Mapping[str, object]) -> dict[str, str]:
    """Keys by the words that the book prints for them; words that two keys share mean neither."""
    pairs = [
        (words, key) for key in known for words in (key, f"{kind} {key}", f"{_kind(kind)} {key}")
    ]
    for key, words in known.items() if isinstance(known, Mapping) else ():
        several = (words,) if isinstance(words, str) else words
        if isinstance(several, tuple):
            pairs += [(each, key) for each in several if isinstance(each, str)]
    found: dict[str, str] = {}
    for words, key in pairs:
        plain = folded(words)
        found[plain] = key if found.get(plain, key) == key else ""
    return {words: key for words, key in found.items() if words and key}


def known_keys(
    kind: str,
    written: str | Iterable[str],
    known: Iterable[str] | Mapping[str, object],
    place: str = "",
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
        If one of them is not known, or if there is none.
    """
    single = isinstance(written, str) or not isinstance(written, Iterable)
    asked = (written,) if single else tuple(written)
    if not asked:
        raise WrongArgument(_("no {kind} is named; name one or some").format(kind=_kind(kind)))
    return tuple(known_key(kind, key, known, place) for key in asked)


def whole_number(kind: str, written: object, least: int, most: int) -> int:
    """A whole number within its limits, also if it stands in quotes.

    Raises
    ------
    WrongArgument
        If it is none, or lies beyond the limits.
    """
    number = written
    if isinstance(written, str) and re.fullmatch(r"[0-9]{1,9}", written):
        number = int(written)
    if isinstance(number, bool) or not isinstance(number, int) or not least <= number <= most:
        rule = _(
            "the {kind} must be a whole number from {least} to {most}, and this is not: {found}"
        )
        told = {"kind": _kind(kind), "least": least, "most": most, "found": seen(written)}
        raise WrongArgument(rule.format(**told))
    return number


# What a call hands over --------------------------------------------------------------------


def checked(function: Callable[P, R]) -> Callable[P, R]:
    """A function that refuses, in one line, what its annotations do not allow.

    Every function that a cell calls carries it: whether a text, a number or a book is wanted
    is said by the annotations alone, and nothing is asked twice.
    """
    signature = inspect.signature(function)

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            bound = signature.bind(*args, **kwargs)
        except TypeError as error:
            names = ", ".join(signature.parameters)
            told = f"{function.__name__}({names}): {_not_bound(str(error))}"
            raise WrongArgument(told) from None
        hints = _hints(function)
        for name, value in bound.arguments.items():
            kind = signature.parameters[name].kind
            plain = kind not in (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
            if plain and name in hints and not _fits(value, hints[name]):
                wanted = _(" or ").join(dict.fromkeys(_wanted(hints[name])))
                rule = _("{function}: {name} must be {wanted}, and this is not: {found}")
                told = {"function": function.__name__, "name": name, "wanted": wanted}
                raise WrongArgument(rule.format(**told, found=seen(value)))
        try:
            return function(*args, **kwargs)
        except KeyError as error:
            tables = [name for name in bound.arguments if _name(hints.get(name)) == "DataFrame"]
            if not tables or isinstance(error, InputError):
                raise
            told = _("{function}: {tables} has no column {name}").format(
                function=function.__name__, tables=_(" or ").join(tables), name=error
            )
            raise WrongArgument(told) from error

    return call


def _not_bound(said: str) -> str:
    """What Python says of arguments that do not fit: a few words, and behind them a name."""
    words, quote, name = said.partition(" '")
    known = {
        "missing a required argument:": _("missing a required argument:"),
        "got an unexpected keyword argument": _("got an unexpected keyword argument"),
        "too many positional arguments": _("too many positional arguments"),
        "multiple values for argument": _("multiple values for argument"),
    }
    return known.get(words, words) + quote + name


@cache
def _hints(function: Callable) -> dict[str, object]:
    """Types of the parameters; read at the first call, when all modules are there."""
    return typing.get_type_hints(function)


def _kinds(hint: object) -> list[object]:
    """The types of a union, or the only one."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return [kind for part in typing.get_args(hint) for kind in _kinds(part)]
    return [hint]


def _fits(value: object, hint: object) -> bool:
    return any(_is(value, kind) for kind in _kinds(hint))


def _is(value: object, kind: object) -> bool:
    plain = typing.get_origin(kind) or kind
    if not isinstance(plain, type):
        return True
    if plain is tuple:
        # Whoever writes square brackets means the same, and pandas has columns of its own.
        several = isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping)
        return several and not hasattr(value, "columns")
    if plain is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if plain is Path:
        return isinstance(value, PathLike)
    if plain is Sequence:
        if isinstance(value, str) or not isinstance(value, Sequence):
            return False
        return all(_is(item, of) for of in typing.get_args(kind)[:1] for item in value)
    return callable(value) if plain is Callable else isinstance(value, plain)


def _wanted(hint: object) -> list[str]:
    """What a parameter takes, in words."""
    kinds = [typing.get_origin(kind) or kind for kind in _kinds(hint)]
    return [_words(kind) for kind in kinds if kind is not type(None)]


def _name(kind: object) -> str:
    return getattr(kind, "__name__", str(kind))


def _words(kind: object) -> str:
    wanted = {
        str: _("a text in quotes"),
        int: _("a whole number without quotes"),
        dict: _("a dictionary"),
        Mapping: _("a dictionary"),
        Path: _("the name of a file or folder in quotes"),
        Sequence: _("a list"),
        bool: _("True or False without quotes"),
        tuple: _("several in brackets"),
    }
    if kind in wanted:
        return wanted[kind]
    is_book = _name(kind) == "Book"
    return _("a book, as in book = read()") if is_book else _("a {kind}").format(kind=_name(kind))
