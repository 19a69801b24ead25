#!/usr/bin/env python3
"""Print the README's table of size against quality, as Markdown.

    rate_distortion.py --binary .build/release/vaecodec --taesd taesd_encoder.safetensors PICTURES...

For each model and quality it runs `vaecodec roundtrip`; for JPEG and WebP it looks for the Pillow quality whose files
are nearest in size, in the mean over all pictures, and has `vaecodec compare` measure them. Needs Pillow and numpy.
"""
import argparse
import io
import json
import pathlib
import subprocess
import tempfile

import numpy as np
from PIL import Image

KEYS = ("psnr", "ssim", "ms_ssim", "ssimulacra2")


def lines(command):
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    reports = [json.loads(line) for line in run.stdout.splitlines()]
    return [report for report in reports if "summary" not in report]


def mean(reports, key):
    return float(np.mean([report[key] for report in reports]))


def row(name, quality, bpp, reports):
    psnr, ssim, ms_ssim, ssimulacra2 = (mean(reports, key) for key in KEYS)
    measures = f"{psnr:.2f} dB | {ssim:.3f} | {ms_ssim:.3f} | {ssimulacra2:.1f}"
    print(f"| {name} | {quality} | {bpp:.3f} | {measures} |", flush=True)


def model_row(arguments, name, model, quality, effort=0):
    command = [arguments.binary, "roundtrip", "--json", "-q", str(quality), "--effort", str(effort)]
    reports = lines(command + arguments.pictures + (["--model", model] if model else []))
    bpp = mean(reports, "bpp")
    row(name, f"`-q {quality}`" + (f" `--effort {effort}`" if effort else ""), bpp, reports)
    return bpp


def encoded(picture, kind, quality):
    file = io.BytesIO()
    options = {"method": 6} if kind == "WEBP" else {"optimize": True, "progressive": True}
    picture.save(file, kind, quality=quality, **options)
    return file.getvalue()


def other_rows(arguments, kind, sizes):
    """For each of `sizes` the quality whose mean size is nearest; the lowest stands once for all that are below it."""
    pictures = [Image.open(path).convert("RGB") for path in arguments.pictures]

    def size(quality):
        return float(np.mean([8 * len(encoded(p, kind, quality)) / (p.width * p.height) for p in pictures]))

    def nearest(bpp):
        low, high = 0, 60
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if size(middle) < bpp else (low, middle)
        return min((low, high), key=lambda quality: abs(size(quality) - bpp))

    for quality in sorted({nearest(bpp) for bpp in sizes}):
        reports = compared(arguments, pictures, kind, quality)
        row({"JPEG": "JPEG", "WEBP": "WebP"}[kind], f"{quality}", size(quality), reports)


def compared(arguments, pictures, kind, quality):
    """What `vaecodec compare` says of each picture after it was encoded."""
    reports = []
    with tempfile.TemporaryDirectory() as folder:
        for path, picture in zip(arguments.pictures, pictures):
            decoded = pathlib.Path(folder) / "decoded.png"
            Image.open(io.BytesIO(encoded(picture, kind, quality))).convert("RGB").save(decoded)
            reports += lines([arguments.binary, "compare", "--json", path, str(decoded)])
    return reports


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=".build/release/vaecodec")
    parser.add_argument("--taesd", required=True, help="either half of TAESD")
    parser.add_argument("--qualities", type=int, nargs="+", default=[30, 45, 55, 75, 90])
    parser.add_argument("--refined", type=int, nargs="*", default=[45, 75], help="qualities of the rows with --effort 3")
    parser.add_argument("pictures", nargs="+")
    arguments = parser.parse_args()
    print("| | quality | bpp | PSNR | SSIM | MS-SSIM | SSIMULACRA 2 |\n|---|---|---|---|---|---|---|")
    sizes = []
    for name, model in (("built-in", None), ("TAESD", arguments.taesd)):
        sizes = [model_row(arguments, name, model, quality) for quality in arguments.qualities]
        for quality in arguments.refined:
            model_row(arguments, name, model, quality, effort=3)
    for kind in ("JPEG", "WEBP"):
        other_rows(arguments, kind, sizes)
