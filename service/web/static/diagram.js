// Draws a process's diagram with what is done and where the case stands now; the list says the same.
// Whoever adds to a picture listens for `drawn`; `data-first` says what is to be looked at first.
"use strict";

document.querySelectorAll(".diagram[data-source]").forEach((box) => {
  const tools = box.parentElement.querySelector(".diagram-tools .actions");
  const words = (name) => (box.dataset[name] || "").split(" ").filter(Boolean);

  async function draw() {
    const answer = await fetch(box.dataset.source, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    const text = await answer.text();
    box.textContent = "";
    box.classList.add("ready");
    // Scrolling the page must not get caught in the diagram: the buttons zoom, dragging moves.
    const viewer = new BpmnJS({ container: box, zoomScroll: { enabled: false } });
    await viewer.importXML(text);
    const canvas = viewer.get("canvas");
    const registry = viewer.get("elementRegistry");
    const known = (id) => registry.get(id);
    words("done").filter(known).forEach((id) => canvas.addMarker(id, "is-done"));
    const active = words("active").filter(known);
    active.forEach((id) => {
      canvas.removeMarker(id, "is-done");
      canvas.addMarker(id, "is-active");
    });
    const stuck = words("stuck").filter(known);
    stuck.forEach((id) => canvas.addMarker(id, "is-stuck"));
    active.unshift(...words("first").filter(known), ...stuck);
    look(canvas, active.map(known));
    bind(canvas, viewer.get("zoomScroll"), active.map(known));
    follow(canvas, active.map(known));
    box.dispatchEvent(new CustomEvent("drawn", { detail: viewer }));
  }

  // A phone that is turned, a window made narrower: look at the same thing again, if there is room at all.
  function follow(canvas, active) {
    let width = box.clientWidth;
    new ResizeObserver(() => {
      if (!box.clientWidth || box.clientWidth === width) return;
      width = box.clientWidth;
      canvas.resized();
      look(canvas, active);
    }).observe(box);
  }

  // Legible first: the whole width where that can be read, and the active step in the middle.
  function look(canvas, active) {
    canvas.zoom("fit-viewport", "auto");
    const view = canvas.viewbox();
    const legible = Math.min(1, view.outer.width / view.inner.width);
    const scale = Math.max(legible, 0.75);
    if (view.scale >= scale || !active.length) return;
    const first = active.reduce((a, b) => (b.y < a.y ? b : a));
    const width = view.outer.width / scale;
    const height = view.outer.height / scale;
    const fits = width >= view.inner.width;
    canvas.viewbox({
      x: fits ? view.inner.x - (width - view.inner.width) / 2 : first.x + first.width / 2 - width / 2,
      y: first.y + first.height / 2 - height / 2,
      width,
      height,
    });
  }

  function bind(canvas, zoom, active) {
    const press = {
      all: () => canvas.zoom("fit-viewport", "auto"),
      now: () => look(canvas, active),
      in: () => zoom.stepZoom(1),
      out: () => zoom.stepZoom(-1),
    };
    tools.hidden = false;
    tools.addEventListener("click", (event) => {
      const button = event.target.closest("[data-look]");
      if (button) press[button.dataset.look]();
    });
    tools.querySelector("[data-look=now]").hidden = !active.length;
  }

  draw().catch(() => {
    box.textContent = box.dataset.failed;
  });
});
