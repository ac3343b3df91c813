"""The audit: how much stands at which level of evidence, and what is still to be checked.

``python -m treatybook audit`` (or ``make audit``) prints it.
"""

from __future__ import annotations

from collections import defaultdict

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import date_cell, event_cell, evidence_cell, source_cell, sources_cell
from treatybook.display.content import Cell, FigureView, TableView, linked
from treatybook.evidence import prose
from treatybook.evidence.attestation import LEVELS, confirmed_claims, resting_on, sources_of_events
from treatybook.evidence.errors import WrongArgument, known_key, nearest
from treatybook.evidence.identifiers import address, article_name, said
from treatybook.evidence.tables import Book


def level_counts(book: Book) -> pd.DataFrame:
    """How many rows of each table stand at each level.

    Returns
    -------
    pandas.DataFrame
        One row per table that has levels, indexed by its name; one column per level, best
        first, and ``rows``, their sum.
    """
    counted = {
        name: book.table(name)["evidence"].value_counts()
        for name in book.names
        if any(field["name"] == "evidence" for field in book.fields(name))
    }
    frame = pd.DataFrame(counted).reindex(list(LEVELS)).fillna(0).astype(int).T
    return frame.assign(rows=frame.sum(axis=1))


def by_table(book: Book) -> FigureView:
    """Share of each level in every table."""
    counts = level_counts(book)
    labels = book.labels("evidence")
    tables = list(counts.index)
    rows_of = [-number for number in range(len(tables))]
    present = [level for level in LEVELS if counts[level].sum()]
    shares = counts[present].div(counts["rows"], axis=0) * 100
    traces = [
        go.Bar(
            orientation="h",
            name=labels[level],
            y=rows_of,
            x=[round(share, 1) for share in shares[level]],
            width=0.45,
            marker={
                "color": style.EVIDENCE_COLOURS[level],
                "pattern": {
                    "shape": style.EVIDENCE_PATTERNS[level],
                    "fillmode": "overlay",
                    "fgcolor": "#ffffff",
                    "size": 7,
                },
            },
            hovertext=[f"{t}: {n} rows, {labels[level]}" for t, n in counts[level].items()],
            hoverinfo="text",
        )
        for level in present
    ]
    plot = style.figure(
        traces,
        height=130 + 54 * len(tables),
        barmode="stack",
        legend={"traceorder": "normal"},
        xaxis={
            "title": {"text": "per cent of the rows"},
            "range": [0, 100],
            "tickvals": [0, 25, 50, 75, 100],
            "ticklabeloverflow": "allow",  # or the 100 at the edge would be left out
            "fixedrange": True,
        },
        yaxis={"visible": False, "range": [-len(tables) + 0.5, 0.8], "fixedrange": True},
        annotations=[
            style.row_name(f"{name} ({total})", y + 0.42)
            for name, total, y in zip(tables, counts["rows"], rows_of, strict=True)
        ],
    )
    total = int(counts["rows"].sum())
    parts = ", ".join(f"{int(counts[level].sum())} {labels[level]}" for level in present)
    words = f"{total:,} rows in {len(tables)} tables: {parts}."
    frame = counts[[*present, "rows"]].rename(columns={**labels, "rows": "All rows"})
    frame = frame.rename_axis("Table").reset_index()
    table = TableView("audit-tables-data", "Rows of each table by level of evidence", frame)
    caption = "How far the evidence goes, table by table. Each bar is a whole table."
    return FigureView("audit-tables", plot, caption, words, table)


def by_page(book: Book) -> TableView:
    """Levels of the rows that each page names in its prose."""
    found = prose.named(book)
    labels = book.labels("evidence")
    present = [level for level in LEVELS if level in set(found["evidence"])]
    rows = []
    for (page, title), group in found.groupby(["page", "title"], sort=True):
        counted = group["evidence"].value_counts()
        rows.append(
            {
                "Page": Cell(title, href=f"{page}.html"),
                "Rows named": len(group),
                **{labels[level]: int(counted.get(level, 0)) for level in present},
            }
        )
    caption = "Events, people, places, instruments and clauses that each page names in its text"
    return TableView("audit-pages", caption, pd.DataFrame(rows))


def one_source(book: Book) -> TableView:
    """Events for which a single source was seen."""
    sources = sources_of_events(book)
    events = book.events
    alone = events[events["event_id"].isin(resting_on(book))]
    rows = [
        {
            "Event": event_cell(row),
            "Date": date_cell(row["date"]),
            "Its only source": sources_cell(sources[row["event_id"]]),
            "How much of it was read": book.sources[sources[row["event_id"]][0]].extent,
            "Evidence": evidence_cell(book, row["evidence"]),
        }
        for row in alone.to_dict("records")
    ]
    caption = f"{len(rows)} of {len(events)} events rest on one source"
    return TableView("audit-one-source", caption, pd.DataFrame(rows), searchable=True)


def tested(book: Book, source: str = "") -> TableView:
    """One account, statement by statement: what it says, the verdict, and where the book tells it.

    A page tells a statement if its prose names the event, the claim or the case by its key.

    Parameters
    ----------
    book : Book
        The tables.
    source : str
        Key of the account; the one that the book tests if empty.

    Returns
    -------
    TableView
        Columns: What it is about, What the account says, Verdict (empty where no case was
        opened), Told in.

    Raises
    ------
    ValueError
        If no claim rests on the account.
    """
    source = source or book.account
    claims = book.claims[book.claims["source"] == source]
    if claims.empty:
        known = set(book.claims["source"]) - {""}
        raise WrongArgument(f"no claim has the source {source!r}{nearest(source, sorted(known))}")
    verdicts = {row["case_id"]: row for row in book.verdicts.to_dict("records")}
    kinds = book.labels("verdict_type")
    told = _telling_pages(book)
    rows = []
    for claim in claims.to_dict("records"):
        # The first case is the claim's own; further ones only gather claims of one kind.
        keys = (*claim["events"], claim["claim_id"], *claim["cases"][:1])
        found = {page: title for key in keys for page, title in told[key].items()}
        rows.append(
            {
                "What it is about": claim["subject"],
                "What the account says": said(claim),
                "Verdict": linked(
                    (f"{case}: {kinds[verdicts[case]['verdict_type']]}", address("case", case))
                    for case in claim["cases"]
                ),
                "Told in": linked((title, f"{page}.html") for page, title in found.items()),
            }
        )
    caption = f"{source}, statement by statement ({len(rows)})"
    return TableView("tested", caption, pd.DataFrame(rows), searchable=True)


def _telling_pages(book: Book) -> dict[str, dict[str, str]]:
    """For each event, claim and case: the pages that name it, with their titles."""
    named = prose.named(book)
    titles = dict(zip(named["page"], named["title"], strict=True))
    told: dict[str, dict[str, str]] = defaultdict(dict)
    for row in named[named["table"].isin(("events", "claims"))].to_dict("records"):
        told[row["key"]][row["page"]] = row["title"]
    for page, cases in prose.cases_named().items():
        for case in cases:
            told[case][page] = titles[page]
    return told


def unconfirmed(book: Book) -> TableView:
    """Statements that one source makes and no other repeats."""
    claims = book.claims[book.claims["field"] != "account"]
    claims = claims[~claims["claim_id"].isin(confirmed_claims(book))]
    titles = book.events[["event_id", "title_en"]].to_dict("records")
    events = {row["event_id"]: event_cell(row) for row in titles}
    # One cell for each source and level, shared by its rows.
    sources = {key: source_cell(key) for key in set(claims["source"])}
    levels = {level: evidence_cell(book, level) for level in set(claims["evidence"])}
    frame = pd.DataFrame(
        {
            "Claim": claims["claim_id"],
            "About": claims["subject"],
            "What is said": claims["value"],
            "By": claims["source"].map(sources),
            "Evidence": claims["evidence"].map(levels),
            "Event": [events[keys[0]] if keys else "" for keys in claims["events"]],
        }
    ).reset_index(drop=True)
    caption = f"{len(frame)} statements that no second source makes"
    return TableView("audit-unconfirmed", caption, frame, filters=("Evidence",), searchable=True)


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
        known_key("kind", kind, kinds)
        checks = checks[checks["kind"] == kind]
    clauses = {
        row["clause_id"]: (row["treaty_id"], article_name(row["article"], row["paragraph"]))
        for row in book.clauses.to_dict("records")
    }
    rows = [
        {
            "Question": row["question"],
            "No.": row["check_id"],
            "Kind": kinds[row["kind"]],
            "Where to look": row["look_in"],
            "Sources": sources_cell(row["sources"]) if row["sources"] else "",
            "Rows that may change": _rows_cell(clauses, row),
        }
        for row in checks.to_dict("records")
    ]
    caption = "Open questions" + (f" about a {kinds[kind]}" if kind else "")
    return TableView(
        f"checks-{kind}" if kind else "checks",
        caption,
        pd.DataFrame(rows),
        row_ids=() if kind else [f"check-{check.lower()}" for check in checks["check_id"]],
        filters=() if kind else ("Kind",),
        searchable=not kind,
    )


def _rows_cell(clauses: dict[str, tuple[str, str]], check: dict) -> Cell:
    links = [(f"events.csv: {event}", address("event", event)) for event in check["events"]]
    for clause in check["clauses"]:
        treaty, name = clauses[clause]
        links.append((f"clauses.csv: {treaty} {name}", address("clause", clause)))
    links += [(f"verdicts.csv: {case}", address("case", case)) for case in check["cases"]]
    return linked(links, ", ")


def main() -> int:
    """Print the audit: levels by table, then counts of what is open."""
    from treatybook.evidence.tables import read

    book = read()
    print(level_counts(book).to_string())
    for view in (one_source(book), unconfirmed(book)):
        print(view.caption)
    for kind, label in book.labels("check_kind").items():
        print(f"open questions, {label}: {len(open_questions(book, kind).frame)}")
    return 0
