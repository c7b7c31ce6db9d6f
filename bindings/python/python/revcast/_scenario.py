"""Scenarios: how they are read, run, and played in parts."""

from __future__ import annotations

import os

from . import _questions, _revcast
from ._documents import Analysis, Forecast
from ._words import as_json, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any, Union

    from ._documents import Path, Progress

    Plan = Union["Scenario", Path, dict[str, Any]]


class Scenario:
    """A scenario that was read and checked, with what is laid over it.

    Its files are held as they were when it was loaded: what is done to them later, or to a dict that it was made of, changes nothing. It can be pickled,
    so that another process or machine plays it without them.
    """

    name: str
    """The name that it gives itself."""
    file: str
    """The file that it was read from."""

    def __init__(self, given: list[str], files: Sequence[tuple[Path, bytes]]) -> None:
        self.file, self._laid = given[0], given[1:]
        self._held = _revcast.load([*self._laid, "--", self.file], files)
        self.name = self._held.name

    def __reduce__(self) -> tuple[type[Scenario], tuple[list[str], Sequence[tuple[Path, bytes]]]]:
        return Scenario, ([self.file, *self._laid], self._held.files())

    def __repr__(self) -> str:
        return f"<revcast.Scenario {self.name!r} of {self.file}>"

    def check(self) -> str:
        """How the scenario was understood, and what an audit of the plan against itself found: what `revcast check` prints."""
        return f"{self._held.understood}\n{self._held.audit}"

    def _words(self, options: dict[str, object]) -> list[str]:
        return ["--quiet", *words(options), "--", self.file]

    def run(
        self,
        *,
        trials: int | None = None,
        seed: int | None = None,
        threads: int | None = None,
        metrics: list[str] | None = None,
        precision: float | str | None = None,
        deep: bool = False,
        budget: Path | None = None,
        since: Path | None = None,
        date: object = None,
        progress: Progress | None = None,
    ) -> Forecast:
        """Plays the scenario and forecasts.

        trials: how many futures, whatever the scenario says; seed: which.
        threads: threads to work on, one a core unless said; they change no number.
        metrics: play and keep these alone, such as ["bookings", "revenue"], with those that targets are of.
        precision: play until the standard errors of P10, P50 and P90 of the main figure are at most this share of P50, such as 0.005.
        deep: also say what drives it, what it would take, what a step for the worse costs, what each lever brings.
        budget: a CSV file that the forecast is held against. since: an earlier forecast.json, to say what moved since.
        date: the day that the results bear.
        progress: called with how many futures are played and how many there are; what it raises stops the run.
        """
        options: dict[str, object] = dict(
            trials=trials,
            seed=seed,
            threads=threads,
            metrics=metrics,
            precision=precision,
            deep=deep,
            budget=budget,
            since=since,
            date=date,
        )
        return Forecast(_revcast.forecast(self._words(options), [self._held], progress))

    forecast = run
    sensitivity = _questions.sensitivity
    solve = _questions.solve
    compare = _questions.compare
    sweep = _questions.sweep
    pipeline = _questions.pipeline

    def shard(
        self,
        part: int,
        of: int,
        *,
        grid: dict[str, Any] | None = None,
        trials: int | None = None,
        seed: int | None = None,
        threads: int | None = None,
        metrics: list[str] | None = None,
        progress: Progress | None = None,
    ) -> bytes:
        """One of so many equal parts of a run's futures, or, with a grid, of a sweep's combinations: the bytes of what `--shard PART/OF` writes.
        Parts are counted from 1. `revcast.merge` puts all of them together, wherever they were played.
        """
        options: dict[str, object] = dict(trials=trials, seed=seed, threads=threads)
        if grid is not None:
            said = self._words({"grid": grid, "shard": f"{part}/{of}", "out": "shard", **options})
            return _revcast.ask("sweep", said, [self._held], progress).json()
        options["metrics"] = metrics
        return _revcast.shard(f"{part}/{of}", self._words(options), [self._held], progress)


def load(
    scenario: Plan,
    *,
    set: Mapping[str, Any] | None = None,
    set_file: Path | Sequence[Path] | None = None,
    until: object = None,
    file: Path = "scenario.json",
) -> Scenario:
    """Reads a scenario, and checks it: a file, or a dict of what would stand in one.

    set: fields to set, by their paths: {"regions.europe.conversion.mean": 0.27}; a path that ends with * multiplies what it holds, by the factor:
    {"regions.*.conversion*": 1.08}.
    set_file: sheets of fields to set, as `revcast template` writes them. until: the last day of the forecast.
    file: what a dict is called, and the place that paths in it start from.

    A scenario that was loaded can be loaded again with more laid over it. Raises ScenarioError with all faults.
    """
    laid = words({"set": set, "set_file": set_file, "until": until})
    if isinstance(scenario, Scenario):
        return Scenario([scenario.file, *scenario._laid, *laid], scenario._held.files()) if laid else scenario
    if isinstance(scenario, dict):
        name = os.fspath(file)
        return Scenario([name, *laid], [(name, as_json(scenario).encode())])
    if not isinstance(scenario, (str, os.PathLike)):
        hint = "; a fit has one: fit.scenario()" if hasattr(scenario, "scenario") else ""
        raise TypeError(f"scenario: a {type(scenario).__name__}, where a file, a dict or a loaded scenario is asked for{hint}")
    return Scenario([os.fspath(scenario), *laid], [])


def merge(
    shards: Iterable[bytes | Path],
    *,
    threads: int | None = None,
    deep: bool = False,
    budget: Path | None = None,
    date: object = None,
    progress: Progress | None = None,
) -> Forecast | Analysis:
    """Puts the parts of a run, or of a sweep, together, as `Scenario.shard` gave them, in any order: what one machine would have found, byte for byte.

    shards: the bytes of the parts, or their files, which are read a piece at a time: so they may hold more than fits into memory.
    """
    if isinstance(shards, (str, bytes, os.PathLike)):
        raise TypeError("shards: one of them, where a list of all parts is asked for")
    parts = [bytes(part) if isinstance(part, (bytearray, memoryview)) else part for part in shards]
    if not parts:
        raise ValueError("shards: none; give all parts of a run or a sweep")
    files = [os.fspath(part) for part in parts if not isinstance(part, bytes)]
    named = [(f"shard {i}", part) for i, part in enumerate(parts, 1) if isinstance(part, bytes)]
    if files and named:
        raise TypeError("shards: some are files and some are bytes; give all of them as one or the other")
    said = ["--quiet", *words({"threads": threads, "deep": deep, "budget": budget, "date": date})]
    merged = _revcast.merge(files, named, said, progress)
    return Analysis(merged) if isinstance(merged, _revcast.Analysis) else Forecast(merged)
