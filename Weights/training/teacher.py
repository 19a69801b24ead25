"""TAESD, the teacher: the latents to match, and a second decoder to try them on.

Its layers are numbered in the files as in `torch.nn.Sequential`, and its latents are scaled: about unit variance.
"""
import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    """Three convolutions beside the identity."""

    def __init__(self, width):
        super().__init__()
        convolutions = [nn.Conv2d(width, width, 3, padding=1) for _ in range(3)]
        self.conv = nn.Sequential(convolutions[0], nn.ReLU(), convolutions[1], nn.ReLU(), convolutions[2])

    def forward(self, x):
        return F.relu(self.conv(x) + x)


class SoftClamp(nn.Module):
    """Latents beyond 3 are pulled in, as the decoder was trained."""

    def forward(self, x):
        return 3 * torch.tanh(x / 3)


def _blocks(count, width=64):
    return [Block(width) for _ in range(count)]


def encoder(path, width=64):
    """The encoder's half-file: pictures 0...1 to scaled latents."""
    layers = [nn.Conv2d(3, width, 3, padding=1), *_blocks(1)]
    for _ in range(3):
        layers += [nn.Conv2d(width, width, 3, stride=2, padding=1, bias=False), *_blocks(3)]
    return _frozen(nn.Sequential(*layers, nn.Conv2d(width, 4, 3, padding=1)), path)


def decoder(path, width=64):
    """The decoder's half-file: scaled latents to pictures of about 0...1."""
    layers = [SoftClamp(), nn.Conv2d(4, width, 3, padding=1), nn.ReLU()]
    for _ in range(3):
        layers += [*_blocks(3), nn.Upsample(scale_factor=2), nn.Conv2d(width, width, 3, padding=1, bias=False)]
    return _frozen(nn.Sequential(*layers, *_blocks(1), nn.Conv2d(width, 3, 3, padding=1)), path)


def _frozen(network, path):
    network.load_state_dict({name: tensor.float() for name, tensor in load_file(path).items()})
    return network.eval().requires_grad_(False)
