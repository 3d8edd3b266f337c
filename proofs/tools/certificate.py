"""Write a certificate, or a registered problem, for the proved checker: for the kernel, or for the native program.

    python proofs/tools/certificate.py CERTIFICATE.json FILE.v     # then: coqc -R proofs OneHalf FILE.v
    python proofs/tools/certificate.py CERTIFICATE.json | proofs/build/checker

Only the standard library is used, and of onehalf one file, transcript.py, which a referee can read.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

_SOURCE = Path(__file__).resolve().parents[2] / "onehalf" / "proof" / "transcript.py"


def main(certificate: str, target: str | None = None) -> None:
    """Write the numbers of a certificate to standard output, or a Coq file."""
    spec = importlib.util.spec_from_file_location("transcript", _SOURCE)
    assert spec is not None
    assert spec.loader is not None
    transcript = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(transcript)
    document = json.loads(Path(certificate).read_text(encoding="utf-8"))
    numbers = transcript.numbers_of(document)
    if target is None:
        print(*numbers)
    else:
        Path(target).write_text(transcript.coq_of(numbers, document.get("sha256", "none")), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(*sys.argv[1:])
