"""The people: their names, lives and part in the story."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import events_cell, evidence_cell, sources_cell, told
from treatybook.display.content import Button, Cell, FigureView, TableView, linked
from treatybook.evidence.attestation import LEVELS
from treatybook.evidence.errors import WrongArgument, checked
from treatybook.evidence.identifiers import address, anchor
from treatybook.evidence.tables import Book, english
from treatybook.evidence.wording import _
from treatybook.views.parts import Rows

YEARS = (1924, 1911, 1921, 1941)  # of the lines; the first is drawn at first
END = dt.date(YEARS[-1], 12, 31)
MARGIN, STEP = 5, 50  # years on both sides of the lives, and between labels of the axis
LIVES = (31, 17, 32)  # rows at once, height of one, and of what lies around them
NAMES = ("name_en", "name_ru", "name_mn", "name_native")


@checked
def cards(book: Book) -> TableView:
    """Everybody in the tables, with name forms, role, fate and the events they were part of.

    Returns
    -------
    TableView
        Columns: Name, Who, Other names, Born, Died, What became of them, Events, Group,
        Evidence, Sources.
    """
    groups, people = book.labels("people_group"), book.rows("people")
    events = book.events.sort_values("date", kind="stable").explode("people")
    parts = events.groupby("people")["event_id"].agg(list)
    rows = [
        {
            _("Name"): row["name"],
            _("Who"): _who(row),
            _("Other names"): _names(row),
            _("Born"): _life_date(row, "born"),
            _("Died"): _life_date(row, "died"),
            _("What became of them"): row["fate"],
            _("Events"): events_cell(map(book.rows("events").get, parts.get(key, []))),
            _("Group"): groups[row["group"]],
            _("Evidence"): evidence_cell(book, row["evidence"]),
            _("Sources"): sources_cell(row["sources"]),
        }
        for key, row in people.items()
    ]
    return TableView(
        "people-table",
        _("People, {n} in all").format(n=len(rows)),
        pd.DataFrame(rows),
        row_ids=[anchor("person", key) for key in people],
        filters=(_("Group"), _("Evidence")),
        searchable=True,
        group=_("Name"),
    )


def _names(row: dict) -> Cell:
    """The forms of a name; a long list folds like one of links."""
    forms = [*map(row.get, NAMES), *row["other_names"]]
    return linked(((form, "") for form in forms if form and form != row["name"]), ", ")


def _who(row: dict) -> str:
    unchecked = row["unverified_part"] if row["evidence"] != "unverified" else ""
    return told(row["role"], unchecked, row["note"])


def _is_weak(row: dict, column: str) -> bool:
    """Whether a date of a life is only remembered."""
    return row["evidence"] == "unverified" or column in english(row, "unverified_part").split("; ")


def _life_date(row: dict, column: str) -> Cell | str:
    date = row[column]
    if date is None:
        return ""
    words = _("{date} (not checked)") if _is_weak(row, column) else "{date}"
    return Cell(words.format(date=date), sort=date.earliest.isoformat())


def _years(people: pd.DataFrame) -> dict:
    """An axis from some years before the first birth to some after the last death.

    The year whose line is drawn first has a label, and others stand as far apart as a phone needs.
    """
    first = min(date.earliest.year for date in people["born"]) - MARGIN
    last = max(date.latest.year for date in people["died"]) + MARGIN
    labels = [year for year in range(first, last) if (year - YEARS[0]) % STEP == 0]
    return {
        "range": [f"{first}-01-01", f"{last}-01-01"],
        "tickvals": [f"{year}-12-31" for year in labels],
        "ticktext": list(map(str, labels)),
        "tickangle": 0,
    }


@checked
def lifelines(book: Book) -> FigureView:
    """Lives of those whose birth and death have a date; buttons mark a year.

    The first to die stands on top. A life whose dates are only remembered is drawn hollow. A year without a month is drawn
    from its first to its last day, so that no bar claims to know more than its source.

    Raises
    ------
    WrongArgument
        If nobody has both dates.
    """
    people = book.people.dropna(subset=["born", "died"])
    if people.empty:
        raise WrongArgument(_("nobody in people.csv has both dates, born and died"))
    people = people.sort_values("died", kind="stable", ignore_index=True)
    people["weak"] = [_is_weak(row, "born") or _is_weak(row, "died") for row in _records(people)]
    people["level"] = people["evidence"].mask(people["weak"], "unverified")
    people["y"] = -people.index
    rows = Rows(len(people), *LIVES)
    drawn = people[: rows.drawn]
    plot = style.figure(
        _bars_and_keys(book, drawn),
        height=rows.shown()["height"],
        barmode="overlay",
        margin={"b": 28},
        xaxis={"type": "date", "fixedrange": True, **_years(people)},
        yaxis=style.fixed(
            range=rows.shown()["yaxis.range"],
            showgrid=False,
            tickvals=list(drawn["y"]),
            ticktext=[name.split(" (")[0] for name in drawn["name"]],
            tickfont={"size": style.SMALL},
        ),
        shapes=_line(YEARS[0]),
    )
    alive = people.loc[[date.earliest > END for date in people["died"]], "name"]
    dead = {year: sum(date.latest.year <= year for date in people["died"]) for year in YEARS}
    early, late = YEARS[0], END.year
    words = _(
        "By the end of {early} death had taken {early_dead} of the {all} people of whom both dates "
        "are known; {people} are in the tables. {weak} of these lives have a date that is only "
        "remembered and are drawn hollow. {late_dead} had died by the end of {late}; alive after "
        "it: {alive}."
    ).format(
        early=early,
        early_dead=dead[early],
        all=len(people),
        people=len(book.people),
        weak=people["weak"].sum(),
        late=late,
        late_dead=dead[late],
        alive=", ".join(sorted(alive)) or _("nobody"),
    )
    frame = pd.DataFrame(
        {
            _("Name"): people["name"],
            _("Born"): [_life_date(row, "born") for row in _records(people)],
            _("Died"): [_life_date(row, "died") for row in _records(people)],
            _("Group"): people["group"].map(book.labels("people_group")),
        }
    )
    return FigureView(
        "lifelines",
        plot,
        _(
            "Each bar is a life, the first to die on top. The line is the end of the year that is "
            "pressed."
        )
        + rows.words,
        words,
        TableView("lifelines-data", _("Lives with both dates"), frame),
        [
            *(Button(str(year), {"shapes": _line(year)}) for year in YEARS),
            Button(_("no line"), {"shapes": []}),
            *rows.buttons(),
        ],
        headline=_(
            "{n} of {all} people were dead by the end of {early}, {more} by the end of {late}"
        ).format(n=dead[early], all=len(people), early=early, more=dead[late], late=late),
    )


def _records(people: pd.DataFrame) -> list[dict]:
    return people.to_dict("records")


def _bars_and_keys(book: Book, people: pd.DataFrame) -> list:
    """The lives of each group, and what colour and fill mean."""
    colours, labels = style.party_colours(book, "people_group"), book.labels("people_group")
    groups = [group for group in labels if group in set(people["group"])]
    return [
        *(_bars(people[people["group"] == group], colours[group]) for group in groups),
        *(style.key(labels[g], 0, symbol="square", color=colours[g]) for g in groups),
        *_fill_keys(people["level"]),
    ]


def _fill_keys(levels: pd.Series) -> list[go.Scatter]:
    """What the fill of a bar means, for the fills that occur."""
    looks = {style.FILLS[level]: style.bar_look(level, style.NEUTRAL) for level in LEVELS}
    found = {style.FILLS[level] for level in levels}
    return [
        style.key(style.fill_words(fill), 2, symbol="square", **look)
        for fill, look in looks.items()
        if fill in found
    ]


def _bars(people: pd.DataFrame, colour: str) -> go.Bar:
    born, died = people["born"], people["died"]
    lives = people[["name", "born", "died", "weak"]].to_numpy()
    return style.bars(
        [date.earliest for date in born],
        [(end.latest - start.earliest).days for start, end in zip(born, died, strict=True)],
        people["y"],
        showlegend=False,
        width=0.56,
        marker={
            "color": [style.bar_look(level, colour)["color"] for level in people["level"]],
            "line": {"color": colour, "width": 2},
        },
        hovertext=[
            style.words(
                name, _("{start} to {end}").format(start=start, end=end), *[_("not checked")] * weak
            )
            for name, start, end, weak in lives
        ],
        customdata=[address("person", key) for key in people["person_id"]],
    )


def _line(year: int) -> list[dict]:
    """A line at the end of a year."""
    day, look = f"{year}-12-31", {"color": style.NEUTRAL, "width": 3, "dash": "dot"}
    place = {"yref": "paper", "x0": day, "x1": day, "y0": 0, "y1": 1}
    return [{"type": "line", **place, "line": look}]
