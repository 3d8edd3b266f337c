"""`onehalf verify` and the standalone verifier on files that are no certificates: one sentence, no exception's text."""

from __future__ import annotations

import base64
import copy
import json
import random
import re
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from onehalf import verify_standalone
from onehalf.adversary.attack import CERTIFICATE, Attack
from onehalf.cli import main
from onehalf.verify_standalone import Refused, verify
from tests.onehalf.adversary.conftest import Document, resealed

Attacked = Callable[..., Attack]
RAW = re.compile(r"Error|Errno|Traceback|Expecting|codec|argument|object|subscript|invalid")


@pytest.fixture(scope="module")
def text(attacked: Attacked) -> str:
    return (attacked("coin-flip").directory / CERTIFICATE).read_text(encoding="utf-8")


def refused(path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["verify", str(path)]) == 1
    told = capsys.readouterr()
    assert told.err == ""
    assert told.out.startswith("refused: ")
    assert told.out.count("\n") == 1
    assert not RAW.search(told.out)
    return told.out


FILES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda body: b"",
    "cut off": lambda body: body[: len(body) // 2],
    "no JSON": lambda body: b"weights = 3\n",
    "no text": lambda body: random.Random(3).randbytes(500),
    "a huge number": lambda body: b"9" * 10_000,
    "nested": lambda body: b"[" * 100_000,
    "a list": lambda body: b"[]",
    "nothing in it": lambda body: b"{}",
    "other line ends": lambda body: body.replace(b"\n", b"\r\n"),
    "a byte-order mark": lambda body: b"\xef\xbb\xbf" + body,
    "no UTF-8": lambda body: body.replace("ι".encode(), b"\xff"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_certificate_is_refused_in_one_sentence(
    name: str, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "c.json"
    path.write_bytes(FILES[name](text.encode()))
    refused(path, capsys)


def pack(content: bytes) -> str:
    return base64.b64encode(zlib.compress(content)).decode()


CONTENTS: dict[str, Callable[[Document], object]] = {
    "e": lambda c: c["problem"]["parameters"].update(exponent=10**15),
    "points": lambda c: c["problem"]["parameters"].update(points=10**15),
    "tolerance": lambda c: c["problem"]["parameters"].update(tolerance="1e999999999"),
    "confidence": lambda c: [d.update(confidence="1e999999999") for d in (c, c["plan"])],
    "trials": lambda c: (c.update(trials=10**15), c["plan"].update(looks=[10**15])),
    "digits": lambda c: [d["budget"].update(digits=10**15) for d in (c, c["plan"])],
    "limits": lambda c: c["limits"].update({"1": ["0", "1e999999999"]}),
    "family": lambda c: c["problem"].update(family="knapsack"),
    "no problem": lambda c: c.update(problem=[1]),
    "no plan": lambda c: c.pop("plan"),
    "looks": lambda c: c["plan"].update(looks=None),
    "half a body": lambda c: c.update(body=c["body"][:400]),
    "no base64": lambda c: c.update(body="*"),
    "an empty body": lambda c: c.update(body=pack(b"{}")),
    "a body of another kind": lambda c: c.update(body=pack(b'{"answers": 3, "questions": 3}')),
    "no JSON in the body": lambda c: c.update(body=pack(b"{]")),
}


@pytest.mark.parametrize("name", CONTENTS)
def test_content_of_another_kind_or_size_is_refused_although_the_seal_fits(
    name: str, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = json.loads(text)
    CONTENTS[name](document)
    path = tmp_path / "c.json"
    path.write_text(resealed(document), encoding="utf-8")
    refused(path, capsys)


def test_every_entry_that_is_missing_or_of_another_kind_is_refused(text: str) -> None:
    for name in json.loads(text):
        for value in (None, [], {}, 7, "x", 10**30):
            if (name, value) == ("coupling_depth", 7):
                continue  # a guess asks nothing, which agrees with a smaller depth too
            document = json.loads(text)
            if value is None:
                del document[name]
            else:
                document[name] = value
            with pytest.raises(Refused):
                verify(resealed(document) if name != "sha256" else json.dumps(document))


def test_what_cannot_be_read_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(tmp_path)]) == 2
    assert "is a directory; name the certificate.json in it" in capsys.readouterr().err
    assert main(["verify", str(tmp_path / "none.json")]) == 2
    assert "does not exist; check the path" in capsys.readouterr().err


def test_the_standalone_verifier_says_what_it_needs_and_what_it_refuses(tmp_path: Path) -> None:
    (tmp_path / "c.json").write_bytes(b"\xff")
    for arguments, told in (
        ([], "usage: python verify_standalone.py CERTIFICATE, a file that can be read\n"),
        ([str(tmp_path)], "usage: python verify_standalone.py CERTIFICATE, a file that can be read\n"),
        (
            [str(tmp_path / "c.json")],
            "refused: the file is no certificate: it is not JSON, or not all of it\n",
        ),
    ):
        command = [sys.executable, "-I", str(verify_standalone.__file__), *arguments]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (ran.returncode, ran.stdout, ran.stderr) == (1, "", told)


@pytest.mark.parametrize(
    "way", [(), ("algorithm",), ("plan",), ("seed",), ("counts", "1"), ("bound", "spent")]
)
@pytest.mark.parametrize("nothing", [{}, [], [[]], {"a": []}], ids=str)
def test_an_empty_entry_that_no_form_has_is_refused(
    way: tuple[str, ...], nothing: object, attacked: Callable[..., Attack]
) -> None:
    document = copy.deepcopy(attacked("coin-flip").document)
    holder = document
    for key in way:
        holder = holder[key]
    holder["more"] = nothing
    with pytest.raises(Refused, match="an entry is missing, unknown"):
        verify(resealed(document))
