"""The workload as the Python peers read it, and how a peer is timed and reports."""

import argparse
import json
import math
import time
from dataclasses import dataclass
from pathlib import Path

DAYS_PER_MONTH = 365.25 / 12


@dataclass(frozen=True)
class Region:
    leads: float
    leads_cv: float
    growth: float
    win_rate: float
    win_rate_sd: float
    cycle_days: float
    cycle_cv: float
    size: float
    size_cv: float

    @property
    def beta(self):
        """Both parameters of the win rate's beta."""
        total = self.win_rate * (1 - self.win_rate) / self.win_rate_sd**2 - 1
        return self.win_rate * total, (1 - self.win_rate) * total


def lognormal(mean, cv):
    """Mean and standard deviation of the logarithm."""
    sigma = math.sqrt(math.log1p(cv * cv))
    return math.log(mean) - sigma * sigma / 2, sigma


def decided_later(region, months):
    """q_j: the chance that a lead, which arrives evenly over a month, is decided j months later.

    q_j = G(j + 1) - 2 G(j) + G(j - 1) with G(x) = x F(x) - E[D; D <= x], D in months.
    """
    mean = region.cycle_days / DAYS_PER_MONTH
    mu, sigma = lognormal(mean, region.cycle_cv)

    def normal_cdf(z):
        return math.erfc(-z / math.sqrt(2)) / 2

    def g(x):
        if x <= 0:
            return 0.0
        z = (math.log(x) - mu) / sigma
        return x * normal_cdf(z) - mean * normal_cdf(z - sigma)

    return [g(j + 1) - 2 * g(j) + g(j - 1) for j in range(months)]


def read():
    """Months, trials and regions."""
    scenario = json.loads((Path(__file__).parent / "workload.json").read_text("utf-8"))
    regions = [
        Region(
            leads=r["leads"]["monthly"]["mean"],
            leads_cv=r["leads"]["monthly"]["cv"],
            growth=r["leads"]["growth"],
            win_rate=r["conversion"]["mean"],
            win_rate_sd=r["conversion"]["sd"],
            cycle_days=r["cycle"]["mean_days"],
            cycle_cv=r["cycle"]["cv"],
            size=r["deal_size"]["mean"],
            size_cv=r["deal_size"]["cv"],
        )
        for r in scenario["regions"].values()
    ]
    return scenario["months"], scenario["simulation"]["trials"], regions


def measure(peer, trials=None):
    """Runs `peer(regions, months, trials, seed)`, which returns totals and percentiles, and prints what compare.py reads."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--repeats", type=int, default=1)
    repeats = arguments.parse_args().repeats
    months, asked, regions = read()
    trials = trials or asked
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        totals, percentiles = peer(regions, months, trials, seed=1)
        seconds.append(time.perf_counter() - start)
    report = {"trials": trials, "seconds": seconds, "percentiles": list(percentiles), "totals": list(map(float, totals))}
    print(json.dumps(report))
