// Starts the form at /edit/ when its button is pressed: gives each kind of record its file format, and hands the configuration to the
// editor, which opens the record that the address names. The name of the editor's script stands in the page, in data-editor.
import { format } from "./keep.js";
import { parse } from "./yaml/index.js";

const place = document.querySelector("[data-editor]");
const button = document.querySelector("button");
button.addEventListener("click", open, { once: true });
button.hidden = false;
document.querySelector("[data-without-script]").remove();

async function open() {
  globalThis.CMS_MANUAL_INIT = true;
  const config = parse(await (await fetch("config.yml")).text());
  const script = document.createElement("script");
  script.src = place.dataset.editor;
  script.addEventListener("load", () => {
    document.querySelector("link[rel=stylesheet]").remove(); // the editor has its own
    document.body.replaceChildren();
    for (const collection of config.collections) {
      if (!place.dataset.editor.includes("sveltia")) forDecap(collection);
      CMS.registerCustomFormat(collection.format, "yml", format(collection.fields));
    }
    CMS.init({ config: { ...config, load_config_file: false } });
  });
  document.head.append(script);
}

/** Say in Decap's words what Sveltia has more words for: how an id is made, the order of a list, and a group that may be left out. */
function forDecap(collection) {
  collection.slug = collection.slug.template;
  collection.sortable_fields = collection.sortable_fields.fields;
  const groups = collection.fields.filter((field) => field.widget === "object" && field.required === false);
  for (const field of groups.flatMap((group) => group.fields)) field.required = false;
}
