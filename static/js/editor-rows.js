"use strict";
// Tables of rows in a form: one more row at a press. Without script the form offers a few empty rows.
(() => {
  for (const table of document.querySelectorAll("[data-rows]")) {
    const prefix = table.dataset.rows;
    const total = document.querySelector(`[name=${prefix}-TOTAL_FORMS]`);
    const model = table.querySelector("template");
    const add = document.createElement("button");
    add.type = "button";
    add.className = "button add-row";
    add.textContent = table.dataset.add;
    add.addEventListener("click", () => {
      const place = Number(total.value);
      const row = model.content.cloneNode(true);
      for (const field of row.querySelectorAll("[name], [id], [for]")) {
        for (const name of ["name", "id", "for"]) {
          if (field.hasAttribute(name)) field.setAttribute(name, field.getAttribute(name).replace("__prefix__", place));
        }
      }
      table.querySelector("tbody").append(row);
      total.value = place + 1;
      table.querySelector("tbody tr:last-child").querySelector("input, select")?.focus();
    });
    table.append(add);
  }
})();
