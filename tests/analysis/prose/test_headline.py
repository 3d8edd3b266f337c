"""The headline is right for a clean run, a contradicted one, an undecided one, and small ones."""

from typing import Any

from tests.analysis.prose.test_findings import barrier, fail


def headline(tables: Any, cells: list[dict[str, Any]], patterns: list[dict[str, Any]]) -> list[str]:
    found: list[str] = tables.summarise(cells, patterns)["headline"]
    return found


def test_one_cell(tables: Any) -> None:
    assert headline(tables, [tables.cell()], [tables.pattern()]) == [
        "Networks provably exist, yet no algorithm that reads only what two inputs share finds them on the worse one "
        "with probability above 1/2 (a theorem): of 200 answers given to two inputs that look alike none was right on "
        "both, and adam was right on its worst input in 0 of 200 trials, 95% interval [0, 0.022].",
        "adam under decoy at e = 53 is right on ι¹ in 200 of 200 trials and on ι² in 0.",
        "Of 200 rejected outputs that came with an exit flag, 200 (100%) were reported as converged.",
        "Nothing here shows whether right answers could be expected of adam, as there is no cell in which every trial "
        "told the inputs apart (onehalf check tries honest answers).",
    ]


def test_the_best_of_several_algorithms_is_told(tables: Any) -> None:
    names = ["adam", "coin-flip", "sgd"]
    cells = [
        tables.cell(cell=n, algorithm=name, algorithm_name=name, role="baseline")
        for n, name in enumerate(names)
    ]
    patterns = [
        tables.pattern(cell=n, verdicts=verdicts, count=count, claims=(None, None))
        for n, verdicts, count in (
            (0, ("accepted", "rejected"), 200),
            (1, ("accepted", "rejected"), 110),
            (1, ("rejected", "accepted"), 90),
            (2, ("rejected", "rejected"), 200),
        )
    ]
    (first,) = headline(tables, cells, patterns)
    assert "(a theorem): of 600 answers" in first
    assert first.endswith("the best of 3 algorithms was right on its worst input in 90 of 200 trials.")


def test_three_exclusive_answers_have_another_bound(tables: Any) -> None:
    names = ("1", "2", "3")
    pattern = tables.pattern(
        statuses=("halted",) * 3, verdicts=("accepted", "rejected", "rejected"), claims=(None,) * 3
    )
    first = headline(
        tables,
        [tables.cell(inputs=names, exclusive=names, role="baseline", outputs="right answers")],
        [pattern],
    )[0]
    assert first.startswith(
        "Right answers provably exist, yet no algorithm that reads only what several inputs share"
    )
    assert "on the worst one with probability above the bound (a theorem)" in first
    assert "given to several inputs that look alike none was right on two" in first


def test_the_fall_says_how_far_the_inputs_are_apart(tables: Any) -> None:
    cells, patterns = barrier(tables)
    assert headline(tables, cells, patterns)[1] == (
        "Success falls where the digits that are read end: 1 algorithm is right in all trials on each input at e = 50 "
        "to 52 (the inputs differing by 2⁻ᵉ), and in none on the worse at e = 53 to 55."
    )
    patterns[0]["count"] = 39
    patterns.append(tables.pattern(cell=50, shared=False, verdicts=("rejected", "accepted"), count=1))
    assert "right in at least 97.5% of trials on each" in headline(tables, cells, patterns)[1]


def test_a_contradiction_is_all_that_is_said(tables: Any) -> None:
    twice = tables.pattern(verdicts=("accepted", "accepted"), count=7)
    (sentence,) = headline(tables, [tables.cell()], [tables.pattern(count=193), twice])
    assert sentence.startswith(
        "Defect: this experiment contradicts a theorem, by 7 runs that were accepted on two mutually exclusive inputs "
        "(cell 0)."
    )
    assert "no number of this report should be trusted" in sentence
    above = [
        tables.pattern(shared=False, verdicts=("accepted", "accepted"), count=5),
        tables.pattern(verdicts=("accepted", "accepted"), count=195),
    ]
    (sentence,) = headline(tables, [tables.cell()], above)
    assert (
        "195 runs that were accepted on two mutually exclusive inputs (cell 0) and 1 cell whose smallest"
        in sentence
    )


def test_what_is_not_settled_is_told(tables: Any) -> None:
    patterns = [tables.pattern(count=49), tables.pattern(verdicts=("undecided", "rejected"), count=1)]
    found = headline(tables, [tables.cell()], patterns)
    assert found[0] == "Incomplete: 50 of 200 planned trials are on record, and what follows counts these."
    assert found[-1].startswith("Undecided: 1 verdict could not be settled and counts as no success")
    assert headline(tables, [tables.cell()], []) == ["No trial is on record yet, of 200 planned trials."]


def test_no_output_is_no_result(tables: Any) -> None:
    assert headline(tables, [tables.cell()], [tables.pattern(**fail("error"))]) == [
        "Warning: every trial of adam ended with an error, so that nothing is said of what it computes.",
        "Nothing was found out: none of 400 outcomes is an output (400 error).",
    ]


def test_cells_in_which_runs_read_on(tables: Any) -> None:
    apart = tables.pattern(shared=False, verdicts=("accepted", "accepted"), claims=(None, None))
    (sentence,) = headline(tables, [tables.cell()], [apart])
    assert sentence.startswith("adam under decoy at e = 53 was right on every input in 200 of 200 trials")
    some = [{**apart, "count": 100}, tables.pattern(count=100, claims=(None, None))]
    sentence, *_ = headline(tables, [tables.cell()], some)
    assert sentence.startswith(
        "adam under decoy at e = 53 was right on its worst input (ι²) in 100 of 200 trials"
    )
    assert "not significantly above its bound 0.750." in sentence
    both = [{**pattern, "cell": cell} for cell in (0, 1) for pattern in some]
    sentence, *_ = headline(tables, [tables.cell(cell=0), tables.cell(cell=1)], both)
    assert sentence.startswith("In none of the 2 cells with mutually exclusive inputs")


def test_where_bounds_differ_no_one_is_called_the_best(tables: Any) -> None:
    """66 of 200 are nearer to the bound 1/3 than 80 of 200 to 1/2, though these are more."""
    three = ("1", "2", "3")
    cells = [
        tables.cell(cell=0, algorithm="adam", algorithm_name="adam", role="baseline"),
        tables.cell(
            cell=1, algorithm="sgd", algorithm_name="sgd", role="baseline", inputs=three, exclusive=three
        ),
    ]
    right = [tuple("accepted" if j == k else "rejected" for j in range(3)) for k in range(3)]
    patterns = [
        tables.pattern(cell=0, verdicts=("accepted", "rejected"), count=120, claims=(None, None)),
        tables.pattern(cell=0, verdicts=("rejected", "accepted"), count=80, claims=(None, None)),
        *(
            tables.pattern(cell=1, statuses=("halted",) * 3, verdicts=v, count=n, claims=(None,) * 3)
            for v, n in zip(right, (67, 67, 66), strict=True)
        ),
    ]
    first = headline(tables, cells, patterns)[0]
    assert "the best of" not in first
    assert first.endswith(
        "the closest that any of 2 algorithms came to its bound, 1/3, is 66 of 200 trials on its worst input."
    )


def test_a_step_that_another_parameter_moves_is_told_for_each_choice(tables: Any) -> None:
    program = {"family": "linear-program", "algorithm": "simplex", "algorithm_name": "simplex"}
    ways = [(y, k) for y in ("1/500", "1/50") for k in (1, 2, 3)]
    last = {"1/500": 2, "1/50": 1}
    cells = [
        tables.cell(
            cell=at,
            parameters={"digits": k, "y": y},
            exclusive=("1", "2") if k > last[y] else (),
            role="solver",
            **program,
        )
        for at, (y, k) in enumerate(ways)
    ]
    patterns = [
        tables.pattern(cell=at, verdicts=("accepted", "accepted" if k <= last[y] else "rejected"))
        for at, (y, k) in enumerate(ways)
    ]
    found = [f["text"] for f in tables.summarise(cells, patterns)["findings"] if "Digits" in f["text"]]
    (text,) = found
    assert text.startswith(
        "Digits: the best where one answer serves every input or they were told apart, and the best"
    )
    assert text.endswith(
        "no trial told them apart: linear-program, y = 1/500 200/200 at K = 1 and 2 (simplex), 0/200 at K = 3 "
        "(simplex); linear-program, y = 1/50 200/200 at K = 1 (simplex), 0/200 at K = 2 and 3 (simplex)."
    )


def test_no_more_than_four_problems_are_named_in_a_sentence_about_steps(tables: Any) -> None:
    program = {"family": "linear-program", "algorithm": "simplex", "algorithm_name": "simplex"}
    ways = [(y, k) for y in range(1, 8) for k in range(1, 9)]
    cells = [
        tables.cell(
            cell=at,
            parameters={"digits": k, "y": f"1/{y}"},
            exclusive=("1", "2") if k > y else (),
            role="solver",
            **program,
        )
        for at, (y, k) in enumerate(ways)
    ]
    patterns = [
        tables.pattern(cell=at, verdicts=("accepted", "accepted" if k <= y else "rejected"))
        for at, (y, k) in enumerate(ways)
    ]
    found = [f["text"] for f in tables.summarise(cells, patterns)["findings"] if "Digits" in f["text"]]
    assert len(found) == 1
    assert found[0].count("(simplex), ") == 4
    assert found[0].endswith("; 3 more problems have both kinds of cells.")
