"""What people can ask of agreements, and who may: each handler checks, does, and answers."""

import datetime
from collections.abc import Mapping
from typing import Any

from core.agreements import closing, opening, queries, voting
from core.agreements.cards import agreement_card, label_of, units
from core.agreements.details import PAGE, list_card, outcome_card, pages, paper_card, roll_card
from core.agreements.models import Agreement
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
    Propose,
    Reopen,
    TakeBack,
    Withdraw,
    WithdrawInterest,
)
from core.agreements.quorum import parse_quorum
from core.agreements.rules import OBJECTIONS, POSITIONS, Base, Position, Rule
from core.agreements.views import ListAgreements, ShowAgreement, ShowOutcome, ShowPaper, ShowRoll
from core.cards import Card, Option, Text
from core.commands import EVERYONE, STEERING, VOICES, Command, Context, Person, Role, Sight, View
from core.errors import Incomplete, Refused
from core.outbox import announce
from core.partners import queries as partners
from core.register.queries import entries_about
from core.requests import Replace, Reply, Whisper
from core.themes.queries import theme_options, themes
from core.times import say_moment

CHAIR = frozenset({Role.CHAIR})
PARTNERS = VOICES | {Role.COORDINATOR}


def said(title: str, *sentences: str) -> Whisper:
    """A short answer for one person."""
    return Whisper(Card(title=title, blocks=tuple(Text((each,)) for each in sentences), summary=" ".join(sentences)))


# -- proposing and opening


async def _propose_choices(context: Context, _given: Mapping[str, Any]) -> Mapping[str, tuple[Option, ...]]:
    board = context.me.board
    listed = await partners.organisations(context.session, board)
    sectors = sorted({partner.sector for partner in listed if partner.sector and partner.voting})
    return {
        "must": tuple(Option(partner.name, partner.ref) for partner in listed if partner.voting),
        "sectors": tuple(Option(sector, sector) for sector in sectors),
        "themes": await theme_options(context.session, board),
        "decider": await partners.member_options(context.session, board),
    }


async def _draft_of(context: Context, params: Propose) -> opening.Draft:
    session, board = context.session, context.me.board
    by_ref = {partner.ref: partner.id for partner in await partners.organisations(session, board)}
    theme_by_ref = {theme.ref: theme.id for theme in await themes(session, board)}
    members = {member.ref: member.id for member in await partners.members(session, board)}
    quorum = parse_quorum(params.quorum)
    return opening.Draft(
        title=params.title,
        text=params.text,
        closes_at=params.closes,
        rule=Rule(params.rule),
        base=Base(params.base),
        quorum_number=quorum.number,
        quorum_share=quorum.share,
        required_organisations=[by_ref[ref] for ref in params.must if ref in by_ref],
        required_sectors=list(params.sectors),
        hidden=params.hidden,
        effect=params.effect,
        effect_detail=params.effect_detail,
        review_on=params.review,
        decider_id=members.get(params.decider),
        theme_ids=[theme_by_ref[ref] for ref in params.themes if ref in theme_by_ref],
    )


async def propose(context: Context, params: Propose) -> Reply:
    """The chair's and the coordinator's proposals open at once; a partner's goes to them to be opened."""
    me = context.me
    try:
        agreement = await opening.write_draft(
            context.session, me.board, await _draft_of(context, params), me.member, context.now
        )
    except Refused as refusal:
        # A mistake in one field of many: the form comes back with everything else as it was.
        raise Incomplete(refusal.problems) if refusal.problems else refusal from None
    if me.role in STEERING:
        rooms = await opening.open_voting(context.session, agreement, me, context.now)
        return said(f"Voting is open: {agreement.title}", _where(rooms), _until(agreement, me))
    steering = await partners.members(context.session, me.board, *STEERING)
    await announce(
        context.session,
        me.board,
        ShowAgreement(agreement.ref),
        key=f"draft:{agreement.ref}",
        now=context.now,
        members=tuple(member.id for member in steering),
        subject=agreement.ref,
    )
    return said(
        f"Sent to the chair: {agreement.title}",
        "The chair or the coordinator opens it to the vote, and you will see it in the board's rooms.",
    )


def _where(rooms: int) -> str:
    if not rooms:
        return "The board has no room yet, so everyone who may vote gets it as a direct message."
    return f"It now stands in {units(rooms, 'room')} of this board, in each partner's own tool."


def _until(agreement: Agreement, me: Person) -> str:
    return f"It closes by itself on {say_moment(agreement.closes_at, me.zone)}."


async def open_(context: Context, params: Open) -> Reply:
    """Open a draft to the vote."""
    agreement = await queries.find(context.session, context.me.board, params.agreement, to_change=True)
    await opening.open_voting(context.session, agreement, context.me, context.now)
    return Replace(ShowAgreement(agreement.ref), context.me.board, "Voting is open.")


# -- voting


async def _stand(context: Context, ref: str, position: str, reason: str) -> Reply:
    me = context.me
    agreement = await queries.find(context.session, me.board, ref, to_change=True)
    agreement.check_takes_stances(context.now)
    if position in OBJECTIONS and position in POSITIONS[Rule(agreement.rule)] and not reason:
        await voting.voter_for(context.session, agreement, me)
        raise Incomplete({"reason": "" if context.source == "button" else f"Please say why you {position}."})
    done = await voting.cast(context.session, agreement, me, position, reason, context.now)
    word = label_of(Position(position))
    if done.counts:
        note = f"Recorded for {done.elector.name}: {word}. Receipt {done.stance.receipt}."
    else:
        note = (
            f"Your answer ({word}) is on record, but {done.elector.said_by} answered as representative of "
            f"{done.elector.name}, and that stands. Receipt {done.stance.receipt}."
        )
    return Replace(ShowAgreement(agreement.ref), me.board, note)


async def cast(context: Context, params: Cast) -> Reply:
    """A click on a stance."""
    return await _stand(context, params.agreement, params.position, params.reason)


async def answer(context: Context, params: Answer) -> Reply:
    """A stance from a form, with its reason."""
    return await _stand(context, params.agreement, params.position, params.reason)


async def _answer_choices(context: Context, given: Mapping[str, Any]) -> Mapping[str, tuple[Option, ...]]:
    agreement = await queries.find(context.session, context.me.board, str(given.get("agreement", "")))
    positions = POSITIONS[Rule(agreement.rule)]
    return {"position": tuple(Option(label_of(position), position.value) for position in positions)}


async def take_back(context: Context, params: TakeBack) -> Reply:
    """Leave the question unanswered again."""
    agreement = await queries.find(context.session, context.me.board, params.agreement, to_change=True)
    elector = await voting.take_back(context.session, agreement, context.me, context.now)
    note = f"Taken back: {elector.name} has no answer now."
    return Replace(ShowAgreement(agreement.ref), context.me.board, note)


async def declare_interest(context: Context, params: DeclareInterest) -> Reply:
    """Recuse one's organisation."""
    agreement = await queries.find(context.session, context.me.board, params.agreement, to_change=True)
    elector = await voting.declare_interest(context.session, agreement, context.me, params.nature, context.now)
    note = f"Recorded: {elector.name} has declared an interest and takes no part in this vote."
    return Replace(ShowAgreement(agreement.ref), context.me.board, note)


async def withdraw_interest(context: Context, params: WithdrawInterest) -> Reply:
    """Undo a declaration made in error."""
    agreement = await queries.find(context.session, context.me.board, params.agreement, to_change=True)
    elector = await voting.withdraw_interest(context.session, agreement, context.me, context.now)
    note = f"The declared interest is withdrawn: {elector.name} can answer again."
    return Replace(ShowAgreement(agreement.ref), context.me.board, note)


# -- steering


def _check_steers(context: Context, agreement: Agreement, what: str) -> None:
    """The chair, the coordinator, or who proposed it."""
    if context.me.role not in STEERING and agreement.proposer_id != context.me.member:
        raise Refused(f"Only the chair, the coordinator or who proposed it can {what}.")


async def amend(context: Context, params: Amend) -> Reply:
    """Put an amended text and ask everyone anew."""
    agreement = await queries.find(context.session, context.me.board, params.agreement, to_change=True)
    _check_steers(context, agreement, "amend the text")
    addressed = await voting.amend(
        context.session,
        agreement,
        context.me,
        text=params.text,
        why=params.why,
        closes_at=params.closes,
        now=context.now,
    )
    note = f"The amended text is out, and everyone is asked again. It addresses {units(addressed, 'objection')}."
    return Replace(ShowAgreement(agreement.ref), context.me.board, note)


async def _amend_prefill(context: Context, given: Mapping[str, Any]) -> Mapping[str, Any]:
    agreement = await queries.find(context.session, context.me.board, str(given.get("agreement", "")))
    return {"text": agreement.text}


async def extend(context: Context, params: Extend) -> Reply:
    """Move the deadline."""
    agreement = await queries.find(context.session, context.me.board, params.agreement, to_change=True)
    _check_steers(context, agreement, "move the deadline")
    await voting.extend(context.session, agreement, context.me, params.closes, params.why, context.now)
    note = f"It now closes on {say_moment(params.closes, context.me.zone)}."
    return Replace(ShowAgreement(agreement.ref), context.me.board, note)


async def _extend_prefill(context: Context, given: Mapping[str, Any]) -> Mapping[str, Any]:
    agreement = await queries.find(context.session, context.me.board, str(given.get("agreement", "")))
    later = max(agreement.closes_at, context.now) + datetime.timedelta(days=7)
    return {"closes": later.isoformat()}


async def close(context: Context, params: Close) -> Reply:
    """Close before the deadline, on the record."""
    agreement = await queries.find(context.session, context.me.board, params.agreement, to_change=True)
    await closing.close_voting(
        context.session, agreement, context.me, context.now, why=params.why, statement=params.statement
    )
    note = f"Closed: {agreement.decision}." if agreement.decision else "Closed; the decision is now awaited."
    return Replace(ShowAgreement(agreement.ref), context.me.board, note)


async def reopen(context: Context, params: Reopen) -> Reply:
    """Ask again, on the record."""
    agreement = await queries.find(context.session, context.me.board, params.agreement, to_change=True)
    await closing.reopen(
        context.session, agreement, context.me, why=params.why, closes_at=params.closes, now=context.now
    )
    note = f"Reopened until {say_moment(params.closes, context.me.zone)}."
    return Replace(ShowAgreement(agreement.ref), context.me.board, note)


async def withdraw(context: Context, params: Withdraw) -> Reply:
    """Take a proposal off the table."""
    agreement = await queries.find(context.session, context.me.board, params.agreement, to_change=True)
    _check_steers(context, agreement, "withdraw it")
    await closing.withdraw(context.session, agreement, context.me, params.why, context.now)
    return Replace(ShowAgreement(agreement.ref), context.me.board, "The proposal is withdrawn.")


async def decide(context: Context, params: Decide) -> Reply:
    """The decider's word."""
    agreement = await queries.find(context.session, context.me.board, params.agreement, to_change=True)
    await closing.decide(
        context.session,
        agreement,
        context.me,
        passed=params.decision == "yes",
        statement=params.statement,
        now=context.now,
    )
    return Replace(ShowAgreement(agreement.ref), context.me.board, f"Decided: {agreement.decision}.")


async def confirm(context: Context, params: Confirm) -> Reply:
    """Record a ratification or an approval, or that it was refused."""
    agreement = await queries.find(context.session, context.me.board, params.agreement, to_change=True)
    confirmed = params.confirmed == "yes"
    await closing.confirm(
        context.session, agreement, context.me, confirmed=confirmed, note=params.note, now=context.now
    )
    note = "Recorded: it is confirmed." if confirmed else "Recorded: it was not confirmed."
    return Replace(ShowAgreement(agreement.ref), context.me.board, note)


# -- seeing


async def _picture(sight: Sight, ref: str) -> queries.Picture:
    picture = await queries.picture(sight.session, sight.board, ref)
    if picture is None:
        raise Refused(queries.NOT_YOURS)
    return picture


async def draw_agreement(sight: Sight, params: ShowAgreement) -> Card | None:
    """The shared card as things stand."""
    picture = await queries.picture(sight.session, sight.board, params.agreement)
    if picture is None:
        return None
    partnership = await partners.partnership(sight.session, sight.board)
    return agreement_card(picture, partners.zone_of(partnership.timezone))


async def draw_outcome(sight: Sight, params: ShowOutcome) -> Card | None:
    """The announcement; moot when it has been reopened meanwhile."""
    picture = await queries.picture(sight.session, sight.board, params.agreement)
    if picture is None or picture.agreement.state not in ("closed", "withdrawn"):
        return None
    entries = await entries_about(sight.session, sight.board, params.agreement)
    partnership = await partners.partnership(sight.session, sight.board)
    return outcome_card(picture, entries[-1].seal if entries else "", partners.zone_of(partnership.timezone))


async def show(context: Context, params: ShowAgreement) -> Reply:
    """The card, for one person."""
    return Whisper(agreement_card(await _picture(context.sight, params.agreement), context.me.zone))


async def show_roll(context: Context, params: ShowRoll) -> Reply:
    """Who said what, unless how the vote stands is hidden from this person now."""
    picture = await _picture(context.sight, params.agreement)
    agreement = picture.agreement
    if agreement.state == "open" and agreement.hidden != "no":
        elector = await queries.elector_of(context.session, agreement, context.me)
        voted = elector is not None and elector.position is not None
        if agreement.hidden == "until closed" or not voted:
            until = "voting closes" if agreement.hidden == "until closed" else "you have voted"
            raise Refused(f"How the vote stands is hidden until {until}.")
    stances = await queries.stances(context.session, agreement)
    objections = await queries.objections(context.session, agreement)
    return Whisper(roll_card(picture, stances, objections, params.page, context.me.zone))


async def show_paper(context: Context, params: ShowPaper) -> Reply:
    """The paper in full."""
    picture = await _picture(context.sight, params.agreement)
    wordings = await queries.wordings(context.session, picture.agreement)
    return Whisper(paper_card(picture, wordings, context.me.zone))


async def show_list(context: Context, params: ListAgreements) -> Reply:
    """The list; a search that finds just one shows it."""
    me = context.me
    page = max(1, params.page)
    found, total = await queries.agreements(
        context.session, me.board, search=params.search, offset=(page - 1) * PAGE, limit=PAGE
    )
    if params.search and total == 1 and found:
        return await show(context, ShowAgreement(found[0].ref))
    if not found and total:
        return await show_list(context, ListAgreements(params.search, pages(total)))
    return Whisper(list_card(found, total, params.search, page, me.zone))


VIEWS: tuple[View[Any], ...] = (
    View(params=ShowAgreement, draw=draw_agreement),
    View(params=ShowOutcome, draw=draw_outcome),
)

COMMANDS: tuple[Command[Any], ...] = (
    Command(
        params=Propose,
        handle=propose,
        word="agree",
        title="Propose an agreement",
        help="Put something to the partners and have it agreed by vote.",
        example='agree Adopt the five themes closes:"Fri 5pm" rule:consent quorum:5',
        submit="Propose",
        roles=PARTNERS,
        opens_form=True,
        shortcut=True,
        choices=_propose_choices,
    ),
    Command(params=Open, handle=open_, title="Open voting", help="Open a proposal to the vote.", roles=STEERING),
    Command(
        params=Cast,
        handle=cast,
        title="Your reason",
        help="Answer for your organisation.",
        submit="Send",
        repeatable=True,
    ),
    Command(
        params=Answer,
        handle=answer,
        title="Answer with a comment",
        help="Answer for your organisation and say why.",
        submit="Send",
        choices=_answer_choices,
        repeatable=True,
    ),
    Command(params=TakeBack, handle=take_back, title="Take back", help="Leave the question unanswered again."),
    Command(
        params=DeclareInterest,
        handle=declare_interest,
        title="Declare an interest",
        help="Declare an interest; your organisation then takes no part.",
        submit="Declare",
    ),
    Command(
        params=WithdrawInterest,
        handle=withdraw_interest,
        title="Withdraw interest",
        help="Undo an interest declared in error.",
    ),
    Command(
        params=Amend,
        handle=amend,
        title="Amend the text",
        help="Put an amended text, which asks everyone anew.",
        submit="Put it",
        roles=PARTNERS,
        prefill=_amend_prefill,
    ),
    Command(
        params=Extend,
        handle=extend,
        title="Move the deadline",
        help="Give partners more time, or less.",
        roles=PARTNERS,
        prefill=_extend_prefill,
    ),
    Command(
        params=Close,
        handle=close,
        title="Close early",
        help="Close the vote before its deadline, on the record.",
        submit="Close",
        roles=CHAIR,
    ),
    Command(
        params=Reopen,
        handle=reopen,
        title="Reopen",
        help="Ask again after the close, on the record.",
        submit="Reopen",
        roles=CHAIR,
        prefill=_extend_prefill,
    ),
    Command(
        params=Withdraw,
        handle=withdraw,
        title="Withdraw",
        help="Take a proposal off the table, on the record.",
        submit="Withdraw",
        roles=PARTNERS,
    ),
    Command(params=Decide, handle=decide, title="Decide", help="Decide after hearing the advice.", submit="Decide"),
    Command(
        params=Confirm,
        handle=confirm,
        title="Record what came of it",
        help="Record a ratification or an approval.",
        submit="Record",
        roles=STEERING,
    ),
    Command(
        params=ShowAgreement,
        handle=show,
        title="Agreement",
        help="See an agreement.",
        roles=EVERYONE,
        reads=True,
    ),
    Command(params=ShowRoll, handle=show_roll, title="Who said what", help="See who said what.", reads=True),
    Command(params=ShowPaper, handle=show_paper, title="The paper", help="Read the paper.", reads=True),
    Command(
        params=ListAgreements,
        handle=show_list,
        word="agreements",
        title="Agreements",
        help="List the agreements, or find one by its number or words of its title.",
        example="agreements open",
        reads=True,
    ),
)
