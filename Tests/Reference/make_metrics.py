#!/usr/bin/env python3
"""Make pairs of small pictures and their PSNR, SSIM, MS-SSIM and largest difference: Fixtures/metrics/, metrics.json.

Everything is computed in f64 from 8-bit RGB samples.

PSNR      10 log10(255^2 / mean squared difference over all samples); null when the pictures are equal.
SSIM      per channel: 11x11 Gaussian window of sigma 1.5 with weights that sum to one, only windows that lie inside the
          picture, K1 = 0.01, K2 = 0.03, L = 255, variances without Bessel's correction; the mean over positions, then over
          channels. null when a side is shorter than 11.
MS-SSIM   weights 0.0448, 0.2856, 0.3001, 0.2363, 0.1333. The first four scales give their contrast-structure term, the last
          its SSIM, each as a mean over positions with negative values set to 0, raised to the weight and multiplied per
          channel; then the mean over channels. From scale to scale a 2x2 mean with stride 2; where a side is odd, a row
          (column) of zeros is put in front of it and counts in the mean. null when a side is shorter than 161.

`--check` compares with scikit-image and pytorch-msssim.
"""
import argparse
import json

import numpy as np

from common import FIXTURES, picture, write_png

FOLDER = FIXTURES / "metrics"
WEIGHTS = np.array([0.0448, 0.2856, 0.3001, 0.2363, 0.1333])
WINDOW = 11
SIGMA = 1.5
C1, C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2


def gaussian():
    offsets = np.arange(WINDOW) - WINDOW // 2
    values = np.exp(-(offsets**2) / (2 * SIGMA**2))
    return values / values.sum()


def smooth(plane):
    """The Gaussian-weighted mean of every window inside `plane` [h, w] -> [h - 10, w - 10]."""
    kernel = gaussian()
    rows = sum(k * plane[i : plane.shape[0] - WINDOW + 1 + i] for i, k in enumerate(kernel))
    return sum(k * rows[:, i : plane.shape[1] - WINDOW + 1 + i] for i, k in enumerate(kernel))


def ssim_terms(a, b):
    """The mean SSIM and the mean contrast-structure term of two planes."""
    mean_a, mean_b = smooth(a), smooth(b)
    variance_a = smooth(a * a) - mean_a**2
    variance_b = smooth(b * b) - mean_b**2
    covariance = smooth(a * b) - mean_a * mean_b
    structure = (2 * covariance + C2) / (variance_a + variance_b + C2)
    luminance = (2 * mean_a * mean_b + C1) / (mean_a**2 + mean_b**2 + C1)
    return (luminance * structure).mean(), structure.mean()


def halve(plane):
    height, width = plane.shape
    padded = np.pad(plane, ((height % 2, 0), (width % 2, 0)))
    height, width = padded.shape[0] // 2, padded.shape[1] // 2
    return padded.reshape(height, 2, width, 2).mean(axis=(1, 3))


def psnr(a, b):
    error = np.mean((a - b) ** 2)
    return None if error == 0 else 10 * np.log10(255**2 / error)


def ssim(a, b):
    if min(a.shape[:2]) < WINDOW:
        return None
    return np.mean([ssim_terms(a[..., c], b[..., c])[0] for c in range(3)])


def ms_ssim(a, b):
    if min(a.shape[:2]) < (WINDOW - 1) * 2**4 + 1:
        return None
    channels = []
    for c in range(3):
        plane_a, plane_b, terms = a[..., c], b[..., c], []
        for scale in range(len(WEIGHTS)):
            full, structure = ssim_terms(plane_a, plane_b)
            terms.append(full if scale == len(WEIGHTS) - 1 else structure)
            plane_a, plane_b = halve(plane_a), halve(plane_b)
        channels.append(np.prod(np.maximum(terms, 0) ** WEIGHTS))
    return np.mean(channels)


def shifted(pixels):
    """One pixel to the right and a little darker."""
    return np.roll(pixels, 1, axis=1) // 8 * 7


def coarse(pixels):
    """Rounded to steps of 24, as a crude quantiser would."""
    return np.clip((pixels.astype(int) + 12) // 24 * 24, 0, 255).astype(np.uint8)


def noisy(pixels, strength):
    """With noise of +-strength from integer hashing."""
    height, width, _ = pixels.shape
    index = np.arange(height * width * 3, dtype=np.int64).reshape(pixels.shape)
    noise = ((index * 2654435761 & 0xFFFFFFFF) * 2246822519 & 0xFFFFFFFF) >> 17
    return np.clip(pixels + noise % (2 * strength + 1) - strength, 0, 255).astype(np.uint8)


def pairs():
    """(name, a, b) of every pair."""
    small, odd, large, thin = picture(24, 17, 1), picture(161, 163, 2), picture(200, 176, 3), picture(8, 40, 4)
    yield "small-noisy", small, noisy(small, 9)
    yield "odd-shifted", odd, shifted(odd)
    yield "large-coarse", large, coarse(large)
    yield "thin-noisy", thin, noisy(thin, 20)
    yield "equal", small, small
    # Opposite pictures: negative structure terms, which MS-SSIM sets to 0.
    yield "odd-negative", odd, 255 - odd
    # One sample differs by one level.
    one = small.copy()
    one[5, 7, 1] ^= 1
    yield "small-one-level", small, one


def check(name, a, b, entry):
    import torch
    from pytorch_msssim import ms_ssim as torch_ms_ssim, ssim as torch_ssim
    from skimage.metrics import peak_signal_noise_ratio, structural_similarity

    tensors = [torch.from_numpy(p.astype(np.float64)).permute(2, 0, 1)[None] for p in (a, b)]
    # Its own window is rounded to f32, which costs 1e-6 to 1e-5; the same window in f64 shows what else differs.
    window = torch.from_numpy(gaussian()).expand(3, 1, 1, WINDOW)
    options = dict(data_range=255, win=window)
    line = [name]
    if entry["psnr"] is not None:
        line.append(f"psnr {abs(peak_signal_noise_ratio(a, b, data_range=255) - entry['psnr']):.1e}")
    if entry["ssim"] is not None:
        scikit = structural_similarity(a, b, channel_axis=2, data_range=255, gaussian_weights=True, sigma=SIGMA,
                                       use_sample_covariance=False)
        line.append(f"ssim {abs(scikit - entry['ssim']):.1e} (scikit-image)")
        line.append(f"{abs(torch_ssim(*tensors, **options).item() - entry['ssim']):.1e} (pytorch-msssim)")
    if entry["ms_ssim"] is not None:
        line.append(f"ms-ssim {abs(torch_ms_ssim(*tensors, **options).item() - entry['ms_ssim']):.1e}")
    print("difference:", ", ".join(line))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with scikit-image and pytorch-msssim")
    arguments = parser.parse_args()
    entries, files = [], {}
    for name, a, b in pairs():
        names = []
        for pixels in (a, b):
            key = (pixels.shape, pixels.tobytes())
            if key not in files:
                files[key] = f"{name}.png" if pixels is b else f"{name.split('-')[0]}.png"
                write_png(FOLDER / files[key], pixels)
            names.append(files[key])
        exact_a, exact_b = a.astype(np.float64), b.astype(np.float64)
        entry = {
            "a": names[0],
            "b": names[1],
            "width": a.shape[1],
            "height": a.shape[0],
            "psnr": psnr(exact_a, exact_b),
            "ssim": ssim(exact_a, exact_b),
            "ms_ssim": ms_ssim(exact_a, exact_b),
            "max_difference": int(np.abs(exact_a - exact_b).max()),
        }
        entries.append(entry)
        if arguments.check:
            check(name, a, b, entry)
    text = json.dumps({"pairs": entries}, indent=2)
    (FIXTURES / "metrics.json").write_text(text + "\n")
    print(text)
