"""Where the demonstration writes, and where it cannot be given."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from auditlib.base.errors import Problem, UsageError
from auditlib.base.language import Text
from auditlib.base.places import ROOT, SAMPLES

NO_SAMPLES = Problem(
    Text(
        "安装包里没有演示用的样例城市", "the sample city of the demonstration is not in the installed program"
    ),
    Text("auditlib demo", "auditlib demo"),
    Text(
        "运行 auditlib init 文件夹名，再在该文件夹运行 auditlib self-check params/qinghe-2020-autumn.yaml；全部样例在源码库中",
        "run auditlib init FOLDER, then in it auditlib self-check params/qinghe-2020-autumn.yaml; all samples are in the repository",
    ),
)


def refuse_without_samples(language: str) -> None:
    """Raises UsageError where neither the samples nor what makes the city's packages of them are installed."""
    if not (SAMPLES / "city").is_dir() or find_spec("samples") is None:
        raise UsageError(NO_SAMPLES, language)


def below(runs: Path, path: Path) -> Path:
    """``path``, which the sample parameters place in the checkout's runs/, in ``runs``."""
    return runs / path.relative_to(ROOT / "runs")
