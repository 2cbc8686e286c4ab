"""Revisions activated under load, and what the traffic notices of it."""

import http.client
import json
import threading
import time

from . import ours
from .install import Missing, say
from .load import answers, wrk
from .table import Said

EVERY = 0.2

# Each response says which revision served it, by which policies, and what was skipped.
COUNT = """
counts = "turns=0"
local turns, without, seen, swaps, last = 0, 0, {}, 0, nil
response = function(status, headers, body)
  turns = turns + 1
  local policies = headers["x-pointsman-policies"]
  local all = policies and select(2, policies:gsub("=", "=")) or 0
  if status ~= 200 or headers["x-pointsman-skipped"] or all < 3 then without = without + 1 end
  local revision = headers["x-pointsman-revision"]
  if revision and not seen[revision] then seen[revision] = true; swaps = swaps + 1 end
  counts = string.format("turns=%d without=%d revisions=%d", turns, without, swaps)
end
"""


def operate(system, method, path, body=None):
    connection = http.client.HTTPConnection(system.admin, timeout=60)
    headers = {"authorization": f"Bearer {ours.TOKEN}", "content-type": "application/json"}
    connection.request(method, path, json.dumps(body) if body is not None else None, headers)
    response = connection.getresponse()
    text = response.read()
    if response.status >= 300:
        raise Missing(f"the admin API answers {response.status} to {method} {path}: {text[:300].decode()}")
    return json.loads(text)


def swapping(system, revisions, stop, done):
    """Activates one revision after the other until it is told to stop."""
    number, next_at = 0, time.monotonic()
    try:
        while not stop.is_set():
            operate(system, "POST", f"/revisions/{revisions[number % len(revisions)]}/activate")
            number += 1
            next_at += EVERY
            stop.wait(max(0, next_at - time.monotonic()))
    except (OSError, Missing) as why:
        done.append(str(why))
    done.append(number)


def rows(processes, args, upstream):
    slots = ours.POLICIES.format(reuse="false")
    system = ours.gateway(processes, args, "pointsman swaps", upstream, slots)
    headers = {name.lower() for name in answers(system)}
    if "x-pointsman-policies" not in headers:
        raise Missing("the responses do not say which policies served them")
    say("staging the revisions that are swapped")
    change = {"slot": "compressor", "settings": {"max-tokens": 2001}}
    other = operate(system, "POST", "/revisions", change)["revision"]
    steady = wrk(system, args.swap_seconds, args.work, response=COUNT)
    say(f"steady: {steady['turns']:.0f} turns, p99.9 {steady['p999'] / 1e3:.1f} ms; now a swap every {EVERY * 1e3:.0f} ms")
    stop, done = threading.Event(), []
    thread = threading.Thread(target=swapping, args=(system, [other, 1], stop, done))
    thread.start()
    swapped = wrk(system, args.swap_seconds, args.work, response=COUNT)
    stop.set()
    thread.join()
    if len(done) > 1:
        raise Missing(f"the swaps ended early: {done[0]}")
    if swapped["revisions"] < 2:
        raise Missing("only one revision was seen under the swaps")
    system.process.end()
    ratio = swapped["p999"] / steady["p999"]
    return [
        Said(f"swaps in {args.swap_seconds:g} s under load, and turns", f"{done[0]:.0f}, {swapped['turns']:,.0f}"),
        # A busy machine takes policies past their deadlines, swaps or none: that is what the steady run shows.
        Said("turns without their policies under swaps (steady)", f"{swapped['without']:.0f} ({steady['without']:.0f})", "0"),
        Said("turns that failed under swaps", f"{swapped['bad'] + swapped['broken']:.0f}", "0"),
        Said("p99.9 under swaps / steady", f"{ratio:.2f}× ({swapped['p999'] / 1e3:.1f} / {steady['p999'] / 1e3:.1f} ms)", "≤ 2×"),
    ]
