"""What scripts add: fields redrawn in place, nothing typed lost, nothing sent twice."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Open, Site

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def review(site: Site, open_: Open) -> Page:
    """The Kasubbag TU's window on a review that is theirs."""
    page = open_("kemenag.kasubbag-tu")
    page.goto(f"/tasks/{site.task(site.at_the_review())}")
    page.click("#claim")
    return page


@pytest.fixture
def rows(site: Site, open_: Open) -> Page:
    """The SKPD's window on a form with a list."""
    case = site.begin("ktp_pns_kolektif", "biro-organisasi.skpd-pemohon", {})
    page = open_("biro-organisasi.skpd-pemohon")
    page.goto(f"/tasks/{site.task(case)}")
    page.click("#claim")
    return page


def test_what_depends_on_an_answer_comes_at_once(review: Page) -> None:
    expect(review.locator("[name=_refresh]")).to_be_hidden()
    review.check("[name=keputusan_kasubbag][value=tidak]")
    expect(review.locator("[name=catatan_kasubbag]")).to_be_visible()
    expect(review.locator("[name=keputusan_kasubbag][value=tidak]")).to_be_focused()
    review.check("[name=keputusan_kasubbag][value=setuju]")
    expect(review.locator("[name=catatan_kasubbag]")).to_have_count(0)


def test_what_is_typed_while_the_fields_are_redrawn_stays(review: Page) -> None:
    review.check("[name=keputusan_kasubbag][value=tidak]")
    note = review.locator("[name=catatan_kasubbag]")
    note.fill("awal")
    held: list[Route] = []
    review.route("**/tasks/*", lambda route: held.append(route))
    note.blur()
    review.wait_for_timeout(200)
    note.fill("awal, dan ditambah sementara menunggu")
    assert len(held) == 1
    with review.expect_request(lambda request: "sementara menunggu" in (request.post_data or "")):
        held[0].continue_()
        review.unroute("**/tasks/*")
        review.wait_for_load_state("networkidle")
        expect(note).to_have_value("awal, dan ditambah sementara menunggu")
        expect(note).to_be_focused()
        note.blur()


def test_rows_come_and_go_and_the_keyboard_follows(rows: Page) -> None:
    rows.fill("[name='pegawai[0].nama']", "Satu")
    rows.click("[name=_add]")
    expect(rows.locator("[name='pegawai[1].nama']")).to_be_focused()
    rows.keyboard.type("Dua")
    expect(rows.locator("[name='pegawai[0].nama']")).to_have_value("Satu")
    rows.click("[name=_remove][value='pegawai[0]']")
    expect(rows.locator("[name='pegawai[0].nama']")).to_have_value("Dua")
    expect(rows.locator("[name='pegawai[1].nama']")).to_have_count(0)


def test_a_file_is_kept_as_soon_as_the_fields_are_redrawn(rows: Page, tmp_path: Path) -> None:
    (tmp_path / "surat.pdf").write_bytes(PDF)
    rows.set_input_files("[name=surat_permohonan]", tmp_path / "surat.pdf")
    rows.click("[name=_add]")
    expect(rows.locator(".form-files")).to_contain_text("surat.pdf")
    rows.reload()
    expect(rows.locator(".form-files")).to_contain_text("surat.pdf")
    rows.click("[name=_discard]")
    expect(rows.locator(".form-files")).to_have_count(0)


def test_a_double_click_completes_once(review: Page) -> None:
    review.check("[name=keputusan_kasubbag][value=tidak]")
    review.fill("[name=catatan_kasubbag]", "Sekali saja.")
    review.dblclick("#complete")
    expect(review.locator(".notice.ok")).to_contain_text("Membuat konsep surat pengantar")


def test_a_button_stays_under_the_pointer_while_it_is_pressed(review: Page) -> None:
    """The press takes the focus from the last field, and that has the fields redrawn, higher than before."""

    def answer_higher(route: Route) -> None:
        if "_refresh" not in (route.request.post_data or ""):
            return route.continue_()
        response = route.fetch()
        return route.fulfill(response=response, body="<p>Tambahan</p>" * 30 + response.text())

    review.check("[name=keputusan_kasubbag][value=tidak]")
    review.fill("[name=catatan_kasubbag]", "Sekali saja.")
    review.wait_for_load_state("networkidle")
    review.route("**/tasks/*", answer_higher)
    review.locator("[name=catatan_kasubbag]").press_sequentially(" Sungguh.")
    review.locator("#complete").hover()
    with review.expect_response(lambda response: response.request.method == "POST"):
        review.mouse.down()
    review.wait_for_timeout(200)
    review.mouse.up()
    expect(review.locator(".notice.ok")).to_contain_text("Membuat konsep surat pengantar")


def test_fields_are_redrawn_after_a_press_that_sent_nothing(review: Page) -> None:
    review.check("[name=keputusan_kasubbag][value=tidak]")
    note = review.locator("[name=catatan_kasubbag]")
    note.press_sequentially("Sebentar.")
    review.locator("#complete").hover()
    with review.expect_response(lambda response: response.request.method == "POST"):
        review.mouse.down()
    review.wait_for_timeout(200)
    review.mouse.move(5, 300)
    with review.expect_response(lambda response: response.request.method == "POST"):
        review.mouse.up()
    expect(note).to_have_value("Sebentar.")


def test_going_back_and_sending_again_says_that_it_is_done(review: Page) -> None:
    review.check("[name=keputusan_kasubbag][value=tidak]")
    review.fill("[name=catatan_kasubbag]", "Sekali saja.")
    review.click("#complete")
    expect(review.locator(".notice.ok")).to_be_visible()
    review.go_back()
    review.wait_for_load_state("networkidle")
    if review.locator("#complete").count():
        review.click("#complete")
    expect(review.locator("main")).to_contain_text("sudah selesai")


def test_a_redraw_that_comes_late_does_not_take_the_reader_away_from_the_answer(review: Page) -> None:
    def answer_slowly(route: Route) -> None:
        if route.request.method != "POST" or "_refresh" in (route.request.post_data or ""):
            return route.continue_()
        response = route.fetch(max_redirects=0)
        review.wait_for_timeout(1000)
        return route.fulfill(response=response)

    review.check("[name=keputusan_kasubbag][value=tidak]")
    review.fill("[name=catatan_kasubbag]", "Terlambat.")
    review.route("**/tasks/*", answer_slowly)
    late = "() => setTimeout(() => htmx.trigger('#form-fields', 'redraw'), 500)"
    review.evaluate(f"document.getElementById('sheet').addEventListener('submit', {late})")
    review.click("#complete")
    expect(review.locator(".notice.ok")).to_contain_text("Membuat konsep surat pengantar")


def test_of_two_at_once_the_second_reads_who_has_it(site: Site, open_: Open) -> None:
    task = site.task(site.at_the_review())
    windows = [open_("kemenag.kasubbag-tu"), open_("admin")]
    for page in windows:
        page.goto(f"/tasks/{task}")
    for page in windows:
        page.click("#claim")
    expect(windows[0].locator("#complete")).to_be_visible()
    expect(windows[1].locator(".notice.warn")).to_contain_text("Kasubbag TU (contoh)")


def test_who_was_signed_out_is_taken_to_the_door(review: Page, site: Site) -> None:
    review.context.clear_cookies()
    review.click("[name=keputusan_kasubbag][value=tidak]")
    expect(review.locator("h1")).to_have_text("Masuk")
