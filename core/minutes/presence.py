"""Who was at a meeting, as its minutes say it."""

from collections.abc import Container, Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from core.meetings import queries as meetings
from core.meetings.agenda_models import Attendance
from core.meetings.attending import was_there
from core.meetings.models import Meeting
from core.minutes import session as sessions
from core.texts import listed


async def attendance(session: AsyncSession, meeting: Meeting) -> list[str]:
    """Who was there, who came instead of whom, who sent apologies, and whether there was a quorum."""
    names = await meetings.names_of(session, meeting.partnership_id)
    people, said = await sessions.expected(session, meeting), await meetings.replies(session, meeting)
    there = [each.id for each in people if (reply := said.get(each.id)) and was_there(reply.present, reply.reply)]
    recorded = any(said[each].present is not None for each in there)
    instead = [
        f"{each.substitute} for {names[member]}"
        for member, each in said.items()
        if each.substitute and member in names and _came_instead(each, said)
    ]
    sorry = [names[member] for member, each in said.items() if each.reply == "apologies" and member in names]
    lines = [f"Present: {listed([names[each] for each in there])}." if there else "Nobody is recorded as present."]
    if there and not recorded:
        lines[0] += " As announced before the meeting; it was not recorded in it."
    lines += _in_the_chair(meeting, names, there, said)
    if instead:
        lines.append(f"Substitutes: {listed(sorted(instead))}.")
    lines.append(f"Apologies: {listed(sorted(sorry))}." if sorry else "There were no apologies.")
    count = await meetings.forecast(session, meeting)
    if count.needed is not None:
        there_is = "was" if count.met else "was not"
        lines.append(
            f"{count.coming} of {count.partners} partners with a vote were represented; "
            f"the quorum of {count.needed} {there_is} present."
        )
    return lines


def _came_instead(reply: Attendance, said: Mapping[int, Attendance]) -> bool:
    """A member who was to come instead and is recorded as absent did not come; of anybody else it is believed."""
    there = said.get(reply.substitute_id or 0)
    return reply.substitute_id is None or there is None or there.present is not False


def _in_the_chair(
    meeting: Meeting, names: Mapping[int, str], there: Container[int], said: Mapping[int, Attendance]
) -> list[str]:
    """The chair, or the deputy chair where the chair was not there; who has said nothing is taken to have come."""
    for key in (meeting.chair_id, meeting.deputy_id):
        reply = said.get(key or 0)
        silent = reply is None or (reply.present is None and not reply.reply)
        if key is not None and key in names and (key in there or silent):
            return [f"In the chair: {names[key]}."]
    return ["Neither the chair nor the deputy chair is recorded as present."] if meeting.chair_id in names else []
