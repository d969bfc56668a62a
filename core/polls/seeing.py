"""Handlers and drawings: what can be seen of polls."""

from sqlalchemy.ext.asyncio import AsyncSession

from core.cards import Card
from core.commands import STEERING, Context, Person, Role, Sight
from core.errors import Refused
from core.paging import Place
from core.partners import queries as partners
from core.partners.preferences import own_zone
from core.polls import electorate, pictures, queries
from core.polls.cards import poll_card
from core.polls.counting import Shape
from core.polls.details import NAMED, PAGE, list_card, outcome_card, results_card, silent_card
from core.polls.models import Poll
from core.polls.pictures import SMALL
from core.polls.views import ListPolls, ShowPoll, ShowPollOutcome, ShowResults, ShowSilent
from core.requests import Reply, Whisper


async def draw_poll(sight: Sight, params: ShowPoll) -> Card | None:
    """The shared card as things stand."""
    picture = await pictures.picture(sight.session, sight.board, params.poll)
    if picture is None:
        return None
    partnership = await partners.partnership(sight.session, sight.board)
    return poll_card(picture, partners.zone_of(partnership.timezone))


async def draw_outcome(sight: Sight, params: ShowPollOutcome) -> Card | None:
    """The announcement, which stays true: once reopened, it says so."""
    picture = await pictures.picture(sight.session, sight.board, params.poll)
    return outcome_card(picture) if picture is not None else None


async def show(context: Context, params: ShowPoll) -> Reply:
    """The card, for who asked to see it and on his or her own clocks."""
    await queries.find(context.session, context.me.board, params.poll)
    picture = await pictures.picture(context.session, context.me.board, params.poll)
    if picture is None:
        raise Refused(queries.NOT_YOURS)
    zone = await own_zone(context.session, context.me)
    return Whisper(poll_card(pictures.on_clocks(picture, zone), zone))


async def show_results(context: Context, params: ShowResults) -> Reply:
    """Everything that this person may see by now."""
    poll = await queries.find(context.session, context.me.board, params.poll)
    await check_may_see(context.session, poll, context.me)
    picture = await pictures.picture(context.session, context.me.board, params.poll, everyone=True)
    if picture is None:
        raise Refused(queries.NOT_YOURS)
    picture = pictures.on_clocks(picture, await own_zone(context.session, context.me))
    points = {
        asked.question.position: pictures.points(asked, await pictures.rankings(context.session, asked.question))
        for asked in picture.asked
        if asked.shape is Shape.RANKED
    }
    return Whisper(results_card(picture, points, params.page))


async def check_may_see(session: AsyncSession, poll: Poll, person: Person) -> None:
    """Raises Refused with the reason why this person may not see how it stands, if there is one."""
    if poll.state == "scheduled":
        raise Refused("This poll has not opened yet, so there is nothing to see.")
    if poll.anonymous and poll.voters < SMALL:
        raise Refused(f"Nothing is shown of an anonymous poll before {SMALL} have voted.")
    if poll.state == "closed" or poll.hidden == "no":
        return
    if poll.hidden == "until closed":
        raise Refused("Results are hidden until the poll closes.")
    if await electorate.voter_of(session, poll, person) is None:
        raise Refused("Results are hidden until you have voted.")


async def show_silent(context: Context, params: ShowSilent) -> Reply:
    """Who may vote and has not, in a named poll."""
    poll = await queries.find(context.session, context.me.board, params.poll)
    if poll.anonymous:
        raise Refused("In an anonymous poll nobody sees who has voted and who has not.")
    if poll.who == "room":
        raise Refused("Who is in a room is not known to Folkmoot, so it can't tell who has not voted.")
    names = await electorate.silent(context.session, poll, limit=NAMED * 100)
    steers = context.me.role in STEERING or poll.author_id == context.me.member
    may_nudge = steers and poll.nudged_at is None and poll.state == "open"
    return Whisper(silent_card(poll, names, may_nudge=may_nudge))


async def show_list(context: Context, params: ListPolls) -> Reply:
    """One page of the board's polls; a search that finds just one shows it."""
    page = max(1, params.page)
    found, total = await queries.polls(
        context.session, context.me.board, search=params.search, offset=(page - 1) * PAGE, limit=PAGE
    )
    if params.search and total == 1 and found:
        return await show(context, ShowPoll(found[0].ref))
    if not found and total:
        return await show_list(context, ListPolls(params.search, Place(page, total, PAGE).last))
    may_ask = context.me.role is not Role.OBSERVER
    return Whisper(list_card(found, total, params.search, page, context.me.zone, may_ask=may_ask))
