#!/usr/bin/env python3
"""The gateway beside its floors and its peers: installs what it needs, measures, and prints one table."""

import argparse
import pathlib
import signal
import sys
import tempfile

from figures import load, memory, ours, peers, streams, swaps, table
from figures.install import Missing, build, debian
from figures.process import Processes

PARTS = ["floors", "ours", "peers", "swaps", "streams", "memory"]


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="""examples:
  figures.py                          everything
  figures.py --quick                  everything, with short runs
  figures.py floors ours --rounds 9   two parts, more rounds
  figures.py --bin target/debug       with binaries that are there already""",
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"some of: {', '.join(PARTS)}; all, where none is named")
    parser.add_argument("--quick", action="store_true", help="short runs: whether it works, not what it costs")
    parser.add_argument("--rounds", type=int, help="how often each system is measured, by turns (5)")
    parser.add_argument("--seconds", type=float, help="seconds of one measurement (8)")
    parser.add_argument("--swap-seconds", type=float, help="seconds of swaps (60)")
    parser.add_argument("--streams", type=int, help="streams at once (10000)")
    parser.add_argument("--hold-seconds", type=int, help="seconds that they are held (30)")
    parser.add_argument("--requests", type=int, help="requests before the last look at memory (1000000)")
    parser.add_argument("--bin", type=pathlib.Path, help="a folder with pointsman, floor and streams; else they are built")
    default = pathlib.Path(tempfile.gettempdir()) / "gateway-figures"
    parser.add_argument("--work", type=pathlib.Path, default=default, help=f"where peers and logs go ({default})")
    args = parser.parse_args()
    unknown = [part for part in args.parts if part not in PARTS]
    if unknown:
        parser.error(f"there is no part {unknown[0]}: choose among {', '.join(PARTS)}")
    args.parts = args.parts or PARTS
    full = {"rounds": 5, "seconds": 8, "swap_seconds": 60, "streams": 10_000, "hold_seconds": 30, "requests": 1_000_000}
    short = {"rounds": 1, "seconds": 2, "swap_seconds": 4, "streams": 500, "hold_seconds": 4, "requests": 20_000}
    for name, value in (short if args.quick else full).items():
        if getattr(args, name) is None:
            setattr(args, name, value)
    args.work = args.work.resolve()
    args.work.mkdir(parents=True, exist_ok=True)
    return args


def main():
    args = arguments()
    # What was started is ended, however this ends.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("figures: told to stop"))
    debian(args.work)
    args.bin = (args.bin or build()).resolve()
    rows = []
    with Processes(args.work / "logs") as processes:
        upstream = load.nginx(processes, args.work)
        systems = {"direct to nginx": lambda: upstream}
        if "floors" in args.parts:
            systems.update(ours.floors(processes, args, upstream))
        if "ours" in args.parts:
            systems.update(ours.gateways(processes, args, upstream))
        if "peers" in args.parts:
            systems.update(peers.all_of(processes, args, upstream))
        if len(systems) > 1:
            rows += load.by_turns(systems, processes, args)
        for part in [swaps, streams, memory]:
            if part.__name__.rpartition(".")[2] in args.parts:
                try:
                    rows += part.rows(processes, args, upstream)
                except Missing as why:
                    rows.append(table.Skipped(part.__name__.rpartition(".")[2], str(why)))
    print(table.of(rows, args))


if __name__ == "__main__":
    try:
        main()
    except (Missing, KeyboardInterrupt) as why:
        sys.exit(f"figures: {why or 'interrupted'}")
