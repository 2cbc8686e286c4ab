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
# What a fast model needs to its first delta; and streams beside an upstream that needs nothing.
FIRST_MS, AT_ONCE = 100, 500


def upstream(processes, args, first_ms):
    port = free_port()
    command = [args.bin / "streams", "upstream", "--listen", f"127.0.0.1:{port}", "--first-ms", first_ms]
    return System(processes.start(f"streams upstream {first_ms} ms", command, port))


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
    notes = [line for line in system.process.log.read_text(errors="replace").splitlines() if line.startswith("note: ")]
    refusal = (said["refusal"] or said["why_broken"] or "nothing").split("\r\n\r\n")[-1].strip()
    return [
        Said(f"{name}: streams open, and at the end; deltas a second",
             f"{said['open']:,}, {said['open_at_the_end']:,}; {said['deltas_a_second']:,.0f}", f"{count:,}"),
        Said(f"{name}: KiB a stream, during and after; maps", f"{each(during)} and {each(after)}; {maps:,}", "≤ 64 and ≤ 64"),
        Said(f"{name}: first byte p50 (p99) / that of an upstream that takes {FIRST_MS} ms", first_byte(said, direct), "≤ 1.5×"),
        Said(f"{name}: refused, and in which words", f"{said['refused']}: {refusal[:150]}", "1, in words"),
        Said(f"{name}: broken off", f"{said['broken']}", "0"),
        *[Said(f"{name}: the gateway's own words", note.removeprefix("note: ")) for note in notes],
    ]


def first_byte(said, direct):
    first, bare = said["first_byte_ms"], direct["first_byte_ms"]
    ratio = first["p50"] / bare["p50"] if first["p50"] and bare["p50"] else float("nan")
    return f"{ratio:.2f}× ({first['p50']:.1f} ({first['p99']:.1f}) / {bare['p50']:.1f} ms)"


def at_once(processes, args):
    """What the gateway itself adds: no upstream's own time hides it."""
    there = upstream(processes, args, 0)
    count = min(AT_ONCE, args.streams)
    direct, _ = opened(args, there, count, 1, lambda: None)
    slots = CHECKER.format(reuse="false")
    sandbox = f"instances = {count + 64}\nwait-ms = 1000"
    system = ours.gateway(processes, args, "pointsman streams at once", there, slots, "", sandbox)
    opened(args, system, min(64, count), 1, lambda: None)
    said, _ = opened(args, system, count, 1, lambda: None)
    system.process.end()
    there.process.end()
    return Said(f"{count:,} streams, an instance each: first byte p50 (p99) / that of an upstream that answers at once",
                first_byte(said, direct), "")


def rows(processes, args, _):
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    count = min(args.streams, (files - SPARE) // 2)
    if count < args.streams:
        say(f"{count:,} streams instead of {args.streams:,}: a process may open {files:,} files here, and each takes two")
    there = upstream(processes, args, FIRST_MS)
    say(f"{count:,} streams, straight from the upstream")
    direct, _ = opened(args, there, count, min(5, args.hold_seconds), lambda: None)
    out = []
    for reuse in [False, True]:
        out += one_mode(processes, args, there, count, reuse, direct)
    there.process.end()
    return [*out, at_once(processes, args)]
