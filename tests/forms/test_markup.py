"""What form designers write is shown, and nothing of it runs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.forms.markup import clean, frame, image, markdown


def test_markdown_is_shown_below_the_pages_own_heading():
    assert markdown("# Judul\n\n**tebal**") == "<h2>Judul</h2>\n<p><strong>tebal</strong></p>\n"
    assert "<table>" in markdown("|a|\n|-|\n|1|")


def test_html_in_markdown_is_text():
    assert "<script" not in markdown("<script>alert(1)</script>")
    assert "<b>" not in markdown("a <b>b</b>")


@pytest.mark.parametrize("address", ["https://a.id", "http://a.id", "mailto:a@b.id"])
def test_links_lead_out_without_telling_where_from(address):
    assert f'<a href="{address}" rel="noopener noreferrer">' in markdown(f"[x]({address})")


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//a.id", "file:///etc", "/logout"]
)
def test_no_link_leads_elsewhere(address):
    assert "<a" not in markdown(f"[x]({address})")
    assert "<a" not in markdown(f"<{address}>")


@pytest.mark.parametrize(
    "dirty",
    [
        "<script>alert(1)</script>",
        '<img src="x" onerror="alert(1)">',
        '<img src="https://a.id/x.png">',
        '<a href="javascript:alert(1)">x</a>',
        '<a href="data:text/html,x">x</a>',
        '<form action="/x"><input name="a"><button>x</button></form>',
        '<iframe src="https://a.id"></iframe>',
        '<p style="position:fixed" class="primary" id="complete">x</p>',
        "<style>p { color: red }</style>",
        '<svg onload="alert(1)"></svg>',
        '<a href="jav&#x0A;ascript:alert(1)">x</a>',
    ],
)
def test_html_is_cleaned(dirty):
    cleaned = clean(f"<p>ada</p>{dirty}")
    assert cleaned.startswith("<p>ada</p>")
    words = ("script", "onerror", "onload", "style", "class", " id=", "a.id", "data:")
    tags = ("<form", "<input", "<iframe", "<svg")
    assert [trace for trace in words + tags if trace in cleaned] == []


@given(st.text("<>a/\"'=& \nscript:h", max_size=40))
def test_no_text_makes_a_script(text):
    assert "<script" not in clean(text).lower()
    assert "<script" not in markdown(text).lower()


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("data:image/png;base64,AA", True),
        ("/static/logo.svg", True),
        ("https://a.id/x.png", False),
        ("//a.id/x.png", False),
        ("/\\a.id/x.png", False),
        ("data:text/html,x", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_only_images_that_the_page_may_load_are_shown(source, shown):
    assert image(source) == (source if shown else "")


def test_only_a_secure_page_may_be_opened():
    assert frame("https://a.id/x") == "https://a.id/x"
    assert [frame(address) for address in ("http://a.id", "javascript:x", "/x", "")] == [""] * 4
