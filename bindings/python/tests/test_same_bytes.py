"""What the wheel writes is what the program writes."""

import json

import pytest
import revcast
from conftest import ROOT, SCENARIOS, files


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_committed_scenario_has_the_program_s_files(scenario, program, tmp_path):
    file = f"scenarios/{scenario}"
    program("run", file, "--trials", 1000, "--out", tmp_path / "program", "--quiet", "--xlsx", "--trials-file", "trials.parquet")
    forecast = revcast.load(file).run(trials=1000)
    forecast.save(tmp_path / "wheel", xlsx=True, trials_file="trials.parquet")
    written = files(tmp_path / "wheel")
    assert written == files(tmp_path / "program")
    assert forecast.page().encode() == written["report.html"]
    assert set(forecast.charts()) == {name[7:-4] for name in written if name.endswith(".svg")}
    assert all(svg.encode() == written[f"charts/{name}.svg"] for name, svg in forecast.charts().items())
    # A document lists the files that were written with it.
    listed = json.loads(written["forecast.json"])
    listed["header"]["manifest"]["files"] = forecast.document["header"]["manifest"]["files"]
    listed["checksum"] = forecast.document["checksum"]
    assert listed == forecast.document


def test_a_dict_is_the_file_that_it_came_from(program, tmp_path):
    text = (ROOT / "scenarios/minimal.json").read_text()
    program("run", "scenarios/minimal.json", "--out", tmp_path / "program", "--quiet")
    revcast.load(json.loads(text), file="scenarios/minimal.json").run().save(tmp_path / "wheel")
    assert files(tmp_path / "wheel") == files(tmp_path / "program")


def test_what_is_laid_over_is_laid_over(program, tmp_path):
    file, laid = "scenarios/ai-marketing-plan.json", {"regions.*.conversion*": 1.08, "market.volatility": 0.2}
    settings = [word for path, value in laid.items() for word in ("--set", f"{path}={value}")]
    program("run", file, *settings, "--seed", 7, "--trials", 500, "--out", tmp_path / "program", "--quiet")
    for i, plan in enumerate([revcast.load(file, set=laid), revcast.load(revcast.load(file, set={"market.volatility": 0.2}), set={"regions.*.conversion*": 1.08})]):
        plan.run(seed=7, trials=500, threads=1 + i).save(tmp_path / f"wheel-{i}")
        assert files(tmp_path / f"wheel-{i}") == files(tmp_path / "program")


PLAN = "scenarios/ai-marketing-plan.json"
QUESTIONS = {
    "sensitivity": (lambda: revcast.sensitivity(PLAN, where="Year 1 missed", trials=500), [PLAN, "--where", "Year 1 missed"]),
    "solve": (
        lambda: revcast.load(PLAN).solve("regions.*.conversion", target="Year 1", probability=0.6, trials=500),
        [PLAN, "--vary", "regions.*.conversion", "--target", "Year 1", "--probability", "0.6"],
    ),
    "compare": (
        lambda: revcast.load(PLAN).compare("scenarios/downside.json", with_={"regions.*.conversion*": 1.08}, trials=500),
        [PLAN, "scenarios/downside.json", "--with", "regions.*.conversion*=1.08"],
    ),
    "sweep": (
        lambda: revcast.sweep(PLAN, {"market.volatility": [0.05, 0.1], "regions.*.conversion*": (0.9, 1.1)}, trials=500),
        [PLAN, "--grid", "market.volatility=0.05,0.1", "--grid", "regions.*.conversion*=0.9,1.1"],
    ),
    "pipeline": (
        lambda: revcast.load("scenarios/mid-year.json").pipeline(by="region", trials=500),
        ["scenarios/mid-year.json", "--by", "region"],
    ),
}


@pytest.mark.parametrize("command", QUESTIONS)
def test_every_question_has_the_program_s_files(command, program, tmp_path):
    ask, words = QUESTIONS[command]
    printed = program(command, *words, "--trials", 500, "--json", "--out", tmp_path / "program")
    found = ask()
    assert found.json().decode() == printed
    found.save(tmp_path / "wheel")
    assert files(tmp_path / "wheel") == files(tmp_path / "program")
    assert found.charts() and found.summary() in program(command, *words, "--trials", 500, "--out", tmp_path / "program")


def test_scenarios_of_one_name_are_compared_as_they_were_loaded():
    plan = json.loads((ROOT / "scenarios/minimal.json").read_text())
    more = revcast.load(plan, set={"regions.europe.conversion*": 1.1})
    differences = revcast.load(plan).compare(more, trials=2000).document["body"]["differences"]
    assert len(differences) == 1 and differences[0]["beats"]["higher"]["value"] > 0.9


def test_a_fit_and_its_forecast_are_the_program_s(program, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    export = ROOT / "scenarios/opportunities.csv"
    (tmp_path / "deals.csv").write_bytes(export.read_bytes())
    program("fit", "deals.csv", "--months", 6, "--out", "fit", "--quiet")
    fitted = revcast.fit("deals.csv", months=6)
    fitted.save("wheel")
    assert files(tmp_path / "wheel") == files(tmp_path / "fit")
    assert fitted.json() == (tmp_path / "fit/fit.json").read_bytes()
    fitted.save()
    program("run", "output/deals-fit/scenario.json", "--trials", 500, "--out", "run", "--quiet")
    fitted.scenario().run(trials=500).save("run-of-wheel")
    assert files(tmp_path / "run-of-wheel") == files(tmp_path / "run")


def test_a_back_test_is_the_program_s(program, tmp_path):
    words = ["--trials", 200, "--first-origin", "2026-09-01"]
    printed = program("backtest", "scenarios/opportunities.csv", *words, "--json", "--out", tmp_path / "program")
    found = revcast.cross_validation("scenarios/opportunities.csv", trials=200, first_origin="2026-09-01")
    assert found.json().decode() == printed
    found.save(tmp_path / "wheel")
    assert files(tmp_path / "wheel") == files(tmp_path / "program")


def test_parts_make_the_whole_wherever_they_are_played(program, tmp_path):
    import pickle

    plan = pickle.loads(pickle.dumps(revcast.load(PLAN)))
    program("run", PLAN, "--trials", 1000, "--out", tmp_path / "program", "--quiet")
    parts = [plan.shard(part, 3, trials=1000) for part in (3, 1, 2)]
    program("run", PLAN, "--trials", 1000, "--shard", "1/3", "--out", tmp_path / "1.shard", "--quiet")
    assert parts[1] == (tmp_path / "1.shard").read_bytes()
    revcast.merge(parts).save(tmp_path / "wheel")
    assert files(tmp_path / "wheel") == files(tmp_path / "program")

    grid = {"market.volatility": [0.05, 0.1], "regions.*.conversion*": [0.9, 1.0, 1.1]}
    whole = plan.sweep(grid, trials=500)
    parts = [plan.shard(part, 4, grid=grid, trials=500) for part in (2, 4, 1, 3)]
    assert revcast.merge(parts).json() == whole.json()
