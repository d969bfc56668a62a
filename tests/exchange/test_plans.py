"""Meetings and task groups of a partnership file: in, out, twice, and with each mistake at its line."""

from typing import Any

import pytest

from core.exchange import Mistake, read_board
from core.transactions import Transactions
from tests.exchange.files import changed
from tests.exchange.test_export import exported, import_text
from tests.exchange.test_importing import bring_in
from tests.exchange.test_work import WORK

PLANS = (
    WORK
    + """
[[task_groups]]
name = "Tides"
remit = "Say when boats can sail."
priority = "Boats on time"
members = ["Paul Port", "ada@harbour.example.org"]
ends = 2027-03-31

[[meetings]]
title = "Board meeting"
starts = "2026-12-08T10:00"
minutes = 90
repeats = "quarterly"
until = 2027-07-31
place = "Harbour Hall"
way = "both"
link = "https://meet.example.org/harbour"
deputy = "Paul Port"
papers_due = 5

[[meetings.agenda]]
title = "The boats"
input_requested = "decision"
minutes = 20
theme = "Boats"
lead = "Paul Port"

[[meetings.agenda]]
title = "The pier"

[[meetings]]
title = "Tides"
starts = 2027-01-14T14:00:00
way = "online"
task_group = "Tides"
"""
)


async def test_what_is_planned_goes_in_and_comes_out(records: Transactions) -> None:
    board = await import_text(records, PLANS)
    made = await exported(records, board)
    meetings: list[dict[str, Any]] = made["meetings"]
    assert [(each["title"], each["starts_at"]) for each in meetings] == [
        ("Board meeting", "2026-12-08T10:00:00Z"),
        ("Board meeting", "2027-03-09T10:00:00Z"),
        ("Board meeting", "2027-06-08T09:00:00Z"),
        ("Tides", "2027-01-14T14:00:00Z"),
    ]
    first = meetings[0]
    assert (first["minutes_planned"], first["place"]) == (90, "Harbour Hall")
    assert (first["chair"], first["deputy_chair"]) == ("Ada Chair", "Paul Port")
    assert [(each["title"], each["input_requested"], each["minutes"]) for each in first["agenda"]] == [
        ("The boats", "decision", 20),
        ("The pier", "discussion", 10),
    ]
    assert meetings[1]["agenda"] == []
    (group,) = made["priorities"][0]["groups"]
    assert (group["name"], group["members"], group["ends"]) == ("Tides", ["Ada Chair", "Paul Port"], "2027-03-31")
    assert (await bring_in(records, PLANS)).sentence().endswith("nothing to change.")


@pytest.mark.parametrize(
    ("old", "new", "where", "words"),
    [
        ('starts = "2026-12-08T10:00"\n', "", 'title = "Board meeting"|-1', "a meeting needs its date and time"),
        ('starts = "2026-12-08T10:00"', "starts = 2026-12-08", "starts = 2026-12-08", "is not a date and time"),
        ('starts = "2026-12-08T10:00"', 'when = "2026-12-08T10:00"', "when =", "is nothing that a meeting has"),
        ("minutes = 90", "minutes = 2", "minutes = 2|first", "a whole number from 5 to 1440"),
        ('repeats = "quarterly"', 'repeats = "sometimes"', "sometimes", "is no repeats; choose"),
        ('repeats = "quarterly"', 'rule = "FREQ=HOURLY"', "HOURLY", "weekly or rarer"),
        ('repeats = "quarterly"', 'repeats = "monthly"\nrule = "FREQ=WEEKLY"', "rule =", "either repeats or a rule"),
        ("until = 2027-07-31", "until = 2026-07-31", "until =", "can't be before the first"),
        ('repeats = "quarterly"\n', "", "until =", "one meeting has no last one"),
        ("https://meet", "http://meet", "link =", "begins with https://"),
        ('deputy = "Paul Port"', 'deputy = "Ada Chair"\nchair = "Ada Chair"', "deputy =", "are two people"),
        ("papers_due = 5", "papers_due = 41", "papers_due", "from 0 to 40"),
        ('title = "The pier"', 'subject = "The pier"', "subject", "is nothing that an agenda entry has"),
        ('task_group = "Tides"', 'task_group = "Tide"', "Tide", "did you mean “Tides”"),
        ('members = ["Paul Port", "ada@harbour.example.org"]', "members = []", "members = []", "at least one member"),
        ('"ada@harbour.example.org"]\nends', '"Olga Observer"]\nends', "members = [", "is an observer"),
        ('"ada@harbour.example.org"]\nends', '"Nobody"]\nends', "Nobody", "is not a member of this file"),
        ('priority = "Boats on time"\n', "", 'name = "Tides"|-1', "a task group needs a priority"),
        ("ends = 2027-03-31", 'ends = "soon"', "ends =", "is not a date"),
    ],
)
def test_a_mistake_in_plans_names_its_line(old: str, new: str, where: str, words: str) -> None:
    text = changed(old, new, PLANS)
    mark, _, how = where.partition("|")
    lines = [number for number, line in enumerate(text.split("\n"), start=1) if mark in line]
    expected = {"-1": lines[0] - 1, "first": lines[0]}.get(how, lines[-1])
    with pytest.raises(Mistake) as raised:
        read_board(text.encode())
    assert words in raised.value.sentence, raised.value.sentence
    assert raised.value.sentence.startswith(f"Line {expected}: "), (expected, raised.value.sentence)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("2027-01-14T14:00:00", "2026-01-14T14:00:00", "would have begun already"),
        ("until = 2027-07-31", "until = 2026-12-07", "can't be before the first"),
        ('deputy = "Paul Port"', 'deputy = "Ada Chair"', "Chair and deputy chair are two people"),
    ],
)
async def test_what_only_the_import_can_tell(records: Transactions, old: str, new: str, words: str) -> None:
    with pytest.raises(Mistake, match=words):
        await import_text(records, changed(old, new, PLANS))
