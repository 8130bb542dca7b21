"""The walk through Pembuatan KTP PNS Kolektif: two employees, returned by both reviewers."""

from tests.processes.walks import NIP, Step, Walk, agrees, disposisi, returns

STAFF = [
    {"nama": "Siti", "nip": NIP[0], "jabatan": "Staf"},
    {"nama": "Budi", "nip": NIP[1], "jabatan": "Analis"},
]
SCHEDULE = {
    "tanggal_perekaman": "2026-01-20",
    "jam_perekaman": "09:00",
    "tempat_perekaman": "Aula",
    "isi_pemberitahuan": "Perekaman data KTP.",
    "paraf_kasubbag_tal": True,
}
CHECKED = agrees("kabag", paraf_kabag=True)


def recorded(item: str) -> Step:
    return Step("rekam_data", {"tanggal_direkam": "2026-01-20", "pdh_khaki": True}, (item,), item)


def made(item: str, number: str) -> Step:
    return Step("buat_ktp", {"nomor_ktp": number, "tanggal_dibuat": "2026-01-21"}, (item,), item)


COLLECTIVE = Walk(
    "ktp_pns_kolektif",
    "biro-organisasi.skpd-pemohon",
    (
        Step(
            "kirim_permohonan",
            {
                "skpd": "Dinas Sosial",
                "nomor_surat_permohonan": "800/1/2026",
                "tanggal_surat_permohonan": "2026-01-05",
                "pegawai": STAFF,
                "jumlah_pegawai": 2,
            },
        ),
        Step(
            "agenda_masuk", {"nomor_agenda_masuk": "12", "tanggal_diterima": "2026-01-06"}, ("Dinas Sosial",)
        ),
        Step("disposisi_kepala_biro", disposisi("kepala_biro", "Kabag KPP"), ("Siti", "Budi")),
        Step("disposisi_kabag", disposisi("kabag", "Kasubbag TAL")),
        Step("buat_jadwal", SCHEDULE),
        Step("periksa_kabag", returns("kabag", "Tempatnya terlalu kecil"), ("Aula",)),
        Step("buat_jadwal", {**SCHEDULE, "tempat_perekaman": "Gedung B"}, ("Tempatnya terlalu kecil",)),
        Step("periksa_kabag", CHECKED, ("Gedung B",)),
        Step("periksa_kepala_biro", returns("kepala_biro", "Undur seminggu")),
        Step("buat_jadwal", {**SCHEDULE, "tanggal_perekaman": "2026-01-27"}, ("Undur seminggu",)),
        Step("periksa_kabag", CHECKED),
        Step("periksa_kepala_biro", agrees("kepala_biro", tanggal_tanda_tangan="2026-01-08")),
        Step(
            "kirim_pemberitahuan",
            {
                "nomor_surat_pemberitahuan": "065/2/2026",
                "nomor_agenda_keluar": "7",
                "tanggal_dikirim": "2026-01-09",
            },
        ),
        recorded("Siti"),
        made("Siti", "KTP-1"),
        recorded("Budi"),
        made("Budi", "KTP-2"),
        Step(
            "serah_ktp",
            {"jumlah_ktp": 2, "penerima": "Ani", "tanggal_serah": "2026-01-28", "tanda_terima": True},
            ("KTP-1", "KTP-2"),
        ),
    ),
    "ktp_diserahkan",
)
WALKS = {"ktp-collective": COLLECTIVE}
