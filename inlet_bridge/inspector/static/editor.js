/* The map editor: which text the result is of, and whether there is text that is not saved. */
(function () {
  const form = document.getElementById("editor");
  const routes = document.getElementById("map-text");
  const result = document.getElementById("result");
  const status = document.getElementById("checked");
  let isLeaving = false;

  function outdated(text, isFailure) {
    result.classList.add("outdated");
    status.textContent = text;
    status.classList.toggle("failure", isFailure);
    status.hidden = false;
  }

  form.addEventListener("input", () => {
    outdated("The text has changed; it is evaluated in a moment. Below is the earlier result.", false);
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== result) return;
    result.classList.remove("outdated");
    status.hidden = true;
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    form.addEventListener(name, () => {
      outdated("The inspector does not respond. Below is the result of an earlier text.", true);
    });
  }
  form.addEventListener("htmx:responseError", (event) => {
    const code = event.detail.xhr.status;
    outdated(`The inspector responded ${code}. Below is the result of an earlier text.`, true);
  });

  // Without a server, the form would be replaced by the browser's own page, and the text lost.
  form.addEventListener("submit", async (event) => {
    if (isLeaving) return;
    event.preventDefault();
    const button = event.submitter;
    try {
      await fetch("/static/icon.svg", { cache: "no-store" });
    } catch {
      outdated("The inspector does not respond, so nothing was sent. The text is still here.", true);
      return;
    }
    isLeaving = true;
    form.requestSubmit(button);
  });

  window.addEventListener("beforeunload", (event) => {
    const isTyped = routes && routes.value !== routes.defaultValue;
    if (!isLeaving && (isTyped || form.dataset.unsaved === "true")) event.preventDefault();
  });
})();
