#!/usr/bin/env python3
"""Make a small random model of every family, and tables of the names that its tensors go by elsewhere.

Writes Fixtures/models/<name>/ as make_models.py does, for the families that it has none of, with further tensors in
reference.safetensors:

    packed        [1,4Z,h/2,w/2]  FLUX.2: the mean as the diffusion model sees it
    half_moments  [1,2Z,h,w]      kl-overflow: the moments as diffusers computes them in f16, which overflows

and Fixtures/models/names.json: for each model, by naming, the names of a file that diffusers' own converters change, and
what they make of them. The tables come out of the converters: every tensor is sent through them with a value of its own.
"""
import json
import shutil

import numpy as np
import torch
from diffusers import AsymmetricAutoencoderKL, AutoencoderKL, AutoencoderKLFlux2
from diffusers.loaders.single_file_utils import convert_ldm_vae_checkpoint
from diffusers.utils import logging
from safetensors.torch import load_file, save_file
from torch import nn

from common import picture, write_png, write_tensors
from make_models import MODELS, WEIGHTS, as_image, blocks, ldm_name, make

PLAYGROUND = dict(scaling_factor=0.5, latents_mean=[-1.6574, 1.886, -1.383, 2.5155],
                  latents_std=[8.4927, 5.9022, 6.5498, 5.2299])


def without_quant(**options):
    return dict(latent_channels=16, use_quant_conv=False, use_post_quant_conv=False, **options)


def large_activations(parameters):
    """A residual stream beyond 65504, the largest f16, of weights that f16 holds."""
    for name, value in parameters.items():
        if ".conv_in.weight" in name:
            value.mul_(5e4)


def make_asymmetric():
    kinds = dict(down_block_types=["DownEncoderBlock2D"] * 3, up_block_types=["UpDecoderBlock2D"] * 3)
    make("kl-asymmetric", AsymmetricAutoencoderKL(**kinds, down_block_out_channels=[4, 8, 8], layers_per_down_block=1,
                                                  up_block_out_channels=[4, 8, 12], layers_per_up_block=2,
                                                  norm_num_groups=4),
         seed=38, size=(24, 32), dtype=torch.float16)


def make_kl():
    small = dict(blocks((4, 4, 8, 8)), layers_per_block=2, norm_num_groups=4, sample_size=64)
    half = dict(dtype=torch.float16)
    make("kl-x4", AutoencoderKL(**blocks((4, 8, 8)), layers_per_block=2, norm_num_groups=4, scaling_factor=0.08333),
         seed=31, size=(20, 28), **half)
    make("kl-sdxl", AutoencoderKL(**small, scaling_factor=0.13025), seed=32, size=(24, 40), **half)
    make("kl-flux1", AutoencoderKL(**small, **without_quant(scaling_factor=0.3611, shift_factor=0.1159)),
         seed=33, size=(40, 24), **half)
    make("kl-cogview", AutoencoderKL(**blocks((4, 8, 8, 8)), layers_per_block=3, norm_num_groups=4,
                                     mid_block_add_attention=False, **without_quant(scaling_factor=1.0)),
         seed=34, size=(24, 32), **half)
    make("kl-playground", AutoencoderKL(**small, **PLAYGROUND), seed=35, size=(32, 24), **half)
    make("kl-flux2-whole", AutoencoderKLFlux2(**small), seed=36, size=(32, 48), dtype=torch.bfloat16)
    make("kl-overflow", AutoencoderKL(**small, scaling_factor=0.13025), seed=37, size=(24, 32), adjust=large_activations,
         **half)
    folder = MODELS / "kl-overflow"
    model = AutoencoderKL.from_pretrained(folder, torch_dtype=torch.float16)
    tensors = load_file(folder / "reference.safetensors")
    with torch.no_grad():
        moments = model.encode(tensors["image"].half()).latent_dist.parameters.float()
    assert not moments.isfinite().all() and tensors["moments"].isfinite().all()
    save_file(tensors | {"half_moments": moments}, folder / "reference.safetensors")


class Block(nn.Module):
    """A block of the tiny autoencoder for FLUX.2; those at the latent's resolution have a normalised bottleneck."""

    def __init__(self, width, has_pool):
        super().__init__()
        self.conv = nn.Sequential(nn.Conv2d(width, width, 3, padding=1), nn.ReLU(), nn.Conv2d(width, width, 3, padding=1),
                                  nn.ReLU(), nn.Conv2d(width, width, 3, padding=1))
        self.pool = None
        if has_pool:
            self.pool = nn.Sequential(nn.Conv2d(width, 4 * width, 1, bias=False), nn.GroupNorm(4, 4 * width), nn.ReLU(),
                                      nn.Conv2d(4 * width, width, 1, bias=False))

    def forward(self, x):
        if self.pool is not None:
            x = x + self.pool(x)
        return torch.relu(self.conv(x) + x)


class Clamp(nn.Module):
    def forward(self, x):
        return 3 * torch.tanh(x / 3)


def pooled_halves(width, channels):
    """Encoder and decoder of a TAEF2, whose layers are numbered as in the published files."""
    halving = lambda: nn.Conv2d(width, width, 3, stride=2, padding=1, bias=False)
    doubling = lambda: [nn.Upsample(scale_factor=2), nn.Conv2d(width, width, 3, padding=1, bias=False)]
    three = lambda pool=False: [Block(width, pool) for _ in range(3)]
    encoder = nn.Sequential(nn.Conv2d(3, width, 3, padding=1), Block(width, False), halving(), *three(), halving(), *three(),
                            halving(), *three(True), nn.Conv2d(width, channels, 3, padding=1))
    decoder = nn.Sequential(Clamp(), nn.Conv2d(channels, width, 3, padding=1), nn.ReLU(), *three(True), *doubling(), *three(),
                            *doubling(), *three(), *doubling(), Block(width, False), nn.Conv2d(width, 3, 3, padding=1))
    return encoder, decoder


def make_pooled():
    """diffusers has no class for this one; the layers are those of madebyollin/taesd's taesd.py, the widths smaller."""
    folder = MODELS / "tiny-pooled"
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(38)
    halves = dict(zip(("encoder", "decoder"), pooled_halves(width=8, channels=32)))
    with torch.no_grad():
        for name, half in halves.items():
            for parameter in half.parameters():
                shape = tuple(parameter.shape)
                scale = 1 / np.sqrt(parameter[0].numel()) if parameter.ndim > 1 else 0.3
                values = scale * rng.standard_normal(shape) + (parameter.ndim == 1) * 0.5
                parameter.copy_(torch.from_numpy(values).half())
            save_file({n: v.half().contiguous() for n, v in half.state_dict().items()}, folder / f"taef2_{name}.safetensors")
        pixels = picture(40, 24, 38)
        image = as_image(pixels)
        latent = halves["encoder"]((image + 1) / 2)
        decoded = 2 * halves["decoder"](latent) - 1
    tensors = {"image": image, "latent": latent, "decoded": decoded}
    write_tensors(folder / "reference.safetensors", {k: v.numpy() for k, v in tensors.items()})
    write_png(folder / "picture.png", pixels)


def tagged(names, shapes):
    """A tensor for each name, of another value each, so that it is known again under another name."""
    return {name: torch.full(shape, float(tag)) for tag, (name, shape) in enumerate(zip(names, shapes))}


def table(before, after):
    """What became of each name."""
    by_tag = {tensor.flatten()[0].item(): name for name, tensor in after.items()}
    renamed = {name: by_tag[tensor.flatten()[0].item()] for name, tensor in before.items()}
    assert sorted(renamed.values()) == sorted(after)
    return {old: new for old, new in renamed.items() if old != new}


def name_tables(name):
    model = (AutoencoderKLFlux2 if "flux2" in name else AutoencoderKL).from_pretrained(MODELS / name)
    plain = {n: v.shape for n, v in model.state_dict().items() if not n.endswith("num_batches_tracked")}
    inner = {n: s for n, s in plain.items() if not n.startswith("bn.")}
    levels = len(model.config.block_out_channels)

    def as_convolution(n, shape):
        return (*shape, 1, 1) if ".attentions." in n and len(shape) == 2 else shape

    before = tagged([ldm_name(n, levels) for n in inner], [as_convolution(n, s) for n, s in inner.items()])
    after = convert_ldm_vae_checkpoint(dict(before), dict(model.config))
    assert set(after) == set(inner)
    tables = {"latent-diffusion": table(before, after)}
    if not model.config.get("mid_block_add_attention", True):
        return tables

    words = {"to_q": "query", "to_k": "key", "to_v": "value", "to_out.0": "proj_attn"}

    def old_name(n):
        for new, word in words.items():
            n = n.replace(f".attentions.0.{new}.", f".attentions.0.{word}.")
        return n

    before = tagged([old_name(n) for n in plain], plain.values())
    after = dict(before)
    model._fix_state_dict_keys_on_load(after)
    tables["old attention"] = table(before, after)
    return tables


if __name__ == "__main__":
    logging.set_verbosity_error()
    torch.set_num_threads(1)  # one order of summation
    torch.manual_seed(0)
    for folder in ("kl-x4", "kl-sdxl", "kl-flux1", "kl-cogview", "kl-playground", "kl-flux2-whole", "kl-overflow",
                   "kl-asymmetric", "tiny-pooled"):
        shutil.rmtree(MODELS / folder, ignore_errors=True)
    make_kl()
    make_asymmetric()
    make_pooled()
    # Every set of names once: the other families share those of kl-sd and kl-sd3.
    tables = {name: name_tables(name) for name in ("kl-sd", "kl-x4", "kl-sd3", "kl-flux2", "kl-cogview")}
    text = json.dumps(tables, separators=(",", ":"), sort_keys=True)
    (MODELS / "names.json").write_text(text.replace("},", "},\n") + "\n")
