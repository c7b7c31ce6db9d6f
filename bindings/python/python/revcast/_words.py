"""Options as the words of the command line, so that they mean the same here as there."""

from __future__ import annotations

import os

# Names that Python keeps for itself.
KEPT = {"with_": "with", "from_": "from"}
# Options whose two numbers are a range.
RANGES = {"range", "between"}
# Options that take several values with commas between them.
LISTS = {"grid", "horizon", "lost", "metrics", "won"}


def words(options: dict[str, object]) -> list[str]:
    """The words of options by their names: `at_least=5` is `--at-least=5`; None and False are left out."""
    said: list[str] = []
    for name, value in options.items():
        option = "--" + KEPT.get(name, name).replace("_", "-")
        if value is None or value is False:
            continue
        if value is True:
            said.append(option)
        elif hasattr(value, "keys"):
            said += [f"{option}={path}={_value(name, value[path])}" for path in value.keys()]  # type: ignore[index]
        elif _is_list(value) and name not in RANGES | LISTS:
            said += [f"{option}={_value(name, one)}" for one in value]  # type: ignore[attr-defined]
        else:
            said.append(f"{option}={_value(name, value)}")
    return said


def _value(name: str, value: object) -> str:
    """A value as it is typed: a range as LOW..HIGH, several with commas, what JSON alone can say as JSON, all else as its text."""
    if _is_list(value) and name in RANGES | LISTS:
        return (".." if name in RANGES else ",").join(_value("", one) for one in value)  # type: ignore[attr-defined]
    if value is None or isinstance(value, (bool, dict, list, tuple)):
        import json

        return json.dumps(value)
    # Numbers of numpy, days and paths have a text of their own.
    return os.fspath(value) if isinstance(value, os.PathLike) else str(value)


def _is_list(value: object) -> bool:
    return hasattr(value, "__iter__") and not isinstance(value, (str, bytes, os.PathLike))
