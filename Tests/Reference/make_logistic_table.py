#!/usr/bin/env python3
"""Print the table of the entropy coder's logistic distribution: the numbers of Sources/VAECodec/Entropy/LogisticTail.swift.

Entry i is 2^32 / (1 + exp(i / 16)), rounded to the nearest whole number, for i = 0...256. The table is part of the
format: a stream is read with these numbers for ever.
"""
from decimal import Decimal, getcontext

getcontext().prec = 60


def entry(i):
    return int((Decimal(2) ** 32 / (1 + (Decimal(i) / 16).exp())).to_integral_value())


if __name__ == "__main__":
    line = "   "
    for number in map(entry, range(257)):
        if len(line) + len(f" {number},") > 100:
            print(line)
            line = "   "
        line += f" {number},"
    print(line)
