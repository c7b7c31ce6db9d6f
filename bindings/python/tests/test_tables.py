"""Bands, targets and trials, as data people take them."""

import csv
import io

import duckdb
import numpy
import pandas
import polars
import pyarrow
import pytest
import revcast

PLAN = "scenarios/ai-marketing-plan.json"


@pytest.fixture(scope="module")
def forecast(request):
    return revcast.load(request.config.rootpath.parents[1] / PLAN).run(trials=2000)


def test_bands_are_those_of_the_table(forecast, tmp_path):
    forecast.save(tmp_path / "run")
    table = list(csv.DictReader(io.StringIO((tmp_path / "run/bands.csv").read_text())))
    rows = forecast.bands()
    assert len(rows) == len(table)
    numbers = [key for key in table[0] if key not in ("metric", "region", "period", "start")]
    assert all(row[key] is None if cell[key] == "" else row[key] == float(cell[key]) for row, cell in zip(rows, table) for key in numbers)
    assert pandas.DataFrame(rows).shape == polars.DataFrame(rows).shape == (len(rows), len(table[0]))


def test_targets_have_their_chances(forecast):
    targets = forecast.targets()
    assert [target["name"] for target in targets][0] == "Year 1"
    assert all(0 <= target["probability"]["value"] <= 1 for target in targets)


def test_trials_add_up_to_the_bands(forecast):
    trials = forecast.trials("bookings")
    frame = polars.DataFrame(trials)
    assert trials.shape == frame.shape == (2000, 3 * 36)
    rows = {row["period"]: row for row in forecast.bands() if (row["metric"], row["region"]) == ("bookings", "total")}
    for period in ("2027-12", "2029"):
        total = frame.select(polars.sum_horizontal(column for column in frame.columns if f":{period}" in column)).to_series()
        # They are rounded to what their errors support.
        assert abs(total.mean() - rows[period]["mean"]) < 0.1 * rows[period]["se_mean"]
        assert abs(total.quantile(0.9) - rows[period]["p90"]) < rows[period]["se_p90"]


def test_trials_are_taken_without_a_copy(forecast):
    trials = forecast.trials("bookings", "revenue")
    name = trials.columns[0]
    table = pyarrow.table(trials)
    again = pyarrow.table(trials)
    address = table[name].chunk(0).buffers()[1].address
    assert address == again[name].chunk(0).buffers()[1].address
    assert polars.DataFrame(trials)[name].to_arrow().buffers()[1].address == address
    column = table[name].chunk(0).to_numpy(zero_copy_only=True)
    assert column.__array_interface__["data"] == (address, True)
    assert numpy.array_equal(column, trials[name])


def test_pandas_and_duckdb_read_them(forecast):
    trials = forecast.trials()
    name = trials.columns[0]
    table = pyarrow.table(trials)
    assert table.to_pandas()[name].mean() == pytest.approx(numpy.mean(trials[name]))
    assert duckdb.sql(f'select avg("{name}") from trials').fetchall()[0][0] == pytest.approx(numpy.mean(trials[name]))


def test_what_is_unknown_is_null():
    trials = revcast.load("scenarios/minimal.json", set={"investment": [{"name": "ads", "amount": 1000, "from_month": 6, "months": 1}]}).run(
        trials=200
    ).trials("roi")
    table = pyarrow.table(trials)
    assert table.column_names[0] == "roi:total:2027-01"
    assert table[0].null_count == 200 and trials["roi:total:2027-01"][0] is None


def test_a_run_that_is_not_kept_has_the_trials_of_one_that_is():
    # A run of so many futures is played again for each table.
    plan = revcast.load(PLAN)
    many = plan.run(trials=200_000)
    few = plan.run(trials=1000)
    name = "bookings:" + few.trials("bookings").columns[0].split(":", 1)[1]
    assert many.trials("bookings")[name][:1000] == few.trials("bookings")[name]
    assert many.trials("leads")[name.replace("bookings", "leads")][:1000] == few.trials("leads")[name.replace("bookings", "leads")]


def test_a_notebook_shows_the_answer_and_a_chart(forecast):
    shown = forecast._repr_html_()
    assert shown.startswith("<pre ") and forecast.summary().splitlines()[0].split(":")[0] in shown
    assert shown.count('src="data:image/svg+xml;base64,') == 1
