// Keeps a form steady while the server redraws its fields: what is typed meanwhile stays typed.
"use strict";

(function () {
  document.documentElement.classList.add("scripted");

  const sent = new WeakMap();

  function values(root) {
    const found = new Map();
    root.querySelectorAll("input, select, textarea").forEach((field) => {
      if (!field.name || field.type === "file" || field.type === "hidden") return;
      const choice = field.type === "checkbox" || field.type === "radio";
      found.set(field.id || field.name, choice ? field.checked : field.value);
    });
    return found;
  }

  function isFields(element) {
    return element && element.id === "form-fields";
  }

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (isFields(event.detail.target)) sent.set(event.detail.xhr, values(event.detail.target));
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    const before = sent.get(event.detail.xhr);
    if (!before || !isFields(event.detail.target)) return;
    const typed = new Map();
    values(event.detail.target).forEach((value, key) => {
      if (before.has(key) && before.get(key) !== value) typed.set(key, value);
    });
    document.addEventListener("htmx:afterSwap", () => restore(typed), { once: true });
  });

  function restore(typed) {
    typed.forEach((value, key) => {
      const field = document.getElementById(key);
      if (!field) return;
      if (typeof value === "boolean") field.checked = value;
      else field.value = value;
    });
  }

  // A page whose part was replaced under the reader's hands: the keyboard goes on from there.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (document.activeElement === document.body && event.target.id === "content") event.target.focus();
  });

  // A finished task may not be sent twice by an impatient double click.
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
