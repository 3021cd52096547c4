// A suggestion without an account: its text is copied, saved or printed here, and never sent.
const VALID_ID = /^[a-z0-9/-]{1,120}$/;

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

// Show which record was named, or that there is none; return its option if there is exactly one.
function lookUp(box, typed) {
  const { record, several, none } = box.dataset;
  const found = matches(box, typed);
  const names = found.length > 1 ? several.replace("{ids}", () => found.map((each) => each.value).join(", ")) : none;
  box.querySelector(".record").textContent = !typed.trim() ? "" : found.length === 1 ? record.replace("{name}", () => found[0].text) : names;
  return found.length === 1 ? found[0] : null;
}

async function fill(box) {
  const given = new URLSearchParams(location.search);
  const [ref, kind, field] = ["ref", "kind", "field"].map((name) => given.get(name) ?? "");
  const option = lookUp(box, ref);
  if (!VALID_ID.test(ref)) return;
  box.querySelector("#suggest-id").value = ref;
  for (const link of document.querySelectorAll("a.own-form")) {
    const address = new URL(link.href);
    address.searchParams.set("ref", ref);
    link.href = address.href;
  }
  if (option?.dataset.folder !== kind) return;
  try {
    const { record } = await (await fetch(new URL(`api/v1/${kind}/${ref.split("/").at(-1)}.json`, import.meta.url))).json();
    const wording = at(record, field);
    if (typeof wording === "string") box.querySelector("#suggest-current").value = wording;
  } catch { /* the reader fills it in */ }
}

export function attach(box) {
  const fields = [...box.querySelectorAll("[data-heading]")];
  const tools = box.querySelector(".suggestion-tools");
  const status = tools.querySelector("[role=status]");
  const answers = () => fields.map((each) => [each.dataset.heading, each.value.trim()]);
  const text = () => answers().map(([heading, value]) => `### ${heading}\n\n${value || "_No response_"}\n`).join("\n"); // as GitHub writes an issue of the form
  const toPrint = () => {
    const parts = answers().filter(([, value]) => value).flatMap(([heading, value]) => [
      Object.assign(document.createElement("h3"), { textContent: heading }),
      Object.assign(document.createElement("p"), { textContent: value }),
    ]);
    box.querySelector(".suggestion-printed").replaceChildren(...parts);
  };
  const actions = {
    async copy() {
      await navigator.clipboard.writeText(text());
      return status.dataset.copied;
    },
    save() {
      const id = box.querySelector("#suggest-id").value.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 40);
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
  for (const button of tools.querySelectorAll("button")) {
    button.addEventListener("click", async () => {
      const empty = !box.querySelector("#suggest-new").value.trim();
      const missing = ["id", "current", "why"].filter((name) => !box.querySelector(`#suggest-${name}`).value.trim()).map((name) => box.querySelector(`label[for=suggest-${name}]`).textContent);
      const note = missing.length ? ` ${status.dataset.lacking.replace("{parts}", () => missing.join(", "))}` : "";
      status.textContent = empty ? status.dataset.empty : `${await actions[button.dataset.do]()}${note}`;
      if (empty) box.querySelector("#suggest-new").focus();
    });
  }
  const id = box.querySelector("#suggest-id");
  id.addEventListener("change", () => lookUp(box, id.value));
  addEventListener("beforeprint", toPrint);
  tools.hidden = false;
  return fill(box);
}
