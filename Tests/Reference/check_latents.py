#!/usr/bin/env python3
"""Check that the real libraries read what `vaecodec` writes for other programs.

    check_latents.py .build/release/vaecodec

Encodes a picture in every format and reads the files with numpy (without pickles), the safetensors package and the
rules of the programs' own loaders; all must hold the same values.
"""
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image
from safetensors import safe_open
from safetensors.torch import load_file

from common import FIXTURES

SCALE = 0.18215


def comfyui(path):
    """ComfyUI's LoadLatent."""
    latent = load_file(path)
    multiplier = 1.0 if "latent_format_version_0" in latent else 1.0 / SCALE
    return (latent["latent_tensor"].float() * multiplier).numpy()


def kohya(path, size):
    """sd-scripts' loader for Stable Diffusion; checks what it takes from the file beside the latent."""
    npz = np.load(path, allow_pickle=False)
    assert npz["original_size"].tolist() == list(size), npz["original_size"]
    assert npz["crop_ltrb"].tolist() == [0, 0, *size], npz["crop_ltrb"]
    assert npz["latents"].dtype == np.float32 and npz["crop_ltrb"].dtype == np.float64
    if "alpha_mask" in npz:
        assert npz["alpha_mask"].shape == tuple(8 * side for side in npz["latents"].shape[1:])
    return npz["latents"][None]


def main():
    program = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        for picture in ["demo.png", "demo-alpha.png"]:
            def encode(name, *options):
                path = str(Path(folder) / f"{picture}-{name}")
                subprocess.run([program, "encode", str(FIXTURES / picture), "-o", path, "--quiet", *options], check=True)
                return path

            def fits(name, found):
                assert np.array_equal(found, expected) or np.allclose(found, expected, rtol=1e-6, atol=1e-6), name
                print(picture, name, found.dtype, found.shape)

            size = Image.open(FIXTURES / picture).size
            expected = np.load(encode("z.npy"), allow_pickle=False)
            fits("z.npy", expected)
            fits("z.npz", kohya(encode("z.npz"), size))
            fits("z.latent", comfyui(encode("z.latent")))
            path = encode("z.safetensors")
            fits("z.safetensors", load_file(path)["latents"].numpy())
            with safe_open(path, "numpy") as file:
                metadata = file.metadata()
            assert (metadata["width"], metadata["height"]) == tuple(map(str, size)), metadata
            path = encode("m.safetensors", "--format", "musubi", "--architecture", "z_image", "--unscaled")
            height, width = expected.shape[2:]
            fits("m.safetensors", load_file(path)[f"latents_1x{height}x{width}_float32"][None].numpy())
            path = encode("z.f32", "--format", "raw")
            fits("z.f32", np.fromfile(path, "<f4").reshape(expected.shape) / np.float32(SCALE))


if __name__ == "__main__":
    main()
