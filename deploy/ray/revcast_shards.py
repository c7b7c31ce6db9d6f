"""Plays a run in N parts on a Ray cluster, and merges them: python revcast_shards.py N SCENARIO DIR [OPTIONS]

The options are those of `revcast run` that are about the futures. All nodes must have the program, and see this folder.
"""

import glob
import pathlib
import shutil
import subprocess
import sys

import ray


@ray.remote(num_cpus=1, max_retries=3)
def play(scenario, part, of, shard, options):
    """One part, on one core. A part that is there already is not played again."""
    words = ["revcast", "run", scenario, *options, "--shard", f"{part}/{of}", "--out", shard, "--threads", "1", "--quiet"]
    done = subprocess.run(words, stderr=subprocess.PIPE, text=True)
    return done.returncode, done.stderr


def main(of, scenario, out, *options):
    of, folder = int(of), pathlib.Path(out + ".shards").resolve()
    folder.mkdir(exist_ok=True)
    ray.init()
    scenario = str(pathlib.Path(scenario).resolve())
    parts = [play.remote(scenario, part, of, str(folder / f"{part}.shard"), options) for part in range(1, of + 1)]
    failed = [said for code, said in ray.get(parts) if code != 0]
    if failed:
        sys.exit(failed[0])
    shards = sorted(glob.glob(f"{glob.escape(str(folder))}/*.shard"))
    merged = subprocess.run(["revcast", "merge", *shards, "--out", out])
    if merged.returncode == 0:
        shutil.rmtree(folder)
    sys.exit(merged.returncode)


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
