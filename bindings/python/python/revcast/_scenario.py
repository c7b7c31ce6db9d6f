"""Scenarios: how they are read, run, asked, and played in parts."""

from __future__ import annotations

import os

from . import _revcast
from ._documents import Analysis, Forecast
from ._words import as_json, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any, Union

    from ._documents import Path, Progress

    Plan = Union["Scenario", Path, dict[str, Any]]


def sensitivity(
    scenario: Plan,
    *,
    target: str | None = None,
    metric: str | None = None,
    period: str | None = None,
    region: str | None = None,
    range: Mapping[str, tuple[float, float]] | None = None,
    where: str | None = None,
    trials: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    date: object = None,
    progress: Progress | None = None,
) -> Analysis:
    """What drives a figure: a tornado, shares of variance, what each input is worth knowing.

    target: ask about the chance of this target; else metric, period and region name a figure, the main one unless said.
    range: give fixed inputs a range for this question: {"regions.europe.retention": (0.9, 0.98)}.
    where: say what was different in some outcomes: "main <= p10", "Year 1 missed".
    """
    return _ask("sensitivity", locals())


def solve(
    scenario: Plan,
    vary: str | Sequence[str],
    *,
    target: str | None = None,
    metric: str | None = None,
    period: str | None = None,
    region: str | None = None,
    probability: float | str | None = None,
    mean: float | str | None = None,
    percentile: str | None = None,
    at_least: float | str | None = None,
    between: tuple[float, float] | None = None,
    trials: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    date: object = None,
    progress: Progress | None = None,
) -> Analysis:
    """What it takes: the value of an input, or a factor on several, at which something holds.

    vary: the paths of the inputs, such as "regions.europe.conversion.mean" or "regions.*.leads.monthly".
    Look for this probability of the target; or for this mean of the figure; or for where a percentile, such as "p10", comes to at_least.
    between: where to look.
    """
    return _ask("solve", locals())


def compare(
    scenario: Plan,
    *others: Plan,
    with_: Mapping[str, Any] | None = None,
    set: Mapping[str, Any] | None = None,
    target: str | None = None,
    metric: str | None = None,
    period: str | None = None,
    region: str | None = None,
    trials: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    date: object = None,
    progress: Progress | None = None,
) -> Analysis:
    """Scenarios on the same draws: what differs from the first, how sure that is, and which change brings how much of it.

    with_: also compare with the first scenario changed like this. set: fields to set in every scenario.
    """
    return _ask("compare", locals())


def sweep(
    scenario: Plan,
    grid: Mapping[str, Iterable[Any]],
    *,
    trials: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    date: object = None,
    progress: Progress | None = None,
) -> Analysis:
    """Every combination of values of some fields, on the same draws.

    grid: the values of each field, or factors on what a path that ends with * holds:
    {"market.volatility": [0.05, 0.1], "regions.*.conversion*": [0.9, 1, 1.1]}.
    progress: called with how many combinations are played, and how many there are.
    """
    return _ask("sweep", locals())


def pipeline(
    scenario: Plan,
    *,
    target: str | None = None,
    period: str | None = None,
    by: str | None = None,
    trials: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    date: object = None,
    progress: Progress | None = None,
) -> Analysis:
    """What may become of each open deal and each renewal, and which deals move a target. by: group the deals by a column of their list."""
    return _ask("pipeline", locals())


def _ask(command: str, given: dict[str, Any]) -> Analysis:
    """Asks the question of a command, with the arguments of its function."""
    options = dict(given)
    progress = options.pop("progress")
    scenarios = [load(scenario) for scenario in (options.pop("scenario"), *options.pop("others", ()))]
    said = ["--quiet", *words(options), "--", *(scenario.file for scenario in scenarios)]
    return Analysis(_revcast.ask(command, said, [scenario._held for scenario in scenarios], progress))


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
    sensitivity = sensitivity
    solve = solve
    compare = compare
    sweep = sweep
    pipeline = pipeline

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
        precision: float | str | None = None,
        progress: Progress | None = None,
    ) -> bytes:
        """One of so many equal parts of a run's futures, or, with a grid, of a sweep's combinations: the bytes of what `--shard PART/OF` writes.
        Parts are counted from 1. `revcast.merge` puts all of them together, wherever they were played.
        """
        options: dict[str, object] = dict(trials=trials, seed=seed, threads=threads)
        if grid is not None:
            said = self._words({"grid": grid, "shard": f"{part}/{of}", "out": "shard", **options})
            return _revcast.ask("sweep", said, [self._held], progress).json()
        options |= {"metrics": metrics, "precision": precision}
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
