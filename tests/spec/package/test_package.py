"""The package: whole, signed, without a register in it; whatever is altered, it is refused and says why."""

from __future__ import annotations

import io
import json
import os
import stat
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tiny_county import changed, deliver, tables

from auditlib import cli
from auditlib.base.errors import AuditError
from auditlib.county.outputs import with_decisions, write_outputs
from auditlib.county.self_check import begin, check, ingest, link, run_self_check, sum_up
from auditlib.decisions.dispositions import COLUMNS
from auditlib.package import PackageRefused, contents, keys, read_package, seal
from auditlib.package.verify import verify
from auditlib.tables.findings import write_findings

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
SMALL = {"findings.parquet": b"found " * 20, "manifest.json": b'{"a": 1}\n'}
EXPECTED_RULES = frozenset(SMALL)


def small_package() -> bytes:
    return seal.sealed_package(SMALL, {"county_code": "990111"}, KEY)


def code_of(content: bytes, expected: frozenset[str] = EXPECTED_RULES) -> str:
    with pytest.raises(PackageRefused) as refused:
        seal.opened_bytes(content, expected)
    assert refused.value.into("zh") and refused.value.into("en")
    return refused.value.code


def zipped_anew(members: dict[str, bytes], *, tweak: dict[str, dict[str, object]] | None = None) -> bytes:
    """``members`` as a ZIP like the canonical one but for what ``tweak`` sets on an entry."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(members):
            entry = zipfile.ZipInfo(name, seal.NO_CLOCK)
            entry.create_system, entry.external_attr = seal.UNIX, seal.PLAIN_FILE
            for attribute, value in (tweak or {}).get(name, {}).items():
                setattr(entry, attribute, value)
            archive.writestr(entry, members[name])
    return buffer.getvalue()


def members_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_package_is_the_same_bytes_for_the_same_files() -> None:
    assert small_package() == small_package() == zipped_anew(members_of(small_package()))
    parts = seal.opened_bytes(small_package(), EXPECTED_RULES, KEY.public_key())
    assert dict(parts.files) == SMALL


def test_every_byte_flipped_is_refused() -> None:
    package = small_package()
    for place in range(len(package)):
        for bit in (1 << place % 8, 0xFF):
            altered_bytes = bytearray(package)
            altered_bytes[place] ^= bit
            assert code_of(bytes(altered_bytes)), place


def test_every_truncation_and_every_addition_is_refused() -> None:
    package = small_package()
    for length in range(0, len(package), 7):
        assert code_of(package[:length])
    assert code_of(package + b"\0") == "not_canonical"
    assert code_of(b"\0" + package)


def test_missing_and_added_files_are_named() -> None:
    members = members_of(small_package())
    for name in members:
        code = code_of(zipped_anew({k: v for k, v in members.items() if k != name}))
        assert code == ("unsigned" if name == seal.SIGNATURE else "missing_member"), name
    assert code_of(zipped_anew(members | {"extra.txt": b"x"})) == "unknown_member"


@pytest.mark.parametrize("name", ["../findings.parquet", "/etc/passwd", "a/../../b", "..\\x", "C:x", "\\x"])
def test_paths_that_lead_outside_are_refused(name: str) -> None:
    assert code_of(zipped_anew(members_of(small_package()) | {name: b"x"})) == "path_outside"


def test_links_duplicates_bombs_and_large_members_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    members = members_of(small_package())
    link = {"manifest.json": {"external_attr": (stat.S_IFLNK | 0o777) << 16}}
    assert code_of(zipped_anew(members, tweak=link)) == "symlink"
    bomb = {"findings.parquet": {"compress_type": zipfile.ZIP_DEFLATED}}
    assert (
        code_of(zipped_anew(members | {"findings.parquet": b"\0" * 10_000_000}, tweak=bomb))
        == "compressed_member"
    )
    buffer = io.BytesIO(zipped_anew(members))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("manifest.json", b"{}")
    assert code_of(buffer.getvalue()) == "duplicate_member"
    assert code_of(zipped_anew(members | {"signature.ed25519": b"x" * 5000})) == "oversized_member"
    monkeypatch.setattr(seal, "LARGEST_MEMBER", 100)
    assert code_of(small_package()) == "oversized_member"


def test_a_signature_by_another_key_is_refused() -> None:
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    with pytest.raises(PackageRefused) as refused:
        seal.opened_bytes(small_package(), EXPECTED_RULES, other.public_key())
    assert refused.value.code == "other_key"
    members = members_of(small_package())
    forged_members = members | {
        seal.SIGNATURE: members_of(seal.sealed_package(SMALL, {}, KEY))[seal.SIGNATURE]
    }
    assert code_of(zipped_anew(forged_members)) == "bad_signature"


def test_altered_content_under_a_right_archive_is_named() -> None:
    members = members_of(small_package())
    assert code_of(zipped_anew(members | {"manifest.json": b"{}"})) == "altered_member"


# --- keys ------------------------------------------------------------------------------------------------------


@pytest.fixture
def key_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AUDITLIB_KEYS", str(tmp_path / "keys"))
    return tmp_path / "keys"


def test_keys_are_made_once_and_readable_by_their_owner_alone(key_folder: Path) -> None:
    first, second = keys.county_keys("990111"), keys.county_keys("990111")
    assert len(first.sentences) == 2 and not second.sentences
    assert "990111.signing.pem" in first.sentences[0].zh and "fingerprint.key" in first.sentences[1].en
    assert first.fingerprint == second.fingerprint
    assert first.signing.public_key().public_bytes_raw() == second.signing.public_key().public_bytes_raw()
    assert {stat.S_IMODE(file.stat().st_mode) for file in key_folder.iterdir()} == {0o600}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no mode bits")
def test_a_key_that_others_can_read_or_that_is_damaged_is_not_used(key_folder: Path) -> None:
    keys.county_keys("990111")
    file = key_folder / "fingerprint.key"
    file.chmod(0o644)
    with pytest.raises(AuditError, match="chmod"):
        keys.county_keys("990111")
    file.chmod(0o600)
    file.write_text("not hex")
    with pytest.raises(AuditError):
        keys.fingerprint_key()


# --- a county's package ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The output folder of a tiny county's run."""
    folder = tmp_path_factory.mktemp("county")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUDITLIB_KEYS", str(folder / "keys"))
        run = begin(deliver(folder / "data", tables()))
        registers = ingest(run)
        audit = link(run, registers)
        results = with_decisions(run, sum_up(run, registers, audit, check(run, audit)))
        output = run.parameters.output_dir
        for _ in range(2):
            outputs = write_outputs(run, registers, audit, results)
            content = (output / "package.zip").read_bytes()
        assert (output / "package.zip").read_bytes() == content
        assert "package.zip" in repr(outputs) and "dispositions.csv" in repr(outputs)
        yield folder


def test_the_package_holds_what_the_run_found_and_no_register(county: Path) -> None:
    read = read_package(county / "run-990111" / "package.zip")
    assert list(read.findings["rule"]) == ["missed.unpaid"]
    assert len(read.fingerprints) == 12 + 12 + 11
    assert Counter(read.tokens["role"].to_pylist()) == {"enrolled": 12, "paid": 11}
    content = (county / "run-990111" / "package.zip").read_bytes()
    verification = read.findings["id_number"].iloc[0]
    numbers = [row["id_number"].encode() for row in tables()["enrolment"] if row["id_number"] != verification]
    assert not any(number in content for number in numbers)
    assert (county / "run-990111" / "dispositions.csv").read_text("utf-8-sig").strip() == ",".join(COLUMNS)


def test_a_finding_taken_out_and_sealed_anew_contradicts_the_manifest(county: Path) -> None:
    package = (county / "run-990111" / "package.zip").read_bytes()
    parts = seal.opened_bytes(package, contents.FILES)
    read = read_package(county / "run-990111" / "package.zip")
    write_findings(read.findings.iloc[:0], county / "none.parquet")
    files = dict(parts.files) | {contents.FINDINGS_FILE: (county / "none.parquet").read_bytes()}
    about = {k: parts.seal[k] for k in ("county_code", "county_name", "term", "fingerprint_key")}
    (county / "cut.zip").write_bytes(seal.sealed_package(files, about, KEY))
    with pytest.raises(PackageRefused) as refused:
        read_package(county / "cut.zip")
    assert refused.value.code == "inconsistent"


@pytest.mark.parametrize("name", sorted(contents.FILES))
def test_a_member_that_is_not_what_it_should_be_is_refused(county: Path, name: str) -> None:
    parts = seal.opened_bytes((county / "run-990111" / "package.zip").read_bytes(), contents.FILES)
    about = {k: parts.seal[k] for k in ("county_code", "county_name", "term", "fingerprint_key")}
    for body in (b"", b"[]", b"\xff\xfe\x00"):
        (county / "odd.zip").write_bytes(seal.sealed_package(dict(parts.files) | {name: body}, about, KEY))
        with pytest.raises(PackageRefused) as refused:
            read_package(county / "odd.zip")
        assert refused.value.code == "unreadable_member"


def sealed_anew(county: Path, name: str, change: Callable[[dict[str, bytes]], dict[str, bytes]]) -> Path:
    """The county's package with its files as ``change`` makes them, sealed by somebody."""
    members = members_of((county / "run-990111" / "package.zip").read_bytes())
    about = {
        k: json.loads(members[seal.SEAL])[k]
        for k in ("county_code", "county_name", "term", "fingerprint_key")
    }
    files = {file: members[file] for file in contents.FILES}
    (county / name).write_bytes(seal.sealed_package(change(files), about, KEY))
    return county / name


def without_tokens(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: body for name, body in files.items() if name != contents.TOKENS_FILE}


def test_a_package_of_the_first_format_is_still_read(county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cut = sealed_anew(county, "no-tokens.zip", without_tokens)
    assert refusal(cut) == "missing_member"
    monkeypatch.setattr(seal, "FORMAT", seal.FIRST)
    old, odd = sealed_anew(county, "old.zip", without_tokens), sealed_anew(county, "odd-old.zip", dict)
    monkeypatch.undo()
    monkeypatch.setenv("AUDITLIB_KEYS", str(county / "keys"))
    assert read_package(old).tokens is None
    assert verify(old).holds
    assert refusal(odd) == "unknown_member"


def refusal(package: Path) -> str:
    with pytest.raises(PackageRefused) as refused:
        read_package(package)
    return refused.value.code


def test_a_name_in_a_package_of_tokens_only_is_refused(county: Path) -> None:
    manifest = json.loads(members_of((county / "run-990111" / "package.zip").read_bytes())["manifest.json"])
    manifest["parameters"]["hand_in"] = "tokens"
    body = json.dumps(manifest, ensure_ascii=False).encode()
    assert (
        refusal(sealed_anew(county, "named.zip", lambda files: files | {"manifest.json": body}))
        == "inconsistent"
    )


def test_tokens_only_wants_the_key_that_the_city_shares(key_folder: Path) -> None:
    keys.refuse_missing_key("registers", "zh")
    with pytest.raises(AuditError, match="向市里要"):
        keys.refuse_missing_key("tokens", "zh")
    keys.county_keys("990111")
    keys.refuse_missing_key("tokens", "zh")


def test_tokens_under_a_key_that_this_program_made_say_so_until_the_citys_lies_there(
    key_folder: Path,
) -> None:
    key = keys.county_keys("990111").fingerprint
    assert keys.own_key_of_tokens("registers") == ()
    [sentence] = keys.own_key_of_tokens("tokens")
    assert key.name in sentence.zh and "is found in two counties" in sentence.en
    (key_folder / "fingerprint.key").write_text("ab" * 32)
    assert keys.own_key_of_tokens("tokens") == ()


def test_verify_says_what_was_looked_at(county: Path) -> None:
    output = county / "run-990111"
    parameters = deliver(county / "data", tables())
    verification = verify(
        output / "package.zip",
        key=output / "public-key-990111.pem",
        parameters=parameters,
        rerun=lambda p: run_self_check(p)[1],
    )
    assert verification.holds, verification.lines("en")
    assert [check.what for check in verification.checks] == [
        "whole", "signature", "version", "parameters", "policy files", "input files", "findings",
    ]  # fmt: skip
    paid = changed(tables(), "payments", lambda rows: rows[:-1])
    other = deliver(
        county / "other", paid, thresholds=parameters.as_json()["thresholds"] | {"posting_days": 7}
    )
    verification = verify(output / "package.zip", parameters=other, rerun=lambda p: run_self_check(p)[1])
    assert [check.what for check in verification.checks if not check.holds] == [
        "parameters",
        "input files",
        "findings",
    ]
    assert "thresholds.posting_days" in "\n".join(verification.lines("zh"))


def test_the_command_refuses_with_the_reason(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    package = county / "run-990111" / "package.zip"
    assert cli.main(["verify", str(package)]) == 0
    assert "未核对公钥" in capsys.readouterr().out
    broken_file = county / "broken.zip"
    broken_file.write_bytes(package.read_bytes()[:-1] + b"\1")
    assert cli.main(["verify", str(broken_file), "--language", "en"]) == 1
    assert "refused" in capsys.readouterr().err
    assert cli.main(["verify", str(county / "nothing.zip")]) == 1


def test_every_byte_of_a_county_package_flipped_is_refused(county: Path) -> None:
    content = (county / "run-990111" / "package.zip").read_bytes()
    assert seal.opened_bytes(content, contents.FILES)
    survivors = [place for place in range(len(content)) if not _is_refused(content, place)]
    assert not survivors


def _is_refused(package_bytes: bytes, place: int) -> bool:
    altered_bytes = bytearray(package_bytes)
    altered_bytes[place] ^= 1 << place % 8
    try:
        seal.opened_bytes(bytes(altered_bytes), contents.FILES)
    except PackageRefused:
        return True
    return False
