"""A later revision of the Kartu Pegawai, in which something of every kind has changed."""

import json
from pathlib import Path

from lxml import etree

from service.diagram.source import CAMUNDA, bpmn

ROOT = Path(__file__).parent.parent
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
FILE = "bpmn/kemenag/kartu-pegawai.bpmn"
CHECKED = "forms/kartu-pegawai-kelengkapan.form"
NAMESPACES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "camunda": CAMUNDA,
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
}
STEP = """<bpmn:userTask id="pindai_kartu" name="Memindai kartu">
  <bpmn:extensionElements><camunda:properties>
    <camunda:property name="sop.no" value="8"/>
    <camunda:property name="sop.kegiatan" value="Memindai kartu pegawai"/>
    <camunda:property name="sop.kelengkapan" value="Kartu pegawai"/>
    <camunda:property name="sop.waktu" value="5 menit"/>
    <camunda:property name="sop.output" value="Kartu pegawai"/>
  </camunda:properties></bpmn:extensionElements>
</bpmn:userTask>"""
FLOWS = """
<bpmn:sequenceFlow id="ke_pindai_kartu" sourceRef="terima_kartu" targetRef="pindai_kartu"/>
<bpmn:sequenceFlow id="dari_pindai_kartu" sourceRef="pindai_kartu" targetRef="serah_kartu"/>
<bpmn:sequenceFlow id="langsung_ke_konsep" sourceRef="disposisi_kepala" targetRef="buat_konsep"/>"""
DRAWN = """<bpmndi:BPMNShape id="pindai_kartu_di" bpmnElement="pindai_kartu">
  <dc:Bounds x="640" y="1505" width="140" height="90"/>
</bpmndi:BPMNShape>
<bpmndi:BPMNEdge id="ke_pindai_kartu_di" bpmnElement="ke_pindai_kartu">
  <di:waypoint x="860" y="1480"/><di:waypoint x="710" y="1480"/><di:waypoint x="710" y="1505"/>
</bpmndi:BPMNEdge>
<bpmndi:BPMNEdge id="dari_pindai_kartu_di" bpmnElement="dari_pindai_kartu">
  <di:waypoint x="710" y="1595"/><di:waypoint x="710" y="1610"/><di:waypoint x="860" y="1610"/>
</bpmndi:BPMNEdge>
<bpmndi:BPMNEdge id="langsung_ke_konsep_di" bpmnElement="langsung_ke_konsep">
  <di:waypoint x="490" y="535"/><di:waypoint x="490" y="730"/><di:waypoint x="640" y="730"/>
</bpmndi:BPMNEdge>"""


def earlier() -> dict[str, bytes]:
    """The Kartu Pegawai with its forms, as it lies in the folders."""
    files = [ROOT / FILE, *sorted((ROOT / "forms").glob("kartu-pegawai-*.form"))]
    return {str(path.relative_to(ROOT)): path.read_bytes() for path in files}


def later() -> dict[str, bytes]:
    """The same a year on: another actor, time, condition and form; a step came, and one went."""
    files = earlier()
    root = etree.fromstring(files[FILE])
    _take_out(root, "disposisi_kasubbag")
    _take_out(root, "ke_serah_kartu_dari_terima_kartu")
    process, plane = next(root.iter(bpmn("process"))), next(root.iter(f"{DI}BPMNPlane"))
    last = max(process.index(node) for node in process.iterchildren(bpmn("userTask")))
    process[last + 1 : last + 1] = _pieces(STEP)
    process.extend(_pieces(FLOWS))
    plane.extend(_pieces(DRAWN))
    _lane(root, "buat_konsep", "kasubbag_tu")
    _lane(root, "pindai_kartu", "kasubbag_tu")
    _by_id(root, "buat_konsep_di")[0].set("x", "640")
    _said(root, "terima_usulan", "sop.waktu", "30 menit")
    renumbered = ("buat_konsep", "periksa_kasubbag", "periksa_kepala", "perintah_kirim", "terima_kartu")
    for number, key in enumerate(renumbered, 3):
        _said(root, key, "sop.no", str(number))
    _condition(root, "ke_usulan_tidak_diproses_dari_usulan_lengkap", '=keputusan_kelengkapan != "lengkap"')
    files[FILE] = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    form = json.loads(files[CHECKED])
    form["components"].append(
        {"type": "textfield", "id": "Field_hp", "key": "nomor_hp", "label": "Nomor HP pemohon"}
    )
    files[CHECKED] = json.dumps(form).encode()
    return files


def _pieces(text: str) -> list[etree._Element]:
    prefixes = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    return list(etree.fromstring(f"<x {prefixes}>{text}</x>"))


def _by_id(root: etree._Element, key: str) -> etree._Element:
    return next(node for node in root.iter("*") if node.get("id") == key)


def _take_out(root: etree._Element, key: str) -> None:
    """An element with its flows, and with what draws them."""
    gone = {key} | {
        node.get("id", "")
        for node in root.iter(bpmn("sequenceFlow"))
        if key in (node.get("sourceRef"), node.get("targetRef"))
    }
    for node in list(root.iter("*")):
        said = {node.get("id"), node.get("bpmnElement"), (node.text or "").strip() or None}
        if gone & said and (parent := node.getparent()) is not None:
            parent.remove(node)


def _lane(root: etree._Element, key: str, lane: str) -> None:
    for reference in list(root.iter(bpmn("flowNodeRef"))):
        if reference.text == key and (parent := reference.getparent()) is not None:
            parent.remove(reference)
    reference = etree.SubElement(_by_id(root, lane), bpmn("flowNodeRef"))
    reference.text = key


def _said(root: etree._Element, key: str, name: str, text: str) -> None:
    for one in _by_id(root, key).iter(f"{{{CAMUNDA}}}property"):
        if one.get("name") == name:
            one.set("value", text)


def _condition(root: etree._Element, key: str, text: str) -> None:
    for one in _by_id(root, key).iter(bpmn("conditionExpression")):
        one.text = text
