"""Polls: the shared card in every shape and state, what people are told, and the forms."""

import dataclasses
from collections.abc import Callable
from typing import Any

from core.cards import Card, Params
from core.polls.cards import poll_card
from core.polls.counting import DOES_NOT, FITS, IF_NEED_BE, Shape, borda
from core.polls.details import outcome_card, results_card
from core.polls.params import (
    AddOption,
    Answer,
    Close,
    Delete,
    Edit,
    ExportPoll,
    Group,
    Launch,
    Nudge,
    Reopen,
    Share,
    TakeBack,
    Vote,
)
from core.polls.pictures import Asked, Picture
from core.polls.views import ListPolls, ShowPoll, ShowPollOutcome, ShowResults, ShowSilent
from core.requests import Source
from tests.golden.case import LONDON, Case, at
from tests.golden.case import Asked as Question
from tests.golden.polls import asked, picture, poll, question, votes

MARKUP = "<!channel> <@U1> [x](https://evil.example) *b* <at>x</at>"
CLOSED: dict[str, Any] = {"state": "closed", "closed_at": at(4)}
DAYS = ("Tue 1 Dec 2026, 18:00 GMT", "Wed 2 Dec 2026, 18:00 GMT")
RANKS = [{1: 1, 2: 2}, {1: 1}, {2: 1, 3: 2}, {2: 1}, {3: 1, 2: 2}]
FIFTY = [f"Option {number} of a great many" for number in range(1, 51)]


def _card(name: str, make: Callable[[], Picture]) -> Case:
    return Case(f"poll-{name}", ShowPoll.command, lambda: poll_card(make(), LONDON))


def _several_questions() -> Picture:
    of = poll(questions=3, voters=2, title="Shall we meet in person?")
    first = question(of, Shape.YES_NO, ("Yes", "No", "Abstain"))
    second = question(of, Shape.ONE, ("Coffee", "Tea"), position=2, text="Coffee or tea?")
    third = question(of, Shape.TEXT, (), position=3, text="Anything else?")
    ballots = [{1: 1, 4: 1}, {3: 1, 5: 1}]
    parts: list[Asked] = [
        asked(Shape.YES_NO, *first, ballots),
        asked(Shape.ONE, *second, ballots),
        asked(Shape.TEXT, *third, ballots, ["Cake"]),
    ]
    return Picture(of, parts, "Cleo Chair", entitled=9)


def _of_a_group() -> Picture:
    made = picture(ballots=votes(1), who="group", group_id=1, entitled=3)
    return dataclasses.replace(made, whose="Young people")


def _huge() -> Picture:
    made = picture(texts=FIFTY, ballots=votes(*[1 + at % 50 for at in range(100)]), entitled=20_000)
    made.poll.voters = 19_998
    return made


CARDS = (
    _card("fresh", picture),
    _card("one", lambda: picture(ballots=votes(2, 2, 3))),
    _card("tied", lambda: picture(ballots=votes(2, 3))),
    _card("closed", lambda: picture(ballots=votes(2, 2, 3), statement="Wednesday won with 2 of 3 votes.", **CLOSED)),
    _card("closed-tied", lambda: picture(ballots=votes(2, 3), statement="Tied: Wednesday and Thursday.", **CLOSED)),
    _card("closed-empty", lambda: picture(statement="Nobody voted.", **CLOSED)),
    _card(
        "several", lambda: picture(Shape.SEVERAL, ballots=[{1: 1, 2: 1}, {2: 1}], most=2, adding=True, comments=True)
    ),
    _card("dots", lambda: picture(Shape.DOTS, ballots=[{1: 2, 2: 1}, {1: 3}], most=3)),
    _card("ranked", lambda: picture(Shape.RANKED, ballots=RANKS, most=3)),
    _card("rating", lambda: picture(Shape.RATING, ballots=[{1: 5, 2: 4}, {1: 2, 2: 4}], most=5)),
    _card("yes-no", lambda: picture(Shape.YES_NO, ("Yes", "No", "Abstain"), votes(1, 1, 2, 3))),
    _card("dates", lambda: picture(Shape.DATES, DAYS, [{1: FITS, 2: IF_NEED_BE}, {1: DOES_NOT, 2: FITS}])),
    _card("text", lambda: picture(Shape.TEXT, (), [{}, {}], words=["A bench", "Toilets"])),
    _card("questions", _several_questions),
    _card("anonymous-few", lambda: picture(ballots=votes(1, 2), anonymous=True)),
    _card("anonymous", lambda: picture(ballots=votes(1, 2, 2), anonymous=True)),
    _card("anonymous-closed-few", lambda: picture(ballots=votes(1), anonymous=True, statement="…", **CLOSED)),
    _card("hidden-until-voted", lambda: picture(ballots=votes(1, 2), hidden="until voted")),
    _card("hidden-until-closed", lambda: picture(Shape.DOTS, ballots=[{1: 3}], most=3, hidden="until closed")),
    _card("organisations", lambda: picture(ballots=votes(1), unit="organisation", closes_when_all=True)),
    _card("room", lambda: picture(who="room", entitled=None, closes_at=None, closes_after=10)),
    _card("group", _of_a_group),
    _card("scheduled", lambda: picture(state="scheduled", opens_at=at(1))),
    _card("edited", lambda: picture(ballots=votes(1), edited_at=at(1))),
    _card("deleted", lambda: picture(state="deleted")),
    _card("fifty", _huge),
    _card("fifty-hidden", lambda: picture(Shape.RATING, FIFTY, most=5, hidden="until closed")),
    _card("markup", lambda: picture(texts=(MARKUP, f"{MARKUP} 2"), ballots=votes(1), title=MARKUP)),
    _card("long", lambda: picture(texts=[f"{n} {'long ' * 28}" for n in range(10)], title="Long " * 59)),
)


def _results(name: str, make: Callable[[], Picture], page: int = 1) -> Case:
    def card() -> Card:
        made = make()
        ranks = {(1, 2): 1, (1,): 1, (2, 3): 1, (2,): 1, (3, 2): 1}
        points = {1: borda(ranks, (1, 2, 3))} if made.single.shape is Shape.RANKED else {}
        return results_card(made, points, page)

    return Case(f"poll-results-{name}", ShowResults.command, card)


RESULTS = (
    _results("ranked", lambda: picture(Shape.RANKED, ballots=RANKS, most=3)),
    _results("dates", lambda: picture(Shape.DATES, DAYS, [{1: FITS, 2: IF_NEED_BE}, {1: DOES_NOT, 2: FITS}])),
    _results("fifty", _huge),
    _results("text", lambda: picture(Shape.TEXT, (), [{}] * 2, words=[f"{MARKUP} {n} " * 20 for n in range(45)])),
    Case("poll-outcome", ShowPollOutcome.command, lambda: outcome_card(_ended(**CLOSED))),
    Case("poll-outcome-reopened", ShowPollOutcome.command, lambda: outcome_card(_ended())),
)


def _ended(**changes: Any) -> Picture:
    return picture(ballots=votes(2, 2, 3), statement="Wednesday won with 2 of 3 votes.", **changes)


def _typed(name: str, of: type[Params], who: str, line: str) -> Case:
    return Case(f"poll-{name}", of.command, Question(who, line, source="line"))


def _clicked(name: str, of: type[Params], who: str, ref: str, source: Source = "button", **args: Any) -> Case:
    about = {"poll": ref} if ref else {}
    return Case(f"poll-{name}", of.command, Question(who, command=of.command, args={**about, **args}, source=source))


def _refused(name: str, of: type[Params], who: str, ref: str, **args: Any) -> Case:
    return Case(f"refused-poll-{name}", of.command, Question(who, command=of.command, args={"poll": ref, **args}))


ASKED = (
    _typed("launched", Launch, "U_CHAIR", "poll Which evening? | Tue | Wed | Thu"),
    _typed("launched-later", Launch, "U_POLICE", 'poll How? | Good | Bad opens:"4 December 17:00" repeats:weekly'),
    _typed("launched-without-rooms", Launch, "U_NEW", "poll Which evening? | Tue | Wed"),
    _typed("list", ListPolls, "U_POLICE", "polls"),
    _typed("list-none", ListPolls, "U_NEW", "polls"),
    _typed("list-search", ListPolls, "U_OBSERVER", "polls which"),
    _typed("list-search-none", ListPolls, "U_OBSERVER", "polls <!channel>"),
    _clicked("shown", ShowPoll, "U_POLICE", "pol_evening"),
    _clicked("results", ShowResults, "U_POLICE", "pol_evening"),
    _clicked("results-ranked", ShowResults, "U_POLICE", "pol_ranked"),
    _clicked("exported", ExportPoll, "U_POLICE", "pol_venue"),
    _clicked("silent", ShowSilent, "U_CHAIR", "pol_evening"),
    _clicked("voted", Vote, "U_POLICE", "pol_evening", option=1),
    _clicked("voted-secretly", Vote, "U_NURSE", "pol_secret", option=1),
    _clicked("answered", Answer, "U_POLICE", "pol_ranked", "form", q1p1="1", q1p2="2"),
    _clicked("taken-back", TakeBack, "U_DIRECTOR", "pol_evening"),
    _clicked("added", AddOption, "U_NURSE", "pol_evening", "form", option="Friday"),
    _clicked("edited-note", Edit, "U_CHAIR", "pol_evening", "form", question="When?", options="1: Tue\n2: Wed\nSunday"),
    _clicked("closed-note", Close, "U_CHAIR", "pol_evening"),
    _clicked("reopened-note", Reopen, "U_CHAIR", "pol_venue", "form", why="Too early."),
    _clicked("deleted-note", Delete, "U_CHAIR", "pol_venue", "form", why="A slip."),
    _clicked("shared-note", Share, "U_CHAIR", "pol_evening", "form", room="room_1"),
    _clicked("nudged", Nudge, "U_CHAIR", "pol_evening"),
    _clicked("grouped", Group, "U_CHAIR", "pol_words", "form", answers=["wrd_40"], heading="Parks"),
    _refused("results", ShowResults, "U_POLICE", "pol_secret"),
    _refused("export", ExportPoll, "U_POLICE", "pol_evening"),
    _refused("silent", ShowSilent, "U_POLICE", "pol_secret"),
    _refused("closed", Vote, "U_POLICE", "pol_venue", option=1),
    _refused("foreign", ShowPoll, "U_NEW", "pol_evening"),
)

TOO_LONG = "Far too long. " * 250


def _form(name: str, of: type[Params], who: str, opens: dict[str, Any], wrong: dict[str, Any] | None) -> list[Case]:
    made = [Case(f"form-poll-{name}", of.command, Question(who, command=of.command, args=opens))]
    if wrong is not None:
        again = Question(who, command=of.command, args=opens | wrong, source="form")
        made.append(Case(f"form-poll-{name}-problems", of.command, again))
    return made


def _of(ref: str) -> dict[str, Any]:
    return {"poll": ref}


WRONG_POLL = {
    "question": TOO_LONG,
    "options": "Only one",
    "template": "nothing",
    "shape": "by shouting",
    "max": "many",
    "closes": "yesterday",
    "closes_after": "lots",
    "questions": TOO_LONG,
}

FORMS = (
    *_form("copy", Launch, "U_CHAIR", {"copy": "pol_venue"}, None),
    Case("form-poll", Launch.command, Question("U_CHAIR", "poll", source="line")),
    Case("form-poll-typed-problems", Launch.command, Question("U_CHAIR", "poll Which evening? | Tue", source="line")),
    Case(
        "form-poll-problems",
        Launch.command,
        Question("U_CHAIR", command=Launch.command, args=WRONG_POLL, source="form"),
    ),
    Case(
        "form-poll-preview",
        Launch.command,
        Question(
            "U_CHAIR",
            command=Launch.command,
            args={"question": "Which?", "options": "A\nB", "preview": "yes"},
            source="form",
        ),
    ),
    *_form("answer", Answer, "U_NURSE", _of("pol_evening"), {"q1": "99", "comment": TOO_LONG}),
    *_form("ranked", Answer, "U_NURSE", _of("pol_ranked"), {"q1p1": "1", "q1p2": "1"}),
    *_form("words", Answer, "U_NURSE", _of("pol_words"), {"q1": ""}),
    *_form("dates", Answer, "U_NURSE", _of("pol_dates"), {"o1": ""}),
    *_form("add", AddOption, "U_NURSE", _of("pol_evening"), {"option": ""}),
    *_form("edit", Edit, "U_CHAIR", _of("pol_evening"), {"question": "", "options": "One", "closes": "yesterday"}),
    *_form("reopen", Reopen, "U_CHAIR", _of("pol_venue"), {"why": "", "closes": "yesterday"}),
    *_form("delete", Delete, "U_CHAIR", _of("pol_venue"), {"why": ""}),
    *_form("share", Share, "U_CHAIR", _of("pol_evening"), {"room": "nowhere"}),
    *_form("group", Group, "U_CHAIR", _of("pol_words"), {"answers": [], "heading": TOO_LONG}),
    Case(
        "form-polls-problems",
        ListPolls.command,
        Question("U_POLICE", command=ListPolls.command, args={"search": TOO_LONG}, source="form"),
    ),
)

CASES = (*CARDS, *RESULTS, *ASKED, *FORMS)
