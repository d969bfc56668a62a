"""How meetings are said in a few words, wherever they are."""

from zoneinfo import ZoneInfo

from core.meetings.models import Meeting
from core.times import say_moment

MARKS = {"planned": "🗓️", "published": "📋", "open": "🔔", "ended": "✅", "cancelled": "✖"}


def name_of(meeting: Meeting) -> str:
    """What people call it: its number and title."""
    return f"Meeting {meeting.number}: {meeting.title}"


def say_where(meeting: Meeting) -> str:
    """In person, online or both, and where."""
    words = {"in person": "In person", "online": "Online", "both": "In person and online"}[meeting.way]
    return f"{words}, {meeting.place}" if meeting.place and meeting.way != "online" else words


def say_length(minutes: int) -> str:
    """A length, such as "2 hours" or "1 hour 30 minutes"."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} {'hour' if hours == 1 else 'hours'}"] if hours else []
    if rest or not hours:
        parts.append(f"{rest} {'minute' if rest == 1 else 'minutes'}")
    return " ".join(parts)


def say_state(meeting: Meeting) -> str:
    """How far it is."""
    match meeting.state:
        case "planned":
            return "planned"
        case "published":
            return "agenda is out"
        case "open":
            return "in session"
        case "cancelled":
            return "cancelled"
    return {"": "over", "draft": "over, minutes in draft", "circulated": "over, minutes circulated"}.get(
        meeting.record, "over, minutes approved"
    )


def line_words(meeting: Meeting, zone: ZoneInfo) -> str:
    """When it is and how far, behind its name in a list."""
    return f" — {say_moment(meeting.starts_at, zone)}; {say_state(meeting)}"
