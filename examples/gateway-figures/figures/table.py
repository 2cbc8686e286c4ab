"""The one table."""

import os
import platform
from dataclasses import dataclass


@dataclass
class Measured:
    """A system under load."""

    name: str
    rate: float
    p50_us: float
    processor_us: float
    failed: float


@dataclass
class Said:
    """A figure in words, with its aim."""

    name: str
    value: str
    aim: str = ""


@dataclass
class Skipped:
    """What could not be measured here."""

    name: str
    why: str


# What is held against what: by processor time, at most so many times as much.
HELD = [
    ("pointsman, no policy", "floor: bare proxy", 1.2),
    ("pointsman, 3 policies fresh", "floor: counted, 3 fresh calls", 1.25),
    ("pointsman, 3 policies warm", "floor: counted, 3 live calls", 1.25),
]
PEERS = ["TensorZero", "SMG", "LiteLLM", "Portkey"]


def machine():
    try:
        with open("/proc/cpuinfo") as lines:
            model = next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        model = platform.machine()
    return f"{model}, {os.cpu_count()} cores"


def of(rows, args):
    measured = {row.name: row for row in rows if isinstance(row, Measured)}
    floor = measured.get("floor: bare proxy")
    out = [f"\nOn {machine()}; medians of {args.rounds} rounds of {args.seconds:g} s, by turns; 16 connections, prompts of "
           "600 bytes.\n"]
    if measured:
        out.append("| system | requests/s | p50 ms | processor µs a request | processor, of the bare proxy | failed |")
        out.append("| --- | --- | --- | --- | --- | --- |")
        for row in measured.values():
            of_floor = f"{row.processor_us / floor.processor_us:.2f}×" if floor and floor.processor_us else "–"
            out.append(f"| {row.name} | {row.rate:,.0f} | {row.p50_us / 1e3:.2f} | {row.processor_us:.0f} | {of_floor} | "
                       f"{row.failed:.0f} |")
        out.append("")
    said = [row for row in rows if isinstance(row, Said)]
    lines = list(ratios(measured)) + said
    if lines:
        out.append("| figure | measured | aim |")
        out.append("| --- | --- | --- |")
        out += [f"| {row.name} | {row.value} | {row.aim} |" for row in lines]
        out.append("")
    out += [f"Left out: {row.name}: {row.why}" for row in rows if isinstance(row, Skipped)]
    return "\n".join(out)


def ratios(measured):
    for ours, floor, most in HELD:
        if ours in measured and floor in measured and measured[floor].processor_us:
            ratio = measured[ours].processor_us / measured[floor].processor_us
            yield Said(f"processor time: {ours} / {floor}", f"{ratio:.2f}×", f"≤ {most}×")
    peers = [measured[name] for name in PEERS if name in measured]
    if not peers:
        return
    best = max(peers, key=lambda row: row.rate)
    for ours, least in [("pointsman, 3 policies fresh", 1.7), ("pointsman, 3 policies warm", 2.2)]:
        if ours in measured:
            ratio = measured[ours].rate / best.rate
            faster = best.p50_us / measured[ours].p50_us
            yield Said(f"requests/s: {ours} / {best.name}, the best peer", f"{ratio:.2f}× (p50 {faster:.2f}× as fast)",
                       f"≥ {least}×")
    component = measured.get("SMG with one trivial component")
    if component and "pointsman, 3 policies fresh" in measured:
        ratio = measured["pointsman, 3 policies fresh"].rate / component.rate
        yield Said("requests/s: pointsman, 3 policies fresh / SMG with one trivial component", f"{ratio:.2f}×", "≥ 4×")
