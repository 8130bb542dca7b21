"""The SOP that a diagram carries: its identity block and the rows of its table, as they are printed."""

import re
from dataclasses import dataclass
from math import inf

from service.diagram.model import Element, Lane, Process
from service.diagram.rules.elements import WORK
from service.errors import Message

IDENTITY = (
    *("unit", "nomor", "tanggal_pembuatan", "tanggal_revisi", "tanggal_efektif", "disahkan_oleh"),
    *("judul", "dasar_hukum", "keterkaitan", "peringatan"),
    *("kualifikasi_pelaksana", "peralatan", "pencatatan"),
)
"""The thirteen items in the order of PermenPANRB 35/2012."""
SIGNED = ("disahkan_oleh", "dibuat_oleh")
"""Some documents name who made them in the place of who approved them."""
COLUMNS = ("no", "kegiatan", "kelengkapan", "waktu", "output", "keterangan")
NUMBER = re.compile(r"(\d{1,9})(.*)")


@dataclass(frozen=True)
class Item:
    """One item of the identity block; without lines the document prints a dash."""

    name: str
    lines: tuple[str, ...]

    @property
    def label(self) -> Message:
        """What stands before it."""
        return Message(f"sop.{self.name}")


@dataclass(frozen=True)
class Facts:
    """What the diagram says of its own revision, in its own words; empty where it says nothing."""

    number: str
    made_on: str
    revised_on: str
    effective_on: str
    approved_by: str


@dataclass(frozen=True)
class Row:
    """One row of the table; `lane` is the id of the Pelaksana's column, `element` the step's id."""

    no: str
    kegiatan: str
    lane: str | None
    kelengkapan: str
    waktu: str
    output: str
    keterangan: str
    element: str


def identity(process: Process) -> tuple[Item, ...]:
    """The thirteen items of the identity block, blank ones too."""
    return tuple(_item(process, name) for name in IDENTITY)


def facts(process: Process) -> Facts:
    """The items of the identity block that change from one revision to the next."""
    names = ("nomor", "tanggal_pembuatan", "tanggal_revisi", "tanggal_efektif", "disahkan_oleh")
    return Facts(*(", ".join(_item(process, name).lines) for name in names))


def columns(process: Process) -> tuple[Lane, ...]:
    """The Pelaksana columns: the lanes in the diagram's order, those that only hold lanes left out."""
    groups = {lane.parent for lane in process.lanes.values()}
    used = {element.lane for element in process.elements.values()}
    return tuple(lane for key, lane in process.lanes.items() if key not in groups or key in used)


def rows(process: Process) -> tuple[Row, ...]:
    """The rows of the table: people's work, and whatever else has the number or the words of a row.

    In the order of `sop.no`, 2 before 10; those without a number last, in the diagram's order.
    """
    steps = [element for element in process.elements.values() if _is_row(element)]
    return tuple(map(_row, sorted(steps, key=_number)))


def _item(process: Process, name: str) -> Item:
    if name == "disahkan_oleh":
        return _signed(process)
    text = process.properties.get(f"sop.{name}", "")
    if name == "judul":
        text = text or process.name or ""
    return Item(name, _lines(text))


def _signed(process: Process) -> Item:
    """Position, name and NIP of who approved the SOP, or of who made it where the document says that."""
    said = [name for name in SIGNED if process.properties.get(f"sop.{name}")]
    name = said[0] if said else SIGNED[0]
    parts = (process.properties.get(f"sop.{name}{part}", "") for part in ("", ".nama", ".nip"))
    return Item(name, tuple(part for part in parts if part))


def _lines(text: str) -> tuple[str, ...]:
    """One item a line; in a field of one line, semicolons stand between them."""
    return tuple(item.strip() for line in text.splitlines() for item in line.split(";") if item.strip())


def _is_row(element: Element) -> bool:
    return element.type in WORK or bool({"sop.no", "sop.kegiatan"} & element.properties.keys())


def _number(element: Element) -> tuple[float, str]:
    number = NUMBER.match(element.properties.get("sop.no", ""))
    return (int(number[1]), number[2]) if number else (inf, "")


def _row(element: Element) -> Row:
    said = {name: element.properties.get(f"sop.{name}", "") for name in COLUMNS}
    said["kegiatan"] = said["kegiatan"] or element.name or ""
    return Row(lane=element.lane, element=element.id, **said)
