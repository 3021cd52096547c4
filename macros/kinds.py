"""Every kind of record by its name: those with a folder of their own, and those of which there is one only."""

from __future__ import annotations

from macros import context, model, singles
from macros.record import Record

KINDS: dict[str, type[Record]] = {
    cls.kind: cls
    for cls in (
        model.Stage,
        model.Recommendation,
        model.Value,
        context.Aim,
        model.Audience,
        model.Principle,
        model.Term,
        context.Definition,
        context.Approach,
        context.Asked,
        context.CommonTheme,
        context.Criterion,
        context.CaseStudy,
        context.Law,
        context.Event,
        model.Source,
    )
}
SINGLES: dict[str, type[Record]] = {cls.kind: cls for cls in (singles.Report, singles.Site, singles.Words)}
