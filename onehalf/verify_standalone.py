"""A referee's verifier of onehalf certificates: one file, the standard library, rational numbers, no other code.

It trusts nothing that a certificate says of itself: `python verify_standalone.py CERTIFICATE` makes the answers of the
oracle again, checks that they are legal and coupled, what was shared, and exclusion, and makes verdicts, counts,
limits, bound, seeds and sentence anew (docs/certificates.md). It prints one line, of values that it has checked.
Certificates on problems that are stated by instances need verify_instances.py and verify_kinds.py beside this one.
"""

from __future__ import annotations

import ast
import base64
import hashlib
import importlib.util
import itertools
import json
import math
import re
import sys
import zlib
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from operator import mul
from pathlib import Path
from typing import Any

VERSION, GRID = 2, 10**6
MOST = 10**6  # digits of an answer, and any parameter
LARGEST = 64 * 10**6  # characters of a file, and bytes of an unpacked body
BROKEN = {json.JSONDecodeError: "it is not JSON, or not all of it", zlib.error: "its body cannot be unpacked"}
STATUSES = {"halted", "no_halt", "error", "crashed", "invalid", "abstained"}
LOOKS = [10, 20, 50, 100, *(200 * 2**power for power in range(40))]
_FIXED = "algorithm problem oracle theorem target open budget looks confidence margin beacon"
NAME = re.compile(r"[\w.+:@-]+( [\w.+:@=/-]+)*")
STATED = "instances"  # the referee of problems that are stated by instances
Trial = tuple[bool, list[tuple[str, bool]], bool]
FORM = """certificate:int oracle:str coupling_depth:int theorem:str trials:int target:str confidence:str margin:str
conclusive:bool body:str statement:str sha256:str problem.family:str problem.parameters:dict budget.digits:int
budget.seconds:int budget.seconds:float inputs[]:str seed.root:int seed.stream:str algorithm.name:str
algorithm.label:str algorithm.parameters:dict algorithm.sha256:str algorithm.origin:str limits.*[]:str
counts.*.successes:int counts.*.statuses.*:int bound.ideal:str bound.low:str bound.high:str bound.spent.count:int
bound.spent.limits[]:str plan.plan:int plan.oracle:str plan.theorem:str plan.target:str plan.confidence:str
plan.margin:str plan.looks[]:int plan.reasons[]:str plan.study:list plan.problem.family:str
plan.problem.parameters:dict plan.asked.family:str plan.asked.parameters:dict plan.budget.digits:int
plan.budget.seconds:int plan.budget.seconds:float plan.algorithm.label:str plan.algorithm.sha256:str """
FORMS = {
    1: FORM + "plan.seed:int",
    2: FORM
    + "closeness:int referee:str counts.*.open:int bound.spent.hidden:int plan.open[]:str plan.beacon:str "
    "plan.processes:str plan.algorithm.name:str plan.algorithm.parameters:dict",
    "training": "hidden[]:int exponent:int a:str kappa:str dimension:int points:int cost:str tolerance:str free:bool "
    "limit:bool",
    "linear-program": "y:str digits:int exponent:int",
    "simplex": "answers:int exponent:int tolerance:str limit:bool",
    "body": "questions[][][]:int answers:list outputs:list runs:list",
    "network": "architecture[]:int weights[]:str",
}

USUAL = {
    "training": {"hidden": [8], "a": "3/4", "kappa": "1/2", "dimension": 2, "points": 28, "cost": "max"}
    | {"tolerance": "1/4", "free": False},
    "linear-program": {"y": "1/500", "digits": 4},
    "simplex": {"answers": 2, "tolerance": "1/4"},
}  # what a sentence need not say; e and ι⁰ it always says


class Refused(Exception):
    """The certificate does not show what it says, for the reason given."""


def require(holds: object, reason: str) -> None:
    """Refuse the certificate with a reason unless something holds."""
    if not holds:
        raise Refused(reason)


def canonical(document: dict[str, Any]) -> str:
    """Return the only text in which a certificate may be written."""
    return json.dumps(document, sort_keys=True, indent=1, ensure_ascii=False) + "\n"


def seal(document: dict[str, Any]) -> str:
    """Return the SHA-256 of everything but the seal itself."""
    return hashlib.sha256(canonical({**document, "sha256": ""}).encode()).hexdigest()


def compact(value: Any) -> str:
    """Return JSON in which 1, 1.0 and true differ."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def fits(value: Any, form: str) -> bool:
    """Tell whether a value has the entries of a form, no others, each of its kind; 1 is not true."""
    words = set(form.split())

    def entries(value: Any, at: str) -> Iterator[str]:
        kind = type(value).__name__
        inner, each = (any(word.startswith(at + sign) for word in words) for sign in (".*", "[]"))
        if f"{at}:{kind}" not in words and kind == "dict" and (value or inner):
            for key in value:
                plain = "*" if inner else key if key.isidentifier() else "?"
                yield from entries(value[key], f"{at}.{plain}".lstrip("."))
        elif f"{at}:{kind}" not in words and kind == "list" and (value or each):
            for item in value:
                yield from entries(item, f"{at}[]")
        else:
            yield f"{at}:{kind}"  # also what is empty, where no form has a list or an object

    found = set(entries(value, ""))
    return {word for word in words if not set("*[") & set(word) and ".seconds:" not in word} <= found <= words


def rational(text: str) -> Fraction:
    """Read a decimal fraction in lowest terms, as it is written and no other way."""
    right = re.fullmatch(r"-?[0-9]{1,1000}(/0*[1-9][0-9]{0,999})?", text)
    require(right and str(Fraction(text)) == text, "a number is not written as it should be")
    return Fraction(text)


def number(text: str) -> Fraction:
    """Read a hexadecimal fraction in lowest terms or a float, as it is written and no other way."""
    p, slash, q = text.partition("/")
    found = Fraction(int(p, 16), int(q, 16)) if slash else Fraction(float.fromhex(text))
    written = f"{found.numerator:x}/{found.denominator:x}" if slash else float.fromhex(text).hex()
    require(written == text and len(text) <= MOST, "a number is not written as it should be")
    return found


@cache
def second_file() -> Any:
    """Return the second file of the verifier, which knows problems stated by instances."""
    path = Path(__file__).with_name("verify_instances.py")
    found = importlib.util.spec_from_file_location("verify_instances", path)
    require(
        path.exists() and path.with_name("verify_kinds.py").exists() and found and found.loader,
        "verify_instances.py and verify_kinds.py, which know it, are not beside this file",
    )
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def stated(written: Any) -> Any:
    """Return a problem stated by instances, each proved, or refuse it."""
    known = second_file()
    try:
        return known.stated(written)
    except known.Unproved as error:
        raise Refused(str(error)) from error


class Family:
    """A family with its parameters: inputs by name, ι⁰ being "0"; entries; answers of each policy; verdicts."""

    shape: tuple[int, int]
    names: list[str]
    theorem: str
    depths: dict[str, int]  # how deep each admissible policy couples
    value: Callable[[str, int, int], Fraction]  # of an input, at row and column
    shown: Callable[[str, int, int, int], Fraction]  # by a policy, at row, column and precision
    varies: int | None = 1  # the column in which the inputs differ; None for all
    limits, heavy = {"0"}, None  # inputs to which others converge; what outweighs the limit game's value

    @property
    def breadth(self) -> Fraction:
        """k of k exclusive inputs besides ι⁰; of a problem stated by instances 1/v, v being the value of its game."""
        return Fraction(sum(name != "0" for name in self.names))

    def sensitive(self, column: int) -> bool:
        return self.varies in (column, None)

    def answer(self, policy: str, name: str, row: int, column: int, bits: int) -> Fraction:
        """Return what the policy shows; honestly the nearest multiple of 2^-bits to the truth, ties to even."""
        truth = self.value(name, row, column)
        if policy != "honest" and self.sensitive(column):
            shown = self.shown(policy, row, column, bits)
            if abs(shown - truth) * 2**bits <= 1 if name == "0" else bits <= self.depths[policy]:
                return shown
        return Fraction(round(truth * 2**bits), 2**bits)


class Training(Family):
    """r points with alternating labels; the inputs differ in the second coordinate by δ = 2^-e."""

    def __init__(self, p: dict[str, Any]) -> None:
        self.a, self.kappa, self.tolerance = (rational(p[name]) for name in ("a", "kappa", "tolerance"))
        self.labels, self.shape = [k % 2 for k in range(p["points"])], (p["points"], p["dimension"])
        self.widths, e = [p["dimension"], *p["hidden"], 1], p["exponent"]
        self.cost, self.limit, self.free, self.delta = p["cost"], p["limit"], p["free"], Fraction(1, 2**e)
        self.names, self.theorem = (["1", "2", "0"], "2") if p["limit"] else (["1", "2"], "1")
        self.depths = {"honest": e - 1, "blind": e, "mirage": e}
        if not p["limit"]:  # these would show δ on ι⁰, too (Remark 2b)
            self.depths |= {"decoy": e, "midpoint": e + 1}

    def value(self, name: str, row: int, column: int) -> Fraction:
        if column == 0:
            return self.a / (row + 2 - self.kappa)
        return self.delta * (column == 1 and name != "0" and self.labels[row] == (name == "1"))

    def shown(self, policy: str, row: int, column: int, bits: int) -> Fraction:
        if policy == "midpoint":
            return self.delta / 2
        at = {"blind": Fraction(0), "decoy": self.delta, "mirage": Fraction(1, 2**bits)}[policy]
        return at * self.labels[row]

    def exclusive(self) -> bool:
        """Tell whether r − 1 > P(N) label changes are too many to follow along a line (Lemma 5)."""
        pieces = math.prod(width + 1 for width in self.widths[1:-1])
        inside = 1 <= 2 * self.a <= 2 and 1 <= 4 * self.kappa <= 3 and self.widths[0] > 1
        fixed = inside and min(self.widths) > 0 and not self.free and (not self.limit or self.cost == "max")
        return fixed and len(self.labels) >= pieces + 2 and 0 < 2 * self.tolerance < 1 and pieces > 1

    def accepts(self, output: Any, name: str) -> bool:
        inward = (1 - value if label else value for value, label in self.values(output, name))
        if self.cost == "max":
            return all(abs(s) <= self.tolerance + Fraction(name == "0", 2) for s in inward)
        if self.cost == "mean-absolute":
            return sum(abs(s) for s in inward) <= self.tolerance
        if self.cost == "mean-squared":
            return sum(s**2 for s in inward) <= self.tolerance**2
        errors = list(inward)
        return all(0 <= s <= 1 for s in errors) and math.prod(1 - s for s in errors) >= 1 - self.tolerance

    def values(self, output: Any, name: str) -> Iterator[tuple[Fraction, int]]:
        require(fits(output, FORMS["network"]), "an output is no network")
        widths, weights = output["architecture"], iter([number(text) for text in output["weights"]])
        take, shapes = itertools.islice, list(itertools.pairwise(widths))
        fit = (
            all(0 < a <= b for a, b in zip(widths, self.widths, strict=True)) and widths[0] == self.widths[0]
        )
        fit = fit and sum((m + 1) * n for m, n in shapes) == len(output["weights"])
        require(fit, "a network does not fit the architecture")
        layers = [([list(take(weights, m)) for _ in range(n)], list(take(weights, n))) for m, n in shapes]
        for row, label in enumerate(self.labels):
            x = [self.value(name, row, column) for column in range(self.shape[1])]
            for index, (w, b) in enumerate(layers):
                x = [max(u, Fraction(0)) for u in x] if index else x
                x = [sum(map(mul, line, x), z) for line, z in zip(w, b, strict=True)]
            yield x[0], label


class Program(Family):
    """A linear program, to a radius around the only minimiser; ι⁰ asks for any point."""

    radius: Fraction
    minimiser: Callable[[str], list[Fraction]]

    def accepts(self, output: Any, name: str) -> bool:
        require(len(output) == self.shape[1] and type(output) is list, "an output is no point")
        point = [number(x) for x in output]
        best = point if name == "0" else self.minimiser(name)
        return max(abs(u - v) for u, v in zip(point, best, strict=True)) <= self.radius


class Simplex(Program):
    """Over the simplex, one of k costs being 1 − δ."""

    varies = None

    def __init__(self, p: dict[str, Any]) -> None:
        k, e, limit = p["answers"], p["exponent"], p["limit"]
        self.shape, self.radius, self.delta = (1, k), rational(p["tolerance"]), Fraction(1, 2**e)
        self.names, self.theorem = [*(str(j + 1) for j in range(k)), *"0"[:limit]], "3" if limit else "1"
        self.depths = {"honest": e - 1, "blind": e} | ({} if limit else {"decoy": e})

    def value(self, name: str, row: int, column: int) -> Fraction:
        return 1 - self.delta if name == str(column + 1) else Fraction(1)

    def shown(self, policy: str, row: int, column: int, bits: int) -> Fraction:
        return Fraction(1) if policy == "blind" else self.value("1", row, column)

    def minimiser(self, name: str) -> list[Fraction]:
        return [Fraction(str(j + 1) == name) for j in range(self.shape[1])]

    def exclusive(self) -> bool:
        """Tell whether there are two vertices or more, and balls around them, which are 1 apart, do not meet."""
        return self.shape[1] > 1 and 0 < 2 * self.radius < 1


class LinearProgram(Program):
    """min x_1 + x_2, x_1 + (1 ± δ) x_2 = y."""

    def __init__(self, p: dict[str, Any]) -> None:
        e, self.y = p["exponent"], rational(p["y"])
        self.shape, self.radius, self.delta = (1, 2), Fraction(1, 10 ** p["digits"]), Fraction(1, 2**e)
        self.names, self.theorem = ["1", "2"], "1"
        self.depths = {"honest": e - 1, "blind": e, "decoy": e - 1}

    def value(self, name: str, row: int, column: int) -> Fraction:
        return 1 + (self.delta if name == "1" else -self.delta) if column == 1 else Fraction(1)

    def shown(self, policy: str, row: int, column: int, bits: int) -> Fraction:
        return Fraction(1) if policy == "blind" else 1 + self.delta

    def minimiser(self, name: str) -> list[Fraction]:
        return [Fraction(0), self.y / (1 + self.delta)] if name == "1" else [self.y, Fraction(0)]

    def exclusive(self) -> bool:
        """Tell whether balls around the minimisers, which are y apart, do not meet."""
        return 2 * self.radius < self.y


def make(family: str, p: dict[str, Any]) -> Any:
    """Return a family with its parameters, all there, no others, each of its kind and size."""
    kinds = {"training": Training, "linear-program": LinearProgram, "simplex": Simplex}
    require(family in kinds, f"of the family {json.dumps(family)} there is no second implementation here")
    require(fits(p, FORMS[family]), "a parameter is missing, unknown, or not of its kind")
    numbers = [v for v in p.values() if type(v) is int]
    small = min(numbers) >= 0 and max(numbers) <= MOST and p["exponent"] > (family != "training")
    counts = [*(p.get(name, 0) for name in ("answers", "dimension", "digits")), *p.get("hidden", [])]
    small = small and max(counts) <= 10**4 >= p.get("points", 0) / 10
    require(small, "a parameter is too large or too small")
    known = p.get("cost", "max") in ("max", "mean-absolute", "mean-squared", "cross-entropy")
    require(known, "its cost is not one that this verifier knows")
    return kinds[family](p)


def outside(successes: int, trials: int, p: Fraction, error: Fraction) -> bool:
    """Tell whether p is not in the confidence sequence {p : (n + 1)·P(Bin(n, p) = S) > error}."""
    likely = math.comb(trials, successes) * p**successes * (1 - p) ** (trials - successes)
    return (trials + 1) * likely <= error


def check_limits(least: int, most: int, trials: int, ends: list[str], error: Fraction) -> None:
    """Check the lower end of the least count and the upper end of the most: each is outside, its neighbour not."""
    right = len(ends) == 2 and all(re.fullmatch(r"[01]\.[0-9]{6}", end) for end in ends)
    low, high = (int(end.replace(".", "")) for end in ends) if right else (0, 0)
    for s, at in ((most, high), (trials - least, GRID - low)):  # the lower end is that of failures
        end, inner = (outside(s, trials, Fraction(min(max(p, 0), GRID), GRID), error) for p in (at, at - 1))
        right = right and (at == GRID if s == trials else at * trials > s * GRID and end and not inner)
    require(right, f"the limits of {least} to {most} in {trials} are not {ends}")


def level(c: dict[str, Any]) -> Fraction:
    """Return the theorem's bound where nothing is excepted, plus the margin."""
    return Fraction(c["bound"]["ideal"]) + Fraction(c["margin"])


def hopeless(c: dict[str, Any]) -> bool:
    """Tell whether the lower limit of what may be right is above the bound plus the margin: no more trials help."""
    counts, n = c["counts"][c["target"]], c["trials"]
    s = counts["successes"] + counts.get("open", 0)
    return bool(s > level(c) * n and outside(s, n, level(c), 1 - Fraction(c["confidence"])))


def problem_of(c: dict[str, Any]) -> str:
    """Return the family, with the parameters that are not the usual ones; all of them where it is stated."""
    family, said = c["problem"]["family"], dict(c["problem"]["parameters"])
    usual = USUAL.get(c["referee"], {}) | {n: said.get(n) for n in ("exponent", "limit")}
    for name, value in ({} if STATED in c else usual).items():
        if name in said and compact(said[name]) == compact(value):
            del said[name]
    inner = ",".join(f"{name}={spelled(value)}" for name, value in sorted(said.items()))
    return f"{family}[{inner}]" if inner else str(family)


def sentence(c: dict[str, Any]) -> str:
    """Return what a certificate says, from its numbers."""
    (low, high), counts, spent = c["limits"][c["target"]], c["counts"][c["target"]], c["bound"]["spent"]
    iota = c["target"].translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    iota = f"ι{iota}" if c["target"].isdigit() else iota
    new, found = c["certificate"] > 1, f"{counts['successes']} of {c['trials']} trials"
    met, might = counts["statuses"].get("no_halt", 0), counts.get("open", 0)
    e, label = c["closeness"] if new else c["problem"]["parameters"]["exponent"], c["algorithm"]["label"]
    within = f"within {c['budget']['digits']:,} digits and {c['budget']['seconds']:g} s" if new else ""
    if new:
        foreign = (
            "" if label.isascii() else ", its name with letters beyond ASCII"
        )  # they may look like others
        label = f"“{label}”" if " " in label else label
        label += f" (source {c['algorithm']['sha256'][:12]}{foreign})"
        if might:
            found += f" {within}, and {might} that met this budget may be right beyond it"
        wrong = (
            f"{met - might} {'more that met it' if might else 'of which met this budget and'} count as wrong"
        )
        found += f", {wrong}" if met > might else ""
    event, problem = "t" if c["theorem"] == "1" else "u", problem_of(c) if new else c["problem"]["family"]
    near = f"e = {e}, {'not told, ' if new and '0' in c['inputs'] else ''}"
    if STATED in c:
        mark = second_file().fingerprint(c[STATED])[:12]
        limit = c["inputs"].count("0")  # with which nobody is told how close the others are
        near = f"{len(c['inputs']) - limit} instances{' and their limit' * limit}, SHA-256 {mark}, "
        near += f"alike to {c['coupling_depth']} digits, {'closeness not told, ' * limit}"
    text = (
        f"On input {iota} of {problem} ({near}"
        f"{c['oracle']} oracle) {label} succeeds {within + ' ' if new and not might else ''}with probability in "
        f"[{low}, {high}] ({found}, confidence {c['confidence']} at any time); bound {c['bound']['ideal']}, "
        f"Theorem {c['theorem']}, with {event} ≤ {spent['limits'][1]}."
    )
    if new:
        alone = "" if c["referee"] else " No second implementation checks this family."
        return f"{text} {outcome(c, event)}{alone}"
    late = f" This is not at or under the bound plus {c['margin']}: the budget of trials was too small."
    return text if c["conclusive"] else text + late


def outcome(c: dict[str, Any], event: str) -> str:
    """Return whether the certificate is conclusive, and why."""
    low, high = map(Fraction, c["limits"][c["target"]])
    counts, margin = c["counts"][c["target"]], c["margin"]
    most, n, error = Fraction(c["bound"]["high"]), c["trials"], 1 - Fraction(c["confidence"])
    if high <= level(c):
        allowed = f", although for such {event} the theorem allows {math.ceil(most * GRID) / GRID:.6f}"
        return f"Conclusive: the upper limit is at most the bound plus {margin}{allowed if most > level(c) else ''}."
    if low > most:
        return "The lower limit is above what the theorem allows: the program that made this is defective."
    if low > Fraction(c["bound"]["ideal"]):
        return f"Not conclusive: it is right more often than the bound, which the theorem allows for such {event}."
    right, might, border = counts["successes"], counts.get("open", 0), level(c) * n
    if might and right <= border and outside(right, n, level(c), error):
        return "Not conclusive: the budget, and not the theorem, may explain that no more trials were right."
    if right < border < right + might:
        return "Not conclusive: it depends on what trials would do beyond the budget."
    return f"Not conclusive: the upper limit is above the bound plus {margin}: the budget of trials was too small."


def told(c: dict[str, Any]) -> str:
    """Return the line that is printed of a certificate that was verified."""
    if c["certificate"] > 1:
        return sentence(c)
    numbers = sentence({**c, "conclusive": True})  # what they show is said as it is of a certificate of today
    shown = outcome(c, "t" if c["theorem"] == "1" else "u")
    other = "" if shown.startswith("Conclusive") == c["conclusive"] else " (It says otherwise itself.)"
    return f"{numbers} {shown}{other} Form 1: its seeds were chosen freely."


def root_seed(plan: dict[str, Any]) -> int:
    """Return the confirmation's root seed: of what the plan fixes, and of nothing else."""
    text = compact(["onehalf attack", plan["plan"], {name: plan[name] for name in _FIXED.split()}])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def spelled(value: Any) -> str:
    """Write a parameter's value as labels do."""
    if isinstance(value, list):
        return "[" + ",".join(map(spelled, value)) + "]"
    try:
        same = not isinstance(value, str) or ast.literal_eval(value) == value
    except (ValueError, SyntaxError):
        same = re.fullmatch(r"[\w./:@%+-]+", value) is not None and value not in ("true", "false")
    return str(value) if same else repr(value)


def verify(text: str) -> dict[str, Any]:
    """Return the certificate that a text holds if everything in it is as it says, or raise `Refused`."""
    try:
        require(len(text) <= LARGEST, f"it is longer than {LARGEST:,} characters")
        c: dict[str, Any] = json.loads(text)
        version = c["certificate"]
        require(type(version) is int and version in (1, VERSION), "its form is not of version 1 or 2")
        form = FORMS[version] + f" {STATED}:dict" * (version > 1 and STATED in c)
        require(fits(c, form), "an entry is missing, unknown, or not of its kind")
        require(text == canonical(c) and seal(c) == c["sha256"], "its text was changed (SHA-256)")
        family = c["problem"]["family"]
        known = STATED if STATED in c else family
        problem = stated(c[STATED]) if STATED in c else make(family, c["problem"]["parameters"])
        require(c.get("referee", family) == known, "it says that nothing checks it, or another family")
        require((c["inputs"], c["theorem"]) == (problem.names, problem.theorem), "the theorem is another")
        require(problem.exclusive(), "the acceptable sets do not exclude each other, so no theorem applies")
        _check_names(c)
        named = problem_of(c) if STATED in c else "it"
        plain = NAME.fullmatch(family) and named.isprintable() and len(named) <= 400
        plain = plain and all(map(str.isidentifier, c["problem"]["parameters"]))
        require(plain, "the problem's name is none")
        _check_plan(c, problem)
        body = _body(c)
        _check_counts(c, problem, _check_runs(c, problem, body, _check_questions(c, problem, body)))
        return c
    except Refused:
        raise
    except Exception as error:
        why = BROKEN.get(type(error), "an entry is missing, or not of the kind or the size that it should be")
        raise Refused(f"the file is no certificate: {why}") from error


def _body(c: dict[str, Any]) -> Any:
    """Unpack the body, up to a size."""
    packed = zlib.decompressobj()
    unpacked = packed.decompress(base64.b64decode(c["body"], validate=True), LARGEST)
    require(packed.eof and not packed.unused_data, "its body is too large, or not all of it is there")
    found = json.loads(unpacked)
    require(fits(found, FORMS["body"]), "its body has other entries, or not of their kind")
    return found


def _check_names(c: dict[str, Any]) -> None:
    """Check that all that may be printed is a name on one line, and the label that of name and parameters."""
    algorithm, parameters = c["algorithm"], c["algorithm"]["parameters"]
    name, label, origin = algorithm["name"], algorithm["label"], algorithm["origin"]
    named = NAME.fullmatch(name) and len(label) <= 400 and label.isprintable()
    require(bool(named) and all(map(str.isidentifier, parameters)), "the algorithm's name is none")
    inner = ",".join(f"{key}={spelled(value)}" for key, value in sorted(parameters.items()))
    require(label == (f"{name}[{inner}]" if inner else name), "the label is not name and parameters")
    placed = origin != "" and origin.isprintable() and not set("/\\") & set(origin)
    hashed = re.fullmatch(r"[0-9a-f]{64}", algorithm["sha256"])
    require(placed and bool(hashed), "the algorithm's origin is none")
    beacon = c["plan"].get("beacon", "")
    require(len(beacon) <= 400 and (beacon.isprintable() or not beacon), "the beacon is no line of text")


def _check_plan(c: dict[str, Any], problem: Any) -> None:
    """Check that this is what the plan had fixed, and that the seeds are those of these very coordinates."""
    algorithm, budget, plan, new = c["algorithm"], c["budget"], c["plan"], c["certificate"] > 1
    told_twice = "target confidence margin oracle problem budget theorem"
    fixed: dict[str, Any] = {name: c[name] for name in told_twice.split()} | {"plan": c["certificate"]}
    fixed["algorithm"] = {name: algorithm[name] for name in plan["algorithm"]}
    fixed |= {} if new else {"seed": c["seed"]["root"]}
    require(compact(plan) == compact(plan | fixed), "it is not what the plan had fixed")
    require(c["oracle"] in problem.depths, "the oracle is none that the theorem allows here (Remark 2b)")
    looks, parameters = plan["looks"], c["problem"]["parameters"]
    free = {name: parameters[name] for name in ("exponent", "limit") if name in parameters}
    if STATED in c:  # one whole number is the adversary's choice, the inputs' distance; and the limit
        was = plan["asked"]["parameters"]
        free = {n: v for n, v in parameters.items() if type(v) is int and compact(was.get(n)) != compact(v)}
        require(len(free) <= 1, "the plan was asked another problem")
        free |= {n: v for n, v in parameters.items() if n == "limit" and type(v) is bool}
    asked = {"family": plan["asked"]["family"], "parameters": plan["asked"]["parameters"] | free}
    require(compact(asked) == compact(c["problem"]), "the plan was asked another problem")
    start = LOOKS.index(looks[0]) if looks[0] in LOOKS else 4
    usual = looks[:-1] == LOOKS[start : start + len(looks) - 1] and sorted(set(looks)) == looks
    usual = usual and 0 < looks[-1] <= LOOKS[start + len(looks) - 1] and c["trials"] in looks
    require(usual, "the numbers of trials after which to look are not those of the plan, or of no plan")
    hurt = [reason for reason in plan["reasons"] if reason.startswith("Of the legal oracles, ")]
    spoken = all(reason.startswith(f"Of the legal oracles, {c['oracle']} ") for reason in hurt)
    require(spoken and c["target"] in c["inputs"], "the plan's reasons are of another oracle")
    where = {**c["problem"], "oracle": c["oracle"], "algorithm": algorithm["name"]}
    where["algorithm_parameters"] = algorithm["parameters"]
    text = compact([c["seed"]["root"], where])
    stream = int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "little")
    require(c["seed"]["stream"] == f"{stream:032x}", "the seeds are those of another algorithm")
    if new:
        require(c["seed"]["root"] == root_seed(plan), "the seeds are not those of the plan")
        beyond = [name for name in c["inputs"] if name not in problem.limits]
        require(plan["open"] in (beyond, c["inputs"]), "what counts as open is not what the plan must fix")
        require(STATED in c or c["closeness"] == parameters["exponent"], "e is another")
        require(plan["processes"] == "one for each run", "its runs may have shared a process")
    require(0 <= budget["digits"] <= MOST and 0 < budget["seconds"] <= MOST, "the budget is none")
    require(c["coupling_depth"] == problem.depths[c["oracle"]], "the oracles agree to another depth")
    confidence, margin = rational(c["confidence"]), rational(c["margin"])
    require(1 <= 2 * confidence < 2 > 2 * margin > 0 and 2 * margin < 1, "a share is none")


def _check_questions(c: dict[str, Any], problem: Any, body: Any) -> list[tuple[bool, bool]]:
    """Make every answer again; tell of each set of questions if none tells inputs apart, and if one was refused."""
    (rows, columns), digits, depth = problem.shape, c["budget"]["digits"], c["coupling_depth"]
    known = set[tuple[int, int, int]]()
    for answer in body["answers"]:
        _check_answer(c, problem, answer)
        where = f"entry {answer[0]}, {answer[1]} at {answer[2]} bits"
        require(tuple(answer[:3]) not in known, f"{where} has two answers")
        known.add((answer[0], answer[1], answer[2]))
    found, needed = list[tuple[bool, bool]](), set[tuple[int, int, int]]()
    for group in body["questions"]:
        whole = [(i, j, n) for row, _, n in group if row < 0 for i in range(rows) for j in range(columns)]
        asked = whole + [(row, column, n) for row, column, n in group if row >= 0]
        right = all(i in range(rows) and j in range(columns) and n >= 0 for i, j, n in asked)
        require(right and len(set(map(tuple, group))) == len(group), "a question is none, or is there twice")
        answered = {(i, j, n) for i, j, n in asked if n <= digits}
        needed |= answered
        alike = max([n for _, j, n in asked if problem.sensitive(j)], default=-1) <= depth
        found.append((alike, len(answered) < len(set(asked))))
    require(needed == known, "a question has no answer, or an answer no question")
    return found


def _check_answer(c: dict[str, Any], problem: Any, answer: list[Any]) -> None:
    """Check that an answer on each input is legal, that of the policy, and on coupled inputs the same."""
    require(fits(answer[:3], "[]:int") and len(answer) == 3 + len(problem.names), "an answer is none")
    row, column, bits, *shown = answer
    where = f"entry {row}, {column} at {bits} bits"
    require(row in range(problem.shape[0]) and column in range(problem.shape[1]), f"{where} does not exist")
    require(0 <= bits <= c["budget"]["digits"], f"{where} is past the budget")
    for name, (top, power) in zip(problem.names, shown, strict=True):
        mine = f"the answer on input {name}, {where},"
        require(type(power) is int and 0 <= power <= MOST, f"{mine} is none")
        given = Fraction(int(top, 16), 2**power)
        require(f"{int(top, 16):x}" == top and given.denominator == 2**power, f"{mine} is written otherwise")
        require(abs(given - problem.value(name, row, column)) * 2**bits <= 1, f"{mine} is not legal")
        own = problem.answer(c["oracle"], name, row, column, bits)
        require(given == own, f"{mine} is not that of the {c['oracle']} oracle")
    same = all(each == shown[0] for each in shown)
    require(same or bits > c["coupling_depth"], f"{where} is answered differently on coupled inputs")


def _check_runs(c: dict[str, Any], problem: Any, body: Any, sets: list[tuple[bool, bool]]) -> list[Trial]:
    """Make every verdict again; return for each trial whether one run served all, what came of it, if it is told."""
    names, trials = problem.names, dict[int, Trial]()
    made = [[problem.accepts(output, name) for name in names] for output in body["outputs"]]
    for run in body["runs"]:
        kinds = [type(entry).__name__ for entry in run]
        require(kinds == ["int", "int", "int", "str", "int", "int", "list"], "a run is none")
        trial, position, shared, status, asked, output, claimed = run
        inside = -1 <= asked < len(sets) and -1 <= output < len(made) and 0 <= position < len(names)
        require(inside and shared in (0, 1), f"trial {trial}: it names what is not there")
        verdicts = made[output] if output >= 0 else [False] * len(names)
        known = status in STATUSES and (status == "halted") == (output >= 0)
        require(known, f"trial {trial}: only a run that halted has an output")
        judged = verdicts if shared else [verdicts[position]]
        require(compact(claimed) == compact(judged), f"trial {trial}: a verdict is wrong")
        told = asked >= 0 or status in ("no_halt", "crashed")
        require(told, f"trial {trial}: it is not on record what the run asked")
        alike, refused = sets[asked] if asked >= 0 else (bool(shared), False)
        require(alike == bool(shared), f"trial {trial}: wrongly shared or not")
        require(not refused or status == "no_halt", f"trial {trial}: a question past the budget ends a run")
        both = shared and sum(v for v, name in zip(verdicts, names, strict=True) if name != "0") > 1
        single = problem.theorem != "4" and problem.breadth == len(names) - names.count("0")
        both = both and single  # else an answer may serve several
        require(not both, f"trial {trial}: one run serves two exclusive inputs, which Theorem 1 forbids")
        first, served, logged = trials.get(trial, (bool(shared), [], True))
        require(position == len(served) and first == bool(shared), f"trial {trial} is out of order")
        trials[trial] = first, [*served, *((status, v) for v in judged)], logged and asked >= 0
    require({run[5] for run in body["runs"]} >= set(range(len(made))), "an output is no run's")
    require({run[4] for run in body["runs"]} >= set(range(len(sets))), "a set of questions is no run's")
    whole = 0 < len(trials) == c["trials"] and list(trials) == list(range(len(trials)))
    require(whole and all(len(s) == len(names) for _, s, _ in trials.values()), "trials are missing")
    return list(trials.values())


def excepted(theorem: str, trial: Trial, open_: list[bool], heavy: Any = None) -> tuple[bool, bool]:
    """Tell whether a trial is in the event that the proof must except, and whether it may be in it unseen."""
    shared, served, logged = trial
    if theorem == "4":  # right on inputs that weigh more than the value of the limit game
        most = [right or may for (_, right), may in zip(served, open_, strict=True)]
        seen = heavy([right for _, right in served])
        return seen, not seen and heavy(most)
    status, right = served[-1]
    if theorem == "1":
        return not shared, shared and (not logged or any(s == "no_halt" for s, _ in served))
    if theorem == "2":
        seen = right and (not shared or any(v for _, v in served[:-1]))
    else:
        seen = status == "halted" and not shared
    return seen, not seen and open_[-1]


def open_inputs(names: list[str], trial: Trial, open_: list[str], limits: Any = "0") -> list[bool]:
    """Tell on which inputs a run met the budget and may be right beyond it; on limits, too, if it met it elsewhere."""
    met = [status == "no_halt" for status, _ in trial[1]]
    elsewhere = any(m for m, name in zip(met, names, strict=True) if name not in limits)
    return [m and (name in open_ or elsewhere) for m, name in zip(met, names, strict=True)]


def _check_counts(c: dict[str, Any], problem: Any, trials: list[Trial]) -> None:
    """Make counts, limits, bound and statement again."""
    error, names, new = 1 - Fraction(c["confidence"]), problem.names, c["certificate"] > 1
    open_ = c["plan"]["open"] if new else []
    opened = [open_inputs(names, t, open_, problem.limits) if new else [False] * len(names) for t in trials]
    game = problem.theorem, problem.heavy
    events = [excepted(game[0], t, may, game[1]) for t, may in zip(trials, opened, strict=True)]
    spent, hidden = sum(seen for seen, _ in events), sum(unseen for _, unseen in events) if new else 0
    tally = {"count": spent, "limits": c["bound"]["spent"]["limits"]} | ({"hidden": hidden} if new else {})
    require(compact(c["bound"]["spent"]) == compact(tally), "the count of the exceptional event is another")
    check_limits(spent, spent + hidden, len(trials), tally["limits"], error)
    require(list(c["counts"]) == list(c["limits"]) == sorted(names), "the counts are of other inputs")
    for position, name in enumerate(names):
        statuses = [served[position][0] for _, served, _ in trials]
        successes = sum(served[position][1] for _, served, _ in trials)
        might = sum(o[position] for o in opened)
        counts = {"successes": successes, "statuses": {s: statuses.count(s) for s in statuses}}
        counts |= {"open": might} if new else {}
        require(compact(c["counts"][name]) == compact(counts), f"the counts on input {name} are others")
        check_limits(successes, successes + might, len(trials), c["limits"][name], error)
    k = problem.breadth
    for end_of, end in zip(("ideal", "low", "high"), (0, *c["bound"]["spent"]["limits"]), strict=True):
        u = Fraction(end)  # what Theorem 1 (u is t), 2, 3 or 4 allows the smallest success probability
        rules = {"2": (1 + u) / 2, "3": (k + (k - 1) * u) / (2 * k - 1)}
        allowed = rules.get(problem.theorem, (1 + (k - 1) * u) / k)
        require(c["bound"][end_of] == str(allowed), "the bound is another")
    low, high = map(Fraction, c["limits"][c["target"]])
    reached = high <= (level(c) if new else Fraction(c["bound"]["low"]) + Fraction(c["margin"]))
    ended = reached or c["trials"] == c["plan"]["looks"][-1] or low > Fraction(c["bound"]["high"])
    ended = ended or (new and hopeless(c))
    require(c["conclusive"] is reached and ended, "it is not as conclusive as it says, or stopped too soon")
    require(c["statement"] == sentence(c), "the statement is not what the numbers say")


def main(arguments: list[str]) -> int:
    """Verify the file that is named, print one line, and return the exit status."""
    try:
        with open(arguments[0], "rb") as file:
            body = file.read(4 * LARGEST + 1)
    except (OSError, IndexError):
        print("usage: python verify_standalone.py CERTIFICATE, a file that can be read", file=sys.stderr)
        return 1
    try:
        print("verified:", told(verify(body.decode(errors="replace"))), "No trial was run again.")
    except Refused as refusal:
        print(f"refused: {refusal}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
