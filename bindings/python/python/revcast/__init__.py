"""Monte Carlo revenue forecasts: from a sales pipeline written down with its uncertainty to a range one can trust.

    import revcast

    plan = revcast.load("plan.json", set={"regions.europe.conversion.mean": 0.27})
    forecast = plan.run(trials=10_000)
    forecast.targets()                    # the chance of each target
    forecast.save("output/plan")          # what `revcast run plan.json --out output/plan` writes, byte for byte

It is the engine of the program `revcast`, in this process. Every function takes the options of the command of its name, spelt as Python spells names:
`--at-least 17.8M` is `at_least="17.8M"`, an option that may be given several times takes a list, and `PATH=VALUE` a dict. What an option means,
`revcast <command> --help` says, and docs/python.md.

A faulty scenario, or faulty data, raises `ScenarioError`, which tells all faults at once; a faulty option `ValueError`; the disk `OSError`.
Ctrl-C stops what is running, and other threads go on while it runs.
"""

from ._crm import Fit, backtest, fit
from ._documents import Analysis, Forecast
from ._revcast import ScenarioError, Trials, __version__
from ._scenario import Scenario, compare, load, merge, pipeline, sensitivity, solve, sweep

# What the field calls it elsewhere.
cross_validation = backtest

__all__ = [
    "Analysis",
    "Fit",
    "Forecast",
    "Scenario",
    "ScenarioError",
    "Trials",
    "__version__",
    "backtest",
    "compare",
    "cross_validation",
    "fit",
    "load",
    "merge",
    "pipeline",
    "sensitivity",
    "solve",
    "sweep",
]
