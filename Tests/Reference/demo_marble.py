"""A glass marble with coloured vanes and its shadow, as straight-alpha RGBA."""
import numpy as np

SIDE, FINE = 256, 4  # pixels, and sub-pixels a side
SPAN = 1.42  # half the picture's width in radii of the marble
CENTRE_Y = 0.10
LIGHT = np.array([-0.52, 0.66, 0.54]) / np.sqrt(0.52**2 + 0.66**2 + 0.54**2)
AXIS = np.array([0.42, 0.86, 0.28]) / np.sqrt(0.42**2 + 0.86**2 + 0.28**2)
STEPS = 64


def smoothstep(low, high, x):
    t = np.clip((x - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def over(colour, alpha, below, below_alpha):
    """Premultiplied composition; the colours are already multiplied."""
    return colour + below * (1 - alpha[..., None]), alpha + below_alpha * (1 - alpha)


def vanes(points):
    """Three twisted ribbons about the axis: density and colour at `points` [..., 3]."""
    side = np.cross(AXIS, [0.0, 0.0, 1.0])
    side /= np.sqrt(side @ side)
    other = np.cross(AXIS, side)
    along, a, b = points @ AXIS, points @ side, points @ other
    turn = 1.9 * along + 0.5
    a, b = a * np.cos(turn) - b * np.sin(turn), a * np.sin(turn) + b * np.cos(turn)
    reach = np.sqrt(a * a + b * b)
    angle = np.arctan2(b, a)
    density, colour = np.zeros(reach.shape), np.zeros(points.shape)
    tints = ([0.95, 0.36, 0.05], [0.03, 0.42, 0.50], [0.93, 0.80, 0.55])
    for k, tint in enumerate(tints):
        across = np.angle(np.exp(1j * (angle - k * 2 * np.pi / 3 - 0.25 * np.sin(3 * along)))) * reach
        ribbon = np.exp(-((across / 0.055) ** 2)) * smoothstep(0.66, 0.58, reach) * smoothstep(0.84, 0.66, np.abs(along))
        grain = 0.75 + 0.25 * np.sin(34 * reach + 9 * along + 2 * k)
        density += ribbon
        colour += (ribbon * grain)[..., None] * np.array(tint)
    return density, colour / np.maximum(density, 1e-9)[..., None]


def shadow(x, y):
    """The soft shadow on the ground with the light that the glass gathers in its middle."""
    ground = ((x - 0.20) / 1.02) ** 2 + ((y + 1.06) / 0.215) ** 2
    dark = 0.62 * smoothstep(1.25, 0.15, np.sqrt(ground))
    gleam = np.exp(-(((x - 0.36) / 0.40) ** 2 + ((y + 1.10) / 0.085) ** 2) * 1.6)
    colour = np.array([0.015, 0.020, 0.035]) + gleam[..., None] * np.array([0.95, 0.62, 0.25])
    return colour * dark[..., None], dark


def environment(direction):
    """What the glass mirrors: a pale room with a window of two by two panes."""
    up = direction[..., 1]
    light = 0.25 + 0.30 * smoothstep(-0.2, 0.9, up)
    side = np.cross([0.0, 1.0, 0.0], LIGHT)
    side /= np.sqrt(side @ side)
    facing = np.maximum(direction @ LIGHT, 1e-3)
    u, v = direction @ side / facing, direction @ np.cross(LIGHT, side) / facing
    pane = smoothstep(0.40, 0.37, np.maximum(np.abs(u), np.abs(v)))
    pane = pane * smoothstep(0.025, 0.045, np.minimum(np.abs(u), np.abs(v)))
    return light + 15.0 * pane * (direction @ LIGHT > 0)


def body(x, y):
    """The glass itself, seen along -z: premultiplied light and cover, for points inside the unit circle."""
    z = np.sqrt(1 - x * x - y * y)
    normal = np.stack([x, y, z], axis=-1)
    ray = np.array([0.0, 0.0, -1.0])
    ratio = 1 / 1.5
    inner = np.sqrt(1 - ratio**2 * (1 - z * z))
    inside = ray * ratio + normal * (ratio * z - inner)[..., None]
    chord = -2 * np.sum(inside * normal, axis=-1)

    light, seen = np.zeros(normal.shape), np.ones(z.shape)
    for step in range(STEPS):
        point = normal + inside * (chord * (step + 0.5) / STEPS)[..., None]
        density, colour = vanes(point)
        cover = 1 - np.exp(-density * 26 * chord / STEPS)
        lit = 0.50 + 0.55 * np.clip(point @ LIGHT + 0.35, 0, 1)
        light += (seen * cover * lit)[..., None] * colour
        seen = seen * (1 - cover)

    tint = np.array([0.72, 0.90, 0.86])
    rim = smoothstep(0.55, 1.0, 1 - z)
    glass = 0.16 + 0.46 * rim  # how much the clear glass hides
    far_glow = np.clip(-(normal @ LIGHT) * 0.6 - 0.05, 0, 1) ** 1.4
    clear = tint * ((0.30 + 0.25 * y + 0.95 * far_glow) * (1 - 0.65 * rim))[..., None]
    light += (seen * glass)[..., None] * np.clip(clear, 0, None)
    cover = 1 - seen * (1 - glass)

    fresnel = 0.04 + 0.96 * (1 - z) ** 5
    mirrored = normal * (2 * z)[..., None] + ray
    gloss = environment(mirrored) * fresnel
    light = light * (1 - fresnel)[..., None] + gloss[..., None] * np.array([1.0, 0.98, 0.95])
    cover = np.clip(cover * (1 - fresnel) + np.minimum(gloss, 1), 0, 1)
    return np.minimum(light, cover[..., None]), cover


def marble():
    """The picture as bytes [256, 256, 4]."""
    steps = (np.arange(SIDE * FINE) + 0.5) / (SIDE * FINE) * 2 - 1
    x, y = np.meshgrid(steps * SPAN, -steps * SPAN - CENTRE_Y)
    colour, alpha = shadow(x, y)
    within = x * x + y * y < 1
    ball_colour, ball_alpha = body(x[within], y[within])
    colour[within], alpha[within] = over(ball_colour, ball_alpha, colour[within], alpha[within])

    def mean(values):
        return values.reshape(SIDE, FINE, SIDE, FINE, -1).mean(axis=(1, 3))

    colour, alpha = mean(colour), mean(alpha)
    straight = np.clip(colour / np.maximum(alpha, 1e-6), 0, 1)
    encoded = np.where(straight <= 0.0031308, 12.92 * straight, 1.055 * straight ** (1 / 2.4) - 0.055)
    pixels = np.rint(np.concatenate([encoded, alpha], axis=-1) * 255).astype(np.uint8)
    pixels[pixels[..., 3] == 0] = 0
    return pixels
