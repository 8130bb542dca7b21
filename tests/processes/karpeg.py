"""The walks through Pelayanan Permohonan Kartu Pegawai: incomplete; and returned twice, then the card."""

from tests.processes.walks import NIP, Arrival, Step, Walk, agrees, disposisi, returns

PTSP = "kemenag.ptsp"
START = {
    "nama": "Siti Aminah",
    "nip": NIP[0],
    "unit_kerja": "KUA Setiabudi",
    "tanggal_permohonan": "2026-01-05",
}
RECEIVED = {"persyaratan_diterima": ["Usulan permohonan", "Persyaratan permohonan"]}
DRAFT = {
    "perihal_surat": "Usulan Kartu Pegawai",
    "tujuan_surat": "Kanwil Prov. DKI Jakarta",
    "isi_konsep": "Bersama ini kami usulkan.",
    "jumlah_lampiran": 4,
    "paraf_korpel": True,
}
CHECKED = agrees("kasubbag", paraf_kasubbag=True)

INCOMPLETE = Walk(
    "kartu_pegawai",
    PTSP,
    (
        Step(
            "terima_usulan",
            {
                "persyaratan_diterima": ["Usulan permohonan"],
                "keputusan_kelengkapan": "tidak",
                "kekurangan": "Foto 3x4 belum ada",
            },
            sees=("Siti Aminah",),
        ),
    ),
    "usulan_tidak_diproses",
    START,
    {"kekurangan": "Foto 3x4 belum ada"},
)
RETURNED = Walk(
    "kartu_pegawai",
    PTSP,
    (
        Step("terima_usulan", {**RECEIVED, "keputusan_kelengkapan": "lengkap"}),
        Step("disposisi_kepala", disposisi("kepala", "Kasubbag TU"), sees=("Siti Aminah",)),
        Step("disposisi_kasubbag", disposisi("kasubbag", "Korpel kepegawaian dan hukum")),
        Step("buat_konsep", DRAFT, sees=("Siti Aminah",)),
        Step("periksa_kasubbag", returns("kasubbag", "Tanggal surat keliru"), sees=("Bersama ini kami",)),
        Step("buat_konsep", {**DRAFT, "isi_konsep": "Sudah diperbaiki."}, sees=("Tanggal surat keliru",)),
        Step("periksa_kasubbag", CHECKED, sees=("Sudah diperbaiki.",)),
        Step("periksa_kepala", returns("kepala", "Lampiran kurang satu")),
        Step("buat_konsep", {**DRAFT, "jumlah_lampiran": 5}, sees=("Lampiran kurang satu",)),
        Step("periksa_kasubbag", CHECKED),
        Step(
            "periksa_kepala",
            agrees("kepala", nomor_surat="B-1/Kk.09.1/KP.01/2026", tanggal_surat="2026-01-06"),
        ),
        Step(
            "perintah_kirim",
            {
                "berkas_dikirim": ["Surat pengantar", "Usulan permohonan kartu pegawai", "Persyaratannya"],
                "tanggal_kirim": "2026-01-07",
            },
        ),
        Arrival("kartu_pegawai_terbit", "kemenag.korpel"),
        Step(
            "terima_kartu",
            {
                "nomor_kartu": "P 123456",
                "tanggal_terima_kartu": "2026-02-02",
                "dicatat_pada": ["Aplikasi Simpeg", "Aplikasi SAPK"],
            },
        ),
        Step(
            "serah_kartu",
            {"penerima_ptsp": "Rudi", "tanggal_serah": "2026-02-03", "tanda_terima": True},
            sees=("P 123456",),
        ),
    ),
    "kartu_diserahkan",
    START,
    {"nomor_kartu": "P 123456", "jumlah_lampiran": 5},
)
WALKS = {"karpeg-incomplete": INCOMPLETE, "karpeg-returned": RETURNED}
