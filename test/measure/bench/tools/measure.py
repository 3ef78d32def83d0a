"""Runs commands one after the other and prints their processor time, wall time and peak memory as JSON."""
import json
import resource
import subprocess
import sys
import time

commands = json.loads(sys.argv[1])
repeats = int(sys.argv[2])
started = time.perf_counter()
for _ in range(repeats):
    for command in commands:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
wall = time.perf_counter() - started
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({
    "cpu": (usage.ru_utime + usage.ru_stime) * 1000 / repeats,
    "wall": wall * 1000 / repeats,
    "peakRssMb": usage.ru_maxrss * 1024 / 1e6,
}))
