// Shows a button that copies the text of an element. Without scripts, the text can be selected.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const name = button.dataset.copy;
  const status = document.querySelector(`[data-copied="${name}"]`);
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(document.getElementById(name).textContent);
      status.textContent = "Copied";
    } catch {
      status.textContent = "The browser does not allow it: select the text instead";
    }
  });
}
