"""Streams at once, each with a checker: memory, time to first byte, and one more than the limit."""

import json
import resource
import subprocess
import time

from . import ours
from .install import Missing, say
from .load import System
from .process import free_port
from .table import Said

CHECKER = """
[[slots]]
name = "checker"
kind = "checker"
policy = "checker-basic"
reuse = {reuse}
limits = {{ deadline-ms = 1000 }}
"""
# Descriptors beside those of the streams.
SPARE = 300


def opened(args, system, count, hold, during):
    """Opens streams; what the client says of them, and what `during` gives while all are open."""
    command = [args.bin / "streams", "open", "--address", system.address, "--count", count, "--seconds", hold]
    client = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True)
    held = client.stdout.readline()
    if not held:
        raise Missing("the client of the streams ended without a word")
    time.sleep(hold / 2)
    seen = during()
    said = client.stdout.read().strip()
    client.wait()
    if not said:
        raise Missing("the client of the streams ended without a word")
    return json.loads(said), seen


def one_mode(processes, args, there, count, reuse, direct):
    name = "warm" if reuse else "an instance each"
    slots = CHECKER.format(reuse="true" if reuse else "false")
    server, sandbox = f"connections = {count}", f"instances = {count + 64}\nwait-ms = 1000"
    system = ours.gateway(processes, args, f"pointsman streams {name}", there, slots, server, sandbox)
    # What is made once, by the first streams, is not theirs.
    opened(args, system, min(64, count), 1, lambda: None)
    before = system.process.resident_bytes()
    look = lambda: (system.process.resident_bytes(), system.process.maps())
    say(f"{count:,} streams, {name}")
    # One more than the limit of connections.
    said, (during, maps) = opened(args, system, count + 1, args.hold_seconds, look)
    if system.process.popen.poll() is not None:
        raise Missing(f"the gateway ended under {count:,} streams: {system.process.words()}")
    time.sleep(3)
    after = system.process.resident_bytes()
    system.process.end()
    each = lambda now: f"{max(0, now - before) / max(said['open'], 1) / 1024:.1f}"
    first, bare = said["first_byte_ms"], direct["first_byte_ms"]
    ratio = first["p50"] / bare["p50"] if first["p50"] and bare["p50"] else float("nan")
    notes = [line for line in system.process.log.read_text(errors="replace").splitlines() if line.startswith("note: ")]
    refusal = (said["refusal"] or said["why_broken"] or "nothing").split("\r\n\r\n")[-1].strip()
    return [
        Said(f"{name}: streams open, and at the end; deltas a second",
             f"{said['open']:,}, {said['open_at_the_end']:,}; {said['deltas_a_second']:,.0f}", f"{count:,}"),
        Said(f"{name}: KiB a stream, during and after; maps", f"{each(during)} and {each(after)}; {maps:,}", "≤ 64 and ≤ 64"),
        Said(f"{name}: first byte p50 (p99) / the upstream's own",
             f"{ratio:.2f}× ({first['p50']:.1f} ({first['p99']:.1f}) / {bare['p50']:.1f} ms)", "≤ 1.5×"),
        Said(f"{name}: refused, and in which words", f"{said['refused']}: {refusal[:150]}", "1, in words"),
        Said(f"{name}: broken off", f"{said['broken']}", "0"),
        *[Said(f"{name}: the gateway's own words", note.removeprefix("note: ")) for note in notes],
    ]


def rows(processes, args, _):
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    count = min(args.streams, (files - SPARE) // 2)
    if count < args.streams:
        say(f"{count:,} streams instead of {args.streams:,}: a process may open {files:,} files here, and each takes two")
    port = free_port()
    command = [args.bin / "streams", "upstream", "--listen", f"127.0.0.1:{port}"]
    there = System(processes.start("streams upstream", command, port))
    say(f"{count:,} streams, straight from the upstream")
    direct, _ = opened(args, there, count, min(5, args.hold_seconds), lambda: None)
    out = []
    for reuse in [False, True]:
        out += one_mode(processes, args, there, count, reuse, direct)
    there.process.end()
    return out
