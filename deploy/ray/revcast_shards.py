"""Plays a run, or a sweep, in N parts on a Ray cluster, and merges them:

    python revcast_shards.py N SCENARIO DIR [--trials N] [--seed N] [--set PATH=VALUE] [--metrics bookings,revenue]
    python revcast_shards.py N SCENARIO DIR --grid 'market.volatility=0.05,0.1' --grid 'regions.*.conversion*=0.9,1,1.1'

Nodes need the package revcast, of the version of this machine, and nothing else: the scenario is sent to them, and the parts come back. They lie in
DIR.shards here until they are merged; a second try plays only those that are missing. A node that is lost costs the parts that it was at.
"""

import argparse
import os
import pathlib
import shutil
import sys

import ray
import revcast


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
        draft = file.with_suffix(".draft")
        draft.write_bytes(ray.get(done))
        os.replace(draft, file)
    return files


def main(words):
    read = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    read.add_argument("of", metavar="N", type=int)
    read.add_argument("scenario", metavar="SCENARIO")
    read.add_argument("out", metavar="DIR")
    read.add_argument("--trials", type=int)
    read.add_argument("--seed", type=int)
    read.add_argument("--set", action="append", default=[], metavar="PATH=VALUE")
    read.add_argument("--metrics")
    read.add_argument("--grid", action="append", default=[], metavar="PATH=VALUES")
    given = read.parse_args(words)
    options = {"trials": given.trials, "seed": given.seed}
    if given.grid:
        options["grid"] = dict(pair.split("=", 1) for pair in given.grid)
    elif given.metrics:
        options["metrics"] = given.metrics.split(",")
    try:
        plan = revcast.load(given.scenario, set=dict(pair.split("=", 1) for pair in given.set))
        folder = pathlib.Path(given.out + ".shards")
        folder.mkdir(exist_ok=True)
        ray.init(log_to_driver=False)
        files = shards(plan, given.of, folder, options)
        revcast.merge(files).save(given.out)
        shutil.rmtree(folder)
    except ray.exceptions.RayTaskError as error:
        sys.exit(f"error: {error.cause}")
    except (ValueError, OSError) as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main(sys.argv[1:])
