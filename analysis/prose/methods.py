"""How the numbers of a report were made, term by term, with references."""

from collections.abc import Sequence

from analysis.summary.schema import CellEntry, Summary
from analysis.summary.series import tier_sentences
from analysis.wording import listing, p_text, plural, theorem_text

REFERENCES = (
    "C. J. Clopper, E. S. Pearson. The use of confidence or fiducial limits illustrated in the case of the "
    "binomial. Biometrika 26 (1934) 404–413.",
    "R. L. Berger. Multiparameter hypothesis testing and acceptance sampling. Technometrics 24 (1982) "
    "295–300.",
    "R. L. Berger, D. D. Boos. P values maximized over a confidence set for the nuisance parameter. J. "
    "Amer. Statist. Assoc. 89 (1994) 1012–1016.",
    "S. Holm. A simple sequentially rejective multiple test procedure. Scand. J. Statist. 6 (1979) 65–70.",
    "A. Bastounis, A. C. Hansen, V. Vlačić. The mathematics of adversarial attacks in AI: why deep "
    "learning is unstable despite the existence of stable neural networks. arXiv:2109.06098.",
    "A. Bastounis, A. C. Hansen, V. Vlačić. The extended Smale’s 9th problem: on computational barriers "
    "and paradoxes in estimation, regularisation, computer-assisted proofs and learning. arXiv:2110.15734.",
    "D. J. Schuirmann. A comparison of the two one-sided tests procedure and the power approach for "
    "assessing the equivalence of average bioavailability. J. Pharmacokinet. Biopharm. 15 (1987) 657–680.",
    "Q. McNemar. Note on the sampling error of the difference between correlated proportions. "
    "Psychometrika 12 (1947) 153–157.",
    "Y. Benjamini, Y. Hochberg. Controlling the false discovery rate. J. R. Statist. Soc. B 57 (1995) "
    "289–300.",
    "H. Robbins. Statistical methods related to the law of the iterated logarithm. Ann. Math. Statist. 41 "
    "(1970) 1397–1409.",
    "A. Ramdas, P. Grünwald, V. Vovk, G. Shafer. Game-theoretic statistics and safe anytime-valid "
    "inference. Statist. Sci. 38 (2023) 576–601.",
    "M. Ayer, H. D. Brunk, G. M. Ewing, W. T. Reid, E. Silverman. An empirical distribution function for "
    "sampling with incomplete information. Ann. Math. Statist. 26 (1955) 641–647.",
    "K.-Y. Liang, S. L. Zeger. Longitudinal data analysis using generalized linear models. Biometrika 73 "
    "(1986) 13–22.",
)
"""What the terms cite, by number from 1."""

_SUCCESS = (
    "A trial succeeds on an input when the algorithm halts with an output that is an exact member of the "
    "input's set of acceptable outputs. Membership is decided exactly. A trial that fails in any way, or "
    "that was not decided, stays in the denominator and is no success. In a complete cell the denominator "
    "is the number of trials that was planned; in an incomplete one, the number on record."
)
_SMALLEST = (
    "The least of the shares of success on the inputs that exclude each other (on all inputs where none "
    "do). Its interval is valid however the inputs depend on each other: its lower end is the least of the "
    "lower ends, which needs no correction; its upper end is the least of the upper ends, corrected for "
    "their number (Bonferroni)."
)
_OVER = (
    "Over-reading: the share of trials that asked a question to which the coupled oracles answer "
    "differently. In every other trial one run served all inputs."
)
_BOUND = (
    "Theorem 1: on k coupled inputs whose acceptable sets are pairwise disjoint no algorithm has a "
    "smallest success probability above (1 + (k − 1)t)/k; for two inputs and an algorithm that never reads "
    "past the coupling, ½. It follows from [5], with the framework of [6]; the proof is in the project's "
    "docs/theory.md. Shown at the measured t. Where one output serves all inputs there is no bound."
)
_GAME = (
    "Where an answer may be right on several inputs, 1/k is in its place the value v of a game, in which an "
    "adversary draws the input and one answer is given: v + (1 − v)t (docs/problems.md)."
)
_FALSE = (
    "Among trials with an exit flag, the share in which the algorithm reported convergence on an output "
    "that was rejected, on at least one input."
)
_TWICE = (
    "Runs that served all inputs and were accepted on two or more that exclude each other. Theorem 1 "
    "allows none, run by run: any is a defect of the harness."
)
_PAIRS = (
    "A trial is coupled: the same coins on all inputs, and one run for all of them unless it told them "
    "apart. So p₁ + p₂ is estimated as the probability to be right on either input plus that to be right "
    "on both, each with a Clopper–Pearson interval at half the error; two independent samples are not "
    "assumed."
)
_BARRIER = (
    "Isotonic regression (falling) of the smallest share [12]. The interval's lower end is found by exact "
    "tests of “at most the threshold” value by value from the first on, until one does not reject; its "
    "upper end likewise from the last one backwards. A fixed sequence needs no correction. The smooth "
    "model is a binomial GLM with floor ½, fitted only where a maximum of the likelihood exists, its "
    "standard errors robust to the dependence within a trial [13]."
)
_STOPPED = (
    "Cells with a stopping rule have confidence sequences (the Beta(½, ½) mixture [10]) for intervals, and "
    "p-values that are valid at any time: the reciprocal of that mixture's likelihood ratio at the upper "
    "confidence limit of the bound. What decides is the mixture of likelihood ratios over a Beta prior "
    "truncated to one side of the bound (weight 40 trials), an e-process for every truth on the other side "
    "[11]. Decisions are made on complete prefixes of the trials, so they do not depend on the number of "
    "workers or on interruptions."
)


def terms(summary: Summary) -> list[tuple[str, str]]:
    """Each term that this summary's report uses, with its explanation."""
    method, cells = summary["method"], summary["cells"]
    tested = plural(summary["totals"]["tested_cells"], "cell")
    level, beta = f"{method['level']:g}", p_text(method["beta"])
    name = "Clopper–Pearson [1]" if method["interval"] == "clopper-pearson" else method["interval"]
    found = [
        ("Success", _SUCCESS),
        (
            "Intervals",
            f"{name} at {100 * method['confidence']:g}%. "
            f"{method['guarantee']} Printed ends are rounded outwards.",
        ),
        ("Smallest", _SMALLEST),
        ("t", _OVER),
        ("Bound", " ".join([_BOUND, *_other_bounds(cells), *tier_sentences(cells)])),
        (
            "Adjusted p",
            "Null hypothesis: the smallest success probability is at or below the bound. Exact one-sided "
            "intersection–union test: the largest of the inputs' binomial p-values [2]. As t is estimated, "
            f"the bound is taken at the upper confidence limit of t at level 1 − β, and β = {beta} is added "
            f"to the p-value [3]. Adjusted by Holm's method [4] for {tested}; a cell is called above its "
            f"bound when the adjusted p is at most {level}. A large p-value is consistent with the bound "
            "and proves nothing: the proof is the theorem's. In an incomplete run the p-values do not "
            "account for looking early, unless the cell has a stopping rule.",
        ),
        ("False claims", _FALSE),
        ("Right twice", _TWICE),
    ]
    if any(cell["pair"] for cell in cells):
        found.append(("Sums and averages", _PAIRS))
    if any(cell["attained"] for cell in cells):
        found.append(
            (
                "Attained",
                "Two one-sided exact tests [7] of “the smallest success probability is "
                f"{method['margin']:g} or more away from the bound”; each adds β for the unknown t. "
                "Adjusted by Holm's method; the bound counts as attained, give or take "
                f"{method['margin']:g}, when the adjusted p is at most {level}.",
            )
        )
    if summary["barriers"]:
        found.append(("Barriers", _BARRIER))
    if summary["comparisons"]:
        found.append(
            (
                "Comparisons",
                "Exact McNemar test [8]: given the trials in which only one of two algorithms succeeded, "
                "each falls on either side with probability ½ if they succeed equally often. Adjusted by "
                "Holm [4] and by Benjamini and Hochberg [9].",
            )
        )
    if any(cell["sequential"] for cell in cells):
        found.append(("Stopped early", _STOPPED))
    return found


def _other_bounds(cells: Sequence[CellEntry]) -> list[str]:
    """What bounds there are beside that of Theorem 1 for inputs that exclude each other, a sentence for each."""
    bounded = [cell for cell in cells if cell["bound"]["applies"]]
    limits = [cell for cell in bounded if cell["universal"]]
    found = []
    if any(
        cell["bound"]["breadth"] != cell["bound"]["exclusive_inputs"]
        for cell in bounded
        if not cell["universal"]
    ):
        found.append(_GAME)
    if limits:
        theorems = listing(
            theorem_text(name) for name in sorted({cell["bound"]["theorem"] for cell in limits})
        )
        found.append(
            f"In {plural(len(limits), 'cell')} the limit of the inputs is an input, too: there the bound is that of "
            f"{theorems} (docs/theory.md, docs/problems.md), at the measured share of the trials that the "
            "proof must except."
        )
    return found
