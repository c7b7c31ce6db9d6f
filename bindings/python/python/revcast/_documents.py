"""What the functions give: forecasts and analyses, and what a fit is, too. Each has a document, charts, and what it says in words."""

from __future__ import annotations

import os

from . import _revcast
from ._words import words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Progress = Callable[[int, int], object]
    Path = str | os.PathLike[str]


class Document:
    """A document of revcast, its charts, and what it says in words."""

    _inner: _revcast.Forecast | _revcast.Analysis | _revcast.Fit
    _json: bytes | None = None

    def __repr__(self) -> str:
        return f"<revcast.{type(self).__name__}: {self.summary().splitlines()[0]}>"

    def __str__(self) -> str:
        return self.summary()

    def json(self) -> bytes:
        """The document as the program writes it: one line of JSON, which ends with a checksum."""
        if self._json is None:
            self._json = self._inner.json()
        return self._json

    @property
    def document(self) -> dict[str, Any]:
        """The document as a dict: `kind`, `format`, `header` (what repeats it, and what it is about) and `body`."""
        import json

        document: dict[str, Any] = json.loads(self.json())
        return document

    def summary(self) -> str:
        """What was found, in words, as the program prints it."""
        return self._inner.summary()

    def charts(self) -> dict[str, str]:
        """The charts by their names, as SVG."""
        return dict(self._inner.charts([]))

    def _repr_html_(self) -> str:
        """For a notebook: what was found, and the first chart."""
        from base64 import b64encode
        from html import escape

        # Its columns stand below each other in letters of one width, which not every notebook gives it.
        shown = f'<pre style="font-family:monospace">{escape(self.summary())}</pre>'
        for name, svg in list(self.charts().items())[:1]:
            drawn = b64encode(svg.encode()).decode()
            shown += f'<img alt="{escape(name)}" style="max-width:60em;width:100%" src="data:image/svg+xml;base64,{drawn}">'
        return shown


class Forecast(Document):
    """What a run found: the range of every figure, and the chance of each target. The document is forecast.json."""

    def __init__(self, inner: _revcast.Forecast) -> None:
        self._inner: _revcast.Forecast = inner

    def details(self) -> str:
        """What is behind it: assumptions, errors, inputs, the closed-form check."""
        return self._inner.details()

    def bands(self) -> list[dict[str, Any]]:
        """The bands of every metric, region (and `tag=value`, and total) and period: a row each, as in bands.csv, that any data frame takes.

        `mean`, `p5` to `p95` and `sd` are money in the scenario's currency, counts, or shares; `se_…` are their standard errors. None stands for unknown.
        """
        import csv
        import io

        texts = ("metric", "region", "period", "start")
        table = csv.DictReader(io.StringIO(self._inner.bands_csv().decode()))
        return [{key: cell if key in texts else float(cell) if cell else None for key, cell in row.items()} for row in table]

    def targets(self) -> list[dict[str, Any]]:
        """The targets: what each asks for, and the `probability` that it is met, with its standard error."""
        targets: list[dict[str, Any]] = self.document["body"]["forecast"]["targets"]
        return targets

    def trials(self, *metrics: str, progress: Progress | None = None) -> _revcast.Trials:
        """Metrics in every trial; without any, that of the main figure.

        A table of trials × (metrics × regions × months), whose columns are called metric:region:month. pyarrow, polars and DuckDB take it
        through the Arrow PyCapsule interface without a copy: `polars.DataFrame(forecast.trials("bookings"))`. Money is in the scenario's currency;
        null stands for unknown.
        """
        named = [name for given in metrics for name in ([given] if isinstance(given, str) else given)]
        return self._inner.trials(list(dict.fromkeys(named)), progress)

    def page(self, *, period: str | None = None, locale: str | None = None) -> str:
        """The page, report.html: one file that asks no network for anything. period: month, quarter or year, the rows of its table; locale: how
        numbers are written, such as de."""
        return self._inner.page(words({"period": period, "locale": locale}))

    def save(
        self,
        folder: Path,
        *,
        trials_file: str | None = None,
        xlsx: bool = False,
        tune: bool = False,
        chart_size: str | None = None,
        csv_style: str | None = None,
        period: str | None = None,
        locale: str | None = None,
    ) -> None:
        """Writes what `revcast run --out FOLDER` writes, the same bytes: all files or none. The folder is for them alone.

        trials_file: also every trial, trials.csv or trials.parquet; xlsx: also a workbook; tune: also a page whose inputs can be moved.
        """
        options: dict[str, object] = dict(
            trials_file=trials_file,
            xlsx=xlsx,
            tune=tune,
            chart_size=chart_size,
            csv_style=csv_style,
            period=period,
            locale=locale,
        )
        self._inner.save(folder, words(options))


class Analysis(Document):
    """What a question found. The document is that of its command: sensitivity.json, solution.json, comparison.json, sweep.json, pipeline.json or
    backtest.json."""

    def __init__(self, inner: _revcast.Analysis) -> None:
        self._inner: _revcast.Analysis = inner

    def save(self, folder: Path, *, chart_size: str | None = None, csv_style: str | None = None) -> None:
        """Writes what the command writes with `--out FOLDER`, the same bytes: all files or none. The folder is for them alone."""
        self._inner.save(folder, words({"chart_size": chart_size, "csv_style": csv_style}))
