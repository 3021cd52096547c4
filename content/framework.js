// What a page does beyond being read: colours, printing, copying an address, steps for one audience. It reads without this, too.
"use strict";
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const kept = {
    get colours() { try { return localStorage.getItem("colours"); } catch { return null; } },
    set colours(value) { try { localStorage.setItem("colours", value); } catch { /* not kept */ } },
  };
  const colours = () => root.dataset.colours || (dark.matches ? "dark" : "light");
  if (kept.colours) root.dataset.colours = kept.colours; // before anything is painted

  function colourButton(button) {
    const show = () => { button.textContent = colours() === "dark" ? button.dataset.light : button.dataset.dark; };
    button.hidden = false;
    button.addEventListener("click", () => {
      kept.colours = root.dataset.colours = colours() === "dark" ? "light" : "dark";
      show();
    });
    dark.addEventListener("change", show);
    show();
  }

  function copyButton(button) {
    const address = button.parentElement.querySelector("a.address").href;
    const words = button.textContent;
    const said = button.parentElement.querySelector("[role=status]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(address);
      said.textContent = said.dataset.copied;
      button.addEventListener("blur", () => { said.textContent = ""; button.textContent = words; }, { once: true });
    });
  }

  // Steps for one audience: the others are hidden, and each keeps its number.
  function audienceFilter(form) {
    const steps = [...document.querySelectorAll(".steps > li[data-for]")];
    const said = form.querySelector("[role=status]");
    for (const step of steps) step.value = [...step.parentElement.children].indexOf(step) + 1;
    const show = (audience) => {
      for (const step of steps) step.hidden = audience !== "" && !step.dataset.for.split(" ").includes(audience);
      const shown = steps.filter((step) => !step.hidden).length;
      said.textContent = audience === "" ? "" : said.dataset.words.replace("{shown}", shown).replace("{all}", steps.length);
    };
    const asked = new URLSearchParams(location.search).get("for") ?? "";
    const choice = [...form.elements.for].find((radio) => radio.value === asked);
    if (choice) { choice.checked = true; show(asked); }
    form.addEventListener("change", () => {
      const address = new URL(location.href);
      const audience = form.elements.for.value;
      if (audience) address.searchParams.set("for", audience); else address.searchParams.delete("for");
      history.replaceState(null, "", address);
      show(audience);
    });
    form.hidden = false;
    document.querySelector(".audience-links").hidden = true;
  }

  // Beside a wide page the contents stand open; above a narrow one they fold.
  function contents(details) {
    const wide = matchMedia("(min-width: 80em)");
    const set = () => { details.open = wide.matches; };
    wide.addEventListener("change", set);
    set();
    details.addEventListener("click", (event) => { if (event.target.closest("a") && !wide.matches) details.open = false; });
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("button.colours").forEach(colourButton);
    document.querySelectorAll(".contents details").forEach(contents);
    document.querySelectorAll("form.audience-filter").forEach(audienceFilter);
    if (navigator.clipboard) document.querySelectorAll("button.copy").forEach(copyButton);
    for (const line of document.querySelectorAll(".print-page")) {
      line.hidden = false;
      line.querySelector("button").addEventListener("click", () => print());
    }
  });
})();
