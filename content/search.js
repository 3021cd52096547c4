// The search: queries Pagefind's index, which is loaded with the first query, and shows the results.
const SHOWN = 10; // results shown at a time
const WEIGHED = 16; // results that are loaded and reranked

let index; // loaded with the first query

async function loadIndex(base) {
  const [pagefind, words] = await Promise.all([
    import(new URL("pagefind/pagefind.js", base)),
    fetch(new URL("pagefind/words.json", base)).then((answer) => answer.json()),
  ]);
  await pagefind.options({ ranking: { metaWeights: words.weights.parts } });
  await pagefind.init();
  const all = [...words.shown, ...words.hidden];
  const accented = new Map(all.filter((word) => bare(word) !== word).map((word) => [bare(word), word]));
  return { pagefind, filters: await pagefind.filters(), words: all, shown: new Set(words.shown), hidden: new Set(words.hidden), small: new Set(words.small), accented, weights: words.weights, results: words.results };
}

// The edit distance between `one` and `other`, with swaps; at most `most` + 1.
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

// The words to search for `word`: itself, if it or its singular is shown on the site; else the nearest word that is shown, or both if `word`
// is a hidden search term; else a hidden search term with a typo.
function candidates(word) {
  const accented = index.accented.get(bare(word));
  if (accented) return index.shown.has(bare(word)) ? [bare(word), accented] : [accented];
  if (bare(word) !== word) return candidates(bare(word));
  if (index.shown.has(word) || index.shown.has(singular(word))) return [word];
  const near = nearest(word);
  if (index.hidden.has(word) || index.hidden.has(singular(word)) || /\d/.test(word)) return near && !/\d/.test(word) && distance(word, near, 1) === 1 && word.length > 6 ? [word, near] : [word];
  if (index.words.some((known) => word.length > 3 && known.startsWith(word))) return [word];
  if (near) return [near];
  const hidden = [...index.hidden].find((known) => isTypo(word, known));
  if (hidden) return [hidden];
  let best = null;
  for (const known of index.words) {
    let same = 0;
    while (same < known.length && known[same] === word[same]) same += 1;
    if (same > Math.max(4, best?.same ?? 0) && (same > 5 || same === known.length)) best = { known, same };
  }
  return best ? [best.known] : [];
}

// A word without a plural s.
const singular = (word) => (word.length > 3 ? word.replace(/(?<=[^s'])s$/, "") : word);

// Whether `word` is on the site or a hidden search term.
const known = (word) => index.shown.has(word) || index.hidden.has(word) || index.small.has(word);

// The words of a query. An abbreviation typed letter by letter is one word, and so is the id of a recommendation; a word and its number are
// two words; a final 's is removed if the word is known without it.
function queryWords(text) {
  const letters = plain(text)
    .replace(/(?<![\p{L}\p{N}])\p{L}(?:\.\p{L})+(?![\p{L}\p{N}])\.?/gu, (found) => found.replaceAll(".", ""))
    .replace(/(?<![\p{L}\p{N}'])\p{L}(?:[\s./-]+\p{L}(?![\p{L}\p{N}]))+/gu, (found) => {
      const word = found.replace(/[^\p{L}]/gu, "");
      return word.length > 2 && known(word) ? word : found;
    })
    .replace(/(?<![\p{L}\p{N}.])(\d{1,2})[\s.()-]{1,2}([a-z])(?![\p{L}\p{N}])(?=([\s).]*$)?)/gu, (found, number, letter, end, at, whole) => {
      const named = /[.(-]/.test(found) || end !== undefined || /\brec(?:\.|ommendation)?s? $/.test(whole.slice(0, at));
      return known(number + letter) && (named || !index.small.has(letter)) ? number + letter : found;
    });
  return joined(wordsOf(letters)
    .flatMap((word) => (known(word) ? word : word.replace(/^(\p{L}{3,})(\d+\p{L}?)$/u, "$1 $2").split(" ")))
    .map((word) => (index.small.has(word) || !known(word.replace(/'s?$/, "")) ? word : word.replace(/'s?$/, ""))));
}

// Splits a query into words; joins two if one is unknown but the joined word is known.
function joined(words) {
  return words.reduce((all, word) => {
    const both = `${all.at(-1) ?? ""}${word}`;
    return all.length > 0 && index.shown.has(both) && !(known(all.at(-1)) && known(word)) ? [...all.slice(0, -1), both] : [...all, word];
  }, []);
}

// Whether `word` is `known` with a letter missing, added, or swapped; a different letter may make another word.
const isTypo = (word, known) => word.length > 3 && word[0] === known[0] && distance(word, known, 1) === 1 && (word.length !== known.length || [...word].sort().join() === [...known].sort().join());

// The word shown on the site that is nearest to `word`, or null.
function nearest(word) {
  if (word.length < 4) return null;
  let best = null, least = word.length < 8 ? 2 : 3;
  for (const known of index.shown) {
    const far = distance(word, known, least - 1) + (known[0] === word[0] ? 0 : 1);
    if (far < least) [best, least] = [known, far];
  }
  return best;
}

// The approximate stem of a word.
function root(word) {
  const bare = word.replace(/'s?$/, "");
  const short = bare.length > 5 ? bare.replace(/(?:isations?|izations?|ations?|ments?|ings?|ers?|ors?|ions?|ives?|ally|ly|ed|es|al|e|s|y)$/, "") : bare.replace(/(?<=..[^s])s$/, "");
  return short.length > 2 ? short : bare;
}

// A text normalised and in lower case, without soft hyphens and with straight apostrophes.
const plain = (text) => text.normalize("NFKC").toLowerCase().normalize("NFC").replace(/[\u00ad\u200b-\u200d\u2060\ufeff]/g, "").replace(/[‘’ʼ`´]/g, "'");

// A word without accents.
const bare = (word) => word.normalize("NFD").replace(/\p{M}/gu, "");

// Splits a text into words; 1.4 and 663,540 are words.
const wordsOf = (text) => plain(text).replace(/(?<=\d),(?=\d{3}(?!\d))/g, "").match(/\d+(?:\.\d+)+(?![\p{L}\p{N}])|[\p{L}\p{N}\p{M}']*[\p{L}\p{N}][\p{L}\p{N}\p{M}']*/gu) ?? [];

// The stems of the words of a text except stop words, and the pairs of neighbours.
function tokens(text) {
  const roots = wordsOf(text).filter((word) => !index.small.has(word)).map(root);
  return new Set([...roots, ...roots.slice(1).map((next, n) => `${roots[n]} ${next}`)]);
}

// The similarity of a name and a query, from 0 to 1. Rare words count more.
function similarity(name, query, weight) {
  const own = tokens(name);
  const sum = (words) => words.reduce((all, word) => all + weight(word), 0);
  const shared = sum([...own].filter((word) => query.has(word)));
  return shared === 0 ? 0 : shared ** 2 / (sum([...own]) * sum([...query]));
}

// The results for `question`, best first, and the corrected query, if any.
async function search(question, filters) {
  const typed = queryWords(question);
  const large = typed.filter((word) => !index.small.has(word));
  const words = large.length > 0 ? large : typed;
  const alternativesOf = words.map(candidates);
  const found = new Map();
  const weights = new Map();
  for (const alternatives of new Map(alternativesOf.map((each) => [each.join(), each])).values()) {
    const best = new Map();
    for (const word of alternatives) {
      for (const result of (await index.pagefind.search(word, { filters })).results) {
        if (!(best.get(result.id)?.score > result.score)) best.set(result.id, result);
      }
    }
    const weight = Math.log((index.results + 1) / (best.size + 1)) ** index.weights.rarity;
    for (const word of alternatives) weights.set(root(word), weight);
    for (const [id, result] of best) {
      const item = found.get(id) ?? { result, score: 0 };
      item.score += weight * (result.score / (result.score + index.weights.enough));
      found.set(id, item);
    }
  }
  const most = [...weights.values()].reduce((all, one) => all + one, 0);
  for (const item of found.values()) item.score /= most || 1;
  const ordered = [...found.values()].sort((one, other) => other.score - one.score);
  const rare = Math.max(...weights.values()) * index.weights.unsaid;
  const weight = (token) => token.split(" ").reduce((all, word, n, both) => all + (weights.get(word) ?? rare) / (both.length > 1 ? 2 / index.weights.pair : 1), 0);
  const query = tokens(alternativesOf.map((each) => each.at(-1) ?? "").join(" "));
  const weighed = await Promise.all(ordered.slice(0, WEIGHED).map(async (item) => {
    const data = await item.result.data();
    const names = (data.meta.search ?? "").split("; ").filter(Boolean);
    const bonus = Math.max(index.weights.title * similarity(data.meta.title, query, weight), ...names.map((name) => index.weights.name * similarity(name, query, weight)));
    return { ...item, data, score: (item.score + bonus) * (index.weights.kinds[data.meta.kind] ?? 1) };
  }));
  weighed.sort((one, other) => other.score - one.score);
  const instead = alternativesOf.map((each, n) => (index.hidden.has(each.at(-1)) ? words[n] : each.at(-1))).filter(Boolean);
  const missing = words.filter((word, n) => alternativesOf[n].length === 0 && word.length > 1);
  const corrected = words.some((word, n) => alternativesOf[n].length > 0 && !alternativesOf[n].includes(word) && !index.hidden.has(alternativesOf[n].at(-1)));
  return { found: [...weighed, ...ordered.slice(WEIGHED)], words: alternativesOf.flat(), instead: corrected ? instead.join(" ") : null, missing };
}

// Put `text` into `element`, with `words` highlighted.
function highlight(element, text, words) {
  const stems = words.filter((word) => word.length > 1).map((word) => (word.length > 5 ? word.slice(0, -2) : word).replaceAll(".", "\\."));
  if (stems.length === 0) { element.textContent = text; return; }
  const each = new RegExp(`(?<![\\p{L}\\p{N}])((?:${stems.join("|")})[\\p{L}\\p{N}']*)`, "giu");
  text.split(each).forEach((part, n) => {
    if (n % 2 === 0) element.append(part);
    else element.append(Object.assign(document.createElement("mark"), { textContent: part }));
  });
}

export function attach(root, base, hasAddress) {
  if (root.dataset.attached) return;
  root.dataset.attached = "yes";
  const [form, count, list, more, help] = [".search-form", ".search-count", ".search-results", ".search-more", ".search-help"].map((name) => root.querySelector(name));
  const template = root.querySelector("template.search-result");
  let latest = 0;

  const line = async (result, words) => {
    const data = result.data ?? await result.result.data();
    const item = template.content.cloneNode(true);
    const link = item.querySelector("a");
    link.href = new URL(data.meta.address, base).href;
    link.textContent = data.meta.title;
    item.querySelector(".search-kind").textContent = data.meta.kind;
    item.querySelector(".search-place").textContent = data.meta.place;
    const excerpt = data.meta.excerpt ?? new DOMParser().parseFromString(data.excerpt, "text/html").body.textContent;
    const [before, after] = [/^[^\p{Lu}\p{N}"]/u.test(excerpt) ? "… " : "", /[.!?:"]$/.test(excerpt) ? "" : " …"];
    highlight(item.querySelector(".search-excerpt"), before + excerpt + after, words);
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
    const request = latest += 1;
    const query = form.elements.q.value.trim();
    const filters = Object.fromEntries([...form.querySelectorAll("select")].map((select) => [select.name, root.dataset.filled ? select.value : select.dataset.chosen]).filter(([, value]) => value));
    if (hasAddress) {
      const address = new URL(location.href);
      address.search = new URLSearchParams({ ...(query ? { q: query } : {}), ...filters });
      history.replaceState(null, "", address);
    }
    if (!query) { list.replaceChildren(); count.textContent = ""; more.hidden = help.hidden = true; root.dataset.shown = ""; return; }
    try {
      if (!index) { count.textContent = count.dataset.wait; index = await loadIndex(base); }
      if (!root.dataset.filled) { root.dataset.filled = "yes"; fill(); return show(); }
      const { found, words, instead, missing } = await search(query, filters);
      if (request !== latest) return;
      const items = await Promise.all(found.slice(0, SHOWN).map((result) => line(result, words)));
      if (request !== latest) return;
      list.replaceChildren(...items);
      const message = found.length === 0 ? "none" : found.length === 1 ? "one" : "many";
      const otherwise = found.length === 0 ? "" : [missing.length ? count.dataset.missing.replace("{missing}", missing.join(", ")) : "", instead ? count.dataset.instead.replace("{instead}", instead) : ""].filter(Boolean).map((sentence) => `${sentence} `).join("");
      count.textContent = otherwise + count.dataset[message].replace("{n}", found.length).replace("{query}", query);
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
  const filters = form.querySelector(".search-filters");
  filters.addEventListener("toggle", async () => { // the filters need the index even before a query
    if (!filters.open || root.dataset.filled) return;
    try {
      index ??= await loadIndex(base);
      if (!root.dataset.filled) { root.dataset.filled = "yes"; fill(); }
    } catch { count.textContent = count.dataset.failed; }
  });
  if (hasAddress) {
    const given = new URLSearchParams(location.search);
    form.elements.q.value = given.get("q") ?? "";
    for (const select of form.querySelectorAll("select")) select.dataset.chosen = given.get(select.name) ?? "";
  }
  if ([...form.querySelectorAll("select")].some((select) => select.dataset.chosen)) form.querySelector(".search-filters").open = true;
  if (form.elements.q.value) show();
}
