"""The kinds round the recommendations: what they call themselves, and what may be left out."""

from __future__ import annotations

from macros.model.framework import Framework
from macros.model.supporting import Approach, CaseStudy, Criterion, Event, Law


def test_what_is_not_known_may_be_left_out(small: Framework) -> None:
    assert small.get(Criterion, "author").brighton_hove.says is None
    assert small.get(Approach, "new-way").specifications is None


def test_events_are_told_in_order_on_their_page(real: Framework) -> None:
    events = real.all(Event)
    assert [e.on for e in events] == sorted(e.on for e in events)
    assert {e.url.partition("#")[0] for e in events} == {"brighton-and-hove/", "about/since/", "compact/"}


def test_an_event_is_called_by_its_date(small: Framework) -> None:
    assert small.get(Event, "adopted").name == "14 July 2016: It was adopted by a committee. ..."


def test_the_comparison_has_all_its_criteria(real: Framework) -> None:
    assert len(real.all(Criterion)) >= 16
    assert len(real.all(Law)) >= 10
    assert len(real.all(CaseStudy)) >= 2
