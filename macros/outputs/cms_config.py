"""The configuration of the form at /edit/, made from the models and the records."""

from __future__ import annotations

import functools
import re
import textwrap
from typing import Any
from urllib.parse import urlsplit

import yaml

from macros.model.base import Record
from macros.model.document import Loc
from macros.model.framework import Framework
from macros.model.introspection import FieldGuide, guide
from macros.model.registry import KINDS
from macros.model.singletons import Site
from macros.model.types import Statement
from macros.templates import TEMPLATES
from macros.text.patterns import ID_PATTERN

FOLDER = "edit"
"""The folder of the site that holds the form: an application of its own, which the rules for pages leave alone."""
TYPED = "typed_text"
"""The hidden field in which keep.js finds what a record's file holds."""
_NOT_IN_A_FORM = ("id", "formerly")
_FROM_DATA = re.compile(r": (?:an id|ids) from data/\S+\.$")


@functools.cache
def words() -> dict[str, Any]:
    """Return the words of the form, and what it offers: macros/templates/cms/editor.yml."""
    found: dict[str, Any] = yaml.safe_load((TEMPLATES / "cms/editor.yml").read_text("utf-8"))
    return found


def config(framework: Framework, home: str = "") -> dict[str, Any]:
    """Return the configuration of the form for `framework`, as Sveltia and Decap take it; `home` is the site's address, if it has one."""
    return {
        "backend": _backend(framework.site),
        "publish_mode": "editorial_workflow",
        **({"site_url": home} if home else {}),
        "app_title": words()["said"]["title"],
        "logo": {"src": "../favicon.svg"},
        "media_folder": "content/pictures",
        "public_folder": "/pictures",
        "show_preview_links": False,
        "editor": {"preview": False},
        "slug": {"encoding": "ascii", "clean_accents": True, "maxlength": 60},
        "output": {"omit_empty_optional_fields": True},
        "collections": [_collection(KINDS[kind], said, framework) for kind, said in words()["kinds"].items()],
    }


def as_yaml(settings: dict[str, Any]) -> str:
    """Return `settings` as YAML."""
    return yaml.dump(settings, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper), sort_keys=False, allow_unicode=True, width=120)


def hosts(site: Site) -> tuple[str, ...]:
    """Return the addresses that the form talks to, once somebody signs in: the API of the repository's host, and the sign-in of `site`."""
    api_root = _api_root(site)
    api = api_root.removesuffix("/api/v3") if api_root else "https://api.github.com"
    return (api, "{0.scheme}://{0.netloc}".format(urlsplit(site.sign_in))) if site.sign_in else (api,)


def pictures(site: Site) -> str:
    """Return the address from which the form loads the pictures of people."""
    return _api_root(site).removesuffix("/api/v3") or "https://avatars.githubusercontent.com"


def _api_root(site: Site) -> str:
    """Return the address of the API of a GitHub of one's own, or nothing for github.com."""
    at = urlsplit(site.repository)
    return "" if at.netloc == "github.com" else f"{at.scheme}://{at.netloc}/api/v3"


def _backend(site: Site) -> dict[str, Any]:
    backend: dict[str, Any] = {"name": "github", "repo": site.project, "branch": site.branch}
    if api_root := _api_root(site):
        backend |= {"api_root": api_root}
    if site.sign_in:
        at = urlsplit(site.sign_in)
        backend |= {"base_url": f"{at.scheme}://{at.netloc}", "auth_endpoint": at.path.strip("/") or "auth"}
    else:
        backend |= {"auth_methods": ["token"]}
    return {**backend, "auth_scope": "public_repo", "open_authoring": True, "commit_messages": words()["messages"]}


def _collection(cls: type[Record], said: dict[str, str], framework: Framework) -> dict[str, Any]:
    fields = [field for field in guide(cls) if field.name not in _NOT_IN_A_FORM]
    identifier = next(name for name in ("title", "term", "when") if any(field.name == name for field in fields))
    return {
        "name": cls.folder,
        "label": said["label"],
        "label_singular": said["one"],
        "description": said["about"],
        "icon": said["icon"],
        "folder": f"data/{cls.folder}",
        "extension": "yml",
        "format": f"keep-{cls.folder}",
        "create": "slug" in said,
        "delete": False,
        "duplicate": False,
        "identifier_field": identifier,
        "slug": _slug(said),
        "sortable_fields": {"fields": [said["sort"], identifier], "default": {"field": said["sort"], "direction": "ascending"}},
        "summary": said["shown"],
        "fields": [*(_field(field, cls.kind, framework) for field in fields), {"name": TYPED, "widget": "hidden"}],
    }


def _slug(said: dict[str, str]) -> dict[str, Any]:
    """Return what the id of a new record is made from; it may be changed until the record is saved, and never after."""
    if "slug" not in said:
        return {"template": "{{slug}}", "editable": False}
    hint, wrong = words()["said"]["id"], words()["said"]["wrong_id"]
    return {"template": said["slug"], "editable": ["create"], "hint": hint, "pattern": [f"^{ID_PATTERN}$", wrong]}


def _field(field: FieldGuide, kind: str, framework: Framework) -> dict[str, Any]:
    """Return the field of the form in which `field` of a record of `kind` is written."""
    found: dict[str, Any] = {"name": field.name, "label": _label(field.name, kind), "required": field.must, "hint": _hint(field, kind)}
    if field.holds == "reference":
        return {**found, **_choice_of_records(field, framework)}
    held = _held(field, kind, framework)
    if not field.many:
        return {**found, **held}
    item = words()["items"].get(field.name, {})
    return {
        **found,
        "widget": "list",
        "label_singular": item.get("one", found["label"].lower()),
        **({"min": field.least} if field.least else {}),
        **({"max": field.most} if field.most else {}),
        **(
            {"fields": held["fields"], "summary": item["shown"], "collapsed": True, "minimize_collapsed": False}
            if field.fields
            else {"field": {"name": field.name, "label": item["one"].capitalize(), **held}}
        ),
    }


def _held(field: FieldGuide, kind: str, framework: Framework) -> dict[str, Any]:
    """Return what makes one value of `field`."""
    if field.holds == "group":
        return {"widget": "object", "collapsed": not field.must, "fields": [_field(inner, kind, framework) for inner in field.fields]}
    if field.holds == "choice":
        return {"widget": "select", "options": [{"label": _readable(choice), "value": choice} for choice in field.choices]}
    if field.holds == "number":
        return {"widget": "number", "value_type": "int", "min": 1, "step": 1}
    if field.holds == "day":
        return {"widget": "datetime", "format": "YYYY-MM-DD", "date_format": "YYYY-MM-DD", "time_format": False}
    said = words()["said"]
    held: dict[str, Any] = {"widget": "text" if field.holds == "prose" else "string", "use_emoji_autocomplete": False}
    if field.words:
        least, most = field.words.least, field.words.most
        held["pattern"] = [rf"^\s*(?:\S+\s+){{{least - 1},{most - 1}}}\S+\s*$", said["wrong_words"].format(least=least, most=most)]
    elif field.pattern:
        held["pattern"] = [f"^(?:{field.pattern})$", f"{field.form[:1].upper()}{field.form[1:]}."]
    return held


def _choice_of_records(field: FieldGuide, framework: Framework) -> dict[str, Any]:
    """Return the choice of records of the kind that `field` names, by name; the report's points are no records of their own."""
    many: dict[str, Any] = {"multiple": True} if field.many else {}
    many |= {"min": field.least} if field.many and field.least else {}
    if field.names == "point":
        return {"widget": "select", **many, "options": _points(framework)}
    said = words()["kinds"][field.names]
    names = re.findall(r"\w+", re.sub(r"\|[^}]*", "", said["shown"]))
    return {
        "widget": "relation",
        **many,
        "collection": KINDS[field.names].folder,
        "value_field": "{{slug}}",
        "display_fields": [said["shown"]],
        "search_fields": [name for name in names if name != "slug"],
    }


@functools.lru_cache(maxsize=2)
def _points(framework: Framework) -> list[dict[str, str]]:
    """Return the report's points to choose from; always the same list, so that the configuration holds it once."""
    said = words()["said"]["point"]
    return [
        {"label": said.format(where=p.where, point=textwrap.shorten(p.point, 90, placeholder=" ...")), "value": p.id}
        for p in framework.points.values()
    ]


def called(loc: Loc, kind: str) -> str:
    """Return by which words people call the text at `loc` of a record of `kind`, for example `What to do, step 2`."""
    said, one = "", ""
    for step in loc:
        if isinstance(step, int):
            said += f", {one} {step + 1}" if one else f" {step + 1}"
        else:
            label = _label(step, kind)
            if label.lower() != one:
                said += f": {label}" if said else label
            one = str(words()["items"].get(step, {}).get("one", ""))
    return said


def _label(name: str, kind: str) -> str:
    labels = words()["labels"]
    return str(labels.get(f"{kind}.{name}") or labels.get(name) or _readable(name))


def _readable(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").capitalize()


def _hint(field: FieldGuide, kind: str) -> str:
    """Return what `field` is for, its limits, and that it is protected, if it is."""
    said, hints = words()["said"], words()["hints"]
    parts = [hints.get(f"{kind}.{field.name}") or hints.get(field.name) or _FROM_DATA.sub(".", field.about)]
    if field.holds == "prose":
        parts.append(said["prose"])
    if field.words:
        parts.append(said["words"].format(least=field.words.least, most=field.words.most))
    if field.most:
        parts.append(said["items"].format(least=field.least, most=field.most))
    elif field.least > 1:
        parts.append(said["least"].format(least=field.least))
    if field.statement is Statement.REPORT:
        parts.append(said["protected"])
    return " ".join(parts)
