"""Every kind has one name and one folder."""

from __future__ import annotations

from macros.model.registry import KINDS, SINGLES


def test_names_and_folders_differ() -> None:
    assert len({cls.folder for cls in KINDS.values()}) == len(KINDS)
    assert not set(KINDS) & set(SINGLES)
    assert all(kind == cls.kind for kind, cls in {**KINDS, **SINGLES}.items())
