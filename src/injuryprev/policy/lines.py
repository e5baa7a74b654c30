"""On which line of a profile an entry stands: the reader of TOML keeps none."""

from __future__ import annotations

import bisect
import re
from pathlib import Path
from typing import Final

from injuryprev.policy import registry

_SPACE: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPED: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_LITERAL: Final = re.compile(r"'[^']*'")
_LONG: Final = re.compile(r'"""(?:[^\\]|\\.)*?"""+|' + r"'''.*?'''+", re.DOTALL)
_SCALAR: Final = re.compile(r"[^,\]}#\n]+")
_ESCAPES: Final = {"\\\\": "\\", '\\"': '"', "\\t": "\t", "\\n": "\n"}


class Place:
    """A key or an item: its line, and what is inside it."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.inside: dict[str | int, Place] = {}

    def at(self, key: str | int, line: int) -> Place:
        """What is under a key, begun on this line if it was not there."""
        return self.inside.setdefault(key, Place(line))

    def last(self) -> Place:
        """The last item of an array of tables; of a table, itself."""
        items = [key for key in self.inside if isinstance(key, int)]
        return self.inside[max(items)] if items else self


class Lines:
    r"""The lines of a profile's text.

    >>> Lines("[profile]\nid = 'toyland'\nversion = '1'").of("$.profile.version")
    3
    """

    def __init__(self, text: str) -> None:
        self._root = _Scanner(text).places()

    def of(self, path: str) -> int:
        """The line, counted from 1, on which what a path such as ``$.definitions.rate[0].table`` names begins.

        Where the path leads further than the text, it is the line of the last part that is there.
        """
        place, rest = self._root, path.removeprefix("$")
        while rest:
            found = _index(place, rest) if rest.startswith("[") else _key(place, rest)
            if found is None:
                break
            place, rest = found
        return place.line


def _index(place: Place, rest: str) -> tuple[Place, str] | None:
    number, _, after = rest[1:].partition("]")
    if not number.isdigit():
        return None
    inside = place.inside.get(int(number))
    # An entry written once has no list of versions around it.
    return (inside, after) if inside is not None else (place, after) if number == "0" else None


def _key(place: Place, rest: str) -> tuple[Place, str] | None:
    """The longest key that the path goes on with: a key may have a dot in it."""
    known = [key for key in place.inside if isinstance(key, str)]
    fits = [key for key in known if rest.startswith(f".{key}") and rest[len(key) + 1 : len(key) + 2] in ("", ".", "[")]
    if not fits:
        return None
    key = max(fits, key=len)
    return place.inside[key], rest[len(key) + 1 :]


def locate(where: str, beside: Path | None = None) -> tuple[Path | None, int | None]:
    """The file and the line of a place worded ``file @ path``, as errors and findings have it.

    Args:
        where: The place.
        beside: The profile that is being looked at: what it extends is looked for beside it first.
    """
    name, at, path = where.partition(" @ ")
    if not at:
        return None, None
    file = _file(Path(name), beside)
    if file is None or not file.exists():
        return None, None
    try:
        return file, Lines(file.read_text(encoding="utf-8-sig")).of(path)
    except (UnicodeDecodeError, _NotTomlError):
        return file, None


def _file(named: Path, beside: Path | None) -> Path | None:
    if named.name != str(named):  # with its folder
        return named
    if beside is not None:
        near = beside if beside.name == named.name else beside.with_name(named.name)
        if near.exists():
            return near
    return registry.builtin_files().get(named.stem)


class _NotTomlError(ValueError):
    """The text is no TOML; whoever reads it as such says so better."""


class _Scanner:
    """Walks over a text that TOML's own reader accepts, and notes where each key and item begins."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.breaks = [match.start() for match in re.finditer("\n", text)]

    def places(self) -> Place:
        root = here = Place(1)
        self.skip()
        while self.at < len(self.text):
            line = self.line()
            if self.text.startswith("[[", self.at):
                *path, name = self.header("]]")
                listed = self.descend(root, path, line).at(name, line)
                here = listed.at(len(listed.inside), line)
            elif self.text[self.at] == "[":
                here = self.descend(root, self.header("]"), line)
            else:
                self.pair(here)
            self.skip()
        return root

    def line(self) -> int:
        return bisect.bisect_left(self.breaks, self.at) + 1

    def skip(self) -> None:
        self.at = self.match(_SPACE).end()

    def match(self, pattern: re.Pattern[str]) -> re.Match[str]:
        found = pattern.match(self.text, self.at)
        if found is None:
            raise _NotTomlError(f"line {self.line()}")
        return found

    def take(self, pattern: re.Pattern[str]) -> str:
        found = self.match(pattern)
        self.at = found.end()
        return found[0]

    def word(self, wanted: str) -> bool:
        """Steps over a sign if it stands here."""
        self.skip()
        if not self.text.startswith(wanted, self.at):
            return False
        self.at += len(wanted)
        return True

    def descend(self, place: Place, path: list[str], line: int) -> Place:
        for key in path:
            place = place.last().at(key, line)
        return place.last()

    def header(self, closing: str) -> list[str]:
        self.at += len(closing)
        path = self.key()
        if not self.word(closing):
            raise _NotTomlError(f"line {self.line()}")
        return path

    def key(self) -> list[str]:
        """A dotted key as its parts."""
        parts = []
        while True:
            self.skip()
            if self.text.startswith('"', self.at):
                parts.append(re.sub(r"\\.", lambda found: _ESCAPES.get(found[0], found[0]), self.take(_ESCAPED)[1:-1]))
            elif self.text.startswith("'", self.at):
                parts.append(self.take(_LITERAL)[1:-1])
            else:
                parts.append(self.take(_BARE))
            if not self.word("."):
                return parts

    def pair(self, inside: Place) -> None:
        line = self.line()
        path = self.key()
        if not self.word("="):
            raise _NotTomlError(f"line {line}")
        self.value(self.descend(inside, path, line))

    def value(self, place: Place) -> None:
        self.skip()
        if self.text.startswith(('"""', "'''"), self.at):
            self.take(_LONG)
        elif self.text.startswith('"', self.at):
            self.take(_ESCAPED)
        elif self.text.startswith("'", self.at):
            self.take(_LITERAL)
        elif self.word("["):
            while not self.word("]"):
                self.skip()
                self.value(place.at(len(place.inside), self.line()))
                self.word(",")
        elif self.word("{"):
            while not self.word("}"):
                self.skip()
                self.pair(place)
                self.word(",")
        else:
            self.take(_SCALAR)
