"""Items, priorities and actions of a partnership file: in, out, twice, and with each mistake at its line."""

from collections.abc import Mapping
from typing import Any

import pytest

from core.exchange import Mistake, read_board
from core.exchange.sheets import sheets
from core.transactions import Transactions
from tests.exchange.files import GOOD, changed
from tests.exchange.test_export import exported, import_text
from tests.exchange.test_importing import bring_in

WORK = (
    GOOD
    + """
[[items]]
title = "Boats are late"
input_requested = "decision"
theme = "Boats"
raiser = "Paul Port"

[[items]]
title = "Who paints the pier?"
answer = "The harbour master."

[[priorities]]
title = "Boats on time"
theme = "Boats"
sponsor = "Port Police"
lead = "ada@harbour.example.org"
places = ["North pier"]
item = "Boats are late"

[[priorities.steps]]
to = "discovery"
on = 2026-09-01
by = "Ada Chair"
agreed = "At the September meeting."

[[priorities.steps]]
to = "mapping"
on = 2026-10-01
evidence = "Every third one is late."
affected = "Fishers."
links = ["https://harbour.example.org/report"]

[[actions]]
title = "Count the boats"
owner = "Paul Port"
due = 2026-12-18
repeats = "monthly"
level = "local"
place = "North pier"
for = "Boats on time"
"""
)


def by_title(made: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {each["title"]: each for each in made[name]}


async def test_work_goes_in_and_comes_out(records: Transactions) -> None:
    board = await import_text(records, WORK)
    made = await exported(records, board)
    items, priority, action = by_title(made, "items"), made["priorities"][0], made["actions"][0]
    assert (items["Boats are late"]["state"], items["Boats are late"]["became"]) == ("pipeline", priority["id"])
    assert items["Boats are late"]["organisation"] == "Port Police"
    assert (items["Who paints the pier?"]["state"], items["Who paints the pier?"]["answer"]) == (
        "answered",
        "The harbour master.",
    )
    assert (priority["state"], priority["sponsor"], priority["lead"]) == ("mapping", "Port Police", "Ada Chair")
    assert [step["to"] for step in priority["steps"]] == ["discovery", "mapping"]
    assert priority["steps"][1]["links"] == ["https://harbour.example.org/report"]
    assert priority["steps"][0]["by"] == "Ada Chair (Harbour Council)"
    assert (action["owner"], action["due"], action["repeats"]) == ("Paul Port", "2026-12-18", "monthly")
    assert (action["source"], action["place"]) == (priority["id"], "North pier")
    (actions,) = (sheet for sheet in sheets(made) if sheet.name == "actions")
    assert "Count the boats" in actions.rows[0]
    assert (await bring_in(records, WORK)).sentence().endswith("nothing to change.")


@pytest.mark.parametrize(
    ("old", "new", "where", "words"),
    [
        ('to = "mapping"', 'to = "local action"', "local action", "behind discovery comes mapping"),
        ("on = 2026-10-01", "on = 2026-08-01", "2026-08-01", "can't be earlier"),
        ('affected = "Fishers."', "", 'to = "mapping"|-1', "the step to mapping needs affected"),
        ('owner = "Paul Port"', "", 'title = "Count|-1', "an action needs its owner"),
        ('owner = "Paul Port"', 'owner = "Olga Observer"', "Olga Observer|-", "an observer reads"),
        ("due = 2026-12-18", 'due = "soon"', 'due = "soon"', "is not a date"),
        ('for = "Boats on time"', 'for = "Boots on time"', "Boots", "did you mean “Boats on time”"),
        ('sponsor = "Port Police"', 'sponsor = "Pirates"', "Pirates", "not an organisation of this file"),
        ('repeats = "monthly"', 'repeats = "often"', "often", "is no repeats; choose"),
        ('title = "Who paints', 'title = "Boats are late"\ndetail = "Who paints', "detail|-1", "a second time"),
    ],
)
def test_a_mistake_in_work_names_its_line(old: str, new: str, where: str, words: str) -> None:
    text = changed(old, new, WORK)
    mark, _, how = where.partition("|")
    lines = [number for number, line in enumerate(text.split("\n"), start=1) if mark in line]
    expected = {"-1": lines[0] - 1, "-": lines[-1]}.get(how, lines[0])
    with pytest.raises(Mistake) as raised:
        read_board(text.encode())
    assert words in raised.value.sentence, raised.value.sentence
    assert raised.value.sentence.startswith(f"Line {expected}: "), (expected, raised.value.sentence)
