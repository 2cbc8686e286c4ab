"""What is needed, got from where people get it."""

import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]


class Missing(Exception):
    """Something cannot be had here; the text says what and why."""


def say(words):
    print(f"figures: {words}", file=sys.stderr, flush=True)


def run(*command, **more):
    """Runs a command whose words are shown only where it fails."""
    command = [str(word) for word in command]
    try:
        done = subprocess.run(command, capture_output=True, text=True, **more)
    except OSError as error:
        raise Missing(f"{command[0]} cannot be run: {error}") from error
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise Missing(f"`{' '.join(command[:4])} …` failed: {''.join(last) or 'without a word'}")
    return done.stdout


def debian(work):
    """nginx and wrk."""
    wanted = [name for name, program in [("nginx-light", "nginx"), ("wrk", "wrk")] if not program_of(program)]
    if not wanted:
        return
    say(f"installing {' and '.join(wanted)} by apt-get")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        run("apt-get", "update", "-qq", env=environment)
        run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *wanted, env=environment)
    except Missing as why:
        raise Missing(f"{why}; install {' and '.join(wanted)} and try again") from why


def program_of(name):
    """Where a program is; Debian keeps servers where an ordinary user does not look."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")


def build():
    """What is measured, built as it is deployed, and where it is."""
    say("building pointsman, floor and streams as they are deployed (the first such build takes some twenty minutes)")
    command = ["cargo", "build", "--profile", "dist", "--workspace", "--bin", "pointsman", "--bin", "floor", "--bin", "streams"]
    if subprocess.run(command, cwd=ROOT).returncode:
        raise Missing("the build failed; its words are above")
    target = os.environ.get("CARGO_TARGET_DIR")
    return (pathlib.Path(target) if target else ROOT / "target") / "dist"


def python(work, package):
    """An environment with this package; gives its folder of programs."""
    folder = work / package.split("[")[0]
    ready = folder / "ready"
    if not ready.exists():
        say(f"installing {package} by pip")
        run(sys.executable, "-m", "venv", folder)
        run(folder / "bin" / "python", "-m", "pip", "install", "--quiet", package)
        ready.touch()
    return folder / "bin"


def node(work, package):
    """A folder in which Node finds this package."""
    folder = work / package.split("/")[-1]
    installed = folder / "node_modules" / package
    if not installed.exists():
        say(f"installing {package} by npm")
        folder.mkdir(parents=True, exist_ok=True)
        run("npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", folder, package)
    return installed
