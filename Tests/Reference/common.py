"""What the fixture scripts share: where fixtures lie, small pictures made by integers only, and how files are written."""
from pathlib import Path

import numpy as np
from PIL import Image
from safetensors.numpy import save_file

FIXTURES = Path(__file__).resolve().parents[2] / "Fixtures"


def picture(width, height, seed=0):
    """An RGB picture [height, width, 3] of 8-bit values: slopes, a disc, stripes and a little noise.

    Integers only, so every machine and every numpy makes the same bytes.
    """
    y, x = np.mgrid[0:height, 0:width].astype(np.int64)
    red = 30 + 170 * x // max(width - 1, 1)
    green = 220 - 150 * y // max(height - 1, 1)
    blue = 60 + 120 * (x + y) // max(width + height - 2, 1)
    planes = np.stack([red, green, blue], axis=-1)

    centre_x, centre_y = (width * (3 + seed % 3)) // 8, (height * 5) // 9
    radius = max(min(width, height) // 3, 1)
    inside = (x - centre_x) ** 2 + (y - centre_y) ** 2 <= radius**2
    colour = np.array([(200 + 67 * seed) % 256, (60 + 31 * seed) % 256, (40 + 101 * seed) % 256])
    planes = np.where(inside[..., None], (planes + 3 * colour) // 4, planes)

    stripes = (x * 3 + y * 2 + 5 * seed) % 23 < 5
    planes = planes + np.where(stripes & (y < height // 3), 45, 0)[..., None]

    # A multiplicative hash of the coordinates; the two constants are Knuth's and a large prime.
    mixed = ((x * 2654435761 + y * 1640531513 + seed * 97) & 0xFFFFFFFF) * 2246822519 & 0xFFFFFFFF
    noise = np.stack([mixed >> 13, mixed >> 19, mixed >> 25], axis=-1) % 17 - 8
    return np.clip(planes + noise, 0, 255).astype(np.uint8)


def write_png(path, pixels):
    """Write 8-bit pixels [height, width, 3 or 4] as PNG without any side information."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path, optimize=True)


def write_tensors(path, tensors):
    """Write numpy arrays as a safetensors file, all f32 and contiguous."""
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: np.ascontiguousarray(value, dtype=np.float32) for name, value in tensors.items()}, path)
