// Makes the page handier; without it everything is there and the movies play.
"use strict";
document.documentElement.classList.add("js");

for (const list of document.querySelectorAll(".filterable")) {
  const search = list.querySelector(".search");
  if (!search) continue;
  const input = search.querySelector("input");
  const status = search.querySelector(".shown");
  const rows = [...list.querySelectorAll(".finding")].map((element) => ({
    element,
    // With the name of the rule and the remedy that its findings share.
    text: [...element.closest(".rule").querySelectorAll(":scope > h4, :scope > .remedy"), element]
      .map((part) => part.textContent.toLowerCase())
      .join(" "),
  }));
  const refresh = () => {
    const wanted = input.value.trim().toLowerCase();
    const off = new Set(
      [...list.querySelectorAll("input[type=checkbox]:not(:checked)")].map((box) => box.className.replace("show-", ""))
    );
    let shown = 0;
    for (const { element, text } of rows) {
      const family = [...element.closest(".family").classList].find((name) => name.startsWith("family-"));
      const severity = [...element.classList].find((name) => off.has(name));
      const visible = text.includes(wanted) && !severity && !off.has(family);
      element.hidden = !visible;
      shown += visible;
    }
    for (const group of list.querySelectorAll(".rule, .family")) {
      group.hidden = !group.querySelector(".finding:not([hidden])");
    }
    if (wanted) {
      for (const more of list.querySelectorAll(".rule details")) {
        if (more.querySelector(".finding:not([hidden])")) more.open = true;
      }
    }
    status.textContent = `${shown} of ${rows.length} shown`;
  };
  list.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  list.addEventListener("input", refresh);
  search.hidden = false;
  refresh();
}

for (const figure of document.querySelectorAll(".depth")) {
  const depths = figure.dataset.depths.split(" ").map(Number);
  const picture = figure.querySelector("img");
  const caption = figure.querySelector("figcaption");
  const slider = document.createElement("input");
  slider.type = "range";
  slider.min = 0;
  slider.max = depths.length - 1;
  slider.value = Math.floor(depths.length / 2);
  slider.setAttribute("aria-label", "Depth: " + picture.alt);
  const place = document.createElement("output");
  const show = () => {
    const frame = Number(slider.value);
    picture.style.transform = `translateY(${(-100 * frame) / depths.length}%)`;
    const words = `plane ${depths[frame] + 1} of ${figure.dataset.depth}`;
    place.textContent = words;
    slider.setAttribute("aria-valuetext", words);
  };
  slider.addEventListener("input", show);
  caption.replaceChildren(slider, place);
  show();
}
