"""What a user's file is made of, and the one digest of it all."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle.sources import beside, digest_sources, imported_from_elsewhere, sources_of

HOME = Path(__file__).resolve().parents[2]


def written(folder: Path, files: Mapping[str, str]) -> Path:
    """Write files into a folder, and return the first."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder / next(iter(files))


def names(file: Path, folder: Path) -> list[str]:
    return [str(path.relative_to(folder)) for path in sources_of(file)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import json", []),
        ("import helper", ["helper.py"]),
        ("from helper import x", ["helper.py"]),
        ("from . import helper", ["helper.py"]),
        ("from .helper import x", ["helper.py"]),
        ("def f():\n    import helper", ["helper.py"]),
        ("import importlib\nimportlib.import_module('helper')", ["helper.py"]),
        ("from importlib import import_module\nimport_module('.helper', __package__)", ["helper.py"]),
        ("__import__('helper')", ["helper.py"]),
        ("import pack", ["pack/__init__.py"]),
        ("import pack.inner", ["pack/__init__.py", "pack/inner.py"]),
        ("from pack import inner", ["pack/__init__.py", "pack/inner.py"]),
        ("from bare.inner import x", ["bare/inner.py"]),
        ("import random", ["random.py"]),
        ("import onehalf", []),
        ("import plugin", []),
        ("import round_a", ["round_a.py", "round_b.py"]),
        ("import uses_parent.leaf", ["helper.py", "uses_parent/__init__.py", "uses_parent/leaf.py"]),
    ],
)
def test_what_is_imported_from_beside_is_a_source(tmp_path: Path, text: str, expected: list[str]) -> None:
    others = (
        "helper.py",
        "pack/__init__.py",
        "pack/inner.py",
        "bare/inner.py",
        "random.py",
        "onehalf.py",
        "unused.py",
    )
    files = {"plugin.py": text, **dict.fromkeys(others, "x = 1\n")}
    files |= {"round_a.py": "import round_b", "round_b.py": "import round_a"}
    files |= {"uses_parent/__init__.py": "", "uses_parent/leaf.py": "from .. import helper"}
    assert names(written(tmp_path, files), tmp_path) == ["plugin.py", *expected]


def test_alone_a_file_has_the_digest_of_its_bytes(tmp_path: Path) -> None:
    file = written(tmp_path, {"plugin.py": "import json\n", "unused.py": "x = 1\n"})
    assert digest_sources(file) == hashlib.sha256(b"import json\n").hexdigest()


@given(body=st.binary(max_size=40), other=st.binary(max_size=40))
def test_the_digest_changes_with_a_helper_and_with_declared_data(
    tmp_path_factory: pytest.TempPathFactory, body: bytes, other: bytes
) -> None:
    folder = tmp_path_factory.mktemp("sources")
    file = written(folder, {"plugin.py": "import helper\n"})
    for name in ("helper.py", "weights.npz"):
        (folder / name).write_bytes(body)
    declared = [folder / "weights.npz"]
    first, without = digest_sources(file, declared), digest_sources(file)
    for name in ("helper.py", "weights.npz"):
        (folder / name).write_bytes(other)
        assert (digest_sources(file, declared) == first) == (body == other)
        (folder / name).write_bytes(body)
    assert without != first


def test_the_digest_is_the_same_at_two_places(tmp_path: Path) -> None:
    files = {
        "plugin.py": "import helper\nfrom pack import inner\n",
        "helper.py": "",
        "pack/inner.py": "x = 2\n",
    }
    one, two = written(tmp_path / "one", files), written(tmp_path / "two", files)
    assert digest_sources(one) == digest_sources(two)


def test_two_files_cannot_be_taken_for_one(tmp_path: Path) -> None:
    one = written(tmp_path / "one", {"plugin.py": "import helper\n", "helper.py": "a = 1\n"})
    two = written(tmp_path / "two", {"plugin.py": "import helper\na = 1\n", "helper.py": ""})
    assert digest_sources(one) != digest_sources(two)


def test_a_helper_that_is_no_python_counts_with_its_bytes(tmp_path: Path) -> None:
    file = written(tmp_path, {"plugin.py": "import helper\n", "helper.py": "def f(:\n"})
    assert names(file, tmp_path) == ["plugin.py", "helper.py"]


def test_a_packaged_file_has_its_package_and_nothing_else(tmp_path: Path) -> None:
    files = {
        "pkg/sub/plugin.py": "import numpy, other\nfrom pkg.sub import near\nfrom .. import far\n",
        "pkg/__init__.py": "",
        "pkg/sub/__init__.py": "",
        "pkg/sub/near.py": "",
        "pkg/far.py": "",
        "other.py": "",
    }
    file = written(tmp_path, files)
    before = digest_sources(file, packaged=True)
    for name, counts in (("other.py", False), ("pkg/far.py", True), ("pkg/sub/near.py", True)):
        (tmp_path / name).write_text("changed = True\n")
        assert (digest_sources(file, packaged=True) != before) == counts
        (tmp_path / name).write_text("")
    assert imported_from_elsewhere(file, packaged=True) == {"numpy", "other"}


def test_what_is_taken_from_elsewhere(tmp_path: Path) -> None:
    files = {
        "plugin.py": "import helper, json\nimport onehalf as oh\n",
        "helper.py": "from scipy import stats\n",
    }
    assert imported_from_elsewhere(written(tmp_path, files)) == {"json", "onehalf", "scipy"}


def test_beside_our_own_packages_their_names_are_ours() -> None:
    assert not any(beside(HOME, name) for name in ("onehalf", "oracle", "algorithms", "analysis"))
    assert beside(HOME / "tests", "test_layers")
