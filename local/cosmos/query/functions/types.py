"""Type checks and conversions."""

import math
import re

from local.cosmos.errors import Refusal
from local.cosmos.query.arithmetic import number
from local.cosmos.query.functions.registry import function
from local.cosmos.query.values import (
    ARRAY,
    BOOLEAN,
    NO_TYPE,
    NULL,
    NUMBER,
    OBJECT,
    STRING,
    UNDEFINED,
    type_of,
)
from local.cosmos.wire import Value, decode, text

_NUMERAL = re.compile(r"[ \t\r\n]*(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)[ \t\r\n]*")
_CHECKS = {
    "IS_NULL": {NULL},
    "IS_BOOL": {BOOLEAN},
    "IS_NUMBER": {NUMBER},
    "IS_STRING": {STRING},
    "IS_ARRAY": {ARRAY},
    "IS_OBJECT": {OBJECT},
    "IS_PRIMITIVE": {NULL, BOOLEAN, NUMBER, STRING},
}


def _register_check(name: str, ranks: set[int]) -> None:
    function(name, 1, sees_undefined=True)(lambda value: type_of(value) in ranks)


for _name, _ranks in _CHECKS.items():
    _register_check(_name, _ranks)


@function("IS_DEFINED", 1, sees_undefined=True)
def is_defined(value: Value) -> Value:
    return type_of(value) != NO_TYPE


@function("IS_INTEGER", 1, sees_undefined=True)
def is_integer(value: Value) -> Value:
    return type_of(value) == NUMBER and float(value).is_integer()


@function("IS_FINITE_NUMBER", 1, sees_undefined=True)
def is_finite_number(value: Value) -> Value:
    return type_of(value) == NUMBER and math.isfinite(value)


@function("TOSTRING", 1)
def to_string(value: Value) -> Value:
    return value if isinstance(value, str) else text(value)


@function("TONUMBER", 1)
def to_number(value: Value) -> Value:
    return value if type_of(value) == NUMBER else string_to_number(value)


@function("STRINGTONUMBER", 1)
def string_to_number(value: Value) -> Value:
    match = _NUMERAL.fullmatch(value) if isinstance(value, str) else None
    return number(float(match.group(1))) if match else UNDEFINED


@function("STRINGTOBOOLEAN", 1)
def string_to_boolean(value: Value) -> Value:
    known = {"true": True, "false": False}
    return known.get(value.strip(), UNDEFINED) if isinstance(value, str) else UNDEFINED


@function("STRINGTONULL", 1)
def string_to_null(value: Value) -> Value:
    return None if isinstance(value, str) and value.strip() == "null" else UNDEFINED


@function("STRINGTOARRAY", 1)
def string_to_array(value: Value) -> Value:
    return _parsed(value, list)


@function("STRINGTOOBJECT", 1)
def string_to_object(value: Value) -> Value:
    return _parsed(value, dict)


@function("IIF", 3, sees_undefined=True)
def iif(test: Value, then: Value, otherwise: Value) -> Value:
    return then if test is True else otherwise


def _parsed(value: Value, kind: type) -> Value:
    if not isinstance(value, str):
        return UNDEFINED
    try:
        parsed = decode(value)
    except Refusal:
        return UNDEFINED
    return parsed if isinstance(parsed, kind) else UNDEFINED
