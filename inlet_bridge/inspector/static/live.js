/* Say on the list that the connection with the inspector is lost, and that it is there again. */
(function () {
  const status = document.getElementById("live");
  const source = document.querySelector("[sse-connect]");
  let before = null;
  source.addEventListener("htmx:sseError", () => {
    if (before !== null) return;
    before = status.textContent;
    status.textContent = "Not connected; trying again.";
    status.classList.add("failure");
  });
  source.addEventListener("htmx:sseOpen", () => {
    if (before === null) return;
    status.textContent = before;
    status.classList.remove("failure");
    before = null;
  });
})();
