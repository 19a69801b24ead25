#!/usr/bin/env python3
"""Make what PyTorch's autograd says of diffusers' blocks and of the small models of Fixtures/models.

Writes Fixtures/gradients/operations.safetensors and one file for each half of some models, all f32, computed in f64:

    NAME.input, NAME.seed         NCHW; files of models have no NAME
    NAME.gradient.input           the gradient of sum(seed * output) with respect to the input
    NAME.gradient.PARAMETER       the same with respect to a parameter, by its name in the model's file
    NAME.PARAMETER                operations: the parameter itself

Every block stands behind a convolution called `first`, as norms do in the networks.
"""
import shutil

import numpy as np
import torch
from diffusers import AutoencoderKL, AutoencoderTiny
from diffusers.models.attention_processor import Attention
from diffusers.models.autoencoders.vae import AutoencoderTinyBlock
from diffusers.models.downsampling import Downsample2D
from diffusers.models.resnet import ResnetBlock2D
from diffusers.models.upsampling import Upsample2D
from diffusers.utils import logging
from safetensors.torch import load_file
from torch import nn

from common import FIXTURES, write_tensors
from make_families import Clamp, pooled_halves
from make_models import MODELS

FOLDER = FIXTURES / "gradients"


def normal(rng, shape, deviation=1.0):
    """Random values that f32 holds, in f64."""
    return torch.from_numpy((deviation * rng.standard_normal(shape)).astype(np.float32)).double()


def gradients(function, parameters, shape, rng):
    """An input and a seed, and the gradients of sum(seed * output)."""
    x = normal(rng, shape).requires_grad_()
    output = function(x)
    seed = normal(rng, output.shape)
    (seed * output).sum().backward()
    tensors = {"input": x, "seed": seed, "gradient.input": x.grad}
    return tensors | {f"gradient.{name}": parameter.grad for name, parameter in parameters.items()}


class Behind(nn.Module):
    """A block behind a convolution."""

    def __init__(self, block, channels, *arguments):
        super().__init__()
        self.first = nn.Conv2d(3, channels, 3, padding=1)
        self.block = block
        self.arguments = arguments

    def forward(self, x):
        return self.block(self.first(x), *self.arguments)


def blocks():
    """Each kind of operation, and the size of its input."""
    def attention(channels):
        return Attention(channels, heads=1, dim_head=channels, eps=1e-6, norm_num_groups=4, residual_connection=True,
                         bias=True, upcast_softmax=True, _from_deprecated_attn_block=True)

    def resnet(inputs, outputs):
        return ResnetBlock2D(in_channels=inputs, out_channels=outputs, temb_channels=None, groups=4, eps=1e-6,
                             non_linearity="swish")

    def halving(channels):
        return Downsample2D(channels, use_conv=True, out_channels=channels, padding=0, name="op")

    yield "convolution", Behind(nn.Conv2d(8, 6, 3, padding=1), 8), (7, 6)
    yield "pointwise", Behind(nn.Conv2d(8, 5, 1), 8), (4, 9)
    for size in ((8, 6), (7, 9)):
        for channels in (6, 16):
            name = f"{channels}-{size[0]}x{size[1]}"
            yield f"halving-below-{name}", Behind(halving(channels), channels), size
            around = nn.Conv2d(channels, channels, 3, stride=2, padding=1, bias=False)
            yield f"halving-around-{name}", Behind(around, channels), size
    yield "doubling", Behind(Upsample2D(6, use_conv=True, out_channels=6), 6), (5, 3)
    yield "doubling-16", Behind(Upsample2D(16, use_conv=True, out_channels=16), 16), (3, 5)
    yield "resnet", Behind(resnet(8, 8), 8, None), (6, 5)
    yield "resnet-wider", Behind(resnet(8, 16), 8, None), (5, 6)
    yield "attention", Behind(attention(8), 8), (5, 4)
    yield "clamp", nn.Sequential(Clamp(), nn.Conv2d(3, 4, 3, padding=1)), (4, 5)
    for activation in ("relu", "silu"):
        yield f"tiny-{activation}", Behind(AutoencoderTinyBlock(6, 6, activation), 6), (5, 6)
    yield "tiny-wider", Behind(AutoencoderTinyBlock(6, 9, "relu"), 6), (4, 5)


def make_operations():
    tensors = {}
    for index, (name, block, size) in enumerate(blocks()):
        rng = np.random.default_rng(100 + index)
        block = block.double()
        with torch.no_grad():
            for parameter_name, parameter in block.named_parameters():
                if parameter.ndim >= 2:
                    parameter.copy_(normal(rng, parameter.shape, 1 / np.sqrt(parameter[0].numel())))
                elif "norm" in parameter_name and parameter_name.endswith("weight"):
                    parameter.copy_(torch.from_numpy(rng.uniform(0.5, 1.5, parameter.shape).astype(np.float32)))
                else:
                    parameter.copy_(normal(rng, parameter.shape, 0.3))
        parameters = {n.removeprefix("block."): p for n, p in block.named_parameters()}
        found = gradients(block, parameters, (1, 3, *size), rng) | parameters
        tensors |= {f"{name}.{key}": value for key, value in found.items()}
    write_tensors(FOLDER / "operations.safetensors", {k: v.detach().numpy() for k, v in tensors.items()})


def halves(name):
    """The functions of a model's encoder and decoder, each with the parameters that it has."""
    if name == "tiny-pooled":
        encoder, decoder = pooled_halves(width=8, channels=32)
        for half, module in (("encoder", encoder), ("decoder", decoder)):
            module.load_state_dict(load_file(MODELS / name / f"taef2_{half}.safetensors"))
            module.double()
        yield "encoder", lambda x: encoder((x + 1) / 2), dict(encoder.named_parameters()), 3
        yield "decoder", lambda z: 2 * decoder(z) - 1, dict(decoder.named_parameters()), 32
        return
    is_tiny = name.startswith("tiny")
    model = (AutoencoderTiny if is_tiny else AutoencoderKL).from_pretrained(MODELS / name).double()
    parameters = dict(model.named_parameters())

    def of(*prefixes):
        return {n: p for n, p in parameters.items() if n.startswith(prefixes)}

    encode = (lambda x: model.encode(x).latents) if is_tiny else lambda x: model.encode(x).latent_dist.parameters
    yield "encoder", encode, of("encoder.", "quant_conv."), 3
    yield "decoder", lambda z: model.decode(z).sample, of("decoder.", "post_quant_conv."), model.config.latent_channels


def make_models():
    sizes = {"tiny": ((19, 21), (3, 2)), "tiny-pooled": ((16, 25), (2, 3)), "kl-sdxl": ((16, 24), (3, 2)),
             "kl-no-attention": ((13, 18), (3, 4))}
    for index, (name, (picture, latent)) in enumerate(sizes.items()):
        for half, function, parameters, channels in halves(name):
            rng = np.random.default_rng(200 + index)
            size = picture if half == "encoder" else latent
            found = gradients(function, parameters, (1, channels, *size), rng)
            write_tensors(FOLDER / f"{name}-{half}.safetensors", {k: v.detach().numpy() for k, v in found.items()})


if __name__ == "__main__":
    logging.set_verbosity_error()
    torch.set_num_threads(1)  # one order of summation
    torch.manual_seed(0)  # the constructors draw weights that are then replaced
    shutil.rmtree(FOLDER, ignore_errors=True)
    make_operations()
    make_models()
    total = sum(f.stat().st_size for f in FOLDER.iterdir())
    print(f"total {total / 1e6:.2f} MB")
