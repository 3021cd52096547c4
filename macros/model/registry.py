"""Every kind of record by its name: those with a folder, and singletons."""

from __future__ import annotations

from macros.model import core, singletons, supporting
from macros.model.base import Record

KINDS: dict[str, type[Record]] = {
    cls.kind: cls
    for cls in (
        core.Stage,
        core.Recommendation,
        core.Value,
        supporting.GoldenRule,
        supporting.Aim,
        core.Audience,
        core.Principle,
        core.Term,
        supporting.Definition,
        supporting.Approach,
        supporting.ReaderQuestion,
        supporting.CommonTheme,
        supporting.Criterion,
        supporting.CaseStudy,
        supporting.Law,
        supporting.Event,
        core.Source,
    )
}
SINGLES: dict[str, type[Record]] = {cls.kind: cls for cls in (singletons.Report, singletons.Site, singletons.Words)}
