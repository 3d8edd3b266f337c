"""The form of every sentence of findings and headline, with the checker that makes its claim again."""

import re

from tests.analysis.prose.cell_checkers import (
    abstained,
    false_promises,
    known_depth,
    missing_told,
    needless,
    step,
    steps,
)
from tests.analysis.prose.checkers import (
    Check,
    attained,
    bound,
    competence,
    contrast,
    controls,
    dimensions,
    erring,
    exists,
    failures,
    fall,
    flags,
    free,
    headline_fall,
    no_trial,
    nothing,
    one_cell,
    pathwise,
    progress,
    silent,
    stopped,
    unable,
    undecided,
    untried,
)
from tests.analysis.prose.line_checkers import barriers, defect
from tests.analysis.prose.store import Raw

_SEEN = r"(?P<right>[\d,]+) of (?P<trials>[\d,]+) trials?"
_EXIST = (
    r"[A-Z].* provably exist, yet no algorithm that reads only what (?P<inputs>two|several) inputs share finds them on "
    r"the wors(e|t) one with probability above (?P<limit>1/2|the bound) \(a theorem\)(; the few trials agree)?: (of )?"
    r"(?P<answers>[\d,]+) answers? (given to .* look alike none was right on (?P<twice>both|two)|went each to inputs "
    r"that look alike and have no right answer in common), and "
)
FORMS: tuple[tuple[str, Check], ...] = (
    (
        r"(The run is i|I)ncomplete: (?P<recorded>[\d,]+) of (?P<planned>[\d,]+) planned trials? are on record.*",
        progress,
    ),
    (r"No trial is on record yet, of (?P<planned>[\d,]+) planned trials?\.", no_trial),
    (r"Defect: .*", defect),
    (r"Warning: every trial of (?P<names>.+) ended with an error, so that nothing .*", erring),
    (
        r"Not competent: also where every trial told the inputs apart, (?P<names>.+) (was|were) right on .*",
        unable,
    ),
    (
        rf"{_EXIST}(the best of (?P<many>[\d,]+) algorithms|(?P<one>\S+)) was right on its worst input in {_SEEN}.*",
        exists,
    ),
    (
        rf"{_EXIST}the closest that (any of (?P<many>[\d,]+) algorithms|(?P<one>\S+)) came to its bound, "
        rf"(?P<bound>\S+), is {_SEEN}.* on its worst input\.",
        exists,
    ),
    (r"Nothing was found out: none of (?P<outcomes>[\d,]+) outcomes? .*", nothing),
    (
        r"In none of the (?P<cells>[\d,]+) cells with (?P<kind>mutually exclusive inputs|inputs of which no answer "
        r"serves all) is the smallest .*",
        bound,
    ),
    (
        rf"(?P<where>.+) was right on its worst input \(.*\) in {_SEEN}, .*: not significantly above .*",
        one_cell,
    ),
    (
        r"Where the inputs were told apart, or .*, (?P<good>[\d,]+) of (?P<all>[\d,]+) cells (is|are) right .*",
        free,
    ),
    (rf"(?P<where>.+) was right on every input in {_SEEN}: .*", one_cell),
    (
        r"Success falls where the digits that are read end: (?P<algorithms>[\d,]+) algorithms? (is|are) right in "
        r"(?P<low>all trials|at least [\d.]+% of trials) on each input (at e = (?P<before>[\d, toand]+?) \(.*\)|where "
        r"every trial told them apart), and in (?P<high>none|at most [\d.]+%) on the worse (at e = "
        r"(?P<after>[\d, toand]+"
        r"?)|where none did, in each of (?P<series>[\d,]+) series .*?)(;.*)?\.",
        headline_fall,
    ),
    (
        r"The fall: in (?P<series>[\d,]+) series along e \((?P<algorithms>[\d,]+) algorithms?\) the "
        r"smallest success rate "
        r"is (at least )?(?P<low>[\d.]+%) in (each of the [\d,]+ cells|the cell) where every trial told the inputs "
        r"apart "
        r"\(e = (?P<before>"
        r"[^;]+);.*?\), and (at most )?(?P<high>[\d.]+%) in (each of the [\d,]+ cells|the cell) where none did \(e = "
        r"(?P<after>[^;]+);.*",
        fall,
    ),
    (
        r"With (?P<symbol>\w) = (?P<before>[\d, toand]+?) \((?P<words>.*?)\), where .*?, the best algorithm is "
        r"right in (?P<x>\d+) of (?P<n>\d+) trials?; with \w = (?P<after>[\d, toand]+?), where .*?, in "
        r"(?P<y>\d+) of (?P<k>\d+) trials? on its worst input\.",
        step,
    ),
    (
        r"[A-Z]\w* \((?P<problem>.*?)\): with (?P<symbol>\w) = (?P<before>[\d, toand]+?), where .*? the best has "
        r"(?P<x>\d+)/(?P<n>\d+) \((?P<easiest>.*?)\); with \w = (?P<after>[\d, toand]+?), where no answer serves them "
        r"all .*?, (?P<y>\d+)/(?P<k>\d+) on the worst input \((?P<hardest>.*?)\)\.(?P<rest>.*)",
        needless,
    ),
    (
        r"[A-Z]\w*: the best where one answer serves every input .* told them apart: (?P<parts>[^.]*?)(; "
        r"(?P<more>[\d,]+) more problems? ha(s|ve) both kinds of cells)?\.(?P<rest>.*)",
        steps,
    ),
    (
        r"Attained: of (?P<cells>[\d,]+) cells? in which the algorithm reads past the coupling with a known "
        r"probability t, (?P<inside>[\d,]+) ha(?:s|ve) the exact bound at that t within .*? several "
        r"shares\.(?P<rest>.*)",
        known_depth,
    ),
    (
        r"False promises: where exclusive inputs look alike, (?P<where>.+?) (?P<how>reports success|answers and does "
        r"not abstain) in (?P<kept>[\d,]+)/(?P<trials>[\d,]+) trials\. .*? at least (?P<least>[\d.]+%) of all trials "
        r".*?; on ι(?P<on>.) it is in (?P<wrong>[\d,]+)/(?P<of>[\d,]+)\.",
        false_promises,
    ),
    (
        r"Left out: what the family (?P<names>.+) adds to a report, as (?P<why>.+)\.",
        missing_told,
    ),
    (
        r"Abstentions: in (?P<none>[\d,]+) of (?P<all>[\d,]+) outcomes? the algorithm gave no answer; .*",
        abstained,
    ),
    (
        r"(Exit flags: o|O)f (?P<all>[\d,]+) rejected outputs? that came with an exit flag, (?P<false>[\d,]+) "
        r"\((?P<share>[\d.]+%)\) (was|were) reported as converged\.",
        flags,
    ),
    (r"Two inputs, one answer: (?P<parts>.+)", contrast),
    (r"(?P<parts>.+ is right on ι. in .+ trials? and on ι. in .+)\.", contrast),
    (
        r"Competence: (?:(?P<able>(?:(?!;).)+?) (?:is|are) right on every input in more than half of the "
        r"trials of some "
        r"cell in which every trial told the inputs apart \([^)]*\))?(?:(?:; )?where every trial told "
        r"the inputs apart not "
        r"right on every input in more than half of the trials: (?P<unable>[^;]+); (?:its|their) "
        r"failures [^;.]*)?(?:(?:; )"
        r"?nothing here shows whether right answers could be expected of (?P<untried>.+), as there is .*)?\.",
        competence,
    ),
    (
        r"(?i)nothing here shows whether right answers could be expected of (?P<names>.+), as there is .*",
        untried,
    ),
    (
        r"The bound: in (the one cell|none of the (?P<cells>[\d,]+) cells) with (?P<kind>mutually exclusive inputs|"
        r"inputs of which no answer serves all) .*",
        bound,
    ),
    (r"Run by run: (?P<runs>[\d,]+) runs? gave one answer .*", pathwise),
    (
        r"The best: (of (?P<cells>[\d,]+) cells .*?, )?(?P<where>\S+ under \S+ at e = \d+, \w = \d+)(, the one cell .*?"
        r"\(bound .*?\)| comes closest to its bound .*?): (?P<right>[\d,]+)/(?P<trials>[\d,]+) on .*",
        attained,
    ),
    (
        r"Barriers: the exact 95% interval of the place where success falls holds the place that Theorem 1 "
        r"predicts in .*",
        barriers,
    ),
    (
        r"Controls: .*?, (?P<good>[\d,]+) of (?P<all>[\d,]+) cells? succeeds? in every trial on every "
        r"input.*?(; left out: "
        r"(?P<left>[\d,]+) cells? in which no trial gave an output)?\.",
        controls,
    ),
    (
        r"Failures: of (?P<all>[\d,]+) outcomes? \(a trial on one input"
        r"(?P<beside>, beside [^)]*)?\), (?P<bad>[\d,]+) did not halt with an output"
        r"(?P<chosen> or an abstention)?: .*",
        failures,
    ),
    (r"No output: in (?P<cells>[\d,]+) cells? every trial of (?P<name>.+?) fails.*", silent),
    (
        r"Stopped early: (of (?P<cells>[\d,]+) cells|the one cell) with a stopping rule (?P<parts>.+), after "
        r"(?P<recorded>[\d,]+) of at most (?P<cap>[\d,]+) trials?\.",
        stopped,
    ),
    (
        r"Dimensions: (?P<name>.+?), a control, is right in every trial where dimensions may vary "
        r"\((?P<free>[\d,]+) cells?\); where they are fixed \((?P<fixed>[\d,]+) cells?\) all its (?P<outputs>[\d,]+) "
        r"outputs are invalid.*, which is no failure: it is what the control is to show\.",
        dimensions,
    ),
    (r"Undecided: (?P<n>[\d,]+) verdicts? could not be settled .*", undecided),
)
"""The form of every sentence that a summary of these experiments may hold, with its checker."""


def refused(raw: Raw, sentence: str) -> str:
    """Why a sentence is not shown to be true; empty where it is."""
    for form, check in FORMS:
        found = re.fullmatch(form, sentence)
        if found is not None:
            return "" if check(raw, found) else f"not true: {sentence}"
    return f"no checker: {sentence}"


def checker_of(sentence: str) -> str:
    """The name of the checker that a sentence meets; empty where it has none."""
    found = (check.__name__ for form, check in FORMS if re.fullmatch(form, sentence))
    return next(found, "")


def changed(sentence: str) -> list[str]:
    """The sentence with one whole number greater by one, in each place that has one, or with another name."""
    found = [
        f"{sentence[: place.start()]}{int(place[0].replace(',', '')) + 1}{sentence[place.end() :]}"
        for place in re.finditer(r"(?<![\d.,/])\d[\d,]*(?![\d.%])", sentence)
    ]
    return [*found, *(sentence.replace(name, "nobody") for name in ("adam", "boom", "reader", "other"))]
