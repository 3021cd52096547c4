// Optional features of a page: colours, printing, copying an address, steps for one audience, the search.
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("with-script");
  const base = new URL(".", document.currentScript.src);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const stored = {
    get colours() { try { return localStorage.getItem("colours"); } catch { return null; } },
    set colours(value) { try { localStorage.setItem("colours", value); } catch { /* storage is blocked */ } },
  };
  const colours = () => root.dataset.colours || (dark.matches ? "dark" : "light");
  if (stored.colours) root.dataset.colours = stored.colours; // before anything is painted

  function colourButton(button) {
    const show = () => { button.textContent = colours() === "dark" ? button.dataset.light : button.dataset.dark; };
    button.hidden = false;
    button.addEventListener("click", () => {
      stored.colours = root.dataset.colours = colours() === "dark" ? "light" : "dark";
      show();
    });
    dark.addEventListener("change", show);
    show();
  }

  function copyButton(button) {
    const address = button.parentElement.querySelector("a.address").href;
    const label = button.textContent;
    const status = button.parentElement.querySelector("[role=status]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(address);
      status.textContent = status.dataset.copied;
      button.addEventListener("blur", () => { status.textContent = ""; button.textContent = label; }, { once: true });
    });
  }

  // Show only the steps for one audience, with their own numbers.
  function audienceFilter(form) {
    const steps = [...document.querySelectorAll(".steps > li[data-for]")];
    const status = form.querySelector("[role=status]");
    for (const step of steps) step.value = [...step.parentElement.children].indexOf(step) + 1;
    const show = (audience) => {
      for (const step of steps) step.hidden = audience !== "" && !step.dataset.for.split(" ").includes(audience);
      const shown = steps.filter((step) => !step.hidden).length;
      status.textContent = audience === "" ? "" : status.dataset.words.replace("{shown}", shown).replace("{all}", steps.length);
    };
    const requested = new URLSearchParams(location.search).get("for") ?? "";
    const choice = [...form.elements.for].find((radio) => radio.value === requested);
    if (choice) { choice.checked = true; show(requested); }
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

  // The contents are open next to a wide page, and closed above a narrow one.
  function contents(details) {
    const sticky = () => getComputedStyle(details.parentElement).position === "sticky";
    let before;
    const set = () => { if (sticky() !== before) details.open = before = sticky(); };
    new ResizeObserver(set).observe(root); // also runs after the first layout
    details.addEventListener("click", (event) => { if (event.target.closest("a") && !sticky()) details.open = false; });
  }

  // Open the folded parts around what a link leads to, and the folded part of the entry whose heading it leads to.
  function reveal(hash) {
    let id = hash.slice(1);
    try { id = decodeURIComponent(id); } catch { /* not encoded */ }
    const target = document.getElementById(id);
    if (!target) return;
    target.dispatchEvent(new CustomEvent("reveal", { bubbles: true }));
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    const more = target.matches("h2, h3") && target.nextElementSibling?.querySelector(":scope > .more");
    if (more) more.open = true;
  }

  // Show only the terms with a name that has the typed words, or else those whose entries have them.
  function termFilter(form) {
    const field = form.querySelector("input");
    const status = form.querySelector("[role=status]");
    const plain = (text) => text.toLowerCase().replaceAll("’", "'");
    const entries = [...document.querySelectorAll(".term")].map((entry) => {
      const heading = entry.previousElementSibling;
      const title = heading.firstChild.textContent;
      const links = [...document.querySelectorAll(`nav a[href="#${heading.id}"]`)].map((link) => link.closest("li"));
      return { parts: [heading, entry, ...links], name: plain(`${title} ${entry.querySelector(".names")?.textContent ?? ""}`), text: plain(`${title} ${entry.textContent}`) };
    });
    const letters = [...document.querySelectorAll(".letters details")];
    const show = () => {
      const words = plain(field.value).split(/\s+/).filter(Boolean);
      const having = (part) => entries.filter((entry) => words.every((word) => ` ${entry[part]}`.includes(` ${word}`)));
      const named = having("name");
      const shown = new Set(named.length > 0 ? named : having("text"));
      for (const entry of entries) for (const part of entry.parts) part.hidden = !shown.has(entry);
      for (const letter of letters) letter.hidden = !letter.querySelector("li:not([hidden])");
      const message = named.length > 0 ? "shown" : shown.size > 0 ? "found" : "none";
      status.textContent = words.length === 0 ? "" : status.dataset[message].replace("{shown}", shown.size).replace("{all}", entries.length).replace("{text}", field.value.trim());
    };
    field.addEventListener("input", show);
    form.addEventListener("submit", (event) => event.preventDefault());
    document.addEventListener("reveal", (event) => {
      if (event.target.hidden) { field.value = ""; show(); event.target.scrollIntoView(); }
    });
    form.hidden = false;
    if (field.value) show(); // kept by the browser when the page is loaded again
  }

  // The menu covers a small screen, so close it when the focus leaves it.
  function menu(nav) {
    nav.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !nav.contains(event.relatedTarget) && nav.matches(":popover-open")) nav.hidePopover();
    });
  }

  // Scroll the page if a pop-up covers its own word.
  function uncoverWord(event) {
    const word = document.activeElement;
    if (event.newState !== "open" || !event.target.matches(".term-popover") || word?.getAttribute("popovertarget") !== event.target.id) return;
    const covered = word.getBoundingClientRect().bottom - event.target.getBoundingClientRect().top;
    if (covered > 0 && event.target.getBoundingClientRect().bottom >= innerHeight - 1) scrollBy(0, covered + 8);
  }

  // Send only `values`: no cookies and no referrer.
  const send = (address, values) => fetch(address, { method: "POST", mode: "no-cors", credentials: "omit", referrerPolicy: "no-referrer", keepalive: true, body: new URLSearchParams(values) });

  function feedback(form) {
    const status = form.querySelector("[role=status]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        await send(form.action, { page: form.elements.page.value, useful: event.submitter.value });
        form.querySelector("fieldset").disabled = true;
        status.textContent = status.dataset.thanks;
      } catch { status.textContent = status.dataset.failed; }
    });
  }

  function onSearchKey(open) {
    document.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") { event.preventDefault(); open(); }
    });
  }

  // The search script is loaded when it is first used; if that fails, the link leads to the search page.
  function searchLink(link) {
    const dialog = document.getElementById("search");
    const open = async () => {
      if (!dialog.open) dialog.showModal(); // before the script is loaded, so that no letter is lost
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
    onSearchKey(open);
    dialog.addEventListener("keydown", (event) => { // browsers would first empty the field
      if (event.key === "Escape" && !event.isComposing) { event.preventDefault(); dialog.close(); }
    });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest(".search-results a")) dialog.close();
    });
  }

  async function searchPage(page) {
    onSearchKey(() => page.querySelector("input").select());
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
    if (document.querySelector(".term-popover")) document.addEventListener("toggle", uncoverWord, true);
    document.querySelectorAll(".contents details").forEach(contents);
    document.querySelectorAll("form.term-filter").forEach(termFilter);
    document.querySelectorAll("form.audience-filter").forEach(audienceFilter);
    document.querySelectorAll(".search-link").forEach(searchLink);
    document.querySelectorAll("#search-page").forEach(searchPage);
    document.querySelectorAll("form.feedback").forEach(feedback);
    document.querySelectorAll(".suggestion").forEach(suggestion);
    document.addEventListener("click", (event) => { const link = event.target.closest("a[href^='#']"); if (link) reveal(link.hash); });
    addEventListener("hashchange", () => reveal(location.hash));
    reveal(location.hash);
    for (const counts of document.querySelectorAll("meta[name=counts]")) send(counts.content, { page: counts.dataset.page }).catch(() => {});
    if (navigator.clipboard) document.querySelectorAll("button.copy").forEach(copyButton);
    for (const line of document.querySelectorAll(".print-page")) {
      line.hidden = false;
      line.querySelector("button").addEventListener("click", () => print());
    }
  });
})();
