# SPDX-License-Identifier: LGPL-2.1-or-later
"""Topologies for the stand-in daemon, in the form of its scenario files.

    pair      one namespace, two paths
    ana       one namespace, eight paths in two ANA groups
    large     512 namespaces over eight controllers: 4,096 paths
    empty     a subsystem with a namespace and controllers, but no paths
    degraded  four namespaces: whole, degraded, on the last path, without any; a flaky path
"""

import time

MANAGER = {
    "version": "0.1.0", "kernel_release": "6.12.117-nvmpath",
    "kernel_features": ["admin_state", "path_state", "bio_redirect_count", "diag"],
    "kernel_missing": [], "event_sources": ["udev", "poll"], "protection": "full",
}


def controller(c, paths, state="live"):
    return {"name": f"nvme{c}", "subsystem": "nvme-subsys0", "transport": "tcp",
            "address": f"traddr=10.0.{c // 2}.{c % 2},trsvcid=4420", "state": state,
            "traddr": f"10.0.{c // 2}.{c % 2}", "trsvcid": "4420", "host_iface": f"eth{c % 2}",
            "cntlid": c + 1, "paths": paths, "command_errors": 0, "resets": 0, "reconnects": 0,
            "ctrl_loss_tmo_sec": 600, "fast_io_fail_tmo_sec": "off", "reconnect_delay_sec": 10}


def path(c, n, ana="optimized", state="usable", held=""):
    return {"name": f"nvme0c{c}n{n}", "namespace": f"nvme0n{n}", "controller": f"nvme{c}",
            "subsystem": "nvme-subsys0", "nsid": n, "ana_group": 1 if ana == "optimized" else 2,
            "ana_state": ana, "admin_state": "hold" if held else "online",
            "path_state": state, "usable": state == "usable", "in_flight": 0,
            "hold_reason": held, "hold_owner": "uid 0" if held else "", "failovers": 0,
            "retries": 0, "command_errors": 0, "bio_redirects": 0}


def namespace(n, paths):
    return {"name": f"nvme0n{n}", "subsystem": "nvme-subsys0", "nsid": n, "size_bytes": n << 30,
            "uuid": f"00000000-0000-4000-8000-{n:012}", "paths": [p["name"] for p in paths],
            "usable_paths": sum(p["usable"] for p in paths), "bio_redirects": 0,
            "io_requeues": 0, "io_failures": 0}


def scenario(n_controllers, by_namespace, states=()):
    """by_namespace: the paths of each namespace, from the first on."""
    paths = [p for ps in by_namespace for p in ps]
    controllers = [
        controller(c, [p["name"] for p in paths if p["controller"] == f"nvme{c}"],
                   dict(states).get(c, "live"))
        for c in range(n_controllers)]
    namespaces = [namespace(n + 1, ps) for n, ps in enumerate(by_namespace)]
    subsystem = {"name": "nvme-subsys0", "nqn": "nqn.2026-01.test:topology", "model": "Target",
                 "serial": "1", "firmware": "1", "io_policy": "queue-depth",
                 "controllers": [c["name"] for c in controllers],
                 "namespaces": [n["name"] for n in namespaces]}
    return {"manager": MANAGER, "subsystems": [subsystem], "controllers": controllers,
            "namespaces": namespaces, "paths": paths, "removals": []}


def pair():
    return scenario(2, [[path(0, 1), path(1, 1)]])


def ana_of(c):
    return "optimized" if c < 4 else "non-optimized"


def ana():
    return scenario(8, [[path(c, 1, ana_of(c)) for c in range(8)]])


def large():
    return scenario(8, [[path(c, n, ana_of(c)) for c in range(8)] for n in range(1, 513)])


def empty():
    return scenario(2, [[]])


def degraded():
    down = ("non-optimized", "ctrl_down")
    whole = scenario(3, [
        [path(0, 1), path(1, 1)],
        [path(0, 2), path(1, 2), path(2, 2, *down)],
        [path(0, 3, "optimized", "held", "cable swap"), path(1, 3, "non-optimized")],
        [path(0, 4, "inaccessible", "ana_inaccessible"), path(2, 4, *down)],
    ], [(2, "connecting")])
    flaky = next(p for p in whole["paths"] if p["name"] == "nvme0c1n2")
    flaky.update(transitions=14, last_change_usec=int(time.time() - 200) * 1000000,
                 last_change="ctrl_down -> usable")
    return whole
