"""What must still fit: many organisations, long reasons, long papers, and what people may type into them."""

from collections.abc import Callable, Sequence

from core.agreements.cards import agreement_card
from core.agreements.details import outcome_card, paper_card, roll_card
from core.agreements.models import Elector
from core.agreements.queries import Picture
from core.agreements.views import ShowAgreement, ShowOutcome, ShowPaper, ShowRoll
from core.cards import Card
from core.themes.commands import ShowTheme, theme_card
from core.themes.models import Theme
from tests.golden.agreement_cases import SEAL
from tests.golden.board import FRONT, agreement, closed, electors, objection, picture, stances, themes, wordings
from tests.golden.case import LONDON, Case

SENTENCE = "The data sharing agreement has to be signed before any of us may act on this. "
REASON = "Said by voter {n}: " + (SENTENCE * 60)[:2955].strip() + " The end of {n}."  # {n}: each voter's own number
LETTER = (SENTENCE * 200)[:9990].strip() + " The end."
EMOJI_REASON = ("👩🏽‍🚒 ثقافة 文化 🏴󠁧󠁢󠁥󠁮󠁧󠁿 " * 200)[:2975] + " The end of {n}."
MARKUP = (
    "*b* _i_ ~s~ `c` <!channel> <@U1> <#C1> <https://evil.example|Approve> [x](https://evil.example) <at>x</at> & < >"
)
SIXTY = [(f"Organisation {number:02}", "voluntary sector") for number in range(1, 61)]
LONG_NAMES = [
    (
        f"The {number:03}rd Joint Committee of the Voluntary, Community, Faith and Social Enterprise Organisations of "
        "the London Borough of Barnet, its Neighbours and the Wider North Central London Integrated Care System",
        "voluntary sector",
    )
    for number in range(1, 301)
]
MANY_LANGUAGES = [
    ("مجلس الشراكة المحلية", "voluntary sector"),
    ("עיריית ברנט", "local government"),
    ("Ünïcödé Ørganisåtion ŁÓDŹ", "education"),
    ("👩‍👩‍👧‍👦 Families First 🏳️‍🌈", "voluntary sector"),
    ("文化協会", "arts"),
    ("a\u202egnp.exe", "voluntary sector"),
]


def sixty(said: str, reason: str = REASON) -> list[Elector]:
    """Sixty organisations, each with a reason of 3,000 characters."""
    return electors(said, reasons=[reason], partners=SIXTY)


def _agreement(name: str, make: Callable[[], Picture]) -> Case:
    return Case(f"extreme-agreement-{name}", ShowAgreement.command, lambda: agreement_card(make(), LONDON))


def _roll(name: str, voters: Sequence[Elector], page: int, *, objections: int = 0, earlier: int = 0) -> Case:
    raised = [objection("stands", REASON.replace("{n}", str(n)), by=f"Representative {n}") for n in range(objections)]
    return Case(
        f"extreme-roll-{name}",
        ShowRoll.command,
        lambda: roll_card(picture(agreement(), voters), stances(voters, earlier), raised, page, LONDON),
    )


def _paper(name: str, make: Callable[[], Card]) -> Case:
    return Case(f"extreme-paper-{name}", ShowPaper.command, make)


def _theme() -> Card:
    theme = Theme(
        ref="thm_1",
        number=1,
        name="Entrepreneurial Barnet " * 8,
        scope=REASON,
        objectives=[f"Objective {number}: {SENTENCE}" for number in range(1, 31)],
        projects=[f"Project {number}" for number in range(1, 41)],
        state="agreed",
    )
    return theme_card(theme, "Middlesex University")


CASES = (
    _agreement("60-consent", lambda: picture(agreement(quorum_number=40), sixty("c" * 59))),
    _agreement("60-object", lambda: picture(agreement(), sixty("o" * 60))),
    _agreement("60-mixed", lambda: picture(agreement(rule="consensus", text=LETTER), sixty("ab=d." * 12))),
    _agreement("60-emoji-objections", lambda: picture(agreement(), sixty("o" * 60, EMOJI_REASON))),
    _agreement(
        "300-long-names",
        lambda: picture(agreement(rule="consensus"), electors("ab=dr." * 50, partners=LONG_NAMES)),
    ),
    _agreement(
        "300-must-take-part",
        lambda: picture(
            agreement(quorum_number=300, required_sectors=["NHS"]),
            [_required(elector) for elector in electors("", partners=LONG_NAMES)],
        ),
    ),
    _agreement(
        "100-themes", lambda: picture(agreement(), electors("c"), themes(*(f"Theme {n}" for n in range(1, 101))))
    ),
    _agreement("long-text", lambda: picture(agreement(text=LETTER, title="Adopt " * 49 + "them"), electors("c"))),
    _agreement("many-lines", lambda: picture(agreement(text="\n".join(f"{n}. a line" for n in range(1, 400))))),
    _agreement(
        "many-languages",
        lambda: picture(
            agreement(title="موافقة على المحاور 🎭 文化", text="שלום\nこんにちは 👩🏽‍🚒"),
            electors("coc.rc", partners=MANY_LANGUAGES),
        ),
    ),
    _agreement(
        "markup",
        lambda: picture(
            agreement(title=MARKUP, text=f"{MARKUP}\n# h\n- x\n> q\n{MARKUP}", effect="approval", effect_detail=MARKUP),
            electors("co.r", reasons=[MARKUP], partners=[(MARKUP, MARKUP)] * 4, must=MARKUP),
            themes(MARKUP),
        ),
    ),
    Case(
        "extreme-outcome-long-statement",
        ShowOutcome.command,
        lambda: outcome_card(
            picture(closed("passed", REASON[:1990] + " The end."), electors("c"), themes(MARKUP)), SEAL, LONDON
        ),
    ),
    _agreement("closed-long-statement", lambda: picture(closed("passed", REASON[:1990] + " The end."), electors("c"))),
    _roll("60-first", sixty("c" * 60), 1),
    _roll("60-middle", sixty("cod" * 20), 7, earlier=9),
    _roll("60-last", sixty("o" * 60), 60, objections=6),
    _roll("60-emoji", sixty("c" * 60, EMOJI_REASON), 2),
    _roll("300-long-names", electors("ab=dr." * 50, partners=LONG_NAMES), 30),
    _roll("markup", electors("co.r", reasons=[MARKUP], partners=[(MARKUP, "")] * 4), 1, objections=1),
    _paper("long-text", lambda: paper_card(picture(agreement(text=LETTER)), wordings(LETTER), LONDON)),
    _paper(
        "long-everything",
        lambda: paper_card(
            picture(
                agreement(round=6, text=REASON, front={**FRONT, "implications": LETTER, "recommendations": LETTER})
            ),
            wordings(*[REASON] * 6),
            LONDON,
        ),
    ),
    _paper(
        "markup",
        lambda: paper_card(
            picture(agreement(title=MARKUP, text=MARKUP, front={"summary": MARKUP})), wordings(MARKUP), LONDON
        ),
    ),
    Case("extreme-theme", ShowTheme.command, _theme),
)


def _required(elector: Elector) -> Elector:
    elector.required = True
    return elector
