"""Aggregated: as an expert with numpy writes it. One Poisson and one gamma draw for each trial, region and closing month.

Given level and win rate, the deals won in a month are Poisson with mean level x win rate x sum over m of growth^m q_(k-m).
Their value is one gamma draw, the sum of that many gamma sizes with the workload's mean and cv. That is the easier law: the
workload's lognormal sizes have no such sum. The months are kept, since a forecast is asked for by month; the year as a
whole would be one cell a region.
"""

import numpy as np
from workload import decided_later, lognormal, measure

# Trials at once: the cells stay in the processor's caches.
CHUNK = 1000


def deals_at_one(region, months):
    """Expected deals won by closing month, at level 1 and win rate 1."""
    leads = (1 + region.growth) ** np.arange(months)
    return np.convolve(leads, decided_later(region, months))[:months]


def peer(regions, months, trials, seed):
    rng = np.random.Generator(np.random.SFC64(seed))
    at_one = [deals_at_one(region, months) for region in regions]
    totals = np.empty(trials)
    for first in range(0, trials, CHUNK):
        count = min(CHUNK, trials - first)
        by_month = np.zeros((count, months))
        for region, deals in zip(regions, at_one):
            level = rng.lognormal(*lognormal(region.leads, region.leads_cv), count)
            win_rate = rng.beta(*region.beta, count)
            won = rng.poisson(np.outer(level * win_rate, deals))
            # A gamma size with this mean and cv has shape 1 / cv^2.
            value = rng.standard_gamma(won * region.size_cv**-2)
            value *= region.size * region.size_cv**2
            by_month += value
        totals[first : first + count] = by_month.sum(axis=1)
    return totals, np.quantile(totals, [0.1, 0.5, 0.9])


if __name__ == "__main__":
    measure(peer)
