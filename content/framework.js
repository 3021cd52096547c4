// Optional features of a page: colours, printing, copying, steps for one role, the search.
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("with-script");
  const base = new URL(".", document.currentScript.src);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const stored = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
  const store = (name, value) => { try { localStorage.setItem(name, value); } catch { /* storage is blocked */ } };
  const colours = () => root.dataset.colours || (dark.matches ? "dark" : "light");
  if (stored("colours")) root.dataset.colours = stored("colours"); // before anything is painted

  // The steps of other roles are hidden before anything is painted, and in print; those in a list marked `opened` are not.
  let role = "";
  const hiding = new CSSStyleSheet();
  document.adoptedStyleSheets.push(hiding);
  function setRole(value) {
    role = /^[a-z0-9-]+$/.test(value) ? value : "";
    if (role) root.dataset.role = role; else delete root.dataset.role;
    const others = `:not([data-print-for~="${role}"], :has(.opened), :has(+ * .opened))`;
    hiding.replaceSync(role && `@media print { [data-print-for]${others} { display: none; } } [data-for]:not([data-for~="${role}"], .opened > *, :target, :has(:target)) { display: none !important; }`);
  }
  const requested = new URLSearchParams(location.search).get("for");
  const [visit] = performance.getEntriesByType("navigation");
  if (requested !== null && visit?.type !== "back_forward") store("role", requested);
  setRole(stored("role") ?? requested ?? "");

  function colourButton(button) {
    const show = () => { button.textContent = colours() === "dark" ? button.dataset.light : button.dataset.dark; };
    button.hidden = false;
    button.addEventListener("click", () => {
      root.dataset.colours = colours() === "dark" ? "light" : "dark";
      store("colours", root.dataset.colours);
      show();
    });
    dark.addEventListener("change", show);
    show();
  }

  // What word processors and mail need of `element`: tags without our attributes, and text with the marks of lists.
  function copyOf(element) {
    const copy = element.cloneNode(true);
    for (const part of copy.querySelectorAll("*")) {
      for (const { name } of [...part.attributes]) part.removeAttribute(name);
      if (part.matches("table")) part.border = "1";
    }
    const html = copy.innerHTML;
    for (const item of copy.querySelectorAll("li")) {
      item.prepend(item.parentElement.matches("ol") ? `${[...item.parentElement.children].indexOf(item) + 1}. ` : "- ");
    }
    element.after(copy); // its text has lines only while it is in the page
    const text = copy.innerText;
    copy.remove();
    return new ClipboardItem({ "text/html": new Blob([html], { type: "text/html" }), "text/plain": new Blob([text], { type: "text/plain" }) });
  }

  // Copy the element that the button names, or the address beside it.
  function copyButton(button) {
    const status = button.parentElement.querySelector("[role=status]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      const element = document.getElementById(button.dataset.copy);
      if (element) await navigator.clipboard.write([copyOf(element)]);
      else await navigator.clipboard.writeText(button.parentElement.querySelector("a.address").href);
      status.textContent = status.dataset.copied;
      button.addEventListener("blur", () => { status.textContent = ""; }, { once: true });
    });
  }

  // Choose whose steps to see: say how many are shown, and offer the others below each list.
  function roleChoice(form) {
    const { list, shown, opened, others, none } = form.dataset;
    const lists = [...document.querySelectorAll(`ol.${list}`)].map((steps) => {
      const line = document.createElement("p"), words = document.createElement("span"), button = document.createElement("button");
      line.className = "others";
      button.type = "button";
      button.addEventListener("click", () => {
        button.setAttribute("aria-expanded", steps.classList.toggle("opened"));
        printed.textContent = status.textContent + (lists.some((part) => part.steps.matches(".opened")) ? opened : "");
      });
      line.append(words, " ", button);
      steps.after(line);
      return { steps, line, words, button };
    });
    const status = form.querySelector("[role=status]"), tools = form.querySelector(".role-tools"), printed = document.createElement("p");
    document.querySelector(".print-only").append(printed);
    const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
    const count = (lists, selector) => lists.reduce((sum, { steps }) => sum + steps.querySelectorAll(`:scope > ${selector}`).length, 0);

    function show(chosen) {
      if (![...form.elements.for].some((radio) => radio.value === role)) setRole("");
      for (const radio of form.elements.for) radio.checked = radio.value === role;
      const address = new URL(location.href);
      if (role && (chosen || address.searchParams.has("for"))) address.searchParams.set("for", role); else address.searchParams.delete("for");
      if (address.href !== location.href) history.replaceState(null, "", address);
      const name = form.querySelector(":checked").parentElement.textContent.trim().toLowerCase();
      const mine = `[data-for~="${role}"]`;
      printed.textContent = role && fill(shown, { role: name, shown: count(lists, mine), all: count(lists, "[data-for]") });
      status.textContent = printed.textContent;
      tools.hidden = printed.hidden = !role;
      for (const part of lists) {
        const n = count([part], `[data-for]:not(${mine})`);
        part.line.hidden = !role || !n;
        part.words.textContent = count([part], mine) ? "" : fill(none, { role: name });
        part.button.textContent = fill(others, { role: name, n });
        const alone = role && list === "steps" && lists.length === 1 && !count([part], mine); // a page without a step for the role shows those of others
        part.button.setAttribute("aria-expanded", part.steps.classList.toggle("opened", Boolean(alone)));
        if (alone) printed.textContent += opened;
      }
      for (const part of form.dataset.count ? document.querySelectorAll("[data-steps]") : []) {
        const everyone = part.dataset.everyone ??= part.textContent, n = part.getAttribute(`data-steps-${role}`);
        part.textContent = n ? fill(form.dataset.count, { n, all: part.dataset.steps, role: name }) : everyone;
      }
      for (const link of document.querySelectorAll("main a[href]")) { // for those who keep nothing on the device
        if (!link.href.startsWith(base) || !link.pathname.endsWith("/") || link.pathname === location.pathname) continue;
        if (link.search && !link.search.startsWith("?for=")) continue;
        link.setAttribute("href", link.getAttribute("href").replace(/(\?for=[^#]*)?(#|$)/, (_, old, hash) => (role && `?for=${role}`) + hash)); // still relative, so that print names no address
      }
    }
    function choose(value) {
      setRole(value);
      store("role", role);
      show(true);
    }
    form.addEventListener("change", () => choose(form.elements.for.value));
    form.addEventListener("click", ({ target }) => { if (role && target.value === role) choose(""); }); // pressed again: the role of the page is still the old one when another is chosen
    form.querySelector(".show-all").addEventListener("click", () => { choose(""); form.querySelector(":checked").focus(); });
    form.querySelector(".print-shown")?.addEventListener("click", () => print());
    form.querySelector(".print-all")?.addEventListener("click", () => {
      const set = (all) => { hiding.disabled = printed.hidden = all; root.classList.toggle("print-everything", all); };
      set(true);
      addEventListener("afterprint", () => set(false), { once: true });
      print();
    });
    const again = () => { setRole(stored("role") ?? role); show(); };
    addEventListener("storage", (event) => { if (event.key === "role") again(); });
    addEventListener("pageshow", (event) => { if (event.persisted) again(); });
    show();
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
      const words = plain(field.value).split(/[\s,?]+/).filter((word) => word && !/^(and|or|vs|the)$/.test(word));
      const has = (entry, part) => (word) => ` ${entry[part]}`.includes(` ${word}`);
      const having = (part) => entries.filter((entry) => words.every(has(entry, part)));
      const named = having("name").length > 0 || !entries.some((entry) => words.every((word) => has(entry, "text")(word))) ? having("name") : entries.filter((entry) => words.some(has(entry, "name")));
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

  // Mark in the contents the part that is being read.
  function place(nav) {
    const links = new Map([...nav.querySelectorAll("a")].map((link) => [document.getElementById(link.hash.slice(1)), link]));
    const parts = [...links.keys()];
    const mark = () => {
      const here = links.get(parts.filter((part) => part.getClientRects().length).findLast((part) => part.getBoundingClientRect().top < innerHeight / 3));
      for (const link of links.values()) if (link === here) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
      if (here) nav.scrollTop = here.offsetTop - nav.clientHeight / 2;
    };
    const observer = new IntersectionObserver(mark, { rootMargin: "0px 0px -67%" });
    for (const part of parts) observer.observe(part);
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

  // Load the script of the checklist where there are questions, or answers to count.
  function checklist() {
    const needed = document.querySelector(".questions") ? () => true : () => document.querySelector(".checklist-progress") && stored("checklist");
    const load = () => { if (needed()) import(new URL(document.querySelector(".checklist-tools") ? "checklist-page.js" : "checklist.js", base)).catch(() => root.classList.add("on-paper-only")); };
    for (const event of ["pageshow", "storage"]) addEventListener(event, load);
    load();
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
    document.querySelectorAll("form.role-choice").forEach(roleChoice);
    document.querySelectorAll(".contents").forEach(place);
    document.querySelectorAll(".search-link").forEach(searchLink);
    document.querySelectorAll("#search-page").forEach(searchPage);
    document.querySelectorAll("form.feedback").forEach(feedback);
    document.querySelectorAll(".suggestion").forEach(suggestion);
    checklist();
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
