"""Resident memory after ten thousand requests, and after a hundred times as many."""

from . import ours
from .install import say
from .load import answers, wrk
from .table import Said


def rows(processes, args, upstream):
    slots = ours.POLICIES.format(reuse="false")
    system = ours.gateway(processes, args, "pointsman memory", upstream, slots)
    answers(system)
    first = min(10_000, args.requests // 10)
    answered, early = 0, None
    while answered < args.requests:
        # A second at a time until the first look, so that it comes when it should.
        said = wrk(system, 1 if early is None else min(30, args.seconds * 3), args.work)
        answered += said["requests"]
        if early is None and answered >= first:
            early = (answered, system.process.resident_bytes())
        say(f"{answered:,.0f} of {args.requests:,} requests, {system.process.resident_bytes() / 2**20:.1f} MiB")
    late = system.process.resident_bytes()
    system.process.end()
    more = 100 * (late / early[1] - 1)
    return [Said(
        f"resident memory after {early[0]:,.0f} and {answered:,.0f} requests",
        f"{early[1] / 2**20:.1f} and {late / 2**20:.1f} MiB ({more:+.1f}%)", "within 10%")]
