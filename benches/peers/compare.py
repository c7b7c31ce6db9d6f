#!/usr/bin/env python3
"""All peers on one workload, in one go: seconds, checked answers, one table.

    python3 benches/peers/compare.py [--rounds N] [--into docs/developers/performance.md]

Needs cargo and Python 3.10; numpy and simpy for the peers that use them (`pip install numpy simpy`). A peer whose modules
are missing is skipped, loudly. Exit code 1 if answers disagree, 2 if a peer fails.

Time: each peer clocks itself, from parameters read to P10, P50 and P90, without start-up and imports, and is bound to one
processor (two for the rows that say so). The peers take turns, round by round; the table has the best of all repeats.
revcast makes its tables before its clock starts, once a process; what that takes stands below the table.

Answers: P10, P50 and P90 of each peer against those of revcast. Two percentiles agree if they differ by at most 5 combined
standard errors. A percentile's standard error is (x_u - x_l) / 3.92, with x_l and x_u the values at the ranks between which
it lies with 95 % confidence, n p -+ 1.96 sqrt(n p (1 - p)). A peer with another law of deal sizes gets 0.2 % of the value
on top. A peer with few trials is held against revcast's mean instead.
"""

import argparse
import importlib.util
import json
import math
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent

PROBABILITIES = [0.1, 0.5, 0.9]
ERRORS_ALLOWED = 5
# The row that others are set against, with as many threads.
REVCAST = "revcast: bookings"
# How far the gamma sizes' percentiles may lie from the lognormal ones'.
OTHER_LAW = 0.002


@dataclass
class Peer:
    name: str
    command: list
    threads: int = 1
    needs: tuple = ()
    # What is allowed on top of Monte Carlo error, as a share of the value.
    leeway: float = 0.0
    # Too slow for all trials: its time is extrapolated, and it takes part in the first round only.
    partly: bool = False


def peers(program):
    rust = lambda name, threads, repeats: [program, name, str(threads), str(repeats)]
    python = lambda name, repeats: [sys.executable, HERE / f"{name}.py", "--repeats", str(repeats)]
    return [
        Peer(REVCAST, rust("engine", 1, 20)),
        Peer("revcast: every metric, all summaries", rust("engine_full", 1, 5)),
        Peer("aggregated numpy, gamma sizes (easier law)", python("aggregated", 20), needs=("numpy",), leeway=OTHER_LAW),
        Peer("aggregated numpy, every metric, all summaries (easier law)", python("everything", 5), needs=("numpy",), leeway=OTHER_LAW),
        Peer("Rust, one draw a won deal", rust("per_deal", 1, 10)),
        Peer("Rust, lead by lead", rust("event_level", 1, 3)),
        Peer("numpy, lead by lead, only won leads followed, in cache-sized pieces", python("event_level", 2), needs=("numpy",)),
        Peer("numpy, lead by lead", python("event_level_plain", 1), needs=("numpy",)),
        Peer("SimPy, event by event", python("event_simpy", 1), needs=("simpy",), partly=True),
        Peer(REVCAST, rust("engine", 2, 20), threads=2),
        Peer("revcast: every metric, all summaries", rust("engine_full", 2, 5), threads=2),
        Peer("Rust, lead by lead", rust("event_level", 2, 3), threads=2),
    ]


def build():
    """Builds the Rust peers; the path of their program."""
    command = ["cargo", "bench", "--bench", "peers", "--no-run", "--message-format=json"]
    output = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
    artifacts = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    return next(a["executable"] for a in artifacts if a.get("target", {}).get("name") == "peers" and a.get("executable"))


def processors():
    """How many processors there are for this process."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(peer):
    """What one process of a peer reports."""
    environment = dict(os.environ)
    for library in ["OMP", "OPENBLAS", "MKL"]:
        environment[f"{library}_NUM_THREADS"] = "1"
    bind = None
    if hasattr(os, "sched_setaffinity"):
        allowed = sorted(os.sched_getaffinity(0))[: peer.threads]
        bind = lambda: os.sched_setaffinity(0, allowed)
    else:
        print("NOT BOUND: this system binds no process to a processor", file=sys.stderr)
    result = subprocess.run(peer.command, stdout=subprocess.PIPE, env=environment, preexec_fn=bind)
    if result.returncode != 0:
        print(f"FAILED: {peer.name}", file=sys.stderr)
        sys.exit(2)
    return json.loads(result.stdout)


def quantile(ascending, p):
    position = p * (len(ascending) - 1)
    below = int(position)
    above = min(below + 1, len(ascending) - 1)
    return ascending[below] + (position - below) * (ascending[above] - ascending[below])


def estimates(totals):
    """P10, P50 and P90 with their standard errors."""
    ascending, n = sorted(totals), len(totals)
    found = []
    for p in PROBABILITIES:
        half = 1.96 * math.sqrt(n * p * (1 - p))
        low, high = math.floor(n * p - half), math.ceil(n * p + half)
        found.append((quantile(ascending, p), (ascending[high] - ascending[low]) / 3.92))
    return found


def mean(totals):
    return statistics.fmean(totals), statistics.stdev(totals) / math.sqrt(len(totals))


def disagreements(peer, report, reference):
    """Every estimate of a peer that is too far from revcast's."""
    if peer.partly:
        pairs = [("the mean", mean(report["totals"]), mean(reference["totals"]))]
    else:
        ours, theirs = estimates(reference["totals"]), estimates(report["totals"])
        pairs = [(f"P{100 * p:.0f}", *pair) for p, pair in zip(PROBABILITIES, zip(theirs, ours))]
        for p, (value, error), said in zip(PROBABILITIES, theirs, report["percentiles"]):
            # revcast's summaries are rounded to the digits that their error supports.
            if abs(value - said) > error:
                yield f"{peer.name}: says {said:,.0f} for P{100 * p:.0f}, its trials have {value:,.0f}"
    for what, (value, error), (wanted, wanted_error) in pairs:
        bound = ERRORS_ALLOWED * math.hypot(error, wanted_error) + peer.leeway * wanted
        if abs(value - wanted) > bound:
            yield f"{peer.name}: {what} is {value:,.0f}, revcast's {wanted:,.0f}; allowed is a difference of {bound:,.0f}"


def short(x):
    """Three digits, or the whole part where that has more."""
    return f"{x:.3g}" if x < 999.5 else f"{x:,.0f}"


def table(results, trials, cells):
    """A table in Markdown."""
    base = {peer.threads: seconds for peer, seconds, _ in results if peer.name == REVCAST}
    lines = [
        "| | threads | seconds | ns a cell | over revcast | P10 | P50 | P90 | best of |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for peer, seconds, report in results:
        about = "about " if peer.partly else ""
        if peer.partly:
            shown, count = ["", "", ""], f"{report['trials']} trials, extrapolated"
        else:
            shown, count = [f"{value / 1e6:.3f}" for value, _ in estimates(report["totals"])], str(report["count"])
        numbers = [short(seconds), f"{1e9 * seconds / cells:,.0f}", short(seconds / base[peer.threads])]
        row = [peer.name, str(peer.threads), *(about + number for number in numbers), *shown, count]
        lines.append("| " + " | ".join(row) + " |")
    lines += ["", f"{trials:,} trials of 3 regions and 12 months: {cells:,} cells. Percentiles in millions."]
    tables = min(report["tables"] for peer, _, report in results if peer.name == REVCAST)
    lines.append(f"revcast's tables took {1e3 * tables:.0f} ms, once a process, reported apart.")
    return "\n".join(lines)


def put_into(file, name, text):
    """Replaces what stands between the marks of a table."""
    start, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    before, _, rest = file.read_text("utf-8").partition(start)
    _, _, after = rest.partition(end)
    if not rest or end not in rest:
        sys.exit(f"{file} has no marks {start} and {end}")
    file.write_text(f"{before}{start}\n{text}\n{end}{after}", "utf-8")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=3, help="how often the peers take turns (3)")
    arguments.add_argument("--into", type=Path, help="a Markdown file whose table `peers` is to be replaced")
    arguments = arguments.parse_args()

    present = []
    for peer in peers(build()):
        missing = [module for module in peer.needs if importlib.util.find_spec(module) is None]
        if missing:
            print(f"SKIPPED: {peer.name}: Python module {', '.join(missing)} is missing", file=sys.stderr)
        elif peer.threads > processors():
            print(f"SKIPPED: {peer.name}: no {peer.threads} processors", file=sys.stderr)
        else:
            present.append(peer)

    seconds, reports = {}, {}
    for turn in range(arguments.rounds):
        for i, peer in enumerate(present):
            if peer.partly and turn > 0:
                continue
            print(f"round {turn + 1} of {arguments.rounds}: {peer.name}", file=sys.stderr)
            report = run(peer)
            seconds.setdefault(i, []).extend(report["seconds"])
            if "tables" in report:
                report["tables"] = min(report["tables"], reports.get(i, report)["tables"])
            reports[i] = report

    reference = reports[0]
    trials = reference["trials"]
    workload = json.loads((HERE / "workload.json").read_text("utf-8"))
    results = []
    for i, peer in enumerate(present):
        report = reports[i] | {"count": len(seconds[i])}
        results.append((peer, min(seconds[i]) * trials / report["trials"], report))
    found = table(results, trials, trials * len(workload["regions"]) * workload["months"])
    print(found)
    faults = [fault for peer, _, report in results for fault in disagreements(peer, report, reference)]
    for fault in faults:
        print(f"DISAGREES: {fault}", file=sys.stderr)
    if faults:
        sys.exit(1)
    print("All answers agree within Monte Carlo error.", file=sys.stderr)
    if arguments.into:
        put_into(arguments.into, "peers", found)


if __name__ == "__main__":
    main()
