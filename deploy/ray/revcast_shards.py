"""Plays a run, or a sweep, in N parts on a Ray cluster, and merges them:

    python revcast_shards.py N SCENARIO DIR [--trials N] [--seed N] [--precision SHARE] [--metrics bookings,revenue]
    python revcast_shards.py N SCENARIO DIR --grid 'market.volatility=0.05,0.1' --grid 'regions.*.conversion*=0.9,1,1.1'

Nodes need the package revcast, of the version of this machine, and nothing else: the scenario is sent to them, and the parts come back. They lie in
DIR.shards here until they are merged; a second try plays only those that are missing. A node that is lost costs the parts that it was at.
--set PATH=VALUE, --set-file INPUTS.csv and --until DAY are laid over the scenario, as for `revcast run`.
"""

import argparse
import os
import pathlib
import shutil
import sys

# One part says what is wrong; the others need not say it again.
os.environ.setdefault("RAY_IGNORE_UNHANDLED_ERRORS", "1")

import ray  # noqa: E402
import revcast  # noqa: E402


@ray.remote(num_cpus=1, max_retries=-1)
def play(plan, part, of, options):
    """One part, on one core, in the worker's own process: what ends the worker ends the part."""
    return plan.shard(part, of, threads=1, **options)


def shards(plan, of, folder, options):
    """Plays the parts that are not in the folder yet, and gives the files of all, in their order."""
    files = [folder / f"{part}.shard" for part in range(1, of + 1)]
    plan, refs = ray.put(plan), {}
    for part, file in enumerate(files, 1):
        if not file.exists():
            refs[play.remote(plan, part, of, options)] = file
    while refs:
        # Taken over one by one, as they come: they are held nowhere twice for long.
        (done,), _ = ray.wait(list(refs), num_returns=1)
        file = refs.pop(done)
        played, draft = ray.get(done), file.with_suffix(".draft")
        folder.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(played)
        os.replace(draft, file)
    return files


def pair(text):
    """PATH=VALUE."""
    path, sign, value = text.partition("=")
    if not sign:
        raise argparse.ArgumentTypeError(f"{text!r} has no =, as PATH=VALUE has")
    return path, value


def parts(text):
    """How many parts there are to be."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of parts, 1 or more")
    return int(text)


def main(words):
    read = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    read.add_argument("of", metavar="N", type=parts)
    read.add_argument("scenario", metavar="SCENARIO")
    read.add_argument("out", metavar="DIR")
    read.add_argument("--trials")
    read.add_argument("--seed")
    read.add_argument("--precision")
    read.add_argument("--metrics")
    read.add_argument("--set", action="append", type=pair, default=[], metavar="PATH=VALUE")
    read.add_argument("--set-file", action="append", metavar="INPUTS.csv")
    read.add_argument("--until", metavar="DAY")
    read.add_argument("--grid", action="append", type=pair, default=[], metavar="PATH=VALUES")
    given = read.parse_args(words)
    options = {"trials": given.trials, "seed": given.seed}
    if given.grid:
        if given.metrics or given.precision:
            read.error("--metrics and --precision are of a run; a sweep has neither")
        options["grid"] = dict(given.grid)
    else:
        options |= {"metrics": given.metrics, "precision": given.precision}
    try:
        plan = revcast.load(given.scenario, set=dict(given.set), set_file=given.set_file, until=given.until)
        folder = pathlib.Path(given.out + ".shards")
        ray.init(log_to_driver=False)
        files = shards(plan, given.of, folder, options)
        revcast.merge(files).save(given.out)
        shutil.rmtree(folder)
    except ray.exceptions.RayTaskError as error:
        failed(error.cause)
    except (ValueError, OSError) as error:
        failed(error)


def failed(error):
    """Ends with what is wrong: 2 where that is the input, as the program does, else 1."""
    print(f"error: {error}", file=sys.stderr)
    sys.exit(2 if isinstance(error, ValueError) else 1)


if __name__ == "__main__":
    main(sys.argv[1:])
