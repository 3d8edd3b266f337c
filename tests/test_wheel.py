"""A wheel holds every package and every file that the packages read, so that it works outside the checkout."""

import configparser
from fnmatch import fnmatch
from pathlib import Path

from setuptools import find_packages

HOME = Path(__file__).resolve().parents[1]
PACKAGES = ("oracle", "algorithms", "analysis", "onehalf")


def settings() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(HOME / "setup.cfg", encoding="utf-8")
    return parser


def test_every_folder_with_a_module_is_a_package_that_is_found() -> None:
    include = settings()["options.packages.find"]["include"].split()
    found = set(find_packages(str(HOME), include=include))
    folders = {file.parent for package in PACKAGES for file in (HOME / package).rglob("*.py")}
    assert {".".join(folder.relative_to(HOME).parts) for folder in folders} == found


def test_every_other_file_of_a_package_is_among_its_data() -> None:
    data = settings()["options.package_data"]
    patterns = {package: data[package].split() for package in data}
    missing = []
    for package in PACKAGES:
        for file in (HOME / package).rglob("*"):
            if file.is_dir() or file.suffix in (".py", ".pyc"):
                continue
            home = next(folder for folder in file.parents if (folder / "__init__.py").exists())
            name = ".".join(home.relative_to(HOME).parts)
            if not any(fnmatch(str(file.relative_to(home)), pattern) for pattern in patterns.get(name, ())):
                missing.append(str(file.relative_to(HOME)))
    assert missing == []
