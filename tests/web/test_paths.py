"""Which addresses a reader may be sent to."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.web.paths import own_path

SITE = "http://alur.test/sign-in"


@given(st.text(st.sampled_from("/\\ahtp:.@?#%\t\r\n \x00é"), max_size=12))
@example("//evil.test")
@example("/\\evil.test")
@example("/\t/evil.test")
@example("https://evil.test")
def test_wherever_one_is_sent_it_is_this_site(address: str) -> None:
    path = own_path(address)
    if path is not None:
        there = urlsplit(urljoin(SITE, path.replace("\\", "/").replace("\t", "")))
        assert (there.scheme, there.netloc) == ("http", "alur.test")
        assert path == address
        assert path.isprintable()


@pytest.mark.parametrize("address", ["/", "/cases?status=active", "/tasks/1#field-isi", "/start/é"])
def test_pages_of_this_site_are_taken(address: str) -> None:
    assert own_path(address) == address


@pytest.mark.parametrize("address", [None, "", "cases", "//a.test", "/\\a.test", "http:/a", "/a\nb", "/a\\b"])
def test_everything_else_is_not(address: str | None) -> None:
    assert own_path(address) is None
