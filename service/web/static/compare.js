// Joins the list of what differs with the two diagrams: each marks what is told of it, and shows it when
// it is asked for, on either side. The list says all of it without the pictures.
"use strict";

(function () {
  const list = document.getElementById("differences");
  const pictures = document.getElementById("pictures");
  if (!list || !pictures) return;

  const LEGIBLE = 0.75;
  const EDGE = 40;
  const SIGNS = { added: "+", removed: "−", moved: "⇄", changed: "≠" };
  const groups = [...list.querySelectorAll(".difference")];
  const sides = {};
  const words = (text) => (text || "").split(" ").filter(Boolean);

  pictures.classList.add("scripted");
  pictures.querySelectorAll(".diagram").forEach((box) => {
    box.addEventListener("drawn", (event) => {
      const viewer = event.detail;
      sides[box.dataset.side] = { canvas: viewer.get("canvas"), registry: viewer.get("elementRegistry"), shown: [] };
      Object.keys(SIGNS).forEach((kind) => mark(viewer, words(box.dataset[kind]), kind));
      viewer.get("eventBus").on("element.click", ({ element }) => find(box.dataset.side, element));
      groups.forEach((group) => offer(group));
    });
  });

  list.addEventListener("click", (event) => {
    const group = event.target.closest(".difference.can-show");
    if (group) {
      show(group);
      pictures.scrollIntoView({ block: "nearest" });
    }
  });

  function offer(group) {
    const button = group.querySelector(".show");
    if (!button) return;
    button.hidden = false;
    group.classList.add("can-show");
  }

  // A colour, a kind of line, and a sign: no one of them alone. Lanes are not filled: steps lie on them.
  function mark(viewer, ids, kind) {
    const canvas = viewer.get("canvas");
    ids.map((id) => viewer.get("elementRegistry").get(id)).filter(Boolean).forEach((element) => {
      canvas.addMarker(element, `is-${kind}`);
      if (element.type === "bpmn:Lane") canvas.addMarker(element, "is-lane");
      if (element.waypoints) return;
      const html = `<span class="sign-mark ${kind}" aria-hidden="true">${SIGNS[kind]}</span>`;
      viewer.get("overlays").add(element, { position: { top: -12, left: -12 }, html });
    });
  }

  function show(group, from) {
    groups.forEach((one) => {
      one.classList.toggle("is-chosen", one === group);
      const button = one.querySelector(".show");
      if (button) button.setAttribute("aria-pressed", String(one === group));
    });
    Object.entries(sides).forEach(([name, side]) => {
      side.shown.forEach((element) => side.canvas.removeMarker(element, "is-shown"));
      side.shown = words(group.dataset[name]).map((id) => side.registry.get(id)).filter(Boolean);
      side.shown.forEach((element) => side.canvas.addMarker(element, "is-shown"));
      if (side.shown.length && name !== from) centre(side.canvas, side.shown[0]);
    });
  }

  function find(name, element) {
    const id = (element.labelTarget || element).id;
    const group = groups.find((one) => words(one.dataset[name]).includes(id));
    if (!group) return;
    show(group, name);
    group.scrollIntoView({ block: "nearest" });
    group.querySelector(".show").focus({ preventScroll: true });
  }

  // What is longer than the picture, as a lane is, is shown from its beginning.
  function centre(canvas, element) {
    canvas.zoom(Math.max(canvas.zoom(), LEGIBLE));
    const { outer, scale } = canvas.viewbox();
    const box = element.waypoints ? { ...element.waypoints[0], width: 0, height: 0 } : element;
    const width = outer.width / scale;
    const height = outer.height / scale;
    const x = box.x + Math.min((box.width - width) / 2, -EDGE);
    const y = box.y + Math.min((box.height - height) / 2, -EDGE);
    canvas.viewbox({ x, y, width, height });
  }
})();
