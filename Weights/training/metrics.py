"""PSNR, SSIM and MS-SSIM, as `vaecodec compare` defines them."""
import math

import torch
from torch.nn import functional as F

# Wang, Simoncelli and Bovik, "Multiscale structural similarity for image quality assessment", 2003.
SCALE_WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)


def psnr(a, b):
    """Decibels between tensors of 0...255."""
    return 10 * math.log10(255**2 / F.mse_loss(a.double(), b.double()).item())


def _window(device):
    offsets = torch.arange(11, dtype=torch.float32, device=device) - 5
    weights = torch.exp(-(offsets**2) / (2 * 1.5**2))
    return weights / weights.sum()


def _blurred(x, window):
    """The Gaussian mean of each plane [n, 3, h, w], where the window lies inside."""
    across = window.view(1, 1, 1, -1).expand(x.shape[1], -1, -1, -1)
    return F.conv2d(F.conv2d(x, across, groups=x.shape[1]), across.transpose(2, 3), groups=x.shape[1])


def similarity(a, b, span):
    """SSIM's two factors for pictures [n, 3, h, w] with values `span` apart at most: (SSIM, contrast and structure)."""
    window = _window(a.device)
    c1, c2 = (0.01 * span) ** 2, (0.03 * span) ** 2
    mean_a, mean_b, square_a, square_b, product = _blurred(
        torch.cat([a, b, a * a, b * b, a * b]), window).chunk(5)
    structure = (2 * (product - mean_a * mean_b) + c2) / (
        square_a - mean_a**2 + square_b - mean_b**2 + c2)
    luminance = (2 * mean_a * mean_b + c1) / (mean_a**2 + mean_b**2 + c1)
    return (luminance * structure).mean((2, 3)), structure.mean((2, 3))


def ssim(a, b, span):
    """The mean of SSIM over windows and channels."""
    return similarity(a, b, span)[0].mean()


def ms_ssim(a, b, span):
    """SSIM over five scales, each half of the one before."""
    result = 1
    for scale, weight in enumerate(SCALE_WEIGHTS):
        whole, structure = similarity(a, b, span)
        last = scale == len(SCALE_WEIGHTS) - 1
        result = result * F.relu(whole if last else structure) ** weight
        a, b = F.avg_pool2d(a, 2), F.avg_pool2d(b, 2)
    return result.mean()
