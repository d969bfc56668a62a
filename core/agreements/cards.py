"""The shared card of an agreement, as it stands in every room of both tools."""

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from core.actions.params import AddAction
from core.agreements.models import Agreement, Elector
from core.agreements.params import (
    Amend,
    Answer,
    Cast,
    Close,
    Confirm,
    Decide,
    DeclareInterest,
    Extend,
    Open,
    Reopen,
    TakeBack,
    Withdraw,
    WithdrawInterest,
)
from core.agreements.queries import Picture
from core.agreements.quorum import Quorum, say_quorum
from core.agreements.rules import OBJECTIONS, POSITIONS, Position, Rule, Tally, must_take_part, needed
from core.agreements.views import ShowPaper, ShowRoll
from core.cards import (
    Bar,
    Block,
    Bold,
    Button,
    Buttons,
    Card,
    Chart,
    Facts,
    Line,
    Listing,
    Menu,
    Prose,
    Text,
    Tone,
)
from core.texts import some
from core.times import say_date, say_moment
from core.trails import ShowTrace

NAMED = 12  # more names than this in a row are counted, with the roll a click away
ALOUD = 6  # objections whose reasons stand on the card itself

RULE_WORDS = {
    Rule.CONSENT: "Consent: passes when no objection stands",
    Rule.CONSENSUS: "Consensus: passes when nobody blocks and more agree than disagree",
    Rule.SIMPLE_MAJORITY: "Simple majority: passes when more than half agree",
    Rule.TWO_THIRDS: "Two-thirds: passes when at least two thirds agree",
    Rule.UNANIMOUS: "Unanimous: passes when all agree",
    Rule.ADVICE: "Advice: partners advise, one person decides",
}
MARKS = {
    Position.CONSENT: "👍",
    Position.AGREE: "👍",
    Position.ABSTAIN: "➖",
    Position.DISAGREE: "👎",
    Position.OBJECT: "✋",
    Position.BLOCK: "⛔",
}
EFFECT_WORDS = {"ratify": "to be ratified at", "approval": "subject to the approval of"}


def label_of(position: Position) -> str:
    """The word on a position's button."""
    return position.value.capitalize()


def units(number: int, unit: str) -> str:
    """A number of voters in words, such as `1 organisation`."""
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def name_of(agreement: Agreement) -> str:
    """What people call it: its number and title."""
    return f"Agreement {agreement.number}: {agreement.title}"


def agreement_card(picture: Picture, zone: ZoneInfo) -> Card:
    """The shared card: what is asked, by whom, until when, how the vote stands and what is still needed."""
    agreement = picture.agreement
    count = picture.tally()
    blocks: list[Block] = [Text(_headline(picture), "subtle")]
    if agreement.round > 1:
        blocks.append(Text(("The text was amended, so everyone is asked again.",), "attention"))
    if agreement.text:
        blocks.append(Prose(agreement.text, more=ShowPaper(agreement.ref)))
    if picture.themes:
        names = tuple((theme.name, f" ({theme.state})") for theme in picture.themes)
        blocks.append(Listing(names, title="Themes", more=ShowPaper(agreement.ref)))
    blocks.append(Facts(tuple(_facts(picture, count, zone))))
    blocks += _standing(picture, count)
    blocks += [Text((each,), "subtle") for each in picture.since]
    blocks += _controls(agreement)
    return Card(title=name_of(agreement), blocks=tuple(blocks), summary=_summary(picture, count, zone))


def _headline(picture: Picture) -> Line:
    agreement = picture.agreement
    asked = f"Put to the partners by {picture.proposer}. " if picture.proposer else "Put to the partners. "
    rule = RULE_WORDS[Rule(agreement.rule)]
    if agreement.base == "entitled":
        rule += f", of all entitled {agreement.unit}s"
    return (asked, f"{rule}.")


def _facts(picture: Picture, count: Tally, zone: ZoneInfo) -> Iterable[tuple[str, Line]]:
    agreement = picture.agreement
    moment = agreement.closed_at or agreement.closes_at
    yield ("Closed" if agreement.closed_at else "Closes", (Bold(say_moment(moment, zone)),))
    if agreement.state != "draft":
        yield "Taken part", (f"{count.took_part} of {units(count.entitled, agreement.unit)}",)
    quorum = say_quorum(Quorum(agreement.quorum_number, agreement.quorum_share))
    if quorum:
        draft_share = agreement.state == "draft" and agreement.quorum_share is not None
        yield "Quorum", (quorum if draft_share else units(count.quorum, agreement.unit),)
    if picture.decider:
        yield "Decides", (picture.decider,)
    if agreement.effect != "binding" and agreement.state != "closed":
        yield "If it passes", (f"{EFFECT_WORDS[agreement.effect]} {agreement.effect_detail}",)
    if agreement.review_on:
        yield "Review", (say_date(agreement.review_on),)
    if agreement.decision:
        yield "Register", (Bold(agreement.decision),)


def _standing(picture: Picture, count: Tally) -> list[Block]:
    agreement = picture.agreement
    if agreement.state == "draft":
        return [Text(("Voting has not opened yet.",), "attention")]
    if agreement.state == "withdrawn":
        return [Text((Bold("Withdrawn"), " before it was decided."), "attention")]
    blocks: list[Block] = []
    if agreement.state == "closed":
        blocks += _outcome(agreement)
    if agreement.state == "open" and agreement.hidden != "no":
        return [*blocks, *_participation(picture), _still_needed(agreement, count)]
    positions = POSITIONS[Rule(agreement.rule)]
    bars = tuple(Bar(label_of(position), count.counts[position]) for position in positions)
    blocks.append(Chart("How the vote stands", bars, out_of=max(1, count.entitled)))
    blocks.append(_roll_call(picture, positions))
    if agreement.state == "open":
        blocks.append(_still_needed(agreement, count))
    if agreement.state == "deciding":
        blocks.append(Text((Bold(picture.decider), " now decides, having heard the advice."), "attention"))
    return blocks


def _outcome(agreement: Agreement) -> list[Block]:
    passed = agreement.result == "passed"
    tone: Tone = "good" if passed else "bad"
    word = {"passed": "Passed", "not passed": "Not passed", "no quorum": "No quorum"}[agreement.result or "no quorum"]
    blocks: list[Block] = [Text((Bold(f"{word}. "), agreement.statement), tone)]
    if passed and agreement.effect != "binding":
        blocks.append(Text(_confirmation(agreement), "attention" if agreement.confirmed is None else "plain"))
    return blocks


def _confirmation(agreement: Agreement) -> Line:
    done = "Ratified at" if agreement.effect == "ratify" else "Approved by"
    if agreement.confirmed is None:
        return (f"It is {EFFECT_WORDS[agreement.effect]} ", Bold(agreement.effect_detail), ".")
    return (f"{done if agreement.confirmed else f'Not {done.lower()}'} ", Bold(agreement.effect_detail), ".")


def _names(electors: Sequence[Elector], number: int) -> str:
    return some([elector.name for elector in electors], NAMED, number)


def _roll_call(picture: Picture, positions: Sequence[Position]) -> Listing:
    """Who stands where, by organisation; objections with their reasons, because they are what is to be resolved."""
    items: list[Line] = []
    for position in positions:
        there, number = picture.those(lambda each, wanted=position: each.position is wanted)  # type: ignore[misc]
        mark, word = f"{MARKS[position]} ", label_of(position)
        if position in OBJECTIONS:
            items += [(mark, Bold(f"{elector.name}: "), f"“{elector.reason}”") for elector in there[:ALOUD]]
            there, number, word = there[ALOUD:], number - ALOUD, f"{word} too"
        if there:
            items.append((mark, Bold(f"{word}: "), _names(there, number)))
    return Listing(
        tuple(items + _silent_and_recused(picture)),
        title="Who stands where",
        more=ShowRoll(picture.agreement.ref),
        bullets=False,
    )


def _silent_and_recused(picture: Picture) -> list[Line]:
    silent, waiting = picture.those(lambda each: each.position is None and not each.recused)
    recused, away = picture.those(lambda each: each.recused)
    items: list[Line] = []
    if silent:
        word = "Waiting for" if picture.agreement.state == "open" else "Did not take part"
        items.append(("⏳ ", Bold(f"{word}: "), _names(silent, waiting)))
    if recused:
        items.append(("⚖️ ", Bold("Interest declared: "), _names(recused, away)))
    return items


def _participation(picture: Picture) -> list[Block]:
    agreement = picture.agreement
    there, number = picture.those(lambda each: each.position is not None)
    items: list[Line] = [("🗳️ ", Bold("Has answered: "), _names(there, number))] if there else []
    until = "you have voted" if agreement.hidden == "until voted" else "voting closes"
    return [
        Listing(tuple(items + _silent_and_recused(picture)), title="Who has taken part", bullets=False),
        Text((f"How the vote stands is hidden until {until}.",), "subtle"),
    ]


def _still_needed(agreement: Agreement, count: Tally) -> Text:
    if agreement.hidden != "no":
        # What is needed would tell how the vote stands, so only the part about taking part is shown.
        short = count.quorum - count.took_part
        wants = [f"{units(short, f'more {agreement.unit}')} for quorum"] if short > 0 else []
        wants += must_take_part(agreement.terms(), count)
        return Text(("Still needed: ", f"{'; '.join(wants)}." if wants else "nothing for quorum."), "attention")
    wants = needed(agreement.terms(), count)
    if wants:
        return Text((Bold("Still needed to pass: "), f"{'; '.join(wants)}."), "attention")
    if agreement.rule == Rule.ADVICE:
        return Text(("Enough advice is in; it closes at its deadline.",), "good")
    return Text(("It would pass as it stands.",), "good")


def _controls(agreement: Agreement) -> list[Block]:
    ref = agreement.ref
    see = Button("Who said what", ShowRoll(ref))
    paper = Button("Read the paper", ShowPaper(ref))
    match agreement.state:
        case "draft":
            return [
                Buttons((Button("Open voting", Open(ref), style="primary"), paper)),
                Menu("More", (Button("Move the deadline", Extend(ref), asks=True), _withdraw(ref))),
            ]
        case "open":
            return [stance_buttons(agreement), _more_while_open(agreement, see, paper)]
        case "deciding":
            return [
                Buttons((Button("Decide", Decide(ref), style="primary", asks=True), see)),
                Menu("More", (_reopen(ref), _withdraw(ref))),
            ]
        case "closed":
            first = []
            if agreement.result == "passed" and agreement.effect != "binding" and agreement.confirmed is None:
                word = "Record the ratification" if agreement.effect == "ratify" else "Record the approval"
                first = [Button(word, Confirm(ref), style="primary", asks=True)]
            act = Button("Add an action", AddAction(source=ref), asks=True)
            return [
                Buttons((*first, see, paper)),
                Menu("More", (act, Button("Where it comes from", ShowTrace(ref)), _reopen(ref))),
            ]
    return [Buttons((see, paper))]


def stance_buttons(agreement: Agreement) -> Buttons:
    """A button for each position that the rule knows."""
    return Buttons(
        tuple(
            Button(
                label_of(position),
                Cast(agreement.ref, position.value),
                style="primary" if number == 0 else "danger" if position in OBJECTIONS else "plain",
                asks=position in OBJECTIONS,
            )
            for number, position in enumerate(POSITIONS[Rule(agreement.rule)])
        )
    )


def _more_while_open(agreement: Agreement, see: Button, paper: Button) -> Menu:
    ref = agreement.ref
    return Menu(
        "More",
        (
            see,
            paper,
            Button("Answer with a comment", Answer(ref), asks=True),
            Button("Take back our answer", TakeBack(ref)),
            Button("Declare an interest", DeclareInterest(ref), asks=True),
            Button("Withdraw our interest", WithdrawInterest(ref)),
            Button("Amend the text", Amend(ref), asks=True),
            Button("Move the deadline", Extend(ref), asks=True),
            Button("Close early", Close(ref), asks=True),
            Button("Where it comes from", ShowTrace(ref)),
            _withdraw(ref),
        ),
    )


def _withdraw(ref: str) -> Button:
    return Button("Withdraw the proposal", Withdraw(ref), asks=True)


def _reopen(ref: str) -> Button:
    return Button("Reopen", Reopen(ref), asks=True)


def _summary(picture: Picture, count: Tally, zone: ZoneInfo) -> str:
    agreement = picture.agreement
    name = name_of(agreement)
    match agreement.state:
        case "draft":
            return f"{name}. Voting has not opened yet."
        case "withdrawn":
            return f"{name}. Withdrawn."
        case "closed":
            return f"{name}. {agreement.statement}"
        case "deciding":
            return f"{name}. {picture.decider} now decides."
    taken = f"{count.took_part} of {units(count.entitled, agreement.unit)} took part"
    return f"{name}. {taken}; closes {say_moment(agreement.closes_at, zone)}."
