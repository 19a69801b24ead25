#!/usr/bin/env python3
"""Write Fixtures/glyphs: the digits 0 to 9 drawn by strokes, for `make textbook` where scikit-learn is not at hand.

usage: make_glyphs.py [OUT_DIR]      (needs numpy and Pillow)

OUT_DIR/train and OUT_DIR/held-out get pictures named D-NNNN.png, 32x32 and grey, white on black: D is the digit, NNNN
the number of the picture. Held out are the numbers that 5 divides: 12 of the 60 pictures of each digit.
"""
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from common import FIXTURES

SIDE = 32
PICTURES = 60  # of each digit
SEED = 17

# The ways to write each digit, each a list of strokes, each a list of points that a smooth curve goes through.
# x goes from 0 to 1 to the right, y from 0 to 1 downwards.
WAYS = {
    0: [[[(.55, .02), (.22, .12), (.08, .5), (.22, .88), (.5, .98), (.8, .86), (.92, .48), (.8, .13), (.5, .02)]],
        [[(.72, .1), (.4, .03), (.12, .32), (.14, .74), (.45, .98), (.8, .8), (.9, .4), (.7, .07), (.48, .1)]]],
    1: [[[(.5, .01), (.5, .5), (.5, .99)]],
        [[(.26, .25), (.42, .14), (.56, .01)], [(.56, .01), (.55, .5), (.54, .99)]],
        [[(.24, .26), (.42, .14), (.54, .01)], [(.54, .01), (.53, .5), (.52, .97)], [(.2, .97), (.52, .97), (.84, .96)]]],
    2: [[[(.12, .24), (.26, .06), (.56, .02), (.82, .17), (.78, .42), (.5, .68), (.1, .97)],
         [(.1, .97), (.5, .95), (.92, .96)]],
        [[(.14, .2), (.4, .02), (.74, .08), (.84, .3), (.66, .58), (.32, .88), (.12, .94), (.14, .78), (.36, .76),
          (.6, .93), (.92, .92)]]],
    3: [[[(.14, .14), (.42, .02), (.76, .1), (.78, .32), (.4, .47)],
         [(.4, .47), (.78, .56), (.87, .78), (.6, .97), (.3, .96), (.1, .84)]],
        [[(.12, .04), (.46, .03), (.82, .04)], [(.82, .04), (.6, .24), (.42, .42)],
         [(.42, .42), (.76, .5), (.86, .74), (.62, .96), (.3, .97), (.1, .86)]]],
    4: [[[(.6, .01), (.36, .34), (.08, .68)], [(.08, .68), (.5, .68), (.95, .67)], [(.68, .36), (.67, .7), (.66, .99)]],
        [[(.2, .03), (.17, .28), (.16, .54)], [(.16, .54), (.5, .55), (.9, .52)], [(.74, .03), (.72, .5), (.7, .99)]],
        [[(.7, .01), (.42, .32), (.1, .66)], [(.1, .66), (.5, .66), (.92, .66)], [(.7, .01), (.7, .5), (.7, .99)]]],
    5: [[[(.24, .04), (.2, .24), (.16, .46)],
         [(.16, .46), (.44, .37), (.76, .46), (.88, .7), (.7, .93), (.38, .98), (.1, .87)],
         [(.24, .04), (.54, .05), (.86, .03)]],
        [[(.86, .05), (.56, .03), (.3, .06), (.24, .26), (.26, .44), (.58, .47), (.82, .62), (.76, .87), (.44, .98),
          (.12, .91)]]],
    6: [[[(.76, .05), (.42, .16), (.16, .5), (.17, .82), (.46, .98), (.78, .86), (.8, .62), (.52, .49), (.22, .62),
          (.16, .76)]],
        [[(.5, .01), (.28, .3), (.14, .66), (.28, .93), (.6, .97), (.84, .78), (.68, .57), (.38, .6), (.2, .8)]]],
    7: [[[(.1, .05), (.5, .04), (.9, .03)], [(.9, .03), (.62, .46), (.42, .99)]],
        [[(.1, .05), (.5, .06), (.9, .03)], [(.9, .03), (.64, .44), (.4, .99)], [(.3, .52), (.54, .5), (.8, .48)]],
        [[(.12, .22), (.14, .06)], [(.14, .06), (.5, .08), (.88, .04)], [(.88, .04), (.56, .4), (.46, .98)]]],
    8: [[[(.8, .14), (.5, .02), (.2, .17), (.34, .4), (.68, .58), (.86, .8), (.52, .98), (.16, .82), (.3, .58),
          (.66, .4), (.8, .14)]],
        [[(.5, .46), (.24, .26), (.46, .03), (.76, .2), (.5, .46), (.18, .7), (.48, .98), (.82, .76), (.5, .46)]]],
    9: [[[(.82, .16), (.52, .02), (.2, .2), (.24, .46), (.56, .5), (.82, .16)], [(.82, .16), (.78, .56), (.72, .99)]],
        [[(.84, .3), (.62, .04), (.26, .1), (.16, .34), (.4, .53), (.74, .42), (.84, .2), (.86, .52), (.7, .86),
          (.36, .98), (.16, .9)]]],
}


def curve(points, steps=12):
    """A polyline along the Catmull-Rom spline through the points; a closed stroke closes smoothly."""
    closed = len(points) > 3 and np.hypot(*(points[0] - points[-1])) < 1e-9
    before, after = (points[-2], points[1]) if closed else (2 * points[0] - points[1], 2 * points[-1] - points[-2])
    p = np.concatenate([[before], points, [after]])
    t = np.arange(steps)[:, None] / steps
    pieces = [.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
              for a, b, c, d in zip(p, p[1:], p[2:], p[3:])]
    return np.concatenate([*pieces, points[-1:]])


def wobble(rng, points):
    """Points moved by a few random waves, so that strokes which meet still meet."""
    moved = points.copy()
    for size in (.045, .03):
        waves = rng.normal(0, 4.5, (2, 2))
        moved += size * rng.normal(0, 1, 2) * np.sin(points @ waves + rng.uniform(0, 2 * np.pi, 2))
    return moved


def placing(rng):
    """A random matrix and shift from the unit square to pixels: size, breadth, slant and turn."""
    height = rng.uniform(20, 26)
    breadth, slant, turn = height * rng.uniform(.52, .84), rng.normal(.1, .16), rng.normal(0, .06)
    shape = np.array([[breadth, -slant * height], [0, height]])
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    return rotation @ shape, rng.uniform(-1.2, 1.2, 2)


def distances(line):
    """How far each pixel [32, 32] lies from a polyline, and how far along the line its nearest point is, 0 to 1."""
    y, x = np.mgrid[0:SIDE, 0:SIDE] + .5
    pixels = np.stack([x, y], -1)[:, :, None]
    start, step = line[:-1], np.diff(line, axis=0)
    along = np.clip(((pixels - start) * step).sum(-1) / np.maximum((step**2).sum(-1), 1e-9), 0, 1)
    apart = np.linalg.norm(pixels - start - along[..., None] * step, axis=-1)
    nearest = apart.argmin(-1)[..., None]
    place = (nearest + np.take_along_axis(along, nearest, -1)) / len(step)
    return np.take_along_axis(apart, nearest, -1)[..., 0], place[..., 0]


def glyph(digit, number):
    """The grey picture [32, 32] of a digit in a hand of its own."""
    rng = np.random.default_rng([SEED, digit, number])
    strokes = [np.array(stroke) for stroke in WAYS[digit][rng.integers(len(WAYS[digit]))]]
    ends = np.cumsum([len(stroke) for stroke in strokes])[:-1]
    matrix, shift = placing(rng)
    placed = (wobble(rng, np.concatenate(strokes)) - .5) @ matrix.T
    placed += SIDE / 2 + shift - (placed.min(0) + placed.max(0)) / 2
    placed = np.clip(placed, 3, SIDE - 3)
    thickness, pressure = rng.uniform(1.9, 3.8), rng.uniform(-.22, .22)
    ink = np.zeros((SIDE, SIDE))
    for stroke in np.split(placed, ends):
        apart, place = distances(curve(stroke))
        radius = thickness / 2 * (1 + pressure * np.sin(np.pi * (2 * place - .5)))
        ink = np.maximum(ink, np.clip(radius + .5 - apart, 0, 1))
    return np.rint(255 * ink).astype(np.uint8)


if __name__ == "__main__":
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else FIXTURES / "glyphs"
    for part in ("train", "held-out"):
        (out / part).mkdir(parents=True, exist_ok=True)
    for digit in WAYS:
        for number in range(PICTURES * digit, PICTURES * (digit + 1)):
            part = "train" if number % 5 else "held-out"
            Image.fromarray(glyph(digit, number)).save(out / part / f"{digit}-{number:04}.png", optimize=True)
