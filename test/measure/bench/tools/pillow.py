"""Pillow as small resize functions use it: open the file, scale it and save it, once per size."""
import json
import os
import re
import resource
import sys
import time

from PIL import Image

source, sizes, extension, repeats, folder = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3], int(sys.argv[4]), sys.argv[5]
Image.MAX_IMAGE_PIXELS = None
FORMATS = {"jpeg": "JPEG", "webp": "WEBP"}


def resize(size):
    image = Image.open(source)
    if extension == "jpeg" and image.mode != "RGB":
        image = image.convert("RGB")
    scale = min(1, size / max(image.size))
    image = image.resize((round(image.width * scale), round(image.height * scale)), Image.LANCZOS)
    target = os.path.join(folder, f"pillow-{size}.{extension}")
    image.save(target, FORMATS[extension], quality=80)
    return os.path.getsize(target)


def used():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def peak_rss():
    try:
        with open("/proc/self/status") as status:
            return int(re.search(r"VmHWM:\s+(\d+)", status.read()).group(1)) * 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


cpu, wall = used(), time.perf_counter()
for _ in range(repeats):
    total = sum(resize(size) for size in sizes)
print(json.dumps({
    "cpu": (used() - cpu) * 1000 / repeats,
    "wall": (time.perf_counter() - wall) * 1000 / repeats,
    "peakRssMb": peak_rss() / 1e6,
    "bytes": total,
}))
