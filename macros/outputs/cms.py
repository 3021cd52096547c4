"""The form at /edit/: Sveltia CMS from npm, and its configuration, made from the models and the records."""

from __future__ import annotations

import functools
import json
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from macros.model.document import Loc
from macros.model.framework import Framework
from macros.model.introspection import FieldDescription, field_guides
from macros.model.output import Output
from macros.model.records import KINDS, Record, Site
from macros.model.types import Statement
from macros.rendering.environment import Renderer
from macros.templates import TEMPLATES, texts
from macros.text.patterns import ID_PATTERN

FOLDER = "edit"  # the folder of the site that holds the form; it is no page, so the rules for pages do not apply to it
TYPED = "typed_text"  # the hidden field in which keep.js finds the text of a record's file
_CMS, _YAML = Path("node_modules/@sveltia/cms"), Path("node_modules/yaml")
_SCRIPT = "sveltia-cms.js"
_FONT = re.compile(r"url\(fonts/([\w-]+)\.woff2\)")
form_texts = functools.partial(texts, "cms/editor.yml")  # texts, labels and hints of the form
_FROM_DATA = re.compile(r": (?:an id|ids) from data/\S+\.$")


def can_edit(root: Path) -> bool:
    """Return whether the project at `root` has the npm packages that the form needs."""
    return (root / _CMS / "dist" / _SCRIPT).is_file() and (root / _YAML / "browser").is_dir()


def form(framework: Framework, root: Path, home: str = "") -> Iterator[Output]:
    """Yield the files of the form of the project at `root`; none if the npm packages are missing."""
    if not can_edit(root):
        return
    requested, pictures = hosts(framework.site)
    page = Renderer(framework, lambda: f"{FOLDER}/").render("cms/index.html.j2", hosts=requested, pictures=pictures)
    yield Output(f"{FOLDER}/index.html", page.encode())
    yield Output(f"{FOLDER}/config.yml", as_yaml(config(framework, home)).encode())
    for name in ("keep.js", "start.js"):
        yield Output(f"{FOLDER}/{name}", (TEMPLATES / "cms" / name).read_bytes())
    script = (root / _CMS / "dist" / _SCRIPT).read_text("utf-8")
    for patch in form_texts()["patches"]:
        script = re.sub(patch["find"], patch["replace"], script)
    yield Output(f"{FOLDER}/{_SCRIPT}", script.encode())
    for name in sorted(set(_FONT.findall(script))):
        for file in sorted((root / _CMS / "npm/assets").glob(f"{name}[-.]*")):
            yield Output(f"{FOLDER}/fonts/{f'{name}.woff2' if file.suffix == '.woff2' else file.name}", file.read_bytes())
    version = json.loads((root / _CMS / "package.json").read_text("utf-8"))["version"]
    yield Output(f"{FOLDER}/package.json", json.dumps({"version": version}).encode())
    library = root / _YAML / "browser"
    for file in sorted(library.rglob("*.js")):
        yield Output(f"{FOLDER}/yaml/{file.relative_to(library).as_posix()}", file.read_bytes())


def config(framework: Framework, home: str = "") -> dict[str, Any]:
    """Return the configuration of Sveltia CMS for `framework`; `home` is the site's address, if it has one."""
    settings = form_texts()["config"] | {"backend": _backend(framework.site), "site_url": home or None}
    settings["collections"] = [_collection(KINDS[kind], texts, framework) for kind, texts in form_texts()["kinds"].items()]
    return {name: value for name, value in settings.items() if value is not None}


def as_yaml(settings: dict[str, Any]) -> str:
    """Return `settings` as YAML."""
    return yaml.dump(settings, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper), sort_keys=False, allow_unicode=True, width=120)


def hosts(site: Site) -> tuple[list[str], str]:
    """Return the hosts to which the form sends requests (GitHub, and the sign-in service), and that of the pictures of GitHub's users."""
    own = _own_github(site)
    requested = [own or "https://api.github.com", *([_origin(site.sign_in)] if site.sign_in else ())]
    return requested, own or "https://avatars.githubusercontent.com"


def _own_github(site: Site) -> str:
    """Return the address of the GitHub Enterprise server with the repository of `site`, or "" if it is at github.com."""
    origin = _origin(site.repository)
    return "" if origin == "https://github.com" else origin


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _backend(site: Site) -> dict[str, Any]:
    backend: dict[str, Any] = {"name": "github", "repo": site.project, "branch": site.branch}
    if own_github := _own_github(site):
        backend |= {"api_root": f"{own_github}/api/v3"}
    if site.sign_in:
        backend |= {"base_url": _origin(site.sign_in), "auth_endpoint": urlsplit(site.sign_in).path.strip("/") or "auth"}
    else:
        backend |= {"auth_methods": ["token"]}
    return {**backend, "auth_scope": "public_repo", "open_authoring": True, "commit_messages": form_texts()["messages"]}


def _collection(cls: type[Record], texts: dict[str, str], framework: Framework) -> dict[str, Any]:
    fields = [field for field in field_guides(cls) if field.name not in ("id", "formerly")]
    slug: dict[str, Any] = {"template": "{{slug}}", "editable": False}
    if "slug" in texts:  # the id of a new record, which can be changed until it is saved
        pattern = [f"^{ID_PATTERN}$", form_texts()["texts"]["wrong_id"]]
        slug = {"template": texts["slug"], "editable": ["create"], "hint": form_texts()["texts"]["id"], "pattern": pattern}
    identifier = next(name for name in ("title", "term", "when") if any(field.name == name for field in fields))
    return {
        **form_texts()["collection"],
        "name": cls.folder,
        "label": texts["label"],
        "label_singular": texts["singular"],
        "description": texts["about"],
        "icon": texts["icon"],
        "folder": f"data/{cls.folder}",
        "format": f"keep-{cls.folder}",
        "create": "slug" in texts,
        "identifier_field": identifier,
        "slug": slug,
        "sortable_fields": {"fields": [texts["sort"], identifier], "default": {"field": texts["sort"], "direction": "ascending"}},
        "summary": texts["summary"],
        "fields": [*(_field(field, cls.kind, framework) for field in fields), {"name": TYPED, "widget": "hidden"}],
    }


def _field(field: FieldDescription, kind: str, framework: Framework) -> dict[str, Any]:
    """Return the form's field for `field` of a record of `kind`."""
    label = _label(field.name, kind)
    common: dict[str, Any] = {"name": field.name, "label": label, "required": field.required, "hint": _hint(field, kind, framework)}
    if field.holds == "reference":
        return {**common, **_reference(field, framework)}
    widget = _widget(field, kind, framework)
    if not field.many:
        return {**common, **widget}
    item = form_texts()["items"].get(field.name, {})
    common |= {"widget": "list", "label_singular": item.get("singular", label.lower())}
    common |= {name: limit for name, limit in (("min", field.least), ("max", field.most)) if limit}
    if field.fields:
        return {**common, "fields": widget["fields"], "summary": item["summary"], "collapsed": True, "minimize_collapsed": False}
    return {**common, "field": {"name": field.name, "label": item["singular"].capitalize(), **widget}}


def _widget(field: FieldDescription, kind: str, framework: Framework) -> dict[str, Any]:
    """Return the widget for one value of `field`."""
    if field.holds == "group":
        return {"widget": "object", "collapsed": not field.required, "fields": [_field(inner, kind, framework) for inner in field.fields]}
    if field.holds == "choice":
        return {"widget": "select", "options": [{"label": field.shown(choice), "value": choice} for choice in field.choices]}
    if given := form_texts()["widgets"].get(field.holds):
        return dict(given)
    widget: dict[str, Any] = {"widget": "text" if field.holds == "prose" else "string", "use_emoji_autocomplete": False}
    if field.words:
        least, most = field.words.least, field.words.most
        message = form_texts()["texts"]["wrong_words"].format(least=least, most=most)
        widget["pattern"] = [rf"^\s*(?:\S+\s+){{{least - 1},{most - 1}}}\S+\s*$", message]
    elif field.pattern:
        widget["pattern"] = [f"^(?:{field.pattern})$", f"{field.form[:1].upper()}{field.form[1:]}."]
    return widget


def _reference(field: FieldDescription, framework: Framework) -> dict[str, Any]:
    """Return the choice among records of the kind that `field` names; the report's points are not records."""
    many: dict[str, Any] = {"multiple": True} | ({"min": field.least} if field.least else {}) if field.many else {}
    if field.names == "point":
        return {"widget": "select", **many, "options": _points(framework)}
    summary = form_texts()["kinds"][field.names]["summary"]
    names = re.findall(r"\w+", re.sub(r"\|[^}]*", "", summary))
    return {
        "widget": "relation",
        **many,
        "collection": KINDS[field.names].folder,
        "value_field": "{{slug}}",
        "display_fields": [summary],
        "search_fields": [name for name in names if name != "slug"],
    }


@functools.lru_cache(maxsize=2)
def _points(framework: Framework) -> list[dict[str, str]]:
    """Return the report's points as choices; always the same list, so that the YAML holds it once."""
    label = form_texts()["texts"]["point"]
    return [
        {"label": label.format(where=p.where, point=textwrap.shorten(p.point, 90, placeholder=" ...")), "value": p.id}
        for p in framework.points.values()
    ]


def text_name(loc: Loc, kind: str) -> str:
    """Return the form's name for the text at `loc` of a record of `kind`, for example `What to do, step 2`."""
    name, item = "", ""
    for step in loc:
        if isinstance(step, int):
            name += f", {item} {step + 1}" if item else f" {step + 1}"
        else:
            label = _label(step, kind)
            if label.lower() != item:
                name += f": {label}" if name else label
            item = str(form_texts()["items"].get(step, {}).get("singular", ""))
    return name


def _label(name: str, kind: str) -> str:
    labels = form_texts()["labels"]
    return str(labels.get(f"{kind}.{name}") or labels.get(name) or name.replace("_", " ").replace("-", " ").capitalize())


def _hint(field: FieldDescription, kind: str, framework: Framework) -> str:
    """Return the description of `field`, its limits, and, if it is protected, who decides on it."""
    texts, hints = form_texts()["texts"], form_texts()["hints"]
    parts = [hints.get(f"{kind}.{field.name}") or hints.get(field.name) or _FROM_DATA.sub(".", field.description)]
    if field.holds == "prose":
        parts.append(texts["prose"])
    if field.words:
        parts.append(texts["words"].format(least=field.words.least, most=field.words.most))
    if field.most or field.least > 1:
        parts.append(texts["items" if field.most else "least"].format(least=field.least, most=field.most))
    if field.statement is Statement.REPORT:
        parts.append(texts["protected"].format(decides=framework.site.decides))
    return " ".join(parts)
