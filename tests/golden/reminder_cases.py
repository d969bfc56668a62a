"""Reminders, the weekly digest, and how people and boards want them."""

import datetime
from collections.abc import Sequence
from typing import Any

from core.agreements.cards import stance_buttons
from core.agreements.views import ShowAgreement
from core.cards import Bold, Button, Card
from core.concerns import Entry, News
from core.register.models import Entry as Decision
from core.reminders.cards import Week, digest_card, mine_card, reminder_card
from core.reminders.models import Preference
from core.reminders.params import ChangeReminders, MyReminders, SetDigest
from core.reminders.queries import default_preference
from core.reminders.views import ShowDigest, ShowReminder
from core.times import say_left, say_moment
from tests.golden.board import agreement
from tests.golden.case import LONDON, NOW, Asked, Case, at

BOARD = "Barnet Partnership Board"
MARKUP = "<!channel> <@U1> *Approve* [x](https://evil.example) & <https://evil.example|here>"
LONG = "A proposal whose title is as long as people like to write them, with every partner named in it once more. " * 2


def _entry(title: str = "Adopt five partnership themes", ref: str = "agr_open", rule: str = "consent") -> Entry:
    made = agreement(title=title, ref=ref, rule=rule)
    left, moment = say_left(made.closes_at, NOW), say_moment(made.closes_at, LONDON)
    line = (Bold(title), f" — Metropolitan Police has not answered yet. It closes {left}, {moment}.")
    return Entry(line, (*stance_buttons(made).buttons, Button("Look at it", ShowAgreement(ref))))


def _entries(*rules: str, title: str = "Proposal {n}") -> list[Entry]:
    return [_entry(title.format(n=number), f"agr_{number}", rule) for number, rule in enumerate(rules, start=1)]


def _decision(number: int, title: str, result: str) -> Decision:
    return Decision(number=f"BPB-2026-{number:03}", title=title, detail={"result": result}, at=at(20, month=11))


def _digest(
    decided: Sequence[Decision] = (), news: Sequence[News] = (), entries: Sequence[Entry] | None = None
) -> Card:
    days = datetime.date(2026, 11, 16), datetime.date(2026, 11, 23)
    card = digest_card(Week(BOARD, *days, decided, news), entries, LONDON)
    assert card is not None
    return card


NEWS = News(
    waits=(
        (Bold("Adopt five partnership themes"), " — closes Fri 4 Dec 2026, 17:00 GMT. Waits for Barnet Homes."),
        (Bold("Share one data platform"), " — waits to be opened by the chair or the coordinator."),
    ),
    late=(
        (Bold("Choose the venue"), " — the advice is in since Fri 20 Nov 2026, 17:00 GMT; Dev Director is to decide."),
    ),
)
DECIDED = (
    _decision(1, "Open the Copthall plan to partners", "passed"),
    _decision(2, "Meet monthly", "not passed"),
)
MANY = News(waits=tuple((Bold(f"{number}: {LONG}"), f" {MARKUP}") for number in range(60)), late=NEWS.late)


def _mine(note: str = "", planned: Sequence[Any] = (), **changes: Any) -> Card:
    preference: Preference = default_preference(1, 104)
    for name, value in changes.items():
        setattr(preference, name, value)
    return mine_card(preference, planned, LONDON, NOW, note)


CASES = (
    Case("reminder", ShowReminder.command, lambda: reminder_card([_entry()], 0, BOARD)),
    Case(
        "reminder-three",
        ShowReminder.command,
        lambda: reminder_card(_entries("consent", "consensus", "simple majority"), 0, BOARD),
    ),
    Case("reminder-partly-done", ShowReminder.command, lambda: reminder_card(_entries("consent", "advice"), 1, BOARD)),
    Case("reminder-done", ShowReminder.command, lambda: reminder_card([], 3, BOARD)),
    Case(
        "extreme-reminder",
        ShowReminder.command,
        lambda: reminder_card(_entries(*["consensus"] * 14, title=f"{{n}} {MARKUP} {LONG}"[:300]), 0, BOARD),
    ),
    Case("digest-room", ShowDigest.command, lambda: _digest(DECIDED, [NEWS])),
    Case("digest-person", ShowDigest.command, lambda: _digest(DECIDED, [NEWS], [_entry()])),
    Case("digest-decided-only", ShowDigest.command, lambda: _digest(DECIDED)),
    Case(
        "extreme-digest",
        ShowDigest.command,
        lambda: _digest([_decision(n, LONG, "passed") for n in range(1, 41)], [MANY], _entries(*["consent"] * 14)),
    ),
    Case("reminders-mine", MyReminders.command, Asked("U_POLICE", "reminders", source="line")),
    Case(
        "reminders-saved", MyReminders.command, Asked("U_POLICE", "reminders quiet:20-07 digest:weekly", source="line")
    ),
    Case("reminders-paused", MyReminders.command, Asked("U_POLICE", 'reminders pause:"2 weeks"', source="line")),
    Case(
        "reminders-planned",
        MyReminders.command,
        lambda: _mine(planned=[(at(3, 9), _entry()), (at(3, 9), _entry("Meet monthly", "agr_2"))]),
    ),
    Case(
        "reminders-changed",
        ChangeReminders.command,
        Asked("U_POLICE", command=ChangeReminders.command, args={"digest": "off", "zone": "Lisbon"}, source="form"),
    ),
    Case("digest-set", SetDigest.command, Asked("U_COORDINATOR", "digest Tuesday time:10:30", source="line")),
    Case("digest-off", SetDigest.command, Asked("U_COORDINATOR", "digest off", source="line")),
    Case("refused-digest", SetDigest.command, Asked("U_POLICE", "digest off", source="line")),
    Case("form-reminders", ChangeReminders.command, Asked("U_POLICE", command=ChangeReminders.command)),
    Case(
        "form-reminders-problems",
        ChangeReminders.command,
        Asked(
            "U_POLICE",
            command=ChangeReminders.command,
            args={"digest": "hourly", "quiet": "18-18", "pause": "for ever", "zone": "Narnia"},
            source="form",
        ),
    ),
    Case(
        "form-my-reminders-problems",
        MyReminders.command,
        Asked("U_POLICE", command=MyReminders.command, args={"quiet": "at night", "pause": "yesterday"}, source="form"),
    ),
    Case("form-digest", SetDigest.command, Asked("U_COORDINATOR", "digest", source="line")),
    Case(
        "form-digest-problems",
        SetDigest.command,
        Asked("U_COORDINATOR", command=SetDigest.command, args={"day": "Sunday", "time": "3am"}, source="form"),
    ),
)
