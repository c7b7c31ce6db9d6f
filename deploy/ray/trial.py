"""Tries the script for Ray on two nodes of this machine, one of which is killed midway, twice: its whole process tree, and its daemon alone.

    python trial.py

Each time the forecast has to be that of one run, byte for byte, and nothing of the node may be left. A sweep is held against one machine, too.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import time

import psutil
import revcast
from ray.cluster_utils import Cluster

HERE = pathlib.Path(__file__).resolve().parent
PLAN = HERE.parents[1] / "scenarios" / "ai-marketing-plan.json"
PARTS = 8


def files(folder):
    """All files of a folder, by their names, with their bytes."""
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def started(address, out, *options):
    """The script at work on the cluster."""
    words = [sys.executable, HERE / "revcast_shards.py", str(PARTS), PLAN, out, *options]
    return subprocess.Popen(words, env={**os.environ, "RAY_ADDRESS": address})


def tree(node):
    """The daemon of a node, and all processes that it began."""
    daemon = psutil.Process(node.all_processes["raylet"][0].process.pid)
    return daemon, [daemon, *daemon.children(recursive=True)]


def left(processes, seconds=10):
    """Those of some processes that are still there after so long."""
    return psutil.wait_procs(processes, timeout=seconds)[1]


def trial(folder, whole_tree, trials):
    name = "its whole process tree" if whole_tree else "its daemon alone"
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    node = cluster.add_node(num_cpus=1)
    cluster.wait_for_nodes()
    out = folder / name.replace(" ", "-")
    begun = time.monotonic()
    script = started(cluster.address, out, "--trials", str(trials))
    while len(list(out.with_name(out.name + ".shards").glob("*.shard"))) < 3:
        assert script.poll() is None, "the script has ended"
        time.sleep(0.02)
    daemon, processes = tree(node)
    at_work = [process for process in processes if "play" in " ".join(process.cmdline())]
    for process in reversed(processes if whole_tree else [daemon]):
        process.kill()
    killed = time.monotonic()
    rest = left(processes)
    gone = time.monotonic() - killed
    assert script.wait() == 0
    seconds = time.monotonic() - begun
    assert not rest, f"left of the node: {rest}"
    assert at_work, "nothing was at work on the node"
    cluster.shutdown()
    print(f"killed {name}: all {len(processes)} processes gone in {gone:.1f} s, the run done in {seconds:.1f} s")
    return files(out)


def main():
    trials = 400_000
    with tempfile.TemporaryDirectory() as home:
        folder = pathlib.Path(home)
        begun = time.monotonic()
        revcast.load(PLAN).run(trials=trials, threads=2).save(folder / "whole")
        print(f"one run on two threads: {time.monotonic() - begun:.1f} s")
        whole = files(folder / "whole")
        for whole_tree in (True, False):
            assert trial(folder, whole_tree, trials) == whole, "the files are not those of one run"

        cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
        cluster.add_node(num_cpus=1)
        cluster.wait_for_nodes()
        grid = {"regions.*.conversion*": [round(0.8 + 0.004 * i, 3) for i in range(100)], "market.volatility": [0.001 * i for i in range(1, 101)]}
        pairs = [word for path, values in grid.items() for word in ("--grid", f"{path}={','.join(map(str, values))}")]
        begun = time.monotonic()
        assert started(cluster.address, folder / "sweep", "--trials", "1000", *pairs).wait() == 0
        print(f"a sweep of 10,000 combinations on two nodes: {time.monotonic() - begun:.1f} s")
        cluster.shutdown()
        begun = time.monotonic()
        revcast.load(PLAN).sweep(grid, trials=1000, threads=2).save(folder / "alone")
        print(f"on two threads: {time.monotonic() - begun:.1f} s")
        assert files(folder / "sweep") == files(folder / "alone"), "the files are not those of one machine"


if __name__ == "__main__":
    main()
