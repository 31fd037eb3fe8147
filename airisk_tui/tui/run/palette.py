"""What the command palette offers on the run screen beside its keys: environments, faults of the sandbox, the form as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from airisk_tui.oauth.text import visible
from airisk_tui.tui.run.naming import save_as_environment
from airisk_tui.tui.shared.screen import PaletteCommand

if TYPE_CHECKING:
    from airisk_tui.session.session import Session
    from airisk_tui.tui.run.filling import FillingScreen


def form_commands(screen: FillingScreen, session: Session) -> Iterator[PaletteCommand]:
    """The environments, and what can be done with the form as a whole."""
    for name in session.environments:
        title = f"Environment: {visible(name).replace('[', '(')}"
        yield PaletteCommand(title, partial(screen.action_use_environment, name), "Use this environment in the form")

    def save() -> None:
        if screen.base is not None:
            screen.run_worker(save_as_environment(screen, session, screen.draft()))

    default = "At the next start, and where a command names none"
    yield PaletteCommand("Environment: use this one by default", screen.make_default, default)
    reset = "Forget what was typed for this environment, but the client secret"
    yield PaletteCommand("Form: as the environment has it", screen.action_reset_form, reset)
    saved = "Keep the values of the form under a name, without the secret"
    yield PaletteCommand("Save as environment …", save, saved)


def fault_commands(screen: FillingScreen, session: Session, play: Callable[[str], None]) -> Iterator[PaletteCommand]:
    """The faults that the server of the form's environment plays, where that is one inside the program. play: plays it."""
    base = screen.base
    if base is None or session.embedded.find(base.environment) is None:
        return
    from airisk_tui.sandbox.menu import menu_of

    yield PaletteCommand("Fault: none", partial(play, ""), "Let the sandbox answer rightly again")
    for name, fault in menu_of(base.dialect.name).items():
        yield PaletteCommand(f"Fault: {name}", partial(play, name), fault.sentence)
