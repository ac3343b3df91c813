"""What roles and dates say in Russian, in the case that the sentence needs."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from treatybook import read
from treatybook.display.markdown import without_roles
from treatybook.evidence import counts, dates, prose, russian, wording
from treatybook.evidence.errors import WrongArgument
from treatybook.evidence.identifiers import UnknownReference, number_words, printed_names, reference
from treatybook.evidence.tables import Book

SIGNED = "soviet-mongolian-agreement-1921"
DAY, MONTH, YEAR, DECADE, SEASON = "1921-11-05", "1921-11", "1921", "192X", "1921-21"
CLAUSE = "RSFSR-MONGOLIA-1921/3/1"


@pytest.fixture(autouse=True)
def ru() -> Iterator[Book]:
    """The book of a Russian reader; the tests after this one speak English again."""
    before = wording.spoken()
    yield read(language="ru")
    read(language=before)


@pytest.mark.parametrize(
    ("text", "case", "words"),
    [
        (DAY, "", "5 ноября 1921 года"),
        (DAY, "в", "5 ноября 1921 года"),
        (DAY, "с", "с 5 ноября 1921 года"),
        (DAY, "до", "до 5 ноября 1921 года"),
        (DAY, "после", "после 5 ноября 1921 года"),
        (DAY, "от", "от 5 ноября 1921 года"),
        (DAY, "к", "к 5 ноября 1921 года"),
        (DAY, "по", "по 5 ноября 1921 года"),
        ("1921-05-02", "с", "со 2 мая 1921 года"),
        ("1921-05-02", "к", "ко 2 мая 1921 года"),
        ("1921-05-22", "с", "с 22 мая 1921 года"),
        (MONTH, "", "ноябрь 1921 года"),
        (MONTH, "в", "в ноябре 1921 года"),
        (MONTH, "с", "с ноября 1921 года"),
        (MONTH, "до", "до ноября 1921 года"),
        (MONTH, "после", "после ноября 1921 года"),
        (MONTH, "от", "от ноября 1921 года"),
        (MONTH, "к", "к ноябрю 1921 года"),
        (MONTH, "по", "по ноябрь 1921 года"),
        ("1921-11-XX", "в", "в ноябре 1921 года"),
        ("1924-02", "с", "с февраля 1924 года"),
        (YEAR, "", "1921 год"),
        (YEAR, "в", "в 1921 году"),
        (YEAR, "с", "с 1921 года"),
        (YEAR, "до", "до 1921 года"),
        (YEAR, "после", "после 1921 года"),
        (YEAR, "от", "от 1921 года"),
        (YEAR, "к", "к 1921 году"),
        (YEAR, "по", "по 1921 год"),
        (DECADE, "", "1920-е годы"),
        (DECADE, "в", "в 1920-х годах"),
        (DECADE, "с", "с 1920-х годов"),
        (DECADE, "до", "до 1920-х годов"),
        (DECADE, "после", "после 1920-х годов"),
        (DECADE, "от", "от 1920-х годов"),
        (DECADE, "к", "к 1920-м годам"),
        (DECADE, "по", "по 1920-е годы"),
        (SEASON, "", "весна 1921 года"),
        (SEASON, "в", "весной 1921 года"),
        (SEASON, "с", "с весны 1921 года"),
        (SEASON, "до", "до весны 1921 года"),
        (SEASON, "после", "после весны 1921 года"),
        (SEASON, "от", "от весны 1921 года"),
        (SEASON, "к", "к весне 1921 года"),
        (SEASON, "по", "по весну 1921 года"),
        ("1921-22", "в", "летом 1921 года"),
        ("1921-23", "в", "осенью 1921 года"),
        ("1921-24", "до", "до зимы 1921 года"),
    ],
)  # fmt: skip
def test_one_date(text, case, words):
    assert dates.phrase(dates.parse(text), case) == words


@pytest.mark.parametrize(
    ("text", "case", "words"),
    [
        ("1921-02-01/1921-02-04", "", "1–4 февраля 1921 года"),
        ("1921-02-01/1921-02-04", "в", "1–4 февраля 1921 года"),
        ("1921-02-01/1921-02-04", "до", "до 1–4 февраля 1921 года"),
        ("1921-02-01/1921-02-04", "от", "от 1–4 февраля 1921 года"),
        ("1921-02-01/1921-02-04", "между", "между 1 и 4 февраля 1921 года"),
        ("1921-02-02/1921-02-05", "с", "со 2–5 февраля 1921 года"),
        ("1921-06-28/1921-07-06", "", "28 июня — 6 июля 1921 года"),
        ("1921-06-28/1921-07-06", "в", "с 28 июня по 6 июля 1921 года"),
        ("1921-06-02/1921-07-06", "в", "со 2 июня по 6 июля 1921 года"),
        ("1921-06-28/1921-07-06", "к", "к 28 июня — 6 июля 1921 года"),
        ("1921-06-28/1921-07-06", "между", "между 28 июня и 6 июля 1921 года"),
        ("1921-12-28/1922-01-03", "", "28 декабря 1921 года — 3 января 1922 года"),
        ("1921-12-28/1922-01-03", "в", "с 28 декабря 1921 года по 3 января 1922 года"),
        ("1921-12-28/1922-01-03", "между", "между 28 декабря 1921 года и 3 января 1922 года"),
        ("1921-07/1921-08", "", "июль–август 1921 года"),
        ("1921-07/1921-08", "в", "в июле–августе 1921 года"),
        ("1921-07/1921-08", "с", "с июля–августа 1921 года"),
        ("1921-07/1921-08", "к", "к июлю–августу 1921 года"),
        ("1921-07/1921-08", "между", "между июлем и августом 1921 года"),
        ("1921-12/1922-01", "", "декабрь 1921 года — январь 1922 года"),
        ("1921-12/1922-01", "в", "с декабря 1921 года по январь 1922 года"),
        ("1921-12/1922-01", "между", "между декабрём 1921 года и январём 1922 года"),
        ("1921-21/1921-22", "", "весна–лето 1921 года"),
        ("1921-21/1921-22", "в", "весной–летом 1921 года"),
        ("1921-23/1922-21", "в", "с осени 1921 года по весну 1922 года"),
        ("1924/1954", "", "1924–1954 годы"),
        ("1924/1954", "в", "в 1924–1954 годах"),
        ("1924/1954", "до", "до 1924–1954 годов"),
        ("1924/1954", "между", "между 1924 и 1954 годами"),
        ("192X/193X", "", "1920–1930-е годы"),
        ("192X/193X", "в", "в 1920–1930-х годах"),
        ("192X/193X", "между", "между 1920-ми и 1930-ми годами"),
        ("1921-02/1921-03-04", "", "февраль 1921 года — 4 марта 1921 года"),
        ("1921-02/1921-03-04", "в", "с февраля 1921 года по 4 марта 1921 года"),
        ("1921/1921-03", "", "1921 год — март 1921 года"),
        # An open end has no invented year, and no other preposition than its own.
        ("1921-11-05/..", "", "с 5 ноября 1921 года"),
        ("1921-11-05/", "в", "с 5 ноября 1921 года"),
        ("1925/..", "с", "с 1925 года"),
        ("../1921-02", "", "до февраля 1921 года"),
        ("../1921-02", "в", "до февраля 1921 года"),
        ("../1921-02", "до", "до февраля 1921 года"),
    ],
)  # fmt: skip
def test_an_interval_says_once_what_both_ends_share(text, case, words):
    assert dates.phrase(dates.parse(text), case) == words


@pytest.mark.parametrize(
    ("text", "case", "words"),
    [
        ("1921~", "", "около 1921 года"),
        ("1921-11~", "", "около ноября 1921 года"),
        ("1921-11-08~", "", "около 8 ноября 1921 года"),
        ("192X~", "", "около 1920-х годов"),
        ("1921-21~", "", "около весны 1921 года"),
        ("1921~", "в", "примерно в 1921 году"),
        ("1921-11~", "в", "примерно в ноябре 1921 года"),
        ("1921-11-08~", "в", "примерно 8 ноября 1921 года"),
        ("1921-11~", "с", "примерно с ноября 1921 года"),
        ("1921-11~", "к", "примерно к ноябрю 1921 года"),
        ("1921-11-05?", "", "5 ноября 1921 года (не точно)"),
        ("1921-11?", "в", "в ноябре 1921 года (не точно)"),
        ("1921-11-05?", "до", "до 5 ноября 1921 года (не точно)"),
        ("1921%", "", "около 1921 года (не точно)"),
        ("1921%", "в", "примерно в 1921 году (не точно)"),
        ("1921-06-26/1921-09-14?", "", "26 июня 1921 года — 14 сентября 1921 года (не точно)"),
        ("1921-02-01?/1921-02-04", "в", "с 1 февраля 1921 года (не точно) по 4 февраля 1921 года"),
        ("1921-04~/1921-05", "", "около апреля 1921 года — май 1921 года"),
        ("1921-04~/1921-05", "в", "примерно с апреля 1921 года по май 1921 года"),
        ("1921-04/1921-05~", "между", "между апрелем 1921 года и примерно маем 1921 года"),
        ("1921-09-14?/..", "", "с 14 сентября 1921 года (не точно)"),
        ("1921~/..", "", "примерно с 1921 года"),
    ],
)  # fmt: skip
def test_doubts_are_said_in_every_case(text, case, words):
    assert dates.phrase(dates.parse(text), case) == words


def test_every_date_of_the_tables_is_said_in_russian_in_each_case(ru):
    found = {
        date
        for name in ru.names
        for field in ru.fields(name)
        if field.get("dateFormat") == "edtf" and field.get("calendar") != "julian"
        for date in ru.table(name)[field["name"]]
        if date
    }
    assert len(found) > 100
    for date in found:
        only_spans = [] if date.precision == "interval" else ["между"]
        cases = {"", "в"} if date.is_open else russian.DATE_CASES.keys() - only_spans
        for case in cases:
            words = dates.phrase(date, case)
            assert re.fullmatch(r"[а-яё\d –—()-]+", words), (date.text, case, words)


@pytest.mark.parametrize(
    ("text", "case", "message"),
    [
        (DAY, "на", "не найдено: падеж 'на'; есть: в, с, до, после, от, к, по, между"),
        (DAY, "между", "«между» needs a date with a start and an end, not 1921-11-05"),
        ("1921-11-05/..", "до", "1921-11-05/.. has one open end, and so only the cases: в, с"),
        ("../1921-02", "к", "../1921-02 has one open end, and so only the cases: в, до"),
    ],
)
def test_a_case_that_a_date_has_not_is_refused(text, case, message):
    with pytest.raises(WrongArgument, match=re.escape(message)):
        dates.phrase(dates.parse(text), case)


def test_a_translated_text_may_ask_for_a_case_of_its_date():
    date = dates.parse(MONTH)
    translated = "Подписано {date:в}, {date}"
    assert translated.format(date=date) == "Подписано в ноябре 1921 года, ноябрь 1921 года"


def test_short_dates_of_figures_lose_no_number():
    short = {text: dates.short(dates.parse(text)) for text in (DAY, MONTH, YEAR, "1921-05-02")}
    assert list(short.values()) == ["5 нояб. 1921", "нояб. 1921", "1921", "2 мая 1921"]


# ---- roles ----


@pytest.mark.parametrize(
    ("kind", "written", "words"),
    [
        ("date", SIGNED, "5 ноября 1921 года"),
        ("date", f"{SIGNED}, с", "с 5 ноября 1921 года"),
        ("date", f"{SIGNED},до", "до 5 ноября 1921 года"),
        ("clause", CLAUSE, "статья 3(1)"),
        ("clause", f"{CLAUSE}, в", "в статье 3(1)"),
        ("clause", f"{CLAUSE}, по", "по статье 3(1)"),
        ("clause", f"{CLAUSE}, к", "к статье 3(1)"),
        ("clause", f"{CLAUSE}, из", "из статьи 3(1)"),
        ("clause", f"{CLAUSE}, р", "статьи 3(1)"),
        ("clause", "RUMN-1912-AGR/1/all, в", "в статье 1"),
        ("clause", "RSFSR-MONGOLIA-1921/preamble/1", "преамбула"),
        ("clause", "RSFSR-MONGOLIA-1921/preamble/1, в", "в преамбуле"),
        ("clause", "RSFSR-MONGOLIA-1921/preamble/1, по", "по преамбуле"),
        ("clause", "RSFSR-MONGOLIA-1921/preamble/1, из", "из преамбулы"),
        ("clause", "RSFSR-MONGOLIA-1921/preamble/1, р", "преамбулы"),
        ("clause", "CNSU-1945-NOTES/CN-note/1", "пункт 1 китайской ноты"),
        ("clause", "CNSU-1945-NOTES/SU-note/2, по", "по пункту 2 советской ноты"),
        ("clause", "CNRU-1913-NOTES/note/1, в", "в пункте 1 нот"),
        ("clause", "RSFSR-AFGHAN-1921/supplement/1, из", "из пункта 1 дополнения"),
        ("case", "D-05", "случай D-05"),
        ("case", "D-05, в", "в случае D-05"),
        ("claim", "C061", "свидетельство C061"),
        ("claim", "C061, по", "по свидетельству C061"),
        ("person", "danzan", "Данзан"),
        ("force", "F009", "4\xa0000"),
    ],
)
def test_a_role_says_its_row_in_the_case_behind_its_key(ru, kind, written, words):
    assert reference(ru, kind, written).text == words


def test_a_claim_states_its_date_in_a_case_and_other_words_have_none(ru):
    claims = ru.claims
    dated = claims[[bool(d) and d.precision == "month" for d in claims["date"]]].iloc[0]
    plain = claims[[not date for date in claims["date"]]].iloc[0]
    said = reference(ru, "said", f"{dated['claim_id']}, в").text
    assert said == dates.phrase(dated["date"], "в") != reference(ru, "said", dated["claim_id"]).text
    with pytest.raises(UnknownReference, match="даты здесь нет"):
        reference(ru, "said", f"{plain['claim_id']}, в")


def test_every_clause_case_and_claim_has_all_cases(ru):
    tables = {"clause": ru.clauses["clause_id"], "case": ru.verdicts["case_id"]}
    for kind, keys in (tables | {"claim": ru.claims["claim_id"]}).items():
        for key in keys:
            for case in filter(None, russian.NAME_CASES):
                assert reference(ru, kind, f"{key}, {case}").text


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "1 событие"),
        (2, "2 события"),
        (5, "5 событий"),
        (11, "11 событий"),
        (21, "21 событие"),
        (112, "112 событий"),
        (132, "132 события"),
        (1234, "1\xa0234 события"),
        (0, "0 событий"),
    ],
)
def test_what_is_counted_stands_in_the_form_of_its_number(ru, monkeypatch, number, words):
    monkeypatch.setitem(counts.COUNTS, "all-events", lambda book: number)
    assert reference(ru, "count", "all-events, событие, события, событий").text == words


def test_a_range_of_numbers_is_written_with_a_dash():
    assert number_words({"low": 10000.0, "high": 12000.0}) == "10\xa0000–12\xa0000"


@pytest.mark.parametrize(
    ("kind", "written", "title", "message"),
    [
        (
            "date",
            f"{SIGNED}, на",
            "",
            f"date '{SIGNED}, на': не найдено: падеж 'на'; есть: в, с, до,",
        ),
        ("clause", f"{CLAUSE}, с", "", "не найдено: падеж 'с'; есть: в, по, к, из, р"),
        ("count", "all-events, событие, события", "", "3 forms after 1, 2 and 5, as in «событие"),
        ("person", "danzan, в", "", "only of: date, said, clause, case, claim"),
        ("date", f"{SIGNED}, в, с", "", "one case behind the key"),
        ("date", f"{SIGNED}, в", "тогда", "words of its own need no case"),
        ("date", "soviet-mongolian-agreement-192, в", "", f"может быть, '{SIGNED}'?"),
    ],
)
def test_a_form_that_is_not_there_is_told_with_those_that_are(ru, kind, written, title, message):
    with pytest.raises(UnknownReference, match=re.escape(message)):
        reference(ru, kind, written, title)


@pytest.mark.parametrize(
    ("kind", "written"), [("date", f"{SIGNED}, в"), ("count", "all-events, event, events, events")]
)
def test_english_has_no_case_and_takes_the_comma_for_a_part_of_the_key(kind, written):
    with pytest.raises(UnknownReference, match=re.escape(f"no {kind} '{written}'")):
        reference(read(language="en"), kind, written)


def test_a_language_without_a_grammar_says_english_words(monkeypatch):
    monkeypatch.setattr(wording, "_spoken", "mn")
    assert str(dates.parse("1921-02-01/1921-02-04")) == "1 to 4 February 1921"


def test_notebooks_and_the_list_of_named_rows_take_the_same_roles(ru):
    text = f"Это было {{date}}`{SIGNED}, в`, {{clause}}`{CLAUSE}, по` {{cite}}`LCW42,PSS44`."
    assert without_roles(text, ru) == "Это было 5 ноября 1921 года, по статье 3(1) (LCW42, PSS44)."
    assert list(prose.roles(text)) == [
        ("date", SIGNED),
        ("clause", CLAUSE),
        ("cite", "LCW42,PSS44"),
    ]


def test_names_of_clauses_are_those_that_pages_print(ru):
    assert "статья 3(1)" in printed_names(ru, "clauses")[CLAUSE]
    assert "3(1)" in printed_names(ru, "clauses")[CLAUSE]
