# SPDX-License-Identifier: LGPL-2.1-or-later
"""A tree that looks like sysfs, with NAMESPACES (512) over 8 controllers; for
nvmpathd's reader, and for libnvme's where it is mounted over /sys.

    large-sysfs.py ROOT [NAMESPACES]
"""

import os
import sys

ROOT = sys.argv[1]
NAMESPACES = int(sys.argv[2]) if len(sys.argv) > 2 else 512
NQN = "nqn.2026-01.test:large"
SUBSYSTEM = f"{ROOT}/class/nvme-subsystem/nvme-subsys0"
WHO = {"subsysnqn": NQN, "model": "Fake", "serial": "1", "firmware_rev": "1"}
PATH = {"ana_grpid": "1", "ana_state": "optimized", "admin_state": "online",
        "path_state": "usable", "inflight": "0 0", "queue/iostats": "1"}


def put(folder, values):
    for key, value in values.items():
        path = f"{folder}/{key}"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as f:
            f.write(value + "\n")


put(SUBSYSTEM, dict(WHO, iopolicy="numa"))
for n in range(1, NAMESPACES + 1):
    put(f"{SUBSYSTEM}/nvme0n{n}", {"nsid": str(n), "size": "131072"})
for c in range(8):
    controller = f"{ROOT}/class/nvme/nvme{c}"
    put(controller, dict(WHO, transport="tcp", address=f"traddr=10.0.0.{c},trsvcid=4420",
                         state="live", cntlid=str(c + 1), numa_node="-1",
                         hostnqn="nqn.2014-08.org.nvmexpress:uuid:fake", hostid="fake"))
    os.symlink(f"../../nvme/nvme{c}", f"{SUBSYSTEM}/nvme{c}")
    for n in range(1, NAMESPACES + 1):
        put(f"{controller}/nvme0c{c}n{n}", dict(PATH, nsid=str(n)))
