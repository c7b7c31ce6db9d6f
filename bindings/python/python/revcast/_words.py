"""Options as the words of the command line, so that they mean the same here as there."""

from __future__ import annotations

import os

# Names that Python keeps for itself.
KEPT = {"with_": "with", "from_": "from"}
# Options of pairs, PATH=VALUE.
PAIRS = {"grid", "map", "range", "set", "with_"}
# Options whose two numbers are a range.
RANGES = {"range", "between"}
# Options that take several values with commas between them.
LISTS = {"grid", "horizon", "lost", "metrics", "won"}


def words(options: dict[str, object]) -> list[str]:
    """The words of options by their names: `at_least=5` is `--at-least=5`; None, False and empty lists are left out."""
    said: list[str] = []
    for name, value in options.items():
        option = "--" + KEPT.get(name, name).replace("_", "-")
        if value is None or value is False:
            continue
        if value is True:
            said.append(option)
        elif name in PAIRS:
            if not hasattr(value, "keys"):
                raise TypeError(f"{name}: {_kind(value)}, where a dict is asked for, paths with what they shall be")
            said += [f"{option}={path}={_value(name, value[path])}" for path in value.keys()]  # type: ignore[index]
        elif _is_list(value) and name not in RANGES | LISTS:
            said += [f"{option}={_value(name, one)}" for one in value]  # type: ignore[attr-defined]
        elif not _is_list(value) or list(value):  # type: ignore[call-overload]
            said.append(f"{option}={_value(name, value)}")
    return said


def as_json(value: object) -> str:
    """A value as JSON; numbers of numpy and days among it are what they are called."""
    import json

    def plain(value: object) -> object:
        if hasattr(value, "item"):
            return value.item()
        if hasattr(value, "isoformat"):
            return value.isoformat()
        raise TypeError(f"{_kind(value)}, where JSON has texts, numbers, lists and dicts")

    try:
        return json.dumps(value, default=plain, allow_nan=False)
    except ValueError as error:
        raise ValueError(f"a value that JSON cannot say, such as NaN or infinity: {error}") from None


def _value(name: str, value: object) -> str:
    """A value as it is typed: a range as LOW..HIGH, several with commas, what JSON alone can say as JSON, all else as its text."""
    if _is_list(value) and name in RANGES:
        return "..".join(_text(name, one) for one in value)  # type: ignore[attr-defined]
    if _is_list(value) and name in LISTS:
        texts = [_text(name, one) for one in value]  # type: ignore[attr-defined]
        for text in texts:
            if "," in text:
                raise ValueError(f"{name}: {text!r}, in which the comma would part it; no value of this list may have one")
        return ",".join(texts)
    if name in PAIRS and name != "map" and (value is None or isinstance(value, (bool, dict, list, tuple))):
        return as_json(value)
    return _text(name, value)


def _text(name: str, value: object) -> str:
    """The text of one value. Numbers of numpy, days and paths have one of their own."""
    if isinstance(value, os.PathLike):
        return os.fspath(value)  # type: ignore[no-any-return]
    if isinstance(value, (bool, dict, list, tuple)) or value is None:
        return as_json(value)
    if isinstance(value, (str, int, float)) or (hasattr(value, "item") and not _is_list(value)) or hasattr(value, "isoformat"):
        return str(value)
    raise TypeError(f"{name}: {_kind(value)}, where a text, a number, a day or the path of a file is asked for")


def _kind(value: object) -> str:
    return f"a {type(value).__name__}"


def _is_list(value: object) -> bool:
    """Whether it holds several values: an array of no dimension is one."""
    if isinstance(value, (str, bytes, os.PathLike)) or hasattr(value, "keys"):
        return False
    return hasattr(value, "__iter__") and getattr(value, "shape", None) != ()
