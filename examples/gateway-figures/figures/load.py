"""The upstream that answers at once, the load, and systems measured by turns."""

import http.client
import json
import re
import statistics

from .install import Missing, program_of, run, say
from .process import free_port
from .table import Measured, Skipped

CONNECTIONS = 16

ANSWER = {
    "id": "chatcmpl-figures", "object": "chat.completion", "created": 1, "model": "m-2025",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "It is about as far as the next village."},
                 "finish_reason": "stop", "logprobs": None}],
    "usage": {"prompt_tokens": 120, "completion_tokens": 9, "total_tokens": 129},
}

NGINX = """
daemon off; worker_processes 1; pid {work}/nginx.pid; error_log {work}/nginx-error.log crit;
events {{ worker_connections 4096; }}
http {{
  access_log off; client_body_temp_path {work}/body; proxy_temp_path {work}/proxy; fastcgi_temp_path {work}/fastcgi;
  uwsgi_temp_path {work}/uwsgi; scgi_temp_path {work}/scgi; keepalive_requests 100000000; keepalive_timeout 600;
  server {{ listen 127.0.0.1:{port};
    location / {{ default_type application/json; return 200 '{answer}'; }} }}
}}
"""

# Prompts of 600 bytes that all differ. What comes back is counted only where a script asks for it: it costs the load.
LUA = """
local port, number = math.random(1, 1000000), 0
local words = string.rep("how far is it from here to there and back again ", 20)
request = function()
  number = number + 1
  local text = string.format("Question %d of %d: ", number, port)
  text = text .. words:sub(1, 600 - #text)
  local body = '{{"model":"{model}","messages":[{{"role":"user","content":"' .. text .. '"}}]}}'
  return wrk.format("POST", "{path}", {{ ["content-type"] = "application/json"{headers} }}, body)
end
local threads = {{}}
setup = function(thread) table.insert(threads, thread) end
{response}
done = function(summary, latency)
  local counts = ""
  for _, thread in ipairs(threads) do counts = thread:get("counts") or "" end
  local bad = summary.errors
  io.write(string.format("FIGURES requests=%d micros=%d p50=%.1f p999=%.1f bad=%d broken=%d %s\\n", summary.requests,
    summary.duration, latency:percentile(50), latency:percentile(99.9), bad.status,
    bad.connect + bad.read + bad.write + bad.timeout, counts))
end
"""


class System:
    """Something that answers, and how to ask it."""

    def __init__(self, process, path="/v1/chat/completions", model="m", headers=None):
        self.process, self.path, self.model, self.headers = process, path, model, headers or {}

    @property
    def address(self):
        return self.process.address


def nginx(processes, work):
    port = free_port()
    config = work / "nginx.conf"
    config.write_text(NGINX.format(work=work, port=port, answer=json.dumps(ANSWER)))
    return System(processes.start("nginx", [program_of("nginx"), "-c", config, "-p", work], port))


def wrk(system, seconds, work, connections=CONNECTIONS, response=""):
    """One run: what was counted."""
    script = work / "load.lua"
    headers = "".join(f', ["{name}"] = "{value}"' for name, value in system.headers.items())
    script.write_text(LUA.format(model=system.model, path=system.path, headers=headers, response=response))
    before = system.process.processor_seconds()
    out = run(program_of("wrk"), "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "10s",
              "-s", script, f"http://{system.address}")
    took = system.process.processor_seconds() - before
    line = re.search(r"FIGURES (.*)", out)
    if not line:
        raise Missing(f"wrk said nothing that can be read: {out.strip()[-200:]}")
    said = {name: float(value) for name, value in (word.split("=") for word in line.group(1).split())}
    said["seconds"] = said["micros"] / 1e6
    said["processor"] = took
    return said


def answers(system):
    """Whether it answers a question at all; the reason where it does not."""
    connection = http.client.HTTPConnection(system.address, timeout=30)
    body = json.dumps({"model": system.model, "messages": [{"role": "user", "content": "How far is it?"}]})
    headers = {"content-type": "application/json", **system.headers}
    try:
        connection.request("POST", system.path, body, headers)
        response = connection.getresponse()
        text = response.read()
    except OSError as error:
        raise Missing(f"it does not answer: {error}") from error
    if response.status != 200 or b"next village" not in text:
        raise Missing(f"it answers {response.status}: {text[:200].decode(errors='replace')}")
    return dict(response.getheaders())


def by_turns(systems, processes, args):
    """Every system once a round, so that whatever else the machine does falls on all of them."""
    started, rows, runs = {}, [], {}
    for name, start in systems.items():
        say(f"starting {name}")
        try:
            system = start()
            answers(system)
            wrk(system, min(1, args.seconds), args.work)
            started[name], runs[name] = system, []
        except Missing as why:
            say(f"left out: {name}: {why}")
            rows.append(Skipped(name, str(why)))
    for number in range(args.rounds):
        for name, system in started.items():
            said = wrk(system, args.seconds, args.work)
            runs[name].append(said)
            say(f"round {number + 1} of {args.rounds}: {name}: {said['requests'] / said['seconds']:,.0f} requests/s, "
                f"{said['processor'] / max(said['requests'], 1) * 1e6:.0f} µs of the processor each")
    for name in started:
        started[name].process.end() if name != "direct to nginx" else None
    measured = []
    for name, all_runs in runs.items():
        middle = lambda value: statistics.median(value(one) for one in all_runs)
        measured.append(Measured(
            name,
            rate=middle(lambda one: one["requests"] / one["seconds"]),
            p50_us=middle(lambda one: one["p50"]),
            processor_us=middle(lambda one: one["processor"] / max(one["requests"], 1) * 1e6),
            failed=sum(one["bad"] + one["broken"] for one in all_runs),
        ))
    return measured + rows
