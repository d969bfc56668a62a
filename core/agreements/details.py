"""The other cards of agreements: the roll, the paper, the outcome, and lists."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from core.agreements.cards import EFFECT_WORDS, MARKS, label_of, name_of, units
from core.agreements.models import Agreement, Elector, Objection, Stance, Wording
from core.agreements.queries import Picture
from core.agreements.rules import Position
from core.agreements.views import ListAgreements, ShowAgreement, ShowPaper, ShowRoll
from core.cards import Block, Bold, Button, Buttons, Card, Divider, Facts, Heading, Line, Listing, Menu, Prose, Text
from core.paging import Place, paged, turning
from core.times import say_date, say_moment

PAGE = 10

STATES = {
    "draft": "not opened yet",
    "open": "open",
    "deciding": "waiting for the decision",
    "closed": "closed",
    "withdrawn": "withdrawn",
}
FRONT_LABELS = {
    "report_of": "Report of",
    "date": "Date",
    "summary": "Summary and purpose",
    "input_requested": "Input requested",
    "contact": "Contact",
    "implications": "Implications",
    "recommendations": "Recommendations",
}


def roll_card(
    picture: Picture, stances: Sequence[Stance], objections: Sequence[Objection], page: int, zone: ZoneInfo
) -> Card:
    """Who said what, with every reason and every earlier stance, ten voters to a page, fewer if they say much."""
    agreement = picture.agreement
    said: dict[int, list[Stance]] = {}
    for stance in stances:
        said.setdefault(stance.elector_id, []).append(stance)
    parts = [_voter(elector, said.get(elector.id, ()), zone) for elector in picture.electors]
    for number, objection in enumerate(objections):
        title: list[Block] = [] if number else [Divider(), Heading("Objections")]
        parts.append(title + _objection(objection))
    found = paged(parts)
    page, last = min(max(page, 1), len(found)), len(found)
    blocks = [*found[page - 1], *turning(page, last, lambda to: ShowRoll(agreement.ref, to))]
    name = _numbered("Who said what", agreement, page, last)
    return Card(title=name, blocks=tuple(blocks), summary=f"{name}.")


def _numbered(title: str, agreement: Agreement, page: int, last: int) -> str:
    # The page stands first, because a long title is cut at its end.
    return f"{title}{f' ({page} of {last})' if last > 1 else ''}: {agreement.title}"


def _voter(elector: Elector, said: Sequence[Stance], zone: ZoneInfo) -> list[Block]:
    if elector.recused_at is not None:
        return [Text((Bold(elector.name), ": interest declared, takes no part"))]
    if elector.position is None:
        heads: Line = (Bold(elector.name), ": no answer", " now" if said else " yet")
    else:
        position = Position(elector.position)
        heads = (f"{MARKS[position]} ", Bold(elector.name), f": {label_of(position)}, by {elector.said_by}")
    blocks: list[Block] = [Text(heads)]
    if elector.position and elector.reason:
        blocks.append(Prose(elector.reason))
    earlier = [stance for stance in said if stance.id != elector.stance_id]
    if earlier:
        words = "; ".join(
            f"{stance.position} by {stance.member_name}, {say_moment(stance.at, zone)}" for stance in earlier[-5:]
        )
        more = f"{len(earlier) - 5} earlier; " if len(earlier) > 5 else ""
        blocks.append(Text((f"Also on record: {more}{words}",), "subtle"))
    return blocks


def _objection(objection: Objection) -> list[Block]:
    became = {
        "raised": "It is not resolved yet",
        "stands": "It stands",
        "addressed": "It was addressed",
        "withdrawn": "It was withdrawn",
    }
    note = f": {objection.note}" if objection.note else ""
    head: Line = (Bold(objection.said_by), f" objected. {became[objection.state]}{note}.")
    return [Text(head), Prose(objection.reason)]


def paper_card(picture: Picture, wordings: Sequence[Wording], zone: ZoneInfo, page: int = 1) -> Card:
    """The paper in full: its front sheet, the text, and what earlier texts said; page by page if it is long."""
    agreement = picture.agreement
    front = {key: str(value) for key, value in agreement.front.items() if value}
    short = [(FRONT_LABELS[key], (front[key],)) for key in FRONT_LABELS if key in front and len(front[key]) <= 200]
    parts: list[list[Block]] = [[Facts(tuple(short))]] if short else []
    for key, label in FRONT_LABELS.items():
        if len(front.get(key, "")) > 200:
            parts.append([Heading(label), Prose(front[key])])
    if agreement.text:
        parts.append([Heading("The proposal"), Prose(agreement.text)])
    if picture.themes:
        parts.append([Listing(tuple((theme.name,) for theme in picture.themes), title="Themes")])
    parts += [[Text((f"Amended {say_moment(each.at, zone)}: {each.why}",), "subtle")] for each in wordings[1:]]
    for wording in wordings[:-1]:
        title = f"The text until it was amended ({wording.round} of {len(wordings)})"
        parts.append([Divider(), Heading(title), Prose(wording.text or "(no text)")])
    found = paged(parts or [[Text(("There is no paper beyond the title.",))]], most=16)
    page, last = min(max(page, 1), len(found)), len(found)
    return Card(
        title=_numbered("Paper", agreement, page, last),
        blocks=(*found[page - 1], *turning(page, last, lambda to: ShowPaper(agreement.ref, to))),
        summary=f"The paper for {name_of(agreement)}.",
    )


def withdrawn_card(picture: Picture) -> Card:
    """The news that a proposal is off the table."""
    words = f"{name_of(picture.agreement)} was withdrawn."
    return Card(title="Withdrawn", blocks=(Text((words,)),), summary=words)


def reopened_card(picture: Picture, decision: str) -> Card:
    """What becomes of an announcement when its decision was reopened: it must not go on saying that it stands."""
    agreement = picture.agreement
    now = (
        f"It was decided again as {agreement.decision}." if agreement.state == "closed" else "It is being asked again."
    )
    words = f"{decision} was reopened and stands no longer. {now}"
    blocks = (
        Text((Bold(agreement.title),)),
        Text((words,), "attention"),
        Buttons((Button("See the agreement", ShowAgreement(agreement.ref)),)),
    )
    return Card(title=f"Reopened: {decision}", blocks=blocks, summary=f"{agreement.title}. {words}")


def outcome_card(picture: Picture, seal: str, zone: ZoneInfo) -> Card:
    """The announcement of how it ended, with the chain's head as an outside witness to the register."""
    agreement = picture.agreement
    passed = agreement.result == "passed"
    blocks: list[Block] = [
        Text((Bold(agreement.title),)),
        Text((agreement.statement,), "good" if passed else "bad"),
    ]
    if passed and agreement.effect != "binding":
        blocks.append(Text((_effect(agreement),), "attention"))
    if picture.themes and passed:
        title = (
            "Themes now agreed" if all(theme.state == "agreed" for theme in picture.themes) else "Themes it is about"
        )
        blocks.append(Listing(tuple((theme.name,) for theme in picture.themes), title=title))
    facts: list[tuple[str, Line]] = [("Register", (Bold(agreement.decision or ""),))]
    if agreement.closed_at:
        facts.append(("Closed", (say_moment(agreement.closed_at, zone),)))
    if agreement.review_on:
        facts.append(("Review", (say_date(agreement.review_on),)))
    blocks += [
        Facts(tuple(facts)),
        Buttons(
            (
                Button("See the vote", ShowRoll(agreement.ref)),
                Button("Read the paper", ShowPaper(agreement.ref)),
            )
        ),
        Text((f"Register seal {seal[:16]}: keep it, and any later change to the record will show.",), "subtle"),
    ]
    word = "Agreed" if passed else "Not agreed" if agreement.result == "not passed" else "No quorum"
    title = f"{word}: {agreement.decision}"
    return Card(title=title, blocks=tuple(blocks), summary=f"{title}. {agreement.title}. {agreement.statement}")


def _effect(agreement: Agreement) -> str:
    if agreement.confirmed is None:
        return f"It does not bind yet: it is {EFFECT_WORDS[agreement.effect]} {agreement.effect_detail}."
    done = "ratified at" if agreement.effect == "ratify" else "approved by"
    return f"It was {'' if agreement.confirmed else 'not '}{done} {agreement.effect_detail}."


def list_card(found: Sequence[Agreement], total: int, search: str, page: int, zone: ZoneInfo) -> Card:
    """One page of agreements, each with a way to its card."""
    title = "Agreements" + (f" matching “{search}”" if search else "")
    if not total:
        hint = (
            "Nothing matches. Type agreements alone to see them all."
            if search
            else "There are none yet. The chair or the coordinator starts one: agree and what is to be agreed."
        )
        return Card(title=title, blocks=(Text((hint,)),), summary=f"{title}: none.")
    blocks: list[Block] = [Listing(tuple(_line(agreement, zone) for agreement in found), bullets=False)]
    ways = tuple(Button(f"{each.number}. {each.title}", ShowAgreement(each.ref)) for each in found)
    blocks.append(Menu("See an agreement", ways))
    blocks += Place(page, total, PAGE).turning(lambda to: ListAgreements(search, to))
    return Card(title=title, blocks=tuple(blocks), summary=f"{title}: {units(total, 'agreement')}.")


def _line(agreement: Agreement, zone: ZoneInfo) -> Line:
    words: str = STATES[agreement.state]
    if agreement.state == "open":
        words = f"open until {say_moment(agreement.closes_at, zone)}"
    if agreement.state == "closed":
        words = f"{agreement.result}, {agreement.decision}"
    return (Bold(f"{agreement.number}. {agreement.title}"), f" — {words}")
