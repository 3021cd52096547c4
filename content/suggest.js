// A suggestion without an account: its text is copied, saved or printed here, or put into a link that opens an email. This page sends nothing.
const VALID_ID = /^[a-z0-9/-]{1,120}$/;
const MAX_MAIL = 1800, MAX_ISSUE = 6000; // the maximum lengths of links: mail programs and GitHub refuse longer ones
const ELLIPSIS = "...", MIN_QUOTED = 120; // how many characters of a long current wording are kept, so that it can be found

// The value at `path` of a record, such as `do.1.step`; positions count from 1.
const at = (record, path) => path.split(".").reduce((value, step) => value?.[/^\d+$/.test(step) ? step - 1 : step], record);

// The options of the list of ids that match what was typed: an id, with or without its kind, or an address.
function matches(box, typed) {
  const id = typed.trim().toLowerCase().replace(/^recommendation /, "").replace(/\/+$/, "").split("#").at(-1);
  const last = (text) => text.split("/").at(-1);
  const options = [...box.querySelectorAll("#suggest-ids option")];
  const same = options.filter((each) => each.value === id);
  return same.length ? same : options.filter((each) => last(each.value) === last(id));
}

// The option of the record that was named, or null if there is none or more than one.
function named(box, typed) {
  const found = matches(box, typed);
  return found.length === 1 ? found[0] : null;
}

// Show which record was named, or that there is none.
function showRecord(box, typed) {
  const { record, several, none } = box.dataset;
  const found = matches(box, typed);
  const names = found.length > 1 ? several.replace("{ids}", () => found.map((each) => each.value).join(", ")) : none;
  box.querySelector(".record").textContent = !typed.trim() ? "" : found.length === 1 ? record.replace("{name}", () => found[0].text) : names;
}

const ownId = (option) => option.value.split("/").at(-1);

// The wording of `field` of the record of `option` in the open data, or "".
async function currentWording(option, field) {
  try {
    const { record } = await (await fetch(new URL(`api/v1/${option.dataset.folder}/${ownId(option)}.json`, import.meta.url))).json();
    const wording = at(record, field);
    if (typeof wording !== "string") return "";
    return record.added && field === "says" ? wording.replace(/^Proposed: /, "") : wording; // a label of the open data
  } catch { return ""; } // the reader fills it in
}

// The link that `address` makes of `answers`, and whether answers had to be cut, at a space, to make it fit into `limit` characters.
function fitted(answers, limit, address) {
  const kept = { ...answers };
  for (const name of ["current", "new", "why", "source", "id"]) {
    const excess = address(kept).length - limit;
    if (excess <= 0) break;
    const encoded = encodeURIComponent(kept[name]);
    const end = Math.max(encoded.length - excess - ELLIPSIS.length, name === "current" ? MIN_QUOTED : 0);
    if (end < encoded.length) kept[name] = decodeURIComponent(encoded.slice(0, Math.max(0, encoded.lastIndexOf("%20", end)))) + ELLIPSIS;
  }
  return { href: address(kept), cut: Object.keys(kept).some((name) => kept[name] !== answers[name]) };
}

export async function attach(box) {
  const fields = [...box.querySelectorAll("[data-heading]")];
  const status = box.querySelector(".suggestion-tools [role=status]");
  const field = (name) => box.querySelector(`#suggest-${name}`);
  const answers = () => Object.fromEntries(fields.map((each) => [each.id.replace("suggest-", ""), each.value.trim()]));
  const issue = (given, empty) => fields.map((each) => `### ${each.dataset.heading}\n\n${given[each.id.replace("suggest-", "")] || empty}\n`).join("\n");
  const text = () => issue(answers(), "_No response_"); // as GitHub writes an issue of the form
  const toPrint = () => {
    const parts = fields.filter((each) => each.value.trim()).flatMap((each) => [
      Object.assign(document.createElement("h3"), { textContent: each.dataset.heading }),
      Object.assign(document.createElement("p"), { textContent: each.value.trim() }),
    ]);
    box.querySelector(".suggestion-printed").replaceChildren(...parts);
  };
  const links = (name) => [...document.querySelectorAll(`a.${name}`)].map((link) => ({ link, given: link.href }));
  const [mails, issues, forms, records] = ["by-email", "by-issue", "own-form", "for-record"].map(links);

  // Put what is written into the links of the other ways to send it.
  function update() {
    const given = answers(), option = named(box, given.id);
    const title = option ? (option.text.startsWith(`${option.value}. `) ? option.text : `${option.value}: ${option.text}`) : given.id;
    for (const { link, given: address } of mails) {
      const subject = encodeURIComponent(title ? `Suggestion: ${title}` : "Suggestion");
      const mail = fitted(given, MAX_MAIL, (kept) =>
        `${address.split("?")[0]}?subject=${subject}&body=${encodeURIComponent(issue(kept, "").replaceAll("\n", "\r\n"))}`);
      link.href = mail.href;
      if (mail.cut !== (status.textContent === status.dataset.cut)) status.textContent = mail.cut ? status.dataset.cut : "";
    }
    for (const { link, given: address } of issues) {
      const values = { title, ...given };
      link.href = fitted(values, MAX_ISSUE, (kept) => Object.keys(kept).reduce((made, name) =>
        kept[name] ? `${made}&${name}=${encodeURIComponent(kept[name])}` : made, address)).href;
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
      await navigator.clipboard.writeText(text());
      return status.dataset.copied;
    },
    save() {
      const id = field("id").value.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 40);
      const file = `suggestion${id ? `-${id}` : ""}.txt`;
      const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(new Blob([text()], { type: "text/plain" })), download: file });
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
      const missing = ["id", "current", "why"].filter((name) => !given[name]).map((name) => box.querySelector(`label[for=suggest-${name}]`).textContent);
      const note = missing.length ? ` ${status.dataset.lacking.replace("{parts}", () => missing.join(", "))}` : "";
      status.textContent = given.new ? `${await actions[button.dataset.do]()}${note}` : status.dataset.empty;
      if (!given.new) field("new").focus();
    });
    button.hidden = false;
  }
  addEventListener("beforeprint", toPrint);
  field("id").addEventListener("change", () => showRecord(box, field("id").value));
  box.addEventListener("input", update);
  const given = new URLSearchParams(location.search);
  const [ref, kind, path] = ["ref", "kind", "field"].map((name) => given.get(name) ?? "");
  if (VALID_ID.test(ref)) field("id").value = ref;
  showRecord(box, ref);
  const option = VALID_ID.test(ref) ? named(box, ref) : null;
  if (option?.dataset.folder === kind) field("current").value ||= await currentWording(option, path);
  update();
}
