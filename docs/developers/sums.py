"""Quantiles of sums of independent deal sizes, computed apart from revcast, and the error map of docs/developers/sums.md.

Needs Python 3.10 with numpy and scipy. Lognormal sums: the law of one size is put on an even grid of 2^22 points and raised to
the n-th convolution power by one FFT, likewise on half as many, and the quantiles are extrapolated to an infinitely fine grid.
Gamma sums are gamma. With --check, the lognormal quantiles are computed from half as many points too and the largest
difference is told. With --into FILE, the map replaces the one between the marks in that file.

    cargo bench --bench sums | python3 docs/developers/sums.py --check --into docs/developers/sums.md
"""

import argparse
import re
import sys
from pathlib import Path

import numpy as np
from scipy import stats
from scipy.fft import irfft, rfft
from scipy.special import ndtr

CELLS = 1 << 22


def lognormal_sum(cv, n, levels, cells=CELLS):
    """Quantiles of the sum of n lognormal sizes with mean 1."""
    sigma = np.sqrt(np.log1p(cv * cv))
    if n == 1:
        return list(stats.lognorm(sigma, scale=np.exp(-sigma * sigma / 2)).ppf(levels))
    # The error falls with the square of the cells' width: what two widths tell of it is taken off.
    # The lower half (the median lies below the mean) depends on sizes below n alone: a few of these fit a far smaller window.
    lower = [p for p in levels if p <= 0.5 and n <= 10]
    found = []
    for part, largest in ((lower, n), (levels[len(lower) :], np.inf)):
        if part:
            fine, coarse = (on_grid(sigma, cv, n, part, k, largest) for k in (cells, cells // 2))
            found += [f + (f - c) / 3 for f, c in zip(fine, coarse)]
    return found


def on_grid(sigma, cv, n, levels, cells, largest):
    one = stats.lognorm(sigma, scale=np.exp(-sigma * sigma / 2))
    sd = cv * np.sqrt(n)
    # Beyond the ends lies about 1e-10 of the sum: above them one very large size.
    low = max(0.0, n - 8 * sd)
    high = n + 8 * sd + one.isf(1e-10 / n)
    if largest < np.inf:
        low, high = 0.0, n * largest
    width = (high - low) / cells
    edges = np.arange(cells + 1) * width
    with np.errstate(divide="ignore"):
        logarithms = np.log(edges)

    def between(mu):
        # The law exp(mu + sigma z) in each cell: from its lower tail up to 1, from its upper tail above.
        z = (logarithms - mu) / sigma
        first = np.searchsorted(edges[1:], 1, side="right")
        return np.concatenate([np.diff(ndtr(z[: first + 1])), -np.diff(ndtr(-z[first:]))])

    # Each cell's mass goes to its two ends so that its mean is kept. By value, the law is lognormal with mu moved by sigma^2.
    mass, moment = between(-sigma * sigma / 2), between(sigma * sigma / 2)
    right = np.clip(moment / width - np.arange(cells) * mass, 0, mass)
    points = mass - right
    points[1:] += right[:-1]
    points[edges[:-1] > largest] = 0
    # Points are counted modulo their number: the window begins at the point of `low`.
    total = irfft(rfft(points) ** n, cells)
    first = int(low / width)
    total = np.maximum(np.roll(total, -first % cells), 0.0)
    below = np.cumsum(total)
    above = np.cumsum(total[::-1])[::-1]
    ends = (first + np.arange(cells) + 0.5) * width
    found = []
    for p in levels:
        # Half-way between points the distribution function is known, in between it is read as straight; from the nearer end,
        # so that no digits are lost.
        if p <= 0.5:
            k = np.searchsorted(below, p)
            found.append(ends[k] - width * (below[k] - p) / total[k])
        else:
            q = 1 - p
            k = cells - 1 - np.searchsorted(above[::-1], q)
            found.append(ends[k] - width + width * (above[k] - q) / total[k])
    return found


def quantiles(shape, cv, n, levels, cells=CELLS):
    if shape == "Gamma":
        a = n / (cv * cv)
        return [stats.gamma.ppf(p, a, scale=cv * cv) if p <= 0.5 else stats.gamma.isf(1 - p, a, scale=cv * cv) for p in levels]
    return lognormal_sum(cv, n, levels, cells)


def put_into(file, text):
    """Replaces what stands between the marks of the map."""
    start, end = "<!-- map -->", "<!-- end of map -->"
    before, _, rest = file.read_text("utf-8").partition(start)
    _, found, after = rest.partition(end)
    if not found:
        sys.exit(f"{file} has no marks {start} and {end}")
    file.write_text(f"{before}{start}\n{text}\n{end}{after}", "utf-8")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--check", action="store_true", help="how far the reference on half as many points lies away")
    arguments.add_argument("--into", type=Path, help="a Markdown file whose map is to be replaced")
    arguments = arguments.parse_args()

    wanted = {}
    for shape, cv, n, p, value in re.findall(r"^(\w+) (\S+) (\d+) (\S+) (\S+)$", sys.stdin.read(), re.M):
        wanted.setdefault((shape, float(cv), int(n)), []).append((float(p), float(value)))
    if not wanted:
        sys.exit("no values to compare")
    levels = sorted({p for rows in wanted.values() for p, _ in rows})
    lines = []

    def say(line=""):
        print(line, flush=True)
        lines.append(line)

    gap = 0.0
    for shape in dict.fromkeys(shape for shape, _, _ in wanted):
        say(f"{shape}: error of each quantile in parts per million of the sum's mean; in the upper half, where that is")
        say("larger than the mean, of the quantile.\n")
        say("| cv | n |" + "".join(f" {100 * p:g} % |" for p in levels))
        say("|---|---|" + "---|" * len(levels))
        largest = 0.0
        for (of, cv, n), rows in wanted.items():
            if of != shape:
                continue
            asked = [p for p, _ in rows]
            exact = quantiles(shape, cv, n, asked)
            if arguments.check and shape == "Lognormal":
                coarse = quantiles(shape, cv, n, asked, CELLS // 2)
                gap = max(gap, max(abs(a - b) / max(n, a) for a, b in zip(coarse, exact)))
            errors = [1e6 * (value - e) / max(n, e) for (_, value), e in zip(rows, exact)]
            inside = [abs(e) for e, (p, _) in zip(errors, rows) if 0.001 <= p <= 0.999]
            largest = max(largest, *inside)
            # Rounded first: no minus before a zero.
            say(f"| {cv:g} | {n} |" + "".join(f" {round(e, 1) + 0.0:.1f} |" for e in errors))
        say(f"\nLargest from 0.1 % to 99.9 %: {largest:.1f}.\n")
    if arguments.check:
        say(f"The lognormal reference on half as many points lies at most {1e6 * gap:.1f} parts per million away.")
    if arguments.into:
        put_into(arguments.into, "\n".join(lines).strip())


if __name__ == "__main__":
    main()
