"""What people can ask of tenants: who may be heard in Teams, allow one, take one off the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from core.cards import Block, Bold, Button, Buttons, Card, Heading, Params, Text
from core.commands import STEERING, Command, Context, param
from core.paging import Place
from core.register.actions import append
from core.requests import Reply, Whisper
from core.texts import one_line
from core.times import say_moment
from core.workspaces import tenants
from core.workspaces.models import AllowedTenant, Knock

PAGE = 10


@dataclass(frozen=True)
class ListTenants(Params):
    """See whose Teams is heard, or allow another."""

    command: ClassVar[str] = "workspaces.tenants"
    tenant: str = param(
        "line", "Tenant id", default="", free=True, max_length=60, check=tenants.read_tenant, help="To allow it."
    )
    name: str = param("line", "Whose it is", default="", max_length=100, help="The partner's name, for this list.")
    page: int = param("number", "Page", default=1, hidden=True)


@dataclass(frozen=True)
class AllowTenant(Params):
    """Let a partner's own Teams be heard."""

    command: ClassVar[str] = "workspaces.allow"
    tenant: str = param(
        "line",
        "Tenant id",
        default="",
        required=True,
        max_length=60,
        check=tenants.read_tenant,
        help="From the partner's IT: Microsoft Entra, Overview, Tenant ID.",
    )
    name: str = param("line", "Whose it is", default="", max_length=100, help="The partner's name, for your list.")


@dataclass(frozen=True)
class DisallowTenant(Params):
    """Take a tenant off the list."""

    command: ClassVar[str] = "workspaces.disallow"
    tenant: str = param("line", "Tenant id", hidden=True, max_length=60, check=tenants.read_tenant)


async def list_tenants(context: Context, params: ListTenants) -> Reply:
    """The list, or with an id typed after the word, that tenant allowed."""
    if params.tenant:
        return await allow(context, AllowTenant(params.tenant, params.name))
    allowed = await tenants.of_board(context.session, context.me.board)
    knocks = await tenants.knocking(context.session, context.now)
    return Whisper(_list(context, allowed, knocks, params.page))


async def allow(context: Context, params: AllowTenant) -> Reply:
    """Put it on the list; the register says who did."""
    me, name = context.me, one_line(params.name)[:100]
    new = await tenants.allow(context.session, me, params.tenant, name, context.now)
    called = name or params.tenant
    if new:
        await append(
            context.session, me.board, "tenant allowed", subject="", title=called, now=context.now, by=me,
            detail={"tenant": params.tenant},
        )  # fmt: skip
        words = (
            f"{called} is on the list now. Within a minute its people are heard; each joins with a code of their own."
        )
    else:
        words = f"{called} is on the list already."
    buttons = Buttons((Button("All tenants", ListTenants()),))
    return Whisper(Card(title="Tenant allowed", blocks=(Text((words,)), buttons), summary=words))


async def disallow(context: Context, params: DisallowTenant) -> Reply:
    """Take it off the list; the register says who did."""
    me = context.me
    gone = await tenants.disallow(context.session, me.board, params.tenant)
    called = gone.name or params.tenant
    await append(
        context.session, me.board, "tenant disallowed", subject="", title=called, now=context.now, by=me,
        detail={"tenant": params.tenant, "rooms": gone.rooms},
    )  # fmt: skip
    words = f"{called} is off the list. Within a minute nobody there is heard, unless the operator allows that tenant."
    rooms = "1 room there is" if gone.rooms == 1 else f"{gone.rooms} rooms there are"
    people = "1 member has an account" if gone.people == 1 else f"{gone.people} members have accounts"
    blocks: list[Block] = [Text((words,))]
    if gone.rooms:
        blocks.append(Text((f"{rooms} no longer connected.",)))
    if gone.people:
        blocks.append(
            Text((f"{people} there; they stay members, and act from another tool if they have joined there.",))
        )
    blocks.append(Buttons((Button("All tenants", ListTenants()),)))
    return Whisper(Card(title="Tenant taken off the list", blocks=tuple(blocks), summary=words))


def _list(context: Context, allowed: Sequence[AllowedTenant], knocks: Sequence[Knock], page: int) -> Card:
    place = Place(page, len(allowed), PAGE)
    intro = (
        "In Teams only the tenants that the operator has set, and those on this list, are heard. "
        "Being heard is no seat on the board: everybody joins with a code of their own."
    )
    blocks: list[Block] = [Text((intro,), "subtle")]
    for each in place.here(allowed):
        question = f"Take {each.name or each.tenant} off the list? Its rooms are disconnected from this board."
        off = Button("Take off the list", DisallowTenant(each.tenant), style="danger", confirm=question)
        blocks += [Text((Bold(each.name or "No name"), f" — {each.tenant}")), Buttons((off,))]
    if not allowed:
        blocks.append(Text(("This board has allowed none of its own yet.",)))
    blocks += place.turning(lambda to: ListTenants(page=to))
    if knocks:
        blocks += [Heading("Have knocked"), Text((_ASK,), "subtle")]
    for knock in knocks:
        at = say_moment(knock.last_at, context.me.zone)
        often = "once" if knock.times == 1 else f"{knock.times} times"
        blocks.append(Text((Bold(knock.tenant), f" — {often}, last on {at}")))
        blocks.append(Buttons((Button("Allow", AllowTenant(knock.tenant), asks=True),)))
    blocks.append(Buttons((Button("Allow a tenant", AllowTenant(), style="primary", asks=True),)))
    count = f"{len(allowed)} {'tenant' if len(allowed) == 1 else 'tenants'}"
    return Card(
        title="Tenants", blocks=tuple(blocks), summary=f"{count} allowed by this board, {len(knocks)} knocking."
    )


_ASK = "Somebody there has tried to add Folkmoot. Compare the id with your partner before you allow it."

COMMANDS: tuple[Command[Any], ...] = (
    Command(
        params=ListTenants,
        handle=list_tenants,
        word="tenants",
        title="Tenants",
        help="See whose Microsoft Teams is heard, who has knocked, and allow a partner's own.",
        example='tenants 8a1f3c52-9d0e-4b6f-8c2a-0f5d7e9b1a34 name:"Middlesex University"',
        roles=STEERING,
        repeatable=True,
    ),
    Command(
        params=AllowTenant,
        handle=allow,
        title="Allow a tenant",
        help="Let a partner's own Microsoft Teams be heard.",
        submit="Allow",
        roles=STEERING,
        repeatable=True,
    ),
    Command(
        params=DisallowTenant,
        handle=disallow,
        title="Take a tenant off the list",
        help="Stop hearing a tenant, and disconnect its rooms.",
        roles=STEERING,
    ),
)
