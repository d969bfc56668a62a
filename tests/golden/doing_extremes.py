"""Items, the pipeline and actions in the extreme: long words, markup, right to left, and three hundred of each."""

from collections.abc import Callable
from typing import Any

from core.actions.cards import action_card
from core.actions.params import ShowAction
from core.actions.queries import Kept, Names
from core.actions.queries import Shown as ShownAction
from core.cards import Card, Params
from core.items.cards import item_card, triage_card
from core.items.params import ShowItem, TriageItem
from core.items.queries import Answered
from core.items.queries import Shown as ShownItem
from core.overview.cards import accounts_card
from core.overview.params import ShowAccounts
from core.priorities.cards import priority_card
from core.priorities.details import steps_card
from core.priorities.params import ShowPriority, ShowSteps
from core.priorities.queries import Shown as ShownPriority
from tests.golden.case import NOW, Case
from tests.golden.doing_tables import LONG, MARKUP, RTL, action, item, priority, step

SENTENCE = "The data sharing agreement has to be signed before any of us may act on this. "
LETTER = (SENTENCE * 60)[:2950].strip() + " The end."
LINK = f"https://x.example/{'y' * 400}"
TODAY = NOW.date()

WHO = Names(
    {1: (RTL, "عيادة", False), 2: (LONG, LONG, True), 3: (MARKUP, MARKUP, False)},
    {105: "Metropolitan Police", 1: MARKUP},
    {1: RTL, 2: MARKUP},
)


def _action(title: str, owner: int, **changes: Any) -> ShownAction:
    many = [action(number, f"act_{number}", f"{number}: {title}"[:300]) for number in range(50, 110)]
    made = action(1, "act_1", title[:300], owner_id=owner, **changes)
    return ShownAction(made, WHO, many if changes.get("detail") else ())


def _item(title: str, **changes: Any) -> ShownItem:
    supports = tuple(f"{name} {number}" for number in range(30) for name in (RTL, MARKUP))
    return ShownItem(item(1, "itm_1", title[:300], **changes), MARKUP, RTL, LONG, supports, LONG)


def _priority(title: str, **changes: Any) -> ShownPriority:
    made = priority(1, "pri_1", title[:300], "mapping", places=[RTL, MARKUP] * 20, **changes)
    steps = [
        step(1, 1, "discovery", "mapping", evidence={"evidence": LETTER, "affected": MARKUP}, links=["https://x.y"])
    ]
    promised = [action(number, f"act_{number}", f"{number}: {title}"[:300], owner_id=3) for number in range(300)]
    return ShownPriority(made, RTL, MARKUP, LONG, steps, promised, WHO)


ORGANISATIONS = [
    Kept(f"{number}: {LONG}"[:200], number, number // 2, number // 4, number // 8) for number in range(1, 301)
]
KEPT = [Kept(RTL, 3, 2, 1, 0), Kept(MARKUP, 1, 0, 0, 1), Kept("Barnet Homes", 12, 12, 0, 0)]
FACED = Answered(raised=9, settled=7, days=4.4, doing=4, discussing=2)


def _steps() -> Card:
    evidence = {"evidence": LETTER, "affected": MARKUP}
    taken = [step(1, number, "discovery", "mapping", evidence=evidence) for number in range(12)]
    return steps_card(priority(1, "pri_1", LONG[:300]), taken, 2)


DRAWN: tuple[tuple[str, type[Params], Callable[[], Card]], ...] = (
    ("action-long", ShowAction, lambda: action_card(_action(LONG, 2, detail=LETTER), TODAY, LETTER[:1000])),
    ("action-rtl", ShowAction, lambda: action_card(_action(RTL, 1, theme_id=1), TODAY, RTL)),
    ("action-markup", ShowAction, lambda: action_card(_action(MARKUP, 3, theme_id=2, place=MARKUP), TODAY, MARKUP)),
    ("item-long", ShowItem, lambda: item_card(_item(LONG, detail=LETTER, link=LINK))),
    ("item-rtl", ShowItem, lambda: item_card(_item(RTL, detail=f"{RTL}\n{RTL}"), RTL)),
    ("triage-markup", TriageItem, lambda: triage_card(_item(MARKUP, state="raised", detail=MARKUP))),
    ("priority-300-actions", ShowPriority, lambda: priority_card(_priority(LONG, detail=LETTER))),
    ("priority-markup", ShowPriority, lambda: priority_card(_priority(MARKUP, detail=MARKUP), MARKUP)),
    ("steps", ShowSteps, _steps),
    ("accounts-300", ShowAccounts, lambda: accounts_card(ORGANISATIONS, FACED, ShowAccounts("organisation", 2))),
    ("accounts-rtl", ShowAccounts, lambda: accounts_card(KEPT, FACED, ShowAccounts("theme"))),
)

CASES = tuple(Case(f"extreme-{name}", of.command, draw) for name, of, draw in DRAWN)
