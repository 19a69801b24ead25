"""Latents refined by PyTorch's autograd and Adam, as `vaecodec encode --effort` refines them.

Without arguments writes Fixtures/refinement.json: for small models and each loss the curve and the last picture's
PSNR. With a model folder and a picture, refines that and prints curve, PSNR,
seconds and peak memory, to be held against `vaecodec roundtrip --lossless --refine-steps N --json`.

    python make_refinement.py
    python make_refinement.py MODEL PICTURE [STEPS [LOSS]]
"""
import json
import math
import resource
import sys
import time

import numpy as np
import torch
from diffusers import AutoencoderKL, AutoencoderTiny
from PIL import Image

from common import FIXTURES

RATE = 0.05


def load(folder):
    """The model of a diffusers folder, in f32."""
    kind = json.loads((folder / "config.json").read_text())["_class_name"]
    model = {"AutoencoderKL": AutoencoderKL, "AutoencoderTiny": AutoencoderTiny}[kind]
    return model.from_pretrained(folder).eval().requires_grad_(False)


def window():
    """The 11x11 Gaussian of sigma 1.5 for three channels."""
    taps = torch.exp(-((torch.arange(11, dtype=torch.float64) - 5) ** 2) / (2 * 1.5**2))
    taps = taps / taps.sum()
    return torch.outer(taps, taps).float().expand(3, 1, 11, 11)


def similarity(a, b):
    """Mean SSIM of two batches [1, 3, height, width] in 0...1."""
    def mean(x):
        return torch.nn.functional.conv2d(x, window(), groups=3)

    x, y = mean(a), mean(b)
    variances = mean(a * a) - x * x + mean(b * b) - y * y
    covariance = mean(a * b) - x * y
    c1, c2 = 0.01**2, 0.03**2
    return ((2 * x * y + c1) * (2 * covariance + c2) / ((x * x + y * y + c1) * (variances + c2))).mean()


def distance(loss, picture, target):
    """The loss of a picture; both [1, 3, height, width] in 0...1."""
    if loss == "l2":
        return ((picture - target) ** 2).mean()
    l1 = (picture - target).abs().mean()
    if loss == "l1" or min(picture.shape[2:]) < 11:
        return l1
    return l1 + 0.2 * (1 - similarity(target, picture))


def refine(model, pixels, steps, loss="l2", has_scaling=True):
    """Loss before each step and after the last one, and the last picture's PSNR in 8 bits.

    Of a model whose latents have no known scaling their own deviation is the unit.
    """
    height, width = pixels.shape[:2]
    target = torch.from_numpy(pixels).permute(2, 0, 1)[None].float() / 255
    padding = (0, -width % 8, 0, -height % 8)
    padded = torch.nn.functional.pad(2 * target - 1, padding, mode="replicate")
    encoded = model.encode(padded)
    if isinstance(model, AutoencoderTiny):
        scale, shift, start = 1.0, 0.0, encoded.latents
    else:
        scale, shift = model.config.scaling_factor, model.config.shift_factor or 0.0
        start = (encoded.latent_dist.mean - shift) * scale
    latent = start.clone().requires_grad_(True)
    unit = 1.0 if has_scaling else start.std(correction=0).item()
    optimizer = torch.optim.Adam([latent], lr=RATE * unit)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=steps)
    losses = []
    for step in range(steps + 1):
        with torch.set_grad_enabled(step < steps):
            decoded = model.decode(latent / scale + shift).sample[..., :height, :width]
            samples = decoded / 2 + 0.5
            # Values outside have the gradient of the ends.
            samples = samples + (samples.clamp(0, 1) - samples).detach()
            value = distance(loss, samples, target)
            losses.append(value.item())
            if step == steps:
                break
            optimizer.zero_grad()
            # The gradient of the sum over samples, whose size does not depend on that of the picture.
            (value * target.numel()).backward()
            optimizer.step()
            schedule.step()
    written = (samples * 255).round() / 255
    return losses, -10 * math.log10(((written - target) ** 2).mean().item())


def slopes(width, height):
    """Slopes of colour without noise, as Tests/VAECodecTests/TestPictures.swift makes them."""
    y, x = np.mgrid[0:height, 0:width]
    red = 40 + 160 * x // max(width - 1, 1)
    green = 200 - 120 * y // max(height - 1, 1)
    blue = 60 + 100 * (x + y) // max(width + height - 2, 1)
    return np.stack([red, green, blue], axis=-1).astype(np.uint8)


def write_fixture():
    cases = []
    for name, (width, height) in {"tiny": (37, 29), "kl-sd": (24, 32), "kl-flux1": (29, 24)}.items():
        model = load(FIXTURES / "models" / name)
        for loss in ["l2", "l1", "ssim"]:
            losses, psnr = refine(model, slopes(width, height), 6, loss, has_scaling=name != "tiny")
            cases.append({"model": name, "width": width, "height": height, "loss": loss, "losses": losses, "psnr": psnr})
    text = json.dumps(cases, indent=1)
    (FIXTURES / "refinement.json").write_text(text + "\n")


def main(arguments):
    torch.manual_seed(0)
    if not arguments:
        return write_fixture()
    from pathlib import Path

    model = load(Path(arguments[0]))
    pixels = np.asarray(Image.open(arguments[1]).convert("RGB"))
    steps = int(arguments[2]) if len(arguments) > 2 else 20
    start = time.perf_counter()
    losses, psnr = refine(model, pixels, steps, *arguments[3:])
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"losses": losses, "psnr": psnr, "seconds": seconds, "peak_mib": peak}))


main(sys.argv[1:])
