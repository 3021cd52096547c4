// The search: asks Pagefind's index, which is fetched with the first question, and shows what answers.
const SHOWN = 10; // results at a time
const WEIGHED = 24; // results whose kind is looked at before they are put in order
const FEW = 5; // with fewer results than this, results for some of the words are added

let index; // of this page, once it is asked for

async function opened(base) {
  const [pagefind, words] = await Promise.all([
    import(new URL("pagefind/pagefind.js", base)),
    fetch(new URL("pagefind/words.json", base)).then((answer) => answer.json()),
  ]);
  await pagefind.options({ ranking: { metaWeights: words.weights.parts } });
  await pagefind.init();
  return { pagefind, filters: await pagefind.filters(), words: words.words, known: new Set(words.words), small: new Set(words.small), kinds: words.weights.kinds };
}

// How many letters must be changed, added, left out or swapped to make `one` of `other`; more than `most` is not counted.
function distance(one, other, most) {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let before = [], last = Array.from({ length: other.length + 1 }, (_, n) => n);
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1];
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    if (Math.min(...row) > most) return most + 1;
    [before, last] = [last, row];
  }
  return last[other.length];
}

// The word of the site that is meant by `word`: itself, or the nearest one.
function meant(word) {
  const near = (known) => known === word || (word.length > 3 && known.length > 3 && (known.startsWith(word) || (word.startsWith(known) && word.length - known.length < 4)));
  if (/\d/.test(word) || index.known.has(word) || index.words.some(near)) return word;
  if (word.length < 4) return null;
  const most = word.length < 6 ? 1 : 2;
  let best = null, least = most + 1;
  for (const known of index.words) {
    const far = distance(word, known, Math.min(most, least - 1)) + (known[0] === word[0] ? 0 : 1);
    if (far < least) [best, least] = [known, far];
  }
  return best;
}

// What a result is worth more if a query tells its title, or a name that readers give it; nothing if that lacks one of the words.
function told(meta, words) {
  const names = (meta.search ?? "").split("; ").filter(Boolean);
  return Math.max(2 * share(meta.title, words), ...names.map((name) => 1.4 * share(name, words)));
}

// How much of a title the words of a query tell: 1 if all of it, 0 if it lacks one of them.
function share(title, words) {
  const said = title.toLowerCase().split(/[^\p{L}\p{N}']+/u).filter((word) => word && !index.small.has(word));
  const same = (one, other) => one === other || (one.length > 3 && other.length > 3 && one.slice(0, -1) === other.slice(0, one.length - 1)) || one === `${other}s` || other === `${one}s`;
  if (!words.every((word) => said.some((other) => same(word, other)))) return 0;
  return said.filter((word) => words.some((other) => same(word, other))).length / said.length;
}

// Returns the results for `query`, best first, and the words that were asked for in its stead, if they were others.
async function asked(query, filters) {
  const typed = query.toLowerCase().replaceAll("’", "'").split(/[^\p{L}\p{N}']+/u).filter(Boolean);
  const large = typed.filter((word) => !index.small.has(word));
  const words = large.length > 0 ? large : typed;
  const taken = words.map(meant).filter((word) => word !== null);
  if (taken.length === 0) return { found: [], words: [], instead: null };
  const whole = (await index.pagefind.search(taken.join(" "), { filters })).results;
  const found = new Map(whole.map((result) => [result.id, { result, score: result.score, all: true }]));
  if (whole.length < FEW && taken.length > 1) {
    const parts = new Map();
    for (const word of new Set(taken)) {
      for (const result of (await index.pagefind.search(word, { filters })).results) {
        const part = parts.get(result.id) ?? { result, score: 0, all: false };
        part.score += result.score;
        parts.set(result.id, part);
      }
    }
    const most = Math.max(0, ...[...parts.values()].map((part) => part.score));
    for (const [id, part] of parts) {
      const before = found.get(id);
      if (!before || part.score > before.score) found.set(id, part);
      if (before) found.get(id).score += most / 2; // it has all the words
    }
  }
  const ordered = [...found.values()].sort((one, other) => other.score - one.score);
  const weighed = await Promise.all(ordered.slice(0, WEIGHED).map(async (item) => {
    const data = await item.result.data();
    return { ...item, data, score: item.score * (index.kinds[data.meta.kind] ?? 1) * (1 + told(data.meta, taken)) };
  }));
  weighed.sort((one, other) => other.score - one.score);
  const same = taken.length === words.length && taken.every((word, n) => word === words[n]);
  return { found: [...weighed, ...ordered.slice(WEIGHED)], words: taken, instead: same ? null : taken.join(" ") };
}

// Puts `text` into `element`, with the words that were asked for marked.
function marked(element, text, words) {
  const stems = words.filter((word) => word.length > 1).map((word) => (word.length > 5 ? word.slice(0, -2) : word));
  if (stems.length === 0) { element.textContent = text; return; }
  const each = new RegExp(`(?<![\\p{L}\\p{N}])((?:${stems.map((stem) => stem.replace(/[^\p{L}\p{N}]/gu, "\\$&")).join("|")})[\\p{L}\\p{N}']*)`, "giu");
  text.split(each).forEach((part, n) => {
    if (n % 2 === 0) element.append(part);
    else element.append(Object.assign(document.createElement("mark"), { textContent: part }));
  });
}

export function attach(root, base, addressed) {
  if (root.dataset.attached) return;
  root.dataset.attached = "yes";
  const [form, count, list, more, help] = [".search-form", ".search-count", ".search-results", ".search-more", ".search-help"].map((name) => root.querySelector(name));
  const template = root.querySelector("template.search-result");
  let asking = 0;

  const line = async (result, words) => {
    const data = result.data ?? await result.result.data();
    const item = template.content.cloneNode(true);
    const link = item.querySelector("a");
    link.href = new URL(data.meta.address, base).href;
    link.textContent = data.meta.title;
    item.querySelector(".search-kind").textContent = data.meta.kind;
    item.querySelector(".search-place").textContent = data.meta.place;
    const excerpt = new DOMParser().parseFromString(data.excerpt, "text/html").body.textContent;
    marked(item.querySelector(".search-excerpt"), excerpt, words);
    return item;
  };

  function fill() {
    for (const select of form.querySelectorAll("select")) {
      const chosen = select.dataset.chosen ?? select.value;
      const options = Object.entries(index.filters[select.name] ?? {}).sort(([one], [other]) => one.localeCompare(other));
      for (const [name] of options) select.append(new Option(name, name));
      select.value = chosen;
    }
  }

  async function show() {
    const mine = asking += 1;
    const query = form.elements.q.value.trim();
    const filters = Object.fromEntries([...form.querySelectorAll("select")].map((select) => [select.name, root.dataset.filled ? select.value : select.dataset.chosen]).filter(([, value]) => value));
    if (addressed) {
      const address = new URL(location.href);
      address.search = new URLSearchParams({ ...(query ? { q: query } : {}), ...filters });
      history.replaceState(null, "", address);
    }
    if (!query) { list.replaceChildren(); count.textContent = ""; more.hidden = help.hidden = true; root.dataset.shown = ""; return; }
    try {
      if (!index) { count.textContent = count.dataset.wait; index = await opened(base); }
      if (!root.dataset.filled) { root.dataset.filled = "yes"; fill(); return show(); }
      const { found, words, instead } = await asked(query, filters);
      if (mine !== asking) return;
      const items = await Promise.all(found.slice(0, SHOWN).map((result) => line(result, words)));
      if (mine !== asking) return;
      list.replaceChildren(...items);
      const said = found.length === 0 ? "none" : found.length === 1 ? "one" : "many";
      count.textContent = (instead && found.length ? count.dataset.instead.replace("{instead}", instead) + " " : "") + count.dataset[said].replace("{n}", found.length).replace("{query}", query);
      help.hidden = found.length > 0;
      more.hidden = found.length <= SHOWN;
      more.onclick = async () => {
        const from = list.children.length;
        const next = await Promise.all(found.slice(from, from + SHOWN).map((result) => line(result, words)));
        list.append(...next);
        more.hidden = list.children.length >= found.length;
        list.children[from].querySelector("a").focus();
      };
      root.dataset.shown = query;
    } catch (error) {
      index = undefined;
      count.textContent = count.dataset.failed;
      help.hidden = false;
      console.warn(error);
    }
  }

  let wait;
  form.addEventListener("input", (event) => { clearTimeout(wait); wait = setTimeout(show, event.target.matches("select") ? 0 : 150); });
  form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(wait); show(); });
  if (addressed) {
    const given = new URLSearchParams(location.search);
    form.elements.q.value = given.get("q") ?? "";
    for (const select of form.querySelectorAll("select")) select.dataset.chosen = given.get(select.name) ?? "";
    if (form.elements.q.value) show();
  }
}
