"""JUEL a second time, in Python: what a tree answers without conversions, and how it is written."""

import math

from service.feel.juel_syntax import Binary, Choice, Index, Literal, Method, Name, Node, Property, Unary

CASE = {
    "n": 7,
    "m": -3,
    "x": 2,  # also the names that the translation gives to parameters
    "y": "yes",
    "s": "Kementerian Agama",
    "t": "",
    "b": True,
    "c": False,
    "nihil": None,
    "daftar": ["a", "b", 3, None],
    "kosong": [],
    "isi": {"kota": "Painan", "kode pos": 25611, "in": {"a": [1, 2]}},
    "tiada": {},
}
LISTS_AND_CONTEXTS = {name for name, value in CASE.items() if isinstance(value, list | dict)}


def answer(node: Node):
    """What the tree answers over CASE; None where JUEL would convert a value or fail."""
    match node:
        case Literal(value):
            return value
        case Name(name):
            return CASE[name]
        case Property(target, name):
            return at(answer(target), name)
        case Index(target, key):
            return at(answer(target), answer(key))
        case Unary(operator, operand):
            return unary(operator, answer(operand))
        case Binary(operator, left, Literal("true" | "false" as text)) if operator in ("==", "!="):
            value = answer(left)
            return binary(operator, value, text == "true" if isinstance(value, bool) else text)
        case Binary(operator, left, right):
            return binary(operator, answer(left), answer(right))
        case Choice(condition, then, other):
            return {True: answer(then), False: answer(other)}.get(truth(answer(condition)))
        case Method(target, name, arguments):
            return method(name, answer(target), *(answer(argument) for argument in arguments))


def truth(value):
    return value if isinstance(value, bool) else None


def number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


def at(target, key):
    if isinstance(target, dict) and isinstance(key, str):
        return target.get(key)
    if isinstance(target, list) and number(key) and key == int(key) and 0 <= key < len(target):
        return target[int(key)]
    return None


def unary(operator, value):
    match operator:
        case "not":
            return None if truth(value) is None else not value
        case "empty":
            return value is None or value in ("", [], {})
    return -value if number(value) else None


def binary(operator, left, right):
    match operator:
        case "and":
            values = {truth(left), truth(right)}
            return False if False in values else None if None in values else True
        case "or":
            values = {truth(left), truth(right)}
            return True if True in values else None if None in values else False
        case "==":
            return equal(left, right)
        case "!=":
            same = equal(left, right)
            return None if same is None else not same
        case "<" | ">" | "<=" | ">=":
            return order(operator, left, right)
    return arithmetic(operator, left, right) if number(left) and number(right) else None


def equal(left, right):
    if left is None or right is None:
        return left is right
    comparable = (number(left) and number(right)) or type(left) is type(right)
    return left == right if comparable else None


def order(operator, left, right):
    if not ((number(left) and number(right)) or (isinstance(left, str) and isinstance(right, str))):
        return None
    return {"<": left < right, ">": left > right, "<=": left <= right, ">=": left >= right}[operator]


def arithmetic(operator, left, right):
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            return left / right if right else None
    return math.fmod(left, right) if right else None


def method(name, target, *arguments):
    texts = all(isinstance(value, str) for value in (target, *arguments))
    match name:
        case "contains" if isinstance(target, list):
            return any(equal(item, arguments[0]) is True for item in target)
        case "contains" | "startsWith" | "endsWith" | "equalsIgnoreCase" | "toLowerCase" | "toUpperCase":
            return of_texts(name, target, *arguments) if texts else None
        case "equals":
            return None if target is None else equal(target, arguments[0]) is True
        case "get":
            return at(target, arguments[0])
    if not isinstance(target, str | list | dict):
        return None
    return not target if name == "isEmpty" else len(target)


def of_texts(name, target, *arguments):
    match name:
        case "contains":
            return arguments[0] in target
        case "startsWith":
            return target.startswith(arguments[0])
        case "endsWith":
            return target.endswith(arguments[0])
        case "equalsIgnoreCase":
            return target.lower() == arguments[0].lower()
    return target.lower() if name == "toLowerCase" else target.upper()


STRENGTHS = [["or"], ["and"], ["==", "!="], ["<", ">", "<=", ">="], ["+", "-"], ["*", "/", "%"]]
SIGNS = [sign for row in STRENGTHS for sign in row if sign != "%"]
SPELLINGS = {
    "or": ["||", "or"], "and": ["&&", "and"], "==": ["==", "eq"], "!=": ["!=", "ne"], "<": ["<", "lt"],
    ">": [">", "gt"], "<=": ["<=", "le"], ">=": [">=", "ge"], "/": ["/", "div"], "%": ["%", "mod"],
}  # fmt: skip


def strength(node: Node) -> int:
    match node:
        case Choice():
            return -1
        case Binary(operator):
            return next(place for place, operators in enumerate(STRENGTHS) if operator in operators)
        case Unary():
            return 6
        case Literal(value) if number(value):
            return 6  # a dot behind it would be its own
    return 7


def written(node: Node, least: int, pick) -> str:
    """The tree as JUEL, with brackets only where it needs them; `pick` chooses among spellings."""
    text = bare(node, pick)
    return f"({text})" if strength(node) < least else text


def bare(node: Node, pick) -> str:
    match node:
        case Literal(str() as text):
            quote = pick("'\"")
            return quote + text.replace("\\", "\\\\").replace(quote, "\\" + quote) + quote
        case Literal(value):
            return {None: "null", True: "true", False: "false"}[value] if not number(value) else str(value)
        case Name(name):
            return name
        case Property(target, name):
            return f"{written(target, 7, pick)}.{name}"
        case Index(target, key):
            return f"{written(target, 7, pick)}[{written(key, -1, pick)}]"
        case Unary(operator, operand):
            sign = pick(["!", "not "]) if operator == "not" else f"{operator} "
            return sign + written(operand, 6, pick)
        case Binary(operator, left, right):
            place = strength(node)
            sign = pick(SPELLINGS.get(operator, [operator]))
            return f"{written(left, place, pick)} {sign} {written(right, place + 1, pick)}"
        case Choice(condition, then, other):
            parts = written(condition, 0, pick), written(then, -1, pick), written(other, -1, pick)
            return "{} ? {} : {}".format(*parts)
        case Method(target, name, arguments):
            given = ", ".join(written(argument, -1, pick) for argument in arguments)
            return f"{written(target, 7, pick)}.{name}({given})"
