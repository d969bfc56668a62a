"""Form -> modal, and what was filled in -> parameters, within docs.slack.dev's limits of views and inputs."""

import datetime
from collections.abc import Mapping
from typing import Any, assert_never

import orjson

from adapters.slack.buttons import BUTTON_VALUE, TOO_LARGE, Json, compact, plain_text
from adapters.slack.fit import VIEW, Surface, fit
from adapters.slack.render import rich, section
from adapters.slack.text import clean, label, literal, shorten, units
from core.cards import Form, Input, Option
from core.requests import Place

METADATA = 3000
_VALUE = 150
_TEXT = 3000
_OPTIONS = 100
_ELEMENT = "value"
_NOTHING = "∅"  # Slack refuses an option without a value; ours may have one, such as "no theme"


class TooLarge(Exception):
    """A form whose hidden part does not fit Slack's 3,000 characters of `private_metadata`."""


def remember(form: Form, place: Place) -> str:
    """The form's command, its fixed parameters and the place it was opened from, as `private_metadata`.

    Raises TooLarge beyond 3,000 characters.
    """
    where = [place.workspace, place.conversation, place.message, int(place.personal), place.name[:80]]
    written = compact({"c": form.command, "f": dict(form.fixed), "p": where})
    if units(written) > METADATA:
        raise TooLarge(form.command)
    return written


def recall(written: str) -> tuple[str, dict[str, Any], Place | None] | None:
    """What `remember` wrote, checked anew because it has been outside; None if it is anything else."""
    try:
        kept = orjson.loads(written)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(kept, dict) or not isinstance(kept.get("c"), str) or not isinstance(kept.get("f"), dict):
        return None
    where = kept.get("p")
    if not (isinstance(where, list) and len(where) == 5 and isinstance(where[3], int)):
        return kept["c"], kept["f"], None
    workspace, conversation, message, personal, name = where
    if not all(isinstance(part, str) for part in (workspace, conversation, message, name)):
        return kept["c"], kept["f"], None
    place = Place("slack", workspace, conversation, message, personal=bool(personal), name=name)
    return kept["c"], kept["f"], place


def _problem(sentence: str) -> Json:
    return rich(section([{"type": "text", "text": "🔴 " + shorten(literal(sentence), 500)}]))


def draw_form(form: Form, place: Place) -> Json:
    """The modal of a form, problems above their fields. Raises TooLarge as `remember` does."""
    fields: list[Json] = []
    named = {field.name for field in form.inputs}
    strays = [_problem(said) for name, said in form.problems.items() if said and name not in named]
    for field in form.inputs:
        if said := form.problems.get(field.name):
            fields.append(_problem(said))
        fields.append(_draw_input(field))
    if len(fields) > 90:  # the sentences at the fields go first, then nothing but the tail of an unheard-of form
        fields = [block for block in fields if block["type"] == "input"][:95]
    strays = strays[: max(0, 97 - len(fields))]
    room = VIEW.blocks - len(fields) - len(strays)
    intro = fit(form.intro, Surface(max(room, 2), 60_000, 20_000))[0] if form.intro else []
    blocks = (strays + intro + fields)[: VIEW.blocks]
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain_text(label(form.title, 24, "Folkmoot")),
        "submit": plain_text(label(form.submit, 24, "Save")),
        "close": plain_text("Cancel"),
        "private_metadata": remember(form, place),
        "blocks": blocks or [rich(section([]))],
    }


def _draw_input(field: Input) -> Json:
    options = _options(field.options)
    if field.kind in ("choice", "choices") and not options:
        said = f"{label(field.label, 200, field.name)}: there is nothing to choose from yet."
        return rich(section([{"type": "text", "text": said}]))
    element, caveat = _element(field, options)
    drawn: Json = {
        "type": "input",
        "block_id": field.name[:255],
        "optional": not field.required,
        "label": plain_text(label(field.label, 200, field.name)),
        "element": {**element, "action_id": _ELEMENT},
    }
    if hint := label(" ".join(part for part in (caveat, field.hint) if part), 150, ""):
        drawn["hint"] = plain_text(hint)
    return drawn


def _options(options: tuple[Option, ...]) -> list[Json]:
    """Each value once, none longer than Slack carries, 10,000 at most."""
    drawn: dict[str, Json] = {}
    for option in options:
        value = clean(option.value) or _NOTHING
        if units(value) <= _VALUE:
            drawn.setdefault(value, {"text": plain_text(label(option.label, 75, "–")), "value": value})
    return list(drawn.values())[: _OPTIONS * _OPTIONS]


def _select(kind: str, options: list[Json]) -> Json:
    """A select; beyond 100 options they stand in groups of 100, named by their numbers."""
    if len(options) <= _OPTIONS:
        return {"type": kind, "options": options}
    groups = []
    for at in range(0, len(options), _OPTIONS):
        group = options[at : at + _OPTIONS]
        groups.append({"label": plain_text(f"{at + 1} to {at + len(group)}"), "options": group})
    return {"type": kind, "option_groups": groups}


def _element(field: Input, options: list[Json]) -> tuple[Json, str]:
    """The element of an input with what stands in it, and what has to be said about it in the hint."""
    value = field.value if isinstance(field.value, str) else ""
    if len(options) < len({option.value for option in field.options}):
        caveat = "Some choices are too long for Slack and left out."
    else:
        caveat = ""
    match field.kind:
        case "line" | "text":
            return _text_element(field, value)
        case "choice":
            chosen = [option for option in options if value and option["value"] == value]
            return _select("static_select", options) | ({"initial_option": chosen[0]} if chosen else {}), caveat
        case "choices":
            wanted = {value} if isinstance(field.value, str) else set(field.value)
            chosen = [option for option in options if option["value"] in wanted]
            return _select("multi_static_select", options) | ({"initial_options": chosen} if chosen else {}), caveat
        case "moment":
            return _moment_element(value)
        case "date":
            dated = _iso_date(value)
            return {"type": "datepicker"} | ({"initial_date": dated} if dated else {}), ""
        case "number":
            digits = value if value.isascii() and value.isdigit() and len(value) <= 15 else ""
            number: Json = {"type": "number_input", "is_decimal_allowed": False, "min_value": "0"}
            return number | ({"initial_value": digits} if digits else {}), ""
        case "toggle":
            yes, no = ({"text": plain_text(word.title()), "value": word} for word in ("yes", "no"))
            chosen = [option for option in (yes, no) if option["value"] == value]
            radio: Json = {"type": "radio_buttons", "options": [yes, no]}
            return radio | ({"initial_option": chosen[0]} if chosen else {}), ""
        case _:
            assert_never(field.kind)


def _text_element(field: Input, value: str) -> tuple[Json, str]:
    longest = min(max(field.max_length, 1), _TEXT)
    element: Json = {"type": "plain_text_input", "multiline": field.kind == "text", "max_length": longest}
    standing = clean(value) if field.kind == "text" else " ".join(clean(value).split())
    if standing:
        element["initial_value"] = shorten(standing, longest)
    return element, "The text that stands here was too long and is cut." if units(standing) > longest else ""


def _moment_element(value: str) -> tuple[Json, str]:
    """A picker in the reader's own time zone, which needs an instant; a time without zone becomes a hint."""
    element: Json = {"type": "datetimepicker"}
    try:
        moment = datetime.datetime.fromisoformat(value) if value else None
    except ValueError:
        moment = None
    if moment is None:
        return element, ""
    if moment.tzinfo is None:
        return element, f"Until now: {value[:16].replace('T', ' ')}."
    seconds = int(moment.timestamp())
    fits = 1_000_000_000 <= seconds <= 9_999_999_999  # Slack takes ten digits
    return element | ({"initial_date_time": seconds} if fits else {}), ""


def _iso_date(value: str) -> str:
    try:
        return datetime.date.fromisoformat(value[:10]).isoformat()
    except ValueError:
        return ""


def filled(state: object) -> dict[str, Any]:
    """The values of a submitted view's `state.values`, in the shapes of `core.cards.Input`, by block id.

    An empty field gives an empty string (or an empty list), so that clearing one is heard. Anything of an
    unknown shape is left out: core then asks for it.
    """
    values = state.get("values") if isinstance(state, Mapping) else None
    found: dict[str, Any] = {}
    if not isinstance(values, Mapping):
        return found
    for name, actions in values.items():
        answer = next(iter(actions.values()), None) if isinstance(actions, Mapping) and actions else None
        if isinstance(name, str) and isinstance(answer, Mapping):
            value = _read(answer)
            if value is not None:
                found[name] = value
    return found


def _chosen(option: object) -> str:
    value = option.get("value") if isinstance(option, Mapping) else None
    return "" if not isinstance(value, str) or value == _NOTHING else value


def _read(answer: Mapping[str, Any]) -> str | list[str] | None:
    match answer.get("type"):
        case "plain_text_input" | "number_input":
            text = answer.get("value")
            return clean(text) if isinstance(text, str) else ""
        case "static_select" | "radio_buttons":
            return _chosen(answer.get("selected_option"))
        case "multi_static_select":
            options = answer.get("selected_options")
            return [_chosen(option) for option in options] if isinstance(options, list) else []
        case "datepicker":
            date = answer.get("selected_date")
            return date if isinstance(date, str) else ""
        case "datetimepicker":
            return _instant(answer.get("selected_date_time"))
        case _:
            return None


def _instant(seconds: object) -> str:
    if not isinstance(seconds, int) or isinstance(seconds, bool) or not 0 <= seconds <= 9_999_999_999:
        return ""
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).isoformat()


def opener(form: Form) -> list[Json]:
    """A button that opens the form, where Slack gives no trigger to open one at once (messages, mentions).

    It carries what is already known, the shortest values first, as far as a button's value reaches.
    """
    known: dict[str, Any] = dict(form.fixed)
    filled_in = {each.name: each.value for each in form.inputs if each.value}
    for name, value in sorted(filled_in.items(), key=lambda pair: len(pair[1])):
        longer = {**known, name: value}
        if units(compact({"c": form.command, "a": longer})) > BUTTON_VALUE:
            break
        known = longer
    written = compact({"c": form.command, "a": known})
    button: Json = {
        "type": "button",
        "action_id": "opener",
        "text": plain_text(label(form.title, 75, "Open the form")),
        "value": written if units(written) <= BUTTON_VALUE else TOO_LARGE,
        "style": "primary",
    }
    return [{"type": "actions", "elements": [button]}]
