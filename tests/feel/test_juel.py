"""JUEL becomes FEEL that answers the same, or null where JUEL would convert between types."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.errors import ExpressionError
from service.feel import evaluate, parse, translate
from service.feel.juel_syntax import Binary, Choice, Index, Literal, Method, Name, Property, Unary
from service.language import LANGUAGES, say
from tests.feel.juel_again import CASE, LISTS_AND_CONTEXTS, SIGNS, answer, number, written

texts = st.sampled_from(["", "a", "yes", "true", "false", "Agama", 'kutip "', "it's", "\\", "7"]).map(Literal)
numbers = st.integers(0, 9).map(Literal)
constants = st.sampled_from([Literal(None), Literal(True), Literal(False)])
scalars = st.sampled_from([Name(name) for name in CASE if name not in LISTS_AND_CONTEXTS])
lists = st.sampled_from([Name("daftar"), Name("kosong")])
contexts = st.sampled_from([Name("isi"), Name("tiada")])
leaves = texts | numbers | constants | scalars


@st.composite
def trees(draw, depth=3):
    """Any tree over the case. FEEL takes a list of one for its item: lists only stand where they may."""
    if depth == 0:
        return draw(leaves)
    inner = trees(depth - draw(st.integers(1, depth)))
    receivers = inner | lists | contexts
    match draw(st.sampled_from(KINDS)):
        case "leaf":
            return draw(leaves)
        case "unary":
            operator = draw(st.sampled_from(["-", "not", "empty"]))
            return Unary(operator, draw(receivers if operator == "empty" else inner))
        case "binary":
            operator = draw(st.sampled_from([*SIGNS, "%"]))
            left = st.sampled_from([Name("n"), Name("m")]) if operator == "%" else inner
            return Binary(operator, draw(left), draw(inner))
        case "choice":
            return Choice(draw(inner), draw(inner), draw(inner))
        case "member":
            return draw(members(inner))
    name, among, arguments = draw(st.sampled_from(METHODS))
    target = {"any": receivers, "list": inner | lists, "text": inner}[among]
    return Method(draw(target), name, tuple(draw(inner) for _ in range(arguments)))


def members(inner):
    """A property or an item; a list's property is the one thing that FEEL knows and JUEL does not."""
    places = numbers | scalars.filter(lambda name: not isinstance(CASE[name.name], str))
    return st.one_of(
        st.builds(Property, contexts, st.sampled_from(["kota", "lain"])),
        st.builds(Index, lists, places | inner.filter(lambda key: isinstance(key, Binary | Unary | Choice))),
        st.builds(Index, contexts, texts | inner.filter(lambda key: not isinstance(key, Literal))),
    )


KINDS = ["leaf", "unary", "binary", "binary", "choice", "member", "method", "method"]
METHODS = [
    ("size", "any", 0),
    ("length", "any", 0),
    ("isEmpty", "any", 0),
    ("get", "any", 1),
    ("contains", "list", 1),
    ("toLowerCase", "text", 0),
    ("toUpperCase", "text", 0),
    ("startsWith", "text", 1),
    ("endsWith", "text", 1),
    ("equals", "text", 1),
    ("equalsIgnoreCase", "text", 1),
]


def same(got, expected):
    if number(got) and number(expected):
        return math.isclose(got, expected, rel_tol=1e-9, abs_tol=1e-9)
    return got == expected and type(got) is type(expected)


@settings(max_examples=150, deadline=None)
@given(trees(), st.data())
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
    ("text", "value"),
    [
        ("${b == 'true'}", True),
        ("${b != 'true'}", False),
        ("${s == 'true'}", False),
        ("${c eq false and n gt 5}", True),
        ("${empty nihil && empty t && empty kosong && not empty daftar}", True),
        ("${nihil == null ? 'tidak ada' : nihil}", "tidak ada"),
        ("${daftar.contains('b') && s.contains('Agama')}", True),
        ("${m % 2}", -1),
        ("${s + s}", None),
        ("${nihil > 1}", None),
        ("${'7' == n}", None),
        ("${nihil ? 1 : 2}", None),
    ],
)
def test_juel_keeps_its_meaning(text, value):
    assert evaluate(translate(text), CASE).value == value


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
