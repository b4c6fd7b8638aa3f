"""The package that a county hands to the city: what it found, signed, with fingerprints of its rows but no register."""

from auditlib.package import fingerprints, tokens
from auditlib.package.contents import Package, pack, read_package
from auditlib.package.refusals import PackageRefused

__all__ = ["Package", "PackageRefused", "fingerprints", "pack", "read_package", "tokens"]
