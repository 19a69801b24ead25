"""Pictures as tensors, and reproducible crops of them."""
from pathlib import Path

import numpy as np
import torch
from PIL import Image

SUFFIXES = {".jpg", ".jpeg", ".png"}


def read_folders(folders):
    """Every picture below `folders`, in the order of their names: (path, uint8 tensor [3, height, width])."""
    paths = sorted(path for folder in folders for path in Path(folder).rglob("*") if path.suffix.lower() in SUFFIXES)
    if not paths:
        raise SystemExit(f"no pictures in {', '.join(map(str, folders))}")
    return [(path, torch.from_numpy(np.array(Image.open(path).convert("RGB")).transpose(2, 0, 1).copy())) for path in paths]


def normalised(pixels):
    """uint8 pixels as what the network takes: float32, -1...1."""
    return pixels.float() / 127.5 - 1


class Crops:
    """Square crops, half of them mirrored, chosen by the seed and the step alone, so that a resumed run sees the same."""

    def __init__(self, pictures, seed):
        self.pictures = pictures
        self.seed = seed

    def batch(self, step, count, side):
        """A tensor [count, 3, side, side], -1...1; pictures smaller than `side` are passed over."""
        generator = np.random.default_rng([self.seed, step])
        crops = []
        while len(crops) < count:
            picture = self.pictures[generator.integers(len(self.pictures))]
            _, height, width = picture.shape
            if min(height, width) < side:
                continue
            top, left = generator.integers(height - side + 1), generator.integers(width - side + 1)
            crop = picture[:, top : top + side, left : left + side]
            crops.append(crop.flip(-1) if generator.integers(2) else crop)
        return normalised(torch.stack(crops))
