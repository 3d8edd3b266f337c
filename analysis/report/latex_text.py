"""Text as LaTeX prints it with any engine: every character is ASCII, a command, or named by its code point."""

import re
import unicodedata

from analysis.wording import RAISED

_GREEK = (
    "α alpha β beta γ gamma δ delta ε varepsilon ζ zeta η eta θ theta ι iota κ kappa λ lambda μ mu ν nu ξ xi π pi "
    "ρ rho ς varsigma σ sigma τ tau υ upsilon φ varphi χ chi ψ psi ω omega ϑ vartheta ϕ phi ϵ epsilon "
    "Γ Gamma Δ Delta Θ Theta Λ Lambda Ξ Xi Π Pi Σ Sigma Υ Upsilon Φ Phi Ψ Psi Ω Omega"
)
_SIGNS = (
    "· cdot × times ÷ div ≤ le ≥ ge ≠ neq ≈ approx ∞ infty ± pm ∓ mp √ surd ∇ nabla ∂ partial ∑ sum ∏ prod ∫ int "
    "∈ in ∉ notin ∋ ni ⊂ subset ⊆ subseteq ∪ cup ∩ cap ∅ emptyset ∖ setminus ∧ wedge ∨ vee ¬ neg ∀ forall ∃ exists "
    "→ to ← leftarrow ↔ leftrightarrow ⇒ Rightarrow ⇔ Leftrightarrow ↦ mapsto ↑ uparrow ↓ downarrow ‖ Vert "
    "⌈ lceil ⌉ rceil ⌊ lfloor ⌋ rfloor ⟨ langle ⟩ rangle ≡ equiv ∼ sim ∝ propto ℓ ell ° circ ∘ circ ⊤ top ⊥ bot"
)
_NAMED = re.compile(r"(\S) (\w+)")
"""A sign and the name of its command."""
_LATIN_CAPITALS = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΧο", "ABEZHIKMNOPTXo", strict=True))
"""Greek letters that LaTeX has no command for: they look like Latin ones."""
_SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))
_FRACTIONS = {"½": (1, 2), "¼": (1, 4), "¾": (3, 4), "⅓": (1, 3), "⅔": (2, 3)}
_COMMANDS = {
    **{mark: f"\\{mark}" for mark in "&%$#_{}"},
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "\\": r"\textbackslash{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    # The command for a straight quotation mark needs another font encoding than the usual one.
    '"': r"{\char34}",
    "–": "--",
    "—": "---",
    "−": "$-$",
    "“": "``",
    "”": "''",
    "‘": "`",
    "’": "'",
    "…": r"\dots{}",
    "§": r"\S{}",
    "ß": r"\ss{}",
    "ø": r"\o{}",
    "Ø": r"\O{}",
    "æ": r"\ae{}",
    "Æ": r"\AE{}",
    "ł": r"\l{}",
    "Ł": r"\L{}",
    **{sign: rf"$\{name}$" for sign, name in _NAMED.findall(_GREEK + " " + _SIGNS)},
    **{mark: f"${letter}$" for mark, letter in _LATIN_CAPITALS.items()},
    **{mark: f"$^{{{digit}}}$" for mark, digit in RAISED.items()},
    **{mark: f"$_{{{digit}}}$" for mark, digit in _SUBSCRIPTS.items()},
    **{mark: rf"$\frac{{{above}}}{{{below}}}$" for mark, (above, below) in _FRACTIONS.items()},
}
_ACCENTS = {
    **{
        "\u0300": "`",
        "\u0301": "'",
        "\u0302": "^",
        "\u0303": "~",
        "\u0304": "=",
        "\u0306": "u",
        "\u0307": ".",
    },
    **{"\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0327": "c"},
}
"""By combining mark the command that sets it on a letter."""


def to_latex(text: object) -> str:
    """Text as LaTeX prints it: characters for which it has no command are named, such as [U+4E2D]."""
    plain = unicodedata.normalize("NFC", re.sub(r"\s+", " ", str(text)))
    return "".join(map(_character, plain))


def _character(mark: str) -> str:
    if mark in _COMMANDS:
        return _COMMANDS[mark]
    if mark.isascii() and mark.isprintable():
        return mark
    parts = unicodedata.normalize("NFD", mark)
    if len(parts) == 2 and parts[0].isascii() and parts[0].isalpha() and parts[1] in _ACCENTS:
        return f"\\{_ACCENTS[parts[1]]}{{{parts[0]}}}"
    return f"[U+{ord(mark):04X}]"
