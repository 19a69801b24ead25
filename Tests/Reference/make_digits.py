#!/usr/bin/env python3
"""Write the handwritten digits that scikit-learn ships as PNG files, for `make textbook`.

usage: make_digits.py OUT      (needs scikit-learn, numpy and Pillow)

OUT/train and OUT/held-out get pictures named D-NNNN.png: D is the digit, NNNN its index in the data set. Held out are
the indices that 5 divides: 360 of the 1,797. The pictures are 8x8 with 17 grey levels, enlarged to 32x32 here.
"""
import argparse
from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.datasets import load_digits

SIDE = 32
SOURCE = """The pictures in this folder are the test set of "Optical Recognition of Handwritten Digits"
by E. Alpaydin and C. Kaynak (1998), UCI Machine Learning Repository, https://doi.org/10.24432/C50P49,
as scikit-learn ships it, enlarged from 8x8 to 32x32 pixels.
Licence: Creative Commons Attribution 4.0 International (CC BY 4.0),
https://creativecommons.org/licenses/by/4.0/
"""


def enlarged(image):
    """A digit [8, 8] of values 0...16 as a grey picture."""
    return Image.fromarray((image * 255 / 16).astype(np.uint8)).resize((SIDE, SIDE), Image.Resampling.BICUBIC)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", metavar="OUT", type=Path, help="folder to write to")
    out = parser.parse_args().out
    for part in ("train", "held-out"):
        (out / part).mkdir(parents=True, exist_ok=True)
    digits = load_digits()
    for index, (image, digit) in enumerate(zip(digits.images, digits.target)):
        part = "train" if index % 5 else "held-out"
        enlarged(image).save(out / part / f"{digit}-{index:04}.png", optimize=True)
    (out / "SOURCE.txt").write_text(SOURCE)
