"""A date says no more than its source, and nothing impossible passes as a date."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from edtf import parse_edtf
from treatybook.evidence import dates
from treatybook.evidence.dates import DateError, parse
from treatybook.evidence.errors import WrongArgument


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "precision", "words"),
    [
        ("1921-11-05", "1921-11-05", "1921-11-05", "day", "5 November 1921"),
        ("1921-11", "1921-11-01", "1921-11-30", "month", "November 1921"),
        ("1924-02", "1924-02-01", "1924-02-29", "month", "February 1924"),
        ("1921", "1921-01-01", "1921-12-31", "year", "1921"),
        ("192X", "1920-01-01", "1929-12-31", "decade", "the 1920s"),
        ("1922-21", "1922-03-01", "1922-05-31", "season", "spring 1922"),
        ("1921-11-XX", "1921-11-01", "1921-11-30", "month", "November 1921"),
        ("1921-09-14?", "1921-09-14", "1921-09-14", "day", "14 September 1921 (uncertain)"),
        ("1921-11~", "1921-11-01", "1921-11-30", "month", "about November 1921"),
        ("1921-02-01/1921-02-04", "1921-02-01", "1921-02-04", "interval", "1 to 4 February 1921"),
        ("1921-07/1921-08", "1921-07-01", "1921-08-31", "interval", "July to August 1921"),
        ("1921-12/1922-01", "1921-12-01", "1922-01-31", "interval", "December 1921 to January 1922"),
        ("1921-02/1921-03-04", "1921-02-01", "1921-03-04", "interval", "February 1921 to 4 March 1921"),
        ("1921/1921-03", "1921-01-01", "1921-03-31", "interval", "1921 to March 1921"),
        # An open end has no invented year.
        ("1921-11-05/..", "1921-11-05", "9999-12-31", "interval", "from 5 November 1921"),
        ("1921-11-05/", "1921-11-05", "9999-12-31", "interval", "from 5 November 1921"),
        ("../1921-02", "0001-01-01", "1921-02-28", "interval", "until February 1921"),
        ("1921-02-01?/1921-02-04", "1921-02-01", "1921-02-04", "interval", "1 February 1921 (uncertain) to 4 February 1921"),
    ],
)  # fmt: skip
def test_bounds_precision_and_words(text, earliest, latest, precision, words):
    date = parse(text)
    assert (date.earliest.isoformat(), date.latest.isoformat()) == (earliest, latest)
    assert (date.precision, str(date)) == (precision, words)
    assert date.is_open == bool({earliest, latest} & {"0001-01-01", "9999-12-31"})


@pytest.mark.parametrize(
    ("text", "uncertain", "approximate"),
    [("1921?", True, False), ("1921~", False, True), ("1921-11-05%", True, True),
     ("1921-09-14?/1925-03", True, False), ("1921-09-14/1925-03~", False, True)],
)  # fmt: skip
def test_signs_are_kept(text, uncertain, approximate):
    assert (parse(text).uncertain, parse(text).approximate) == (uncertain, approximate)


def test_an_open_start_has_no_first_date():
    assert parse("../1921-02").start is None


@pytest.mark.parametrize(
    "text",
    ["", "5 November 1921", "1921-13", "1921-00", "1921-33", "1921-25", "1921-21-05", "1921-XX-05",
     "192X-11", "0000", "１９２１", "1921-11-05 ", "1921-11-05?~", "1921-11-31", "1921-02-29", "1921-2-3", "05.11.1921",
     "1921-11-05/1921-11-01", "1921/1922/1923", "../..", "1921-11-0X", "[1921,1922]", "19211105",
     "1921-11-05T10:00:00", "Y19210"],
)  # fmt: skip
def test_what_is_not_a_date_of_this_project_is_refused(text):
    with pytest.raises(DateError):
        parse(text)


def test_a_date_in_words_is_refused_without_asking_for_a_day():
    with pytest.raises(DateError, match="1921-11 if only the month is known, 1921 if only"):
        parse("March 1922")


def test_before_is_said_only_when_the_bounds_settle_it():
    mission, arrival = parse("1921-10"), parse("1921-11-02")
    assert mission.before(arrival) is True
    assert arrival.before(mission) is False
    assert mission.before(parse("1921-10-28")) is None
    assert parse("1921").before(mission) is None
    assert parse("1921-11-05").before(parse("1921-11-05")) is False
    assert mission.before(parse("1921-10")) is None, "two things of one month"
    assert parse("1921-11-04").before(parse("1921-11-04/1921-11-05")) is None


def test_before_asks_for_a_date_of_the_tables():
    for other in ("1921-11-05", dt.date(1921, 11, 5), None):
        with pytest.raises(
            WrongArgument, match=r'such as dates\.parse\("1921-11-05"\), and this is'
        ):
            parse("1921").before(other)


def test_sorting_is_by_earliest_then_latest_day():
    texts = ["1921-12", "1921", "1921-01-01", "1921-11-05/.."]
    assert [d.text for d in sorted(map(parse, texts))] == [
        "1921-01-01", "1921", "1921-11-05/..", "1921-12"
    ]  # fmt: skip
    assert len({parse("1921"), parse("1921")}) == 1


@pytest.mark.parametrize("text", ["1921-13-01", "1921-02-29", "1921-04-31", "1921-10", ""])
def test_an_impossible_old_style_day_is_refused(text):
    with pytest.raises(DateError):
        dates.new_style(text)


def test_dates_mean_what_the_library_of_the_field_reads_in_them(book):
    texts = {
        part
        for name in book.names
        for field in book.fields(name)
        if field.get("dateFormat") == "edtf" and field.get("calendar") != "julian"
        for date in book.table(name)[field["name"]]
        if date
        for part in date.text.split("/")
        if part not in ("", "..")
    } | {"192X", "1921-XX", "1921-XX-XX", "1921-11-XX", "1921-24", "1921%"}
    assert len(texts) > 100
    for text in texts:
        ours, theirs = parse(text), parse_edtf(text)
        bounds = [dt.date(*bound()[:3]) for bound in (theirs.lower_strict, theirs.upper_strict)]
        assert bounds == [ours.earliest, ours.latest], text


def test_old_style_days_follow_one_another_as_new_style_days_do():
    """With one known pair this settles every day; 1900 is a leap year in one calendar only."""
    assert dates.new_style("1915-05-25") == "1915-06-07"
    months = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    julian = [
        f"{year}-{month:02}-{day:02}"
        for year in range(1890, 1930)
        for month, days in enumerate(months, 1)
        for day in range(1, days + (month == 2 and year % 4 == 0) + 1)
    ]
    gregorian = [dt.date.fromisoformat(dates.new_style(text)) for text in julian]
    assert {later - earlier for earlier, later in pairwise(gregorian)} == {dt.timedelta(1)}
