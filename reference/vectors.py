#!/usr/bin/env python3
"""Make the golden vectors: what plain CPython answers, written down for the Rust engines to match.

    python3 vectors.py               # write all files anew (a few minutes)
    python3 vectors.py random.txt    # write only the files named
    python3 vectors.py --quick       # write nothing; compare the beginnings with what is stored (about 20 s)

Three kinds of files go to crates/glassgpt-core/golden: runs of microgpt.py in full precision, draws
of Python's random generator, and how Python cuts a text file into documents. Each says in its
comments how it is to be read. The floats depend on the C library's exp, log, pow, sin and cos; the
stored ones are glibc's, and another C library may differ in a last digit here and there.
"""
import argparse
import gc
import io
import os
import platform
import random
import sys
import time

sys.dont_write_bytecode = True  # leave no __pycache__ in the repository
import microgpt

GOLDEN = microgpt.CORPORA.parent / "golden"

# File, corpus, flags of microgpt.py, and the number of steps --quick repeats (0: leave out).
RUNS = (
    ("blog-names.txt", "names", "--preset blog", 60),
    ("gist-names.txt", "names", "--preset gist", 60),
    ("startups-startups.txt", "startups", "--preset startups", 50),
    # Free shapes: each one has a corner that the presets do not have.
    ("shape-two-layers.txt", "names",
     "--n-embd 8 --n-head 2 --n-layer 2 --block-size 4 --seed 0 --stop-after 30", 10),
    ("shape-relu2-cosine.txt", "words",
     "--n-embd 6 --n-head 3 --block-size 5 --activation relu2 --schedule cosine --steps 40 --seed -7 "
     "--stop-after 30 --temperature 0.7", 10),
    ("shape-one-head.txt", "dinosaurs",
     "--n-embd 16 --n-head 1 --seed 9007199254740993 --stop-after 20 --temperature 1.0", 0),
    ("shape-narrow-heads.txt", "names",
     "--n-embd 12 --n-head 12 --n-layer 3 --block-size 8 --seed 1 --stop-after 12 --samples 5", 0),
    ("shape-block-one.txt", "names",
     "--n-embd 4 --n-head 2 --block-size 1 --seed 4294967296 --stop-after 30", 10),
    ("shape-odd-constant.txt", "dinosaurs",  # an odd number of weights: gauss() keeps one number back
     "--n-embd 5 --n-head 5 --block-size 7 --schedule constant --learning-rate 0.003 --beta1 0.9 --beta2 0.999 "
     "--eps 1e-06 --stop-after 20", 10),
    ("shape-zero-init-linear.txt", "words",
     "--n-embd 8 --n-head 4 --block-size 10 --zero-init --seed -42 --stop-after 20", 10),
    ("shape-schedule-end.txt", "dinosaurs",  # trains to the schedule's last step, from large weights
     "--n-embd 20 --n-head 4 --block-size 12 --schedule cosine --init-std 0.5 --steps 12 --seed 123456789 "
     "--temperature 2.0", 0),
    ("shape-one-number.txt", "names",
     "--n-embd 1 --n-head 1 --block-size 3 --seed 9223372036854775807 --stop-after 30", 10),
    ("shape-wide.txt", "startups",
     "--n-embd 32 --n-head 2 --n-layer 2 --block-size 6 --activation relu2 --seed 2 --stop-after 12 --samples 5", 0),
)


def run_lines(corpus, flags):
    args, config = microgpt.parse_args(flags.split())
    docs = microgpt.read_corpus(microgpt.CORPORA / (corpus + ".txt"))
    comment = "reference/microgpt.py --trace %s (corpus %s; %s)" % (flags, corpus, machine())
    return microgpt.trace(config, docs, corpus, comment, args.samples, args.temperature, args.stop_after)


def machine():
    libc = " ".join(platform.libc_ver()).strip() or "unknown C library"
    return "CPython %s, %s, %s" % (platform.python_version(), libc, platform.machine())


# ---------------------------------------------------------------- Python's random generator

SEEDS = (0, 1, 42, -42, 2**32, 2**64 + 12345, -(10**30), 2**100)
BITS = (1, 2, 3, 5, 7, 8, 13, 16, 24, 31, 32, 33, 40, 48, 53, 63, 64)
BOUNDS = (1, 2, 3, 10, 27, 255, 256, 257, 32033, 2**31, 2**32 - 1, 2**32, 2**32 + 1, 10**12, 2**53, 2**63)
WEIGHTS = ([0.1, 0.5, 0.4], [1.0], [0.0, 1.0], [1.0, 0.0], [0.0, 0.0, 2.5, 0.0], [1e-300, 1e-300, 1e-300],
           [1 / (i + 1) for i in range(27)], [0.1] * 10)


def random_lines():
    yield "# Draws of CPython's random.Random, in the order they were drawn (%s)." % machine()
    yield "# seed N                start anew with random.Random(N); N is a whole number of any size"
    yield "# getrandbits K R       R = getrandbits(K)"
    yield "# random R              R = random(); floats are written by repr, which reads back to the same bits"
    yield "# randbelow N R         R = _randbelow(N)"
    yield "# gauss MU SIGMA R      R = gauss(MU, SIGMA); the number it keeps back outlives other draws in between"
    yield "# shuffle N A,B,...     shuffle(list(range(N))) leaves A, B, ..."
    yield "# choices W,W,... R     R = choices(range(len(weights)), weights)[0]"
    yield "# skip N                N calls of random(), not written down"
    yield "# state index I gauss_next G mt_sha256 H"
    yield "#                       place in the block of 624 words, number kept back or None,"
    yield "#                       SHA-256 of the words as little-endian 32-bit integers"
    for seed in SEEDS:
        rng = random.Random(seed)
        yield "seed %d" % seed
        yield state_line(rng)
        yield from draws(rng)
        for count in (100, 624, 1250):  # past the ends of several blocks
            yield "skip %d" % count
            for _ in range(count):
                rng.random()
            yield "random %r" % rng.random()
            yield gauss_line(rng, 0.0, 0.02)
            yield state_line(rng)
        yield from draws(rng)
        yield state_line(rng)


def draws(rng):
    """Every kind of draw, with the gauss pairs split up by others."""
    for bits in BITS:
        yield "getrandbits %d %d" % (bits, rng.getrandbits(bits))
    for _ in range(3):
        yield "random %r" % rng.random()
    yield gauss_line(rng, 0.0, 0.08)
    yield state_line(rng)
    yield "random %r" % rng.random()
    yield gauss_line(rng, 0.0, 0.08)
    yield gauss_line(rng, 1.5, 2.0)
    for bound in BOUNDS:
        yield "randbelow %d %d" % (bound, rng._randbelow(bound))
    yield gauss_line(rng, -3.25, 0.5)
    for length in (1, 2, 3, 10, 27):
        items = list(range(length))
        rng.shuffle(items)
        yield "shuffle %d %s" % (length, ",".join(map(str, items)))
    yield gauss_line(rng, 0.0, 0.0)
    for weights in WEIGHTS:
        chosen = rng.choices(range(len(weights)), weights)[0]
        yield "choices %s %d" % (",".join(map(repr, weights)), chosen)


def gauss_line(rng, mu, sigma):
    return "gauss %r %r %r" % (mu, sigma, rng.gauss(mu, sigma))


def state_line(rng):
    return "state index %d gauss_next %r mt_sha256 %s" % microgpt.rng_state(rng)


# ---------------------------------------------------------------- text to documents

FILES = (
    b"", b"\n\n \n", b"a", b"a\n", b"a\r\nb\rc\nd", b"a\n\rb", b"a\r\r\nb", b" a b \n\t\tc\t\n",
    b"a\x0bb\x0cc\x1cd\x1f\n",
    "\u00a0x\u00a0\n\u3000y z\u2003\n\u200bw\u200b\n\ufeffv".encode(),  # U+200B and U+FEFF are no blanks to Python
    "a\u0085b\n\u0085c\u2028\nd\u2029e".encode(), "\ufeffa\nb\u00e9\u00df\U0001f600".encode(), b"a\x00b\n\x00\n\x1f",
)


def strip_lines():
    yield "# How Python reads a text file into documents, and what it takes for blank (%s)." % machine()
    yield "# strip H H ...         code points, in hex, that str.strip() takes away; there are no others"
    yield "# newline H H ...       code points that end a line in text mode; CR LF together end only one"
    yield "# docs FILE [D,D,...]   bytes of a UTF-8 file in hex, then the documents read from it, each as UTF-8 in hex;"
    yield "#                       - stands for a file without bytes, and nothing for no documents"
    blanks = [code for code in range(0x110000) if not chr(code).strip()]
    yield "strip " + " ".join("%x" % code for code in blanks)
    everything = "".join(map(chr, [*range(0xD800), *range(0xE000, 0x110000)]))
    lines = read_text("".join(char + "x" for char in everything).encode()).split("\n")
    ends = set(everything) - set("".join(lines))
    yield "newline " + " ".join("%x" % ord(char) for char in sorted(ends))
    for file in FILES:
        docs = [line.strip() for line in read_text(file).split("\n")]
        found = ",".join(doc.encode().hex() for doc in docs if doc)
        yield ("docs %s %s" % (file.hex() or "-", found)).rstrip()


def read_text(data):
    return io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline=None).read()


# ---------------------------------------------------------------- writing and comparing


def write(wanted):
    sources = {"random.txt": random_lines, "strip.txt": strip_lines}
    sources.update((name, lambda c=corpus, f=flags: run_lines(c, f)) for name, corpus, flags, _ in RUNS)
    unknown = sorted(set(wanted) - set(sources))
    if unknown:
        sys.exit("vectors: no such file: %s; there are %s" % (", ".join(unknown), ", ".join(sources)))
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for name in wanted or sources:
        began = time.monotonic()
        lines = []
        for line in sources[name]():
            lines.append(line)
            if line.startswith("step ") and line.split()[1].endswith("00"):
                say("%s: %s" % (name, line))
        # Whole or not at all: a broken run leaves the old file as it was.
        unfinished = GOLDEN / (name + ".tmp")
        unfinished.write_bytes(("\n".join(lines) + "\n").encode())
        os.replace(unfinished, GOLDEN / name)
        say("%s: %d lines, %.1f s" % (name, len(lines), time.monotonic() - began))


def compare():
    """True if the stored files begin as they should."""
    jobs = [("random.txt", random_lines(), None), ("strip.txt", strip_lines(), None)]
    jobs += [(name, run_lines(corpus, flags), steps) for name, corpus, flags, steps in RUNS if steps]
    good = True
    for name, fresh, steps in jobs:
        began = time.monotonic()
        complaint = first_difference(name, fresh, steps)
        good = good and not complaint
        say("%s: %s, %.1f s" % (name, complaint or "same", time.monotonic() - began))
    if not good and platform.libc_ver()[0] != "glibc":
        say("this Python does not use glibc, so a last digit may differ without anything being wrong")
    return good


def first_difference(name, fresh, steps):
    """What is wrong with a stored file, or None. With `steps`, only as far as that step's loss."""
    try:
        stored = (GOLDEN / name).read_bytes().decode().split("\n")[:-1]
    except OSError as error:
        return "cannot be read: %s" % error
    number = 0
    for number, line in enumerate(fresh, 1):
        old = stored[number - 1] if number <= len(stored) else "(the file has ended)"
        if old != line and not (old.startswith("# ") and line.startswith("# ")):  # comments name the machine
            return "line %d differs\n  stored  %s\n  now     %s" % (number, old, line)
        if steps and line.startswith("step %d loss " % steps):
            return None
    if number < len(stored):
        return "line %d differs\n  stored  %s\n  now     (the file has ended)" % (number + 1, stored[number])
    return None


def say(text):
    print(text, file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser(description="Write the golden vectors, or check the stored ones.")
    parser.add_argument("files", nargs="*", metavar="FILE", help="write only these (default: all)")
    parser.add_argument("--quick", action="store_true", help="compare with the stored files; write nothing")
    args = parser.parse_args()
    gc.disable()  # see microgpt.main
    if args.quick:
        sys.exit(0 if compare() else 1)
    write(args.files)


if __name__ == "__main__":
    main()
