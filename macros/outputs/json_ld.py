"""The glossary as linked data: the same terms in the words of schema.org and of SKOS."""

from __future__ import annotations

from typing import Any

from macros.model.core import Term
from macros.model.framework import Framework
from macros.model.output import Stamp
from macros.text.plain_text import plain

# Whole, so that nobody has to fetch it. Names without a prefix are schema.org's.
_CONTEXT = {
    "@version": 1.1,
    "@vocab": "https://schema.org/",
    "@language": "en-GB",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dateModified": {"@type": "Date"},
    **{name: {"@language": None} for name in ("inLanguage", "propertyID", "termCode", "value", "version")},
    **{name: {"@type": "@id"} for name in ("hasDefinedTerm", "inDefinedTermSet", "license", "url")},
    **{name: {"@type": "@id"} for name in ("skos:hasTopConcept", "skos:inScheme", "skos:related")},
}


def linked(framework: Framework, stamp: Stamp, words: dict[str, Any]) -> dict[str, Any]:
    """Return the glossary as JSON-LD, its context in it; `words` are those of open_data.json."""
    address, terms = stamp.at("glossary/"), framework.all(Term)
    return {
        "@context": _CONTEXT,
        "@id": address,
        "@type": ["DefinedTermSet", "skos:ConceptScheme"],
        "name": words["glossary"],
        "skos:prefLabel": words["glossary"],
        "url": address,
        "inLanguage": "en-GB",
        "version": stamp.edition,
        "dateModified": stamp.day.isoformat(),
        "identifier": {"@type": "PropertyValue", "propertyID": "revision", "value": stamp.revision},
        "license": words["licence"]["address"],
        "creditText": words["licence"]["credit"],
        "hasDefinedTerm": [_term(framework, stamp, term) for term in terms],
        "skos:hasTopConcept": [stamp.at(term.url) for term in terms],
    }


def _term(framework: Framework, stamp: Stamp, term: Term) -> dict[str, Any]:
    glossary, meaning = stamp.at("glossary/"), plain(term.meaning)
    return {
        "@id": stamp.at(term.url),
        "@type": ["DefinedTerm", "skos:Concept"],
        "name": term.term,
        "alternateName": term.also,
        "description": meaning,
        "termCode": term.id,
        "url": stamp.at(term.url),
        "inDefinedTermSet": glossary,
        "skos:inScheme": glossary,
        "skos:prefLabel": term.term,
        "skos:altLabel": term.also,
        "skos:definition": meaning,
        "skos:example": plain(term.example),
        "skos:scopeNote": [plain(confusion.difference) for confusion in term.not_to_be_confused_with],
        "skos:related": [stamp.at(other.url) for other in _beside(framework, term)],
    }


def _beside(framework: Framework, term: Term) -> tuple[Term, ...]:
    """Return the terms that `term` or they say to see, or not to confuse with one another, in reading order."""
    named = {confusion.term for confusion in term.not_to_be_confused_with}
    beside = (*framework.related(term), *framework.holders(term, Term, "not_to_be_confused_with.term"))
    return framework.some(Term, {*named, *(other.id for other in beside)})
