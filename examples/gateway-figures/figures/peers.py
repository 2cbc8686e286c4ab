"""Other gateways in front of the same upstream, none of them running a policy."""

import json
import os
import subprocess
import time
import urllib.request

from . import install
from .install import Missing, run
from .load import System
from .process import Process, free_port


def all_of(processes, args, upstream):
    return {
        "TensorZero": lambda: tensorzero(processes, args, upstream),
        "SMG": lambda: smg(processes, args, upstream),
        "SMG with one trivial component": lambda: smg(processes, args, upstream, component(args)),
        "LiteLLM": lambda: litellm(processes, args, upstream),
        "Portkey": lambda: portkey(processes, args, upstream),
    }


TENSORZERO = """
[gateway]
observability.enabled = false
[models.m]
routing = ["there"]
[models.m.providers.there]
type = "openai"
model_name = "m-2025"
api_base = "http://{upstream}/v1/"
api_key_location = "none"
"""

# The Python package has the whole gateway in it, and serves it for OpenAI's client.
TENSORZERO_SERVE = """
import sys, time
from openai import OpenAI
from tensorzero import patch_openai_client
client = patch_openai_client(OpenAI(api_key="none"), config_file=sys.argv[1], async_setup=False)
open(sys.argv[2], "w").write(str(client.base_url))
while True:
    time.sleep(60)
"""


def tensorzero(processes, args, upstream):
    programs = install.python(args.work, "tensorzero")
    config, script = args.work / "tensorzero.toml", args.work / "tensorzero-serve.py"
    config.write_text(TENSORZERO.format(upstream=upstream.address))
    script.write_text(TENSORZERO_SERVE)
    run(programs / "python", "-m", "pip", "install", "--quiet", "openai")
    # It chooses a port of its own, and says which.
    log, said = processes.logs / "TensorZero.log", args.work / "tensorzero-address"
    said.unlink(missing_ok=True)
    with log.open("w") as out:
        popen = subprocess.Popen([str(programs / "python"), str(script), str(config), str(said)], stdout=out, stderr=out,
                                 start_new_session=True)
    process = Process(popen, "", log)
    processes.started.append(process)
    for _ in range(600):
        words = said.read_text() if said.exists() else ""
        if words.endswith("/"):
            host, _, base = words.partition("//")[2].partition("/")
            process.address = host.replace("0.0.0.0", "127.0.0.1")
            path = f"/{base.strip('/')}/chat/completions"
            return System(process, path=path, model="tensorzero::model_name::m")
        if popen.poll() is not None:
            break
        time.sleep(0.1)
    raise Missing(f"it did not start: {process.words()}")


def smg(processes, args, upstream, wasm=None):
    programs = install.python(args.work, "smg")
    port, metrics = free_port(), free_port()
    name = "SMG with a component" if wasm else "SMG"
    command = [programs / "smg", "launch", "--host", "127.0.0.1", "--port", port, "--backend", "openai",
               "--worker-urls", f"http://{upstream.address}", "--prometheus-host", "127.0.0.1", "--prometheus-port", metrics, "--history-backend", "none",
               "--disable-health-check", "--log-level", "warn"]
    process = processes.start(name, command + (["--enable-wasm"] if wasm else []), port,
                              env={**os.environ, "OPENAI_API_KEY": "none"})
    if wasm:
        module = {"name": "trivial", "file_path": str(wasm), "module_type": "Middleware",
                  "attach_points": [{"Middleware": "OnRequest"}]}
        body = json.dumps({"modules": [module]}).encode()
        request = urllib.request.Request(f"http://{process.address}/wasm", body, {"content-type": "application/json"})
        try:
            said = urllib.request.urlopen(request, timeout=60).read().decode()
        except OSError as error:
            raise Missing(f"it does not take the component: {error}") from error
        if "rror" in said:
            raise Missing(f"it does not take the component: {said[:200]}")
    # It learns of its upstream's models in the background.
    time.sleep(3)
    return System(process, headers={"authorization": "Bearer none"})


def component(args):
    """The least component that SMG takes: it lets every request pass."""
    folder = install.ROOT / "examples" / "gateway-figures" / "smg-component"
    target = args.work / "smg-component"
    run("cargo", "build", "--release", "--target", "wasm32-wasip2", "--manifest-path", folder / "Cargo.toml",
        "--target-dir", target)
    return target / "wasm32-wasip2" / "release" / "smg_component.wasm"


LITELLM = """
model_list:
  - model_name: m
    litellm_params: {{ model: openai/m-2025, api_base: "http://{upstream}/v1", api_key: none }}
litellm_settings: {{ telemetry: false }}
"""


def litellm(processes, args, upstream):
    programs = install.python(args.work, "litellm[proxy]")
    config, port = args.work / "litellm.yaml", free_port()
    config.write_text(LITELLM.format(upstream=upstream.address))
    command = [programs / "litellm", "--config", config, "--host", "127.0.0.1", "--port", port]
    # Without a key, as the others are; it listens on the loopback interface alone.
    environment = {**os.environ, "LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_LOG": "ERROR", "PYTHONUNBUFFERED": "1",
                   "LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY": "true"}
    return System(processes.start("LiteLLM", command, port, seconds=180, env=environment))


def portkey(processes, args, upstream):
    package = install.node(args.work, "@portkey-ai/gateway")
    port = free_port()
    command = ["node", package / "build" / "start-server.js", "--headless", f"--port={port}"]
    headers = {"x-portkey-provider": "openai", "x-portkey-custom-host": f"http://{upstream.address}/v1",
               "authorization": "Bearer none"}
    environment = {**os.environ, "TRUSTED_CUSTOM_HOSTS": "127.0.0.1,localhost"}
    return System(processes.start("Portkey", command, port, env=environment), headers=headers)
