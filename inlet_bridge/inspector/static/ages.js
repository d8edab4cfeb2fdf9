/* Keep the ages in tables current: the text of each <time data-age>, as row_texts.py writes it. */
(function () {
  const units = [[86400, "d"], [3600, "h"], [60, "min"], [0, "s"]];
  function write() {
    for (const each of document.querySelectorAll("time[data-age]")) {
      const seconds = Math.max(Math.floor((Date.now() - Date.parse(each.dateTime)) / 1000), 0);
      const [size, unit] = units.find(([from]) => seconds >= from);
      const text = `${Math.floor(seconds / (size || 1))} ${unit}`;
      if (each.textContent !== text) each.textContent = text;
    }
  }
  window.setInterval(write, 1000);
})();
