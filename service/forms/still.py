"""What a form only shows: words, images, tables, links and documents."""

import json
from collections.abc import Mapping
from datetime import date, time
from typing import Any

from service.forms.kinds import text
from service.forms.markup import clean, frame, image, markdown
from service.forms.nodes import Attachment, Still
from service.forms.saying import Saying
from service.forms.state import Instance
from service.values import tag

CELLS = 500
"""The most rows of a table that are shown."""


def still(instance: Instance, columns: int) -> Still:
    """The node of a component that holds no value."""
    component, scope = instance.component, instance.scope
    label = scope.line(component, "label")

    def made(label: str = label, **parts: Any) -> Still:
        return Still(component.type, f"shown-{component.id}", label, columns, **parts)

    match component.type:
        case "text":
            return made(html=markdown(scope.text(component, "text")))
        case "html":
            return made(html=clean(scope.text(component, "content", html=True)))
        case "image":
            source = image(scope.line(component, "source"))
            return made(scope.line(component, "alt"), source=source)
        case "iframe":
            return made(source=frame(scope.line(component, "url")))
        case "table":
            head, body = _table(instance)
            return made(head=head, body=body)
        case "documentPreview":
            return made(label or scope.line(component, "title"), files=_documents(instance))
    return made()


def _table(instance: Instance) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    found = instance.scope.of(instance.component, "columnsExpression")
    if not isinstance(found, list) or not all(_is_column(column) for column in found):
        found = [column for column in instance.component.get("columns", []) if isinstance(column, Mapping)]
    keys = [str(column.get("key", "")) for column in found]
    head = tuple(str(column.get("label") or column.get("key", "")) for column in found)
    source = instance.component.feel("dataSource")
    rows = instance.scope.value(source) if source else None
    body = tuple(
        tuple(_cell(row.get(key), instance.scope.say) for key in keys)
        for row in (rows if isinstance(rows, list) else ())[:CELLS]
        if isinstance(row, Mapping)
    )
    return head, body


def _is_column(column: Any) -> bool:
    return isinstance(column, Mapping) and all(isinstance(column.get(part), str) for part in ("label", "key"))


def _cell(value: Any, say: Saying | None) -> str:
    if say and isinstance(value, date | time):
        return say(value)
    if isinstance(value, dict | list):
        return json.dumps(tag(value), ensure_ascii=False)
    return text(value)


def _documents(instance: Instance) -> tuple[Attachment, ...]:
    """Documents as a file field writes them, or with form-js's own names for the parts."""
    source = instance.component.feel("dataSource")
    found = instance.scope.value(source) if source else None
    files = []
    for item in found if isinstance(found, list) else ():
        if isinstance(item, Mapping):
            metadata = item.get("metadata") if isinstance(item.get("metadata"), Mapping) else {}
            id = item.get("id") or item.get("documentId")
            name = item.get("name") or (metadata or {}).get("fileName")
            if isinstance(id, str) and isinstance(name, str):
                files.append(Attachment(id, name, ""))
    return tuple(files)
