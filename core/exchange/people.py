"""Members with their accounts, and the rooms where they meet, as the partnership file tells them."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from core.commands import Role
from core.exchange.entries import Entry
from core.exchange.shapes import Account, MemberPart, RoomPart, same
from core.requests import Tool, account_id
from core.texts import quoted

# Plain on purpose: the address is proved by nothing but a message that arrives.
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+")
_SLACK_USER = re.compile(r"([TE][A-Z0-9]{1,40}):([UW][A-Z0-9]{1,40})")
_SLACK_CHANNEL = re.compile(r"([TE][A-Z0-9]{1,40}):([CGD][A-Z0-9]{1,40})")
_TEAMS_USER = re.compile(r"([0-9A-Za-z._-]{1,100}):([0-9A-Za-z._-]{1,100})")
_ACCOUNTS = {
    "slack": (_SLACK_USER, "team and user id, such as T0AAA:U0AAA"),
    "teams": (_TEAMS_USER, "tenant id and AAD object id, divided by a colon"),
}


def read_members(whole: Entry, organisations: Mapping[str, str]) -> tuple[MemberPart, ...]:
    """All `[[members]]`. Raises Mistake for what is unreadable, unknown, or there twice."""
    found: list[MemberPart] = []
    emails: set[str] = set()
    people: dict[tuple[str, str], MemberPart] = {}
    accounts: dict[tuple[str, str, str], str] = {}
    for entry in whole.each("members", "a member"):
        member = _member(entry, organisations)
        if member.email and same(member.email) in emails:
            raise entry.wrong(
                "email", f"{member.email} is here a second time; each member has an address of their own."
            )
        emails.add(same(member.email))
        twin = people.setdefault((same(member.name), same(member.organisation)), member)
        if twin is not member and not (member.email and twin.email):
            raise entry.wrong(
                "name",
                f"{quoted(member.name, 80)} of {member.organisation} is here a second time; "
                "if they are two people, give each an email.",
            )
        for account in member.accounts:
            owner = accounts.setdefault((account.tool, account.workspace, account.account), member.name)
            if owner is not member.name:
                raise entry.wrong(account.tool, f"this account is {owner}'s already; an account is one member's.")
        found.append(member)
    return tuple(found)


def _member(entry: Entry, organisations: Mapping[str, str]) -> MemberPart:
    entry.only("name", "email", "organisation", "role", "slack", "teams")
    name = entry.line_text("name", 200, needed=True)
    email = entry.line_text("email", 254)
    if email and not _EMAIL.fullmatch(email):
        raise entry.wrong("email", f"{quoted(email)} is not an email address; write one such as name@example.org.")
    return MemberPart(
        line=entry.line,
        name=name,
        email=email,
        organisation=entry.named("organisation", organisations, "an organisation", needed=True),
        role=Role(entry.choice("role", list(Role))),
        accounts=(*_accounts(entry, "slack"), *_accounts(entry, "teams")),
    )


def _accounts(entry: Entry, tool: str) -> tuple[Account, ...]:
    pattern, wanted = _ACCOUNTS[tool]
    found = []
    for place, text in enumerate(entry.strings(tool, 300)):
        parts = pattern.fullmatch(text)
        if parts is None:
            raise entry.wrong(tool, f"{quoted(text, 80)} is not a {tool.capitalize()} account; write {wanted}.", place)
        line = entry.line_of(tool, place)
        kind: Tool = "slack" if tool == "slack" else "teams"
        found.append(Account(line, kind, account_id(kind, parts[1]), account_id(kind, parts[2])))
    return tuple(dict.fromkeys(found))


def read_rooms(whole: Entry) -> tuple[RoomPart, ...]:
    """All `[[rooms]]`. Raises Mistake for what is unreadable, or a conversation that is there twice."""
    found: list[RoomPart] = []
    for entry in whole.each("rooms", "a room"):
        entry.only("name", "slack", "teams")
        name = entry.line_text("name", 200, needed=True)
        if ("slack" in entry.values) == ("teams" in entry.values):
            raise entry.wrong(
                "teams", "a room is in one tool; give it either slack or teams, and write a second room for the other."
            )
        room = _slack_room(entry, name) if "slack" in entry.values else _teams_room(entry, name)
        if any((each.tool, each.workspace, each.conversation) == _key(room) for each in found):
            raise entry.wrong(room.tool, "this conversation is here a second time; keep one of the two.")
        found.append(room)
    return tuple(found)


def _key(room: RoomPart) -> tuple[str, str, str]:
    return room.tool, room.workspace, room.conversation


def _slack_room(entry: Entry, name: str) -> RoomPart:
    text = entry.line_text("slack", 300, needed=True)
    parts = _SLACK_CHANNEL.fullmatch(text)
    if parts is None:
        raise entry.wrong(
            "slack", f"{quoted(text, 80)} is not a Slack channel; write team and channel id, such as T0AAA:C0AAA."
        )
    return RoomPart(entry.line, name, "slack", parts[1], parts[2])


def _teams_room(entry: Entry, name: str) -> RoomPart:
    inner = entry.inner("teams", "a Teams room")
    if inner is None:
        raise entry.wrong("teams", "a Teams room needs its tenant, conversation, service_url and bot.")
    inner.only("tenant", "conversation", "service_url", "bot")
    url = inner.line_text("service_url", 300, needed=True)
    if not _is_address(url):
        raise inner.wrong(
            "service_url", f"{quoted(url, 80)} is not an address; begin it with https://, as Teams tells it."
        )
    return RoomPart(
        line=entry.line,
        name=name,
        tool="teams",
        workspace=account_id("teams", inner.line_text("tenant", 100, needed=True)),
        conversation=inner.line_text("conversation", 300, needed=True),
        service_url=url,
        bot=inner.line_text("bot", 100, needed=True),
    )


def _is_address(url: str) -> bool:
    """Whether this could be a service URL; which hosts are ever called is for the server's settings to say."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("https", "http") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False
