"""The form of ``summary.json``: every key with its type. What the keys mean is in docs/summary-json.md."""

from typing import Any, NotRequired, TypedDict


class AxisEntry(TypedDict):
    """A parameter along which an experiment varies: its name, and how a reader meets it."""

    name: str
    symbol: str
    words: str
    kind: str


class RateEntry(TypedDict):
    """An estimate, None without trials, and its interval."""

    rate: float | None
    interval: list[float]


class ShareEntry(RateEntry):
    """A count of a number of trials."""

    count: int
    of: int


class OverReadingEntry(ShareEntry):
    """The share of trials that read past the coupling, and its probability where that is known."""

    exact: float | None


class InputEntry(RateEntry):
    """What became of a cell's trials on one input."""

    successes: int
    undecided: int
    statuses: dict[str, int]
    claims: dict[str, dict[str, int]]
    false_success: ShareEntry


class SmallestEntry(RateEntry):
    """The smallest success probability over the inputs compared."""

    over: list[str]
    attained_on: list[str]
    successes: int


class BoundEntry(TypedDict):
    """What limits the cell."""

    applies: bool
    value: float | None
    interval: list[float]
    theorem: str
    exclusive_inputs: int
    breadth: float
    tier: str


class UniversalEntry(TypedDict):
    """What a limit that is a member adds."""

    limit: str
    halting: dict[str, ShareEntry]
    sums: dict[str, RateEntry]
    spent: ShareEntry
    ceiling: float
    halting_ceiling: float | None
    limit_weight: float
    note: NotRequired[str]


class BoundTestEntry(TypedDict):
    """The test of "above the bound"; the last two once all cells are known."""

    p_value: float
    bound_tested: float
    p_adjusted: float
    above_bound: bool


class AttainedEntry(TypedDict):
    """The test of "the bound is attained"; the last two once all cells are known."""

    p_value: float
    margin: float
    p_adjusted: float
    holds: bool


class PairEntry(TypedDict):
    """Two inputs together."""

    inputs: list[str]
    both: int
    one: int
    neither: int
    sum: RateEntry
    average: RateEntry


class PromiseEntry(TypedDict):
    """Runs that served exclusive inputs and promised to be right, and how often that was false on the worst of them."""

    by: str
    promised: ShareEntry
    least: float | None
    worst: ShareEntry
    on: str


class SequentialEntry(TypedDict):
    """How a cell with a stopping rule ended."""

    rule: str
    cap: int
    stopped: str | None
    bound: float
    log_e_above: float
    log_e_below: float


class CellEntry(TypedDict):
    """One cell: what was planned, and what was found."""

    cell: int
    group: str
    family: str
    parameters: dict[str, Any]
    axes: list[AxisEntry]
    outputs: str
    oracle: str
    algorithm: str
    algorithm_name: str
    algorithm_parameters: dict[str, Any]
    role: str
    inputs: list[str]
    exclusive: list[str]
    theorem: str
    coupling_depth: int
    planned: int
    recorded: int
    complete: bool
    denominator: str
    by_input: dict[str, InputEntry]
    smallest: SmallestEntry
    interval_method: str
    sequential: SequentialEntry | None
    pair: PairEntry | None
    over_reading: OverReadingEntry
    bound: BoundEntry
    universal: UniversalEntry | None
    digit_budget: int | None
    second_budget: float | None
    budget: str
    test: BoundTestEntry | None
    attained: AttainedEntry | None
    one_answer: int
    double_accepted: int
    undecided: int
    false_success: ShareEntry
    promises: PromiseEntry | None


class SmoothEntry(TypedDict):
    """A smooth fall."""

    identified: bool
    reason: str
    coefficients: list[float]
    errors: list[float]
    midpoint: float | None
    interval: list[float]


class LineEntry(TypedDict):
    """A series of cells along an axis."""

    parameter: str
    symbol: str
    words: str
    kind: str
    family: str
    oracle: str
    fixed: str


class BarrierEntry(LineEntry):
    """Where success falls along an axis."""

    algorithm: str
    values: list[int]
    threshold: float
    fit: list[float]
    estimate: int | None
    above: int | None
    at_most: int | None
    theory: int | None
    smooth: SmoothEntry | None


class DifferenceEntry(LineEntry):
    """Two barriers in the same setting."""

    first: str
    second: str
    low: int | None
    high: int | None


class ComparisonEntry(TypedDict):
    """Two algorithms on the same input."""

    first: int
    second: int
    input: str
    both: int
    only_first: int
    only_second: int
    neither: int
    p_value: float
    p_holm: float
    p_bh: float


class FailureEntry(TypedDict):
    """A trial that did not halt with an output, and how many others ended so."""

    cell: int
    trial: int
    input: str | None
    status: str
    note: str | None
    trials: int


class MethodEntry(TypedDict):
    """How the numbers were made."""

    interval: str
    guarantee: str
    confidence: float
    test: str
    level: float
    beta: float
    margin: float


class TotalsEntry(TypedDict):
    """Sums over all cells."""

    cells: int
    incomplete_cells: int
    complete: bool
    planned: int
    recorded: int
    statuses: dict[str, int]
    failures: int
    undecided: int
    tested_cells: int


class ViolationEntry(TypedDict):
    """What the theory excludes and the run shows all the same."""

    cell: int
    kind: str
    trials: int


class FindingEntry(TypedDict):
    """A sentence."""

    kind: str
    text: str


class StoryEntry(TypedDict):
    """What families added to the summary, and what of it could not be told."""

    name: str
    families: list[str]
    missing: str


class StudyEntry(TypedDict):
    """What an attack saw of one cell while it studied the algorithm."""

    exponent: int
    closeness: NotRequired[int]
    limit: bool
    oracle: str
    trials: int
    excess: int
    failed: int
    stuck: int
    met: NotRequired[dict[str, int]]
    successes: dict[str, int]
    depth: list[int]


class AttackEntry(TypedDict):
    """An attack."""

    statement: str
    conclusive: bool
    target: str
    reasons: list[str]
    study: list[StudyEntry]
    looks: list[int]
    sha256: str


class Summary(TypedDict):
    """The whole; the entries that stories of families add stand beside these keys, under the story's name."""

    schema: int
    experiment: dict[str, Any]
    method: MethodEntry
    totals: TotalsEntry
    violations: list[ViolationEntry]
    cells: list[CellEntry]
    barriers: list[BarrierEntry]
    barrier_differences: list[DifferenceEntry]
    comparisons: list[ComparisonEntry]
    failures: list[FailureEntry]
    provenance: dict[str, Any]
    stories: list[StoryEntry]
    headline: list[str]
    findings: list[FindingEntry]
    attack: NotRequired[AttackEntry]
