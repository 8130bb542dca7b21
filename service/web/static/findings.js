// Joins the findings of a check with the diagram beside them: a finding shows its element, an element
// marks its findings. The list says all of it without the picture.
"use strict";

(function () {
  const box = document.getElementById("diagram");
  const list = document.getElementById("findings");
  if (!box || !list) return;

  const LEGIBLE = 0.9;
  const items = [...list.querySelectorAll("[data-element]")];
  let shown = null;

  box.addEventListener("drawn", (event) => {
    const viewer = event.detail;
    const canvas = viewer.get("canvas");
    const places = new Map(items.map((item) => [item, place(viewer, item.dataset.element)]));
    items.forEach((item) => {
      const element = places.get(item);
      if (!element) return;
      mark(canvas, element, item.dataset.severity);
      item.classList.add("can-show");
      const button = item.querySelector("[data-show]");
      button.hidden = false;
      item.addEventListener("click", (click) => {
        if (!click.target.closest("a, summary, details")) show(canvas, element, item);
      });
    });
    viewer.get("eventBus").on("element.click", ({ element }) => {
      const about = items.filter((item) => places.get(item) === (element.labelTarget || element));
      if (about.length) show(canvas, element.labelTarget || element, about[0], true);
    });
  });

  // The process itself is drawn as its pool, where it has one.
  function place(viewer, id) {
    const registry = viewer.get("elementRegistry");
    const drawn = registry.get(id);
    if (drawn && drawn !== viewer.get("canvas").getRootElement()) return drawn;
    return registry.find((one) => (one.businessObject?.processRef || {}).id === id) || null;
  }

  function mark(canvas, element, severity) {
    if (severity === "warning" && canvas.hasMarker(element, "has-error")) return;
    canvas.removeMarker(element, "has-warning");
    canvas.addMarker(element, `has-${severity}`);
  }

  function show(canvas, element, item, fromDiagram) {
    if (shown) canvas.removeMarker(shown, "is-shown");
    shown = element;
    canvas.addMarker(element, "is-shown");
    const of = (one) => one.dataset.element === item.dataset.element;
    items.forEach((one) => {
      one.classList.toggle("is-marked", of(one));
      const button = one.querySelector("[data-show]");
      button.setAttribute("aria-pressed", String(of(one)));
    });
    if (fromDiagram) {
      item.scrollIntoView({ block: "nearest" });
      item.querySelector("[data-show]").focus({ preventScroll: true });
      return;
    }
    centre(canvas, element);
    box.scrollIntoView({ block: "nearest" });
  }

  function centre(canvas, element) {
    const box = bounds(element);
    const view = canvas.viewbox();
    const fits = Math.min(view.outer.width / (box.width + 80), view.outer.height / (box.height + 80));
    const scale = Math.min(Math.max(view.scale, LEGIBLE), fits);
    const width = view.outer.width / scale;
    const height = view.outer.height / scale;
    canvas.viewbox({
      x: box.x + box.width / 2 - width / 2,
      y: box.y + box.height / 2 - height / 2,
      width,
      height,
    });
  }

  // A flow has no box of its own, only points on its way.
  function bounds(element) {
    if (!element.waypoints) return element;
    const xs = element.waypoints.map((point) => point.x);
    const ys = element.waypoints.map((point) => point.y);
    const [x, y] = [Math.min(...xs), Math.min(...ys)];
    return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
  }
})();
