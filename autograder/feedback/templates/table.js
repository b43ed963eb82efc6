"use strict";
// Sorts tables and searches the class. Everything can be read without it; controls are added only where it runs.
(() => {
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const valueOf = (cell) => cell.dataset.v ?? cell.textContent.trim();
  const compare = (a, b) => {
    const x = valueOf(a), y = valueOf(b);
    if (x === "" || y === "") return 0;
    const p = Number(x), q = Number(y);
    return Number.isNaN(p) || Number.isNaN(q) ? collator.compare(x, y) : p - q;
  };
  for (const table of document.querySelectorAll("table[data-sortable]")) {
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const first = head.dataset.first === "down" ? "descending" : "ascending";
        const other = first === "ascending" ? "descending" : "ascending";
        const order = head.getAttribute("aria-sort") === first ? other : first;
        for (const each of heads) each.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", order);
        const sign = order === "ascending" ? 1 : -1;
        const rows = [...body.rows].map((row, place) => ({ row, cell: row.cells[column], place }));
        // What has no value stays last in both orders.
        rows.sort((a, b) =>
          (valueOf(a.cell) === "") - (valueOf(b.cell) === "") || sign * compare(a.cell, b.cell) || a.place - b.place);
        body.append(...rows.map((each) => each.row));
      });
    });
  }
  const search = document.getElementById("search");
  const found = document.getElementById("found");
  const rows = [...document.getElementById("class").tBodies[0].rows];
  const texts = rows.map((row) => (row.cells[0].textContent + " " + row.lastElementChild.textContent).toLocaleLowerCase());
  search.closest("[hidden]").hidden = false;
  search.addEventListener("input", () => {
    const words = search.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, place) => {
      const fits = words.every((word) => texts[place].includes(word));
      row.hidden = !fits;
      shown += fits;
    });
    found.textContent = words.length ? `${shown} of ${rows.length}` : "";
  });
})();
