// The page of the checklist: filtering, printing, saving, opening and clearing answers.
import { all, counted, fill, groups, kept, labelOf, load, match, nothing, open, part, plain, read, replace, root, storedAs, used } from "./checklist.js";

const LARGEST_FILE = 2_000_000;
const tools = part(document, ".checklist-tools");

// Show only the questions that the filter asks for; those that are answered meanwhile stay until it is used again.
function filter() {
  const form = part(tools, ".checklist-filter"), chosen = form.elements.show.value, status = part(form, "[role=status]");
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

// The entries of questions that are no longer asked, each with the id of its recommendation.
const unasked = () => {
  const here = new Set(groups.map(storedAs));
  return [...Object.keys(kept.answers).filter((id) => !here.has(id)).flatMap((id) => kept.answers[id].filter(used).map((entry) => [id, entry])),
    ...groups.flatMap((group) => match(group).left.map((entry) => [group.ids[0], entry]))];
};

// List the answers to questions that are no longer asked.
function showUnasked() {
  const box = part(tools, ".gone"), old = unasked();
  box.hidden = old.length === 0;
  part(box, "summary").textContent = fill(part(box, "summary").dataset.text, { n: old.length });
  part(box, "ul").replaceChildren(...old.map(([id, { question, answer, note }]) =>
    Object.assign(document.createElement("li"), { textContent: [`${id}. ${question}`, labelOf(answer), note].filter(Boolean).join(" – ") })));
}

const count = ({ answers }, name) => Object.values(answers).flat().filter((entry) => entry[name]).length;

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

const status = part(tools, ".checklist-status [role=status]"), undo = part(tools, "[data-do=undo]"), file = part(tools, "[type=file]");
const today = new Date().toLocaleDateString("sv"); // as 2026-11-28
let before, after; // what was replaced last, and what has replaced it
const say = (message, values = {}) => {
  status.textContent = fill(status.dataset[message], values);
  undo.hidden = true;
};

// Ask in `dialog`, and return whether the answer is yes.
function confirmed(dialog, values) {
  const text = part(dialog, "[data-text]");
  text.textContent = fill(text.dataset.text, values);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => { dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }); });
}
function replaceAll(next, message, values) {
  before = kept;
  replace(next);
  after = JSON.stringify(kept);
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
    if (await confirmed(part(document, "#confirm-clear"), counts())) replaceAll(nothing(), "cleared");
  },
  undo() {
    part(tools, "[data-do=clear]").focus();
    replaceAll(before, "undone");
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
  replaceAll(found, "opened", { file: name, answers: values.new_answers, notes: values.new_notes });
});

// Undo stays only while nothing has changed since.
function shown() {
  showUnasked();
  if (undo.hidden || JSON.stringify(kept) === after) return;
  undo.hidden = true;
  status.textContent = "";
}
document.addEventListener("checklist", shown);
part(tools, ".checklist-filter").addEventListener("change", filter);
new MutationObserver(filter).observe(root, { attributeFilter: ["data-role"] });
shown();
if (performance.getEntriesByType("navigation")[0]?.type === "navigate") part(document, ":target")?.scrollIntoView(); // the notes have moved it
