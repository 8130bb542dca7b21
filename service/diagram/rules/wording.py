"""Rules of how an SOP words its steps: a verb first, active, and not who does it.

PermenPANRB 35/2012: the sentence of an activity is active, begins with the verb and has no subject,
for the doer is the column. Office language is Indonesian, so these rules know Indonesian only; of a
word that they do not know they say nothing.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from textwrap import shorten

from service.diagram.model import Process
from service.diagram.rules.finding import warning
from service.diagram.rules.sop import is_sop
from service.diagram.sop import rows
from service.errors import Finding

Words = Sequence[str]
Actors = Sequence[tuple[str, ...]]
MOST_LANES = 200
"""Lanes that are looked for in the texts: more than any office draws."""
LONGEST = 2000
"""Letters of one activity that are looked at."""
WORD = re.compile(r"[^\W\d_]+")
PARTS = re.compile(r"[.,;:\n]")
"""Where a new clause may begin."""
CONJUNCTIONS = frozenset(("dan", "lalu", "kemudian", "selanjutnya", "maka", "serta"))
BASES = re.compile(
    r"""(?x)
    ajukan| ambil| antar| arsipkan| atur| awasi| baca| bagi| bahas| bandingkan| bayar| beri| bimbing|
    buat| bubuhi| bubuhkan| catat| cek| cetak| cocokkan| daftar| edit| entri| gandakan| hadiri| himpun|
    hitung| hubungi| input| isi| jawab| jilid| kaji| kelola| kembalikan| ketik| kirim| kirimkan| klik|
    koordinasi| koreksi| kumpulkan| laksanakan| lakukan| lapor| layani| legalisasi| legalisir| lengkapi|
    lihat| minta| muat| nilai| olah| panggil| pantau| paraf| pasang| pelajari| perbaiki| periksa| pilih|
    pindai| proses| rapikan| rekam| rekap| salin| sampaikan| saring| scan| sebar| serahkan| setujui|
    siapkan| simpan| sortir| stempel| susun| tanda| tandai| tandatangani| tanggapi| telaah| teliti|
    tempel| tentukan| terbitkan| terima| teruskan| tetapkan| tindaklanjuti| tinjau| tolak| tugasi|
    tugaskan| tulis| tunjuk| ubah| uji| umumkan| undang| unduh| unggah| update| upload| validasi|
    verifikasi| wawancarai"""
)
"""Verbs as a request says them: `Terima berkas`."""
ACTIVE = ("me", "ber")
NOUNS = re.compile(
    r"""(?x)
    arsip| beras| berdasarkan| berikut| berita| berkas| bersama| buku| daftar| data| disposisi|
    distribusi| dokumen| draf| draft| evaluasi| formulir| hasil| informasi| jadwal| kartu| konsep|
    konsultasi| lembar| media| medis| meja| mekanisme| memo| memorandum| menteri| menu| merek| mesin|
    meterai| metode| nota| rapat| sosialisasi| surat"""
)
"""Words that are no verbs, and of those that begin like one."""
NO_PASSIVE = ("dinas", "diklat", "direktur", "direktorat", "diskusikan", "distribusikan", "disposisikan")
NOUN = re.compile(r"pe[mn]\w{3,}an|\w{4,}(?<!k)an|perbaikan|kebijakan")
"""`Pembentukan`, `Kelengkapan`, `Usulan`; with -kan it may be a request: `Perhatikan`."""
POSITIONS = re.compile(
    r"""(?x)
    admin| analis| asisten| bendahara| bupati| camat| direktur| gubernur| jafung| kabag| kabid| kadin|
    kadis| kakan| kakanwil| kasatpel| kasi| kasie| kasubag| kasubbag| kasubbid| kasubdit| kasubid|
    kepala| ketua| koordinator| korpel| lurah| menteri| operator| panitera| panitia| pejabat| pelaksana|
    pemohon| pengadministrasi| pengelola| petugas| pimpinan| sekcam| sekda| sekdis| sekretaris| staf|
    staff| tim| verifikator| walikota"""
)
"""Words that a position begins with."""


def no_verb(process: Process) -> Iterator[Finding]:
    """An activity begins with an active verb."""
    if is_sop(process):
        actors = _actors(process)
        for row in rows(process):
            words = _words(row.kegiatan)
            if words and not _doer(words, row.kegiatan, actors) and _is_no_verb(words[0]):
                at = process.elements[row.element]
                yield warning("no_verb", at, text=shorten(row.kegiatan, 100), word=words[0])


def named_doer(process: Process) -> Iterator[Finding]:
    """An activity does not name who does it: that is the column."""
    if is_sop(process):
        actors = _actors(process)
        for row in rows(process):
            if doer := _doer(_words(row.kegiatan), row.kegiatan, actors):
                at = process.elements[row.element]
                yield warning("named_doer", at, text=shorten(row.kegiatan, 100), doer=doer)


def _actors(process: Process) -> Actors:
    """The names of the lanes, in words, the longest first."""
    named = (tuple(_words(lane.name or "")) for lane in islice(process.lanes.values(), MOST_LANES))
    return sorted(filter(None, named), key=len, reverse=True)


def _words(text: str) -> list[str]:
    return WORD.findall(text[:LONGEST].replace("&", " dan ").lower())


def _doer(words: Words, text: str, actors: Actors) -> str:
    """Who is said to do it: at the beginning, in a later clause before its verb, or after “oleh”."""
    if begun := _actor(words, actors):
        return begun
    if words and not _is_active(words[0]):
        for place, word in enumerate(words):
            if word == "oleh" and (after := _actor(words[place + 1 :], actors)):
                return after
    for clause in PARTS.split(text[:LONGEST])[1:]:
        said = _words(clause)
        said = said[1:] if said and said[0] in CONJUNCTIONS else said
        actor = _actor(said, actors)
        following = said[len(actor.split()) :]
        if actor and following and following[0].startswith("me"):
            return actor
    return ""


def _actor(words: Words, actors: Actors) -> str:
    """The actor that the words begin with: a lane by its whole name, or a position by its first word."""
    for actor in actors:
        if tuple(words[: len(actor)]) == actor:
            return " ".join(actor)
    return words[0] if words and POSITIONS.fullmatch(words[0]) else ""


def _is_active(word: str) -> bool:
    return bool(BASES.fullmatch(word)) or (word.startswith(ACTIVE) and not NOUNS.fullmatch(word))


def _is_no_verb(word: str) -> bool:
    """Whether it is known for a noun or a passive; of other words nothing is known."""
    if _is_active(word):
        return False
    passive = word.startswith("di") and len(word) > 5 and not word.startswith(NO_PASSIVE)
    return passive or bool(NOUNS.fullmatch(word) or NOUN.fullmatch(word))
