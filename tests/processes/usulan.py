"""The walks through the four SOPs of Pesisir Selatan: each rejection and its loop, each end."""

from typing import Any

from tests.processes.walks import NIP, Step, Walk, agrees, returns

SECRETARY = "disdukcapil-pesisir-selatan.sekretaris"
DOCUMENTS = {
    "karpeg": ["F.Copy SK CPNS", "F.Copy SK PNS", "F.Copy STPPL", "Foto uk. 2x3"],
    "karis_karsu": [
        *("F.Copy SK CPNS", "F.Copy SK PNS", "F.Copy SK Pangkat Terakhir", "F.Copy DP3 2 Tahun Terakhir"),
        *("F.Copy Surat Nikah", "F.Copy Kartu Keluarga", "Foto uk 3x4 2lbr"),
    ],
    "taspen": [
        *("F.Copy SK CPNS", "F.Copy SK PNS", "F.Copy SK Pangkat Terakhir"),
        *("F.Copy KARPEG", "F.Copy KP4"),
    ],
    "bpjs": [
        *("F.Copy SK Terakhir", "F.Copy Daftar Gaji", "F.Copy Surat Nikah", "F.Copy Kartu Keluarga"),
        *("F.Copy Akte Lahir Anak", "Formulir Isian ASKES", "Foto masing-masing 2x3 2lbr"),
    ],
}
SUBJECTS = {"karpeg": "KARPEG", "karis_karsu": "KARIS/KARSU", "taspen": "TASPEN", "bpjs": "BPJS"}
ONLY_FULL = ("karpeg", "karis_karsu")
"""The two that are only for those who are PNS 100 %."""
ASSIGNED = {
    "staf_ditugaskan": "Dewi",
    "tugas_staf": [
        "Mendata PNS yang belum memiliki",
        "Menyiapkan berkas",
        "Mengetik konsep surat usulan",
    ],
    "konsep_usulan": "Bersama ini kami usulkan.",
}
FIRST_CHECK = agrees("kasubag", paraf_kasubag=True)
SECOND_CHECK = agrees("sekretaris", paraf_sekretaris=True)
BROUGHT = Step("masuk_ruang_kadis", {"tanggal_masuk_kadis": "2026-01-12", "map_lengkap": True})
SENT = {
    "nomor_surat_keluar": "800/10/2026",
    "nomor_agenda_keluar": "31",
    "jumlah_rangkap": 4,
    "lokasi_arsip": "Lemari 2",
    "tanggal_antar": "2026-01-14",
}


def ordered(subject: str, full: str = "ya") -> Step:
    values: dict[str, Any] = {
        "nomor_surat_masuk": "800/5",
        "tanggal_surat_masuk": "2026-01-02",
        "disposisi_sekretaris_kepada": "Kasubag Umum & Kepegawaian",
        "disposisi_sekretaris_instruksi": [
            "Mendata dan menyiapkan berkas PNS",
            f"Menyiapkan usulan penerbitan {SUBJECTS[subject]}",
        ],
    }
    return Step("perintah", values | ({"sudah_pns_penuh": full} if subject in ONLY_FULL else {}))


def prepared(subject: str, text: str, sees: tuple[str, ...] = ()) -> Step:
    row: dict[str, Any] = {"nama": "Siti", "nip": NIP[0], "dokumen": DOCUMENTS[subject]}
    row |= {"pns_penuh": True} if subject in ONLY_FULL else {}
    values = {
        "pegawai": [row],
        "jumlah_pegawai": 1,
        "berkas_lengkap": True,
        "perihal_surat": f"Usulan {SUBJECTS[subject]}",
        "isi_surat": text,
    }
    return Step("siapkan_berkas", values, sees)


def returned(subject: str, end: str, last: dict[str, Any]) -> Walk:
    """Each of the three reviewers sends it back once."""
    steps = (
        ordered(subject),
        Step("penugasan", ASSIGNED, (SUBJECTS[subject],)),
        prepared(subject, "Bersama ini."),
        Step("periksa_kasubag", returns("kasubag", "Salah ketik"), ("Siti", "Bersama ini.")),
        prepared(subject, "Naskah kedua.", ("Salah ketik",)),
        Step("periksa_kasubag", FIRST_CHECK, ("Naskah kedua.",)),
        Step("periksa_sekretaris", returns("sekretaris", "Perihal kurang jelas")),
        prepared(subject, "Naskah ketiga.", ("Perihal kurang jelas",)),
        Step("periksa_kasubag", FIRST_CHECK),
        Step("periksa_sekretaris", SECOND_CHECK, ("Naskah ketiga.",)),
        BROUGHT,
        Step("tanda_tangani", returns("kadis", "Pakai kop terbaru")),
        prepared(subject, "Naskah keempat.", ("Pakai kop terbaru",)),
        Step("periksa_kasubag", FIRST_CHECK),
        Step("periksa_sekretaris", SECOND_CHECK),
        BROUGHT,
        Step("tanda_tangani", agrees("kadis", tanggal_surat="2026-01-13"), ("Naskah keempat.",)),
        Step("antar_usulan", last),
    )
    return Walk(f"usulan_{subject}", SECRETARY, steps, end)


def straight(subject: str, end: str, last: dict[str, Any]) -> Walk:
    """Nobody sends it back."""
    steps = (
        ordered(subject),
        Step("penugasan", ASSIGNED),
        prepared(subject, "Bersama ini."),
        Step("periksa_kasubag", FIRST_CHECK),
        Step("periksa_sekretaris", SECOND_CHECK),
        BROUGHT,
        Step("tanda_tangani", agrees("kadis", tanggal_surat="2026-01-13")),
        Step("antar_usulan", last),
    )
    return Walk(f"usulan_{subject}", SECRETARY, steps, end)


def not_full(subject: str) -> Walk:
    """The employees are not PNS 100 % yet."""
    return Walk(f"usulan_{subject}", SECRETARY, (ordered(subject, "tidak"),), "tidak_diusulkan")


WALKS = {
    "usulan-karpeg": returned("karpeg", "diantar_ke_bkpsdm", SENT),
    "usulan-karpeg-not-full": not_full("karpeg"),
    "usulan-karis-karsu": returned("karis_karsu", "diantar_ke_bkpsdm", SENT),
    "usulan-karis-karsu-not-full": not_full("karis_karsu"),
    "usulan-taspen": returned("taspen", "diantar_ke_taspen", {**SENT, "tujuan": "PT TASPEN"}),
    "usulan-taspen-to-bkpsdm": straight("taspen", "diantar_ke_bkpsdm", {**SENT, "tujuan": "BKPSDM"}),
    "usulan-bpjs": returned("bpjs", "diantar_ke_bpjs", {**SENT, "jumlah_rangkap": 3}),
}
