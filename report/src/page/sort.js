// Chromium repeats no head of a table on the next sheet that has buttons in it: on paper they go.
const buttons = new Map();
addEventListener("beforeprint", () => {
  for (const button of buttons.keys()) button.replaceWith(...button.childNodes);
});
addEventListener("afterprint", () => {
  for (const [button, heading] of buttons) {
    button.append(...heading.childNodes);
    heading.append(button);
  }
});
// Headings of tables become buttons that sort by their column: numbers by value, what has
// none last, text by its letters.
for (const table of document.querySelectorAll("table.sorts")) {
  const body = table.tBodies[0];
  table.tHead.querySelectorAll("th").forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    buttons.set(button, heading);
    button.addEventListener("click", () => {
      const up = heading.getAttribute("aria-sort") !== "ascending";
      table.querySelectorAll("[aria-sort]").forEach((h) => h.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", up ? "ascending" : "descending");
      const key = (row) => {
        const cell = row.cells[column];
        return cell.dataset.value === undefined
          ? { number: NaN, text: cell.textContent }
          : { number: Number(cell.dataset.value), text: "" };
      };
      const rows = [...body.rows].map((row) => ({ row, key: key(row) }));
      const numbers = heading.classList.contains("n");
      rows.sort(({ key: a }, { key: b }) => {
        if (!numbers) return (up ? 1 : -1) * a.text.localeCompare(b.text, undefined, { numeric: true });
        if (Number.isNaN(a.number) || Number.isNaN(b.number)) {
          return Number.isNaN(a.number) - Number.isNaN(b.number);
        }
        return (up ? 1 : -1) * (a.number - b.number);
      });
      body.append(...rows.map(({ row }) => row));
    });
  });
}
