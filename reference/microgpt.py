#!/usr/bin/env python3
"""A whole GPT in plain Python: it reads names, learns their spelling, and makes up new ones.

The algorithm, and the idea that it fits on a few pages, are Andrej Karpathy's:
    https://gist.github.com/karpathy/8627fe009c40f57531cb18360106ce95
This file tells his microgpt.py again in our own words. Every sum is taken in the same order and
every random number is drawn in the same order, so the losses, the weights and the names agree
with his to the last bit. That makes it the yardstick for the Rust engines beside it.

    python3 microgpt.py                        # train as published, then invent 20 names
    python3 microgpt.py --preset gist          # another revision: relu squared, cosine schedule
    python3 microgpt.py --graph emma           # how many numbers stand behind one loss?
    python3 microgpt.py --trace --stop-after 3 # every figure in full precision

Needs CPython 3.8 or newer and nothing else. Read it from top to bottom; a § names the concept at hand.
"""
# § imports
import argparse
import dataclasses
import gc
import hashlib
import math
import random
import struct
import sys
from pathlib import Path

# ---------------------------------------------------------------- 1. settings


# § settings
@dataclasses.dataclass(frozen=True)
class Config:
    """Everything that decides a run, apart from the corpus. The defaults are the published ones."""

    n_embd: int = 16              # how many numbers describe one position
    n_head: int = 4               # attention heads; each looks at n_embd / n_head of those numbers
    n_layer: int = 1              # how often attention and MLP are repeated
    block_size: int = 16          # the longest stretch of text the model can see
    steps: int = 1000             # training steps, and the length of the schedule
    learning_rate: float = 0.01
    schedule: str = "linear"      # how the learning rate falls: linear, cosine or constant
    activation: str = "relu"      # relu, or relu2 for its square
    beta1: float = 0.85           # Adam: how long the average of the gradient remembers
    beta2: float = 0.99           # Adam: the same for the average of its square
    eps: float = 1e-8             # Adam: keeps the division away from zero
    init_std: float = 0.08        # spread of the random starting weights
    zero_init: bool = False       # start attn_wo and mlp_fc2 at zero?
    seed: int = 42


# § presets
PRESETS = {
    "blog": Config(),
    "gist": Config(block_size=8, steps=500, schedule="cosine", activation="relu2",
                   beta1=0.9, beta2=0.95, init_std=0.02, zero_init=True),
    "startups": Config(seed=40),
}
CORPORA = Path(__file__).resolve().parent.parent / "crates/glassgpt-core/corpora"
PRESET_CORPUS = {"blog": "names.txt", "gist": "names.txt", "startups": "startups.txt"}
# § choices
CHOICES = {"schedule": ("linear", "cosine", "constant"), "activation": ("relu", "relu2")}

# ---------------------------------------------------------------- 2. text


# § documents
def read_corpus(path):
    """One document a line, blanks at both ends cut off, empty lines left out."""
    # newline=None makes \n of \r\n and of a lone \r. Nothing else ends a line, so not splitlines().
    with open(path, encoding="utf-8", newline=None) as file:
        return [doc for doc in (line.strip() for line in file.read().split("\n")) if doc]


# § vocabulary
class Vocabulary:
    """Each character that occurs gets a number, in sorted order; one more marks both ends of a text."""

    def __init__(self, docs):
        self.chars = sorted(set("".join(docs)))
        self.bos = len(self.chars)  # § bos
        self.size = len(self.chars) + 1

    # § encode
    def encode(self, doc):
        return [self.bos] + [self.chars.index(char) for char in doc] + [self.bos]


# ---------------------------------------------------------------- 3. numbers that know their past


# § node
class Node:
    """One number, together with the numbers it was made from.

    slopes[i] answers: if operands[i] grew by a little, how many times that little would I grow?
    After backward(), grad answers the same about the loss: how fast does it grow with me?
    """

    __slots__ = ("data", "grad", "operands", "slopes")

    def __init__(self, data, operands=(), slopes=()):
        self.data = data
        self.grad = 0.0
        self.operands = operands
        self.slopes = slopes

    # § add
    # Six operations make their own nodes. A plain number beside a node becomes a node first.
    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.data + other.data, (self, other), (1.0, 1.0))

    # § mul
    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        return Node(self.data * other.data, (self, other), (other.data, self.data))

    # § pow
    def __pow__(self, power):  # the power is a plain number, never a node
        return Node(self.data ** power, (self,), (power * self.data ** (power - 1),))

    # § log
    def log(self):
        return Node(math.log(self.data), (self,), (1 / self.data,))

    # § exp
    def exp(self):
        data = math.exp(self.data)
        return Node(data, (self,), (data,))  # exp is its own slope

    # § relu
    def relu(self):
        above = self.data > 0
        return Node(self.data if above else 0.0, (self,), (1.0 if above else 0.0,))

    # § derived-operations
    # All the others are spelled with those six. The spelling decides the rounding, so it matters:
    # a division, for one, is a power and a product.
    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * other ** -1

    __radd__ = __add__  # sum() begins with 0 + node, which lands here and leaves a constant 0 in the graph
    __rmul__ = __mul__

    # § topological-order
    def history(self):
        """All nodes this one depends on, itself last; operands always before their results.

        A depth-first walk, first operand first. Recursion would say it in fewer words. But long sums
        make deep graphs, and an inner function that calls itself would keep the graph alive after
        use (see main). So the calls still to be made wait on a list of our own.
        """
        order, seen, waiting = [], set(), [(self, False)]
        while waiting:
            node, operands_done = waiting.pop()
            if operands_done:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                waiting.append((node, True))
                waiting.extend([(operand, False) for operand in reversed(node.operands)])
        return order

    # § backward
    def backward(self):
        """The chain rule, from the result back to everything it came from."""
        self.grad = 1.0
        for node in reversed(self.history()):
            # By now `node` has heard from all who used it; it may pass its share on.
            for operand, slope in zip(node.operands, node.slopes):  # § chain-rule
                operand.grad += slope * node.grad


# ---------------------------------------------------------------- 4. the model


# § linear
def linear(matrix, x):
    """Each row of the matrix times x, summed from left to right."""
    return [sum(w * xi for w, xi in zip(row, x)) for row in matrix]


# § softmax
def softmax(logits):
    """Any scores to probabilities. Taking the largest away first keeps exp() in range."""
    largest = max(logit.data for logit in logits)
    exps = [(logit - largest).exp() for logit in logits]
    total = sum(exps)
    return [e / total for e in exps]


# § rmsnorm
def rmsnorm(x):
    """Bring x to a mean square of about one, whatever its size was."""
    mean_square = sum(xi * xi for xi in x) / len(x)
    scale = (mean_square + 1e-5) ** -0.5
    return [xi * scale for xi in x]


# § model
class Model:
    """The weights, and the function from a token at a position to scores for the token after it."""

    def __init__(self, config, vocab_size, rng):
        self.config = config
        C, V, T = config.n_embd, vocab_size, config.block_size

        # § init
        def matrix(rows, columns, std=config.init_std):  # std 0 still draws its numbers
            return [[Node(rng.gauss(0, std)) for _ in range(columns)] for _ in range(rows)]

        # Matrices that write back into the residual may start at zero: the layer is then idle at first.
        out_std = 0.0 if config.zero_init else config.init_std  # § zero-init
        # § parameters
        self.state_dict = {"wte": matrix(V, C), "wpe": matrix(T, C), "lm_head": matrix(V, C)}
        for i in range(config.n_layer):
            self.state_dict["layer%d.attn_wq" % i] = matrix(C, C)
            self.state_dict["layer%d.attn_wk" % i] = matrix(C, C)
            self.state_dict["layer%d.attn_wv" % i] = matrix(C, C)
            self.state_dict["layer%d.attn_wo" % i] = matrix(C, C, out_std)
            self.state_dict["layer%d.mlp_fc1" % i] = matrix(4 * C, C)
            self.state_dict["layer%d.mlp_fc2" % i] = matrix(C, 4 * C, out_std)
        self.params = [p for matrix in self.state_dict.values() for row in matrix for p in row]

    # § kv-cache
    def new_memory(self):
        """What attention will look back at: for each layer the keys and the values of past positions."""
        return [([], []) for _ in range(self.config.n_layer)]

    # § forward
    def forward(self, token, position, memory):
        """Read one token; return a score for each token that could follow it."""
        weights = self.state_dict
        # § embedding, position
        x = [t + p for t, p in zip(weights["wte"][token], weights["wpe"][position])]  # what and where
        x = rmsnorm(x)  # § pre-norm
        for i, (keys, values) in enumerate(memory):  # § layers
            layer = "layer%d." % i
            # Attention: the positions talk to each other.
            before, x = x, rmsnorm(x)  # § pre-norm
            query = linear(weights[layer + "attn_wq"], x)         # what am I looking for? § query
            keys.append(linear(weights[layer + "attn_wk"], x))    # what can I be found by? § key, kv-cache
            values.append(linear(weights[layer + "attn_wv"], x))  # what do I tell those who find me? § value, kv-cache
            x = linear(weights[layer + "attn_wo"], self.attend(query, keys, values))  # § output-projection
            x = [change + old for change, old in zip(x, before)]  # the residual: add, do not replace § residual
            # MLP: each position thinks for itself.
            before, x = x, rmsnorm(x)  # § pre-norm
            x = [xi.relu() for xi in linear(weights[layer + "mlp_fc1"], x)]  # § mlp-up, activation
            if self.config.activation == "relu2":  # § activation
                x = [xi ** 2 for xi in x]
            x = linear(weights[layer + "mlp_fc2"], x)  # § mlp-down
            x = [change + old for change, old in zip(x, before)]  # § residual
        return linear(weights["lm_head"], x)  # § lm-head

    # § heads
    def attend(self, query, keys, values):
        """Each head mixes the values of all positions so far, by how well their keys fit its query."""
        width = self.config.n_embd // self.config.n_head
        mixed = []
        for start in range(0, self.config.n_embd, width):
            mine = range(start, start + width)  # the components this head may see
            fits = [sum(query[j] * key[j] for j in mine) / width ** 0.5 for key in keys]  # § attention-scores, scaling
            shares = softmax(fits)  # § attention-weights
            mixed += [sum(share * value[j] for share, value in zip(shares, values)) for j in mine]  # § mixing
        return mixed

    # § loss
    def loss(self, tokens):
        """How surprised the model is by each next token, on average; also how many tokens that were."""
        n = min(self.config.block_size, len(tokens) - 1)
        memory, losses = self.new_memory(), []
        for position in range(n):
            probs = softmax(self.forward(tokens[position], position, memory))
            losses.append(-probs[tokens[position + 1]].log())  # § cross-entropy
        return (1 / n) * sum(losses), n  # § mean-loss

    # § generate
    def sample(self, vocabulary, rng, temperature):
        """Invent a text, one character after the other, until the end mark or a full block."""
        token, text, memory = vocabulary.bos, "", self.new_memory()  # § bos-start
        for position in range(self.config.block_size):
            logits = self.forward(token, position, memory)
            probs = softmax([logit / temperature for logit in logits])  # § temperature
            token = rng.choices(range(vocabulary.size), weights=[p.data for p in probs])[0]  # § draw
            if token == vocabulary.bos:  # § stop
                break
            text += vocabulary.chars[token]  # § decode
        return text


# ---------------------------------------------------------------- 5. learning


# § adam
class Adam:
    """Step down the slope; each weight at its own pace, judged by its own past gradients."""

    def __init__(self, config, params):
        self.config, self.params = config, params
        self.m = [0.0] * len(params)  # running average of the gradient
        self.v = [0.0] * len(params)  # running average of its square
        self.step = 0

    # § schedule
    def rate(self):
        lr, done, steps = self.config.learning_rate, self.step, self.config.steps
        if self.config.schedule == "linear":
            return lr * (1 - done / steps)
        if self.config.schedule == "cosine":
            return lr * 0.5 * (1 + math.cos(math.pi * done / steps))
        return lr

    # § adam-step
    def update(self):
        beta1, beta2, rate = self.config.beta1, self.config.beta2, self.rate()
        self.step += 1
        for i, p in enumerate(self.params):
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad  # § adam-m
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad ** 2  # § adam-v
            # Both averages began at 0 and are too small at first; these divisions make up for it.
            m_hat = self.m[i] / (1 - beta1 ** self.step)  # § bias-correction
            v_hat = self.v[i] / (1 - beta2 ** self.step)  # § bias-correction
            p.data -= rate * m_hat / (v_hat ** 0.5 + self.config.eps)  # § update


# § setup
class Run:
    """A corpus, a model and its optimiser. Random numbers: first the shuffle, then the weights, then samples."""

    def __init__(self, config, docs):
        self.config, self.docs = config, list(docs)
        self.rng = random.Random(config.seed)  # § seed
        self.rng.shuffle(self.docs)  # § shuffle
        self.vocabulary = Vocabulary(self.docs)
        self.model = Model(config, self.vocabulary.size, self.rng)
        self.adam = Adam(config, self.model.params)

    # § training-step
    def train_step(self):
        """One document, one update. Returns the document, its count of predictions, and the loss."""
        doc = self.docs[self.adam.step % len(self.docs)]  # § pick-document
        loss, n = self.model.loss(self.vocabulary.encode(doc))
        for p in self.model.params:  # § zero-gradients
            p.grad = 0.0
        loss.backward()  # § backward-call
        self.adam.update()
        return doc, n, loss.data

    # § generate
    def sample(self, temperature):
        return self.model.sample(self.vocabulary, self.rng, temperature)


# ---------------------------------------------------------------- 6. the trace: a run in full precision


# § trace
def sha256_floats(numbers):
    """Fingerprint of a list of numbers: SHA-256 over them as little-endian 64-bit floats."""
    return hashlib.sha256(struct.pack("<%dd" % len(numbers), *numbers)).hexdigest()


def rng_state(rng):
    """The generator's place in its block of 624 words, the number gauss() keeps back, the words' SHA-256."""
    _, words, gauss_next = rng.getstate()
    return words[624], gauss_next, hashlib.sha256(struct.pack("<624I", *words[:624])).hexdigest()


def trace(config, docs, corpus, comment, samples=20, temperature=0.5, stop_after=None):
    """Yield a run as lines of `key value key value`, the form the golden files are kept in."""
    last = config.steps if stop_after is None else stop_after
    preset = next((name for name, known in PRESETS.items() if known == config), "none")
    settings = dict(preset=preset, corpus=corpus, **dataclasses.asdict(config))
    settings.update(zero_init=str(config.zero_init).lower(), stop_after=last, temperature=temperature)
    yield "# " + comment
    yield "config " + " ".join("%s %s" % item for item in settings.items())

    run = Run(config, docs)
    params = run.model.params
    yield "num_docs %d" % len(run.docs)
    yield "docs_sha256 " + hashlib.sha256("\n".join(run.docs).encode()).hexdigest()
    yield "vocab_size %d uchars %r" % (run.vocabulary.size, "".join(run.vocabulary.chars))
    yield "num_params %d" % len(params)
    yield "init_sha256_f64le " + sha256_floats([p.data for p in params])
    yield "rng_after_init index %d gauss_next %r mt_sha256 %s" % rng_state(run.rng)

    for step in range(1, last + 1):
        doc, n, loss = run.train_step()
        in_full = step in (1, 2, 3, 10, 20, 50, last) or step % 100 == 0
        if in_full:
            yield "step %d doc %r n %d grad_sha256 %s" % (step, doc, n, sha256_floats([p.grad for p in params]))
        yield "step %d loss %r" % (step, loss)
        if in_full:
            hashes = sha256_floats([p.data for p in params]), sha256_floats(run.adam.m), sha256_floats(run.adam.v)
            yield "step %d params_sha256 %s m_sha256 %s v_sha256 %s" % (step, *hashes)

    for i in range(1, samples + 1):
        yield "sample %d %r" % (i, run.sample(temperature))
    yield "final_params_sha256_f64le " + sha256_floats([p.data for p in params])
    index, _, words_sha256 = rng_state(run.rng)
    yield "rng_end index %d mt_sha256 %s" % (index, words_sha256)


# ---------------------------------------------------------------- 7. the command line


# § command-line
def parse_args(argv=None):
    """Flags to (args, config): the preset's settings, with those named on the command line put in their place."""
    parser = argparse.ArgumentParser(description="Train microGPT on a list of names, then invent new ones.")
    parser.add_argument("--preset", choices=sorted(PRESETS), default="blog", help="where settings start from")
    parser.add_argument("--corpus", type=Path, help="text file, one document a line (default: the preset's)")
    for field in dataclasses.fields(Config):
        flag = "--" + field.name.replace("_", "-")
        if field.type is bool:
            parser.add_argument(flag, dest=field.name, action="store_true", default=None)
            parser.add_argument("--no" + flag[1:], dest=field.name, action="store_false", default=None)
        else:
            parser.add_argument(flag, type=field.type, choices=CHOICES.get(field.name))
    parser.add_argument("--samples", type=int, default=20, help="how many texts to invent (default 20)")
    parser.add_argument("--temperature", type=float, default=0.5, help="low is careful, high is wild (default 0.5)")
    parser.add_argument("--stop-after", type=int, metavar="N", help="train N steps only; the schedule keeps its length")
    parser.add_argument("--trace", action="store_true", help="print every figure in full precision")
    parser.add_argument("--graph", metavar="WORD", help="count the nodes and edges behind WORD's loss, then stop")
    args = parser.parse_args(argv)

    given = {field.name: getattr(args, field.name) for field in dataclasses.fields(Config)}
    config = dataclasses.replace(PRESETS[args.preset], **{k: v for k, v in given.items() if v is not None})
    # § refusals
    if min(config.n_embd, config.n_head, config.n_layer, config.block_size, config.steps) < 1:
        parser.error("--n-embd, --n-head, --n-layer, --block-size and --steps must be at least 1")
    if config.n_embd % config.n_head:
        parser.error("--n-embd %d cannot be shared out evenly among --n-head %d" % (config.n_embd, config.n_head))
    if args.stop_after is not None and not 0 <= args.stop_after <= config.steps:
        parser.error("--stop-after %d is not between 0 and --steps %d" % (args.stop_after, config.steps))
    if args.temperature <= 0:
        parser.error("--temperature %r must be above 0" % args.temperature)
    # § command-line
    args.corpus = args.corpus or CORPORA / PRESET_CORPUS[args.preset]
    return args, config


def main():
    args, config = parse_args()
    # Nothing here refers to itself in a circle, so counting references frees each graph as soon as its
    # step is over. The cyclic collector would walk all those nodes again and again and find nothing.
    gc.disable()
    try:
        docs = read_corpus(args.corpus)
    except (OSError, UnicodeDecodeError) as error:
        sys.exit("microgpt: cannot read the corpus %s: %s" % (args.corpus, error))
    if not docs:
        sys.exit("microgpt: the corpus %s has no line that is not blank" % args.corpus)

    if args.trace:
        comment = "reference/microgpt.py by CPython %s" % sys.version.split()[0]
        corpus = "_".join(args.corpus.stem.split()) or "unnamed"
        for line in trace(config, docs, corpus, comment, args.samples, args.temperature, args.stop_after):
            print(line, flush=True)
        return

    run = Run(config, docs)
    if args.graph is not None:  # § graph-size
        unknown = sorted(set(args.graph) - set(run.vocabulary.chars))
        if unknown:
            sys.exit("microgpt: %r does not occur in %s" % ("".join(unknown), args.corpus))
        nodes = run.model.loss(run.vocabulary.encode(args.graph))[0].history()
        print("nodes %d edges %d" % (len(nodes), sum(len(node.operands) for node in nodes)))
        return

    print("%d documents, %d tokens in the vocabulary, %d parameters"
          % (len(run.docs), run.vocabulary.size, len(run.model.params)))
    for step in range(config.steps if args.stop_after is None else args.stop_after):
        doc, _, loss = run.train_step()
        print("step %4d of %d  loss %.4f  %s" % (step + 1, config.steps, loss, doc), flush=True)
    for _ in range(args.samples):
        print(run.sample(args.temperature), flush=True)


if __name__ == "__main__":
    main()
