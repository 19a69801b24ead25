#!/usr/bin/env python3
"""Fit the linear maps from latents to colours that `vaecodec preview` uses, and print them as Swift.

    fit_preview.py --vaecodec .build/release/vaecodec --photos FOLDER --model sd= --model sdxl=taesdxl_encoder.safetensors

For each family the photographs are encoded, and the mean colour of the pixels that one latent covers (sRGB values in
0...1) is fitted by least squares to its scaled values and a constant. Photographs and encoders are no part of the
repository: 260 photographs of CID22 and from the public domain, the built-in model for Stable Diffusion, and the
published tiny autoencoders for the others. Every eighth photograph is kept out of the fit and shows how good it is.
"""
import argparse
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image


def encode(program, photos, model, family, folder):
    options = ["--model", model, "--family", family] if model else []
    line = [program, "encode", *map(str, photos), "-o", f"{folder}/", "--format", "npy", "--scaled", "--quiet", *options]
    subprocess.run(line, check=True)


def samples(photo, folder):
    """Scaled latents [n, channels] and mean colours [n, 3] of the whole 8x8 blocks of one photograph."""
    z = np.load(Path(folder) / f"{photo.stem}.npy")[0]
    pixels = np.asarray(Image.open(photo).convert("RGB"), dtype=np.float64) / 255
    height, width = pixels.shape[0] // 8, pixels.shape[1] // 8
    blocks = pixels[: height * 8, : width * 8].reshape(height, 8, width, 8, 3).mean(axis=(1, 3))
    return z[:, :height, :width].reshape(z.shape[0], -1).T, blocks.reshape(-1, 3)


def fit(program, photos, model, family):
    with tempfile.TemporaryDirectory() as folder:
        encode(program, photos, model, family, folder)
        pairs = [samples(photo, folder) for photo in photos]
    z, colours = (np.concatenate(part) for part in zip(*(p for i, p in enumerate(pairs) if i % 8)))
    weights = np.linalg.lstsq(np.c_[z, np.ones(len(z))], colours, rcond=None)[0]
    z, colours = (np.concatenate(part) for part in zip(*pairs[::8]))
    error = np.clip(np.c_[z, np.ones(len(z))] @ weights, 0, 1) - colours
    return weights, -10 * np.log10((error**2).mean())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--vaecodec", required=True)
    parser.add_argument("--photos", required=True)
    parser.add_argument("--model", action="append", required=True, help="FAMILY=PATH, nothing after = for the built-in model")
    arguments = parser.parse_args()
    photos = sorted(p for p in Path(arguments.photos).rglob("*") if p.suffix.lower() in (".jpg", ".jpeg", ".png"))
    for family, model in (option.split("=", 1) for option in arguments.model):
        weights, quality = fit(arguments.vaecodec, photos, model, family)
        print(f"\n  /// {quality:.1f} dB on photographs that were not fitted.")
        print(f"  private static let {family} = PreviewColors(")
        rows = ["[" + ", ".join(f"{value:.4f}" for value in row) + "]" for row in weights]
        print(f"    bias: {rows[-1]},\n    weights: [")
        print("\n".join(f"      {row}," for row in rows[:-1]) + "\n    ])", flush=True)


if __name__ == "__main__":
    main()
