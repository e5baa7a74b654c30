"""Rows of a published programme: what the document says, and what the library makes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import attrs
from programme_words import NAMES, in_chinese

from injuryprev import Employer, History, Words
from injuryprev.exchange import read_area
from injuryprev.words import Lang

LAKESIDE = Path(__file__).parent / "lakeside_zh"


@attrs.frozen
class Row:
    """A row of a programme.

    Args:
        key: Its name.
        title: What it is about.
        printed: What the document says, by the name of the figure, as text; a figure it does not give is "unknown".
        made: What objects and computations of the library say under the same names.
        lakeside: What comes of it at Lakeside, a made-up area, where the document asks for something and prints no
            records to show it on.
    """

    key: str
    title: Words
    printed: Mapping[str, str]
    made: Callable[[], Mapping[str, str]]
    lakeside: Mapping[str, str] = attrs.field(factory=dict)

    def differences(self) -> dict[str, tuple[str, str]]:
        """Where the library does not say the same."""
        made, wanted = self.made(), {**self.printed, **self.lakeside}
        names = sorted({*wanted, *made})
        return {
            name: (wanted.get(name, "-"), made.get(name, "-")) for name in names if wanted.get(name) != made.get(name)
        }


def lakeside() -> list[tuple[Employer, History]]:
    """The employers of Lakeside, which is made up: its records are those of 2023 and 2024."""
    area = read_area(LAKESIDE)
    return [(employer, area.histories[key]) for key, employer in area.employers.items()]


def show(title: Words, rows: tuple[Row, ...], lang: Lang) -> None:
    """Print a programme, row by row; in Chinese all of it."""
    print(title.to(lang))
    for row in rows:
        print(f"\n{row.title.zh if lang == 'zh' else f'{row.title.en} / {row.title.zh}'}")
        for name, value in row.made().items():
            mark = name in row.lakeside
            if lang == "zh":
                print(f"  {NAMES[name]}：{in_chinese(value)}" + "［湖畔，虚构］" * mark)
            else:
                print(f"  {name}: {value}" + " [Lakeside, made up]" * mark)


def asked(words: Sequence[str]) -> Lang:
    """The language asked for on the command line."""
    return "zh" if "zh" in words else "en"
