#!/usr/bin/env python3
"""Have libjxl's `ssimulacra2` score 40 pairs of pictures: Fixtures/ssimulacra2.json.

    make_ssimulacra2.py [--tool PATH] [--check]

The first picture of a pair is a part of a picture in Fixtures, the second the same part after a change that needs
integers only, so that `Ssimulacra2Tests` makes the same pairs. The scores are those of version 2.1 on a CPU with fused
multiplications (any with AVX2); on others the program itself gives up to two points less where pictures are nearly equal.
`--check` prints what PyPI's `ssimulacra2` says of them too, whose filter has other edges.
"""
import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from common import FIXTURES, write_png
from make_metrics import noisy


def shifted(pixels, columns):
    return np.roll(pixels, columns, axis=1)


def coarse(pixels, step):
    """Rounded to multiples of `step`."""
    return np.clip((pixels.astype(int) + step // 2) // step * step, 0, 255).astype(np.uint8)


def darker(pixels, eighths):
    return (pixels.astype(int) * (8 - eighths) // 8).astype(np.uint8)


def inverted(pixels, _):
    return 255 - pixels


def turned(pixels, places):
    """With red, green and blue changing places."""
    return np.roll(pixels, places, axis=2)


def flipped(pixels, index):
    """One sample is off by one level."""
    changed = pixels.copy().reshape(-1)
    changed[index] ^= 1
    return changed.reshape(pixels.shape)


def blurred(pixels, radius):
    """Means of columns, then of rows, the edges repeated."""
    result = pixels.astype(int)
    for axis in (0, 1):
        padded = np.pad(result, [(radius, radius) if a == axis else (0, 0) for a in range(3)], mode="edge")
        length = result.shape[axis]
        result = sum(padded.take(range(k, k + length), axis) for k in range(2 * radius + 1)) // (2 * radius + 1)
    return result.astype(np.uint8)


def blocky(pixels, step):
    """Walsh-Hadamard coefficients of whole 8x8 blocks, rounded to multiples of `step`."""
    signs = np.array([[1 - 2 * (bin(row & column).count("1") % 2) for column in range(8)] for row in range(8)])
    result = pixels.astype(int)
    for top in range(0, pixels.shape[0] - 7, 8):
        for left in range(0, pixels.shape[1] - 7, 8):
            for channel in range(3):
                block = result[top : top + 8, left : left + 8, channel]
                coefficients = signs @ block @ signs
                coefficients = (coefficients + 4 * step) // (8 * step) * (8 * step)
                result[top : top + 8, left : left + 8, channel] = (signs @ coefficients @ signs) // 64
    return np.clip(result, 0, 255).astype(np.uint8)


CHANGES = {change.__name__: change for change in (noisy, shifted, coarse, darker, inverted, turned, flipped, blurred, blocky)}

# Picture, left, top, width, height, change, its strength.
PAIRS = [
    ("demo.png", 128, 64, 512, 384, "blocky", 9),
    ("demo.png", 256, 128, 384, 256, "blocky", 100),
    ("demo.png", 100, 40, 256, 256, "blocky", 48),
    ("demo.png", 300, 200, 256, 192, "blocky", 14),
    ("demo.png", 500, 100, 161, 163, "blocky", 64),
    ("demo.png", 400, 300, 128, 128, "blocky", 40),
    ("demo.png", 40, 380, 333, 97, "blocky", 30),
    ("demo.png", 600, 10, 130, 400, "blocky", 24),
    ("demo.png", 200, 260, 192, 144, "blocky", 5),
    ("demo.png", 320, 240, 64, 63, "blocky", 90),
    ("demo.png", 320, 240, 31, 33, "blocky", 160),
    ("demo.png", 320, 240, 17, 200, "blocky", 40),
    ("demo.png", 320, 240, 16, 16, "blocky", 60),
    ("demo.png", 320, 240, 15, 9, "blocky", 12),
    ("demo.png", 320, 240, 8, 8, "blocky", 12),
    ("demo.png", 220, 240, 500, 12, "noisy", 12),
    ("demo.png", 128, 128, 256, 256, "noisy", 2),
    ("demo.png", 128, 128, 200, 256, "noisy", 9),
    ("demo.png", 512, 0, 256, 200, "noisy", 40),
    ("demo.png", 30, 20, 190, 190, "blurred", 1),
    ("demo.png", 330, 200, 190, 210, "blurred", 2),
    ("demo.png", 430, 100, 210, 190, "blurred", 4),
    ("demo.png", 0, 0, 225, 225, "coarse", 2),
    ("demo.png", 200, 200, 225, 225, "coarse", 8),
    ("demo.png", 400, 200, 225, 225, "coarse", 32),
    ("demo.png", 100, 300, 240, 180, "shifted", 1),
    ("demo.png", 100, 300, 240, 180, "shifted", 5),
    ("demo.png", 0, 256, 256, 160, "darker", 1),
    ("demo.png", 384, 256, 160, 256, "darker", 4),
    ("demo.png", 300, 100, 160, 128, "turned", 1),
    ("demo.png", 300, 100, 128, 160, "inverted", 0),
    ("demo.png", 0, 0, 256, 256, "flipped", 90001),
    ("demo.png", 0, 0, 100, 75, "coarse", 1),
    ("metrics/large.png", 0, 0, 200, 176, "coarse", 24),
    ("metrics/large.png", 0, 0, 200, 176, "blocky", 8),
    ("metrics/odd.png", 0, 0, 161, 163, "shifted", 1),
    ("metrics/odd.png", 0, 0, 161, 163, "noisy", 5),
    ("metrics/small.png", 0, 0, 24, 17, "noisy", 9),
    ("metrics/thin.png", 0, 0, 8, 40, "noisy", 20),
    ("metrics/thin.png", 0, 0, 8, 40, "blurred", 1),
]


def check(name, first, second, score):
    from ssimulacra2 import compute_ssimulacra2_with_alpha

    print(f"{name}: {score:.4f}, PyPI's {float(compute_ssimulacra2_with_alpha(first, second)) - score:+.4f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", default="ssimulacra2", help="libjxl's program")
    parser.add_argument("--check", action="store_true", help="compare with PyPI's ssimulacra2")
    arguments = parser.parse_args()
    entries = []
    with tempfile.TemporaryDirectory() as folder:
        first, second = (Path(folder) / name for name in ("first.png", "second.png"))
        for source, left, top, width, height, change, strength in PAIRS:
            pixels = np.asarray(Image.open(FIXTURES / source).convert("RGB"))[top : top + height, left : left + width]
            write_png(first, pixels)
            write_png(second, CHANGES[change](pixels, strength))
            run = subprocess.run([arguments.tool, first, second], capture_output=True, text=True, check=True)
            entry = dict(picture=source, left=left, top=top, width=width, height=height, change=change, strength=strength)
            entries.append(entry | {"score": float(run.stdout)})
            if arguments.check:
                check(f"{source} {width}x{height} {change} {strength}", first, second, float(run.stdout))
    lines = ",\n".join("    " + json.dumps(entry) for entry in entries)
    (FIXTURES / "ssimulacra2.json").write_text('{\n  "pairs": [\n' + lines + "\n  ]\n}\n")
