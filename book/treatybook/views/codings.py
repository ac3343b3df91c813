"""Turning clauses into labels: the two codings, and a reader's own as a third."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from treatybook.display.cells import evidence_cell, sources_cell
from treatybook.display.content import TableView
from treatybook.evidence.attestation import WEAK_LEVELS
from treatybook.evidence.errors import NEAR, WrongArgument, checked, known_key, nearest, seen
from treatybook.evidence.identifiers import label_names, printed_names
from treatybook.evidence.tables import SEPARATOR, Book
from treatybook.evidence.wording import _, plural
from treatybook.views import dictionary
from treatybook.views.clauses import short_name
from treatybook.views.reliability import RARE, agreement

# A coder of the table, or a reader's own labels in one of the forms that own_coding() takes.
Coding = str | Mapping | pd.DataFrame | Sequence[Mapping]

FIELDS = ("main", "direction", "clause_type")
TASK_SIZE = 10
FORM_COLUMN = "what_it_says"  # stands in the form for a second coder, and is not read
FEW = 50  # with fewer clauses, one label more or less still moves alpha a good deal


@checked
def field_names() -> dict[str, str]:
    """Words for each of :data:`FIELDS`."""
    names = (_("Main topic"), _("Direction"), _("Clause type"))
    return dict(zip(FIELDS, names, strict=True))


@checked
def you() -> str:
    """Name of the reader among the coders."""
    return _("You")


# Codings ------------------------------------------------------------------------------------


@checked
def same_parties(direction: str) -> str:
    """A direction with its joined parties in alphabetical order: ``RU+CN->MN`` as ``CN+RU->MN``.

    This is the only change made to a label before two codings are compared.
    """
    sides = direction.replace(" ", "").replace("→", "->").split("->")
    return "->".join("+".join(sorted(side.split("+"))) for side in sides)


@checked
def own_coding(book: Book, mine: Coding) -> pd.DataFrame:
    """A reader's own labels, checked and brought into the form of the two codings.

    Parameters
    ----------
    book : Book
        The tables.
    mine : mapping, pandas.DataFrame or sequence of mappings
        Either ``{clause_id: topics}``, or rows with ``clause_id`` and one or more of
        ``topics``, ``direction`` and ``clause_type``. Topics are one label, several with a
        semicolon between them, or a list, the main one first. A label may be written as in
        the tables or in words, and a clause by its key or as tables print it, ``Kyakhta 1915:
        3(2)``; an empty cell means "not coded". A row without any label is left out, so that
        a form can be filled in part.

    Returns
    -------
    pandas.DataFrame
        One row per clause, indexed by ``clause_id``: ``main``, ``topics`` (a tuple),
        ``direction``, ``clause_type``; ``None`` or an empty tuple where not coded.

    Raises
    ------
    ValueError
        If a clause, label or column is unknown (the message names the nearest one), if a
        clause stands twice, or if nothing is coded.
    """
    frame = _read(book, mine)
    frame = frame[_is_coded(frame)]
    if frame.empty:
        raise WrongArgument(_("nothing is coded yet: give at least one clause a label"))
    return frame


def _read(book: Book, mine: Coding) -> pd.DataFrame:
    """A reader's rows in the form of :func:`own_coding`, those without a label among them."""
    keys = printed_names(book, "clauses")
    made: dict[str, dict] = {}
    for row in _rows(mine):
        _check_columns(book, row)
        clause = known_key("clause", str(row.get("clause_id", "")).strip(), keys, "clauses.csv")
        if clause in made:
            told = _("clause {clause!r} stands twice; one coding has one row per clause")
            raise WrongArgument(told.format(clause=clause))
        topics = _topics(book, row.get("topics", row.get("topic")))
        labels = {name: _label(book, name, row.get(name)) for name in ("direction", "clause_type")}
        made[clause] = {"main": topics[0] if topics else None, "topics": topics, **labels}
    columns = ["main", "topics", "direction", "clause_type"]
    return pd.DataFrame.from_dict(made, orient="index", columns=columns, dtype=object)


def _is_coded(frame: pd.DataFrame) -> pd.Series:
    return frame[list(FIELDS)].notna().any(axis="columns")


def _names(book: Book, clauses: pd.DataFrame) -> list[str]:
    """Names of clauses as tables print them: ``Kyakhta 1915: 3(2)``."""
    short = book.by_key("treaties", "short")
    rows = clauses[["treaty_id", "article", "paragraph"]].to_numpy()
    return [f"{short.get(treaty, treaty)}: {short_name(*name)}" for treaty, *name in rows]


def _rows(mine: Coding) -> list[dict]:
    if isinstance(mine, str | bytes):
        told = _(
            "labels are wanted, as in {{clause: topic}}, or the rows of a form, and this is neither: "
            "{found}"
        )
        if str(mine).endswith(".csv"):
            told += _("; a file is read first: pandas.read_csv({found})")
        raise WrongArgument(told.format(found=seen(mine)))
    if isinstance(mine, pd.DataFrame):
        return mine.to_dict("records")
    if isinstance(mine, Mapping):
        return [{"clause_id": clause, "topics": topics} for clause, topics in mine.items()]
    for row in mine:
        if not isinstance(row, Mapping):
            told = _("each row names a clause and its labels, and this does not: {found}")
            raise WrongArgument(told.format(found=seen(row)))
    return [dict(row) for row in mine]


def _check_columns(book: Book, row: Mapping) -> None:
    allowed = [field["name"] for field in book.fields("codings")]
    for column in row:
        if column not in (*allowed, "topic", FORM_COLUMN):
            near = nearest(column, allowed, NEAR)
            told = _("no column {column!r}; allowed: {columns}")
            raise WrongArgument(told.format(column=column, columns=", ".join(allowed)) + near)


def _topics(book: Book, cell: object) -> tuple[str, ...]:
    if _is_empty(cell):
        return ()
    items = cell if isinstance(cell, list | tuple) else str(cell).split(SEPARATOR.strip())
    labels = tuple(_label(book, "topic", item) for item in items if not _is_empty(item))
    if len(set(labels)) < len(labels):
        raise WrongArgument(_("a topic stands twice in {cell!r}").format(cell=cell))
    return labels


def _is_empty(cell: object) -> bool:
    """Whether a cell is not coded; pandas reads an empty cell of a CSV file as a missing number."""
    if isinstance(cell, list | tuple):
        return not cell
    return bool(pd.isna(cell)) or not str(cell).strip()


def _label(book: Book, name: str, cell: object) -> str | None:
    """The label of a closed list that a reader meant, by its key or by its words."""
    if _is_empty(cell):
        return None
    wanted, labels = str(cell).strip(), label_names(book, name)
    ordered = same_parties(wanted.upper()) if name == "direction" else wanted
    kind, place = name.replace("_", " "), _("the codebook")
    return known_key(kind, ordered if ordered in labels else wanted, labels, place)


@checked
def coding(book: Book, who: Coding) -> pd.DataFrame:
    """The labels of a coder of the table, or a reader's own.

    Returns
    -------
    pandas.DataFrame
        As :func:`own_coding`; the directions in the form of :func:`same_parties`.

    Raises
    ------
    ValueError
        If there is no such coder, or a reader's own labels have a fault.
    """
    if not isinstance(who, str):
        return own_coding(book, who)
    who = known_key("coder", who, label_names(book, "coder"))
    rows = book.codings
    rows = rows[rows["coder"] == who].set_index("clause_id")
    return rows.assign(main=rows["topics"].str[0], direction=rows["direction"].map(same_parties))


# Which clauses ------------------------------------------------------------------------------


@checked
def examples(book: Book) -> frozenset[str]:
    """Clauses that the codebook names as a clear or doubtful case.

    An article named without a paragraph stands for all its clauses, and an instrument named
    without an article for all of its own. Rules are not searched: they were added after the
    second coding; nor are the cases of ``direction``, which were partly taken from the two codings.

    Parameters
    ----------
    book : Book
        The tables.
    """
    return frozenset(clause for clauses in book.codebook["clauses"] for clause in clauses)


@checked
def paired(book: Book, first: Coding = "A", second: Coding = "B") -> pd.DataFrame:
    """Clauses that two coders have coded, with the labels of both.

    Returns
    -------
    pandas.DataFrame
        The columns of ``clauses``, ``where`` (short name), ``instrument``, ``example``
        (whether the codebook names the clause), coder B's ``difficulty`` and ``remark``, and
        each label twice: ``main_1``, ``main_2`` and so on.

    Raises
    ------
    ValueError
        If a coder is unknown, a label has a fault, or the two have no clause in common.
    """
    labels = [*FIELDS, "topics"]
    one, other = coding(book, first)[labels], coding(book, second)[labels]
    both = one.add_suffix("_1").join(other.add_suffix("_2"), how="inner")
    if both.empty:
        raise WrongArgument(_("the two codings have no clause in common"))
    both = both.join(coding(book, "B")[["difficulty", "remark"]]).fillna({"remark": ""})
    frame = book.clauses.merge(both, left_on="clause_id", right_index=True)
    return frame.assign(
        instrument=frame["treaty_id"].map(book.by_key("treaties", "short")),
        where=_names(book, frame),
        example=frame["clause_id"].isin(examples(book)),
    )


@checked
def both_coded(pairs: pd.DataFrame, field: str) -> pd.DataFrame:
    """The rows of :func:`paired` to which both coders gave a label of a field."""
    return pairs[pairs[f"{field}_1"].notna() & pairs[f"{field}_2"].notna()]


@checked
def by_label(book: Book, pairs: pd.DataFrame, names: tuple[str, str]) -> pd.DataFrame:
    """Every label of two coders, field by field, where both gave one.

    Parameters
    ----------
    book : Book
        The tables.
    pairs : pandas.DataFrame
        From :func:`paired`.
    names : (str, str)
        Names of the two coders.

    Returns
    -------
    pandas.DataFrame
        One row per field and clause: the columns of ``pairs``, ``label_1`` and ``label_2``,
        and for tables Clause, Field, What it says, and the labels in words under the two names.
    """
    parts = []
    for field, field_name in field_names().items():
        part = both_coded(pairs, field)
        columns = {_("Clause"): part["clause_id"], _("Field"): field_name}
        for which, name in zip("12", names, strict=True):
            columns[f"label_{which}"] = part[f"{field}_{which}"]
            columns[name] = _label_words(book, field, part, which)
        parts.append(part.assign(**columns, **{_("What it says"): part["digest"]}))
    return pd.concat(parts, ignore_index=True)


def _label_words(book: Book, field: str, pairs: pd.DataFrame, which: str) -> pd.Series:
    """Labels of one coder in words; behind a main topic, the further topics."""
    if field != "main":
        return pairs[f"{field}_{which}"].map(book.labels(field))
    labels = book.labels("topic")
    topics = pairs[f"topics_{which}"].map(lambda keys: [labels[key] for key in keys])
    further = topics.str[1:].str.join(SEPARATOR)
    return topics.str[0] + [f" {_also(words)}" if words else "" for words in further]


def _also(topics: str) -> str:
    return _("(also {topics})").format(topics=topics)


@checked
def main_words(words: str) -> str:
    """The main topic alone, of words that name further ones behind it."""
    return words.split(f" {_also('')}"[:-1])[0]


# A reader codes -----------------------------------------------------------------------------


@checked
def task_clauses(book: Book) -> list[str]:
    """The ten clauses that a reader codes, chosen without a look at the labels.

    Of the clauses that the codebook does not name and that a source supports, in the order
    of the table, the first of each tenth.
    """
    usable = book.clauses
    named, weak = usable["clause_id"].isin(examples(book)), usable["evidence"].isin(WEAK_LEVELS)
    clauses = list(usable[~named & ~weak]["clause_id"])
    return [clauses[number * len(clauses) // TASK_SIZE] for number in range(TASK_SIZE)]


@checked
def short_list(book: Book, name: str) -> TableView:
    """One closed list of the codebook without its cases and rules.

    Raises
    ------
    ValueError
        If the codebook has no such list.
    """
    view = dictionary.code_list(book, name)
    return replace(view, frame=view.frame[[_("Label"), _("In words"), _("When to use it")]])


@checked
def task(book: Book) -> TableView:
    """The ten clauses to code: key, instrument, digest, level of evidence.

    Returns
    -------
    TableView
        Columns: Clause, Instrument, What it says, Evidence, Sources.
    """
    clauses = _the_ten(book)
    columns = {
        _("Clause"): clauses["clause_id"],
        _("Instrument"): clauses["instrument"],
        _("What it says"): clauses["digest"],
        _("Evidence"): [evidence_cell(book, level) for level in clauses["evidence"]],
        _("Sources"): [sources_cell(keys) for keys in clauses["sources"]],
    }
    return TableView(
        "coding-task", _("{n} clauses to code").format(n=len(clauses)), pd.DataFrame(columns)
    )


def _the_ten(book: Book) -> pd.DataFrame:
    return paired(book).set_index("clause_id").loc[task_clauses(book)].reset_index()


@checked
def task_answers(book: Book) -> TableView:
    """What the two coders gave to the ten clauses.

    Returns
    -------
    TableView
        One row per clause and field: Clause, Field, Coder A, Coder B, Result.
    """
    clauses = _the_ten(book)
    coders = book.labels("coder")
    frame = by_label(book, clauses, (coders["A"], coders["B"]))
    field, result = _("Field"), _("Result")
    same = frame["label_1"] == frame["label_2"]
    frame[result] = same.map({True: _("the same"), False: _("not the same")})
    counted = ", ".join(
        f"{name} {same[frame[field] == name].sum()}" for name in field_names().values()
    )
    caption = _("Both coders on the {n} clauses; the same label: {fields}")
    caption = caption.format(n=len(clauses), fields=counted)
    frame = frame[[_("Clause"), field, coders["A"], coders["B"], result]]
    return TableView("coding-answers", caption, frame, filters=(field, result), searchable=True)


@checked
def compare(book: Book, mine: Coding) -> TableView:
    """A reader's own labels beside those of both coders, the differences first.

    Parameters
    ----------
    book : Book
        The tables.
    mine : mapping, pandas.DataFrame or sequence of mappings
        As for :func:`own_coding`.

    Returns
    -------
    TableView
        One row per clause and field that the reader coded. Columns: Clause, Field, You,
        Coder A, Coder B, Result, What it says. The caption counts the agreement and, from ten
        clauses on, gives alpha; it also tells how many of the ten clauses are still empty. If
        all are, the table names them.

    Raises
    ------
    ValueError
        If a clause, label or column is unknown; the message names the nearest one.
    """
    read = _read(book, mine)
    empty = _empty(book, read)
    if empty and not _is_coded(read).any():
        names = pd.DataFrame({_("Clause"): empty, _("Your label"): _("none yet")})
        caption = _("Nothing to compare yet: {empty}").format(empty=_still(empty))
        return TableView("coding-compared", caption, names)
    coders, clause, field, result = book.labels("coder"), _("Clause"), _("Field"), _("Result")
    with_a, with_b = (
        by_label(book, paired(book, mine, coder), (you(), coders[coder])) for coder in "AB"
    )
    with_b = with_b[[clause, field, coders["B"], "label_2"]]
    frame = with_a.merge(with_b, on=[clause, field], suffixes=("_a", "_b"))
    frame["found"] = list(map(_found, frame["label_1"], frame["label_2_a"], frame["label_2_b"]))
    as_a, as_b = (frame["label_1"] == frame[f"label_2_{who}"] for who in "ab")
    counted = {
        _("{n} as coder A ({share})"): as_a.sum(),
        _("{n} as coder B ({share})"): as_b.sum(),
        _("{n} as neither ({share})"): (~as_a & ~as_b).sum(),
    }
    said = ", ".join(
        told.format(n=number, share=f"{100 * number / len(frame):.0f}%")
        for told, number in counted.items()
    )
    told = _("{n} labels compared: {numbers}").format(n=len(frame), numbers=said)
    parts = [told, *_alphas(frame)]
    caption = ". ".join([*parts, _still(empty).capitalize()] if empty else parts)
    results = _results()
    order = list(results)
    frame = frame.sort_values("found", key=lambda r: r.map(order.index), kind="stable")
    frame[result] = frame["found"].map(results)
    heads = [clause, field, you(), coders["A"], coders["B"], result, _("What it says")]
    return TableView(
        "coding-compared", caption, frame[heads], filters=(field, result), searchable=True
    )


def _empty(book: Book, read: pd.DataFrame) -> list[str]:
    """Those of the ten clauses that have no label, if the reader works on the ten."""
    ten = list(dict.fromkeys(task_clauses(book))) if len(read) else []
    if not read.index.isin(ten).any():
        return []
    coded = set(read.index[_is_coded(read)])
    return [clause for clause in ten if clause not in coded]


def _still(empty: list[str]) -> str:
    return plural(
        "{n} of the ten clauses is still empty",
        "{n} of the ten clauses are still empty",
        len(empty),
    )


def _alphas(rows: pd.DataFrame) -> Iterator[str]:
    """Alpha of a reader against each coder, for the fields that were coded often enough."""
    for name, part in rows.groupby(_("Field"), sort=False):
        if len(part) < RARE:
            continue
        mine, of_a, of_b = (list(part[who]) for who in ("label_1", "label_2_a", "label_2_b"))
        with_a, with_b = agreement(mine, of_a).alpha_words, agreement(mine, of_b).alpha_words
        words = _("{field}: alpha {a} with coder A, {b} with coder B")
        words = words.format(field=name, a=with_a, b=with_b)
        few = _("{n} clauses are few, and one label more or less moves this number")
        yield "; ".join([words, *[few.format(n=len(part))] * (len(part) < FEW)])


def _results() -> dict[str, str]:
    """Words for what :func:`_found` gives, in the order of the table."""
    return {
        "a-and-b": _("differs, and A and B agree"),
        "none": _("differs from both, who differ too"),
        "a": _("as A, not as B"),
        "b": _("as B, not as A"),
        "both": _("as both"),
    }


def _found(own: str, of_a: str, of_b: str) -> str:
    """Whose label a label is, or else whether the two others are one."""
    if own == of_a:
        return "both" if own == of_b else "a"
    if own == of_b:
        return "b"
    return "a-and-b" if of_a == of_b else "none"
