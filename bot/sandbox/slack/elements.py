"""Block elements as Slack checks them: buttons, menus, pickers and inputs, each with its own limits.

https://docs.slack.dev/reference/block-kit/block-elements
"""

from collections.abc import Callable
from typing import Any

from bot.sandbox.slack.checks import ANY_TEXT, PLAIN, Checker, Json
from bot.sandbox.slack.richtext import check_rich_text

_SELECT_KINDS = ("static", "external", "users", "conversations", "channels")
SELECTS = frozenset(f"{kind}_select" for kind in _SELECT_KINDS)
MULTI_SELECTS = frozenset(f"multi_{kind}" for kind in SELECTS)
_PICKERS = frozenset({"datepicker", "timepicker", "datetimepicker"})
_GROUPS = frozenset({"checkboxes", "radio_buttons"})
_TYPED = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input"})

IN_ACTIONS = SELECTS | MULTI_SELECTS | _PICKERS | _GROUPS | {"button", "overflow", "workflow_button"}
IN_ACCESSORY = (IN_ACTIONS | {"image"}) - {"datetimepicker"}
IN_INPUT = SELECTS | MULTI_SELECTS | _PICKERS | _GROUPS | _TYPED | {"rich_text_input", "file_input"}
IN_CONTEXT_ACTIONS = frozenset({"feedback_buttons", "icon_button"})

_COMMON = ("type", "action_id")
_MENU = (*_COMMON, "placeholder", "confirm", "focus_on_load")


def check_element(check: Checker, value: Any, path: str, allowed: frozenset[str]) -> None:
    """Check one element that stands in a place where only the `allowed` types may stand."""
    if not isinstance(value, dict):
        check.add(path, "must be an object")
        return
    kind = value.get("type")
    if not isinstance(kind, str) or kind not in allowed:
        check.add(f"{path}/type", f"unsupported type: {kind}")
        return
    check.string(value, "action_id", path, 255)
    check.flags(value, path, "focus_on_load")
    if value.get("focus_on_load"):
        check.focused += 1
        if check.focused > 1:
            check.add(f"{path}/focus_on_load", "only one element may be focused on load")
    if kind != "feedback_buttons":
        check.confirm(value, path)
    check.text(value, "placeholder", path, 150, PLAIN)
    _CHECKS[kind](check, value, path)


def check_image(check: Checker, value: Json, path: str, extra: tuple[str, ...] = ()) -> None:
    """Check an image element or block: exactly one source, and words for those who cannot see it."""
    allowed = ("type", "image_url", "slack_file", "alt_text", *extra)
    check.mapping(value, path, allowed, ("alt_text",))
    if ("image_url" in value) == ("slack_file" in value):
        check.add(path, "must define either `image_url` or `slack_file`")
    check.string(value, "image_url", path, 3000)
    check.string(value, "alt_text", path, 2000)


def _button(check: Checker, value: Json, path: str) -> None:
    allowed = (*_COMMON, "text", "url", "value", "style", "confirm", "accessibility_label")
    check.mapping(value, path, allowed, ("text",))
    check.text(value, "text", path, 75, PLAIN)
    check.string(value, "url", path, 3000)
    check.string(value, "value", path, 2000, least=0)
    check.string(value, "accessibility_label", path, 75)
    check.one_of(value, "style", path, ("primary", "danger"))


def _option(check: Checker, kinds: tuple[str, ...], url: bool = False) -> Callable[[Any, str], None]:
    def one(value: Any, path: str) -> None:
        allowed = ("text", "value", "description", *(("url",) if url else ()))
        if check.mapping(value, path, allowed, ("text", "value")):
            check.text(value, "text", path, 75, kinds)
            check.text(value, "description", path, 75, kinds)
            check.string(value, "value", path, 150)
            check.string(value, "url", path, 3000)

    return one


def _all_options(value: Json) -> list[Any]:
    """The options of a menu, its groups unfolded; tolerant of wrong shapes, which are noted elsewhere."""
    groups = value.get("option_groups")
    options = value.get("options")
    found = list(options) if isinstance(options, list) else []
    for group in groups if isinstance(groups, list) else []:
        if isinstance(group, dict) and isinstance(group.get("options"), list):
            found.extend(group["options"])
    return found


def _bare(option: Any) -> tuple[Any, Any]:
    """What Slack compares of an option: its value and its words."""
    if not isinstance(option, dict) or not isinstance(option.get("text"), dict):
        return None, None
    return option.get("value"), option["text"].get("text")


def _initial_options(check: Checker, value: Json, path: str) -> None:
    offered = [_bare(option) for option in _all_options(value)]
    if "initial_option" in value and _bare(value["initial_option"]) not in offered:
        check.add(f"{path}/initial_option", "must match one of the options")
    for index, option in enumerate(check.items(value, "initial_options", path, 100)):
        if _bare(option) not in offered:
            check.add(f"{path}/initial_options/{index}", "must match one of the options")


def _static_select(check: Checker, value: Json, path: str) -> None:
    multi = str(value["type"]).startswith("multi_")
    initial = ("initial_options", "max_selected_items") if multi else ("initial_option",)
    check.mapping(value, path, (*_MENU, "options", "option_groups", *initial), ())
    if ("options" in value) == ("option_groups" in value):
        check.add(path, "must define either `options` or `option_groups`")
    check.items(value, "options", path, 100, _option(check, PLAIN))

    def group(each: Any, where: str) -> None:
        if check.mapping(each, where, ("label", "options"), ("label", "options")):
            check.text(each, "label", where, 75, PLAIN)
            check.items(each, "options", where, 100, _option(check, PLAIN))

    check.items(value, "option_groups", path, 100, group)
    check.integer(value, "max_selected_items", path, 1, 100)
    _initial_options(check, value, path)


def _other_select(check: Checker, value: Json, path: str) -> None:
    kind = str(value["type"])
    base = kind.removeprefix("multi_").removesuffix("_select").removesuffix("s")
    initial = f"initial_{base}s" if kind.startswith("multi_") else f"initial_{base}"
    extra = {
        "external": ("min_query_length", "initial_option", "initial_options"),
        "conversation": ("default_to_current_conversation", "filter", "response_url_enabled"),
        "channel": ("response_url_enabled",),
    }.get(base, ())
    check.mapping(value, path, (*_MENU, initial, "max_selected_items", *extra), ())
    check.integer(value, "max_selected_items", path, 1, 100)
    check.integer(value, "min_query_length", path, 0, 1000)


def _overflow(check: Checker, value: Json, path: str) -> None:
    check.mapping(value, path, (*_COMMON, "options", "confirm"), ("options",))
    check.items(value, "options", path, 5, _option(check, PLAIN, url=True))


def _group(check: Checker, value: Json, path: str) -> None:
    initial = "initial_options" if value["type"] == "checkboxes" else "initial_option"
    check.mapping(value, path, (*_COMMON, "options", initial, "confirm", "focus_on_load"), ("options",))
    check.items(value, "options", path, 10, _option(check, ANY_TEXT))
    _initial_options(check, value, path)


def _picker(check: Checker, value: Json, path: str) -> None:
    kind = value["type"]
    initial = {"datepicker": "initial_date", "timepicker": "initial_time"}.get(kind, "initial_date_time")
    extra = ("timezone",) if kind == "timepicker" else ()
    menu = _MENU if kind != "datetimepicker" else (*_COMMON, "confirm", "focus_on_load")
    check.mapping(value, path, (*menu, initial, *extra), ())
    check.matches(value, "initial_date", path, r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "YYYY-MM-DD")
    check.matches(value, "initial_time", path, r"([01]\d|2[0-3]):[0-5]\d", "HH:mm")
    check.integer(value, "initial_date_time", path, 10**9, 10**10 - 1)
    if kind == "datetimepicker" and check.surface == "home":
        check.add(f"{path}/type", "unsupported type: datetimepicker")


_DISPATCH = ("dispatch_action_config", "initial_value", "placeholder", "focus_on_load")


def _plain_input(check: Checker, value: Json, path: str) -> None:
    check.mapping(value, path, (*_COMMON, *_DISPATCH, "multiline", "min_length", "max_length"), ())
    check.flags(value, path, "multiline")
    check.integer(value, "min_length", path, 0, 3000)
    check.integer(value, "max_length", path, 1, 3000)
    most = value.get("max_length")
    check.string(value, "initial_value", path, most if isinstance(most, int) else 3000, least=0)


def _typed_input(check: Checker, value: Json, path: str) -> None:
    check.mapping(value, path, (*_COMMON, *_DISPATCH), ())
    check.string(value, "initial_value", path, 3000)


def _number_input(check: Checker, value: Json, path: str) -> None:
    fields = ("is_decimal_allowed", "min_value", "max_value")
    check.mapping(value, path, (*_COMMON, *_DISPATCH, *fields), ("is_decimal_allowed",))
    check.flags(value, path, "is_decimal_allowed")
    for name in ("initial_value", "min_value", "max_value"):
        check.matches(value, name, path, r"-?\d+(\.\d+)?", "a number in a string")


def _rich_text_input(check: Checker, value: Json, path: str) -> None:
    check.mapping(value, path, (*_COMMON, *_DISPATCH, "min_lines", "max_lines"), ())
    if "initial_value" in value:
        check_rich_text(check, value["initial_value"], f"{path}/initial_value")


def _file_input(check: Checker, value: Json, path: str) -> None:
    check.mapping(value, path, (*_COMMON, "filetypes", "max_files"), ())
    check.integer(value, "max_files", path, 1, 10)
    if check.surface != "modal":
        check.add(f"{path}/type", "unsupported type: file_input")


def _workflow_button(check: Checker, value: Json, path: str) -> None:
    check.mapping(value, path, (*_COMMON, "text", "workflow", "style", "accessibility_label"), ("text", "workflow"))
    check.text(value, "text", path, 75, PLAIN)


def _feedback(check: Checker, value: Json, path: str) -> None:
    sides = ("positive_button", "negative_button")
    check.mapping(value, path, (*_COMMON, *sides), sides)
    for side in sides:
        where, fields = f"{path}/{side}", ("text", "value", "accessibility_label")
        if side in value and check.mapping(value[side], where, fields, ("text", "value")):
            check.text(value[side], "text", where, 75, PLAIN)
            check.string(value[side], "value", where, 2000)


def _icon_button(check: Checker, value: Json, path: str) -> None:
    fields = ("icon", "text", "value", "confirm", "accessibility_label", "visible_to_user_ids")
    check.mapping(value, path, (*_COMMON, *fields), ("icon", "text"))
    check.text(value, "text", path, 3000, PLAIN)
    check.string(value, "value", path, 2000)


_CHECKS: dict[str, Callable[[Checker, Json, str], None]] = {
    "button": _button,
    "image": check_image,
    "static_select": _static_select,
    "multi_static_select": _static_select,
    **{kind: _other_select for kind in (SELECTS | MULTI_SELECTS) if "static" not in kind},
    "overflow": _overflow,
    "checkboxes": _group,
    "radio_buttons": _group,
    **dict.fromkeys(_PICKERS, _picker),
    "plain_text_input": _plain_input,
    "email_text_input": _typed_input,
    "url_text_input": _typed_input,
    "number_input": _number_input,
    "rich_text_input": _rich_text_input,
    "file_input": _file_input,
    "workflow_button": _workflow_button,
    "feedback_buttons": _feedback,
    "icon_button": _icon_button,
}
