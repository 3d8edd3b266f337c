"""A directory is read without the algorithms and families of which it tells."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import onehalf as oh
from oracle.errors import InvalidValue
from oracle.namespaces import forget_modules, load_module
from tests.sealing import unsealed

HOME = Path(__file__).resolve().parents[3]
Command = Callable[..., tuple[int, str, str]]
PLUGIN = """
import onehalf as oh
@oh.algorithm("mine", role="trainer", over_reading=lambda parameters, depth: 0.0)
def f(task, rng, *, rate: float = 0.5, word: str = "plain"):
    return oh.Claim(task.witness(task.members[int(rng.random() < rate)]), True)
"""
FAMILY = """
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar
import onehalf as oh
from oracle.judge import Verdict
from oracle.points import decode_point, encode_point
from oracle.problems import Axis, Bound, Facts, Input, Problem

@dataclass(frozen=True)
class SignFacts(Facts):
    family: ClassVar[str] = "sign"
    gap: int
    shape: tuple = (1, 1)
    magnitude: int = 0
    probe: tuple = ((0, 0),)
    @property
    def members(self):
        return Input("1", self.gap), Input("2", self.gap)
    def witness(self, member):
        return (Fraction(1 if member.name == "1" else -1),)
    def recognise(self, answers, bits):
        return None

@dataclass(frozen=True)
class Sign(Problem):
    family: ClassVar[str] = "sign"
    policies: ClassVar[tuple] = ("honest", "blind")
    axes: ClassVar[tuple] = (Axis("gap", "g", "the inputs differing by 2 to the minus g"),)
    outputs: ClassVar[str] = "signs"
    gap: int = 20
    @property
    def facts(self):
        return SignFacts(self.gap)
    @property
    def inputs(self):
        return self.facts.members
    def parameters(self):
        return {"gap": self.gap}
    def value(self, member, index):
        return self.facts.witness(member)[0] / (1 << self.gap)
    def sensitive(self, index):
        return True
    def shown(self, policy, index, bits):
        return Fraction(0)
    def bound(self, policy):
        return Bound("1", ("1", "2"), self.gap if policy == "blind" else self.gap - 1)
    def check_output(self, output):
        return (Fraction(output[0]),)
    def judge(self, outputs):
        right = [self.facts.witness(m) for m in self.inputs]
        return [tuple(Verdict("accepted" if y == r else "rejected", 0.0) for r in right) for y in outputs]
    def encode(self, output):
        return encode_point(output)
    def decode(self, body):
        return decode_point(body)

@oh.algorithm("signs", families=["sign"])
def signs(task, rng):
    task.ask(0, 0, 5)
    return task.witness(task.members[int(rng.integers(2))])
"""
REPORT = "import sys; from onehalf import cli; sys.exit(cli.main(sys.argv[1:]))"


def in_a_fresh_process(folder: Path, *arguments: object, program: str = REPORT) -> tuple[int, str, str]:
    """Run `onehalf …`, or another program, in a process that knows nothing of this one."""
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(HOME)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def summary_of(directory: Path) -> dict[str, object]:
    """Return the summary without its place."""
    found = oh.load(directory).summary()
    return {**found, "experiment": {k: v for k, v in found["experiment"].items() if k != "directory"}}


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """The directory of a plugin's run, the plugin beside it."""
    (tmp_path / "mine.py").write_text(PLUGIN)
    algorithms = [f"{tmp_path / 'mine.py'}[rate=[0.2,0.8]]"]
    from onehalf.plan.experiment import Experiment, cells_of
    from onehalf.running.run import run_experiment

    cells = cells_of([oh.AlternatingTraining(hidden=(2,))], ["decoy", "honest"], algorithms, 8)
    run_experiment(Experiment("mine", 3, tuple(cells)), tmp_path / "run", 1)
    return tmp_path / "run"


@pytest.mark.parametrize("fate", ["deleted", "changed", "broken", "moved"])
def test_whatever_became_of_the_plugin_the_report_is_the_same(made: Path, fate: str) -> None:
    plugin = made.parent / "mine.py"
    before, trials, outcomes = oh.load(made).summary(), oh.load(made).trials, oh.load(made).outcomes
    assert [cell["role"] for cell in before["cells"]] == ["trainer"] * 4
    assert before["cells"][0]["algorithm_parameters"] == {"rate": 0.2, "word": "plain"}
    if fate == "deleted":
        plugin.unlink()
    elif fate == "moved":
        plugin.rename(made.parent / "other.py")
    else:
        plugin.write_text("1/0\n" if fate == "broken" else PLUGIN.replace("trainer", "baseline"))
    forget_modules()
    result = oh.load(made)
    assert result.summary() == before
    assert result.trials.equals(trials)
    assert result.outcomes.equals(outcomes)
    assert repr(result).startswith("<Result of 'mine': 4 cells, 32 of 32 trials")
    assert result.output(0, 0).architecture == (2, 2, 1), "the family is at hand"
    report = result.report()
    assert "mine[rate=0.2]" in report.read_text()


def test_in_another_place_and_process_the_report_is_the_same(made: Path, tmp_path: Path) -> None:
    before = summary_of(made)
    (made.parent / "mine.py").unlink()
    (tmp_path / "elsewhere").mkdir()
    there = Path(shutil.move(made, tmp_path / "elsewhere" / "record"))
    status, out, err = in_a_fresh_process(tmp_path / "elsewhere", "report", "record", "--json")
    assert (status, err) == (0, "")
    assert json.loads(out)["cells"] == before["cells"]
    assert summary_of(there) == before


def test_what_needs_the_source_names_file_and_digest(made: Path) -> None:
    from onehalf.running.replay import replay

    plugin = made.parent / "mine.py"
    digest = oh.load(made).manifest["experiment"]["cells"][0]["digest"]
    plugin.unlink()
    with pytest.raises(
        InvalidValue, match=rf"its file {plugin} \(SHA-256 {digest[:12]}…\) is missing; put the file"
    ):
        replay(oh.load(made), 0, 0)
    with pytest.raises(InvalidValue, match=r"its file .* is missing"):
        oh.load(made).experiment  # noqa: B018


def test_one_missing_plugin_hinders_no_replay_of_another(made: Path, tmp_path: Path) -> None:
    from onehalf.running.replay import replay

    (tmp_path / "gone.py").write_text(PLUGIN.replace('"mine"', '"gone"'))
    both = [str(tmp_path / "gone.py"), "coin-flip"]
    oh.run("training[hidden=[2]]", both, trials=3, directory=tmp_path / "both")
    (tmp_path / "gone.py").unlink()
    forget_modules()
    assert replay(oh.load(tmp_path / "both"), 1, 2).same


NOTEBOOK = """
import sys
import onehalf as oh
@oh.algorithm("typed-in")
def typed_in(task, rng, *, k: int = 1):
    return task.witness(task.members[k])
result = oh.run("training[hidden=[2]]", typed_in, trials=5, directory=sys.argv[1])
"""


def test_the_record_of_a_notebooks_function_is_reported(tmp_path: Path, command: Command) -> None:
    assert in_a_fresh_process(tmp_path, "run", program=NOTEBOOK)[0] == 0
    status, out, err = command("report", tmp_path / "run", "--json")
    assert (status, err) == (0, "")
    (cell,) = json.loads(out)["cells"]
    assert (cell["algorithm"], cell["algorithm_parameters"]) == ("typed-in", {"k": 1})
    assert cell["by_input"]["2"]["successes"] == 5
    status, _, err = command("replay", tmp_path / "run", 0, 0)
    assert status == 2
    assert "was defined inside the program that ran it (SHA-256 " in err


def test_the_record_of_a_family_that_is_not_installed_is_reported(tmp_path: Path) -> None:
    file = tmp_path / "my_family.py"
    file.write_text(FAMILY)
    loaded = load_module(file)
    problems = [loaded.module.Sign(gap=g) for g in (20, 30)]
    result = oh.run(problems, f"{file}::signs", oracle="blind", trials=30)
    before, output = result.summary(), result.output(0, 0)
    assert before["cells"][0]["family"] == "sign"
    again = oh.load(result.directory)
    assert again.summary() == before
    assert again.output(0, 0) == output
    file.unlink()
    forget_modules()
    again = oh.load(result.directory)
    assert again.summary() == before
    assert len(again.trials) == 60
    with pytest.raises(InvalidValue, match=r"problem='sign': .*my_family.py.*SHA-256"):
        again.output(0, 0)
    status, out, err = in_a_fresh_process(tmp_path, "report", result.directory, "--json")
    assert (status, err) == (0, "")
    assert json.loads(out)["cells"] == before["cells"]


INSTANCE = (
    FAMILY
    + """
if __name__ == "__main__":
    import sys
    oh.run(Sign(gap=12), signs, oracle="honest", trials=6, directory=sys.argv[1])
"""
)


def test_the_record_of_a_family_of_a_script_is_reported(tmp_path: Path, command: Command) -> None:
    (tmp_path / "script.py").write_text(INSTANCE)
    done = subprocess.run(
        [sys.executable, "script.py", "run"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(HOME)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    (tmp_path / "script.py").unlink()
    status, out, err = command("report", tmp_path / "run", "--json")
    assert (status, err) == (0, "")
    (cell,) = json.loads(out)["cells"]
    assert (cell["family"], cell["recorded"], cell["coupling_depth"]) == ("sign", 6, 11)
    with pytest.raises(InvalidValue, match=r"problem='sign': was defined inside the program"):
        oh.load(tmp_path / "run").output(0, 0)


def as_release_0_1_wrote(directory: Path) -> None:
    """Take from a manifest what release 0.1 did not write."""
    path = directory / "manifest.json"
    manifest = json.loads(path.read_text())
    del manifest["cells"]
    for cell in manifest["experiment"]["cells"]:
        del cell["family_origin"], cell["family_digest"]
    path.write_text(json.dumps(manifest))
    unsealed(directory)


def test_a_manifest_without_descriptions_is_described_from_what_is_at_hand(made: Path) -> None:
    before = oh.load(made).summary()
    as_release_0_1_wrote(made)
    found = oh.load(made).summary()
    for part in (before, found):
        for source in part["provenance"]["sources"].values():
            source.pop("versions", None)
    (note,) = found["provenance"].pop("notes")
    assert "before digests were kept" in note
    assert found == before


@pytest.mark.parametrize("fate", ["deleted", "changed"])
def test_without_descriptions_and_plugin_the_rest_is_reported_and_said(
    made: Path, fate: str, command: Command
) -> None:
    before = oh.load(made).summary()
    as_release_0_1_wrote(made)
    plugin = made.parent / "mine.py"
    if fate == "deleted":
        plugin.unlink()
    else:
        plugin.write_text(PLUGIN.replace("trainer", "baseline"))
    forget_modules()
    found = oh.load(made).summary()
    assert [cell["by_input"] for cell in found["cells"]] == [cell["by_input"] for cell in before["cells"]]
    assert [cell["role"] for cell in found["cells"]] == [""] * 4
    assert found["cells"][0]["algorithm_parameters"] == {"rate": 0.2}
    status, _, err = command("report", made)
    assert status == 0
    assert "The role and the defaults of mine[rate=0.2] are not known" in err


def test_a_run_that_goes_on_describes_its_cells(made: Path) -> None:
    whole = oh.load(made).manifest
    as_release_0_1_wrote(made)
    from onehalf.running.run import run_experiment

    run_experiment(oh.load(made).experiment, made, 1)
    after = oh.load(made).manifest
    assert after["cells"] == whole["cells"]
    assert "family_origin" not in after["experiment"]["cells"][0], "what was written down is left as it was"


def test_two_sources_of_one_family_stay_apart(tmp_path: Path) -> None:
    from onehalf.record.gather import gather

    file = tmp_path / "my_family.py"
    parts = []
    for seed, text in enumerate((FAMILY, FAMILY + "\n# Another version.\n", FAMILY)):
        file.write_text(text)
        problem = load_module(file).module.Sign(gap=20)
        parts.append(
            oh.run(problem, "coin-flip", oracle="blind", trials=4, seed=seed, directory=tmp_path / str(seed))
        )
    found = gather([(part.directory, part.recorded) for part in parts])
    digests = [part.manifest["experiment"]["cells"][0]["family_digest"] for part in parts]
    assert [(cell["family"], cell["recorded"]) for cell in found["cells"]] == [
        (f"sign@{digests[0][:8]}", 8),
        (f"sign@{digests[1][:8]}", 4),
    ]
    assert found["comparisons"] == []
    told = [part["families"] for part in found["provenance"].values()]
    assert [list(families) for families in told] == [[f"sign@{digest[:8]}"] for digest in digests]


COST = """
from oracle.costs import Cost
mine = Cost("mine", lambda v, w: {0} * max(abs(a - b) for a, b in zip(v, w)), lambda t, r: {0} * t)
"""


def test_of_a_cost_what_ran_counts(tmp_path: Path) -> None:
    from onehalf.record.gather import gather
    from onehalf.running.replay import replay

    file, parts = tmp_path / "my_cost.py", []
    for seed, factor in enumerate((1, 2)):
        file.write_text(COST.format(factor))
        problem = f"training[hidden=[2],cost={file}::mine]"
        parts.append(oh.run(problem, "coin-flip", trials=4, seed=seed, directory=tmp_path / str(seed)))
    first, second = (oh.load(part.directory) for part in parts)
    found = gather([(part.directory, part.recorded) for part in (first, second)])
    names = [cell["family"] for cell in found["cells"]]
    assert len(set(names)) == 2
    assert all(name.startswith("training@") for name in names)
    assert replay(second, 0, 1).same
    with pytest.raises(InvalidValue, match="a file that its parameters name has changed: its SHA-256 was "):
        replay(first, 0, 1)
    before = second.summary()
    file.unlink()
    forget_modules()
    assert oh.load(second.directory).summary() == before
    with pytest.raises(InvalidValue, match=r"my_cost\.py"):
        replay(oh.load(second.directory), 0, 1)


def test_the_record_of_a_stability_problem_whose_rule_is_gone_is_reported(tmp_path: Path) -> None:
    rule = tmp_path / "my_rule.py"
    rule.write_text("def twice(t):\n    return 2 * t\n")
    problem = oh.Stability(hidden=(2,), training=4, validation=4, rule=f"{rule}::twice")
    made = oh.run(problem, "constant-half", oracle="honest", trials=2, directory=tmp_path / "run")
    before = made.summary()
    rule.unlink()
    forget_modules()
    assert oh.load(made.directory).summary()["cells"] == before["cells"]
