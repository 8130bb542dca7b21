"""With JavaScript off, everything that staff do still works."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import PERSON, Open, Site

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def test_a_case_is_started_taken_refused_and_done(open_: Open, tmp_path: Path) -> None:
    (tmp_path / "surat.pdf").write_bytes(PDF)
    page = open_("kemenag.ptsp", scripts=False)
    page.goto("/start/kartu_pegawai")
    page.set_input_files("[name=berkas_permohonan]", tmp_path / "surat.pdf")
    page.click("#complete")
    expect(page.locator("#form-summary")).to_be_visible()
    expect(page.locator(".form-files")).to_contain_text("surat.pdf")
    for name, text in PERSON.items():
        page.fill(f"[name={name}]", text)
    page.click("#complete")
    expect(page.locator(".notice.ok")).to_contain_text("dimulai")
    expect(page.locator(".files")).to_contain_text("surat.pdf")
    expect(page.locator(".steps")).to_contain_text("Menerima dan memeriksa usulan")
    expect(page.locator("#diagram")).to_contain_text("JavaScript")
    page.click(".steps a")
    page.click("#claim")
    page.click("#complete")
    expect(page.locator("#form-summary")).to_be_visible()
    page.check("[name=keputusan_kelengkapan][value=lengkap]")
    page.click("#complete")
    expect(page.locator(".notice.ok")).to_contain_text("Mendisposisikan usulan")


def test_a_task_is_claimed_in_the_list_and_let_go(site: Site, open_: Open) -> None:
    task = site.task(site.at_the_review())
    page = open_("kemenag.kasubbag-tu", scripts=False)
    page.goto("/?box=unit")
    page.click(f"#act-{task}")
    expect(page.locator(".notice.ok")).to_contain_text("sekarang tugas Anda")
    page.click(".notice a")
    page.click("#unclaim")
    expect(page.locator("[data-box=unit] .count")).to_have_text("1")


def test_what_depends_on_an_answer_comes_by_a_button(site: Site, open_: Open) -> None:
    case = site.at_the_review()
    page = open_("kemenag.kasubbag-tu", scripts=False)
    page.goto(f"/tasks/{site.task(case)}")
    page.click("#claim")
    expect(page.locator("[name=catatan_kasubbag]")).to_have_count(0)
    page.check("[name=keputusan_kasubbag][value=tidak]")
    page.click("[name=_refresh]")
    page.fill("[name=catatan_kasubbag]", "Alamat belum ada.")
    page.click("#complete")
    expect(page.locator(".notice.ok")).to_contain_text("Membuat konsep surat pengantar")


def test_rows_are_added_and_taken_away(site: Site, open_: Open) -> None:
    case = site.begin("ktp_pns_kolektif", "biro-organisasi.skpd-pemohon", {})
    page = open_("biro-organisasi.skpd-pemohon", scripts=False)
    page.goto(f"/tasks/{site.task(case)}")
    page.click("#claim")
    page.fill("[name='pegawai[0].nama']", "Satu")
    page.click("[name=_add]")
    page.fill("[name='pegawai[1].nama']", "Dua")
    page.click("[name=_remove][value='pegawai[0]']")
    expect(page.locator("[name='pegawai[0].nama']")).to_have_value("Dua")
    expect(page.locator("[name='pegawai[1].nama']")).to_have_count(0)


def test_the_language_is_switched_and_one_signs_out(open_: Open) -> None:
    page = open_("kemenag.ptsp", scripts=False)
    page.click("[name=language]")
    expect(page.locator("h1")).to_have_text("Inbox")
    assert page.locator("html").get_attribute("lang") == "en"
    page.click(".account summary")
    page.click(".account button")
    expect(page.locator("h1")).to_have_text("Sign in")
