"""Every document and section that the code or its output names exists, and is shipped with the program."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import pytest

from airisk_tui.insight.catalogue import catalogue, codes
from airisk_tui.reference import TOPICS, NoSuchSection, headings, overview, plain_text, section, text

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "airisk_tui").rglob("*.py"))
DOCUMENT = re.compile(
    r"(?<![\w./-])([a-z-]+)\.md\b(?:(?:,)? ((?:step \d|[LCSF]\d{1,2}\b)(?:(?:, | and | to )(?:[LCSF]\d{1,2}\b|\d\b))*))?"
)
NAMED_SECTION = re.compile(r"(?<![\w./-])([a-z-]+)\.md, ([^;:.)\"”]+)")
COMMAND = re.compile(r"airisk-tui explain ([a-z-]+)(?: ((?:step \d|[LCSF]\d+|[a-z ]+?)))?(?=[;)`.,\"\n]|$)")
OTHER_FILES = {"comparison", "two-tokens", "two-runs", "report"}
"""Files that the program writes when it is asked to."""


class Text(NamedTuple):
    """A string or a comment of the source, where it stands, and whether people may read it on the screen."""

    place: str
    words: str
    shown: bool


def strings_in(path: Path) -> Iterator[Text]:
    """Docstrings and the texts of constants below an assignment are read by programmers; every other string may be shown."""
    source = path.read_text(encoding="utf-8")
    nodes = [*ast.walk(ast.parse(source))]
    notes = {id(node.value) for node in nodes if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)}
    name = path.relative_to(ROOT).as_posix()
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield Text(f"{name}:{node.lineno}", " ".join(node.value.split()), id(node) not in notes)
    for number, line in enumerate(source.splitlines(), 1):
        if line.lstrip().startswith("#") or "  # " in line:
            yield Text(f"{name}:{number}", line.partition("#")[2], False)


@cache
def texts() -> list[Text]:
    """Those of the whole program."""
    return [found for path in SOURCES for found in strings_in(path)]


def sections_in(words: str) -> Iterator[tuple[str, str]]:
    """Each document that a text cites, with the sections that it names, "" for the whole document."""
    for found in DOCUMENT.finditer(words):
        if found[1] in OTHER_FILES:
            continue
        yield found[1], ""
        for part in re.findall(r"[LCSF]\d{1,2}|step \d", found[2] or ""):
            yield found[1], part
    for found in NAMED_SECTION.finditer(words):
        if found[1] not in OTHER_FILES and not DOCUMENT.match(found[0])[2]:  # type: ignore[index] # it begins like one
            yield found[1], found[2].strip(" `“")
    for found in COMMAND.finditer(words):
        topic = found[1]
        yield ("findings", topic) if topic in codes() else (topic, found[2] or "")


def test_every_document_and_section_that_the_source_names_exists() -> None:
    cited = [(found.place, *cited) for found in texts() for cited in sections_in(found.words)]
    missing = []
    for place, topic, name in cited:
        try:
            assert not name or section(topic, name)
            text(topic)
        except (KeyError, NoSuchSection):
            missing.append(f"{place} {topic}: {name}")
    assert cited
    assert missing == []


def test_what_people_read_names_no_file_of_these_documents() -> None:
    shown = [
        found for found in texts() if found.shown and re.search(r"\b(" + "|".join(TOPICS) + r")\.md\b", found.words)
    ]
    references = {entry.reference for entries in catalogue().values() for entry in entries}
    assert [found.place for found in shown if not any(reference in found.words for reference in references)] == []


def test_every_rfc_has_four_digits_and_every_section_of_one_a_number() -> None:
    odd = [
        f"{found.place} {number[0]}"
        for found in texts()
        for number in re.finditer(r"\bRFC[ -]?\d+[^;,.)]{0,12}", found.words)
        if not re.match(r"RFC \d{4}(?!\d)(?! §(?!\d))", number[0])
    ]
    assert odd == []


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_is_shipped_and_each_of_its_sections_can_be_named(topic: str) -> None:
    assert files("airisk_tui.reference").joinpath(f"{topic}.md").is_file()
    assert text(topic).startswith("# ")
    assert "<!--" not in text(topic)
    assert headings(topic)
    for heading in headings(topic):
        assert section(topic, heading).partition("\n")[0].lstrip("#").strip().lower() == heading.lower()


def test_the_documents_are_in_the_wheel() -> None:
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = configuration["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel == {"packages": ["airisk_tui"]}  # with all that is in it
    assert {path.stem for path in (ROOT / "airisk_tui" / "reference").glob("*.md")} == set(TOPICS)


def test_a_section_is_named_by_its_heading_by_how_it_begins_or_by_a_row() -> None:
    assert section("protocol", "step 2").startswith("## Step 2: token request")
    assert "## Step 3" not in section("protocol", "step 2")
    assert section("protocol", "ways of use").startswith("## The documented ways of use")
    assert section("threats", "l4").startswith("L4: Connections are handled concurrently")
    assert section("architecture", "inbox").startswith("inbox: the requests that the listener received")
    assert section("findings", "state-mismatch").startswith("#### state-mismatch")


@pytest.mark.parametrize("name", ["", " ", "step 9", "L99", "#", "|"])
def test_what_is_no_section_is_refused(name: str) -> None:
    with pytest.raises(NoSuchSection):
        section("protocol", name)


def test_a_name_that_is_no_topic_opens_no_file() -> None:
    with pytest.raises(KeyError):
        text("../../README")


@pytest.mark.parametrize("topic", TOPICS)
def test_the_documents_cite_only_what_there_is(topic: str) -> None:
    for cited, name in sections_in(" ".join(text(topic).split())):
        assert not name or section(cited, name)
        text(cited)


def test_plain_text_leaves_code_as_it_is() -> None:
    code = "```python\n# shop.py\npay(**order)\n| not | a row |\n```"
    assert plain_text(f"## A\n\n{code}\n\n**b**\n") == f"A\n\n{code}\n\nb"


def test_plain_text_has_neither_marks_nor_rules() -> None:
    assert plain_text("# A\n\n| a | b\\|c |\n|---|--:|\n| `d` | **e** |\n\n> f") == "A\n\na: b|c\n`d`: e\n\nf"


@pytest.mark.parametrize("topic", TOPICS)
def test_the_overview_of_a_topic_can_be_read_on_a_screen(topic: str) -> None:
    page = overview(topic)
    words = re.sub(r"^```.*?^```$", "", page, flags=re.MULTILINE | re.DOTALL).splitlines()
    assert 20 < len(page.splitlines()) < 320
    assert not [line for line in words if line.startswith(("#", "| ", "|-", "<!--"))]
