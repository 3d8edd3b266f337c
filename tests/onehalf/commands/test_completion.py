"""`onehalf completion`: every command and option is offered; without shtab a sentence."""

import importlib.util
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from onehalf.cli import _COMMANDS, DONE, USAGE, main


def test_the_script_is_made_of_every_command_with_its_options(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = {}

    def complete(parser: Any, shell: str) -> str:
        (commands,) = (action for action in parser._actions if action.choices)
        seen.update({name: one._option_string_actions for name, one in commands.choices.items()})
        return f"# {shell}"

    monkeypatch.setitem(sys.modules, "shtab", SimpleNamespace(complete=complete))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    assert main(["completion", "zsh"]) == DONE
    assert capsys.readouterr().out == "# zsh\n"
    assert set(seen) == set(_COMMANDS)
    assert "--oracle" in seen["run"]
    assert "--paper" in seen["report"]


def test_without_shtab_the_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert main(["completion", "bash"]) == USAGE
    assert "needs shtab, which is not installed; pip install 'onehalf[completion]'" in capsys.readouterr().err
