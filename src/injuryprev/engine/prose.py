"""A policy as a document for people: what is given, the figures of the law, the rules in their order, the sources.

A reader of the lowered policy like the others: it says what is there, and knows no rule of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from injuryprev.engine.explain import GRAMMAR_ZH, SAY, measured, show
from injuryprev.engine.figures import GROUPS
from injuryprev.engine.lower import Lowered
from injuryprev.engine.prose_words import COUNTING, HEADS, WORDS
from injuryprev.engine.spoken import Spoken, is_plain
from injuryprev.engine.windows import window_on
from injuryprev.policy.document import (
    Constant,
    Counting,
    Definition,
    Entry,
    Input,
    Keyed,
    Outcome,
    Parameter,
    Refusal,
    Table,
)
from injuryprev.policy.document import Mapping as KeyMapping
from injuryprev.policy.expr import Name, write
from injuryprev.policy.formulas import outer_names
from injuryprev.policy.records import KINDS
from injuryprev.policy.rules import Cited, Item
from injuryprev.units import shown
from injuryprev.words import Lang, Words


class Prose:
    """Writes one policy in one language, as Markdown."""

    def __init__(self, lowered: Lowered, lang: Lang) -> None:
        self.lowered, self.rules, self.lang = lowered, lowered.rules, lang
        self.numbers: dict[Cited, int] = {}
        self.open: list[tuple[str, str, str]] = []
        """What is not known: of what, why, and the numbers of the documents."""

    def text(self) -> str:
        """The document."""
        body = [
            line for part in (self._head, self._given, self._figures, self._steps, self._counted) for line in part()
        ]
        body += [line for part in (self._classes, self._claims, self._unknown, self._sources) for line in part()]
        return "\n".join(body).rstrip() + "\n"

    # Words

    def say(self, key: str, **values: object) -> str:
        """A fixed word in the language of the document."""
        return WORDS[key].to(self.lang).format(**values)

    def head(self, key: str) -> Iterator[str]:
        """The heading of a part."""
        yield from ("", f"## {HEADS[key].to(self.lang)}", "")

    @cached_property
    def titles(self) -> dict[str, str]:
        """What stands for names, and in Chinese for the words of the grammar; a choice by its own words."""
        rules, found = self.rules, dict(GRAMMAR_ZH) if self.lang == "zh" else {}
        items: list[Item[Input] | Item[Parameter] | Item[Definition]] = [
            *rules.inputs.values(), *rules.parameters.values(), *rules.definitions.values(),
        ]  # fmt: skip
        words: dict[str, set[str]] = {}
        for item in items:
            found[item.name] = item.title.to(self.lang)
            if not isinstance(item.entry, Parameter):
                for key, title in item.entry.choices.items():
                    words.setdefault(f"'{key}'", set()).add(title.to(self.lang) or key)
        # A word that is a choice of several, and means something else in each, stays as it is.
        return {**found, **{key: min(titles) for key, titles in words.items() if len(titles) == 1}}

    @cached_property
    def spoken(self) -> Spoken:
        """Says conditions and bounds."""
        return Spoken(self.lang, self.titles)

    def refs(self, cited: tuple[Cited, ...]) -> str:
        """Numbers of citations, each given when it is first used."""
        return "".join(f" [{self.numbers.setdefault(one, len(self.numbers) + 1)}]" for one in dict.fromkeys(cited))

    def label(self, name: str, title: Words) -> str:
        """The title of an entry with its name."""
        words = title.to(self.lang)
        if not words or words == name:
            return f"`{name}`"
        return f"{words}（`{name}`）" if self.lang == "zh" else f"{words} (`{name}`)"

    def table(self, *heads: str) -> Iterator[str]:
        """The head of a table."""
        yield "| " + " | ".join(heads) + " |"
        yield "|" + "---|" * len(heads)

    def row(self, *cells: str) -> str:
        """One row of a table."""
        return "| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in cells) + " |"

    def about(self, item: Item[Entry], cited: tuple[Cited, ...] = ()) -> Iterator[str]:
        """Since when it holds, how sure it is, its sources, and what is said of it."""
        parts = [self.say("since", day=item.period.since)]
        if item.period.until is not None:
            parts.append(self.say("until", day=item.period.until))
        comma = "，" if self.lang == "zh" else ", "
        yield ""
        yield f"*{comma.join(parts)}; {SAY[item.confidence].to(self.lang)}*{self.refs((*item.cited, *cited))}"
        for key, words in (("note", item.entry.note), ("caveat", item.entry.caveat)):
            if words:
                yield from ("", f"{SAY[key].to(self.lang)}: {words.to(self.lang)}")

    # Parts

    def _head(self) -> Iterator[str]:
        rules = self.rules
        lineage = " < ".join(f"{name} {version}" for name, version in rules.lineage)
        yield f"# {rules.title.to(self.lang)}"
        yield ""
        yield self.say("of_day", day=rules.on, lineage=lineage)
        if rules.beyond is not None:
            yield from ("", SAY["beyond"].to(self.lang).format(day=rules.on, known=rules.beyond))
        yield ""
        yield f"- {self.say('covers')}: {rules.covers}"
        yield f"- {self.say('currency')}: {rules.currency}"
        yield from self.head("results")
        for name in rules.outputs:
            item = rules.definitions[name]
            yield f"- {self.label(name, item.title)}: {self._measure(item.entry)}"

    def _measure(self, entry: Input | Definition) -> str:
        if not entry.choices:
            return measured(entry.unit, self.lang)
        return "; ".join(f"`{key}` {words.to(self.lang)}" for key, words in entry.choices.items())

    def _given(self) -> Iterator[str]:
        used = [item for item in self.rules.inputs.values() if item.name in self.rules.used]
        if not used:
            return
        yield from self.head("given")
        yield from self.table(*(self.say(key) for key in ("meaning", "unit", "range", "absent", "worse")))
        for item in used:
            entry, values = item.entry, ""
            if entry.range is not None:
                values = f"{entry.range[0]:,f} {self.say('to')} {entry.range[1]:,f}"
                values += "" if entry.step == 1 else f", {self.say('step')} {shown(entry.step)}"
            absent = "" if entry.absent is None else self._scalar(entry.absent)
            worse = self.say(entry.worse) if entry.worse else ""
            yield self.row(self.label(item.name, item.title), self._measure(entry), values, absent, worse)
        for item in used:
            for words in (item.entry.note, item.entry.caveat):
                if words:
                    yield from ("", f"{self.label(item.name, item.title)}: {words.to(self.lang)}")

    def _scalar(self, value: object) -> str:
        return self.say("yes" if value else "no") if isinstance(value, bool) else f"{value}"

    def _figures(self) -> Iterator[str]:
        used = [item for item in self.rules.parameters.values() if item.name in self.rules.used]
        if not used:
            return
        yield from self.head("figures")
        for item in used:
            entry = item.entry
            yield f"### {self.label(item.name, item.title)}"
            yield ""
            if entry.value is not None:
                yield self._constant(entry.value, item, ())
            else:
                keys = [self.titles.get(key, key) for key in entry.by]
                yield from self.table(*keys, self.say("value"))
                assert entry.values is not None
                for path, figure in _flat(entry.values):
                    yield self.row(*map(self._key, entry.by, path), self._constant(figure, item, path))
            yield from self.about(item)
            yield ""

    def _key(self, name: str, key: str) -> str:
        items: list[Item[Input] | Item[Definition]] = [
            items[name] for items in (self.rules.inputs, self.rules.definitions) if name in items
        ]
        words = items[0].entry.choices.get(key, Words()).to(self.lang) if items else ""
        return f"{key} ({words})" if words and words != key else key

    def _constant(self, figure: Constant, item: Item[Parameter], path: tuple[str, ...]) -> str:
        if isinstance(figure, Refusal):
            return self._left_open(", ".join((item.title.to(self.lang), *path)), figure.unknown, item.cited)
        return show(figure, item.entry.unit, self.lang, self.rules.currency)

    def _left_open(self, what: str, why: Words, cited: tuple[Cited, ...]) -> str:
        self.open.append((what, why.to(self.lang), self.refs(cited)))
        return f"**{self.say('unknown')}**: {why.to(self.lang)}"

    def _steps(self) -> Iterator[str]:
        yield from self.head("rules")
        steps = [name for name in self.lowered.steps if name in self.rules.definitions]
        for number, name in enumerate(steps, start=1):
            item = self.rules.definitions[name]
            yield f"### {number}. {self.label(name, item.title)}"
            yield ""
            yield from self._body(item)
            rounding = item.entry.round
            cited: tuple[Cited, ...] = ()
            if rounding is not None:
                mode = SAY[rounding.mode].to(self.lang)
                said = SAY["rounded"].to(self.lang).format(mode=mode, step=shown(rounding.to))
                cited = self.rules.cite_rounding(item, rounding)
                sure = f" ({SAY[rounding.confidence].to(self.lang)})" if rounding.confidence else ""
                yield from ("", f"{said}{sure}{self.refs(cited)}")
            if item.entry.worse:
                yield from ("", f"{self.say('worse')}: {self.say(item.entry.worse)}")
            yield from self.about(item)
            yield ""

    def _outcome(self, outcome: Outcome, item: Item[Definition], where: str) -> str:
        if isinstance(outcome, Refusal):
            return self._left_open(f"{item.title.to(self.lang)}, {where}", outcome.unknown, item.cited)
        text = write(outcome)
        words = item.entry.choices.get(text.strip("'"), Words()).to(self.lang)
        if words:
            return f"`{text}` {words}"
        return f"`{text}`" if is_plain(outcome) else f"{self.spoken.figure(outcome)} (`{text}`)"

    def _body(self, item: Item[Definition]) -> Iterator[str]:
        entry = item.entry
        if entry.unknown is not None:
            yield self._left_open(item.title.to(self.lang), entry.unknown, item.cited)
        elif entry.formula is not None:
            yield f"{self.spoken.figure(entry.formula)}"
            yield ""
            yield f"`{write(entry.formula)}`"
        elif entry.table is not None:
            yield from self._table(entry.table, item)
        elif entry.bands is not None:
            yield f"{self.say('of')} {self.spoken.figure(entry.bands.of)} (`{write(entry.bands.of)}`)"
            yield ""
            yield from self.table(self.say("when"), "", self.say("then"))
            for band in entry.bands.rows:
                sentence = self.spoken.interval(band.within, percent="%" in band.text)
                label = f" — {band.label.to(self.lang)}" if band.label else ""
                yield self.row(sentence, f"`{band.text}`", self._outcome(band.then, item, sentence) + label)
            yield from self._rest("otherwise", entry.bands.otherwise, item, 0)
        elif entry.map is not None:
            yield from self._map(entry.map, item)

    def _table(self, table: Table, item: Item[Definition]) -> Iterator[str]:
        yield SAY[table.hit].to(self.lang) + ("" if self.lang == "zh" else ":")
        if table.order:
            listed = ", ".join(shown(value) for value in table.order)
            yield from ("", self.say("order", listed=listed))
        yield ""
        yield from self.table("#", self.say("when"), "", self.say("then"), "")
        for number, row in enumerate(table.rows, start=1):
            sentence = self.spoken.condition(row.when)
            said = self.say("aside").join(words.to(self.lang) for words in (row.label, row.note) if words)
            cited = self.refs(self.rules.cite(item.owner, row.source))
            outcome = self._outcome(row.then, item, sentence)
            yield self.row(str(number), sentence, f"`{write(row.when)}`", outcome, f"{said}{cited}")
        yield from self._rest("none", table.none, item, 1)

    def _map(self, mapping: KeyMapping, item: Item[Definition]) -> Iterator[str]:
        yield f"{self.say('by')} {self.spoken.figure(mapping.of)} (`{write(mapping.of)}`)"
        yield ""
        yield from self.table(self.say("when"), "", self.say("then"))
        for key, outcome in mapping.to.items():
            said = self._key(mapping.of.name, key) if isinstance(mapping.of, Name) else key
            yield self.row(said, f"`{key}`", self._outcome(outcome, item, key))
        yield from self._rest("otherwise", mapping.otherwise, item, 0)

    def _rest(self, key: str, outcome: Outcome | None, item: Item[Definition], before: int) -> Iterator[str]:
        """The last row: what it is where no other holds."""
        if outcome is not None:
            said = self.say(key)
            yield self.row(*[""] * before, said, "", self._outcome(outcome, item, said), *[""] * before)

    # Records

    def _counted(self) -> Iterator[str]:
        used = [item for item in self.rules.counting.values() if item.name in self.rules.used]
        if not used:
            return
        yield from self.head("counted")
        for item in used:
            entry = item.entry
            yield f"### {self.label(item.name, self.rules.inputs[item.name].title)}"
            yield ""
            for key, value in self._keys(item):
                yield f"- {COUNTING[key].to(self.lang)}: {value}"
            law = outer_names(entry, KINDS[entry.from_].fields)
            figures = [self.rules.parameters[name] for name in law if name in self.rules.parameters]
            rounding = self.rules.cite(item.owner, entry.round.source) if entry.round else ()
            yield from self.about(item, (*rounding, *(one for figure in figures for one in figure.cited)))
            yield ""

    def _keys(self, item: Item[Counting]) -> Iterator[tuple[str, str]]:
        """What a counting rule says, key by key."""
        entry = item.entry
        yield "from", f"`{entry.from_}`"
        yield "take", f"`{entry.take}`" + (f" `{entry.field}`" if entry.field else "")
        for group in entry.per:
            sums = "; ".join(f"`{name}` = `{write(expr)}`" for name, expr in group.sums.items())
            yield "per", f"{GROUPS[group.key].to(self.lang)} (`{group.key}`): {sums}"
        if entry.each is not None:
            yield "each", f"`{write(entry.each)}`"
        if entry.where is not None:
            yield "where", f"{self.spoken.condition(entry.where)} (`{write(entry.where)}`)"
        if entry.of:
            yield "of", " / ".join(f"`{name}`" for name in entry.of) + (f" (`{entry.over}`)" if entry.over else "")
        for dated, window in [(entry.dated, entry.window), *((one.dated, one.window) for one in entry.also)]:
            if dated or window:
                yield "dated", f"`{dated or 'period'}`" + (f", {self._window(window)}" if window else "")
        if entry.none is not None:
            yield "none", self._scalar(entry.none)
        if entry.undated != "unknown":
            yield "undated", f"`{entry.undated}`"
        if entry.partial != "refuse":
            yield "partial", f"`{entry.partial}`"
        if entry.classification:
            yield "classification", f"`{entry.classification}`"
        if entry.round is not None:
            mode = SAY[entry.round.mode].to(self.lang)
            yield "round", SAY["rounded"].to(self.lang).format(mode=mode, step=shown(entry.round.to))

    def _window(self, name: str) -> str:
        item = self.rules.windows[name]
        return f"{self.label(name, item.title)} {window_on(item.entry, self.rules.on)}"

    def _classes(self) -> Iterator[str]:
        counting = self.rules.counting.values()
        wanted = {item.entry.classification for item in counting if item.name in self.rules.used}
        tables = [item for name, item in self.rules.classifications.items() if name in wanted]
        if not tables:
            return
        yield from self.head("tables")
        for item in tables:
            yield f"### {self.label(item.name, item.title)}, {item.entry.edition}"
            yield ""
            for name, codes in item.entry.classes.items():
                yield f"- {name}: {', '.join(codes)}"
            yield from self.about(item)
            yield ""

    def _claims(self) -> Iterator[str]:
        if not (self.rules.claims or self.rules.findings):
            return
        yield from self.head("claims")
        for item in self.rules.claims.values():
            yield f"- {self.label(item.name, item.title)}: `{write(item.entry.formula)}`{self.refs(item.cited)}"
        for found in self.rules.findings.values():
            yield f"- `{found.entry.of}` ({found.entry.kind}): {found.entry.note.to(self.lang)}{self.refs(found.cited)}"

    def _unknown(self) -> Iterator[str]:
        if not self.open:
            return
        yield from self.head("unknown")
        for what, why, refs in self.open:
            yield f"- {what}: {why}{refs or ' (' + self.say('no_source') + ')'}"

    def _sources(self) -> Iterator[str]:
        yield from self.head("sources")
        for cited, number in self.numbers.items():
            said = f"[{number}] {cited.text(self.lang)} — {SAY[cited.confidence].to(self.lang)}"
            said += f", {self.say('checked', day=cited.source.checked_on)}"
            yield f"- {said}" + (f". {cited.source.note.to(self.lang)}" if cited.source.note else "")


def as_prose(lowered: Lowered, lang: Lang) -> str:
    """A policy as a Markdown document."""
    return Prose(lowered, lang).text()


def _flat(level: Keyed, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Constant]]:
    for key, inner in level.values.items():
        if isinstance(inner, Keyed):
            yield from _flat(inner, (*path, key))
        else:
            yield (*path, key), inner
