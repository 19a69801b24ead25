"""What the surfaces of the still life are made of: noise, colours, relief and gloss."""
import numpy as np

from demo_shapes import (APPLE, APPLE_AT, BERRY, F, LEMON, LEMON_AT, LEMON_AXIS, ORANGE, ORANGE_AT, PEAR, PEAR_AT, STEM,
                         TABLE, VASE, VASE_AT, column, dot, mix, nearest_berry, normalised, smoothstep, vase_radius)


def hashed(*integers):
    """Lattice coordinates -> 0...1, the same everywhere."""
    h = np.zeros_like(integers[0], dtype=np.uint32) + np.uint32(0x9E3779B9)
    for i, v in enumerate(integers):
        h ^= v.astype(np.uint32) * np.uint32((0x85EBCA6B, 0xC2B2AE35, 0x27D4EB2F)[i])
        h = (h ^ (h >> np.uint32(15))) * np.uint32(0x2C1B3C6D)
        h ^= h >> np.uint32(12)
    return (h >> np.uint32(8)).astype(F) / F(1 << 24)


def noise2(x, y):
    """Value noise 0...1 in the plane."""
    ix, iy = np.floor(x), np.floor(y)
    fx, fy = x - ix, y - iy
    fx, fy = fx * fx * (3 - 2 * fx), fy * fy * (3 - 2 * fy)
    ix, iy = ix.astype(np.int64), iy.astype(np.int64)
    top = mix(hashed(ix, iy), hashed(ix + 1, iy), fx)
    return mix(top, mix(hashed(ix, iy + 1), hashed(ix + 1, iy + 1), fx), fy)


def noise3(p):
    """Value noise 0...1 in space."""
    cell = np.floor(p)
    f = p - cell
    f = f * f * (3 - 2 * f)
    x, y, z = cell.astype(np.int64)
    planes = []
    for dz in (0, 1):
        low = mix(hashed(x, y, z + dz), hashed(x + 1, y, z + dz), f[0])
        high = mix(hashed(x, y + 1, z + dz), hashed(x + 1, y + 1, z + dz), f[0])
        planes.append(mix(low, high, f[1]))
    return mix(planes[0], planes[1], f[2])


def fractal2(x, y, octaves):
    total, weight = 0, F(0.5)
    for _ in range(octaves):
        total = total + weight * noise2(x, y)
        x, y, weight = x * 2 + F(17.3), y * 2 + F(9.1), weight / 2
    return total


def bumped(n, p, frequency, depth):
    """A normal tilted by the slope of space noise."""
    h = F(0.35) / frequency
    base = noise3(p * frequency)
    slope = np.stack([noise3((p + column(e) * h) * frequency) - base for e in np.eye(3)]) / h
    slope = slope - n * dot(slope, n)
    return normalised(n - F(depth) * slope)


def cloth_coordinates(p):
    """Position on the linen cloth, 0...1 on both sides, outside it elsewhere."""
    x, z = p[0] - F(1.05), p[2] + F(0.28)
    c, s = F(np.cos(0.31)), F(np.sin(0.31))
    u, v = x * c + z * s, -x * s + z * c
    wave = F(0.018) * np.sin(u * 5 + 1) + F(0.012) * np.sin(v * 7)
    return u / F(2.3) + F(0.5) + wave, v / F(1.9) + F(0.5) + wave


def wood(p):
    """Oiled planks: colour, then how shiny."""
    row = np.floor((p[2] + F(0.37)) / F(0.92))
    inside = (p[2] + F(0.37)) / F(0.92) - row
    shift = hashed(row.astype(np.int64), row.astype(np.int64) * 0 + 7)
    x, z = p[0] + shift * 37, p[2] + shift * 11
    warp = fractal2(x * F(0.55), z * F(2.2), 3)
    rings = F(0.5) + F(0.5) * np.sin((z * F(5.5) + warp * F(7.5) + F(0.25) * x) * F(3.2))
    fibre = fractal2(x * F(3.5), z * F(75), 3)
    pores = smoothstep(0.60, 0.78, fractal2(x * F(7), z * F(120), 2) * F(1.33))
    tone = F(0.52) + F(0.30) * rings * (F(0.5) + warp) + F(0.30) * (fibre - F(0.45)) + F(0.22) * (shift - F(0.5))
    tone = np.clip(tone, 0, 1)
    colour = mix(column([0.062, 0.025, 0.011]), column([0.41, 0.205, 0.085]), tone)
    colour = colour * (1 - F(0.42) * pores)
    gap = smoothstep(0.0, 0.011, inside) * smoothstep(1.0, 0.989, inside)
    return colour * (F(0.16) + F(0.84) * gap), gap


def linen(u, v):
    """Woven cloth with blue stripes near two edges."""
    warp, weft = u * 230, v * 190
    thread = F(0.5) + F(0.25) * np.cos(warp * F(2 * np.pi)) * np.cos(weft * F(2 * np.pi))
    slub = fractal2(u * 160, v * 7, 2) + fractal2(u * 7, v * 140, 2) - F(0.75)
    colour = column([0.74, 0.70, 0.62]) * (F(0.80) + F(0.16) * thread + F(0.24) * slub)
    edge = np.minimum(np.minimum(u, 1 - u) * F(2.3), np.minimum(v, 1 - v) * F(1.9))
    stripe = smoothstep(0.13, 0.136, edge) * smoothstep(0.205, 0.199, edge)
    thin = smoothstep(0.225, 0.229, edge) * smoothstep(0.243, 0.239, edge)
    blue = np.maximum(stripe, thin) * (F(0.8) + F(0.3) * slub)
    return mix(colour, column([0.055, 0.13, 0.27]) * (F(0.75) + F(0.5) * thread), np.clip(blue, 0, 1)), edge


def apple_colour(p):
    x, y, z = p - column(APPLE_AT)
    angle = np.arctan2(z, x)
    streak = fractal2(angle * F(9), y * F(1.3) + F(5), 4)
    fine = noise2(angle * F(42), y * F(3.5))
    blush = smoothstep(-0.45, 0.85, np.cos(angle + F(2.5)) + F(1.7) * (streak - F(0.40)) + F(0.2) * fine)
    red = mix(column([0.29, 0.012, 0.018]), column([0.57, 0.060, 0.036]), fine * F(0.7) + streak * F(0.3))
    colour = mix(column([0.72, 0.53, 0.115]), red, np.clip(blush * F(1.15), 0, 1))
    hollow = smoothstep(0.24, 0.06, np.sqrt(x * x + z * z)) * (y > 0)
    colour = mix(colour, column([0.42, 0.36, 0.10]), hollow * F(0.85))
    cells = np.stack([x, y, z]) * 23
    dots = hashed(*np.floor(cells).astype(np.int64)) > F(0.84)
    speck = np.sqrt(dot(cells - np.floor(cells) - F(0.5), cells - np.floor(cells) - F(0.5)))
    return mix(colour, column([0.80, 0.62, 0.36]), dots * smoothstep(0.20, 0.08, speck) * F(0.6))


def pear_colour(p):
    q = p - column(PEAR_AT)
    broad = noise3(q * F(2.7))
    colour = mix(column([0.40, 0.43, 0.075]), column([0.64, 0.55, 0.13]), smoothstep(0.25, 0.75, broad))
    blush = smoothstep(0.1, 0.9, q[0] * F(1.3) + F(0.35) - q[1] * F(0.25) + F(0.3) * broad)
    colour = mix(colour, column([0.58, 0.235, 0.075]), blush * F(0.6))
    freckle = smoothstep(0.69, 0.80, noise3(q * 34)) * F(0.55) + smoothstep(0.6, 0.85, noise3(q * 13)) * F(0.25)
    russet = smoothstep(1.02, 1.32, q[1] + F(0.15) * broad)
    return mix(colour, column([0.29, 0.175, 0.06]), np.clip(freckle + russet * F(0.7), 0, 1))


def berry_crown(p, n):
    """How much darker a berry is where its flower was: a star with a pale rim, pointing another way on each berry."""
    which = nearest_berry(p)
    lean = np.stack([np.cos(which * F(2.4)) * F(0.55), np.full(which.shape, F(0.62)), np.sin(which * F(1.7)) * F(0.3) - F(0.62)])
    axis = normalised(lean.astype(F))
    side = normalised(np.cross(axis, column([0, 0, 1]), axis=0).astype(F))
    other = np.cross(axis, side, axis=0)
    away = np.arccos(np.clip(dot(n, axis), -1, 1))
    turn = np.arctan2(dot(n, other), dot(n, side))
    star = away / (F(0.36) + F(0.09) * np.cos(5 * turn))
    return 1 + F(0.5) * smoothstep(1.35, 1.05, star) - F(1.3) * smoothstep(1.02, 0.8, star)


def vase_colour(p):
    """White glaze with painted cobalt bands and a row of strokes."""
    x, y, z = p - column(VASE_AT)
    angle = np.arctan2(z, x)
    wobble = F(0.02) * noise2(angle * 3, y * 4)
    pool = fractal2(angle * F(2.5), y * F(4), 3)
    colour = column([0.66, 0.67, 0.63]) * (F(0.84) + F(0.28) * pool)
    ink = 0
    for low, high in ((0.30, 0.34), (0.38, 0.40), (1.06, 1.08), (1.13, 1.19), (1.90, 1.97)):
        at = y + wobble
        ink = np.maximum(ink, smoothstep(low, low + 0.008, at) * smoothstep(high, high - 0.008, at))
    turn = angle * F(11 / (2 * np.pi))
    across = (turn - np.floor(turn) - F(0.5)) * 2
    height = (y - F(0.73)) / F(0.29)
    petal = np.abs(across) - F(0.55) * (1 - height * height) * (F(0.8) + F(0.2) * height)
    vein = smoothstep(0.07, 0.03, np.abs(across))
    ink = np.maximum(ink, smoothstep(0.03, -0.03, petal) * (np.abs(height) < 1) * (F(0.62) + F(0.3) * pool) * (1 - F(0.8) * vein))
    inside = np.sqrt(x * x + z * z) < vase_radius(y) - F(0.03)
    colour = mix(colour, column([0.020, 0.050, 0.215]), np.clip(ink, 0, 1) * F(0.93))
    return np.where(inside & (y > F(1.25)), colour * F(0.5), colour)


def materials(p, n, thing):
    """Per hit: diffuse colour, normal with relief, reflectance at right angles, roughness, how far light wraps around."""
    colour = np.full(p.shape, F(0.5))
    f0, rough, wrap = np.full(thing.shape, F(0.04)), np.full(thing.shape, F(0.05)), np.zeros(thing.shape, F)
    n = n.copy()

    def of(identity):
        return np.flatnonzero(thing == identity)

    m = of(TABLE)
    if m.size:
        table(p, n, m, colour, f0, rough)
    m = of(APPLE)
    if m.size:
        colour[:, m], rough[m], wrap[m] = apple_colour(p[:, m]), F(0.045), F(0.15)
        n[:, m] = bumped(n[:, m], p[:, m], F(9), 0.006)
    m = of(PEAR)
    if m.size:
        colour[:, m], rough[m], f0[m], wrap[m] = pear_colour(p[:, m]), F(0.20), F(0.028), F(0.2)
        n[:, m] = bumped(n[:, m], p[:, m], F(26), 0.006)
    m = of(LEMON)
    if m.size:
        q = p[:, m] - column(LEMON_AT)
        ends = smoothstep(0.30, 0.47, np.abs(LEMON_AXIS @ q))
        lemon = mix(column([0.84, 0.60, 0.075]), column([0.60, 0.54, 0.09]), ends * F(0.75))
        colour[:, m], rough[m], wrap[m] = lemon * (F(0.85) + F(0.3) * noise3(q * 5)), F(0.11), F(0.25)
        n[:, m] = bumped(n[:, m], p[:, m], F(25), 0.014)
    m = of(ORANGE)
    if m.size:
        q = p[:, m] - column(ORANGE_AT)
        colour[:, m] = mix(column([0.80, 0.255, 0.018]), column([0.90, 0.36, 0.035]), noise3(q * F(3.1)))
        crown = np.sqrt(q[0] ** 2 + (q[2] + F(0.1)) ** 2 + (q[1] - F(0.52)) ** 2)
        colour[:, m] = mix(colour[:, m], column([0.20, 0.22, 0.05]), smoothstep(0.085, 0.05, crown))
        rough[m], wrap[m] = F(0.12), F(0.22)
        n[:, m] = bumped(n[:, m], p[:, m], F(29), 0.016)
    m = of(VASE)
    if m.size:
        colour[:, m], rough[m], f0[m] = vase_colour(p[:, m]), F(0.03), F(0.05)
        n[:, m] = bumped(n[:, m], p[:, m], F(4), 0.012)
    m = of(STEM)
    if m.size:
        colour[:, m] = mix(column([0.085, 0.045, 0.02]), column([0.22, 0.14, 0.06]), noise3(p[:, m] * column([60, 14, 60])))
        rough[m], f0[m] = F(0.4), F(0.02)
    m = of(BERRY)
    if m.size:
        bloom = smoothstep(0.30, 0.72, noise3(p[:, m] * F(9)) * F(0.7) + F(0.25) * n[1, m] + F(0.15))
        berry = mix(column([0.018, 0.020, 0.055]), column([0.165, 0.205, 0.35]), bloom)
        colour[:, m] = berry * berry_crown(p[:, m], n[:, m])
        rough[m], f0[m] = F(0.12) + F(0.2) * bloom, F(0.035)
    return colour, n, f0, rough, wrap


def table(p, n, m, colour, f0, rough):
    """The table top and the cloth that lies on it."""
    q = p[:, m]
    planks, gap = wood(q)
    u, v = cloth_coordinates(q)
    on = (u > 0) & (u < 1) & (v > 0) & (v < 1)
    cloth, edge = linen(u, v)
    # Just outside its rim the cloth's thickness keeps light off the wood.
    outside = np.maximum(np.maximum(-u, u - 1) * F(2.3), np.maximum(-v, v - 1) * F(1.9))
    shade = np.where(on, F(1), F(0.45) + F(0.55) * smoothstep(0.0, 0.035, outside))
    hem = F(0.86) + F(0.14) * smoothstep(0.0, 0.03, edge)
    colour[:, m] = np.where(on, cloth * hem, planks * shade)
    f0[m] = np.where(on, F(0.0), F(0.035) * gap)
    rough[m] = np.where(on, F(0.5), F(0.085))
    fold = F(0.05) * np.cos(u * 9 + v * 4) * on
    n[0, m] = n[0, m] + fold + F(0.05) * (noise2(u * 460, v * 30) - F(0.5)) * on
    n[2, m] = n[2, m] + F(0.03) * np.cos(v * 11) * on + (~on) * F(0.012) * (noise2(q[0] * 4, q[2] * 90) - F(0.5))
    n[:, m] = normalised(n[:, m])
