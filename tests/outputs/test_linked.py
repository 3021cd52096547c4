"""The glossary as linked data can be read by others' software, without asking anybody, and says what the records say."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest
from rdflib import Graph, Literal, URIRef, namespace

from macros.model.core import Term
from macros.model.framework import Framework
from macros.model.public_view import words
from macros.outputs.json_ld import linked
from macros.outputs.open_data import exports
from macros.text.plain_text import plain
from tests.model.test_published import STAMP

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own use of it

VOCABULARIES: tuple[Any, ...] = (namespace.SDO, namespace.SKOS)
GLOSSARY = URIRef(STAMP.at("glossary/"))


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("asks the network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def graph(framework: Framework) -> Graph:
    return Graph().parse(data=json.dumps(linked(framework, STAMP, words())), format="json-ld")


def english(text: str) -> Literal:
    return Literal(text, lang="en-GB")


@pytest.mark.usefixtures("offline")
def test_every_term_is_there_with_what_its_record_says(real: Framework) -> None:
    found = graph(real)
    assert set(found.objects(GLOSSARY, namespace.SDO.hasDefinedTerm)) == {URIRef(STAMP.at(term.url)) for term in real.all(Term)}
    for term in real.all(Term):
        at = URIRef(STAMP.at(term.url))
        assert set(found.objects(at, namespace.RDF.type)) == {namespace.SDO.DefinedTerm, namespace.SKOS.Concept}
        for name, says in (("name", term.term), ("description", plain(term.meaning))):
            assert list(found.objects(at, namespace.SDO[name])) == [english(says)]
        for name, says in (("prefLabel", term.term), ("definition", plain(term.meaning)), ("example", plain(term.example))):
            assert list(found.objects(at, namespace.SKOS[name])) == [english(says)]
        others = {english(other) for other in term.also}
        assert set(found.objects(at, namespace.SKOS.altLabel)) == set(found.objects(at, namespace.SDO.alternateName)) == others
        assert list(found.objects(at, namespace.SDO.inDefinedTermSet)) == list(found.objects(at, namespace.SKOS.inScheme)) == [GLOSSARY]
        assert list(found.objects(at, namespace.SDO.termCode)) == [Literal(term.id)]


@pytest.mark.usefixtures("offline")
def test_it_carries_edition_date_revision_and_licence(small: Framework) -> None:
    found = graph(small)
    assert list(found.objects(GLOSSARY, namespace.SDO.version)) == [Literal("2026-11")]
    assert list(found.objects(GLOSSARY, namespace.SDO.dateModified)) == [Literal("2026-11-22", datatype=namespace.SDO.Date)]
    assert list(found.objects(GLOSSARY, namespace.SDO.identifier / namespace.SDO.value)) == [Literal("0123abcd")]
    assert list(found.objects(GLOSSARY, namespace.SDO.inLanguage)) == [Literal("en-GB")]
    assert list(found.objects(GLOSSARY, namespace.SDO.license)) == [URIRef("https://creativecommons.org/licenses/by/4.0/")]


def test_only_words_of_the_two_vocabularies_are_used(real: Framework) -> None:
    for predicate in set(graph(real).predicates()):
        assert predicate == namespace.RDF.type or any(predicate in vocabulary for vocabulary in VOCABULARIES), predicate
    for kind in set(graph(real).objects(None, namespace.RDF.type)):
        assert any(kind in vocabulary for vocabulary in VOCABULARIES), kind


def test_skos_conditions_hold(real: Framework) -> None:
    """One preferred label a language, no label of two sorts, and `related` from both ends and never to itself."""
    found = graph(real)
    for concept in found.subjects(namespace.RDF.type, namespace.SKOS.Concept):
        labels = list(found.objects(concept, namespace.SKOS.prefLabel))
        assert len(labels) == 1
        assert not set(labels) & set(found.objects(concept, namespace.SKOS.altLabel))
        for other in found.objects(concept, namespace.SKOS.related):
            assert other != concept
            assert (other, namespace.SKOS.related, concept) in found
    for term in real.all(Term):
        for named in (*term.see, *(c.term for c in term.not_to_be_confused_with)):
            assert (URIRef(STAMP.at(term.url)), namespace.SKOS.related, URIRef(STAMP.at(f"glossary/#{named}"))) in found


def test_it_may_stand_inside_a_page(small: Framework) -> None:
    evil = small.all(Term)[0].model_copy(update={"term": "</script><script>alert(1)</script>", "also": ("<!--",)})
    changed = Framework({**small.records, (evil.kind, evil.id): evil}, small.documents)
    for output in exports(changed, STAMP):
        if not output.path.endswith(".csv"):
            assert b"<" not in output.content, output.path
            json.loads(output.content)
