"""environment.yml, pyproject.toml and requirements.lock say the same; what is installed is what the lock names."""

import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
RUN_LOCK = (ROOT / "requirements-run.lock").read_text("utf-8")
SPARK_LOCK = (ROOT / "requirements-spark.lock").read_text("utf-8")
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
ENTRY = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^]]*\])?==(\S+)([^\n]*(?:\n[ \t]+[^\n]*)*)", re.MULTILINE)
NO_NETWORK = re.compile(r"failed to fetch|error sending request|dns error|timed out|offline", re.IGNORECASE)


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked_here() -> dict[str, str]:
    """Name -> version of the entries for this Python and this system; the lock serves others too."""
    heads = [line.rstrip("\\ ") for line in LOCK.splitlines() if line and not line.startswith((" ", "#"))]
    entries = [Requirement(head) for head in heads]
    return {
        normal(entry.name): str(entry.specifier).removeprefix("==")
        for entry in entries
        if entry.marker is None or entry.marker.evaluate()
    }


LOCKED_VERSIONS = locked_here()


def asked_for() -> list[str]:
    """What is installed everywhere; the site's generator is installed by `make site` alone."""
    return [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]


def test_conda_gives_the_interpreter_and_the_lock_gives_the_rest():
    from_conda = [entry for entry in ENVIRONMENT["dependencies"] if isinstance(entry, str)]
    from_pip = [entry["pip"] for entry in ENVIRONMENT["dependencies"] if isinstance(entry, dict)]
    assert ENVIRONMENT["channels"] == ["conda-forge"]
    assert {entry.split("=")[0] for entry in from_conda} == {"python", "pip", "make"}
    assert from_pip == [["-r requirements.lock"]]


def test_conda_gives_the_oldest_python_that_the_project_allows():
    python = next(entry for entry in ENVIRONMENT["dependencies"] if str(entry).startswith("python="))
    assert PROJECT["project"]["requires-python"] == ">=" + python.removeprefix("python=")


def test_every_entry_of_the_lock_has_a_version_and_hashes():
    lines = [line for line in LOCK.splitlines() if line and not line.startswith((" ", "#"))]
    entries = ENTRY.findall(LOCK)
    assert len(entries) == len(lines)
    assert [name for name, _, rest in entries if "--hash=sha256:" not in rest] == []


@pytest.mark.parametrize("lock", [LOCK, RUN_LOCK, SPARK_LOCK], ids=["development", "run", "spark"])
def test_the_lock_holds_no_address(lock):
    assert "://" not in lock
    assert "--index" not in lock
    assert "--find-links" not in lock


def pins(lock: str) -> dict[str, set[str]]:
    """Name, version and marker -> hashes."""
    return {
        f"{name}=={version}{rest.partition('--hash')[0].strip()}": set(
            re.findall(r"sha256:[0-9a-f]{64}", rest)
        )
        for name, version, rest in ENTRY.findall(lock)
    }


def test_the_lock_of_a_run_is_part_of_the_lock_of_development():
    """The same versions by the same hashes; a marker may be narrower where development asks for more systems."""
    all_pins = {entry.partition(";")[0].rstrip("\\ "): hashes for entry, hashes in pins(LOCK).items()}
    part = {entry.partition(";")[0].rstrip("\\ "): hashes for entry, hashes in pins(RUN_LOCK).items()}
    assert len(part) == len([line for line in RUN_LOCK.splitlines() if line and line[0] not in " #"])
    assert {entry for entry, hashes in part.items() if all_pins.get(entry) != hashes or not hashes} == set()


def test_the_lock_of_a_run_holds_what_a_run_needs_and_no_developers_tool():
    names = {normal(entry.partition("==")[0]) for entry in pins(RUN_LOCK)}
    requirements = {normal(Requirement(entry).name) for entry in PROJECT["project"]["dependencies"]}
    assert requirements <= names
    tools = {normal(Requirement(entry).name) for entry in PROJECT["dependency-groups"]["dev"]}
    assert tools & names == set()
    assert {"pywinpty"} <= names  # of Windows, where the bureau is; its marker keeps it away elsewhere


def test_the_lock_of_spark_is_that_of_a_run_and_pyspark():
    run, spark = ({re.sub(r"[ ;\\].*", "", entry): of for entry, of in pins(lock).items()} for lock in (RUN_LOCK, SPARK_LOCK))  # fmt: skip
    more = {entry.partition("==")[0] for entry in set(spark) - set(run)}
    assert more == {"pyspark", "py4j"} and all(spark[entry] for entry in spark)
    assert {entry: spark.get(entry) for entry in run} == run


@pytest.mark.parametrize("requirement", asked_for())
def test_the_lock_has_what_the_project_asks_for(requirement):
    stated_requirement = Requirement(requirement)
    assert stated_requirement.specifier.contains(LOCKED_VERSIONS[normal(stated_requirement.name)])


def test_the_lock_of_the_site_has_its_generator_and_nothing_otherwise_than_the_lock():
    lock = pins((ROOT / "requirements-site.lock").read_text("utf-8"))
    site = {re.sub(r"[ ;\\].*", "", entry): hashes for entry, hashes in lock.items()}
    assert set(PROJECT["dependency-groups"]["site"]) <= set(site) and all(site.values())
    versions = {entry.partition("==")[0]: entry.partition("==")[2] for entry in site}
    assert {
        name: version
        for name, version in versions.items()
        if LOCKED_VERSIONS.get(normal(name), version) != version
    } == {}


DEVELOPMENT = ["--group", "dev"]
RUN = ["--no-annotate", "-c", "requirements.lock"]


@pytest.mark.parametrize(
    ("lock", "more"),
    [(LOCK, DEVELOPMENT), (RUN_LOCK, RUN), (SPARK_LOCK, [*RUN, "--extra", "spark"])],
    ids=["development", "run", "spark"],
)
def test_the_lock_is_what_make_lock_would_write(lock, more, tmp_path):
    copy = tmp_path / "copy.lock"
    copy.write_text(lock, "utf-8")
    uv = shutil.which("uv", path=Path(sys.executable).parent)
    options = ["--quiet", "--universal", "--generate-hashes", "--python-version", "3.11", *more]
    header = ["--custom-compile-command", "make lock"]
    command = [uv, "pip", "compile", *options, *header, "pyproject.toml", "-o", str(copy)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    if run.returncode and NO_NETWORK.search(run.stderr):
        pytest.skip("no package index can be reached: whether the lock is fresh was not tested")
    assert run.returncode == 0, run.stderr
    assert copy.read_text("utf-8") == lock, "run `make lock`"


def test_what_is_installed_is_what_the_lock_names():
    versions = {
        normal(installed_version.name): installed_version.version
        for installed_version in metadata.distributions()
    }
    other = {
        name: versions[name]
        for name in LOCKED_VERSIONS
        if versions.get(name, LOCKED_VERSIONS[name]) != LOCKED_VERSIONS[name]
    }
    assert other == {}
    assert [entry for entry in asked_for() if normal(Requirement(entry).name) not in versions] == []


def test_what_is_installed_fits_together():
    check = subprocess.run(
        [sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False
    )
    assert check.returncode == 0, check.stdout
