// The questions of the checklist: answers and notes, kept on this device and never sent.
const KEY = "checklist", FORMAT = "social-value-checklist", VERSION = 1;
const ANSWERS = ["yes", "partly", "no", "not-applicable"];
export const root = document.documentElement;
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const oneLine = (text) => text.replace(/\s+/g, " ").trim();
export const plain = (text) => oneLine(text.normalize()).replace(/[‘’]/g, "'").replace(/[“”]/g, '"');
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
export const used = (entry) => Boolean(entry?.answer || entry?.note);
export const open = (entry) => ["partly", "no"].includes(entry?.answer);

// The recommendations of the page, with their questions; the page of a stage has no fields to fill in.
export const groups = all(".questions, [data-ask]").map((element) => ({
  element,
  ids: [element.dataset.id ?? element.id, ...element.dataset.formerly?.split(" ") ?? []],
  fields: all("fieldset", element),
  questions: element.dataset.ask?.split("\n") ?? all("legend", element).map((legend) => oneLine(legend.textContent)),
}));
const edition = document.querySelector("[data-edition]")?.dataset.edition;

/* Storage */

export const nothing = () => ({ format: FORMAT, version: VERSION, edition, answers: {} });
export let kept = nothing();
let trouble = ""; // why this page neither reads nor writes what is stored: "blocked" or "unreadable"

// The checklist in `text`, or why it has none: "damaged", "other" or "newer".
export function read(text) {
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

export function load() {
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
export const storedAs = ({ ids }) => ids.find((id) => kept.answers[id]);

// The entry of each question of `group`: that with the same text, or else the one in the same place; and the entries that are left.
export function match(group) {
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
}

export function replace(next) {
  kept = next;
  if (trouble === "unreadable") trouble = "";
  save();
  show();
}

/* Display */

export const part = (field, selector) => field.querySelector(selector);
export const labelOf = (answer) => part(document, `.questions [value="${answer}"]`)?.parentElement.textContent.trim() ?? answer ?? "";

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
export const counted = ({ element }) => isFor(element.closest("[data-for]"));
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
  document.dispatchEvent(new Event("checklist"));
}

/* Events */

const place = (element) => {
  const group = groups.find((each) => each.element.contains(element));
  return [group, group?.fields.indexOf(element.closest("fieldset"))];
};

document.addEventListener("change", ({ target }) => {
  if (target.matches(".questions [type=radio]")) {
    const [group, n] = place(target);
    change(group, n, { question: group.questions[n], answer: target.value });
  }
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

for (const { fields } of groups) {
  for (const field of fields) {
    const [reworded, ...others] = part(document, "#question-parts").content.cloneNode(true).children;
    reworded.id = `${part(field, "input").name}-reworded`;
    field.setAttribute("aria-describedby", reworded.id);
    part(field, ".answer").before(reworded);
    part(field, ".options").after(...others);
  }
}
const again = () => { load(); show(); };
addEventListener("storage", ({ key }) => { if (key === KEY || key === null) again(); });
addEventListener("pageshow", again);
new MutationObserver(show).observe(root, { attributeFilter: ["data-role"] });
again();
root.classList.add("checklist-ready");
