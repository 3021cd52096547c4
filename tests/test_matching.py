"""Which item of one list is which of another."""

from __future__ import annotations

from macros.matching import likeness, matched


def test_what_is_equal_is_paired_and_only_what_changed_places_has_moved() -> None:
    found = matched("abcd", "bcda")
    assert found.pairs == ((0, 3), (1, 0), (2, 1), (3, 2))
    assert found.moved == {3}
    assert (found.gone, found.fresh) == ((), ())


def test_what_is_left_is_gone_or_new() -> None:
    found = matched(["a", "b"], ["b", "c"])
    assert (found.pairs, found.gone, found.fresh, found.moved) == (((1, 0),), (0,), (1,), frozenset())


def test_equal_items_are_paired_one_by_one() -> None:
    assert matched(["a", "a"], ["a"]).gone == (1,)


def test_a_name_pairs_what_has_other_words() -> None:
    found = matched([("x", "old")], [("y", "old words"), ("x", "quite new")], name=lambda item: item[0])
    assert found.pairs == ((0, 1),)


def test_likeness_pairs_what_is_reworded() -> None:
    found = matched(["Did we ask in time?", "Did we pay?"], ["Who came?", "Did we ask them in time?"], words=str)
    assert found.pairs == ((0, 1),)
    assert (found.gone, found.fresh) == ((1,), (0,))


def test_likeness_counts_words_in_any_order() -> None:
    assert likeness("one two", "Two, one!") == 1
    assert likeness("one two", "three") == 0
    assert likeness("", "") == 0


def test_lists_too_long_to_look_at_each_pair_are_not_paired_by_likeness() -> None:
    old, new = ([f"{word} {number}" for number in range(600)] for word in ("old one", "new one"))
    assert matched(old, new, words=str).pairs == ()
