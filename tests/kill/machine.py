# SPDX-License-Identifier: LGPL-2.1-or-later
"""A bus, a tree that looks like sysfs, a daemon with kill.c preloaded: what the
tests beside this share. Their arguments: NVMPATHD KILLER CELLS DIR."""
import atexit
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time

from rules import RESTS, cells_of, expected

nvmpathd, killer, cells, top = map(os.path.abspath, sys.argv[1:])
NAME, ROOT = "io.github.nvmpath1", "/io/github/nvmpath1"
PATIENCE = 40
hit, lock, problems = set(), threading.Lock(), []
free = []


class Problem(Exception):
    pass


class Machine:
    """A bus, and one cell after the other on a fresh tree."""

    def __init__(self, number):
        self.dir = f"{top}/m{number}"
        os.mkdir(self.dir)
        self.address = f"unix:path={self.dir}/bus"
        with open(f"{top}/bus.conf") as f, open(f"{self.dir}/bus.conf", "w") as to:
            to.write(f.read().replace(f"{top}/bus", f"{self.dir}/bus"))
        self.daemon = None
        self.begin_bus()
        atexit.register(self.end_bus)

    def begin_bus(self):
        self.bus = subprocess.Popen(["dbus-daemon", f"--config-file={self.dir}/bus.conf",
                                     "--nofork", "--nopidfile"], stderr=subprocess.DEVNULL)
        self.wait(lambda: os.path.exists(f"{self.dir}/bus"), "its bus")

    def end_bus(self):
        self.bus.terminate()
        self.bus.wait()
        if os.path.exists(f"{self.dir}/bus"):
            os.unlink(f"{self.dir}/bus")

    def wait(self, done, what):
        """False where the daemon died before."""
        end = time.monotonic() + PATIENCE
        while not done():
            if self.dead():
                return done()
            if time.monotonic() > end:
                raise Problem(f"{what} did not come: {self.states()}")
            time.sleep(0.005)
        return True

    def dead(self):
        return self.daemon is not None and self.daemon.poll() is not None

    def fresh(self, tweak):
        for d in ("sys", "run"):
            shutil.rmtree(f"{self.dir}/{d}", ignore_errors=True)
        shutil.copytree(f"{top}/sys", f"{self.dir}/sys", symlinks=True)
        for name in ("fail", "clock"):
            if os.path.exists(f"{self.dir}/{name}"):
                os.unlink(f"{self.dir}/{name}")
        self.log_text = ""
        tweak(self)

    def say(self, name, text):
        """To kill.c: what is to fail, what the clock is."""
        with open(f"{self.dir}/{name}.new", "w") as f:
            f.write(text)
        os.rename(f"{self.dir}/{name}.new", f"{self.dir}/{name}")

    def start(self, kill_at, refuse=""):
        """A daemon that is killed before that deed (0: not); until it is ready or dead."""
        ready = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        for name in ("ready", "deeds", "log"):
            if os.path.exists(f"{self.dir}/{name}"):
                os.unlink(f"{self.dir}/{name}")
        ready.bind(f"{self.dir}/ready")
        ready.settimeout(0.05)
        with open(f"{self.dir}/kill-at", "w") as f:
            f.write(str(kill_at))
        env = dict(os.environ, LD_PRELOAD=killer, NOTIFY_SOCKET=f"{self.dir}/ready",
                   NVMPATH_KILL_AT=f"{self.dir}/kill-at", NVMPATH_KILL_LOG=f"{self.dir}/deeds",
                   NVMPATH_KILL_TREE=f"{self.dir}/sys", NVMPATH_KILL_FAIL=f"{self.dir}/fail",
                   NVMPATH_KILL_CLOCK=f"{self.dir}/clock",
                   ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0")
        if refuse:
            env["NVMPATH_KILL_REFUSE"] = refuse
        with open(f"{self.dir}/log", "w") as log:
            self.daemon = subprocess.Popen(
                [nvmpathd, f"--sysfs={self.dir}/sys", f"--run-dir={self.dir}/run",
                 f"--bus={self.address}", f"--helper={top}/helper", "--poll-interval=50",
                 "--log-level=debug"],
                env=env, stderr=log)
        end, text = time.monotonic() + PATIENCE, b""
        while b"READY=1" not in text and not self.dead():
            try:
                text = ready.recv(4096)
            except socket.timeout:
                if time.monotonic() > end:
                    raise Problem("the daemon did not come up") from None
        ready.close()

    def log(self):
        with open(f"{self.dir}/log") as f:
            return f.read()

    def kill(self):
        self.daemon.kill()
        self.daemon.wait()
        self.daemon = None
        text = self.log()
        self.log_text += text + "---- killed\n"
        if "ERROR: AddressSanitizer" in text or "runtime error:" in text:
            raise Problem("the sanitizer complains")

    def end(self):
        """Kills it where it still runs; notes in which cell it was."""
        text = self.log()
        self.kill()
        with lock:
            hit.update(cells_of(text, self.states()))

    def deeds(self):
        with open(f"{self.dir}/deeds") as f:
            return f.read().splitlines()

    def records(self, prefix):
        found = {}
        for name in sorted(os.listdir(f"{self.dir}/run")) if os.path.isdir(f"{self.dir}/run") else []:
            if name.startswith(prefix) and name.endswith(".json"):
                try:
                    with open(f"{self.dir}/run/{name}") as f:
                        found[name] = json.load(f)
                except FileNotFoundError:
                    pass
        return found

    def states(self):
        return {r["id"]: r["state"] for r in self.records("removal-").values()}

    def held(self):
        names = set()
        for c in ("nvme0", "nvme1"):
            for n in (1, 2):
                path = f"{c}/nvme0c{c[4]}n{n}"
                try:
                    with open(f"{self.dir}/sys/class/nvme/{path}/admin_state") as f:
                        if f.read().startswith("hold"):
                            names.add(path.split("/")[1])
                except FileNotFoundError:
                    pass
        return names

    def there(self, controller):
        return os.path.exists(f"{self.dir}/sys/class/nvme/{controller}")

    def put(self, file, text):
        with open(f"{self.dir}/new", "w") as f:
            f.write(text + "\n")
        os.rename(f"{self.dir}/new", f"{self.dir}/sys/class/{file}")

    def busctl(self, *args):
        return subprocess.run(["busctl", f"--address={self.address}", "--json=short",
                               "--timeout=30", "call", NAME, *args],
                              capture_output=True, text=True, check=False)

    def manager(self, *args):
        return self.busctl(ROOT, f"{NAME}.Manager", *args)

    def take_away(self):
        """nvme1 goes by itself."""
        os.unlink(f"{self.dir}/sys/class/nvme-subsystem/nvme-subsys0/nvme1")
        os.rename(f"{self.dir}/sys/class/nvme/nvme1", f"{self.dir}/sys/away-nvme1")

    def removal(self, job, method):
        self.busctl(f"{ROOT}/removal/_3{job}", f"{NAME}.Removal", method, "t", "0")

    def becomes(self, job, state):
        return self.wait(lambda: self.states().get(job) == state, f"removal {job} {state}")

    def objects(self):
        out = self.busctl(ROOT, "org.freedesktop.DBus.ObjectManager", "GetManagedObjects")
        found = {}
        for path, interfaces in json.loads(out.stdout)["data"][0].items():
            for name, properties in interfaces.items():
                if name.startswith(NAME):
                    found[path[len(ROOT) + 1:]] = {k: v["data"] for k, v in properties.items()}
        return found


# ---- what must come of it ----------------------------------------------------

def judge(m, wanted):
    """Waits until nothing runs any more, then looks at everything."""
    m.wait(lambda: set(m.states().values()) <= RESTS, "the end of its removals")

    def keeps():
        return {p for r in m.records("removal-").values() for p in (t["path"] for t in r["targets"])
                if r["state"] == "drained" or (r["state"] == "failed" and r["kind"] == "drain")}
    m.wait(lambda: m.held() == keeps() and len(m.records("hold-")) == len(keeps()),
           "the holds that it should have")
    if m.dead():
        raise Problem("the daemon died by itself")
    states = m.states()
    for job, words in wanted.items():
        if states.get(job) not in words:
            raise Problem(f"removal {job} is {states.get(job)}, not {words}")
    objects = m.objects()
    for job, state in states.items():
        if objects[f"removal/_3{job}"]["State"] != state:
            raise Problem(f"the bus says otherwise of removal {job}")
    for path in m.held():
        if path.startswith("nvme0c0") or not objects[f"path/{path}"]["HoldOwner"]:
            raise Problem(f"{path} is held, and nobody owns that")
    for path in ("nvme0c0n1", "nvme0c0n2"):
        if not objects[f"path/{path}"]["Usable"]:
            raise Problem(f"{path} was not to be touched")
    if objects["controller/nvme1" if m.there("nvme1") else "controller/nvme0"]["State"] != "live":
        raise Problem("its controller is not as it was")


def wanted_after(m):
    there = m.there("nvme1")
    return {job: expected(state, there) for job, state in m.states().items()}


def run(work, *args):
    with lock:
        m = free.pop()
    try:
        return work(m, *args)
    except (Problem, KeyError, ValueError) as e:
        text = f"{type(e).__name__} {e}"
        if m.daemon:
            try:
                m.kill()
            except Problem as second:
                text += f"; {second}"
        with lock:
            problems.append((args, text, m.log_text))
        return None
    finally:
        with lock:
            free.append(m)
