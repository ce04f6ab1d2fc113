"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // A tap on a legend shows that curve alone, in every chart that has it.
  let chosen = null;
  const highlight = (key) => {
    chosen = chosen === key ? null : key;
    for (const chart of all("svg.chart")) {
      const curves = all(".curve", chart);
      const here = chosen !== null && curves.some((curve) => curve.dataset.key === chosen);
      for (const curve of curves) curve.classList.toggle("dim", here && curve.dataset.key !== chosen);
    }
    for (const entry of all(".legend li")) entry.setAttribute("aria-pressed", entry.dataset.key === chosen);
  };
  for (const entry of all(".legend li")) {
    entry.tabIndex = 0;
    entry.setAttribute("role", "button");
    entry.setAttribute("aria-pressed", "false");
    entry.addEventListener("click", () => highlight(entry.dataset.key));
    entry.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      highlight(entry.dataset.key);
    });
  }

  // A chart can take the whole width.
  for (const card of all(".card")) {
    const button = document.createElement("button");
    button.className = "size";
    button.textContent = "⤢";
    button.setAttribute("aria-label", "Larger or smaller");
    button.addEventListener("click", () => card.classList.toggle("big"));
    card.prepend(button);
  }

  // Filters of the samples.
  for (const filter of all(".filter")) {
    const samples = all("details.sample", filter.parentElement);
    const count = filter.querySelector("output");
    const words = samples.map((sample) => sample.textContent.toLowerCase());
    const more = document.createElement("button");
    more.className = "more";
    more.textContent = "Show more";
    filter.parentElement.append(more);
    let most = 25;
    const apply = () => {
      const wanted = Object.fromEntries(all("select", filter).map((select) => [select.name, select.value]));
      const search = filter.querySelector("input").value.trim().toLowerCase();
      let found = 0;
      samples.forEach((sample, i) => {
        const fits = Object.entries(wanted).every(([name, value]) => !value || sample.dataset[name] === value)
          && (!search || words[i].includes(search));
        found += fits;
        sample.hidden = !fits || found > most;
      });
      count.textContent = `${found} of ${samples.length}`;
      more.hidden = found <= most;
    };
    filter.addEventListener("input", apply);
    more.addEventListener("click", () => { most += 50; apply(); });
    filter.hidden = false;
    apply();
  }

  // Tables that can be shown in more than one way.
  for (const choice of all(".choice")) {
    const tables = all(":scope > [data-view]", choice.closest(".views"));
    for (const table of tables) table.querySelector("h3").hidden = true;
    const apply = () => tables.forEach((table) => { table.hidden = table.dataset.view !== choice.value; });
    choice.addEventListener("change", apply);
    choice.hidden = false;
    apply();
  }

  // The contents say where the reader is.
  const links = new Map(all("nav a").map((link) => [link.hash.slice(1), link]));
  const here = (id) => {
    for (const [name, link] of links) link.classList.toggle("here", name === id);
    const bar = document.querySelector("nav");
    const link = links.get(id);
    if (link && bar.scrollWidth > bar.clientWidth) bar.scrollLeft = link.offsetLeft - bar.clientWidth / 3;
  };
  const watch = new IntersectionObserver(
    (seen) => { for (const entry of seen) if (entry.isIntersecting) here(entry.target.id); },
    { rootMargin: "-15% 0px -75% 0px" },
  );
  for (const section of all("main > section")) watch.observe(section);
})();
