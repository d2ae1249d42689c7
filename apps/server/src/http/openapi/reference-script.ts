/**
 * Comfort only: copy buttons, the filter, "you are here" in the navigation, and opening what an anchor points
 * into. The page reads and links completely without it.
 */
export const REFERENCE_SCRIPT = `
(() => {
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const said = document.getElementById("said");

  for (const figure of $$("figure.code")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.setAttribute("aria-label", "Copy: " + figure.querySelector("figcaption").textContent);
    button.addEventListener("click", async () => {
      const text = figure.querySelector("code").textContent;
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = "Copied";
        said.textContent = "Copied to the clipboard";
      } catch {
        getSelection().selectAllChildren(figure.querySelector("code"));
        button.textContent = "Press Ctrl+C";
      }
      setTimeout(() => { button.textContent = "Copy"; said.textContent = ""; }, 1600);
    });
    figure.querySelector("figcaption").append(button);
  }

  const menu = document.querySelector(".side details");
  const wide = matchMedia("(min-width: 60rem)");
  const fit = () => { menu.open = wide.matches; };
  wide.addEventListener("change", fit);
  fit();
  menu.addEventListener("click", (event) => {
    if (event.target.closest("a") && !wide.matches) menu.open = false;
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !wide.matches && menu.open) { menu.open = false; menu.firstElementChild.focus(); }
  });

  const find = document.getElementById("find");
  find.closest(".find").hidden = false;
  const filter = () => {
    const words = find.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let shown = 0;
    for (const item of $$(".side li")) {
      item.hidden = !words.every((word) => item.dataset.find.includes(word));
      if (!item.hidden) shown++;
    }
    for (const list of $$(".side ul")) {
      const empty = $$("li", list).every((item) => item.hidden);
      list.hidden = empty;
      list.previousElementSibling.hidden = empty;
    }
    document.querySelector(".side .none").hidden = shown > 0;
  };
  find.addEventListener("input", filter);
  find.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { find.value = ""; filter(); }
    if (event.key === "Enter") $$(".side li").find((item) => !item.hidden)?.querySelector("a").click();
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || /^(INPUT|TEXTAREA)$/.test(event.target.tagName)) return;
    event.preventDefault();
    menu.open = true;
    find.focus();
  });

  const links = new Map($$(".side a").map((link) => [link.hash.slice(1), link]));
  const seen = new Set();
  const places = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  const watch = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) isIntersecting ? seen.add(target) : seen.delete(target);
    const here = places.filter((place) => seen.has(place)).at(-1);
    if (!here) return;
    for (const [id, link] of links) {
      if (id === here.id) {
        link.setAttribute("aria-current", "true");
        const list = document.querySelector(".side .list");
        const box = link.getBoundingClientRect(), frame = list.getBoundingClientRect();
        if (wide.matches && (box.top < frame.top || box.bottom > frame.bottom)) list.scrollTop += box.top - frame.top - frame.height / 3;
      } else link.removeAttribute("aria-current");
    }
  }, { rootMargin: "-15% 0px -75% 0px" });
  for (const place of places) watch.observe(place);

  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let box = target?.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  };
  addEventListener("hashchange", reveal);
  reveal();
})();
`;
