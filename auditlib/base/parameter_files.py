"""A parameter file opened: what the command line names outranks it, relative paths start from its folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from auditlib.base.strict_yaml import read_yaml

Parameters = TypeVar("Parameters", bound=Any)


def read_parameters(
    path: Path, check: Callable[..., Parameters], overrides: Mapping[str, Any], **choices: Any
) -> Parameters:
    """The parameters in ``path`` as ``check`` takes them (with ``choices``); ``overrides`` outrank the file.

    Relative paths are relative to the folder of ``path``, but an output folder of ``overrides`` to where the user stands.
    """
    of_call = {key: value for key, value in overrides.items() if value is not None}
    values = {**read_yaml(path), **of_call}
    parameters = check(values, base=path.resolve().parent, place=path.name, **choices)
    if "output_dir" not in of_call:
        return parameters
    output: Parameters = replace(parameters, output_dir=Path(of_call["output_dir"]).resolve())
    return output
