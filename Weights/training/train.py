"""Trains the default model: a small AutoencoderKL whose latents are Stable Diffusion's.

The encoder learns to match the teacher's latents, the decoder to make the picture of both encoders' latents. The
schedule is constant and then linear to zero, so that a run can be lengthened by asking for more steps; the crops of
the last quarter of the descent are larger, for the statistics of GroupNorm. A killed run goes on from its last checkpoint.
"""
import argparse
import csv
import os
import time
from pathlib import Path

import torch
from diffusers import AutoencoderKL
from torch.nn import functional as F

import metrics
import teacher
from muon import Muon
from pictures import Crops, normalised, read_folders

BATCH = {128: 8, 256: 2}
EMA_DECAY = 0.998
SECONDS_BETWEEN_CHECKPOINTS = 180
STEPS_BETWEEN_EVALUATIONS = 250
STEPS_OF_WARM_UP = 50
WEIGHTS = {"own": 0.25, "taught": 0.2, "ssim": 1.0, "latent": 0.06, "kl": 1e-5}
# Added to the mean squared error before its logarithm is taken, so that flat crops do not outweigh all others.
ERROR_FLOOR = 0.004
# The largest quantisation step met in training, in scaled latent units.
LARGEST_STEP = 0.3


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", nargs="+", required=True, help="folders of training pictures")
    parser.add_argument("--held-out", required=True, help="folder of pictures for the curve; left out of training")
    parser.add_argument("--teacher", required=True, help="TAESD's encoder, a safetensors file")
    parser.add_argument("--start", required=True, help="diffusers folder: the configuration and first weights")
    parser.add_argument("--fresh", action="store_true", help="take the configuration alone, and random weights")
    parser.add_argument("--output", required=True, help="folder for checkpoint, curve and model")
    parser.add_argument("--steps", type=int, required=True, help="all steps, those of earlier runs included")
    parser.add_argument("--cooldown", type=int, required=True, help="how many of them end the run, towards rate zero")
    parser.add_argument("--rate", type=float, default=1e-3, help="learning rate")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


class Run:
    """A model in training: weights, their moving average, optimisers and the step."""

    def __init__(self, options, device):
        torch.manual_seed(options.seed)
        self.options, self.device = options, device
        if options.fresh:
            model = AutoencoderKL.from_config(AutoencoderKL.load_config(options.start))
        else:
            model = AutoencoderKL.from_pretrained(options.start, torch_dtype=torch.float32)
        self.model = model.to(device).train()
        self.average = {name: value.clone() for name, value in self.model.state_dict().items()}
        self.scale = self.model.config.scaling_factor
        matrices = [p for p in self.model.parameters() if p.ndim == 4]
        vectors = [p for p in self.model.parameters() if p.ndim != 4]
        self.optimisers = [Muon(matrices, lr=options.rate), torch.optim.AdamW(vectors, lr=options.rate, weight_decay=0)]
        self.teacher = teacher.encoder(options.teacher).to(device)
        self.checkpoint = Path(options.output) / "checkpoint.pt"
        self.step = 0

    def rate(self):
        """Warm-up, a plateau, then a line to zero."""
        left = (self.options.steps - self.step) / max(self.options.cooldown, 1)
        return self.options.rate * min(1, left, (self.step + 1) / STEPS_OF_WARM_UP)

    def crop_side(self):
        return 256 if self.step >= self.options.steps - self.options.cooldown // 4 else 128

    def losses(self, pictures):
        """The terms of the loss. One quarter of the batch is decoded from the teacher's latents, the rest from its own.

        The logarithm of a picture's error is its PSNR, whose mean over pictures is what is aimed at.
        """
        count = max(1, len(pictures) // 4)
        with torch.no_grad():
            taught = self.teacher(pictures[:count] / 2 + 0.5)
        posterior = self.model.encode(pictures).latent_dist
        drawn = (posterior.mean[count:] + posterior.std[count:] * torch.randn_like(posterior.mean[count:])) * self.scale
        step = LARGEST_STEP * torch.rand(len(drawn), 1, 1, 1, device=self.device)
        latents = torch.cat([taught, drawn + step * (torch.rand_like(drawn) - 0.5)])
        decoded = self.model.decode(latents / self.scale).sample
        errors = ((decoded - pictures).square().mean((1, 2, 3)) + ERROR_FLOOR).log()
        return {
            "own": errors[count:].mean(),
            "taught": errors[:count].mean(),
            "ssim": 1 - metrics.ssim(decoded, pictures, span=2),
            "latent": F.mse_loss(posterior.mean[:count] * self.scale, taught),
            "kl": posterior.kl().mean() / posterior.mean[0].numel(),
        }

    def advance(self, crops):
        """One step of the optimisers; the terms of its loss as numbers."""
        torch.manual_seed(self.options.seed * 1_000_003 + self.step)
        side = self.crop_side()
        terms = self.losses(crops.batch(self.step, BATCH[side], side).to(self.device))
        for optimiser in self.optimisers:
            optimiser.zero_grad()
            for group in optimiser.param_groups:
                group["lr"] = self.rate()
        sum(WEIGHTS[name] * term for name, term in terms.items()).backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimiser in self.optimisers:
            optimiser.step()
        self.step += 1
        decay = min(EMA_DECAY, self.step / (self.step + 10))
        for name, value in self.model.state_dict().items():
            self.average[name].lerp_(value, 1 - decay)
        return {name: term.item() for name, term in terms.items()}

    def save(self):
        """Writes the checkpoint whole or not at all."""
        partial = self.checkpoint.with_suffix(".partial")
        state = {"step": self.step, "model": self.model.state_dict(), "average": self.average,
                 "optimisers": [optimiser.state_dict() for optimiser in self.optimisers]}
        torch.save(state, partial)
        os.replace(partial, self.checkpoint)

    def resume(self):
        """Goes on where a checkpoint in the output folder stopped."""
        if not self.checkpoint.exists():
            return
        state = torch.load(self.checkpoint, map_location=self.device)
        self.step, self.average = state["step"], state["average"]
        self.model.load_state_dict(state["model"])
        for optimiser, saved in zip(self.optimisers, state["optimisers"]):
            optimiser.load_state_dict(saved)

    def averaged(self):
        """The model with the moving average of its weights."""
        # The path of the first weights is no part of the model.
        config = {name: value for name, value in self.model.config.items() if name != "_name_or_path"}
        model = AutoencoderKL.from_config(config).to(self.device).eval()
        model.load_state_dict(self.average)
        return model

    @torch.no_grad()
    def evaluate(self, pictures):
        """Mean PSNR of held-out pictures, through this encoder and through the teacher's."""
        model = self.averaged()
        own, taught = [], []
        for picture in pictures:
            x = normalised(picture[None]).to(self.device)
            for results, latents in ((own, model.encode(x).latent_dist.mean), (taught, self.teacher(x / 2 + 0.5) / self.scale)):
                decoded = (model.decode(latents).sample.clamp(-1, 1) * 127.5 + 127.5).round()
                results.append(metrics.psnr(decoded.cpu(), picture[None].float()))
        return sum(own) / len(own), sum(taught) / len(taught)


def main():
    options = arguments()
    Path(options.output).mkdir(parents=True, exist_ok=True)
    held_out = read_folders([options.held_out])
    names = {path.name for path, _ in held_out}
    training = [picture for path, picture in read_folders(options.pictures) if path.name not in names]
    crops = Crops(training, options.seed)
    run = Run(options, torch.device("cuda" if torch.cuda.is_available() else "cpu"))
    run.resume()
    print(f"{len(training)} pictures to train on, {len(held_out)} held out; from step {run.step} to {options.steps}", flush=True)

    sums, summed, begun, saved = {}, 0, time.time(), time.time()
    with open(Path(options.output) / "curve.csv", "a", newline="") as file:
        curve = csv.writer(file)
        while run.step < options.steps:
            for name, value in run.advance(crops).items():
                sums[name] = sums.get(name, 0) + value
            summed += 1
            if time.time() - saved > SECONDS_BETWEEN_CHECKPOINTS:
                run.save()
                saved = time.time()
            if run.step % STEPS_BETWEEN_EVALUATIONS == 0 or run.step == options.steps:
                own, taught = run.evaluate([picture for _, picture in held_out])
                row = [run.step, round(time.time() - begun), f"{own:.3f}", f"{taught:.3f}"]
                row += [f"{sums[name] / summed:.5f}" for name in WEIGHTS]
                curve.writerow(row)
                file.flush()
                print(*row, flush=True)
                sums, summed = {}, 0
    run.save()
    run.averaged().half().save_pretrained(Path(options.output) / "model")


if __name__ == "__main__":
    main()
