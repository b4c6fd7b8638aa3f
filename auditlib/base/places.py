"""Where the checkout keeps what inspectors edit: params/, notebooks/, data_samples/."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PARAMS = ROOT / "params"
CODES = PARAMS / "codes"
HEADERS = PARAMS / "headers.csv"
POLICIES = PARAMS / "policy"
NOTEBOOKS = ROOT / "notebooks"
SAMPLES = ROOT / "data_samples"
