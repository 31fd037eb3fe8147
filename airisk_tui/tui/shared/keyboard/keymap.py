"""The keys that a person chooses: `[keys]` in config.toml gives actions other keys (keys.md, "Other keys").

An action is named as in `shared.keys.KEYS`. A choice that cannot work becomes a sentence, and its action keeps the usual keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from textual.keys import Keys, _character_to_key

from airisk_tui.oauth.text.visible import visible
from airisk_tui.tui.shared.keyboard.keys import EDITING, IN_FIELDS, KEYS, key_name

FIXED = ("numbered",)
"""Actions whose several keys each mean something else."""

NAMED = frozenset(key.value for key in Keys) | {f"f{number}" for number in range(1, 25)}
TYPED = frozenset(
    character if character.isalnum() else _character_to_key(character) for character in map(chr, range(32, 127))
)
"""The keys that type a character, as Textual names them."""

ALIASES = {
    "esc": "escape",
    "del": "delete",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "return": "enter",
    "alt+esc": "alt+escape",
}
MODIFIERS = ("ctrl+", "alt+", "shift+")


class Keymap:
    """keys: by action, the chosen keys as Textual names them; problems: sentences about choices that cannot work."""

    def __init__(self, table: Mapping[str, str]) -> None:
        """table: by action, the keys, separated by commas, such as `^D`, `F7`, `/` or `ctrl+d`."""
        self.keys: dict[str, str] = {}
        self.problems: list[str] = []
        for action, text in table.items():
            self._take(action, text)
        for action, key, other in list(self._clashes()):
            self.problems.append(
                f"In [keys], “{key_name(key)}” would mean {action} and {other} at once; {action} keeps its own."
            )
            self.keys.pop(action, None)

    def _take(self, action: str, text: str) -> None:
        if action not in KEYS or action in FIXED:
            near = get_close_matches(action, [one for one in KEYS if one not in FIXED], 1)
            hint = f" Did you mean {near[0]}?" if near else " “airisk-tui explain keys” lists them."
            self.problems.append(f"In [keys], there is no action “{visible(action)}” whose key can be chosen.{hint}")
            return
        keys = [key_named(part) for part in text.split(",") if part.strip()] if text != "," else ["comma"]
        if why := next((why for key in keys if (why := _refused(action, key))), "" if keys else "no key is named"):
            self.problems.append(f"In [keys], {action} cannot be “{visible(text)}”: {why}.")
            return
        self.keys[action] = ",".join(keys)

    def _clashes(self) -> Iterator[tuple[str, str, str]]:
        """Each chosen action with one of its keys that another action has, and that action."""
        taken = {action: (self.keys.get(action) or key.keys).split(",") for action, key in KEYS.items()}
        for action in self.keys:
            for other, keys in taken.items():
                both = set(taken[action]) & set(keys) if other != action else set()
                if both and (other not in self.keys or list(self.keys).index(other) < list(self.keys).index(action)):
                    yield action, next(iter(both)), other


def key_named(text: str) -> str:
    """Textual's name of a key, for the key as people write it."""
    text = text.strip()
    if len(text) == 1:
        return _character_to_key(text) if not text.isalnum() else text
    if text.startswith("^") and len(text) == 2:
        return f"ctrl+{text[1].lower()}"
    lower = text.lower()
    return ALIASES.get(lower, lower)


def _refused(action: str, key: str) -> str:
    """Why an action cannot have that key, or ""."""
    plain = key
    for modifier in MODIFIERS:
        plain = plain.removeprefix(modifier)
    if plain not in NAMED | TYPED:
        return "there is no such key"
    if key in EDITING:
        return "it edits what is typed in a field"
    return "it is typed in a field, where this action must work too" if key in TYPED and action in IN_FIELDS else ""
