// Shows how far files have been sent; without it the browser sends the same form.
"use strict";

(function () {
  const form = document.getElementById("send");
  if (!form) return;

  const bar = form.querySelector("progress");
  const folder = form.querySelector("[data-folder]");
  if (folder && "webkitdirectory" in document.createElement("input")) folder.hidden = false;

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.dataset.sending) return;
    form.dataset.sending = "yes";
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      bar.hidden = false;
      bar.max = total;
      bar.value = loaded;
    });
    request.addEventListener("load", () => answered(request));
    request.addEventListener("error", () => failed());
    request.send(new FormData(form));
  });

  function answered(request) {
    if (request.status < 400) {
      location.assign(request.responseURL);
      return;
    }
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const content = page.getElementById("content");
    if (!content) return failed();
    document.title = page.title;
    document.getElementById("content").replaceWith(content);
    const summary = content.querySelector("[role=alert]") || content;
    summary.focus();
    window.scrollTo(0, 0);
  }

  function failed() {
    delete form.dataset.sending;
    bar.hidden = true;
    form.querySelector("[data-lost]").hidden = false;
  }
})();
