"""Processes under measurement: started, waited for, accounted, ended."""

import os
import resource
import signal
import socket
import subprocess
import time

from .install import Missing

TICKS = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Process:
    """One program with all that it started, at an address."""

    def __init__(self, popen, address, log):
        self.popen, self.address, self.log = popen, address, log

    def tree(self):
        """The process and its descendants, by identifier."""
        parents = {}
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                try:
                    with open(f"/proc/{entry}/stat") as stat:
                        parents[int(entry)] = int(stat.read().rpartition(")")[2].split()[1])
                except OSError:
                    pass
        found = [self.popen.pid]
        for pid in found:
            found += [child for child, parent in parents.items() if parent == pid]
        return found

    def processor_seconds(self):
        """What it took so far, in user and system mode."""
        total = 0
        for pid in self.tree():
            try:
                with open(f"/proc/{pid}/stat") as stat:
                    fields = stat.read().rpartition(")")[2].split()
                total += int(fields[11]) + int(fields[12])
            except OSError:
                pass
        return total / TICKS

    def resident_bytes(self):
        """Memory that it holds. A page that is mapped many times counts once: instances share the pages of their snapshot
        that they have not written to."""
        total = 0
        for pid in self.tree():
            try:
                with open(f"/proc/{pid}/smaps_rollup") as lines:
                    total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
            except OSError:
                pass
        return total * 1024

    def maps(self):
        """Memory maps of the process: the kernel allows it 65,530."""
        with open(f"/proc/{self.popen.pid}/maps") as maps:
            return sum(1 for _ in maps)

    def words(self):
        """The last lines of its log."""
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return " / ".join(lines[-3:])

    def end(self):
        if self.popen.poll() is None:
            os.killpg(self.popen.pid, signal.SIGTERM)
            try:
                self.popen.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.popen.pid, signal.SIGKILL)
                self.popen.wait()


class Processes:
    """All that was started, ended together."""

    def __init__(self, logs):
        self.logs, self.started = logs, []
        logs.mkdir(parents=True, exist_ok=True)
        # Ten thousand streams are twenty thousand descriptors.
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in reversed(self.started):
            process.end()

    def start(self, name, command, port, seconds=120, **more):
        """Starts a program and waits until its port answers."""
        log = self.logs / f"{name.replace(' ', '-').replace('/', '-')}.log"
        with log.open("w") as out:
            try:
                popen = subprocess.Popen(
                    [str(word) for word in command], stdout=out, stderr=out, stdin=subprocess.DEVNULL,
                    start_new_session=True, **more,
                )
            except OSError as error:
                raise Missing(f"{name} cannot be started: {error}") from error
        process = Process(popen, f"127.0.0.1:{port}", log)
        self.started.append(process)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if popen.poll() is not None:
                raise Missing(f"{name} ended at once: {process.words()}")
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return process
            except OSError:
                time.sleep(0.1)
        process.end()
        raise Missing(f"{name} did not listen within {seconds} s: {process.words()}")
