// How the form at /edit/ reads and writes the file of a record: what was not changed stays as it is typed, byte by byte.
// A changed value is put in its place in the text of the file. If the result did not say what the form says, the record
// would be written anew. The shape of a record comes from the form's own configuration, config.yml.
import { isMap, isScalar, isSeq, parse, parseDocument } from "./yaml/index.js";

/** The hidden field in which a record carries its file's text, so that it can be changed in its place. */
export const TYPED = "typed_text";

const WIDEST = 120; // characters in a line that holds a list of ids
const INVISIBLE = /[\0-\x09\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]/;
const PLAIN = /^[\p{L}\p{N}(£€](?:.*[^\s:])?$/u;

/** Return the file format of a collection whose records have `fields`, as both Sveltia and Decap register it. */
export function format(fields) {
  const record = { fields, widget: "object" };
  return {
    fromFile(text) {
      return { ...read(text).toJS(), [TYPED]: text };
    },
    toFile(value) {
      const wanted = tidy(value, record);
      const text = typeof value[TYPED] === "string" ? value[TYPED].replace(/\r\n?/g, "\n").replace(/\n*$/, "\n") : "";
      if (text.trim() === "") return group(wanted, record, "");
      const root = read(text).contents;
      const changed = new Patch(text).apply(root, wanted, record);
      if (says(changed, wanted, record)) return changed;
      const known = new Set(fields.map((field) => field.name));
      const others = root.items.filter((pair) => !known.has(pair.key.value)).map((pair) => new Patch(text).lines(pair));
      return group(wanted, record, "") + others.join("");
    },
  };
}

/** Return the YAML `text` read with every value as it is typed: here, as in `svf check`, `no` and 2017-04-01 are words. */
function read(text) {
  const document = parseDocument(text, { schema: "failsafe" });
  if (document.errors.length) throw document.errors[0];
  if (!isMap(document.contents)) throw new Error("This file is not a record.");
  return document;
}

function says(text, wanted, record) {
  try {
    return same(tidy(read(text).toJS(), record), wanted);
  } catch {
    return false;
  }
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const isGroup = (field) => Boolean(field.fields);
const isList = (field) => field.widget === "list" || Boolean(field.multiple);
const isProse = (field) => field.widget === "text";
const itemOf = (field) =>
  field.widget !== "list" ? { widget: "id" } : field.fields ? { fields: field.fields, widget: "object" } : (field.field ?? { widget: "string" });

/** Return `value` as the file is to say it, in the order of the fields; nothing for what is empty. */
function tidy(value, field) {
  if (isList(field)) {
    const items = (Array.isArray(value) ? value : []).map((item) => tidy(item, itemOf(field)));
    const filled = items.filter((item) => item !== undefined && !same(item, {}));
    return filled.length ? filled : undefined;
  }
  if (isGroup(field)) {
    const held = field.fields.map((inner) => [inner.name, tidy(value?.[inner.name], inner)]).filter(([, inner]) => inner !== undefined);
    const filled = held.some(([, inner]) => !same(inner, {}));
    return filled || field.required !== false ? Object.fromEntries(held) : undefined;
  }
  const text = value == null ? "" : pasted(String(value));
  return text === "" || field.name === TYPED ? undefined : text;
}

/** Return `text` without space around it, and with plain spaces and line ends for the tabs and breaks of a word processor. */
const pasted = (text) => text.replace(/\r\n?|[\v\f\x85\u2028\u2029]/g, "\n").replace(/ *\t[ \t]*/g, " ").replace(/^[ \n]+|[ \n]+$/g, "");

// ---- Writing anew ----

/** Return the lines of the group `value`, each behind `pad`. */
const group = (value, field, pad) =>
  field.fields.filter((inner) => inner.name in value).map((inner) => pair(value[inner.name], inner, pad)).join("");

/** Return the lines that give `field` the `value`. */
function pair(value, field, pad) {
  const key = `${pad}${field.name}:`;
  if (isList(field)) {
    const item = itemOf(field);
    const line = `${key} ${flow(value)}\n`;
    if (item.widget === "id" && line.length <= WIDEST) return line;
    return `${key}\n${value.map((one) => entry(one, item, `${pad}  `)).join("")}`;
  }
  if (isGroup(field)) return same(value, {}) ? `${key} {}\n` : `${key}\n${group(value, field, `${pad}  `)}`;
  return `${key} ${scalar(value, field, `${pad}  `)}\n`;
}

/** Return the lines of one item of a list. */
function entry(value, field, pad) {
  if (isGroup(field)) return `${pad}- ${group(value, field, `${pad}  `).slice(pad.length + 2)}`;
  return `${pad}- ${scalar(value, field, `${pad}  `)}\n`;
}

const flow = (values) => `[${values.map((value) => inline(value, {}, true)).join(", ")}]`;
const scalar = (text, field, pad) => (isProse(field) && fitsBlock(text) ? `|-\n${indented(text, pad)}` : inline(text, field));
const fitsBlock = (text) => !INVISIBLE.test(text) && !/^\n*[ ]/.test(text) && !/\n[ ]*$/.test(text);
const indented = (text, pad) => text.split("\n").map((line) => (line === "" ? "" : pad + line)).join("\n");

/** Return `text` on one line: plain if that is safe, otherwise in double quotes. */
function inline(text, field, inFlow = false) {
  const typed = (field.widget === "number" && /^[0-9]+$/.test(text)) || (field.widget === "datetime" && /^\d{4}-\d\d-\d\d$/.test(text));
  return typed || isPlain(text, inFlow) ? text : quoted(text);
}

/** Say whether `text` without quotes is read as this text in YAML 1.1 and in YAML 1.2. */
function isPlain(text, inFlow = false) {
  if (!PLAIN.test(text) || INVISIBLE.test(text) || text.includes("\n") || /: |\s#/.test(text)) return false;
  if (inFlow && /[,[\]{}:]/.test(text)) return false;
  return ["1.1", "1.2"].every((version) => parse(text, { version }) === text);
}

function quoted(text) {
  const escape = (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(text).replace(new RegExp(INVISIBLE, "g"), escape);
}

// ---- Changing in its place ----

/** Changes of one text: each puts something between two places. */
class Patch {
  constructor(text) {
    this.text = text;
    this.changes = [];
  }

  /** Return the text in which the record at `root` says `wanted`. */
  apply(root, wanted, record) {
    this.map(root, wanted, record);
    let done = 0;
    let result = "";
    for (const { start, end, put } of this.changes.toSorted((a, b) => a.start - b.start)) {
      result += this.text.slice(done, start) + put;
      done = end;
    }
    return result + this.text.slice(done);
  }

  put(start, end, put) {
    this.changes.push({ start, end, put });
  }

  lineStart(at) {
    return this.text.lastIndexOf("\n", at - 1) + 1;
  }

  lineEnd(at) {
    const found = this.text.indexOf("\n", at);
    return found < 0 ? this.text.length : found + 1;
  }

  /** Return where what `node` says ends: before the line break, and before comments that follow. */
  end(node) {
    if (isMap(node) && !node.flow) return this.endOfPair(node.items.at(-1));
    if (isSeq(node) && !node.flow) return this.end(node.items.at(-1));
    const [start, end] = node.range;
    return start + this.text.slice(start, end).replace(/(?:\n[ ]*)+$/, "").length;
  }

  endOfPair(pair) {
    return pair.value?.range ? Math.max(this.end(pair.value), pair.key.range[1]) : pair.key.range[1];
  }

  /** Return the lines of `pair`. */
  lines(pair) {
    return this.text.slice(this.lineStart(pair.key.range[0]), this.lineEnd(this.endOfPair(pair)));
  }

  column(at) {
    return at - this.lineStart(at);
  }

  standsFirst(at) {
    return this.text.slice(this.lineStart(at), at).trim() === "";
  }

  map(map, value, field) {
    const pairs = new Map(map.items.map((found) => [found.key.value, found]));
    const pad = " ".repeat(this.column(map.items[0].key.range[0]));
    let before = null;
    for (const inner of field.fields) {
      const found = pairs.get(inner.name);
      const wanted = value[inner.name];
      if (found && wanted === undefined) {
        if (!same(tidy(found.value?.toJSON(), inner), undefined)) this.remove(found);
      } else if (found) {
        this.pair(found, wanted, inner, pad);
      } else if (wanted !== undefined && !same(wanted, {})) {
        this.add(map, before, pair(wanted, inner, pad));
      }
      before = found ?? before;
    }
  }

  /** Put new lines behind the pair `before`, or at the beginning of `map`. */
  add(map, before, lines) {
    const first = map.items[0];
    const at = before || !this.standsFirst(first.key.range[0]) ? this.lineEnd(this.endOfPair(before ?? first)) : this.lineStart(first.key.range[0]);
    this.put(at, at, lines);
  }

  remove(pair) {
    this.put(this.lineStart(pair.key.range[0]), this.lineEnd(this.endOfPair(pair)), "");
  }

  pair(found, value, field, pad) {
    const node = found.value;
    if (same(tidy(node?.toJSON(), field), value)) return;
    const empty = same(value, {}) || (node?.items && node.items.length === 0);
    if (!empty && isMap(node) && !node.flow && isGroup(field) && !isList(field)) this.map(node, value, field);
    else if (!empty && isSeq(node) && isList(field)) this.list(node, value, field);
    else if (isScalar(node) && !isGroup(field) && !isList(field)) this.scalar(node, value, field, pad);
    else this.put(this.lineStart(found.key.range[0]) + pad.length, this.lineEnd(this.endOfPair(found)), pair(value, field, pad).slice(pad.length));
  }

  scalar(node, value, field, pad) {
    const [start] = node.range;
    const raw = this.text.slice(start, this.end(node));
    let made;
    if (node.type === "BLOCK_LITERAL" && fitsBlock(value)) {
      const head = raw.split("\n", 1)[0];
      const inside = /\n( +)\S/.exec(raw)?.[1] ?? `${pad}  `;
      made = `${head}\n${indented(value, inside)}`;
    } else if (raw.includes("\n") && node.type !== "BLOCK_LITERAL") {
      made = respelt(raw, node.value, value);
    } else if (!value.includes("\n")) {
      if (node.type === "PLAIN" && isPlain(value)) made = value;
      if (node.type === "QUOTE_DOUBLE") made = quoted(value);
      if (node.type === "QUOTE_SINGLE" && !INVISIBLE.test(value)) made = `'${value.replaceAll("'", "''")}'`;
    }
    this.put(start, start + raw.length, made ?? scalar(value, field, `${pad}  `));
  }

  list(seq, values, field) {
    const item = itemOf(field);
    const old = seq.items.map((node) => tidy(node.toJSON(), item));
    const written = (value) => seq.items[old.findIndex((one) => same(one, value))];
    if (seq.flow) {
      const texts = values.map((value) => (written(value) ? this.text.slice(written(value).range[0], this.end(written(value))) : inline(value, item, true)));
      this.put(seq.range[0], seq.range[1], `[${texts.join(", ")}]`);
      return;
    }
    const dashes = seq.items.map((node) => this.text.lastIndexOf("-", node.range[0] - 1));
    const pad = " ".repeat(this.column(dashes[0]));
    const lines = (value) => {
      const node = written(value);
      const dash = node && dashes[seq.items.indexOf(node)];
      return node && this.standsFirst(dash) ? this.text.slice(this.lineStart(dash), this.lineEnd(this.end(node))) : entry(value, item, pad);
    };
    let at = this.standsFirst(dashes[0]) ? this.lineStart(dashes[0]) : this.lineEnd(this.end(seq.items[0]));
    for (const [from, to] of paired(old, values)) {
      const node = seq.items[from];
      if (from === undefined) {
        this.put(at, at, lines(values[to]));
        continue;
      }
      const end = this.lineEnd(this.end(node));
      if (to === undefined) this.put(this.lineStart(dashes[from]), end, "");
      else if (!same(old[from], values[to])) this.item(node, dashes[from], values[to], item, pad);
      at = end;
    }
  }

  item(node, dash, value, field, pad) {
    const first = isMap(node) && !node.flow && node.items[0].key.value;
    if (first && isGroup(field) && first in value) this.map(node, value, field);
    else if (isScalar(node) && !isGroup(field)) this.scalar(node, value, field, pad);
    else this.put(dash, this.lineEnd(this.end(node)), entry(value, field, pad).slice(pad.length));
  }
}

/** Return the text `raw` of several lines with only those words changed that differ, if that can be said in the same style. */
function respelt(raw, before, after) {
  const [had, has] = [before.trim().split(/\s+/), after.trim().split(/\s+/)];
  const words = [...raw.matchAll(/\S+/g)].slice(raw.match(/^[|>]/) ? 1 : 0);
  if (words.length !== had.length) return undefined;
  const least = Math.min(had.length, has.length);
  let head = 0;
  while (head < least && had[head] === has[head]) head += 1;
  let tail = 0;
  while (tail < least - head && had.at(-1 - tail) === has.at(-1 - tail)) tail += 1;
  const ends = (word) => word.index + word[0].length;
  const put = has.slice(head, has.length - tail).join(" ");
  const from = put && head + tail < had.length ? words[head].index : head ? ends(words[head - 1]) : words[0].index;
  const to = head + tail < had.length ? ends(words[had.length - 1 - tail]) : from;
  const gap = put && head + tail === had.length ? (head ? [" ", ""] : ["", " "]) : ["", ""];
  const made = raw.slice(0, from) + gap[0] + put + gap[1] + raw.slice(to);
  try {
    return String(read(`k: ${made}\n`).get("k")).trim() === after.trim() ? made : undefined;
  } catch {
    return undefined;
  }
}

/** Yield pairs of places in `old` and in `values`, in their order: what stays or changes, what goes, and what is new. */
function* paired(old, values) {
  const keys = [old, values].map((list) => list.map((value) => JSON.stringify(value)));
  const longest = Array.from({ length: old.length + 1 }, () => new Array(values.length + 1).fill(0));
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = values.length - 1; j >= 0; j -= 1) {
      longest[i][j] = keys[0][i] === keys[1][j] ? longest[i + 1][j + 1] + 1 : Math.max(longest[i + 1][j], longest[i][j + 1]);
    }
  }
  let [i, j] = [0, 0];
  while (i < old.length || j < values.length) {
    let [k, l] = [i, j];
    while (k < old.length && l < values.length && keys[0][k] !== keys[1][l]) longest[k + 1][l] >= longest[k][l + 1] ? (k += 1) : (l += 1);
    if (k === old.length || l === values.length) [k, l] = [old.length, values.length];
    while (i < k || j < l) yield [i < k ? i++ : undefined, j < l ? j++ : undefined];
    if (i < old.length && j < values.length) yield [i++, j++];
  }
}
