"""Camunda Modeler's own drawing board and properties panel in a page, with Alur's element templates."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests import npm

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
TEMPLATES = sorted((ROOT / "bpmn/.camunda/element-templates").glob("*.json"))
BOARD = HERE / "node_modules/camunda-bpmn-js/dist"
STYLES = (
    *("diagram-js", "bpmn-js", "popup-menu", "properties-panel", "element-templates"),
    "bpmn-font/css/bpmn-embedded",
)
PAGE = (
    "<style>body{margin:0;font-family:sans-serif}"
    "#board{position:absolute;inset:0 340px 0 0}#panel{position:absolute;inset:0 0 0 auto;width:340px}"
    "#panel>div{height:100%}</style><div id=board></div><div id=panel></div>"
)
BEGIN = """templates => {
  window.board = new BpmnModeler({container: '#board', propertiesPanel: {parent: '#panel'}});
  window.errors = [];
  board.on('elementTemplates.errors', event => errors.push(...event.errors.map(String)));
  board.get('elementTemplatesLoader').setTemplates(templates);
  window.element = id => board.get('elementRegistry').get(id);
}"""
CLICK = """id => board.get('selection').select(
  element(id) === board.get('canvas').getRootElement() ? [] : element(id))"""


def templates() -> list[dict[str, Any]]:
    """Every element template of the project."""
    return [template for path in TEMPLATES for template in json.loads(path.read_text("utf-8"))]


class Board:
    """A diagram that is being drawn."""

    def __init__(self, chromium: Browser, width: int = 1200, height: int = 800) -> None:
        if hindrance := npm.install(HERE):
            pytest.skip(f"not drawn with Camunda Modeler's parts: {hindrance}")
        self.page: Page = chromium.new_page(viewport={"width": width, "height": height})
        self.page.set_content(PAGE)
        for name in STYLES:
            self.page.add_style_tag(path=str(BOARD / "assets" / f"{name}.css"))
        self.page.add_script_tag(path=str(BOARD / "camunda-platform-modeler.production.min.js"))
        self.page.evaluate(BEGIN, templates())

    def open(self, xml: str) -> None:
        """Opens a diagram; what the drawing board has to say against it fails the test."""
        said = self.page.evaluate(
            "xml => board.importXML(xml).then(({warnings}) => warnings.map(w => w.message))", xml
        )
        assert [*said, *self.page.evaluate("errors")] == []

    def save(self) -> str:
        """The file as the Modeler would write it."""
        xml: str = self.page.evaluate("board.saveXML({format: true}).then(({xml}) => xml)")
        return xml

    def select(self, element: str) -> None:
        """A click on an element, or beside all of them: the panel shows its fields."""
        self.page.evaluate(CLICK, element)
        self.page.wait_for_selector(".bio-properties-panel-header-type")
        closed = ".bio-properties-panel-group-header:not(.open)"
        for group in self.page.query_selector_all(closed):
            group.click()

    def scroll(self) -> None:
        """Brings the fields of the template into sight."""
        self.page.locator("[data-group-id*='CustomProperties']").first.evaluate(
            "group => group.scrollIntoView()"
        )

    def offered(self, element: str) -> list[str]:
        """The templates that one may choose for an element."""
        found: list[str] = self.page.evaluate(
            "id => board.get('elementTemplates').getAll(element(id)).map(template => template.id)", element
        )
        return found

    def apply(self, element: str, template: str) -> None:
        """Chooses a template."""
        self.page.evaluate(
            """([id, template]) => { const all = board.get('elementTemplates');
               all.applyTemplate(element(id), all.get(template)); }""",
            [element, template],
        )

    def fields(self) -> dict[str, str]:
        """What the panel's fields hold, by their labels."""
        found: dict[str, str] = self.page.evaluate(
            """() => Object.fromEntries([...document.querySelectorAll(
                 '[data-entry-id^="custom-entry"] label')].map(label => [label.textContent.trim(),
                 document.getElementById(label.htmlFor)?.value ?? null]))"""
        )
        return found

    def type(self, label: str, text: str) -> None:
        """Types into a field of the panel, as a person does."""
        self.page.get_by_label(label, exact=True).fill(text)
        self.page.get_by_label(label, exact=True).blur()

    def complaint(self, label: str) -> str:
        """What the panel says against a field."""
        entry = self.page.locator(".bio-properties-panel-entry.has-error", has=self.page.get_by_label(label))
        return entry.locator(".bio-properties-panel-error").inner_text() if entry.count() else ""
