"""Ten steps of AdamW on a small AutoencoderKL, by PyTorch and diffusers, in f64.

Writes Fixtures/training/: the model as it was (a diffusers folder, f16), of each kind of likelihood a file of what
came of it:

    losses             [steps, 3]: nats of the pictures, nats of the latents, the length of the gradient; batch means
    scales             [steps]: the logarithm of the scale before each step
    after.NAME         the weights after the last step

and inputs.safetensors:

    noise              [steps, batch, channels, height, width]
    pictures           [batch, height, width, 3], in 0...255

The loss is the negative ELBO of 8-bit samples; the scale is learnt with the weights.
"""
import math
import shutil

import numpy as np
import torch
from diffusers import AutoencoderKL
from diffusers.optimization import get_cosine_schedule_with_warmup
from diffusers.utils import logging

from common import FIXTURES, picture, write_tensors

FOLDER = FIXTURES / "training"
STEPS, WARM_UP, TOTAL = 10, 3, 40
# With larger rates, or an epsilon below the rounding errors of gradients that are 0, f32 leaves f64 within ten steps.
RATE, DECAY, EPSILON, CLIP, BETA = 5e-4, 0.01, 1e-5, 20.0, 0.5
SIDE, BATCH = 16, 2
SCALES = {"gaussian": 30.0, "laplace": 25.0}


def mass(kind, lower, upper):
    """The mass of the standard distribution between two places, in f64."""
    if kind == "gaussian":
        # The tail that is small is exact.
        swap = lower + upper < 0
        near, far = torch.where(swap, -upper, lower), torch.where(swap, -lower, upper)
        return 0.5 * (torch.erfc(near / math.sqrt(2)) - torch.erfc(far / math.sqrt(2)))
    distribution = torch.distributions.Laplace(torch.zeros((), dtype=torch.float64), 1.0)
    return distribution.cdf(upper) - distribution.cdf(lower)


def improbability(kind, samples, decoded, log_scale):
    """-ln P of 8-bit samples, the sum of each picture."""
    distance = samples.double() - (decoded + 1) * 127.5
    scale = torch.exp(log_scale)
    far = torch.full_like(distance, 1e4)
    lower = torch.where(samples == 0, -far, (distance - 0.5) / scale)
    upper = torch.where(samples == 255, far, (distance + 0.5) / scale)
    return -mass(kind, lower, upper).log().sum(dim=(1, 2, 3))


def make_model():
    torch.manual_seed(17)
    model = AutoencoderKL(
        block_out_channels=(4, 8), down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2, layers_per_block=1, latent_channels=2, norm_num_groups=2,
        sample_size=SIDE)
    return model.half()


def train(kind):
    model = AutoencoderKL.from_pretrained(FOLDER / "model").double()
    log_scale = torch.nn.Parameter(torch.tensor(math.log(SCALES[kind]), dtype=torch.float64))
    settings = {"lr": RATE, "betas": (0.9, 0.99), "eps": EPSILON}
    optimizer = torch.optim.AdamW(
        [{"params": list(model.parameters()), "weight_decay": DECAY}, {"params": [log_scale], "weight_decay": 0.0}],
        **settings)
    schedule = get_cosine_schedule_with_warmup(optimizer, WARM_UP, TOTAL)
    noise = np.random.default_rng(18).standard_normal((STEPS, BATCH, 2, SIDE // 2, SIDE // 2)).astype(np.float32)
    pictures = np.stack([picture(SIDE, SIDE, seed=index) for index in range(BATCH)])
    # Ends of the range, where the distribution is cut off.
    pictures[0, 0, :5] = 0
    pictures[1, 1, :5] = 255
    samples = torch.from_numpy(pictures.transpose(0, 3, 1, 2))
    losses, scales = [], []
    for step in range(STEPS):
        posterior = model.encode(samples.double() / 127.5 - 1).latent_dist
        decoded = model.decode(posterior.mean + posterior.std * torch.from_numpy(noise[step]).double()).sample
        distortion = improbability(kind, samples, decoded, log_scale).mean()
        divergence = posterior.kl().mean()
        optimizer.zero_grad()
        (distortion + BETA * divergence).backward()
        length = torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        losses.append([distortion.item(), divergence.item(), length.item()])
        scales.append(log_scale.item())
        optimizer.step()
        schedule.step()
    print(kind, *losses, *scales, sep="\n")
    tensors = {f"after.{name}": tensor.detach().numpy() for name, tensor in model.named_parameters()}
    write_tensors(FOLDER / f"{kind}.safetensors", {"losses": losses, "scales": scales, **tensors})
    return {"noise": noise, "pictures": pictures}


if __name__ == "__main__":
    logging.set_verbosity_error()
    torch.set_num_threads(1)  # one order of summation
    shutil.rmtree(FOLDER, ignore_errors=True)
    make_model().save_pretrained(FOLDER / "model")
    for kind in SCALES:
        inputs = train(kind)
    write_tensors(FOLDER / "inputs.safetensors", inputs)
    print(f"total {sum(f.stat().st_size for f in FOLDER.rglob('*') if f.is_file()) / 1e3:.0f} kB")
