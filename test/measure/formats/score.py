"""Reads lines of two paths of PNGs, the original and what became of it, and answers with a line: the score of SSIMULACRA2. Needs ssimulacra2."""
import sys

from ssimulacra2 import compute_ssimulacra2

for line in sys.stdin:
    original, other = line.rstrip('\n').split('\t')
    print(compute_ssimulacra2(original, other), flush=True)
