"""The audit: how much stands at which level of evidence, and what is still to be checked.

``python -m treatybook audit`` (or ``make audit``) prints it.
"""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import event_frame, evidence_cell, row_cell, source_cell, sources_cell
from treatybook.display.content import Cell, FigureView, TableView, linked
from treatybook.evidence import prose
from treatybook.evidence.attestation import LEVELS, confirmed_claims, resting_on, sources_of_events
from treatybook.evidence.errors import WrongArgument, checked, known_key
from treatybook.evidence.identifiers import address, article_name, label_names, said
from treatybook.evidence.tables import Book, read
from treatybook.evidence.wording import _, number, percent


@checked
def level_counts(book: Book) -> pd.DataFrame:
    """How many rows of each table stand at each level.

    Returns
    -------
    pandas.DataFrame
        One row per table that has levels, indexed by its name; one column per level, best
        first, and ``rows``, their sum.
    """
    tables = {name: book.table(name) for name in book.names}
    counted = {k: t["evidence"].value_counts() for k, t in tables.items() if "evidence" in t}
    frame = pd.DataFrame(counted).reindex(list(LEVELS)).fillna(0).astype(int).T
    return frame.assign(rows=frame.sum(axis=1))


@checked
def by_table(book: Book) -> FigureView:
    """Share of what was read, is reported, or is not established, in every table.

    The table of which most was read stands first.
    """
    counts, labels = level_counts(book), book.labels("evidence")
    steps = counts[list(LEVELS)].T.groupby(style.FILLS).sum().T
    steps = steps.reindex(columns=[style.READ, style.REPORTED, style.OPEN], fill_value=0)
    shares = (steps.div(counts["rows"], axis=0) * 100).round(1).fillna(0)  # an empty table
    shares = shares.sort_values(list(shares), ascending=False, kind="stable")
    names = [f"{_(table)} ({number(counts['rows'][table])})" for table in shares.index]
    plot = style.figure(
        [_bars(steps.loc[shares.index], shares, step) for step in steps if steps[step].any()],
        height=64 + 44 * len(counts),
        barmode="stack",
        xaxis={
            "title": {"text": _("per cent of the rows")},
            "range": [0, 100],
            "tickvals": [0, 25, 50, 75, 100],
            "ticklabeloverflow": "allow",  # or the 100 at the edge would be left out
            "fixedrange": True,
        },
        yaxis=style.rows(0.6 - len(counts), 0.65),
        annotations=[style.row_name(name, 0.42 - number) for number, name in enumerate(names)],
        margin={"b": 52},
    )
    sums, total = counts.sum(), steps.sum()
    share = total / max(sums["rows"], 1)
    counted = _("{n} {label}")
    parts = ", ".join(
        counted.format(n=number(sums[level]), label=labels[level])
        for level in LEVELS
        if sums[level]
    )
    words = _(
        "{reported} of what the tables hold is reported, {read} was read. "
        "{rows} rows in {tables} tables: {levels}."
    ).format(
        reported=percent(share[style.REPORTED]),
        read=percent(share[style.READ]),
        rows=number(sums["rows"]),
        tables=len(counts),
        levels=parts,
    )
    present = [level for level in LEVELS if sums[level]]
    frame = counts[[*present, "rows"]].rename(columns={**labels, "rows": _("All rows")})
    frame = frame.rename(index=_).rename_axis(_("Table")).reset_index()
    table = TableView("audit-tables-data", _("Rows of each table by level of evidence"), frame)
    caption = _(
        "Each bar is a whole table, its number of rows beside its name; that of which most was "
        "read stands first."
    )
    headline = _(
        "{reported} of {all} rows are reported, {read} were read, {open} are not established"
    ).format(
        reported=number(total[style.REPORTED]),
        all=number(sums["rows"]),
        read=total[style.READ],
        open=total[style.OPEN],
    )
    return FigureView("audit-tables", plot, caption, words, table, headline=headline)


def _bars(steps: pd.DataFrame, shares: pd.DataFrame, step: str) -> go.Bar:
    """The share of one step of evidence in each table."""
    level = next(level for level, fill in style.FILLS.items() if fill == step)
    told = _("{table}: {n} rows, {known}")
    return go.Bar(
        orientation="h",
        name=style.fill_words(step),
        y=[-place for place in range(len(steps))],
        x=list(shares[step]),
        width=0.45,
        marker=style.bar_look(level, style.NEUTRAL),
        hovertext=[
            told.format(table=_(table), n=number(rows), known=style.fill_words(step))
            for table, rows in steps[step].items()
        ],
        hoverinfo="text",
    )


@checked
def by_page(book: Book) -> TableView:
    """Levels of the rows that each page names in its prose."""
    found, labels = prose.named(book), book.labels("evidence")
    counts = pd.crosstab([found["page"], found["title"]], found["evidence"])
    counts = counts[[level for level in LEVELS if level in counts]].rename(columns=labels)
    pages = [Cell(title, href=f"{page}.html") for page, title in counts.index]
    counts.insert(0, _("Rows named"), counts.sum(axis=1))
    counts.insert(0, _("Page"), pages)
    caption = _("Events, people, places, instruments and clauses that each page names in its text")
    return TableView("audit-pages", caption, counts)


@checked
def one_source(book: Book) -> TableView:
    """Events for which a single source was seen."""
    events, sources = book.events, sources_of_events(book)
    alone = events[events["event_id"].isin(resting_on(book))]
    frame = event_frame(book, alone).rename(columns={_("Sources"): _("Its only source")})
    extent = _("How much of it was read")
    frame[extent] = [book.sources[sources[event][0]].extent for event in alone["event_id"]]
    frame = frame[[_("Event"), _("Date"), _("Its only source"), extent, _("Evidence")]]
    caption = _("{n} of {all} events rest on one source").format(n=len(frame), all=len(events))
    return TableView("audit-one-source", caption, frame, searchable=True)


@checked
def tested(book: Book) -> TableView:
    """The account that the book tests, statement by statement, with a verdict on each.

    Returns
    -------
    TableView
        Columns: What the account says, No., Verdict, Why, Claims, Cases, Told in.
    """
    kinds = book.labels("verdict_type")
    titles = {page: prose.title(text, page) for page, text in prose.texts().items()}
    rows = [
        {
            _("What the account says"): row["digest"],
            _("No."): row["position"],
            _("Verdict"): kinds[row["verdict"]],
            _("Why"): row["reason"],
            _("Claims"): linked(((key, address("claim", key)) for key in row["claims"]), ", "),
            _("Cases"): linked(((key, address("case", key)) for key in row["cases"]), ", "),
            _("Told in"): Cell(titles.get(row["page"], row["page"]), href=f"{row['page']}.html"),
        }
        for row in book.rows("statements").values()
    ]
    if not rows:
        raise WrongArgument(_("statements.csv has no statement yet: there is no account to test"))
    caption = _("{account}, statement by statement ({n})")
    caption = caption.format(account=book.account, n=len(rows))
    frame = pd.DataFrame(rows)
    return TableView("tested", caption, frame, filters=(_("Verdict"),), searchable=True)


@checked
def unconfirmed(book: Book) -> TableView:
    """Statements that one source makes and no other repeats."""
    claims = book.claims[book.claims["field"] != "account"]
    claims = claims[~claims["claim_id"].isin(confirmed_claims(book))]
    titles = book.by_key("events", "title")
    # One cell for each source and level, shared by its rows.
    sources = {key: source_cell(key) for key in set(claims["source"])}
    levels = {level: evidence_cell(book, level) for level in set(claims["evidence"])}
    frame = pd.DataFrame(
        {
            _("Claim"): claims["claim_id"],
            _("About"): claims["subject"],
            _("What is said"): claims["value"],
            _("By"): claims["source"].map(sources),
            _("Evidence"): claims["evidence"].map(levels),
            _("Event"): [
                row_cell("event", e[0], titles[e[0]]) if e else "" for e in claims["events"]
            ],
        }
    ).reset_index(drop=True)
    caption = _("{n} statements that no second source makes").format(n=len(frame))
    name, filters = "audit-unconfirmed", (_("Evidence"),)
    return TableView(name, caption, frame, filters=filters, searchable=True, group=_("About"))


@checked
def open_questions(book: Book, kind: str = "") -> TableView:
    """What is still to be checked, where to look, and which rows may change.

    Parameters
    ----------
    book : Book
        The tables.
    kind : str
        A label of the list ``check_kind``, or empty for all.

    Raises
    ------
    ValueError
        If there is no such kind.
    """
    kinds = book.labels("check_kind")
    checks = book.checks
    if kind:
        kind = known_key("kind", kind, label_names(book, "check_kind"))
        checks = checks[checks["kind"] == kind]
    rows = [
        {
            _("Question"): row["question"],
            _("No."): row["check_id"],
            _("Kind"): kinds[row["kind"]],
            _("Where to look"): row["look_in"],
            _("Sources"): sources_cell(row["sources"]) if row["sources"] else "",
            _("Rows that may change"): _rows_cell(book, row),
        }
        for row in checks.to_dict("records")
    ]
    frame = pd.DataFrame(rows)
    if kind:
        return TableView(
            f"checks-{kind}", _("Open questions about a {kind}").format(kind=kinds[kind]), frame
        )
    ids = [f"check-{check.lower()}" for check in checks["check_id"]]
    return TableView("checks", _("Open questions"), frame, ids, (_("Kind"),), searchable=True)


def _rows_cell(book: Book, check: dict) -> Cell:
    links = [(f"events.csv: {event}", address("event", event)) for event in check["events"]]
    for key in check["clauses"]:
        row = book.rows("clauses")[key]
        name = f"{row['treaty_id']} {article_name(row['article'], row['paragraph'])}"
        links.append((f"clauses.csv: {name}", address("clause", key)))
    links += [(f"verdicts.csv: {case}", address("case", case)) for case in check["cases"]]
    return linked(links, ", ")


@checked
def example_row(book: Book, claim_id: str) -> TableView:
    """A claim of the book as somebody would write down a finding, in six columns.

    Parameters
    ----------
    book : Book
        The tables.
    claim_id : str
        Key of a claim, as ``C086``.

    Raises
    ------
    WrongArgument
        If there is no such claim.
    """
    rows = book.rows("claims")
    row = rows[known_key("claim", claim_id, rows, "claims.csv")]
    finding = {
        _("What it is about"): row["subject"],
        _("What the source says"): said(row),
        _("Date (EDTF)"): row["date"].text if row["date"] else "",
        _("Source"): source_cell(row["source"]),
        _("Place in the source"): row["locator"],
        _("Level of evidence"): evidence_cell(book, row["evidence"]),
    }
    caption = _("A finding as a row: claim {key}").format(key=row["claim_id"])
    return TableView("finding", caption, pd.DataFrame([finding]))


def main() -> int:
    """Print the audit: levels by table, then counts of what is open."""
    book = read()
    print(level_counts(book).to_string())
    for view in (one_source(book), unconfirmed(book)):
        print(view.caption)
    for kind, label in book.labels("check_kind").items():
        print(f"open questions, {label}: {len(open_questions(book, kind).frame)}")
    return 0
