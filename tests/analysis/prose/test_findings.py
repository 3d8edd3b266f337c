"""Findings say what the numbers say, for whole experiments, parts of them and others."""

from typing import Any


def told(
    tables: Any,
    cells: list[dict[str, Any]],
    patterns: list[dict[str, Any]],
    failures: list[dict[str, Any]] | None = None,
) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for item in tables.summarise(cells, patterns, failures)["findings"]:
        found.setdefault(item["kind"], []).append(item["text"])
    return found


def test_the_contrast_names_algorithm_oracle_and_counts(tables: Any) -> None:
    found = told(tables, [tables.cell()], [tables.pattern()])
    assert found["contrast"] == [
        "Two inputs, one answer: adam under decoy at e = 53 succeeds on ι¹ in 200/200 trials and on ι² in 0/200, "
        "claiming success on 200 of 200 rejected outputs."
    ]
    assert found["exit_flags"] == [
        "Exit flags: of 200 rejected outputs that came with an exit flag, 200 (100%) were reported as converged."
    ]
    assert found["pathwise"] == [
        "Run by run: 200 runs gave one answer to mutually exclusive inputs; none was accepted on two of them."
    ]
    assert "not significantly above its bound" in found["bound"][0]
    assert "progress" not in found
    assert "failures" not in found


def test_an_algorithm_without_a_flag_is_not_said_to_lie(tables: Any) -> None:
    found = told(tables, [tables.cell()], [tables.pattern(claims=(None, None))])
    assert found["contrast"][0].endswith("and on ι² in 0/200.")
    assert "exit_flags" not in found


def test_a_plugin_that_always_fails_is_said_to_and_nothing_else_is_made_of_it(tables: Any) -> None:
    failed = tables.pattern(statuses=("error", "error"), verdicts=(None, None), claims=(None, None))
    found = told(tables, [tables.cell()], [failed])
    assert found["failures"][1].startswith("No output: in 1 cell every trial of adam fails")
    assert "attained" not in found
    assert "contrast" not in found
    assert "pathwise" not in found


def barrier(tables: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    cells = [
        tables.cell(cell=e, planned=40, parameters={"exponent": e}, coupling_depth=e) for e in range(50, 56)
    ]
    patterns = [
        tables.pattern(cell=e, shared=False, verdicts=("accepted", "accepted"), count=40)
        if e < 53
        else tables.pattern(cell=e, count=40)
        for e in range(50, 56)
    ]
    return cells, patterns


def test_the_fall_gives_the_exponents_on_either_side(tables: Any) -> None:
    found = told(tables, *barrier(tables))
    assert found["fall"] == [
        "The fall: in 1 series along e (1 algorithm) the smallest success rate is 100% in each of the 3 cells where "
        "every trial told the inputs apart (e = 50 to 52; 40 trials each), and 0% in each of the 3 cells where none "
        "did (e = 53 to 55; 40 trials each; adam 0/40). In each series the former lie below the latter."
    ]
    assert "3 of 3 cells succeed in every trial" in found["controls"][0]


def test_what_never_told_the_inputs_apart_has_no_part_in_the_fall(tables: Any) -> None:
    cells, patterns = barrier(tables)
    alone = told(tables, *barrier(tables))["fall"]
    blind = [{**cell, "cell": cell["cell"] + 100, "algorithm": "coin-flip"} for cell in cells]
    cells += blind
    patterns += [tables.pattern(cell=cell["cell"], count=40) for cell in blind]
    assert told(tables, cells, patterns)["fall"] == alone


def test_no_fall_without_both_sides(tables: Any) -> None:
    cells, patterns = barrier(tables)
    assert "fall" not in told(tables, cells[:3], patterns[:3])


def test_a_control_that_fails_is_named(tables: Any) -> None:
    cells, patterns = barrier(tables)
    patterns[1] = tables.pattern(
        cell=51, shared=False, verdicts=("accepted", "rejected"), claims=(False, False), count=40
    )
    found = told(tables, cells, patterns)
    assert "2 of 3 cells succeed in every trial" in found["controls"][0]
    assert found["controls"][0].endswith("not so, least first: adam under decoy at e = 51 (0/40).")


def test_readers_of_random_depth_off_the_bound_are_named(tables: Any) -> None:
    reader = {"algorithm": "random-depth[p=1/2]", "algorithm_name": "random-depth", "role": "baseline"}
    cells = [
        tables.cell(cell=0, over_reading_exact=0.5, **reader),
        tables.cell(cell=1, over_reading_exact=0.1, **reader),
    ]
    patterns = [
        tables.pattern(cell=number, claims=(None, None), **outcome)
        for number in (0, 1)
        for outcome in (
            {"shared": False, "verdicts": ("accepted", "accepted"), "count": 100},
            {"verdicts": ("accepted", "rejected"), "count": 50},
            {"verdicts": ("rejected", "accepted"), "count": 50},
        )
    ]
    (sentence,) = told(tables, cells, patterns)["depth"]
    assert sentence.startswith(
        "Attained: of 2 cells in which the algorithm reads past the coupling with a known probability t, 1 has "
    )
    assert sentence.endswith("against 0.550.")


def test_the_staircase_compares_the_digits(tables: Any) -> None:
    program = {
        "family": "linear-program",
        "algorithm": "simplex",
        "algorithm_name": "simplex",
        "role": "solver",
    }
    cells = [
        tables.cell(
            cell=k, parameters={"digits": k, "y": "1/500"}, exclusive=("1", "2") if k > 2 else (), **program
        )
        for k in (1, 2, 3, 4)
    ]
    patterns = [
        tables.pattern(cell=k, verdicts=("accepted", "accepted" if k <= 2 else "rejected"))
        for k in (1, 2, 3, 4)
    ]
    (sentence,) = told(tables, cells, patterns)["staircase"]
    assert "200/200 (simplex)" in sentence
    assert "with K = 1 and 2, where one answer serves" in sentence
    assert "0/200 on the worst input (simplex)" in sentence
    assert "with K = 3 and 4, where no answer serves them all and no trial told them apart" in sentence


def test_failures_and_open_verdicts_are_told(tables: Any) -> None:
    found = told(
        tables,
        [tables.cell()],
        [
            tables.pattern(count=190),
            tables.pattern(statuses=("no_halt",) * 2, verdicts=(None,) * 2, claims=(None,) * 2, count=9),
            tables.pattern(verdicts=("undecided", "rejected"), claims=(None, None), count=1),
        ],
    )
    assert (
        "of 400 outcomes (a trial on one input), 18 did not halt with an output: 18 no_halt."
        in found["failures"][0]
    )
    assert (
        found["failures"][1] == "Undecided: 1 verdict could not be settled exactly and counts as no success."
    )


def fail(status: str) -> dict[str, Any]:
    return {"statuses": (status,) * 2, "verdicts": (None,) * 2, "claims": (None,) * 2}


def test_runs_without_output_are_neither_answers_nor_contrasts(tables: Any) -> None:
    notes = [("rare", 7, 20), ("often\n seen", 0, 180)]
    failures = [
        {"cell": 0, "trial": trial, "input": name, "status": "error", "note": note, "trials": trials}
        for note, trial, trials in notes
        for name in "12"
    ]
    found = told(tables, [tables.cell()], [tables.pattern(**fail("error"))], failures)
    assert found.keys() == {"failures"}
    assert found["failures"] == [
        "Failures: of 400 outcomes (a trial on one input), 400 did not halt with an output: 400 error. Each stays in "
        "its denominator and counts as no success. The most frequent text is “often seen”.",
        "No output: in 1 cell every trial of adam fails: “often seen”.",
    ]


def test_the_frequent_text_is_cut(tables: Any) -> None:
    failures = [{"cell": 0, "trial": 0, "input": "1", "status": "error", "note": "word " * 99, "trials": 1}]
    patterns = [tables.pattern(count=199), tables.pattern(**fail("error"), count=1)]
    (sentence,) = told(tables, [tables.cell()], patterns, failures)["failures"]
    assert sentence.endswith("word word …”.")
    assert len(sentence) < 400


def test_a_control_of_other_dimensions_is_no_failure_where_it_is_right_elsewhere(tables: Any) -> None:
    control = {"algorithm": "wide", "algorithm_name": "wide", "role": "control"}
    cells = [tables.cell(cell=0, **control), tables.cell(cell=1, exclusive=(), theorem="", **control)]
    patterns = [
        tables.pattern(cell=0, **fail("invalid")),
        tables.pattern(cell=1, verdicts=("accepted", "accepted")),
    ]
    failures = [{"cell": 0, "trial": 0, "input": "1", "status": "invalid", "note": "too wide", "trials": 200}]
    found = told(tables, cells, patterns, failures)
    assert "failures" not in found
    assert "all its 400 outputs are invalid (“too wide”), which is no failure" in found["width"][0]
    patterns[1] = tables.pattern(cell=1, verdicts=("accepted", "rejected"))
    found = told(tables, cells, patterns, failures)
    assert "width" not in found
    assert "400 did not halt" in found["failures"][0]


def test_an_answer_that_serves_both_inputs_and_is_not_given_is_told(tables: Any) -> None:
    names = {0: "midpoint", 1: "vertex", 2: "vertex"}
    cells = [
        tables.cell(
            cell=n,
            parameters={"digits": 3 + n // 2},
            exclusive=("1", "2") if n == 2 else (),
            algorithm=name,
            algorithm_name=name,
        )
        for n, name in names.items()
    ]
    cells.append(
        tables.cell(cell=3, parameters={"digits": 4}, algorithm="midpoint", algorithm_name="midpoint")
    )
    patterns = [tables.pattern(cell=n) for n in (1, 2, 3)]
    patterns.append(tables.pattern(cell=0, verdicts=("accepted", "accepted")))
    (sentence,) = told(tables, cells, patterns)["staircase"]
    assert "At K = 3 midpoint gives the one answer for all" in sentence
    assert sentence.endswith("on the worst input vertex 0/200.")


def test_nothing_is_found_in_nothing(tables: Any) -> None:
    assert told(tables, [tables.cell()], []).keys() == {"progress"}
