// A suggestion without an account: its text is copied, saved or printed here, or put into a link that opens an email. This page sends nothing.
const VALID_ID = /^[a-z0-9/-]{1,120}$/;
const MAX_MAIL = 1800, MAX_ISSUE = 6000; // the maximum lengths of links: mail programs and GitHub refuse longer ones
const CUT = " [cut to fit the link]", MIN_QUOTED = 120; // the end of a text that is cut, and how much of a current wording is kept to find it

// The value at `path` of a record, such as `do.1.step`; positions count from 1.
const at = (record, path) => path.split(".").reduce((value, step) => value?.[/^\d+$/.test(step) ? step - 1 : step], record);

// The texts in `value`, part of a record: all strings of three words or more.
const textsIn = (value) => typeof value === "string" ? (/\S\s+\S+\s+\S/.test(value) ? [value] : []) : Object.values(value ?? {}).flatMap(textsIn);

const plain = (text) => text.trim().toLowerCase().replaceAll("’", "'").replace(/\s+/g, " ");

// The options of the list that match what was typed: an id, with or without its kind, an address, or a name. A link names the `folder` too.
// Else a recommendation or term comes before others, and a page comes last.
function matches(box, typed, folder) {
  const name = plain(typed).replace(/^recommendation /, "");
  const id = name.replace(/^(?:stage )?(\d+)[. ]*([a-z])(?=$|[.:] )/, "$1$2").split(/[.:] /)[0].replace(/[/.:]+$/, "").split("#").at(-1);
  const last = (text) => text.split("/").at(-1);
  const options = [...box.querySelectorAll("#suggest-ids option")], own = options.filter((each) => folder && each.dataset.folder === folder);
  const names = (each) => each.names ??= [each.text, each.text.replace(/^\w+\. /, ""), ...(each.dataset.names ?? "").split("; ")].map(plain);
  const exact = (each) => each.value === id, called = (each) => exact(each) || names(each).includes(name);
  const main = (each) => called(each) && /^(recommendations|glossary)$/.test(each.dataset.folder);
  const tests = [(each) => exact(each) && (folder || id.includes("/")), main, exact, called, (each) => last(each.value) === last(id)];
  return tests.map((test) => (own.length ? own : options).filter(test)).find((found) => found.length) ?? pagesNamed(plain(typed));
}

// The options of the pages whose name is `typed`, or its address, or the end or the start of one.
function pagesNamed(typed) {
  const address = `/${typed.replace(/^https?:\/\/[^/]+|[?#].*/g, "").replace(/^\/+|\/+$/g, "")}`;
  const addressed = ({ value }) => address.endsWith(`/${value}`) || (address.length > 1 && `/${value}`.endsWith(address));
  return [...document.querySelectorAll("#suggest-pages option")].filter((each) => [plain(each.text), each.value].includes(typed) || addressed(each));
}

// Show which record was named, or that there is none.
function showRecord(box, typed, found) {
  const { record, page, several, none } = box.dataset;
  const names = found.length > 1 ? several.replace("{ids}", () => found.map((each) => each.value).join(", ")) : none;
  box.querySelector(".record").textContent = !typed.trim() ? "" : found.length === 1 ? (found[0].dataset.folder ? record : page).replace("{name}", () => found[0].text) : names;
}

const ownId = (option) => option.value.split("/").at(-1);

// The record of `option` in the open data, or {}.
async function recordOf(option) {
  if (!option.dataset.folder) return {}; // a page
  try {
    const { record } = await (await fetch(new URL(`api/v1/${option.dataset.folder}/${ownId(option)}.json`, import.meta.url))).json();
    if (record.added && record.says) record.says = record.says.replace(/^Proposed: /, ""); // a label of the open data
    return record;
  } catch { return {}; } // the reader copies the text from the site
}

// The link that `address` makes of `answers`, and whether answers had to be cut, at a space, to make it fit into `limit` characters.
function fitted(answers, limit, address) {
  const kept = { ...answers };
  for (const name of ["current", "new", "why", "source", "id"]) {
    const excess = address(kept).length - limit;
    if (excess <= 0) break;
    const encoded = encodeURIComponent(kept[name]);
    const end = Math.max(encoded.length - excess - encodeURIComponent(CUT).length, name === "current" ? MIN_QUOTED : 0);
    if (end < encoded.length) kept[name] = decodeURIComponent(encoded.slice(0, Math.max(0, encoded.lastIndexOf("%20", end)))) + CUT;
  }
  return { href: address(kept), cut: Object.keys(kept).some((name) => kept[name] !== answers[name]) };
}

export async function attach(box) {
  const fields = [...box.querySelectorAll("[data-heading]")];
  const status = box.querySelector(".suggestion-tools [role=status]");
  const field = (name) => box.querySelector(`#suggest-${name}`);
  const linked = new URLSearchParams(location.search);
  const [ref, kind, path] = ["ref", "kind", "field"].map((name) => linked.get(name) ?? "");
  const found = () => matches(box, field("id").value, field("id").value === ref ? kind : "");
  const named = () => found().length === 1 ? found()[0] : null; // the option of the record
  // The answers, with the id of the record that was named. New wording that nobody has changed is no answer.
  const answers = () => {
    const given = Object.fromEntries(fields.map((each) => [each.id.replace("suggest-", ""), each.value.trim()]));
    return { ...given, id: named()?.value ?? given.id, new: given.new === given.current ? "" : given.new };
  };
  const parts = (given) => fields.map((each) => [each.dataset.heading, given[each.id.replace("suggest-", "")]]).filter(([, answer]) => answer);
  const text = (given) => parts(given).map((part) => `${part.join("\n")}\n`).join("\n"); // `svf suggest` reads it
  const toPrint = () => {
    const sheet = box.querySelector(".suggestion-printed"), given = parts(answers());
    const printed = given.flatMap(([heading, answer]) => [["h3", heading], ["p", answer]]).concat(given.length ? [["p", sheet.dataset.send]] : []);
    sheet.replaceChildren(...printed.map(([tag, textContent]) => Object.assign(document.createElement(tag), { textContent })));
  };
  const links = (name) => [...document.querySelectorAll(`a.${name}`)].map((link) => ({ link, given: link.href }));
  const [mails, issues, forms, records] = ["by-email", "by-issue", "own-form", "for-record"].map(links);

  // Put what is written into the links of the other ways to send it.
  function update() {
    const given = answers(), option = named();
    const title = ["Suggestion", option?.text ?? given.id].filter(Boolean).join(": ");
    for (const { link, given: address } of mails) {
      const mail = fitted(given, MAX_MAIL, (kept) =>
        `${address.split("?")[0]}?subject=${encodeURIComponent(title)}&body=${encodeURIComponent(text(kept).replaceAll("\n", "\r\n"))}`);
      link.href = mail.href;
      if (mail.cut !== (status.textContent === status.dataset.cut)) status.textContent = mail.cut ? status.dataset.cut : "";
    }
    for (const { link, given: address } of issues) {
      const issue = (kept) => Object.keys(kept).reduce((made, name) => kept[name] ? `${made}&${name}=${encodeURIComponent(kept[name])}` : made, address);
      const values = { title, ...given, new: field("new").value.trim() }; // filled in with the current wording, if both fit
      link.href = fitted(issue(values).length > MAX_ISSUE ? { ...values, new: given.new } : values, MAX_ISSUE, issue).href;
    }
    for (const { link, given: address } of forms) {
      const own = new URL(address);
      if (VALID_ID.test(given.id)) own.searchParams.set("ref", given.id);
      link.href = own.href;
    }
    for (const { link, given: address } of records) {
      const { folder } = option?.dataset ?? {};
      link.href = folder ? link.dataset.record.replace("{folder}", folder).replace("{id}", ownId(option)) : address;
    }
  }

  const actions = {
    async copy() {
      await navigator.clipboard.writeText(text(answers()));
      return status.dataset.copied;
    },
    save() {
      const id = answers().id.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 40);
      const file = `suggestion${id ? `-${id}` : ""}.txt`;
      const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(new Blob([text(answers())], { type: "text/plain" })), download: file });
      link.click();
      URL.revokeObjectURL(link.href);
      return status.dataset.saved.replace("{file}", file);
    },
    print() {
      toPrint();
      print();
      return "";
    },
  };
  for (const button of box.querySelectorAll(".suggestion-tools button")) {
    button.addEventListener("click", async () => {
      const given = answers();
      const quotes = named() && given.new; // something new quotes nothing, and what is unclear need not
      const missing = ["id", "current", "why"].filter((name) => !given[name] && (name !== "current" || quotes)).map((name) => box.querySelector(`label[for=suggest-${name}]`).textContent);
      const note = missing.length ? ` ${status.dataset.lacking.replace("{parts}", () => missing.join(", "))}` : "";
      const empty = !given.new && !given.why;
      status.textContent = empty ? status.dataset.empty : `${await actions[button.dataset.do]()}${note}`;
      if (empty) field("new").focus();
    });
    button.hidden = false;
  }

  // Put `text` into the current wording, and into the new one unless it has been changed.
  let before = field("current").value;
  function fill(text) {
    if (field("new").value === before) field("new").value = text;
    field("current").value = before = text;
    update();
  }

  // Say which record was named, and offer its texts, or fill in the one at `path`.
  const choice = box.querySelector("#suggest-text");
  let offered, texts = [];
  async function offer(path = "", typed = field("id").value) {
    showRecord(box, typed, found());
    const option = named();
    if (option === offered) return;
    offered = option;
    const record = option ? await recordOf(option) : {};
    if (option !== offered) return;
    delete record.name;
    delete record.address;
    const wording = path ? at(record, path) : null, given = typeof wording === "string";
    texts = [...new Set(textsIn(record))];
    const short = (text) => text.length > 90 ? `${text.slice(0, text.lastIndexOf(" ", 90))}…` : text;
    choice.replaceChildren(choice.options[0], ...(given ? [] : texts).map((text) => new Option(short(text), text)));
    choice.closest("p").hidden = given || !texts.length;
    if (given && !field("current").value) fill(wording);
  }

  addEventListener("beforeprint", toPrint);
  field("id").addEventListener("input", () => offer("", named() ? field("id").value : "")); // before the next field has the focus
  field("id").addEventListener("change", () => offer()); // says so if nothing has this name
  choice.addEventListener("change", () => fill(choice.value));
  // What was copied with a text, such as its number, its audience and "Suggest", is left out.
  field("current").addEventListener("input", ({ target: { value } }) => {
    const copied = texts.filter((text) => plain(value).includes(plain(text)));
    fill(copied.length === 1 ? copied[0] : value);
  });
  box.addEventListener("input", update);
  if (VALID_ID.test(ref)) field("id").value = ref;
  await offer(named()?.dataset.folder === kind ? path : "", ref);
  update();
}
