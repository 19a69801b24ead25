"""Times the training steps of `vaecodec-bench --only training` with PyTorch: a line for each model, or for NAME.

    bench_training.py [NAME] [--runs N] [--threads N]

A step is encoding, drawing, decoding, the negative ELBO of 8-bit samples, the gradient of all weights, its clipping,
AdamW and a moving average. Each model is run in a process of its own, whose peak memory is printed.
"""
import argparse
import math
import resource
import subprocess
import sys
import time

import torch
from diffusers import AutoencoderKL

MODELS = {"textbook": ((16, 32, 64, 64), 64, 32), "built-in": ((32, 64, 128, 128), 8, 128)}


def improbability(samples, decoded, log_scale):
    """-ln P of 8-bit samples under a normal distribution, the sum of each picture."""
    distance, scale = samples - (decoded + 1) * 127.5, torch.exp(log_scale)
    far = torch.full_like(distance, 1e4)
    lower = torch.where(samples == 0, -far, (distance - 0.5) / scale)
    upper = torch.where(samples == 255, far, (distance + 0.5) / scale)
    swap = lower + upper < 0
    near, far = torch.where(swap, -upper, lower), torch.where(swap, -lower, upper)
    # Between two places far out there is nothing in f32, which has no logarithm.
    mass = 0.5 * (torch.erfc(near / math.sqrt(2)) - torch.erfc(far / math.sqrt(2)))
    return -mass.clamp(min=1e-30).log().sum(dim=(1, 2, 3))


def run(name, runs, threads):
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    widths, batch, side = MODELS[name]
    model = AutoencoderKL(
        block_out_channels=widths, down_block_types=("DownEncoderBlock2D",) * len(widths),
        up_block_types=("UpDecoderBlock2D",) * len(widths), layers_per_block=1, latent_channels=4,
        norm_num_groups=8, mid_block_add_attention=False, sample_size=side)
    log_scale = torch.nn.Parameter(torch.tensor(3.0))
    optimizer = torch.optim.AdamW([*model.parameters(), log_scale], lr=1e-4)
    average = torch.optim.swa_utils.AveragedModel(
        model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.999))
    samples = torch.randint(0, 256, (batch, 3, side, side)).float()
    pictures = samples / 127.5 - 1

    def step():
        posterior = model.encode(pictures).latent_dist
        decoded = model.decode(posterior.sample()).sample
        loss = (improbability(samples, decoded, log_scale) + posterior.kl()).mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 20)
        optimizer.step()
        average.update_parameters(model)

    def seconds():
        start = time.perf_counter()
        step()
        return time.perf_counter() - start

    step()
    times = sorted(seconds() for _ in range(runs))
    median, peak = times[len(times) // 2], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{name:10} {batch:2} of {side}x{side}  {median * 1e3:6.0f} ms  {batch / median:6.1f} pictures/s  "
          f"{peak * 1024 / 1e6:6.0f} MB", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("name", nargs="?", choices=MODELS)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    if arguments.name:
        run(arguments.name, arguments.runs, arguments.threads)
    else:
        options = ["--runs", str(arguments.runs), "--threads", str(arguments.threads)]
        for name in MODELS:
            subprocess.run([sys.executable, __file__, name, *options], check=True)
