// The checklist: answers and notes, kept on this device and never sent.
const KEY = "checklist", FORMAT = "social-value-checklist", VERSION = 1, LARGEST_FILE = 2_000_000;
const ANSWERS = ["yes", "partly", "no", "not-applicable"];
const root = document.documentElement;
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const oneLine = (text) => text.replace(/\s+/g, " ").trim();
const plain = (text) => oneLine(text.normalize()).replace(/[‘’]/g, "'").replace(/[“”]/g, '"');
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const used = (entry) => Boolean(entry?.answer || entry?.note);
const open = (entry) => ["partly", "no"].includes(entry?.answer);

// The recommendations of the page, with their questions; the page of a stage has no fields to fill in.
const groups = all(".questions, [data-ask]").map((element) => ({
  element,
  ids: [element.dataset.id ?? element.id, ...element.dataset.formerly?.split(" ") ?? []],
  fields: all("fieldset", element),
  questions: element.dataset.ask?.split("\n") ?? all("legend", element).map((legend) => oneLine(legend.textContent)),
}));
const edition = document.querySelector("[data-edition]")?.dataset.edition;
const tools = document.querySelector(".checklist-tools");

/* What is stored */

const nothing = () => ({ format: FORMAT, version: VERSION, edition, answers: {} });
let kept = nothing();
let trouble = ""; // why this page neither reads nor writes what is stored: "blocked" or "unreadable"

// The checklist in `text`, or why it has none: "damaged", "other" or "newer".
function read(text) {
  let found;
  try { found = JSON.parse(text); } catch { return "damaged"; }
  if (found?.format !== FORMAT) return "other";
  if (found.version > VERSION) return "newer";
  const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  const isEntry = (entry) => isObject(entry) && typeof entry.question === "string" && [undefined, ...ANSWERS].includes(entry.answer) && ["string", "undefined"].includes(typeof entry.note);
  const isList = ([id, list]) => /^[a-z0-9-]+$/.test(id) && Array.isArray(list) && list.every(isEntry);
  if (found.version !== VERSION || !isObject(found.answers) || !Object.entries(found.answers).every(isList)) return "damaged";
  const lists = Object.entries(found.answers).map(([id, list]) => [id, list.map(({ question, answer, note, gone }) => ({ question, answer, note, gone }))]);
  return { ...nothing(), edition: String(found.edition), answers: Object.fromEntries(lists) };
}

function load() {
  if (trouble) return;
  try {
    const text = localStorage.getItem(KEY);
    const found = text === null ? nothing() : read(text);
    if (typeof found === "string") trouble = "unreadable"; else kept = found;
  } catch { trouble = "blocked"; }
}

function save() {
  if (trouble) return;
  try {
    if (Object.keys(kept.answers).length) localStorage.setItem(KEY, JSON.stringify(kept)); else localStorage.removeItem(KEY);
  } catch { trouble = "blocked"; }
}

// The id under which the answers of a group are stored: its own, or one that it had before.
const storedAs = ({ ids }) => ids.find((id) => kept.answers[id]);

// The entry of each question of `group`: that with the same text, or else the one in the same place; and the entries that are left.
function match(group) {
  const entries = kept.answers[storedAs(group)] ?? [];
  const left = new Set(entries);
  const take = (entry) => { left.delete(entry); return entry; };
  const found = group.questions.map((question) => take(entries.find((entry) => plain(entry.question) === plain(question))));
  const inPlace = found.map((entry, n) => entry ?? (left.has(entries[n]) && !entries[n].gone ? take(entries[n]) : undefined));
  return { found: inPlace, left: [...left].filter(used) };
}

function change(group, n, values) {
  load();
  const { found, left } = match(group);
  const entries = found.map((entry, at) => (used(entry) ? { ...entry, gone: undefined } : { question: group.questions[at] }));
  entries[n] = { ...entries[n], ...values };
  delete kept.answers[storedAs(group)];
  const list = [...entries, ...left.map((entry) => ({ ...entry, gone: true }))];
  if (list.some(used)) kept.answers[group.ids[0]] = list;
  kept.edition = edition;
  save();
  show();
  noUndo();
}

const count = ({ answers }, name) => Object.values(answers).flat().filter((entry) => entry[name]).length;
const unasked = () => {
  const here = new Set(groups.map(storedAs));
  return [...Object.keys(kept.answers).filter((id) => !here.has(id)).flatMap((id) => kept.answers[id].filter(used).map((entry) => [id, entry])),
    ...groups.flatMap((group) => match(group).left.map((entry) => [group.ids[0], entry]))];
};

/* What is shown */

// What is undone is what was cleared or replaced last, and only while nothing has changed since.
function noUndo() {
  const undo = tools?.querySelector("[data-do=undo]");
  if (!undo || undo.hidden) return;
  undo.hidden = true;
  undo.previousElementSibling.textContent = "";
}

const part = (field, selector) => field.querySelector(selector);
const labelOf = (answer) => part(document, `.questions [value="${answer}"]`)?.parentElement.textContent.trim() ?? answer ?? "";

function showQuestion(field, entry, question) {
  const note = part(field, "textarea"), details = part(field, "details"), summary = part(details, "summary"), reworded = part(field, ".reworded");
  for (const radio of all("[type=radio]", field)) radio.checked = radio.value === entry?.answer;
  const text = entry?.note ?? "";
  if (note.value.trim() !== text) { note.value = text; details.open = text !== ""; } // not while it is typed here
  summary.textContent = text ? summary.dataset.edit : summary.dataset.add;
  part(field, ".note-printed").textContent = text;
  part(field, ".remove-answer").hidden = !entry?.answer;
  reworded.hidden = !used(entry) || plain(entry.question) === plain(question);
  part(reworded, "q").textContent = entry?.question ?? "";
}

const isFor = (element) => !root.dataset.role || !element || element.matches(`[data-for~="${root.dataset.role}"]`);
const counted = ({ element }) => isFor(element.closest("[data-for]"));
const roleName = () => part(document, `.role-choice [value="${root.dataset.role}"]`)?.parentElement.textContent.trim().toLowerCase();

function showProgress(line) {
  const scope = line.closest(".checklist-stage") ?? document;
  const entries = groups.filter((group) => scope.contains(group.element) && counted(group)).flatMap((group) => match(group).found);
  const values = { all: entries.length, answered: entries.filter((entry) => entry?.answer).length, open: entries.filter(open).length, role: roleName() };
  const { everyone, role, open: rest } = line.dataset;
  const filtered = root.dataset.role && groups.some(({ element }) => element.closest("[data-for]"));
  line.textContent = values.all ? fill((filtered ? role : everyone) + (values.open ? rest : ""), values) : "";
  const bar = line.nextElementSibling;
  if (bar?.matches("progress")) { bar.max = values.all || 1; bar.value = values.answered; }
  const box = line.closest(".if-answered");
  if (box) box.hidden = !values.answered;
}

function show() {
  for (const group of groups) {
    const { found } = match(group);
    group.fields.forEach((field, n) => showQuestion(field, found[n], group.questions[n]));
  }
  all(".checklist-progress").forEach(showProgress);
  for (const line of all(".checklist-trouble")) line.textContent = line.dataset[trouble] ?? "";
  const gone = part(document, ".gone"), old = gone ? unasked() : [];
  if (!gone) return;
  gone.hidden = old.length === 0;
  part(gone, "summary").textContent = fill(part(gone, "summary").dataset.text, { n: old.length });
  part(gone, "ul").replaceChildren(...old.map(([id, { question, answer, note }]) =>
    Object.assign(document.createElement("li"), { textContent: [`${id}. ${question}`, labelOf(answer), note].filter(Boolean).join(" – ") })));
}

// Show only the questions that the filter asks for; those that are answered meanwhile stay until it is used again.
function filter() {
  const form = part(document, ".checklist-filter");
  if (!form) return;
  const chosen = form.elements.show.value, status = part(form, "[role=status]");
  let shown = 0, number = 0;
  for (const group of groups) {
    const { found } = match(group);
    const wanted = group.fields.map((_, n) => chosen === "all" || open(found[n]) || (chosen === "unanswered" && !found[n]?.answer));
    group.fields.forEach((field, n) => { field.hidden = !wanted[n]; });
    group.element.parentElement.hidden = !wanted.includes(true);
    if (!counted(group)) continue;
    shown += wanted.filter(Boolean).length;
    number += wanted.length;
  }
  for (const stage of all(".checklist-stage")) {
    const details = part(stage, "details"), any = groups.some((group) => stage.contains(group.element) && counted(group) && !group.element.parentElement.hidden);
    stage.hidden = stage.previousElementSibling.hidden = chosen !== "all" && !any;
    if (chosen !== "all" && !details.open) details.open = details.dataset.opened = true;
    else if (chosen === "all" && details.dataset.opened) { details.open = false; delete details.dataset.opened; }
  }
  status.textContent = chosen === "all" ? "" : fill(status.dataset[chosen], { shown, all: number });
}

/* What is done */

const place = (element) => {
  const group = groups.find((each) => each.element.contains(element));
  return [group, group?.fields.indexOf(element.closest("fieldset"))];
};

document.addEventListener("change", ({ target }) => {
  if (target.matches(".questions [type=radio]")) {
    const [group, n] = place(target);
    change(group, n, { question: group.questions[n], answer: target.value });
  } else if (target.name === "show") filter();
});
document.addEventListener("input", ({ target }) => {
  if (target.matches(".questions textarea")) change(...place(target), { note: target.value.trim() || undefined });
});
document.addEventListener("click", ({ target }) => {
  const [group, n] = target.matches(".remove-answer, .confirm-answer") ? place(target) : [];
  if (!group) return;
  const radios = all("[type=radio]", group.fields[n]);
  (radios.find((radio) => radio.checked) ?? radios[0]).focus();
  change(group, n, target.matches(".remove-answer") ? { answer: undefined } : { question: group.questions[n] });
});
document.addEventListener("click", (event) => { // whoever opens a note is about to write it
  const note = event.target.closest(".note:not([open]) > summary")?.parentElement;
  if (!note) return;
  event.preventDefault();
  note.open = true;
  part(note, "textarea").focus();
});
document.addEventListener("reveal", ({ target }) => {
  if (!target.closest("[hidden]")) return;
  part(document, ".checklist-filter").reset();
  filter();
  target.scrollIntoView();
});

function download(name, type, text) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  URL.revokeObjectURL(link.href);
}

// All questions and answers, one a row; no cell is a formula, whatever is in a note.
function table() {
  const cell = (text = "") => `"${text.replace(/^(?=\s*[=+\-@＝＋－＠\t\r\n])/, "'").replaceAll('"', '""')}"`;
  const rows = groups.flatMap((group) => match(group).found.map((entry, n) => [
    group.element.closest(".checklist-stage").previousElementSibling.firstChild.textContent,
    part(group.element.parentElement, "h3").textContent.trim(), group.questions[n], labelOf(entry?.answer), entry?.note,
    used(entry) && plain(entry.question) !== plain(group.questions[n]) ? entry.question : "",
  ]));
  const old = unasked().map(([id, entry]) => ["", id, "", labelOf(entry.answer), entry.note, entry.question]);
  return `\ufeff${[tools.dataset.columns.split("|"), ...rows, ...old].map((row) => row.map((text) => cell(text)).join(",")).join("\r\n")}\r\n`;
}

function attach() {
  const status = part(tools, ".checklist-status [role=status]"), undo = part(tools, "[data-do=undo]"), file = part(tools, "[type=file]");
  const today = new Date().toLocaleDateString("sv"); // as 2026-11-28
  let before;
  const say = (message, values = {}) => { status.textContent = fill(status.dataset[message], values); };
  function confirmed(dialog, values) {
    const text = part(dialog, "[data-text]");
    text.textContent = fill(text.dataset.text, values);
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((resolve) => { dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }); });
  }
  function replace(next, message, values) {
    before = kept;
    kept = next;
    if (trouble === "unreadable") trouble = "";
    save();
    show();
    filter();
    say(message, values);
    undo.hidden = false;
  }
  const counts = () => ({ answers: count(kept, "answer"), notes: count(kept, "note") });
  const actions = {
    print() { filter(); print(); },
    save() {
      const name = `checklist-answers-${today}.json`;
      download(name, "application/json", JSON.stringify(kept, null, 2));
      say("saved", { file: name });
    },
    table() {
      const name = `checklist-answers-${today}.csv`;
      download(name, "text/csv", table());
      say("saved", { file: name });
    },
    open() { file.click(); },
    async clear() {
      load();
      if (await confirmed(part(document, "#confirm-clear"), counts())) replace(nothing(), "cleared");
    },
    undo() {
      part(tools, "[data-do=clear]").focus();
      replace(before, "undone");
      undo.hidden = true;
    },
  };
  tools.addEventListener("click", ({ target }) => actions[target.dataset.do]?.());
  file.addEventListener("change", async () => {
    const [chosen] = file.files, name = chosen.name;
    const found = chosen.size > LARGEST_FILE ? "other" : read(await chosen.text());
    file.value = "";
    if (typeof found === "string") return say(found, { file: name });
    load();
    const values = { file: name, ...counts(), new_answers: count(found, "answer"), new_notes: count(found, "note") };
    if (Object.keys(kept.answers).length && !await confirmed(part(document, "#confirm-replace"), values)) return;
    replace(found, "opened", { file: name, answers: values.new_answers, notes: values.new_notes });
  });
}

for (const { fields } of groups) {
  for (const field of fields) {
    const [reworded, ...others] = part(document, "#question-parts").content.cloneNode(true).children;
    reworded.id = `${part(field, "input").name}-reworded`;
    field.setAttribute("aria-describedby", reworded.id);
    part(field, ".answer").before(reworded);
    part(field, ".answer").append(...others);
  }
}
const again = () => { load(); show(); };
addEventListener("storage", ({ key }) => { if (key === KEY || key === null) { again(); noUndo(); } });
addEventListener("pageshow", again);
new MutationObserver(() => { show(); filter(); }).observe(root, { attributeFilter: ["data-role"] });
if (tools) attach();
again();
root.classList.add("checklist-ready");
if (tools && performance.getEntriesByType("navigation")[0]?.type === "navigate") part(document, ":target")?.scrollIntoView(); // notes have moved it
