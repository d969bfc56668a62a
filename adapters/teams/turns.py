"""The Bot Framework's turn, kept lean: our own check of the caller goes in, a raw invoke reply comes out.

The stock CloudAdapter builds a sign-in client and a connector client in every turn, and serialises invoke
replies twice. CloudAdapterBase does neither by itself when it is given a connector of ours.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from botbuilder.core import CloudAdapterBase, InvokeResponse, TurnContext
from botbuilder.schema import Activity, ActivityTypes, ChannelAccount, ConversationAccount, ResourceResponse
from botframework.connector.auth import BotFrameworkAuthentication, ClaimsIdentity
from botframework.connector.auth.authenticate_request_result import AuthenticateRequestResult
from botframework.connector.auth.connector_factory import ConnectorFactory

from adapters.teams.reading import mapping, text
from adapters.teams.tokens import RESOURCE

Logic = Callable[[TurnContext], Awaitable[None]]
_REPLY: Final = CloudAdapterBase._INVOKE_RESPONSE_KEY


class _OwnConnector(ConnectorFactory):  # type: ignore[misc]
    """Stands in for msrest's connector client, which costs milliseconds a turn."""

    async def create(self, service_url: str, audience: str) -> object:
        return self


class _OwnAuthentication(BotFrameworkAuthentication):  # type: ignore[misc]
    """Callers are checked in auth.py before a turn begins; there is no second, laxer way in."""

    def __init__(self, connector: _OwnConnector) -> None:
        self._connector = connector

    async def authenticate_request(self, activity: Activity, auth_header: str) -> AuthenticateRequestResult:
        raise PermissionError("requests are authenticated before the turn")

    async def authenticate_streaming_request(
        self, auth_header: str, channel_id_header: str
    ) -> AuthenticateRequestResult:
        raise PermissionError("streaming is not offered")

    def create_connector_factory(self, claims_identity: ClaimsIdentity) -> ConnectorFactory:
        return self._connector

    async def create_user_token_client(self, claims_identity: ClaimsIdentity) -> None:
        return None


class Turns(CloudAdapterBase):  # type: ignore[misc]
    """Runs one turn for each activity that was let in."""

    def __init__(self) -> None:
        self._connector = _OwnConnector()
        super().__init__(_OwnAuthentication(self._connector))

    async def run(self, activity: Mapping[str, Any], claims: dict[str, Any], logic: Logic) -> InvokeResponse | None:
        """The reply to an invoke, with its body as it is to be sent; None for everything else."""
        caller = AuthenticateRequestResult()
        caller.claims_identity = ClaimsIdentity(claims, True)
        caller.audience = RESOURCE
        caller.connector_factory = self._connector
        return await self.process_activity(caller, _shell(activity), logic)

    async def send_activities(self, context: TurnContext, activities: list[Activity]) -> list[ResourceResponse]:
        """Only the reply to an invoke is sent from inside a turn; messages go by TeamsMessenger."""
        for activity in activities:
            if activity.type != ActivityTypes.invoke_response:
                raise NotImplementedError("messages go by TeamsMessenger")
            context.turn_state[_REPLY] = activity
        return [ResourceResponse(id="") for _ in activities]


async def reply(context: TurnContext, body: Any, status: int = 200) -> None:
    """Answer an invoke with this JSON."""
    answer = Activity(type=ActivityTypes.invoke_response, value=InvokeResponse(status=status, body=body))
    await context.adapter.send_activities(context, [answer])


def _shell(activity: Mapping[str, Any]) -> Activity:
    """The activity with what a turn looks at; reading all of it through msrest takes thirty times as long."""
    return Activity(
        type=text(activity, "type"),
        id=text(activity, "id"),
        name=text(activity, "name"),
        channel_id=text(activity, "channelId"),
        service_url=text(activity, "serviceUrl"),
        from_property=_account(mapping(activity, "from")),
        recipient=_account(mapping(activity, "recipient")),
        conversation=ConversationAccount(id=text(activity, "conversation", "id")),
        value=activity.get("value"),
    )


def _account(account: Mapping[str, Any]) -> ChannelAccount:
    return ChannelAccount(id=text(account, "id"), name=text(account, "name"))
