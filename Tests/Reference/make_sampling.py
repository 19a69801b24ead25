#!/usr/bin/env python3
"""Write what torch.randn draws on the CPU for a few seeds and sizes: Fixtures/sampling.safetensors.

The tensor `seed_<seed>_n_<count>` holds `count` f32 values drawn by a fresh generator. PyTorch uses one algorithm below 16
values and another from 16 on, which redraws the last 16 when the count is no multiple of 16; the sizes cover each case.
"""
import torch

from common import FIXTURES, write_tensors

SEEDS = (0, 7, 2**32 + 5, 123456789)
COUNTS = (1, 2, 5, 15, 16, 17, 31, 32, 100, 1024)

if __name__ == "__main__":
    tensors = {}
    for seed in SEEDS:
        for count in COUNTS:
            generator = torch.Generator("cpu").manual_seed(seed)
            tensors[f"seed_{seed}_n_{count}"] = torch.randn(count, generator=generator).numpy()
    write_tensors(FIXTURES / "sampling.safetensors", tensors)
    print(len(tensors), "tensors,", sum(t.size for t in tensors.values()), "values")
