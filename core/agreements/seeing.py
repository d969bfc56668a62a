"""Handlers and drawings: what can be seen of agreements."""

from core.agreements import queries
from core.agreements.cards import agreement_card
from core.agreements.details import (
    PAGE,
    list_card,
    outcome_card,
    paper_card,
    reopened_card,
    roll_card,
    withdrawn_card,
)
from core.agreements.views import ListAgreements, ShowAgreement, ShowOutcome, ShowPaper, ShowRoll
from core.cards import Card
from core.commands import Context, Sight
from core.errors import Refused
from core.paging import Place
from core.partners import queries as partners
from core.register.queries import entries_about
from core.requests import Reply, Whisper


async def _picture(sight: Sight, ref: str, *, whole: bool = False) -> queries.Picture:
    picture = await queries.picture(sight.session, sight.board, ref, whole=whole)
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
    """The announcement, which stays true: once reopened, it says so."""
    picture = await queries.picture(sight.session, sight.board, params.agreement)
    if picture is None:
        return None
    if picture.agreement.state == "withdrawn":
        return withdrawn_card(picture)
    entries = await entries_about(sight.session, sight.board, params.agreement)
    entry = next((entry for entry in entries if entry.number == params.decision), None)
    if entry is None:
        return None
    if picture.agreement.state != "closed" or picture.agreement.decision != params.decision:
        return reopened_card(picture, params.decision)
    partnership = await partners.partnership(sight.session, sight.board)
    return outcome_card(picture, entry.seal, partners.zone_of(partnership.timezone))


async def show(context: Context, params: ShowAgreement) -> Reply:
    """The card, for one person."""
    return Whisper(agreement_card(await _picture(context.sight, params.agreement), context.me.zone))


async def show_roll(context: Context, params: ShowRoll) -> Reply:
    """Who said what, unless how the vote stands is hidden from this person now."""
    picture = await _picture(context.sight, params.agreement, whole=True)
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
    return Whisper(paper_card(picture, wordings, context.me.zone, params.page))


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
        return await show_list(context, ListAgreements(params.search, Place(page, total, PAGE).last))
    return Whisper(list_card(found, total, params.search, page, me.zone))
