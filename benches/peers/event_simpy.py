"""Event-driven: as a simulation course teaches it. Each lead is a process of SimPy.

A few trials only; compare.py extrapolates their time linearly and says so.
"""

import random
import statistics

import simpy
from workload import DAYS_PER_MONTH, lognormal, measure

TRIALS = 24


def poisson(rng, mean):
    """Arrivals of a unit process before `mean`."""
    count, at = 0, rng.expovariate(1.0)
    while at < mean:
        count += 1
        at += rng.expovariate(1.0)
    return count


def lead(env, rng, cycle, win_rate, size, bookings):
    yield env.timeout(rng.lognormvariate(*cycle))
    if rng.random() < win_rate:
        bookings[int(env.now)] += rng.lognormvariate(*size)


def arrivals(env, rng, region, months, bookings):
    level = rng.lognormvariate(*lognormal(region.leads, region.leads_cv))
    win_rate = rng.betavariate(*region.beta)
    cycle = lognormal(region.cycle_days / DAYS_PER_MONTH, region.cycle_cv)
    size = lognormal(region.size, region.size_cv)
    for month in range(months):
        count = poisson(rng, level * (1 + region.growth) ** month)
        for at in sorted(month + rng.random() for _ in range(count)):
            yield env.timeout(at - env.now)
            env.process(lead(env, rng, cycle, win_rate, size, bookings))


def peer(regions, months, trials, seed):
    rng = random.Random(seed)
    totals = []
    for _ in range(trials):
        env = simpy.Environment()
        bookings = [0.0] * months
        for region in regions:
            env.process(arrivals(env, rng, region, months, bookings))
        env.run(until=months)
        totals.append(sum(bookings))
    return totals, statistics.quantiles(totals, n=10, method="inclusive")[::4]


if __name__ == "__main__":
    measure(peer, TRIALS)
