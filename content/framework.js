// What a page does beyond being read: colours, printing, copying an address, steps for one audience, the search. It reads without this, too.
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("with-script");
  const base = new URL(".", document.currentScript.src);
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
    const beside = () => getComputedStyle(details.parentElement).position === "sticky";
    let before;
    const set = () => { if (beside() !== before) details.open = before = beside(); };
    new ResizeObserver(set).observe(root); // at once, too, when the page has been laid out
    details.addEventListener("click", (event) => { if (event.target.closest("a") && !beside()) details.open = false; });
  }

  // The menu covers a small screen; it closes when the focus goes on behind it.
  function menu(nav) {
    nav.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !nav.contains(event.relatedTarget) && nav.matches(":popover-open")) nav.hidePopover();
    });
  }

  // A meaning that opens over its own word moves the page so that both are seen.
  function besideWord(event) {
    const word = document.activeElement;
    if (event.newState !== "open" || !event.target.matches(".term-popover") || word?.getAttribute("popovertarget") !== event.target.id) return;
    const over = word.getBoundingClientRect().bottom - event.target.getBoundingClientRect().top;
    if (over > 0 && event.target.getBoundingClientRect().bottom >= innerHeight - 1) scrollBy(0, over + 8);
  }

  // Sends what is named, and nothing else: no cookie, no address of this page or of the one before.
  const send = (address, words) => fetch(address, { method: "POST", mode: "no-cors", credentials: "omit", referrerPolicy: "no-referrer", keepalive: true, body: new URLSearchParams(words) });

  function feedback(form) {
    const said = form.querySelector("[role=status]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        await send(form.action, { page: form.elements.page.value, useful: event.submitter.value });
        form.querySelector("fieldset").disabled = true;
        said.textContent = said.dataset.thanks;
      } catch { said.textContent = said.dataset.failed; }
    });
  }

  // The search is fetched once it is asked for; without it, the link leads to its page.
  function searchLink(link) {
    const dialog = document.getElementById("search");
    const open = async () => {
      if (!dialog.open) dialog.showModal(); // at once, so that no letter is lost
      dialog.querySelector("input").select();
      try {
        const { attach } = await import(new URL("search.js", base));
        attach(dialog, base, false);
      } catch { location.href = link.href; }
    };
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      open();
    });
    document.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") { event.preventDefault(); open(); }
    });
    dialog.addEventListener("keydown", (event) => { // a browser would first empty the field
      if (event.key === "Escape" && !event.isComposing) { event.preventDefault(); dialog.close(); }
    });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest(".search-results a")) dialog.close();
    });
  }

  async function searchPage(page) {
    document.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") { event.preventDefault(); page.querySelector("input").select(); }
    });
    try {
      const { attach } = await import(new URL("search.js", base));
      attach(page, base, true);
    } catch {
      const count = page.querySelector(".search-count");
      count.textContent = count.dataset.failed;
    }
  }

  async function suggestion(box) {
    const { attach } = await import(new URL("suggest.js", base));
    await attach(box);
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("button.colours").forEach(colourButton);
    document.querySelectorAll("nav.sections").forEach(menu);
    if (document.querySelector(".term-popover")) document.addEventListener("toggle", besideWord, true);
    document.querySelectorAll(".contents details").forEach(contents);
    document.querySelectorAll("form.audience-filter").forEach(audienceFilter);
    document.querySelectorAll(".search-link").forEach(searchLink);
    document.querySelectorAll("#search-page").forEach(searchPage);
    document.querySelectorAll("form.feedback").forEach(feedback);
    document.querySelectorAll(".suggestion").forEach(suggestion);
    for (const counts of document.querySelectorAll("meta[name=counts]")) send(counts.content, { page: counts.dataset.page }).catch(() => {});
    if (navigator.clipboard) document.querySelectorAll("button.copy").forEach(copyButton);
    for (const line of document.querySelectorAll(".print-page")) {
      line.hidden = false;
      line.querySelector("button").addEventListener("click", () => print());
    }
  });
})();
