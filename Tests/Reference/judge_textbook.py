#!/usr/bin/env python3
"""Judge an autoencoder that `vaecodec train` made of the digits that make_digits.py or make_glyphs.py wrote.

usage: judge_textbook.py DIGITS MODEL [--without D] [--denoiser MODEL] [--filler MODEL [--fill VALUE] [--block SIDE]]

Needs diffusers, scikit-learn and scikit-image. diffusers loads the models, in f32. All figures are of the held-out
pictures and of latents in the model's own scale, with fixed seeds; a support vector machine, fitted on the training
pictures, says what digit it sees. PSNR is over all pictures together unless a line says otherwise.
"""
import argparse
import warnings
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL
from diffusers.utils import logging
from PIL import Image
from scipy.ndimage import gaussian_filter
from skimage.restoration import denoise_nl_means, inpaint_biharmonic
from sklearn.metrics import roc_auc_score
from sklearn.svm import SVC

DRAWS, PAIRS = 500, 300
NOISE = 50 / 127.5  # in pictures of -1 to 1
BLURS = (.6, .8, 1, 1.2, 1.4, 1.6, 2)  # pixels
STRENGTHS = (.3, .45, .6, .8)  # of non-local means: its h by the noise's sigma
MISSING = .3


def pictures(folder):
    """Pictures [count, 3, height, width] of -1 to 1 and their digits, in the order of the data set."""
    paths = sorted(folder.glob("*.png"), key=lambda path: path.stem.split("-")[1])
    grey = torch.from_numpy(np.stack([np.asarray(Image.open(path).convert("L")) for path in paths]))
    digits = np.array([int(path.stem.split("-")[0]) for path in paths])
    return (grey.float() / 127.5 - 1)[:, None].repeat(1, 3, 1, 1), digits


def load(path):
    return AutoencoderKL.from_pretrained(path, torch_dtype=torch.float32).eval()


def decoded(model, latents):
    return model.decode(latents).sample.clamp(-1, 1)


def round_trip(model, samples):
    return decoded(model, model.encode(samples).latent_dist.mode())


def psnr(error):
    return 10 * np.log10(4 / np.mean(np.square(np.asarray(error))))


class Classifier:
    """A support vector machine that sees the mean of a picture's channels."""

    def __init__(self, samples, digits):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # of `probability`, which scikit-learn means to replace
            self.machine = SVC(probability=True, random_state=0).fit(self.flat(samples), digits)

    @staticmethod
    def flat(samples):
        return samples.mean(1).flatten(1).numpy()

    def probabilities(self, samples):
        """[count, 10]; the machine's classes are the digits 0 to 9 in this order."""
        return self.machine.predict_proba(self.flat(samples))


def judge_reconstruction(model, samples):
    posterior = model.encode(samples).latent_dist
    error = decoded(model, posterior.mode()) - samples
    each = np.mean([psnr(one) for one in error])
    print(f"reconstruction: {psnr(error):.2f} dB (mean of the pictures' PSNR {each:.2f} dB)")
    print(f"KL: {posterior.kl().mean():.2f} nats a picture")


def judge_draws(model, samples, classifier):
    shape = model.encode(samples[:1]).latent_dist.mean.shape[1:]
    torch.manual_seed(0)
    drawn = classifier.probabilities(decoded(model, torch.randn(DRAWS, *shape)))
    real = classifier.probabilities(samples)
    print(f"draws from the prior: largest probability {drawn.max(1).mean():.3f}, "
          f"of held-out pictures {real.max(1).mean():.3f}")
    print(f"digits drawn, 0 to 9: {' '.join(map(str, np.bincount(drawn.argmax(1), minlength=10)))} of {DRAWS}")


def pairs(digits):
    """Two arrays of indices: random pictures, and another picture of the same digit for each."""
    rng = np.random.default_rng(0)
    first = rng.integers(len(digits), size=PAIRS)
    second = [rng.choice(np.flatnonzero((digits == digits[i]) & (np.arange(len(digits)) != i))) for i in first]
    return first, np.array(second)


def judge_midpoints(model, samples, digits, classifier):
    first, second = pairs(digits)
    means = model.encode(samples).latent_dist.mean
    between = {"latents": decoded(model, (means[first] + means[second]) / 2),
               "pixels": (samples[first] + samples[second]) / 2}
    for name, middle in between.items():
        seen = classifier.probabilities(middle)
        own = seen[np.arange(PAIRS), digits[first]]
        print(f"midpoints of {name}: {np.mean(seen.argmax(1) == digits[first]):.3f} of {PAIRS} keep their digit, "
              f"its mean probability {own.mean():.3f}")


def judge_anomalies(model, samples, digits, without):
    error = (round_trip(model, samples) - samples).square().mean((1, 2, 3)).numpy()
    print(f"digit {without} by its reconstruction error: AUROC {roc_auc_score(digits == without, error):.3f}")


def best(candidates):
    """The largest of pairs of a PSNR and its name, as text."""
    value, name = max(candidates)
    return f"{value:.2f} dB ({name})"


def blurred(noisy, clean):
    return best((psnr(gaussian_filter(noisy, (0, sigma, sigma)) - clean), f"sigma {sigma}") for sigma in BLURS)


def averaged(noisy, clean, sigma):
    """Non-local means that knows the noise's sigma."""
    def error(strength):
        settings = dict(patch_size=5, patch_distance=6, h=strength * sigma, sigma=sigma)
        return [denoise_nl_means(one, **settings) - target for one, target in zip(noisy, clean)]

    return best((psnr(error(strength)), f"h {strength} sigma") for strength in STRENGTHS)


def judge_denoising(model, samples):
    """The model beside methods that know the picture to be grey, and so begin with the mean of the channels."""
    clean = samples[:, 0].numpy()
    for name, channels in (("each channel", 3), ("grey", 1)):
        torch.manual_seed(0)
        noise = torch.randn_like(samples[:, :channels]) * NOISE
        noisy = (samples + noise).clamp(-1, 1)
        grey = noisy.mean(1).numpy()
        print(f"noise of sigma 50 on {name}: {psnr(noisy - samples):.2f} dB -> "
              f"{psnr(round_trip(model, noisy) - samples):.2f} dB; mean of channels {psnr(grey - clean):.2f} dB, "
              f"Gaussian blur {blurred(grey, clean)}, non-local means {averaged(grey, clean, NOISE / channels**.5)}")


def judge_filling(model, samples, fill, block):
    height, width = samples.shape[2:]
    torch.manual_seed(0)
    missing = torch.rand(len(samples), 1, height // block, width // block) < MISSING
    missing = missing.repeat_interleave(block, 2).repeat_interleave(block, 3)
    restored = round_trip(model, samples.masked_fill(missing, fill))
    mask, grey = missing[:, 0].numpy(), samples[:, 0].numpy()
    smooth = np.stack([inpaint_biharmonic(one, hole) for one, hole in zip(np.where(mask, 0, grey), mask)])
    error = (restored - samples).numpy().transpose(0, 2, 3, 1)
    print(f"missing blocks of {block}x{block} ({MISSING:.0%}): {psnr(error[mask]):.2f} dB; "
          f"biharmonic filling {psnr((smooth.clip(-1, 1) - grey)[mask]):.2f} dB, "
          f"left at {fill} {psnr((fill - grey)[mask]):.2f} dB")


@torch.no_grad()
def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("digits", metavar="DIGITS", type=Path, help="folder that make_digits.py or make_glyphs.py wrote")
    parser.add_argument("model", metavar="MODEL", help="folder of the autoencoder")
    parser.add_argument("--without", metavar="D", type=int, help="the digit that MODEL was trained without")
    parser.add_argument("--denoiser", metavar="MODEL", help="autoencoder to take noise of sigma 50 away with")
    parser.add_argument("--filler", metavar="MODEL", help="autoencoder to fill missing pixels with")
    parser.add_argument("--fill", type=float, default=0, help="value of missing pixels, -1 to 1 (default: %(default)s)")
    parser.add_argument("--block", type=int, default=1, choices=(1, 2, 4, 8, 16, 32),
                        help="side of what is missing, in pixels (default: %(default)s)")
    options = parser.parse_args()
    logging.set_verbosity_error()
    samples, digits = pictures(options.digits / "held-out")
    classifier = Classifier(*pictures(options.digits / "train"))
    model = load(options.model)
    judge_reconstruction(model, samples)
    judge_draws(model, samples, classifier)
    judge_midpoints(model, samples, digits, classifier)
    if options.without is not None:
        judge_anomalies(model, samples, digits, options.without)
    if options.denoiser:
        judge_denoising(load(options.denoiser), samples)
    if options.filler:
        judge_filling(load(options.filler), samples, options.fill, options.block)


if __name__ == "__main__":
    main()
