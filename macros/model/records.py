"""What a record is: one class for each kind, with its fields, limits, kinds of statement and references, in reading order."""

from __future__ import annotations

import re
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from macros.model.types import Day, Form, Line, Number, PartId, Prose, Question, Ref, Search, Statement, Web, form, is_placeholder, words
from macros.text.patterns import MAIL_PATTERN, SERVER_PATTERN

StageId = Annotated[str, Ref("stage")]
RecommendationId = Annotated[str, Ref("recommendation")]
ValueId = Annotated[str, Ref("value")]
PrincipleId = Annotated[str, Ref("principle")]
TermId = Annotated[str, Ref("term")]
AudienceId = Annotated[str, Ref("audience")]
PointId = Annotated[str, Ref("point")]
SourceId = Annotated[str, Ref("source")]
TemplateId = Annotated[str, Ref("template")]
LawId = Annotated[str, Ref("law")]
AnyId = Annotated[str, Ref("")]

Title = Annotated[Line, Field(description="What it is called.")]

Edition = Annotated[str, *form(r"[0-9]{4}-(?:0[1-9]|1[0-2])", "not an edition; write year and month, for example 2026-11")]
Letter = Annotated[str, *form(r"[a-z]", "not a letter; write one small letter, for example a")]
PromiseNumber = Annotated[str, *form(r"[0-9]{1,4}\.[0-9]{1,2}", 'not an undertaking\'s number; write it in quotes, for example "1.4"')]
EventDate = Annotated[str, *form(r"\d{4}(?:-\d\d(?:-\d\d)?)?", "not a date; write 2017, 2017-10 or 2017-10-09")]
LawQuestion = Literal["everything", "rules", "before", "choosing", "contract", "below-threshold", "grants", "staff-and-data", "policy"]
PagePath = Annotated[str, *form(r"[a-z0-9-]+(?:/[a-z0-9-]+)*", "not a page; write its address, for example about/since")]
ShortName = Annotated[str, *form(r"[A-Za-z][A-Za-z -]*", "not a short name; write letters only, for example Charter")]
Mail = Annotated[str, *form(MAIL_PATTERN, "not a mail address; write it in full and in plain letters, for example office@council.gov.uk")]
Wait = Annotated[str, *form(r".*(?:hour|day|week|month)s?", "not a length of time; write it in full, for example 10 working days")]
_REPOSITORY = rf"(?!.*\.git$|https?://(?:gitlab\.com|bitbucket\.org)/)https?://{SERVER_PATTERN}(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*){{2}}"
Repository = Annotated[str, *form(_REPOSITORY, "not a GitHub repository; write it in full, without .git, as https://github.com/owner/name")]
Branch = Annotated[str, *form(r"[A-Za-z0-9_][A-Za-z0-9_-]*(?:[./][A-Za-z0-9_-]+)*", "not a branch; write its name, for example main")]

Terms = Annotated[tuple[TermId, ...], Field(description="Glossary terms to explain here: ids from data/glossary/.")]
Points = Annotated[tuple[PointId, ...], Field(description="Points of the report that this rests on: ids from data/report.yml.")]
Sources = Annotated[tuple[SourceId, ...], Field(description="Sources of the facts stated here: ids from data/sources/.")]
Recommendations = Annotated[tuple[RecommendationId, ...], Field(description="Related recommendations: ids from data/recommendations/.")]
Laws = Annotated[tuple[LawId, ...], Field(description="Law to read with it: ids from data/law/.")]
ShownOn = Annotated[PagePath, Field(description="The page that shows it: its address, for example about/since.")]
CheckedOn = Annotated[Day, Field(description="The day on which we last checked its sources.")]

_MONTHS = ("", *["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"])
_MONTH = "|".join(_MONTHS[1:])
_WRONG_MONTH = rf"(?:[0-9]{{1,2}} |(?={'|'.join(name[:3] for name in _MONTHS[1:])}))(?!(?:{_MONTH}) )[A-Z][a-z]+\.? [0-9]{{4}}"
Dated = Annotated[Line, AfterValidator(Form(rf"(?!.*\b{_WRONG_MONTH}\b).*", "not the name of a month; write it in full, as in May 2025"))]


class Part(BaseModel):
    """A group of fields inside a record."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, json_schema_serialization_defaults_required=True)


class Record(Part):
    """One file of data/; its id is the name of the file without .yml."""

    kind: ClassVar[str]
    folder: ClassVar[str] = ""
    file: ClassVar[str] = ""
    address: ClassVar[str] = ""  # from the site's root, with {field} for the text of a field
    generated: ClassVar[bool] = False  # whether the page at its address is made from the record, without a file in content/
    called: ClassVar[str] = "{title}"  # its name on pages and in messages, with {field} for the text of a field

    id: Annotated[str, Field(description="The name of its file without .yml; it never changes.")]
    formerly: Annotated[tuple[PartId, ...], Field(description="Its earlier ids; their addresses keep working.")] = ()

    @property
    def url(self) -> str:
        """Return the record's address from the site's root, for example `glossary/#outcome`."""
        return self.address.format_map(vars(self))

    @property
    def old_urls(self) -> tuple[str, ...]:
        """Return the addresses of the record under its former ids."""
        return tuple(self.address.format_map({**vars(self), "id": old}) for old in self.formerly)

    @property
    def name(self) -> str:
        """Return the name of the record on pages and in messages."""
        return self.called.format_map(vars(self))


class NumberedRecord(Record):
    """A record with a place in the order of its kind."""

    number: Number


class Theme(Part):
    """A sub-heading of the report inside a stage."""

    id: Annotated[PartId, Field(description="The theme's name, which recommendations use.")]
    title: Annotated[Title, Statement.REPORT]


class Lead(Part):
    """Who leads a stage, and what they do in it."""

    audience: Annotated[AudienceId, Field(description="Who leads: an id from data/audiences/.")]
    role: Annotated[Line, Statement.ADVICE, Field(description="What they do in the stage.")]


class StageService(Part):
    """How a stage serves a principle that its recommendations serve."""

    principle: Annotated[PrincipleId, Field(description="The principle served: an id from data/principles/.")]
    because: Annotated[Prose, Statement.ADVICE, words(6, 25), Field(description="How the stage serves it, in one sentence.")]


class Stage(NumberedRecord):
    """One stage of the commissioning cycle."""

    kind, folder, address = "stage", "stages", "stages/{id}/"
    title: Annotated[Line, Statement.REPORT, Field(description="The report's name for the stage.")]
    purpose: Annotated[Prose, Statement.ADVICE, Field(description="What the stage is for, in one sentence.")]
    summary: Annotated[Prose, Statement.REPORT, words(20, 110), Field(description="What the report says about the stage, in short.")]
    good: Annotated[Prose, Statement.ADVICE, Field(description="What good looks like at the end of the stage.")]
    leads: tuple[Lead, ...] = Field(min_length=1, description="Who leads, and what they do.")
    hands_over: Annotated[Prose, Statement.ADVICE, Field(description="What the stage passes to the next one.")]
    watch_outs: Annotated[tuple[Prose, ...], Statement.ADVICE] = Field(min_length=1, max_length=4, description="What can go wrong here.")
    themes: tuple[Theme, ...] = Field((), description="The report's sub-headings inside the stage.")
    compact: tuple[StageService, ...] = Field((), description="How the stage serves each principle that its recommendations serve.")
    points: Points = ()
    sources: Sources = ()
    search: Search = ()


class Do(Part):
    """A practical step, and who takes it."""

    audience: tuple[AudienceId, ...] = Field(min_length=1, description="Who takes the step: ids from data/audiences/.")
    step: Annotated[Prose, Statement.ADVICE, Field(description="What to do.")]


class Service(Part):
    """How a recommendation serves a principle, and why."""

    principle: Annotated[PrincipleId, Field(description="The principle served: an id from data/principles/.")]
    undertakings: tuple[Line, ...] = Field((), description="Numbers of the principle's undertakings, for example [1.4].")
    because: Annotated[Prose, Statement.ADVICE, words(6, 40), Field(description="Why it serves the principle.")]


class Withdrawn(Part):
    """When and why a record was withdrawn; its address keeps working."""

    edition: Annotated[Edition, Field(description="The edition that withdrew it.")]
    reason: Annotated[Prose, Field(description="Why it was withdrawn.")]
    instead: Annotated[tuple[RecommendationId, ...], Field(description="Recommendations that replace it.")] = ()


class Recommendation(Record):
    """One lettered recommendation of a stage."""

    kind, folder, address, called, generated = "recommendation", "recommendations", "{id}/", "{id}. {title}", True
    stage: Annotated[StageId, Field(description="Its stage: an id from data/stages/.")]
    letter: Annotated[Letter, Field(description="Its letter; with the stage's number it makes the id.")]
    theme: Annotated[str | None, Field(description="The id of the stage's theme, if it has one.")] = None
    title: Annotated[Line, Statement.ADVICE, words(3, 9), Field(description="The instruction, in three to nine words.")]
    says: Annotated[Prose, Statement.REPORT, words(8, 90), Field(description="The report's point in our words, or what we propose.")]
    why: Annotated[Prose, Statement.ADVICE, words(30, 80), Field(description="Why it matters for the people served, and for value.")]
    in_short: Annotated[Prose, Statement.ADVICE, words(6, 24), Field(description="What to do, in one line.")]
    do: tuple[Do, ...] = Field(min_length=3, max_length=6, description="Practical steps, each for one or more audiences.")
    avoid: Annotated[tuple[Prose, ...], Statement.ADVICE] = Field(min_length=1, max_length=3, description="What goes wrong.")
    ask: Annotated[tuple[Question, ...], Statement.ADVICE] = Field(min_length=2, max_length=4, description="Checklist: yes, partly or no.")
    compact: tuple[Service, ...] = Field((), max_length=3, description="The principles it serves.")
    values: tuple[ValueId, ...] = Field((), description="The shared values it helps to secure.")
    terms: Terms = ()
    points: Points = ()
    sources: Sources = ()
    search: Search = ()
    added: Annotated[Edition | None, Field(description="The edition that added it, if it is not in the report.")] = None
    withdrawn: Annotated[Withdrawn | None, Field(description="When and why it was withdrawn.")] = None

    @property
    def audiences(self) -> tuple[str, ...]:
        """Return the ids of the audiences that have a step, in order of first mention."""
        return tuple(dict.fromkeys(a for do in self.do for a in do.audience))


class Value(NumberedRecord):
    """One of the values that the report wants the framework to secure."""

    kind, folder, address = "value", "values", "values/#{id}"
    title: Annotated[Title, Statement.REPORT]
    meaning: Annotated[Prose, Statement.ADVICE, Field(description="What it means.")]
    present: Annotated[tuple[Prose, ...], Statement.ADVICE] = Field(min_length=2, max_length=4, description="Signs that it is present.")
    missing: Annotated[tuple[Prose, ...], Statement.ADVICE] = Field(min_length=2, max_length=4, description="Signs that it is missing.")
    points: Points = ()
    search: Search = ()


class GoldenRule(NumberedRecord):
    """One golden rule: our proposal for what the report asks a framework to lay out."""

    kind, folder, address = "golden-rule", "golden-rules", "golden-rules/#{id}"
    title: Annotated[Line, Statement.ADVICE, words(4, 16), Field(description="The rule, in one sentence without a full stop.")]
    why: Annotated[Prose, Statement.ADVICE, words(4, 25), Field(description="Why it matters, in one sentence.")]
    recommendations: tuple[RecommendationId, ...] = Field(min_length=1, description="What it rests on: ids from data/recommendations/.")
    points: Points = Field(min_length=1)
    search: Search = ()


class Aim(NumberedRecord):
    """One of the aims that the report sets for the framework."""

    kind, folder, address = "aim", "aims", "framework/#{id}"
    title: Annotated[Title, Statement.REPORT]
    says: Annotated[Prose, Statement.REPORT, Field(description="What the report says about it.")]
    how: Annotated[Prose, Statement.ADVICE, Field(description="How this site tries to meet it.")]
    points: Points = Field(min_length=1)
    search: Search = ()


class StartHere(Part):
    """What a reader new to the framework does first."""

    when: Annotated[Line, Field(description="The period, for example First hour.")]
    steps: Annotated[tuple[Prose, ...], Statement.ADVICE] = Field(min_length=1, max_length=4, description="What to do in that time.")


class Moment(Part):
    """A moment when an audience acts, and the stages with its steps."""

    title: Annotated[Line, Statement.ADVICE, Field(description="When they act, for example Before an award.")]
    stages: tuple[StageId, ...] = Field(min_length=1, description="The stages whose steps they take then.")
    warnings: Literal["yes", "no"] = Field("no", description="Yes if the page links its warnings there.")


class Warnings(Part):
    """A topic on which an audience sees the warnings of every stage and recommendation."""

    title: Annotated[Line, Statement.ADVICE, Field(description="The topic, for example Warnings on price.")]
    words: tuple[Line, ...] = Field(min_length=1, description="Lower-case words; warnings with any of them are shown.")


class Audience(NumberedRecord):
    """A kind of reader that the framework asks to act."""

    kind, folder, address = "audience", "audiences", "audiences/{id}/"
    title: Title
    plural: Annotated[Line, Field(description="The plural of its name.")]
    in_short: Annotated[Line, Statement.ADVICE, Field(description="Who they are, in a few words.")]
    meaning: Annotated[Prose, Statement.ADVICE, Field(description="Who they are.")]
    start: tuple[StartHere, ...] = Field((), description="Where to start: what to do in the first hour, week and quarter.")
    moments: tuple[Moment, ...] = Field((), description="The moments by which its page groups the stages; leave out to list each stage.")
    warnings: tuple[Warnings, ...] = Field((), description="Topics on which its page shows all warnings: what to avoid or watch out for.")
    search: Search = ()


class Undertaking(Part):
    """A promise under a principle, by one side; `checked` says whether a source gives its number or only its sense."""

    number: Annotated[PromiseNumber, Field(description="Its number in the agreement.")]
    side: Annotated[Literal["public-sector", "voluntary-sector"], Field(description="Who promises.")]
    promise: Annotated[Prose, Statement.FACT, Field(description="What is promised, in our words.")]
    checked: Annotated[Literal["number", "sense"], Field(description="number: a source gives its number; sense: only what it promises.")]
    sources: Sources = Field(min_length=1)


class CovenantMatch(Part):
    """A principle of the draft Civil Society Covenant of October 2024 that comes close, as we read it."""

    draft: Literal["recognition", "partnership", "participation", "transparency"] = Field(description="The draft's name for its principle.")
    because: Annotated[Prose, Statement.ADVICE, words(6, 25), Field(description="Why it comes close.")]


class Principle(NumberedRecord):
    """A principle of the agreement with the voluntary sector."""

    kind, folder, address = "principle", "principles", "compact/{id}/"
    title: Annotated[Title, Statement.FACT]
    meaning: Annotated[Prose, Statement.ADVICE, Field(description="What it means.")]
    undertakings: Annotated[tuple[Undertaking, ...], Field(description="What is promised under this principle.")] = ()
    covenant: tuple[CovenantMatch, ...] = Field((), description="Our mapping to the draft Civil Society Covenant of October 2024.")
    sources: Sources = Field(min_length=1)
    search: Search = ()


class Confusion(Part):
    """A term that is mistaken for this one, and how they differ."""

    term: Annotated[TermId, Field(description="The other term: an id from data/glossary/.")]
    difference: Annotated[Prose, Statement.ADVICE, Field(description="How the two differ.")]


class Term(Record):
    """A term used in commissioning, with its meaning and a practical example."""

    kind, folder, address, called = "term", "glossary", "glossary/#{id}", "{term}"
    term: Annotated[Line, Field(description="The term as it is written.")]
    also: Annotated[tuple[Line, ...], Field(description="Other names, plurals and abbreviations, as they are written.")] = ()
    meaning: Annotated[Prose, Statement.FACT, words(5, 70), Field(description="What it means.")]
    example: Annotated[Prose, Statement.ADVICE, words(8, 80), Field(description="A practical example; an illustration, no real body.")]
    not_to_be_confused_with: Annotated[tuple[Confusion, ...], Field(description="Terms that are mistaken for it.")] = ()
    see: Annotated[tuple[TermId, ...], Field(description="Terms to read with it: ids from data/glossary/.")] = ()
    automatic: Literal["yes", "no"] = Field("yes", description="no: it is an everyday word, so do not link it automatically.")
    core: Literal["yes", "no"] = Field("no", description="yes: one of the core terms proposed as an annex to the agreement.")
    points: Points = ()
    sources: Sources = ()
    search: Search = ()


class Definition(NumberedRecord):
    """A definition of social value that others use."""

    kind, folder, address = "definition", "definitions", "definition/#definition-{id}"
    title: Annotated[Line, Field(description="Whose definition it is.")]
    quotation: Annotated[Prose, Statement.FACT, Field(description="Word for word, short.")]
    differs: Annotated[Prose, Statement.ADVICE, Field(description="How it differs from the report's.")]
    checked_on: CheckedOn
    sources: Sources = Field(min_length=1)
    search: Search = ()


class Approach(NumberedRecord):
    """One way of choosing the winning bid: a row of the report's table, or what came after it."""

    kind, folder, address = "approach", "approaches", "definition/#approach-{id}"
    title: Title
    since: Annotated[Dated, Field(description="When it came into use, for example 1980s.")]
    aim: Annotated[Prose, Statement.REPORT, Field(description="Its theoretical aim.")]
    in_practice: Annotated[Prose | None, Statement.REPORT, Field(description="What happened in practice; leave out if not known.")] = None
    specifications: Annotated[Prose | None, Statement.REPORT] = Field(None, description="Typical specifications; leave out if not known.")
    term: Annotated[TermId | None, Field(description="The glossary term that explains it.")] = None
    added: Annotated[Edition | None, Field(description="The edition that added it, if it is not in the report's table.")] = None
    points: Points = ()
    sources: Sources = ()
    search: Search = ()


class ReaderQuestion(NumberedRecord):
    """A question that people asked while the report was made, answered."""

    kind, folder, address = "question", "questions", "definition/#{id}"
    title: Annotated[Question, Statement.REPORT, Field(description="What people asked.")]
    answer: Annotated[Prose, Statement.FACT, Field(description="The answer, from sources and the report.")]
    practice: Annotated[Prose, Statement.ADVICE, Field(description="What to do with the answer.")]
    points: Points = Field(min_length=1)
    sources: Sources = Field(min_length=1)
    search: Search = ()


class Cell(Part):
    """What one side says; without `says`, the page shows that it is not known."""

    says: Annotated[Prose | None, Statement.FACT, Field(description="What is known; leave out if nothing is known.")] = None
    recommendations: Recommendations = ()
    points: Points = ()
    sources: Sources = ()


class CommonTheme(NumberedRecord):
    """A theme that the agreement, the strategy and the framework share."""

    kind, folder, address = "common-core", "common-core", "common-core/#{id}"
    title: Title
    compact: Annotated[Cell, Field(description="What the agreement says.")]
    strategy: Annotated[Cell, Field(description="What the strategy says.")]
    framework: Annotated[Cell, Field(description="What the framework says.")]
    checked_on: CheckedOn
    search: Search = ()


class Criterion(NumberedRecord):
    """A criterion for comparing the report with another framework."""

    kind, folder, address = "criterion", "comparison", "{page}/#{id}"
    title: Title
    page: ShownOn
    report: Annotated[Cell, Field(description="What the report says.")]
    other: Annotated[Cell, Field(description="What the other framework says.")]
    lesson: Annotated[Prose | None, Statement.ADVICE, words(4, 20), Field(description="The lesson in one sentence.")] = None
    learn: Annotated[Prose | None, Statement.ADVICE, Field(description="What to learn from it.")] = None
    checked_on: CheckedOn
    search: Search = ()


class Fact(Part):
    """One fact, with where it comes from."""

    fact: Annotated[Prose, Statement.FACT, Field(description="What is known.")]
    sources: Sources = Field(min_length=1)


class CaseStudy(NumberedRecord):
    """A case that the report mentions, with what is known about it."""

    kind, folder, address = "case-study", "case-studies", "case-studies/#{id}"
    title: Title
    says: Annotated[Prose, Statement.REPORT, Field(description="What the report says about it.")]
    known: Annotated[tuple[Fact, ...], Field(description="What else is known, each fact with its source.")] = ()
    not_known: Annotated[Prose | None, Statement.FACT, Field(description="What we looked for and did not find.")] = None
    learn: Annotated[Prose, Statement.ADVICE, Field(description="What to learn from it.")]
    recommendations: Recommendations = Field(min_length=1)
    points: Points = Field(min_length=1)
    checked_on: CheckedOn
    search: Search = ()


class Law(NumberedRecord):
    """What a law or policy says now, with dates."""

    kind, folder, address = "law", "law", "law/#{id}"
    title: Title
    question: LawQuestion = Field(description="The reader's question that it answers; the page about law is in this order.")
    status: Literal["in-force", "policy", "changing"] = Field(description="in-force: law; policy: guidance; changing: being reformed.")
    in_short: Annotated[Prose, Statement.FACT, words(5, 40)] = Field(description="What a reader must know about it first.")
    what: Annotated[Prose, Statement.FACT, Field(description="What it says.")]
    binds: Annotated[Prose, Statement.FACT, Field(description="Who it applies to, and who it does not.")]
    since: Annotated[Dated, Field(description="Since when, for example 31 January 2013.")]
    practice: Annotated[Prose, Statement.ADVICE, Field(description="What it means in practice.")]
    stages: Annotated[tuple[StageId, ...], Field(min_length=1, description="The stages it affects.")]
    terms: Terms = ()
    points: Points = ()
    sources: Sources = Field(min_length=1)
    checked_on: CheckedOn
    search: Search = ()


class Event(Record):
    """Something that happened, with its date and source."""

    kind, folder, address = "event", "events", "{page}/#{id}"
    page: ShownOn
    on: Annotated[EventDate, Field(description="When it happened, for ordering.")]
    when: Annotated[Dated, Field(description="When it happened, in words, for example 9 October 2017.")]
    what: Annotated[Prose, Statement.FACT, Field(description="What happened.")]
    points: Points = ()
    sources: Sources = Field(min_length=1)
    checked_on: CheckedOn
    search: Search = ()

    @property
    def name(self) -> str:
        """Return the date in words, and the first words of what happened."""
        first = " ".join(self.what.split()[:8])
        return f"{self.when}: {first} ..."


class Row(Part):
    """One row of a table."""

    cells: tuple[Line, ...] = Field(min_length=1, description="Its cells, one for each column.")


class Section(Part):
    """A section of wording to copy: text, then a list, then a table."""

    heading: Annotated[Line, Field(description="Its heading.")]
    text: Annotated[Prose | None, Field(description="Paragraphs.")] = None
    items: Annotated[tuple[Prose, ...], Field(description="A list.")] = ()
    numbered: Literal["yes", "no"] = Field("no", description="Choose yes to number its list.")
    columns: Annotated[tuple[Line, ...], Field(description="The headings of a table's columns.")] = ()
    rows: Annotated[tuple[Row, ...], Field(description="The rows of the table.")] = ()


class Template(NumberedRecord):
    """Wording to copy into your own documents and fill in; blanks are in square brackets."""

    kind, folder, address, generated = "template", "templates", "templates/{id}/", True
    title: Annotated[Line, words(2, 8), Field(description="What it is called.")]
    use: Annotated[Prose, Statement.ADVICE, words(6, 35), Field(description="What it is for and when to use it, in one sentence.")]
    stages: Annotated[tuple[StageId, ...], Field(min_length=1, description="The stages at which to use it.")]
    recommendations: Recommendations = Field(min_length=1)
    audiences: tuple[AudienceId, ...] = Field(min_length=1, description="Who fills it in: ids from data/audiences/.")
    change: Annotated[tuple[Prose, ...], Statement.ADVICE] = Field(min_length=1, max_length=4, description="What to change in it first.")
    avoid: Annotated[tuple[Prose, ...], Statement.ADVICE] = Field(min_length=1, max_length=3, description="When not to use it.")
    legal_check: Literal["yes", "no"] = Field("no", description="Choose yes for contract wording that a lawyer should check.")
    laws: Laws = ()
    parts: Annotated[tuple[Section, ...], Statement.ADVICE] = Field(min_length=1, description="The wording to copy.")
    terms: Terms = ()
    sources: Sources = ()
    checked_on: CheckedOn
    search: Search = ()


class Extract(Section):
    """Part of a document made from a template."""

    template: Annotated[TemplateId, Field(description="The template it was made from: an id from data/templates/.")]


class ExampleStage(NumberedRecord):
    """One stage of the invented worked example."""

    kind, folder, address = "example", "example", "example/#{id}"
    stage: Annotated[StageId, Field(description="The stage: an id from data/stages/.")]
    title: Annotated[Line, words(3, 9), Field(description="What happened, in three to nine words.")]
    did: tuple[Do, ...] = Field(min_length=1, description="What each party did.")
    problem: Annotated[Prose, Statement.ADVICE, words(10, 70), Field(description="What went wrong.")]
    fixed: Annotated[Prose, Statement.ADVICE, words(10, 70), Field(description="How they fixed it.")]
    extracts: tuple[Extract, ...] = Field(min_length=1, description="Parts of the documents made from the templates.")
    recommendations: Recommendations = Field(min_length=1)
    search: Search = ()


class Route(NumberedRecord):
    """What applies to a purchase or a grant, by its kind and size."""

    kind, folder, address = "route", "routes", "routes/#{id}"
    title: Annotated[Line, words(2, 9), Field(description="What it is, with its size.")]
    size: Annotated[Prose, Statement.FACT, Field(description="Which purchases or grants it covers, with the amounts.")]
    law: tuple[Fact, ...] = Field(min_length=1, description="What the law requires.")
    laws: Laws = ()
    ask: Annotated[tuple[Prose, ...], Statement.ADVICE] = Field(min_length=1, max_length=5, description="What this framework asks.")
    leave_out: Annotated[tuple[Prose, ...], Statement.ADVICE] = Field(min_length=1, max_length=4, description="What to leave out.")
    templates: tuple[TemplateId, ...] = Field(min_length=1, description="The templates to use: ids from data/templates/.")
    recommendations: Recommendations = Field(min_length=1)
    checked_on: CheckedOn
    sources: Sources = Field(min_length=1)
    search: Search = ()


class Source(Record):
    """Where a fact comes from."""

    kind, folder, address = "source", "sources", "about/sources/#{id}"
    title: Title
    publisher: Annotated[Line, Field(description="Who published it.")]
    published: Annotated[Dated | None, Field(description="When it was published, as the source gives it.")] = None
    web: Annotated[Web | None, Field(description="Its web address.")] = None
    type: Literal["report", "law", "guidance", "council-paper", "web-page", "news", "study"] = Field(description="The kind of source.")
    note: Annotated[Prose | None, Field(description="What else a reader should know about it.")] = None
    checked_on: Annotated[Day, Field(description="The day on which we last checked it.")]

    @property
    def date(self) -> tuple[int, int, int]:
        """Return year, month and day of `published`, for ordering; 0 for what it does not say."""
        found = re.search(rf"(?:(?:(\d{{1,2}}) )?({_MONTH}) )?((?:19|20)\d\d)\b", self.published or "")
        return (int(found[3]), _MONTHS.index(found[2] or ""), int(found[1] or 0)) if found else (0, 0, 0)


class Point(Record):
    """One thing that the report says."""

    kind, address, called = "point", "about/coverage/#point-{id}", "{where}"
    id: Annotated[PartId, Field(description="The point's name, which records cite; it never changes.")]
    where: Annotated[Line, Statement.REPORT, Field(description="Where the report makes the point.")]
    point: Annotated[Prose, Statement.REPORT, Field(description="What the report says there, in our words.")]


class Report(Record):
    """The report that the framework is based on, point by point."""

    kind, file, address = "report", "report.yml", "about/report/"
    title: Annotated[Title, Statement.REPORT]
    author: Annotated[Line, Statement.REPORT, Field(description="Who made it.")]
    published: Annotated[Dated, Statement.REPORT, Field(description="When it was published, as the report gives it.")]
    definition: Annotated[Prose, Statement.REPORT, Field(description="The recommended definition, word for word.")]
    points: tuple[Point, ...] = Field(min_length=1, description="What it says, point by point, in its order.")


class Site(Record):
    """What the publisher decides: names, edition and addresses."""

    kind, file, called = "site", "site.yml", "{id}"
    publisher: Annotated[Line, Field(description="Who publishes the site.")]
    repository: Annotated[Repository, Field(description="Where its records and pages are kept.")]
    branch: Annotated[Branch, Field(description="The branch of the repository from which it is published.")] = "main"
    email: Annotated[Mail, Field(description="The address for corrections and questions.")]
    answers: Annotated[Wait | None, Field(description="How soon the publisher answers, for example 10 working days.")] = None
    feedback: Web | None = Field(None, description='Where answers to "Was this page useful?" are sent; without it, pages do not ask.')
    counts: Annotated[Web | None, Field(description="Where page views are counted; without it, nothing is counted.")] = None
    form: Web | None = Field(None, description="The publisher's own form for suggestions; the id of the record is added, as in ?ref=2d.")
    post: Annotated[Line | None, Field(description="The postal address for suggestions, on one line.")] = None
    sign_in: Web | None = Field(None, description="The service that signs people in at /edit/; without it they need an access token.")
    edit_form: Literal["yes"] | None = Field(None, description="yes, to link to the form at /edit/ without sign_in.")
    agreement: Annotated[Line | None, Field(description="The agreement with the voluntary sector whose principles are used.")] = None
    agreement_name: Annotated[ShortName | None, Field(description="The short name of the agreement, for example Charter.")] = None
    strategy_name: Annotated[Line | None, Field(description="The short name of the strategy in the common core.")] = None
    principles: Annotated[Prose | None, Field(description="What readers must know about where the principles come from.")] = None
    compared_with: Annotated[Line | None, Field(description="Whose framework the report is compared with.")] = None
    decides: Annotated[Line, Field(description="Who decides on changes to what the report says.")] = "the steering group"
    edition: Annotated[Edition, Field(description="Year and month of the edition.")]
    edition_date: Annotated[Day, Field(description="The day of the edition.")]

    @property
    def named(self) -> bool:
        """Return whether `publisher` is a name and not a placeholder."""
        return not is_placeholder(self.publisher)

    @property
    def project(self) -> str:
        """Return owner and name of the repository, as `owner/name`."""
        return "/".join(self.repository.split("/")[-2:])

    def file_at(self, path: str, use: Literal["edit", "blob"] = "edit") -> str:
        """Return the address to edit, or only read (`blob`), the file at `path` from the project's root."""
        return f"{self.repository}/{use}/{self.branch}/{path}"


class Avoided(Part):
    """A word that we do not use, or several words, and what we write for it."""

    word: Annotated[Line, Field(description="The word; list each form separately.")]
    use: Annotated[Line, Field(description="What to write instead.")]
    american: Annotated[Literal["yes"] | None, Field(description="yes, if it is an American spelling.")] = None
    but_not: Annotated[tuple[Line, ...], Field(description="Phrases and names with the word in them that are fine.")] = ()


class Words(Record):
    """The words that we do not use; quotations, code and titles of sources may contain them."""

    kind, file, called = "words", "words.yml", "{id}"
    avoid: tuple[Avoided, ...] = Field(min_length=1, description="The words, and what to write for each.")


_CLASSES = [cls for cls in [*globals().values()] if isinstance(cls, type) and issubclass(cls, Record)]
# Kinds of record with a folder, by name, in reading order.
KINDS: dict[str, type[Record]] = {cls.kind: cls for cls in _CLASSES if cls.folder}
# Singleton records: the report with its points, the settings of the publisher, and the words to avoid.
SINGLES: dict[str, type[Record]] = {cls.kind: cls for cls in _CLASSES if cls.file}
