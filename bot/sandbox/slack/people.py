"""What people do in Slack: type, click, choose, fill in, open; each deed is delivered to Folkmoot."""

import re
from collections.abc import Mapping
from typing import Any

from bot.sandbox.slack import forms
from bot.sandbox.slack.api import WebApi
from bot.sandbox.slack.deliver import NOT_DELIVERED, Courier, Delivery
from bot.sandbox.slack.methods import Refusal
from bot.sandbox.slack.payloads import Payloads, escaped
from bot.sandbox.slack.reading import find_button, find_option
from bot.sandbox.slack.world import (
    BOT_NAME,
    BOT_USER,
    Channel,
    Json,
    Message,
    OpenView,
    User,
    World,
)

TROUBLE = "We had some trouble connecting. Try again?"
SUBSCRIBED = frozenset(
    {"app_home_opened", "app_mention", "app_uninstalled", "member_joined_channel", "message.im", "tokens_revoked"}
    | {"team_access_revoked", "channel_id_changed"}
    | {f"{kind}_{what}" for kind in ("channel", "group") for what in ("archive", "deleted", "left", "rename")}
    | {"channel_unarchive", "group_unarchive"}
)


class People:
    """The users' side. A deed that the client would not allow (no such button) raises LookupError."""

    def __init__(self, world: World, api: WebApi, courier: Courier, payloads: Payloads) -> None:
        self.world = world
        self.api = api
        self.courier = courier
        self.payloads = payloads
        self.subscriptions = set(SUBSCRIBED)

    async def command(self, team: str, user: str, channel: str, word: str, text: str = "") -> Delivery:
        """Type a slash command; what the answer holds is shown to the user alone, or as the app says.

        `@handle` and `#channel` are escaped to `<@U…|handle>` and `<#C…|name>`, as `should_escape` has it.
        """
        person, place = self._at(team, user, channel)
        form = self.payloads.command(person, place, word, escaped(self.world.workspace(team), text))
        done = await self.courier.form(form)
        if not done.ok:
            self.world.complain(team, user, f'{word} failed with the error "{done.error}"')
            return done
        self._noticed(person, done)
        if done.body.strip():
            self._show_answer(person, word, form["response_url"], done)
        return done

    def _show_answer(self, person: User, word: str, response_url: str, done: Delivery) -> None:
        answer = done.json
        args = answer if isinstance(answer, dict) else {"text": done.body}
        if not args:
            return
        try:
            self.api.answer_to(self.world.response_urls[response_url.rsplit("/", 1)[1]], args)
        except Refusal:
            self.world.complain(person.team, person.id, f'{word} failed with the error "invalid_command_response"')

    async def message(self, team: str, user: str, channel: str, text: str) -> Delivery:
        """Write a message. Folkmoot hears its direct messages, and its mentions where it is a member."""
        _, place = self._at(team, user, channel)
        space = self.world.workspace(team)
        text = re.sub(rf"@{BOT_NAME}\b", f"<@{BOT_USER}>", escaped(space, text, names=False))
        written = self.world.post(place, user, text, [])
        event: Json = written.as_json() | {"channel": place.id, "event_ts": written.ts}
        if place.partner:
            return await self.event(team, event | {"channel_type": "im"}, "message.im")
        if place.bot and f"<@{BOT_USER}>" in text:
            return await self.event(team, event | {"type": "app_mention"})
        return NOT_DELIVERED

    async def event(self, team: str, event: Json, subscription: str = "") -> Delivery:
        """Deliver an event if the app has subscribed to it (`subscriptions`, a set to change at will)."""
        if (subscription or event["type"]) not in self.subscriptions:
            return NOT_DELIVERED
        return await self.courier.event(self.payloads.event(team, event))

    async def click(
        self,
        team: str,
        user: str,
        channel: str,
        ts: str,
        label: str,
        *,
        view: str | None = None,
        block_id: str = "",
    ) -> Delivery:
        """Click a button by its label or action_id, in a message or in `view` ("modal", "home", a view id).

        Without `ts` the newest message that has the button is taken.
        """
        if view is not None:
            opened = self._view(team, user, view)
            found = find_button(opened.view["blocks"], label, block_id)
            if found is None:
                raise LookupError(f"There is no button {label!r} in the {opened.view['type']}.")
            return await self._act_in_view(team, user, opened, found[0], _pressed(*found))
        person, place = self._at(team, user, channel)
        for message in self._candidates(person, place, ts):
            found = find_button(message.blocks, label, block_id)
            if found is not None:
                return await self._act(person, place, message, _pressed(*found))
        raise LookupError(f"{person.name} sees no button {label!r} there.")

    async def select(
        self,
        team: str,
        user: str,
        channel: str,
        ts: str,
        option: str,
        *,
        view: str | None = None,
        block_id: str = "",
        action_id: str = "",
    ) -> Delivery:
        """Pick an option of a menu by its label or value, in a message or a view (as in `click`)."""
        if view is not None:
            opened = self._view(team, user, view)
            found = find_option(opened.view["blocks"], option, block_id, action_id)
            if found is None:
                raise LookupError(f"There is no option {option!r} in the {opened.view['type']}.")
            name, element, picked = found
            value = forms.chosen(element, picked)
            if element["type"] != "overflow":
                opened.values.setdefault(name, {})[element["action_id"]] = value
            return await self._act_in_view(team, user, opened, name, _picked(name, element, value))
        person, place = self._at(team, user, channel)
        for message in self._candidates(person, place, ts):
            found = find_option(message.blocks, option, block_id, action_id)
            if found is not None:
                name, element, picked = found
                value = forms.chosen(element, picked)
                if element["type"] != "overflow":
                    mine = message.chosen.setdefault(user, {})
                    mine.setdefault(name, {})[element["action_id"]] = value
                return await self._act(person, place, message, _picked(name, element, value))
        raise LookupError(f"{person.name} sees no option {option!r} there.")

    async def _act(self, person: User, place: Channel, message: Message, action: Json) -> Delivery:
        done = await self.courier.payload(self.payloads.click(person, place, message, action))
        return self._noticed(person, done)

    async def _act_in_view(self, team: str, user: str, opened: OpenView, block_id: str, action: Json) -> Delivery:
        person = self.world.user(team, user)
        block: Json = next((each for each in opened.view["blocks"] if each["block_id"] == block_id), {})
        if block.get("type") == "input" and not block.get("dispatch_action"):
            return NOT_DELIVERED  # a field of a form tells nobody before it is sent
        return self._noticed(person, await self.courier.payload(self.payloads.view_click(person, opened, action)))

    async def submit(self, team: str, user: str, values: Mapping[str, Any] | None = None) -> Delivery:
        """Fill the top modal (fields by block_id, label or action_id) and send it.

        PleaseComplete, a LookupError, where the client would not send it. What the app answers is done:
        `errors` stand on the modal and keep it open; update, push and clear do what they say.
        """
        person, opened = self.world.user(team, user), self._view(team, user, "modal")
        if opened.view["submit"] is None:
            raise LookupError(f"{opened.view['title']['text']!r} has nothing to submit.")
        forms.fill(opened, values or {})
        forms.insist(opened)
        opened.errors = {}
        done = await self.courier.payload(self.payloads.submission(person, opened))
        if not done.ok:
            self.world.complain(team, user, TROUBLE)
            return done
        person.notice = None
        try:
            self._after_submit(person, opened, done)
        except Refusal as refused:
            self.world.complain(team, user, f"{TROUBLE} ({refused.error}: {'; '.join(refused.problems)})")
        self.world.touch()
        return done

    def _after_submit(self, person: User, opened: OpenView, done: Delivery) -> None:
        answer = done.json if done.body.strip() else {}
        if not isinstance(answer, dict):
            raise Refusal("invalid_response")
        action = answer.get("response_action")
        if action is None and opened in person.modals:
            person.modals.remove(opened)
        elif action == "clear":
            person.modals.clear()
        elif action == "update":
            self.api.views.replace(person, opened, self.api.views.checked(answer.get("view")))
        elif action == "push":
            self.api.views.put(person, self.api.views.checked(answer.get("view")))
        elif action == "errors":
            opened.errors = _checked_errors(opened, answer.get("errors"))
        elif action is not None:
            raise Refusal("invalid_response_action")

    async def close(self, team: str, user: str, *, everything: bool = False) -> Delivery:
        """Cancel the top modal, or with `everything` the whole stack; view_closed goes out if wanted."""
        person, opened = self.world.user(team, user), self._view(team, user, "modal")
        gone = list(reversed(person.modals)) if everything or opened.view["clear_on_close"] else [opened]
        person.modals = [each for each in person.modals if each not in gone]
        self.world.touch()
        done = NOT_DELIVERED
        for each in gone:
            if each.view["notify_on_close"]:
                done = await self.courier.payload(self.payloads.closed(person, each, cleared=len(gone) > 1))
        return done

    async def shortcut(
        self, team: str, user: str, callback_id: str, *, channel: str | None = None, ts: str | None = None
    ) -> Delivery:
        """Start a global shortcut or, with a channel and a message, a message shortcut."""
        person = self.world.user(team, user)
        if channel is None or ts is None:
            payload = self.payloads.shortcut(person, callback_id)
        else:
            person, place = self._at(team, user, channel)
            message = next(iter(self._candidates(person, place, ts)))
            payload = self.payloads.message_shortcut(person, callback_id, place, message)
        return self._noticed(person, await self.courier.payload(payload))

    async def open_home(self, team: str, user: str) -> Delivery:
        """Open Folkmoot's home."""
        person, place = self.world.user(team, user), self.world.direct(team, user)
        event: Json = {
            "type": "app_home_opened",
            "user": user,
            "channel": place.id,
            "tab": "home",
            "event_ts": self.world.new_ts(),
        }
        if person.home is not None:
            event["view"] = self.payloads.view(person.home)
        return await self.event(team, event)

    def _noticed(self, person: User, done: Delivery) -> Delivery:
        if not done.ok:
            self.world.complain(person.team, person.id, f"Something went wrong ({done.error}).")
        elif person.notice is not None:
            person.notice = None
            self.world.touch()
        return done

    def _at(self, team: str, user: str, channel: str) -> tuple[User, Channel]:
        """A person and a channel that this person is in."""
        person, place = self.world.user(team, user), self.world.channel(team, channel)
        if user not in place.members:
            raise LookupError(f"{person.name} is not in {place.name}.")
        if place.archived:
            raise LookupError(f"{place.name} is archived.")
        return person, place

    def _candidates(self, person: User, place: Channel, ts: str) -> list[Message]:
        seen = [each for each in place.messages.values() if each.only_for in ("", person.id)]
        if not ts:
            return seen[::-1]
        found = place.messages.get(ts)
        if found is None or found.only_for not in ("", person.id):
            raise LookupError(f"{person.name} sees no message {ts} in {place.name}.")
        return [found]

    def _view(self, team: str, user: str, wanted: str) -> OpenView:
        person = self.world.user(team, user)
        if wanted == "modal" and person.modals:
            return person.modals[-1]
        if wanted == "home" and person.home is not None:
            return person.home
        for each in [*person.modals, person.home]:
            if each is not None and each.view["id"] == wanted:
                return each
        raise LookupError(f"{person.name} has no {wanted} open.")


def _pressed(block_id: str, button: Json) -> Json:
    shown = {key: button[key] for key in ("action_id", "text", "value", "style", "type") if key in button}
    return shown | {"block_id": block_id}


def _picked(block_id: str, element: Json, value: Json) -> Json:
    return value | {"action_id": element["action_id"], "block_id": block_id}


def _checked_errors(opened: OpenView, errors: Any) -> dict[str, str]:
    """Errors may stand only at input blocks of this view; anything else the client can't show."""
    inputs = {block["block_id"] for block in opened.view["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise Refusal("invalid_response_action", ["`errors` must be an object"])
    wrong = [name for name, text in errors.items() if name not in inputs or not isinstance(text, str)]
    if wrong or not all(errors.values()):
        raise Refusal("invalid_response_action", [f"no input block {name}" for name in wrong])
    return dict(errors)
