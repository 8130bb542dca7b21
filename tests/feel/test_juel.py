"""JUEL becomes FEEL that answers the same, or null where JUEL would convert between types."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.errors import ExpressionError
from service.feel import evaluate, parse, translate
from service.feel.juel_syntax import Binary, Choice, Index, Literal, Method, Name, Node, Property, Unary
from service.language import LANGUAGES, say

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


# What JUEL answers, without its conversions: a second reading of the same tree, in Python.


def answer(node: Node):
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


# How it is written, with brackets only where JUEL needs them.

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


# Any tree over the case. FEEL takes a list of one for its item, so lists only stand where lists may.

texts = st.sampled_from(["", "a", "yes", "true", "false", "Agama", 'kutip "', "it's", "\\", "7"])
literals = st.one_of(st.none(), st.booleans(), st.integers(0, 9), texts).map(Literal)
scalars = st.sampled_from(sorted(CASE.keys() - LISTS_AND_CONTEXTS)).map(Name)
collections = st.sampled_from(sorted(LISTS_AND_CONTEXTS)).map(Name)
lists = st.sampled_from(["daftar", "kosong"]).map(Name)
contexts = st.sampled_from(["isi", "tiada"]).map(Name)


def larger(inner):
    receivers = inner | collections
    return st.one_of(
        st.builds(Unary, st.sampled_from(["-", "not"]), inner),
        st.builds(Unary, st.just("empty"), receivers),
        st.builds(Binary, st.sampled_from(SIGNS), inner, inner),
        st.builds(Binary, st.just("%"), st.sampled_from([Name("n"), Name("m")]), inner),
        st.builds(Choice, inner, inner, inner),
        st.builds(Property, contexts, st.sampled_from(["kota", "lain"])),
        st.builds(Index, lists, inner.filter(lambda key: not isinstance(key, Literal) or number(key.value))),
        st.builds(
            Index, contexts, inner.filter(lambda key: not isinstance(key, Literal)) | texts.map(Literal)
        ),
        st.builds(Method, receivers, st.sampled_from(["size", "length", "isEmpty"]), st.just(())),
        st.builds(Method, inner, st.sampled_from(["toLowerCase", "toUpperCase"]), st.just(())),
        st.builds(Method, inner | lists, st.just("contains"), st.tuples(inner)),
        st.builds(
            Method,
            inner,
            st.sampled_from(["startsWith", "endsWith", "equals", "equalsIgnoreCase"]),
            st.tuples(inner),
        ),
        st.builds(Method, receivers, st.just("get"), st.tuples(inner)),
    )


trees = st.recursive(literals | scalars, larger, max_leaves=8)


def same(got, expected):
    if number(got) and number(expected):
        return math.isclose(got, expected, rel_tol=1e-9, abs_tol=1e-9)
    return got == expected and type(got) is type(expected)


@settings(max_examples=250, deadline=None)
@given(trees, st.data())
def test_the_translation_answers_what_juel_answers(tree, data):
    text = written(tree, -1, lambda choices: data.draw(st.sampled_from(choices)))
    for signs in ("${%s}", "#{ %s }"):
        feel = translate(signs % text)
        assert same(evaluate(feel, CASE).value, answer(tree)), feel


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from(["n", "t", "y", "nihil", "c"]) | st.text("AB$#{}'\"\\ ", max_size=5), min_size=2)
)
def test_a_text_with_juel_in_it_is_joined(parts):
    parts = [part if part in CASE else part.replace("\\", "").replace("{", "") for part in parts]
    text = "".join(f"${{{part}}}" if part in CASE else part for part in parts).strip()
    spoken = {"n": "7", "t": "", "y": "yes", "nihil": "", "c": "false"}
    if sum(part in CASE for part in parts) > 1:
        assert evaluate(translate(text), CASE).value == joined(parts, spoken)


def joined(parts, spoken):
    """Blanks at the ends of the whole text do not count."""
    first = next(place for place, part in enumerate(parts) if part in spoken or part.strip())
    last = max(place for place, part in enumerate(parts) if part in spoken or part.strip())
    whole = [spoken.get(part, part) for part in parts[first : last + 1]]
    if parts[first] not in spoken:
        whole[0] = whole[0].lstrip()
    if parts[last] not in spoken:
        whole[-1] = whole[-1].rstrip()
    return "".join(whole)


@pytest.mark.parametrize(
    ("text", "feel"),
    [
        ("=a > 1", "a > 1"),
        ("a > 1", "a > 1"),
        (" ${setuju} ", "setuju"),
        ("#{jumlah > 1000}", "jumlah > 1000"),
        ("${keputusan == 'setuju'}", 'keputusan = "setuju"'),
        ("${a.b[0].c}", "a.b[1].c"),
        ("${a['b c']}", 'get value(a, "b c")'),
        ("${a.in}", 'get value(a, "in")'),
        ("${!(a && b)}", "not(a and b)"),
        ("${a + 1.5e3}", "(a) + 1500.0"),
        (r"\${a} ${b}", 'string join(["${a} ", string(b)])'),
        ("Surat ${nomor}", 'string join(["Surat ", string(nomor)])'),
    ],
)
def test_simple_juel_reads_simply_in_feel(text, feel):
    assert translate(text) == feel
    parse(translate(text))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("${execution.setVariable('a', 1)}", "execution.setVariable(...)"),
        ("${execution.processBusinessKey}", "execution.processBusinessKey"),
        ("${execution}", "execution"),
        ("${task.assignee.size() > 1}", "task.assignee.size(...)"),
        ("${authenticatedUserId == 'a'}", "authenticatedUserId"),
        ("${mailBean.send(a)}", "mailBean.send(...)"),
        ("${a.b.stream()}", "a.b.stream(...)"),
        ("${a.contains()}", "a.contains(...)"),
        ("${a.size().foo()}", "….foo(...)"),
        ("${now()}", "now(...)"),
        ("${fn:length(a)}", "fn:length(...)"),
        ("${a = 1}", "="),
        ("${a instanceof String}", "instanceof"),
        ("${x -> x + 1}", "->"),
        ("${{'a': 1}}", "{"),
        ("${a; b}", ";"),
        ("${in > 1}", "in"),
        ("${$a}", "$a"),
        ("${9007199254740993}", "9007199254740993"),
        ("${1e999}", "inf"),
    ],
)
def test_what_has_no_feel_is_refused_by_name(text, what):
    with pytest.raises(ExpressionError) as caught:
        translate(text)
    assert caught.value.message.key == "feel.juel_unsupported"
    assert caught.value.message.params["what"] == what
    assert all(what in say(caught.value.message, language) for language in LANGUAGES)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("${", 3),
        ("${}", 3),
        ("${a", 4),
        ("${a b}", 5),
        ("a ${1 +} b", 8),
        ("${'a}", 3),
        ("${a ? b}", 8),
        ("${a[1}", 6),
    ],
)
def test_a_mistake_in_juel_names_its_place(text, position):
    with pytest.raises(ExpressionError) as caught:
        translate(text)
    assert caught.value.message.key == "feel.juel_syntax"
    assert caught.value.message.params["position"] == position
    assert all("${…}" in say(caught.value.message, language) for language in LANGUAGES)


@pytest.mark.parametrize("text", ["${" + "(" * 5000 + "a" + ")" * 5000 + "}", "${" + "a+" * 5000 + "a}"])
def test_juel_that_is_nested_too_deeply_is_refused(text):
    with pytest.raises(ExpressionError) as caught:
        translate(text)
    assert caught.value.message.key == "feel.juel_deep"


def test_an_operand_is_not_read_as_part_of_a_longer_name():
    assert evaluate(translate("${a - b}"), {"a": 5, "b": 3, "a-b": 9, "a - b": 9}).value == 2
