"""External programs: every way in which they can go wrong has its status and its sentence, and the run goes on."""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import flint
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import onehalf
from algorithms.programs import line as conversation
from algorithms.programs.program import Program, locate
from algorithms.programs.wire import read_message, read_number, read_output, write_dyadic, write_message
from algorithms.registry import resolve
from onehalf.running.replay import replay
from oracle.errors import InvalidOutput, InvalidValue

PROBLEM = onehalf.AlternatingTraining(hidden=(1,), exponent=5)
FIXED_WIRE = settings(derandomize=True, deadline=None, max_examples=60)
LIMITS = onehalf.Budget(digits=100, seconds=2.5)
PRELUDE = (
    "import json, os, sys, time\n"
    "def say(text): print(text, flush=True)\n"
    "start = json.loads(sys.stdin.readline())\n"
)
GOOD = '{"output":{"network":[[[[0,0]],[0]],[[[0]],[0.5]]]},"claim":false}'


def run(tmp_path: Path, body: str, trials: int = 2, oracle: str = "decoy") -> Any:
    """Run a program of the standard library, with `start` and `say` at hand, and return the table of trials."""
    file = tmp_path / "program.py"
    file.write_text(PRELUDE + body)
    return onehalf.run(
        PROBLEM,
        [{"program": [sys.executable, str(file)], "name": "mine"}],
        oracle=oracle,
        trials=trials,
        budget=LIMITS,
        directory=tmp_path / "run",
    )


FAILURES = [
    (
        "raise KeyError('none')",
        "crashed",
        "ended itself with status 1 before its output: KeyError: 'none'",
    ),
    (
        "os.write(2, b\"Error: Cannot find module 'nope.js'\\n    at errors (node:1)\\n\\nNode.js v20\\n\"); "
        "sys.exit(1)",
        "crashed",
        "ended itself with status 1 before its output: Error: Cannot find module 'nope.js'",
    ),
    (
        "os.write(2, b'no licence\\nbye\\n'); sys.exit(1)",
        "crashed",
        "ended itself with status 1 before its output: bye",
    ),
    ("sys.exit(0)", "crashed", "ended itself with status 0 before its output"),
    ("os.kill(os.getpid(), 11)", "crashed", "died of SIGSEGV before its output"),
    ("os.close(1); time.sleep(30)", "crashed", "closed its output and did not end"),
    ("say('epoch 1: loss 0.3')", "invalid", "line='epoch 1: loss 0.3': no message of the protocol"),
    ("say('[1, 2]')", "invalid", "no message of the protocol"),
    ("say('{\"answer\": 1}')", "invalid", "no message of the protocol"),
    ("say('[' * 100000)", "invalid", "no message of the protocol"),
    ("os.write(1, b'\\xff\\xfe\\n')", "invalid", "no message of the protocol"),
    ("while True: os.write(1, b'x' * 65536)", "invalid", "a line of more than 16777216 bytes"),
    ("time.sleep(30)", "no_halt", "ran for more than the time budget of 2.5 s"),
    ("while True: pass", "no_halt", "ran for more than the time budget of 2.5 s"),
    ("say('{\"ask\":[0,1,-1]}')", "error", "bits=-1: must be a whole number of at least 0"),
    ("say('{\"ask\":[99,1,3]}')", "error", "must lie in a table of"),
    ("say('{\"ask\":[0.5,1,3]}')", "error", "ask=[0.5, 1, 3]: must be three whole numbers"),
    ('say(\'{"read":"all"}\')', "error", "bits='all': must be a whole number"),
    ("say('{\"read\":80}')", "error", "float64 carries 53 digits"),
    (
        "say('{\"ask\":[0,1,1000000000]}')",
        "no_halt",
        "asked for 1000000000 digits, the digit budget is 100",
    ),
    ('say(\'{"error":"no gradient here"}\')', "error", "ProgramError: no gradient here"),
    ('say(\'{"output":"a network"}\')', "invalid", "no output of the protocol"),
    ('say(\'{"output":{"network":[[[[NaN,0]],[0]],[[[0]],[0]]]}}\')', "invalid", "NaN or infinity"),
    (
        'say(\'{"output":{"network":[[[[0,0]],[0]],[[[0],[0]],[0,0]]]}}\')',
        "invalid",
        "a network here has 1",
    ),
    (
        'say(\'{"output":{"network":[[[[0,0],[0,0]],[0,0]],[[[0,0]],[0]]]}}\')',
        "invalid",
        "is not within (2, 1, 1)",
    ),
    ('say(\'{"output":{"network":[[[[0,0],[0]],[0]]]}}\')', "invalid", "a list of rows of equal length"),
    ('say(\'{"output":{"network":[[[["a",0]],[0]]]}}\')', "invalid", "no number of the protocol"),
    (f"say('''{GOOD.replace('false', '1')}''')", "invalid", "claim=1: a claim is true or false"),
    ("say('{\"output\":[1,2]}')", "invalid", "return a onehalf.Network"),
]


@pytest.fixture(scope="module")
def failures(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """Run all failing programs in one experiment, which is to finish whatever they do."""
    folder = tmp_path_factory.mktemp("failures")
    programs = []
    for number, (body, _, _) in enumerate(FAILURES):
        file = folder / f"program{number}.py"
        file.write_text(PRELUDE + body)
        programs.append({"program": [sys.executable, str(file)], "name": f"{number}"})
    return onehalf.run(PROBLEM, programs, trials=2, budget=LIMITS, directory=folder / "run", jobs=2).trials


@pytest.mark.parametrize("number", range(len(FAILURES)), ids=[body for body, _, _ in FAILURES])
def test_every_failure_has_its_status_and_its_sentence(failures: pd.DataFrame, number: int) -> None:
    _, status, sentence = FAILURES[number]
    rows = failures[failures.cell == number]
    assert list(rows.status) == [status] * 2
    assert all(sentence in note for note in rows.note), list(rows.note)


@pytest.mark.parametrize(
    "body",
    [
        f"say('''{GOOD}''')",
        f"say('''{GOOD}'''); time.sleep(30)",
        f"sys.stdout.write('''{GOOD}''')",
        f"print('loss', file=sys.stderr); say(''); say('''{GOOD}''')",
        f"sys.stderr.write('x' * 1000000); say('''{GOOD}''')",
    ],
)
def test_a_program_that_answers_is_heard(tmp_path: Path, body: str) -> None:
    trials = run(tmp_path, body).trials
    assert list(trials.status) == ["halted"] * 2
    assert list(trials.claim_1) == [0, 0]


def test_one_bad_run_does_not_touch_its_neighbours(tmp_path: Path) -> None:
    body = f"if start['seed'] % 2: sys.exit(3)\nsay('''{GOOD}''')"
    statuses = run(tmp_path, body, trials=12).trials.status
    assert set(statuses) == {"halted", "crashed"}
    assert len(statuses) == 12


def test_a_program_may_stay_for_the_next_run_and_replays_the_same(tmp_path: Path) -> None:
    body = (
        "runs = 0\n"
        "while True:\n"
        "    say('{\"ask\":[0,1,5]}'); sys.stdin.readline()\n"
        "    slope = start['seed'] % 7\n"
        '    say(json.dumps({"output": {"network": [[[[0, 1]], [0]], [[[slope]], ["1/2"]]]}, "ready": True}))\n'
        "    start = json.loads(sys.stdin.readline() or sys.exit())\n"
    )
    result = run(tmp_path, body, trials=30)
    assert set(result.trials.status) == {"halted"}
    assert replay(result, 0, 17).same


def test_a_program_that_lies_about_staying_is_recorded(tmp_path: Path) -> None:
    body = f"say('''{GOOD}'''.replace('\"claim\":false', '\"ready\":true')); sys.exit(7)"
    statuses = list(run(tmp_path, body, trials=4).trials.status)
    assert statuses[0] == "halted"
    assert "crashed" in statuses
    assert len(statuses) == 4


def test_the_process_group_of_a_hung_program_is_killed(tmp_path: Path) -> None:
    note = tmp_path / "pids"
    body = (
        "import subprocess\n"
        "child = subprocess.Popen(['sleep', '60'])\n"
        f"open({str(note)!r}, 'a').write(f'{{os.getpid()}} {{child.pid}}\\n')\n"
        "time.sleep(60)\n"
    )
    run(tmp_path, body, trials=1)
    alive = [pid for pid in note.read_text().split() if _is_running(int(pid))]
    assert alive == []


def _is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_a_program_is_found_again_from_the_manifest_and_its_digest_is_kept(tmp_path: Path) -> None:
    result = run(tmp_path, f"say('''{GOOD}''')")
    spec = onehalf.load(tmp_path / "run").experiment.cells[0].spec
    assert spec == result.experiment.cells[0].spec
    assert len(spec.digest) == 64
    (tmp_path / "program.py").write_text("raise SystemExit")
    with pytest.raises(InvalidValue, match="was begun with another version of the source of mine"):
        run(tmp_path, "sys.exit(1)")


def test_a_program_is_its_words_and_the_files_among_them(tmp_path: Path) -> None:
    for name in ("one.sh", "two.sh"):
        (tmp_path / name).write_text("exit 0\n")

    def digest(*words: str) -> str:
        return Program(locate(words, tmp_path)).digest()

    first = digest("sh", "one.sh", "--fast", "3")
    assert first == digest("sh", "one.sh", "--fast", "3")
    assert (
        len(
            {
                first,
                digest("sh", "one.sh", "--fast", "4"),
                digest("sh", "one.sh", "--fast"),
                digest("sh", "one.sh"),
            }
        )
        == 4
    )
    assert digest("sh", "two.sh") != digest("sh", "one.sh")  # another name, though the same bytes
    assert digest("sh", "one.sh", "ab", "c") != digest("sh", "one.sh", "a", "bc")
    (tmp_path / "one.sh").write_text("exit 00\n")
    assert digest("sh", "one.sh", "--fast", "3") != first


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("sh", "sh"),
        ("sh -e program.sh", "program.sh"),
        ("sh program.sh --fast 3", "program.sh --fast 3"),
        ("./program.sh", "program.sh"),
    ],
)
def test_names_of_programs(tmp_path: Path, command: str, name: str) -> None:
    (tmp_path / "program.sh").write_text("#!/bin/sh\n")
    (tmp_path / "program.sh").chmod(0o755)
    assert Program(locate(command.split(), tmp_path)).name == name


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["no-such-program-anywhere"], "is not on the PATH"),
        (["./none"], "is no executable file"),
        (["./plain.txt"], "is no executable file; check the path, chmod"),
        ([], "names no program"),
    ],
)
def test_programs_that_are_not_there(tmp_path: Path, words: list[str], sentence: str) -> None:
    (tmp_path / "plain.txt").write_text("no program\n")
    with pytest.raises(InvalidValue, match=sentence):
        locate(words, tmp_path)


def test_a_command_whose_quotes_do_not_close() -> None:
    with pytest.raises(InvalidValue, match="cannot be split"):
        resolve("exec:sh 'a")


@given(st.integers(), st.integers(min_value=0, max_value=300))
@settings(derandomize=True, deadline=None)
def test_dyadics_travel_exactly(m: int, n: int) -> None:
    assert read_number(write_dyadic(Fraction(m, 1 << n))) == Fraction(m, 1 << n)


@given(st.fractions(), st.floats(allow_nan=False, allow_infinity=False))
@settings(derandomize=True, deadline=None)
def test_fractions_and_floats_travel_exactly(fraction: Fraction, number: float) -> None:
    assert read_number(str(fraction)) == fraction
    assert read_number(number.hex()) == number
    assert read_number(number) == number


def test_numbers_of_any_length() -> None:
    big = Fraction((1 << 100_000) + 1, 1 << 99_999)
    assert read_number(write_dyadic(big)) == big
    assert read_number("3*2^100") == 3 << 100
    assert read_number("-0.125") == Fraction(-1, 8)


@pytest.mark.parametrize(
    "text", ["", "1/0", "x", "1e5", "1/2^", "2^3", "1/2^99999999999", True, None, [1], "0x1p99999"]
)
def test_what_is_no_number(text: Any) -> None:
    with pytest.raises(InvalidOutput, match="number="):
        read_number(text)


def test_whole_numbers_and_floats_make_a_network_of_floats_and_one_text_an_exact_one() -> None:
    assert read_output({"network": [[[[1, 0.5]], [0]], [[[2]], [1]]]}).is_float
    assert not read_output({"network": [[[[1, 0.5]], [0]], [[["1/3"]], [1]]]}).is_float
    with pytest.raises(InvalidOutput, match="a layer is"):
        read_output({"network": [3]})


def test_a_program_that_was_forked_with_us_is_not_taken_up() -> None:
    line = conversation.Line(("cat",))
    line.owner += 1
    conversation.leave(line, ready=True)
    other = conversation.take(("cat",))
    assert other is not line
    other.end()
    line.end()
    assert line.process.returncode is not None


def test_a_long_answer_reaches_a_program_that_reads_it_late(tmp_path: Path) -> None:
    problem = onehalf.AlternatingTraining(hidden=(60,), exponent=5)
    file = tmp_path / "late.py"
    file.write_text(
        "import json, sys, time\nstart = json.loads(sys.stdin.readline())\n"
        "print('{\"read_exact\":2000}', flush=True)\ntime.sleep(0.2)\n"
        "rows = json.loads(sys.stdin.readline())['answer']\nw = start['task']['architecture'][1]\n"
        "print(json.dumps({'output': {'network': [[[[0, 0]] * w, [0] * w], [[[0] * w], [rows[0][0]]]]}}))\n"
    )
    spec = {"program": [sys.executable, str(file)]}
    trials = onehalf.run(problem, [spec], trials=1, directory=tmp_path / "run").trials
    assert list(trials.status) == ["halted"]
    assert np.all(trials.depth == 2000)


def test_whole_numbers_of_any_length_pass_in_both_directions(tmp_path: Path) -> None:
    digits = "7" * 6_000
    body = f'say(\'{{"output":{{"network":[[[[{digits},0]],[0]],[[["1/{digits}"]],[-{digits}]]]}}}}\')'
    assert list(run(tmp_path, body).trials.status) == ["halted"] * 2
    network = read_output(read_message(f'{{"output":{{"network":[[[[{digits}]],[0]]]}}}}'.encode())["output"])
    assert network.exact_layers()[0][0][0, 0] == int(flint.fmpz(digits))


@FIXED_WIRE
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.text(max_size=5)
        | st.integers(4_000, 9_000).map(lambda n: (-7) ** n),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=6,
    )
)
def test_a_message_is_read_as_it_was_written(value: Any) -> None:
    assert read_message(write_message({"value": value})) == {"value": value}


def test_a_number_too_long_to_show_is_refused_in_a_sentence(tmp_path: Path) -> None:
    digits = "7" * 6_000
    for body, status in (
        (f"say('{{\"ask\":[0,{digits}.5,3]}}')", "error"),
        (f"say('{{\"answer\":{digits}}}')", "invalid"),
        (f"say('{{\"ask\":[{digits},{digits},{digits},0]}}')", "error"),
        (f"say('{{\"output\":[{digits},[1]]}}')", "invalid"),
        (f"say('''{GOOD.replace('false', digits)}''')", "invalid"),
    ):
        trials = run(tmp_path, body, trials=1).trials
        assert list(trials.status) == [status], body[:40]
        assert "Exceeds the limit" not in trials.note.iloc[0]
        for file in (tmp_path / "run").iterdir():
            file.unlink()


def test_check_names_a_missing_flush_where_a_program_is_silent(tmp_path: Path) -> None:
    file = tmp_path / "silent.py"
    file.write_text(
        "import sys\nsys.stdin.readline()\nout = open(1, 'w')\n"
        "out.write('{\"ask\":[0,1,3]}\\n')\nsys.stdin.readline()\n"
    )
    spec = resolve({"program": [sys.executable, str(file)], "name": "silent"})
    report = onehalf.check(spec, problem=PROBLEM, budget=onehalf.Budget(seconds=0.5))
    assert not report.passed
    assert "flush it after every line" in " ".join(str(report).split())
