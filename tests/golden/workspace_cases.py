"""Tenants as a board allows them, and what the coordinator is told of a workspace that has gone."""

from typing import Any

from core.cards import Params
from core.workspaces.commands import AllowTenant, DisallowTenant, ListTenants
from core.workspaces.notices import WorkspaceEnded, ended_card
from tests.golden.case import Asked, Case
from tests.golden.tables import TENANT

FREE = "0ff1ce00-0000-4000-8000-000000000009"


def _asked(case: str, of: type[Params], who: str, source: Any = "button", **args: Any) -> Case:
    return Case(case, of.command, Asked(who, command=of.command, args=args, source=source))


CASES = (
    Case("tenants-none", ListTenants.command, Asked("U_NEW", "tenants", source="line")),
    Case("tenants", ListTenants.command, Asked("U_COORDINATOR", "tenants", source="line")),
    Case("tenants-many", ListTenants.command, Asked("U_MANY", "tenants", source="line")),
    Case("tenants-typed", ListTenants.command, Asked("U_CHAIR", f'tenants {FREE} name:"Barnet Homes"', source="line")),
    _asked("tenant-allowed", AllowTenant, "U_COORDINATOR", "form", tenant=FREE.upper(), name="*Barnet* <!channel>"),
    _asked("tenant-allowed-already", AllowTenant, "U_COORDINATOR", "form", tenant=TENANT),
    _asked("tenant-disallowed", DisallowTenant, "U_COORDINATOR", tenant=TENANT),
    _asked("refused-tenant-gone", DisallowTenant, "U_COORDINATOR", tenant=FREE),
    _asked("refused-tenants-role", ListTenants, "U_POLICE"),
    _asked("form-allow-tenant", AllowTenant, "U_COORDINATOR"),
    _asked("form-allow-tenant-problems", AllowTenant, "U_COORDINATOR", "form", tenant="the hospital's", name="x" * 200),
    _asked("form-tenants-problems", ListTenants, "U_COORDINATOR", "form", tenant="the hospital's", name="x" * 200),
    Case(
        "notice-workspace-removed",
        WorkspaceEnded.command,
        lambda: ended_card("slack", "Barnet & Southgate College", removed=True, rooms=2),
    ),
    Case(
        "notice-workspace-removed-unnamed",
        WorkspaceEnded.command,
        lambda: ended_card("slack", "", removed=True, rooms=0),
    ),
    Case(
        "notice-workspace-revoked",
        WorkspaceEnded.command,
        lambda: ended_card("slack", "<!channel> *College*", removed=False, rooms=0),
    ),
)
