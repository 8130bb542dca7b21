"""The diagram of a case: its marks, and the mark of those who made the viewer."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Open, Site

ON_TOP = """() => {
  const mark = document.querySelector('.bjs-powered-by');
  mark.scrollIntoView({ block: 'center' });
  const box = mark.getBoundingClientRect();
  const points = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]];
  return points.every(([x, y]) =>
    mark.contains(document.elementFromPoint(box.x + box.width * x, box.y + box.height * y)));
}"""


def shown(page: Page, path: str) -> None:
    page.goto(path)
    page.locator("#diagram .djs-element").first.wait_for()


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_the_mark_of_bpmn_io_is_seen_and_covered_by_nothing(site: Site, open_: Open, phone: bool) -> None:
    case = site.returned()
    page = open_("kemenag.korpel", phone=phone)
    shown(page, f"/cases/{case}")
    expect(page.locator(".bjs-powered-by")).to_be_visible()
    assert page.evaluate(ON_TOP)
    page.click("[data-look=all]")
    assert page.evaluate(ON_TOP)
    page.goto("/sops")
    page.click(".row-name a")
    page.locator("#diagram .djs-element").first.wait_for()
    assert page.evaluate(ON_TOP)


def test_it_marks_what_is_done_and_where_the_case_stands(site: Site, open_: Open) -> None:
    page = open_("kemenag.korpel")
    shown(page, f"/cases/{site.returned()}")
    now = page.locator("#diagram .djs-shape.is-active")
    expect(now).to_have_count(1)
    expect(now).to_contain_text("surat")
    page.locator("#diagram").scroll_into_view_if_needed()
    assert page.locator("#diagram .djs-shape.is-done").count() >= 5
    expect(now).to_be_in_viewport()


def test_all_of_it_can_be_seen_and_the_step_found_again(site: Site, open_: Open) -> None:
    page = open_("kemenag.korpel", phone=True)
    shown(page, f"/cases/{site.returned()}")
    last = page.locator("#diagram .djs-shape").last
    page.click("[data-look=all]")
    page.locator("#diagram").scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    page.click("[data-look=now]")
    expect(page.locator("#diagram .is-active")).to_be_in_viewport()
    before = page.locator("#diagram .is-active").bounding_box()
    page.click("[data-look=in]")
    after = page.locator("#diagram .is-active").bounding_box()
    assert before and after
    assert after["width"] > before["width"]


def test_a_phone_that_is_turned_shows_the_same_step(site: Site, open_: Open) -> None:
    page = open_("kemenag.korpel")
    shown(page, f"/cases/{site.returned()}")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.locator("#diagram").scroll_into_view_if_needed()
    expect(page.locator("#diagram .is-active")).to_be_in_viewport()


def test_a_diagram_that_cannot_be_had_says_where_the_same_is(site: Site, open_: Open) -> None:
    case = site.returned()
    page = open_("kemenag.korpel")
    page.route("**/diagram", lambda route: route.fulfill(status=404, body=""))
    page.goto(f"/cases/{case}")
    expect(page.locator("#diagram")).to_contain_text("tidak dapat ditampilkan")


def test_every_sop_is_drawn(site: Site, open_: Open) -> None:
    page = open_("admin")
    page.goto("/sops")
    paths = page.locator(".row-name a").evaluate_all("links => links.map((a) => a.getAttribute('href'))")
    assert len(paths) == 6
    for path in paths:
        shown(page, path)
        assert page.locator("#diagram .djs-shape").count() > 10
