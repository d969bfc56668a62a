"""The people's side of the local Teams: they write, press buttons, fill in dialogs, and read."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.sandbox.teams import activities, invokes
from bot.sandbox.teams.actions import Found, Where, as_message, data_of, find, first_submit
from bot.sandbox.teams.activities import Envelope
from bot.sandbox.teams.store import Conversation, Message, Store, User
from bot.sandbox.teams.wire import NOTHING, SORRY, Delivery, Wire

THEME = {"theme": "default"}


@dataclass(slots=True)
class Dialog:
    """A dialog that stands open: its title and card, and what its answers belong to.

    `command` and `payload` are set when it belongs to a message extension.
    """

    title: str
    card: dict[str, Any]
    conversation: Conversation
    reply_to: str
    root: str
    command: str = ""
    payload: dict[str, Any] | None = None


class People:
    """What people do, by tenant and AAD object id. LookupError: it is not there for them."""

    bot_name = "Folkmoot"

    def __init__(self, store: Store, wire: Wire, base_url: str) -> None:
        self.store = store
        self.wire = wire
        self.base_url = base_url
        self.opened: list[str] = []
        self._dialogs: dict[tuple[str, str], Dialog] = {}
        self._toasts: dict[tuple[str, str], str] = {}

    @property
    def service_url(self) -> str:
        """Where the connector is, as activities tell it."""
        return f"{self.base_url.rstrip('/')}/sandbox/teams/connector/"

    async def say(self, tenant: str, oid: str, conversation: str, text: str, thread: str = "") -> Delivery:
        """Write a message. A bot in a channel hears it only when it begins with `@Folkmoot`.

        `thread` is the id of a message to answer under.
        """
        user, here = self._member(tenant, oid, conversation)
        if here.personal and not user.installed:
            raise LookupError(f"{user.name} has not installed {self.bot_name}.")
        mention = None if here.personal else re.match(rf"\s*@{self.bot_name}\b[\s\u00a0]*", text, re.I)
        root = self.store.message(here.id, thread).root if thread else ""
        sender = {"id": user.mri, "name": user.name, "aadObjectId": user.oid}
        said = self.store.post(here, oid, {"type": "message", "from": sender, "text": text}, root)
        self._toasts.pop((tenant, oid), None)
        if not here.personal and (mention is None or not here.installed):
            return NOTHING
        envelope = self._envelope(user, here, said.root)
        heard = text[mention.end() :] if mention else text
        return await self.wire.tell(activities.message(envelope, said.id, heard, mention=mention is not None))

    def personal(self, tenant: str, oid: str) -> str:
        """The id of this person's chat with the bot."""
        return self.store.personal(tenant, oid).id

    async def execute(
        self,
        tenant: str,
        oid: str,
        conversation: str,
        activity_id: str,
        title: Where,
        inputs: Mapping[str, Any] | None = None,
    ) -> Delivery:
        """Press a button of a card, by its visible title or its path, with these inputs (by id or label).

        Raises LookupError for a button, input or choice that this person does not see and `actions.Invalid`
        for inputs that the client refuses. What opens or shows something locally sends nothing.
        """
        user, here, message = self._sees(tenant, oid, conversation, activity_id)
        found = find(message.card_for(oid), title)
        self._toasts.pop((tenant, oid), None)
        kind = found.action.get("type")
        if kind == "Action.Execute":
            data = data_of(found, inputs or {})
            return await self._act(user, here, message, found, data, "manual")
        if kind == "Action.Submit":
            data = data_of(found, inputs or {})
            return await self._submit(user, here, message, data)
        if kind == "Action.OpenUrl":
            self.opened.append(found.action["url"])
        return NOTHING

    async def refresh(self, tenant: str, oid: str, conversation: str, activity_id: str) -> Delivery:
        """Look at a message whose card refreshes itself for this person; LookupError when it does not."""
        user, here, message = self._sees(tenant, oid, conversation, activity_id)
        refresh: dict[str, Any] = (message.card or {}).get("refresh") or {}
        if not refresh or user.mri not in refresh.get("userIds", [user.mri]):
            raise LookupError("This card does not refresh itself for this person.")
        found = Found(refresh["action"], ())
        return await self._act(user, here, message, found, found.action.get("data") or {}, "automatic")

    async def dialog_submit(
        self, tenant: str, oid: str, inputs: Mapping[str, Any] | None = None, title: Where | None = None
    ) -> Delivery:
        """Send the open dialog with these inputs, by the first button or the one with this title.

        Raises LookupError when there is no dialog or button, `actions.Invalid` for a refused input.
        """
        user = self.store.user(tenant, oid)
        dialog = self._dialogs.get((tenant, oid))
        if dialog is None:
            raise LookupError("There is no dialog open.")
        found = find(dialog.card, title) if title else first_submit(dialog.card)
        if found.action.get("type") != "Action.Submit":
            return NOTHING
        data = data_of(found, inputs or {})
        self._toasts.pop((tenant, oid), None)
        value: dict[str, Any] = {"data": data, "context": THEME}
        if dialog.command:
            value |= _command(dialog.command, dialog.payload)
            name, read = "composeExtension/submitAction", partial(invokes.extension, may_be_empty=True)
        else:
            name, read = "task/submit", partial(invokes.task, may_be_empty=True)
        envelope = self._envelope(user, dialog.conversation, dialog.root)
        activity = activities.invoke(envelope, _invoke_id(), name, value, dialog.reply_to)
        delivery, outcome = await self.wire.ask(activity, read, _invoke_id)
        self._show_dialog(user, outcome, dialog)
        return delivery

    async def dialog_close(self, tenant: str, oid: str) -> None:
        """Close the open dialog without sending it; the bot hears nothing of it."""
        self._dialogs.pop((tenant, oid), None)
        self.store.changed()

    async def extension(
        self, tenant: str, oid: str, command_id: str, conversation: str, activity_id: str = ""
    ) -> Delivery:
        """Start a message extension's command on a message, or without one where messages are written."""
        user, here = self._member(tenant, oid, conversation)
        given, root, reply_to = None, "", ""
        if activity_id:
            _, _, message = self._sees(tenant, oid, conversation, activity_id)
            author = self.store.user(tenant, message.author) if message.author else None
            bot = {"id": self.store.app_id, "name": self.bot_name}
            given, root = activities.payload(message.seen_by(oid), author, bot, conversation), message.root
            reply_to = activity_id
        self._toasts.pop((tenant, oid), None)
        envelope = self._envelope(user, here, root)
        value = {**_command(command_id, given), "context": THEME}
        activity = activities.invoke(envelope, _invoke_id(), "composeExtension/fetchTask", value)
        read = partial(invokes.extension, may_be_empty=False)
        delivery, outcome = await self.wire.ask(activity, read, _invoke_id)
        self._show_dialog(user, outcome, Dialog("", {}, here, reply_to, root, command_id, given))
        return delivery

    async def install_in(self, conversation: str) -> list[Delivery]:
        """Add the app to a channel's team, or for the person of a personal chat; the bot hears two events."""
        return await self._installed(conversation, True)

    async def remove_from(self, conversation: str) -> list[Delivery]:
        """Take the app away again; the bot hears two events and can send there no more."""
        return await self._installed(conversation, False)

    def messages(self, tenant: str, conversation: str, user: str | None = None) -> list[dict[str, Any]]:
        """The activities in a conversation, oldest first, with cards as `user` (or everybody) sees them."""
        here = self.store.conversation(conversation)
        if here.tenant != tenant:
            raise LookupError(f"There is no conversation {conversation} in this tenant.")
        return [each.seen_by(user) for each in here.messages.values() if each.only_for in ("", user)]

    def dialog(self, tenant: str, oid: str) -> dict[str, Any] | None:
        """The dialog that this person has open: title and card."""
        dialog = self._dialogs.get((tenant, oid))
        return None if dialog is None else {"title": dialog.title, "card": dialog.card}

    def toast(self, tenant: str, oid: str) -> str | None:
        """The notice that this person last got, until they do something else."""
        return self._toasts.get((tenant, oid))

    def back(self, tenant: str, oid: str, conversation: str = "", activity_id: str = "") -> None:
        """Put the notice away and, for a message, show this person again the card that everybody sees."""
        self._toasts.pop((tenant, oid), None)
        if activity_id:
            self._sees(tenant, oid, conversation, activity_id)[2].views.pop(oid, None)
        self.store.changed()

    async def _act(
        self, user: User, here: Conversation, message: Message, found: Found, data: Any, trigger: str
    ) -> Delivery:
        kept = {key: found.action[key] for key in ("type", "id", "title", "verb") if key in found.action}
        value: dict[str, Any] = {"action": {**kept, "data": data}, "trigger": trigger}
        envelope = self._envelope(user, here, message.root)
        activity = activities.invoke(envelope, _invoke_id(), "adaptiveCard/action", value, message.id)
        delivery, outcome = await self.wire.ask(activity, invokes.card_action, _invoke_id)
        if outcome is None:
            self._notice(user, SORRY)
        elif outcome.card is not None:
            message.views[user.oid] = outcome.card
            self.store.changed()
        else:
            self._notice(user, outcome.words)
        return delivery

    async def _submit(self, user: User, here: Conversation, message: Message, data: Any) -> Delivery:
        envelope = self._envelope(user, here, message.root)
        msteams: dict[str, Any] = data.get("msteams") or {} if isinstance(data, dict) else {}
        if msteams.get("type") == "task/fetch":
            value = {"data": data, "context": THEME}
            activity = activities.invoke(envelope, _invoke_id(), "task/fetch", value, message.id)
            read = partial(invokes.task, may_be_empty=False)
            delivery, outcome = await self.wire.ask(activity, read, _invoke_id)
            self._show_dialog(user, outcome, Dialog("", {}, here, message.id, message.root))
            return delivery
        sent, said = self.store.next_id(), as_message(data, msteams)
        if said.shown:
            sender = {"id": user.mri, "name": user.name, "aadObjectId": user.oid}
            echo = {"type": "message", "from": sender, "text": said.shown}
            sent = self.store.post(here, user.oid, echo, "" if here.personal else message.root).id
        return await self.wire.tell(activities.submitted(envelope, sent, said.value, message.id, said.text))

    async def tell_of(self, conversation: str, event: str, data: Mapping[str, Any]) -> Delivery:
        """A conversationUpdate of this kind, by the first member of the channel."""
        here = self.store.conversation(conversation)
        envelope = self._envelope(self.store.user(here.tenant, here.members[0]), here, "")
        return await self.wire.tell(activities.update(envelope, _invoke_id(), event, data))

    async def _installed(self, conversation: str, added: bool) -> list[Delivery]:
        here = self.store.conversation(conversation)
        user = self.store.user(here.tenant, here.members[0])
        if here.personal:
            user.installed = added
        else:
            here.installed = added
        self.store.changed()
        envelope = self._envelope(user, here, "")
        events = activities.installed(envelope, (_invoke_id(), _invoke_id()), added=added)
        return [await self.wire.tell(event) for event in events]

    def _show_dialog(self, user: User, outcome: invokes.Outcome | None, dialog: Dialog) -> None:
        key = (user.tenant, user.oid)
        if outcome is None:
            # A dialog that could not be sent stays open, so that nothing typed is lost.
            self._toasts[key] = SORRY
        elif outcome.dialog and outcome.card is not None:
            dialog.title, dialog.card = outcome.title, outcome.card
            self._dialogs[key] = dialog
        else:
            self._dialogs.pop(key, None)
            if outcome.words:
                self._toasts[key] = outcome.words
        self.store.changed()

    def _notice(self, user: User, words: str) -> None:
        self._toasts[user.tenant, user.oid] = words
        self.store.changed()

    def _member(self, tenant: str, oid: str, conversation: str) -> tuple[User, Conversation]:
        user, here = self.store.user(tenant, oid), self.store.conversation(conversation)
        if here.tenant != tenant or oid not in here.members:
            raise LookupError(f"{user.name} is not in this conversation.")
        return user, here

    def _sees(self, tenant: str, oid: str, conversation: str, activity: str) -> tuple[User, Conversation, Message]:
        user, here = self._member(tenant, oid, conversation)
        message = self.store.message(conversation, activity)
        if message.only_for not in ("", oid):
            raise LookupError(f"There is no message {activity} in this conversation.")
        return user, here, message

    def _envelope(self, user: User, here: Conversation, root: str) -> Envelope:
        now = self.store.clock.now()
        return Envelope(self.store.app_id, self.bot_name, self.service_url, now, user, here, root)


def _command(command_id: str, payload: dict[str, Any] | None) -> dict[str, Any]:
    context = "compose" if payload is None else "message"
    value: dict[str, Any] = {"commandId": command_id, "commandContext": context}
    return value if payload is None else {**value, "messagePayload": payload}


def _invoke_id() -> str:
    return f"f:{uuid.uuid4()}"
