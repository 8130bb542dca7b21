// Keeps a form steady while the server redraws its fields: what is typed meanwhile stays typed, and
// the keyboard goes on where it was.
"use strict";

(function () {
  const BUTTONS = "[name=_add], [name=_remove], [name=_discard]";
  const PRESS = 1000;
  const sent = new WeakMap();
  let pressed = null;
  let press = null;
  let held = null;

  document.documentElement.classList.add("scripted");

  function isFields(element) {
    return Boolean(element) && element.id === "form-fields";
  }

  function values(root) {
    const found = new Map();
    root.querySelectorAll("input[id], select[id], textarea[id]").forEach((field) => {
      if (field.type === "file") return;
      const choice = field.type === "checkbox" || field.type === "radio";
      found.set(field.id, choice ? field.checked : field.value);
    });
    return found;
  }

  // A row added or taken away, a file thrown out: the fields alone are drawn again.
  document.addEventListener("click", (event) => {
    const button = event.target.closest(BUTTONS);
    const fields = button && button.closest("#form-fields[hx-post]");
    if (!fields) return;
    event.preventDefault();
    pressed = { name: button.name, value: button.value };
    htmx.trigger(fields, "redraw");
  });

  document.addEventListener("htmx:configRequest", (event) => {
    if (!isFields(event.detail.elt) || !pressed) return;
    event.detail.parameters.append(pressed.name, pressed.value);
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!isFields(event.detail.elt)) return;
    sent.set(event.detail.xhr, { before: values(event.detail.elt), pressed });
    pressed = null;
  });

  // A press takes a moment. Fields that were redrawn meanwhile would take what is pressed from under the
  // pointer, and the click would be lost: they are drawn when it is over.
  document.addEventListener("pointerdown", (event) => {
    if (!event.target.closest("#sheet")) return;
    clearTimeout(press);
    press = setTimeout(letGo, PRESS);
  }, true);
  ["pointerup", "pointercancel"].forEach((kind) => document.addEventListener(kind, () => {
    if (press === null) return;
    clearTimeout(press);
    press = setTimeout(letGo, 50);
  }, true));

  function letGo() {
    press = null;
    const fields = held;
    held = null;
    if (fields && fields.isConnected && !fields.closest("form").dataset.sent) htmx.trigger(fields, "redraw");
  }

  function mustWait(fields, request) {
    const files = [...fields.querySelectorAll("input[type=file]")].some((field) => field.files.length);
    return press !== null && !request.pressed && !files;
  }

  document.addEventListener("htmx:beforeSwap", (event) => {
    const request = sent.get(event.detail.xhr);
    if (!request || !event.detail.shouldSwap) return;
    if (mustWait(event.detail.target, request)) {
      event.detail.shouldSwap = false;
      held = event.detail.target;
      return;
    }
    const now = values(event.detail.target);
    const typed = [...now].filter(([id, value]) => request.before.get(id) !== value);
    const once = { once: true };
    // At once, for the next request takes what the fields hold. After a row moved, another thing stands
    // at a place: then nothing is put back.
    document.addEventListener("htmx:afterSwap", () => request.pressed || catchUp(typed.map(restore)), once);
    document.addEventListener("htmx:afterSettle", () => goOn(request.pressed), once);
  });

  function restore([id, value]) {
    const field = document.getElementById(id);
    if (!field) return null;
    if (typeof value === "boolean") field.checked = value;
    else field.value = value;
    return field;
  }

  // What depends on a value that was put back is not drawn yet, and the browser tells no change of it:
  // it is drawn now, or when the field that is being typed in is left.
  function catchUp(restored) {
    const fields = document.getElementById("form-fields");
    if (!fields || !(fields.getAttribute("hx-trigger") || "").includes("change")) return;
    const redraw = () => fields.closest("form").dataset.sent || htmx.trigger(fields, "redraw");
    restored.filter(Boolean).forEach((field) => {
      if (field === document.activeElement) field.addEventListener("blur", redraw, { once: true });
      else redraw();
    });
  }

  function goOn(button) {
    if (!button || document.activeElement !== document.body) return;
    const list = document.getElementById(`field-${button.value.replace(/\[\d+\]$/, "")}`);
    const rows = list ? list.querySelectorAll(":scope > .form-row") : [];
    const last = button.name === "_add" && rows.length ? rows[rows.length - 1] : null;
    const place = (last && last.querySelector("input:not([type=hidden]), select, textarea")) || list;
    if (place) place.focus();
    else document.getElementById("sheet").querySelector("#complete").focus();
  }

  // The task is done, or no longer theirs: its own page says so. But not to who has just sent it
  // themselves: a redraw that comes late must not take them away from the answer.
  document.addEventListener("htmx:responseError", (event) => {
    if (!isFields(event.detail.elt) || event.detail.elt.closest("form").dataset.sent) return;
    if ([403, 404, 409].includes(event.detail.xhr.status)) {
      location.assign(event.detail.elt.getAttribute("hx-post"));
    }
  });

  // A page whose part was replaced under the reader's hands: the keyboard goes on from there.
  document.addEventListener("htmx:afterSettle", (event) => {
    const page = event.detail.elt;
    if (page && page.id === "content" && document.activeElement === document.body) page.focus();
  });

  // An impatient double click sends a form once.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.once === undefined) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });
})();
