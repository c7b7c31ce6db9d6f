"""Everything: as an expert with numpy writes all metrics of a forecast. One Poisson draw for each trial, region and pair of arrival and
closing month, of won and of lost leads; one gamma draw for each closing month.

Leads, won, lost and open deals, bookings, revenue, ARR, customers, pipeline and weighted pipeline follow, of each region and the total. Of
each metric every month, quarter, year and sum since the start has mean, standard deviation and seven percentiles, all with standard errors.
As in aggregated.py the sizes are gamma, which is the easier law. Contracts last a year and nobody renews, as in the workload.
"""

import numpy as np
from workload import decided_later, lognormal, measure

CHUNK = 1000
PROBABILITIES = np.array([0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95])
TERM = 12


def outcomes(rng, region, months, count):
    """Metrics of a region: name -> trials x months."""
    level = rng.lognormal(*lognormal(region.leads, region.leads_cv), count)
    win_rate = rng.beta(*region.beta, count)
    later = np.array(decided_later(region, months))
    leads, won, lost = (np.zeros((count, months)) for _ in range(3))
    for m in range(months):
        expected = level * (1 + region.growth) ** m
        decided = later[: months - m]
        of_won = rng.poisson(np.outer(expected * win_rate, decided))
        of_lost = rng.poisson(np.outer(expected * (1 - win_rate), decided))
        still_open = rng.poisson(expected * max(0.0, 1 - decided.sum()))
        won[:, m:] += of_won
        lost[:, m:] += of_lost
        leads[:, m] = of_won.sum(axis=1) + of_lost.sum(axis=1) + still_open
    bookings = rng.standard_gamma(won * region.size_cv**-2) * (region.size * region.size_cv**2)
    signed, customers = np.cumsum(bookings, axis=1), np.cumsum(won, axis=1)
    signed[:, TERM:] -= np.cumsum(bookings, axis=1)[:, :-TERM] if months > TERM else 0
    customers[:, TERM:] -= np.cumsum(won, axis=1)[:, :-TERM] if months > TERM else 0
    open_deals = np.cumsum(leads - won - lost, axis=1)
    pipeline = open_deals * region.size
    return {
        "leads": leads, "won": won, "lost": lost, "bookings": bookings, "revenue": signed / TERM,
        "open": open_deals, "arr": signed * (12 / TERM), "customers": customers, "pipeline": pipeline,
        "weighted": pipeline * win_rate[:, None],
    }


FLOWS = {"leads", "won", "lost", "bookings", "revenue"}


def periods(metric, values):
    """Months, quarters, years, and of flows sums since the start: trials x periods."""
    trials, months = values.shape
    if metric not in FLOWS:
        return np.hstack([values, values[:, 2::3], values[:, 11::12]])
    quarters, years = (values.reshape(trials, -1, n).sum(axis=2) for n in (3, 12))
    return np.hstack([values, quarters, years, np.cumsum(values, axis=1)])


def summary(sample):
    """Mean, standard deviation and percentiles, each with its standard error, by column."""
    n = len(sample)
    mean, sd = sample.mean(axis=0), sample.std(axis=0, ddof=1)
    fourth = ((sample - mean) ** 4).mean(axis=0)
    sd_error = np.sqrt(np.maximum(fourth - sd**4, 0) / n) / (2 * np.where(sd > 0, sd, np.inf))
    half = 1.96 * np.sqrt(n * PROBABILITIES * (1 - PROBABILITIES))
    ranks = [np.floor(n * PROBABILITIES - half).astype(int), np.ceil(n * PROBABILITIES + half).astype(int)]
    position = PROBABILITIES * (n - 1)
    below = position.astype(int)
    needed = np.unique(np.concatenate([below, below + 1, *ranks]))
    ordered = np.partition(sample, needed, axis=0)
    percentiles = ordered[below] + (position - below)[:, None] * (ordered[below + 1] - ordered[below])
    errors = (ordered[ranks[1]] - ordered[ranks[0]]) / 3.92
    return mean, sd / np.sqrt(n), sd, sd_error, percentiles, errors


def peer(regions, months, trials, seed):
    rng = np.random.Generator(np.random.SFC64(seed))
    chunks = [
        [outcomes(rng, region, months, min(CHUNK, trials - first)) for region in regions]
        for first in range(0, trials, CHUNK)
    ]
    found = {}
    for metric in chunks[0][0]:
        each = [np.concatenate([chunk[r][metric] for chunk in chunks]) for r in range(len(regions))]
        for scope, values in enumerate([*each, sum(each)]):
            found[metric, scope] = summary(periods(metric, values))
            if metric == "bookings":
                totals = values.sum(axis=1)
    return totals, np.quantile(totals, [0.1, 0.5, 0.9])


if __name__ == "__main__":
    measure(peer)
