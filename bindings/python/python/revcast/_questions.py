"""The functions that ask something of a scenario. They are its methods, too."""

from __future__ import annotations

from . import _revcast
from ._documents import Analysis
from ._words import words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from ._documents import Progress
    from ._scenario import Plan


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
    from ._scenario import load

    options = dict(given)
    progress = options.pop("progress")
    scenarios = [load(scenario) for scenario in (options.pop("scenario"), *options.pop("others", ()))]
    said = ["--quiet", *words(options), "--", *(scenario.file for scenario in scenarios)]
    return Analysis(_revcast.ask(command, said, [scenario._held for scenario in scenarios], progress))
