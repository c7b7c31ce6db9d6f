"""Faults, signals, threads and progress."""

import inspect
import re
import signal
import subprocess
import sys
import threading
import time

import pytest
import revcast
from revcast import _words

PLAN = "scenarios/ai-marketing-plan.json"
FAULTY = {"name": "Faulty", "start": "2027-13", "months": 12, "regions": {"europe": {"leads": {"monthly": -3}, "conversion": 1.2}}}


def test_a_faulty_dict_tells_all_faults_at_once():
    with pytest.raises(revcast.ScenarioError) as raised:
        revcast.load(FAULTY)
    faults = raised.value.faults
    paths = [fault["path"] for fault in faults]
    assert {"start", "regions.europe.leads.monthly", "regions.europe.conversion"} <= set(paths)
    assert all(path in str(raised.value) for path in paths)
    assert all(fault["file"] == "scenario.json" and fault["found"] and fault["allowed"] for fault in faults)


def test_what_people_wrote_is_quoted_as_they_wrote_it():
    plan = revcast.load(PLAN, set={"name": "Draft --deep of --at-least"})
    assert "Draft --deep of --at-least" in plan.run(trials=100).summary()
    with pytest.raises(revcast.ScenarioError) as raised:
        revcast.load({"name": "--set", "start": "--trials"})
    assert next(fault for fault in raised.value.faults if fault["path"] == "start")["found"].count("--trials") == 1


def test_values_of_other_libraries_are_values():
    import datetime

    import numpy

    plain = revcast.load(PLAN, set={"regions.europe.conversion": {"mean": 0.25, "sd": 0.02}}).run(trials=100).json()
    given = {"mean": numpy.float64(0.25), "sd": numpy.float64(0.02)}
    assert revcast.load(PLAN, set={"regions.europe.conversion": given}).run(trials=numpy.int64(100)).json() == plain
    assert revcast.load(PLAN).run(trials=100, date=datetime.date(2027, 1, 4)).document["header"]["date"] == "2027-01-04"
    swept = [revcast.load(PLAN).sweep({"market.volatility": values}, trials=100).json() for values in ([0.25, 0.5], numpy.array([0.25, 0.5]))]
    assert swept[0] == swept[1]


def test_the_faults_are_those_that_the_program_tells(program, tmp_path):
    import json

    (tmp_path / "scenario.json").write_text(json.dumps(FAULTY))
    said = program("check", tmp_path / "scenario.json", code=2)
    with pytest.raises(revcast.ScenarioError) as raised:
        revcast.load(tmp_path / "scenario.json")
    assert said == f"error: {raised.value}\n"


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda plan: plan.run(trials=0), revcast.ScenarioError, ["trials 0", "allowed"]),
        (lambda plan: plan.run(threads=0), ValueError, ["threads", "1..=1024"]),
        (lambda plan: plan.run(trials=10**8), ValueError, ["GiB", "trials"]),
        (lambda plan: plan.run(metrics=["profits"]), revcast.ScenarioError, ["profits"]),
        (lambda plan: plan.run(trials=100).trials("profits"), ValueError, ["profits", "bookings"]),
        (lambda plan: plan.run(trials=100).trials("opex"), ValueError, ["opex"]),
        (lambda plan: plan.solve("regions.*.conversion"), ValueError, ["at_least"]),
        (lambda plan: plan.solve("regions.*.conversion", target="Year 9", probability=0.5), ValueError, ["Year 9", "Year 1"]),
        (lambda plan: plan.sweep({"market.volatility": [-1]}), revcast.ScenarioError, ["market.volatility"]),
        (lambda plan: plan.compare(), ValueError, ["two or more"]),
        (lambda plan: plan.pipeline(), ValueError, ["no open deals"]),
        (lambda plan: plan.shard(3, 2), ValueError, ["1/2 to 2/2"]),
        (lambda plan: revcast.load("no/such/plan.json"), revcast.ScenarioError, ["no such file"]),
        (lambda plan: revcast.load({"extends": "nowhere.json"}), revcast.ScenarioError, ["nowhere.json"]),
        (lambda plan: revcast.load(PLAN, set={"regions.europ.conversion": 1}), revcast.ScenarioError, ["regions.europ"]),
        (lambda plan: revcast.fit("README.md"), revcast.ScenarioError, ["README.md"]),
        (lambda plan: revcast.fit("no/such/deals.csv"), ValueError, ["no such file"]),
        (lambda plan: revcast.backtest("scenarios/opportunities.csv", every="day"), ValueError, ["day", "month"]),
        (lambda plan: revcast.merge([]), ValueError, ["shard"]),
        (lambda plan: revcast.merge([b"nothing"]), revcast.ScenarioError, ["shard 1"]),
        (lambda plan: revcast.merge([plan.shard(1, 2, trials=100)]), revcast.ScenarioError, ["51"]),
        (lambda plan: plan.run(trials=100).save("src"), ValueError, ["src"]),
        (lambda plan: plan.run(budget="README.md", trials=100), revcast.ScenarioError, ["README.md"]),
        (lambda plan: revcast.fit("scenarios/opportunities.csv", onto=plan), TypeError, ["onto", "Scenario", "path of a file"]),
        (lambda plan: revcast.load(5), TypeError, ["int", "a file, a dict"]),
        (lambda plan: revcast.load({"months": float("nan")}), ValueError, ["NaN"]),
        (lambda plan: plan.sweep({"name": ["a,b", "c"]}), ValueError, ["'a,b'", "comma"]),
        (lambda plan: plan.sweep(["market.volatility"]), TypeError, ["grid", "dict"]),
        (lambda plan: revcast.merge("1.shard"), TypeError, ["list of all parts"]),
    ],
)
def test_bad_input_is_told_in_words(call, kind, words, capfd):
    with pytest.raises(kind) as raised:
        call(revcast.load(PLAN))
    text = str(raised.value)
    assert all(word in text for word in words), text
    assert not re.search(r"(^|\s)--[a-z]", text), text
    # Nothing is printed beside it.
    assert capfd.readouterr() == ("", "")


def test_a_scenario_that_is_changed_while_it_is_played_stays_as_it_was_loaded(tmp_path):
    file = tmp_path / "plan.json"
    text = open("scenarios/minimal.json").read()
    file.write_text(text)
    given = {"extends": str(file)}
    plan, of_dict = revcast.load(file), revcast.load(given)
    before = plan.run(trials=200).json()
    file.write_text("{")
    given["extends"] = "elsewhere.json"
    assert plan.run(trials=200).json() == before
    assert of_dict.run(trials=200).targets() == plan.run(trials=200).targets()


def test_ctrl_c_stops_what_is_running():
    code = f"import revcast; plan = revcast.load({PLAN!r}); print('on', flush=True); plan.run(trials=1_000_000)"
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "on\n"
    time.sleep(0.5)
    child.send_signal(signal.SIGINT)
    said = child.communicate(timeout=20)[1]
    assert said.rstrip().endswith("KeyboardInterrupt"), said


def test_other_threads_go_on():
    plan, ticks, done = revcast.load(PLAN), [], threading.Event()

    def tick():
        while not done.is_set():
            ticks.append(time.monotonic())
            time.sleep(0.001)

    ticker = threading.Thread(target=tick)
    ticker.start()
    plan.run(trials=20_000, threads=1)
    done.set()
    ticker.join()
    # Nowhere was it held up for longer than a tenth of a second.
    assert max(after - before for before, after in zip(ticks, ticks[1:])) < 0.1


def test_threads_may_share_a_forecast():
    forecast = revcast.load(PLAN).run(trials=1000)
    found = []
    threads = [threading.Thread(target=lambda: found.append((forecast.page(), forecast.json()))) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(set(found)) == 1 and len(found) == 4


def test_progress_is_told_and_may_stop():
    told = []
    revcast.load(PLAN).run(trials=20_000, threads=1, progress=lambda done, of: told.append((done, of)))
    assert told == sorted(told) and told[-1] == (20_000, 20_000) and len(told) > 2

    def stop(done, of):
        raise LookupError(f"enough at {done} of {of}")

    begun = time.monotonic()
    with pytest.raises(LookupError, match="enough"):
        revcast.load(PLAN).run(trials=1_000_000, progress=stop)
    assert time.monotonic() - begun < 5


def test_an_exception_can_be_pickled():
    import pickle

    with pytest.raises(revcast.ScenarioError) as raised:
        revcast.load(FAULTY)
    again = pickle.loads(pickle.dumps(raised.value))
    assert str(again) == str(raised.value) and again.faults == raised.value.faults


# Options that are about the terminal, or about the program's own files.
OF_THE_PROGRAM = {
    "quiet", "json", "brief", "verbose", "help", "require", "alert", "on_alert", "history", "no_history", "record", "resume", "shard", "set", "set_file",
    "until",
}  # fmt: skip


@pytest.mark.parametrize("command", ["run", "sensitivity", "solve", "compare", "sweep", "pipeline", "fit", "backtest"])
def test_every_option_of_a_command_is_an_argument(command, program):
    options = {name.replace("-", "_") for name in re.findall(r"^\s+(?:-\w, )?--([a-z-]+)", program(command, "--help"), re.M)}
    function = revcast.Scenario.run if command == "run" else getattr(revcast, command)
    taken = {_words.KEPT.get(name, name) for name in inspect.signature(function).parameters}
    # How files are written is asked where they are written.
    saved = set(inspect.signature(revcast.Forecast.save).parameters) | {"out"}
    own = OF_THE_PROGRAM - ({"history"} if command == "fit" else set())
    assert options - taken - saved - own == set()
    positional = {"self", "scenario", "others", "export", "progress"}
    assert taken - options - positional == set()


def test_everything_public_is_documented():
    for name in revcast.__all__:
        thing = getattr(revcast, name)
        if name == "__version__":
            continue
        assert thing.__doc__, name
        for part, value in vars(thing).items() if inspect.isclass(thing) else []:
            if not part.startswith("_") and callable(value):
                assert value.__doc__, f"{name}.{part}"


def test_importing_takes_nothing_that_is_not_asked_for():
    code = "import sys; before = set(sys.modules); import revcast; print(*(set(sys.modules) - before))"
    brought = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.split()
    assert {name for name in brought if not name.startswith("revcast")} <= {"__future__"}
