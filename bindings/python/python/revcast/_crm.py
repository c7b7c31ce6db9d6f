"""The export of a CRM: fits and back-tests."""

from __future__ import annotations

import os

from . import _revcast
from ._documents import Analysis, Document
from ._scenario import Scenario
from ._words import words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from ._documents import Forecast, Path, Progress


class Fit(Document):
    """A scenario that was fitted to the export of a CRM. The document is fit.json."""

    def __init__(self, inner: _revcast.Fit) -> None:
        self._inner: _revcast.Fit = inner

    def scenario(self, *, set: dict[str, Any] | None = None) -> Scenario:
        """The fitted scenario, ready to run, without any file being written."""
        file, files = self._inner.scenario()
        return Scenario([os.fspath(file), *words({"set": set})], files)

    def run(self, **options: Any) -> Forecast:
        """Plays the fitted scenario and forecasts, with the options of `Scenario.run`."""
        return self.scenario().run(**options)

    forecast = run

    def save(self, folder: Path | None = None) -> None:
        """Writes what `revcast fit --out FOLDER` writes, the same bytes: scenario, tables and charts. Unless said, below output/, named after the
        export."""
        self._inner.save(folder)


def fit(
    export: Path,
    *,
    history: Path | None = None,
    months: int | None = None,
    onto: Path | None = None,
    out: Path | None = None,
    simple: bool = False,
    seed: int | None = None,
    fiscal_year_begins: int | None = None,
    as_of: object = None,
    from_: object = None,
    map: Mapping[str, str] | None = None,
    join: Sequence[str] | None = None,
    won: Sequence[str] | None = None,
    lost: Sequence[str] | None = None,
    day_order: str | None = None,
    decimal: str | None = None,
    currency: str | None = None,
    progress: Progress | None = None,
) -> Fit:
    """Makes a scenario of the export of a CRM, CSV or .xlsx: what is open, and chances, rhythm, lead rates and sizes with how sure they are.

    history: when each deal entered each stage. months: how many to forecast. onto: a scenario to put the fit onto.
    out: the folder that `save` writes to unless said. simple: win rates and cycles in place of chances by age.
    as_of: the day before which all is known. from_: the first day on which closings are known.
    map: which columns hold what, {"region": "Territory"}. join: other files, "teams.csv:sales_agent". won, lost: the words that say so.
    day_order: "day-first" or "month-first". decimal: "point" or "comma".
    """
    options = dict(locals())
    progress = options.pop("progress")
    return Fit(_revcast.fit(_words_of_export(options), progress))


def backtest(
    export: Path,
    *,
    first_origin: object = None,
    every: str | None = None,
    horizon: Sequence[str] | None = None,
    simple: bool = False,
    trials: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    fiscal_year_begins: int | None = None,
    as_of: object = None,
    from_: object = None,
    map: Mapping[str, str] | None = None,
    join: Sequence[str] | None = None,
    won: Sequence[str] | None = None,
    lost: Sequence[str] | None = None,
    day_order: str | None = None,
    decimal: str | None = None,
    currency: str | None = None,
    progress: Progress | None = None,
) -> Analysis:
    """Replays the past of a CRM's export: forecasts made with what was known then, held against what happened, beside methods without a model.

    every: an origin each "month" or "week". first_origin: the earliest day of one. horizon: "1 month", "quarter", "4 weeks", …
    Elsewhere this is called cross-validation with a rolling origin: `revcast.cross_validation` is the same. The other options are those of `fit`.
    """
    options = dict(locals())
    progress = options.pop("progress")
    return Analysis(_revcast.ask("backtest", _words_of_export(options), [], progress))


def _words_of_export(options: dict[str, Any]) -> list[str]:
    """The words of a command about an export."""
    export = os.fspath(options.pop("export"))
    return ["--quiet", *words(options), "--", export]
