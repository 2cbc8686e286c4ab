"""The gateway and its floors."""

import os

from .load import System
from .process import free_port

POLICIES = """
[[slots]]
name = "router"
kind = "router"
policy = "router-rules"
reuse = {reuse}

[[slots]]
name = "compressor"
kind = "compressor"
policy = "compressor-window"
settings = {{ max-tokens = 2000 }}
reuse = {reuse}

[[slots]]
name = "checker"
kind = "checker"
policy = "checker-basic"
reuse = {reuse}
"""

BASE = """
[server]
listen = "127.0.0.1:{port}"
{server}
[admin]
listen = "127.0.0.1:{admin}"
token = {{ env = "FIGURES_TOKEN" }}

[[upstreams]]
name = "there"
kind = "openai"
base-url = "http://{upstream}/v1"

[[models]]
name = "m"
upstream = "there"
upstream-model = "m-2025"
window = 128000
input-price = 0.25
output-price = 2.0

[[models]]
name = "n"
upstream = "there"
window = 128000
input-price = 1.25
output-price = 10.0

[[routes]]
name = "auto"
candidates = ["m", "n"]

[sandbox]
cache-dir = "{cache}"
{sandbox}
{slots}
"""

TOKEN = "figures"


def gateway(processes, args, name, upstream, slots="", server="", sandbox=""):
    """A gateway of this configuration; gives it with the address of its admin API."""
    port, admin = free_port(), free_port()
    config = args.work / f"{name.replace(' ', '-').replace(',', '')}.toml"
    config.write_text(BASE.format(
        port=port, admin=admin, upstream=upstream.address, slots=slots, server=server, sandbox=sandbox,
        cache=args.work / "compiled"))
    process = processes.start(
        name, [args.bin / "pointsman", "serve", "--config", config], port, seconds=300,
        env={**os.environ, "FIGURES_TOKEN": TOKEN})
    system = System(process, model="auto")
    system.admin = f"127.0.0.1:{admin}"
    return system


def floors(processes, args, upstream):
    def floor(name, *more):
        def start():
            port = free_port()
            target = f"http://{upstream.address}/v1/chat/completions"
            command = [args.bin / "floor", "--listen", f"127.0.0.1:{port}", "--upstream", target, *more]
            return System(processes.start(name, command, port, seconds=300))
        return start

    return {
        "floor: bare proxy": floor("floor bare"),
        "floor: counted, 3 fresh calls": floor("floor fresh", "--policies", "fresh", "--cache", args.work / "compiled"),
        "floor: counted, 3 live calls": floor("floor live", "--policies", "live", "--cache", args.work / "compiled"),
    }


def gateways(processes, args, upstream):
    fresh, warm = POLICIES.format(reuse="false"), POLICIES.format(reuse="true")
    return {
        "pointsman, no policy": lambda: gateway(processes, args, "pointsman none", upstream),
        "pointsman, 3 policies fresh": lambda: gateway(processes, args, "pointsman fresh", upstream, fresh),
        "pointsman, 3 policies warm": lambda: gateway(processes, args, "pointsman warm", upstream, warm),
    }
