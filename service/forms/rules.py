"""The rules of a form's components: what makes a value of the right kind still not an answer."""

import mimetypes
import re
from collections.abc import Callable
from datetime import date, datetime, tzinfo
from decimal import Decimal, localcontext
from typing import Any

from service.errors import ExpressionError, Message
from service.feel import matches
from service.forms.numbers import decimal
from service.forms.options import chosen, options
from service.forms.schema import CHOICES, PICKS
from service.forms.state import Instance, State

EMAIL = re.compile(
    r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+"
    r"@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*"
)
"""The HTML standard's "valid e-mail address"."""

PHONE = re.compile(r"(\+|00)[1-9]\d{6,23}$")
"""International, as form-js asks: `+62…` or `0062…`."""

JAVASCRIPT_SPACE = " \t\n\v\f\r\u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x200B))
)
EXACT = 300
"""Digits to count with: more than any number here has."""

VAGUE = {"", "application/octet-stream", "application/zip", "text/plain"}
"""What a file's content is taken for when it could be many things."""


def broken(state: State, instance: Instance) -> Message | None:
    """The first rule that the instance's value breaks, without the label; None where it keeps all."""
    if instance.component.get("disabled") is True:
        return None
    value = state.value(instance)
    for rule in (_by_kind, _pattern, _required, _limits, _lengths, _formats):
        if message := rule(state, instance, value):
            return message
    return None


def required(instance: Instance) -> bool:
    """Whether an answer must be given."""
    return bool(instance.scope.of(instance.component, "validate.required", False))


def _by_kind(state: State, instance: Instance, value: Any) -> Message | None:
    rule = _KINDS.get(instance.component.type)
    return rule(state, instance, value) if rule and value not in (None, "", []) else None


def _choice(state: State, instance: Instance, value: Any) -> Message | None:
    if instance.path not in state.raws:
        return None
    choices = options(instance.component, instance.scope, state.start)
    picks = value if instance.component.type in PICKS else [value]
    found = [chosen(pick, choices) for pick in picks]
    if not all(found):
        return Message("form.option")
    tokens = [option.token for option in found if option]
    return Message("form.option_twice") if len(set(tokens)) < len(tokens) else None


def _number(state: State, instance: Instance, value: Any) -> Message | None:
    exact = decimal(value)
    if exact is None:
        return None
    digits = instance.component.get("decimalDigits")
    if isinstance(digits, int) and 0 <= digits < len(_spoken(exact).partition(".")[2]):
        return Message("form.decimals", {"digits": digits}) if digits else Message("form.whole")
    step = decimal(instance.component.get("increment"))
    if not step or step < 0:
        return None
    with localcontext(prec=EXACT):
        over = exact % step
        below, above = exact - over, exact - over + step
    return Message("form.step", {"below": _spoken(below), "above": _spoken(above)}) if over else None


def _spoken(value: Decimal) -> str:
    with localcontext(prec=EXACT):
        return f"{value.normalize():f}" if value else "0"


def _date(state: State, instance: Instance, value: Any) -> Message | None:
    """A day before today, where none may be: but for what the case has already."""
    if instance.path not in state.raws or instance.component.get("disallowPassedDates") is not True:
        return None
    if not isinstance(value, date):
        return None
    local = value.astimezone(state.zone) if isinstance(value, datetime) and value.tzinfo else value
    day = local.date() if isinstance(local, datetime) else local
    return Message("form.past") if day < today(state.zone) else None


def today(zone: tzinfo) -> date:
    """The office's day."""
    return datetime.now(zone).date()


def _files(state: State, instance: Instance, value: Any) -> Message | None:
    if instance.path not in state.raws or not isinstance(value, list):
        return None
    if len(value) > 1 and not instance.scope.says(instance.component, "multiple"):
        return Message("form.file_single")
    accept = instance.scope.line(instance.component, "accept")
    tokens = [token.strip().lower() for token in accept.split(",") if token.strip()]
    refused = [file["name"] for file in value if tokens and not _accepted(file, tokens)]
    return Message("form.file_type", {"name": refused[0], "accept": accept}) if refused else None


def _accepted(file: dict[str, Any], tokens: list[str]) -> bool:
    """By the type of the content; an extension counts when the content does not speak against it."""
    name, kind = str(file["name"]).lower(), str(file["type"]).lower()
    for token in tokens:
        if not token.startswith("."):
            if kind == token or (token.endswith("/*") and kind.startswith(token[:-1])):
                return True
            continue
        expected = mimetypes.guess_type(f"x{token}")[0] or ""
        alike = kind.split("/")[0] == expected.split("/")[0] != "application"
        if name.endswith(token) and (not expected or kind == expected or kind in VAGUE or alike):
            return True
    return False


def _pattern(state: State, instance: Instance, value: Any) -> Message | None:
    pattern = instance.component.get("validate.pattern")
    if not isinstance(pattern, str) or not isinstance(value, str) or not pattern or not value:
        return None
    try:
        if matches(pattern, value):
            return None
    except ExpressionError:  # it would take too long on this text: whoever typed it can type another
        return Message("form.pattern_hard")
    said = instance.component.get("validate.patternErrorMessage")
    return Message("form.pattern_said", {"said": said}) if said else Message("form.pattern")


def _required(state: State, instance: Instance, value: Any) -> Message | None:
    if value not in (None, "", []) and not (value is False and instance.component.type == "checkbox"):
        return None
    if not required(instance):
        return None
    kind = instance.component.type
    return Message(_REQUIRED.get(kind, "form.required"))


def _limits(state: State, instance: Instance, value: Any) -> Message | None:
    exact = decimal(value)
    if exact is None:
        return None
    least = decimal(instance.scope.of(instance.component, "validate.min"))
    most = decimal(instance.scope.of(instance.component, "validate.max"))
    if least is not None and exact < least:
        return Message("form.min", {"limit": _spoken(least)})
    return Message("form.max", {"limit": _spoken(most)}) if most is not None and exact > most else None


def _lengths(state: State, instance: Instance, value: Any) -> Message | None:
    if not isinstance(value, str) or not value:
        return None
    length = Decimal(len(value.strip(JAVASCRIPT_SPACE).encode("utf-16-le", "surrogatepass")) // 2)
    least = decimal(instance.scope.of(instance.component, "validate.minLength"))
    most = decimal(instance.scope.of(instance.component, "validate.maxLength"))
    if least is not None and length < least:
        return Message("form.min_length", {"limit": _spoken(least), "length": length})
    if most is not None and length > most:
        return Message("form.max_length", {"limit": _spoken(most), "length": length})
    return None


def _formats(state: State, instance: Instance, value: Any) -> Message | None:
    if not isinstance(value, str) or not value:
        return None
    kind = instance.component.get("validate.validationType")
    if kind == "email" and not EMAIL.fullmatch(value):
        return Message("form.email")
    return Message("form.phone") if kind == "phone" and not PHONE.search(value) else None


_KINDS: dict[str, Callable[[State, Instance, Any], Message | None]] = {
    "number": _number,
    "datetime": _date,
    "filepicker": _files,
    **dict.fromkeys(CHOICES | PICKS, _choice),
}
_REQUIRED = {
    "checkbox": "form.required_tick",
    "filepicker": "form.required_file",
    **dict.fromkeys(CHOICES | PICKS, "form.required_choice"),
}
