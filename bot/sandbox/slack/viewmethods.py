"""views.open, push, update and publish, and the modals' stack, refusing as Slack documents it."""

import secrets
from typing import Any

from bot.sandbox.slack.blocks import check_view, view_too_large
from bot.sandbox.slack.methods import Refusal, json_argument
from bot.sandbox.slack.world import APP, BOT_ID, Json, OpenView, User, Workspace, World, with_ids

TRIGGER_SECONDS = 3.0
STACK_MOST = 3


class ViewMethods:
    """The views.* methods; they also serve the `response_action`s of a submitted modal."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.table = {
            "views.open": self.open,
            "views.push": self.push,
            "views.update": self.update,
            "views.publish": self.publish,
        }

    def open(self, spaces: list[Workspace], args: Json) -> Json:
        """Open a modal for whom the trigger id stands for."""
        view, user = self._checked(args), self._exchange(spaces, args)
        user.modals = [self.build(user, view)]
        self.world.touch()
        return {"view": user.modals[-1].view}

    def push(self, spaces: list[Workspace], args: Json) -> Json:
        """Push a modal onto those that are open, three at most."""
        view, user = self._checked(args), self._exchange(spaces, args)
        return {"view": self.put(user, view).view}

    def put(self, user: User, view: Json) -> OpenView:
        """Push a checked view onto a user's open modals."""
        if not user.modals:
            raise Refusal("not_found")
        if len(user.modals) >= STACK_MOST:
            raise Refusal("push_limit_reached")
        user.modals.append(self.build(user, view))
        self.world.touch()
        return user.modals[-1]

    def update(self, spaces: list[Workspace], args: Json) -> Json:
        """Replace an open view, known by its view_id or external_id, unless its hash has moved on."""
        view = self._checked(args, ("modal", "home"))
        if not args.get("view_id") and not args.get("external_id"):
            raise Refusal("invalid_arguments", ["missing required field: view_id"])
        user, opened = self._find(spaces, args)
        self._same_hash(args, opened)
        if view["type"] != opened.view["type"]:
            raise Refusal("invalid_arguments", ["the view's type can't change [json-pointer:/view/type]"])
        self.replace(user, opened, view)
        return {"view": opened.view}

    def publish(self, spaces: list[Workspace], args: Json) -> Json:
        """Publish a user's home."""
        view = self._checked(args, ("home",))
        wanted = str(args.get("user_id"))
        user = next((space.users[wanted] for space in spaces if wanted in space.users), None)
        if user is None:
            raise Refusal("user_not_found")
        if user.home is None:
            user.home = self.build(user, view)
            self.world.touch()
        else:
            self._same_hash(args, user.home)
            self.replace(user, user.home, view)
        return {"view": user.home.view}

    def checked(self, view: Any, kinds: tuple[str, ...] = ("modal",)) -> Json:
        """The view, if Slack would take it; Refusal otherwise."""
        if not isinstance(view, dict):
            raise Refusal("invalid_arguments", ["missing required field: view [json-pointer:/view]"])
        if view_too_large(view):
            raise Refusal("view_too_large")
        problems = check_view(view, kinds)
        if problems:
            raise Refusal("invalid_arguments", problems)
        return view

    def replace(self, user: User, opened: OpenView, view: Json) -> None:
        """Show another view where one stands; what is typed stays where block_id and action_id stay."""
        old = opened.view
        fresh = self.build(user, view)
        fresh.view |= {key: old[key] for key in ("id", "root_view_id", "previous_view_id")}
        kept = {
            (block["block_id"], block["element"]["action_id"])
            for block in fresh.view["blocks"]
            if block["type"] == "input"
        }
        for block, actions in opened.values.items():
            for action, value in actions.items():
                if (block, action) in kept:
                    fresh.values.setdefault(block, {})[action] = value
        opened.view, opened.values, opened.errors = fresh.view, fresh.values, {}
        self.world.touch()

    def build(self, user: User, view: Json) -> OpenView:
        """Slack's view object for what the app sent."""
        name = self.world.new_id("V")
        below = user.modals[-1].view if user.modals and view["type"] == "modal" else None
        self._unique_external(user, view)
        return OpenView(
            {
                "id": name,
                "team_id": user.team,
                "app_id": APP,
                "app_installed_team_id": user.team,
                "bot_id": BOT_ID,
                "private_metadata": "",
                "callback_id": "",
                "external_id": "",
                "title": None,
                "submit": None,
                "close": None,
                "clear_on_close": False,
                "notify_on_close": False,
                **view,
                "blocks": with_ids(view["blocks"]),
                "hash": f"{int(self.world.clock.now().timestamp())}.{secrets.token_hex(4)}",
                "root_view_id": below["root_view_id"] if below else name,
                "previous_view_id": below["id"] if below else None,
            }
        )

    def _unique_external(self, user: User, view: Json) -> None:
        name = view.get("external_id")
        people = self.world.workspace(user.team).users.values()
        views = [opened for person in people for opened in person.modals if person is not user]
        if name and any(opened.view["external_id"] == name for opened in views):
            raise Refusal("duplicate_external_id")

    def _checked(self, args: Json, kinds: tuple[str, ...] = ("modal",)) -> Json:
        return self.checked(json_argument(args, "view", "invalid_arguments"), kinds)

    def _exchange(self, spaces: list[Workspace], args: Json) -> User:
        trigger = self.world.triggers.get(str(args.get("trigger_id")))
        if trigger is None or all(space.id != trigger.team for space in spaces):
            raise Refusal("invalid_trigger_id")
        if trigger.used:
            raise Refusal("exchanged_trigger_id")
        if self.world.elapsed() - trigger.born > TRIGGER_SECONDS:
            raise Refusal("expired_trigger_id")
        trigger.used = True
        return self.world.user(trigger.team, trigger.user)

    def _find(self, spaces: list[Workspace], args: Json) -> tuple[User, OpenView]:
        for space in spaces:
            for user in space.users.values():
                for opened in (*user.modals, *((user.home,) if user.home else ())):
                    view, external = opened.view, args.get("external_id")
                    if view["id"] == args.get("view_id") or (external and view["external_id"] == external):
                        return user, opened
        raise Refusal("not_found")

    def _same_hash(self, args: Json, opened: OpenView) -> None:
        if args.get("hash") and args["hash"] != opened.view["hash"]:
            raise Refusal("hash_conflict")
