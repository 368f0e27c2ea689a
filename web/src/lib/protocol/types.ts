// Generated from crates/glassgpt-lab/src/protocol/ by `cargo xtask types`. Do not edit.

export type Schedule = "linear" | "cosine" | "constant";

export type Activation = "relu" | "relu2";

export type Preset = "blog" | "gist" | "startups";

export type Config = { 
/**
 * Width of the residual stream, C: numbers per token. 1 to 512, divisible by `n_head`.
 */
n_embd: number, 
/**
 * Attention heads per layer, H. 1 to `n_embd`.
 */
n_head: number, 
/**
 * Layers, L. 1 to 16.
 */
n_layer: number, 
/**
 * Longest context in tokens, T. 1 to 1,024.
 */
block_size: number, 
/**
 * Training steps, and the length of the learning-rate schedule. 1 to 10,000,000.
 */
steps: number, 
/**
 * Learning rate at the first step. 0 to 10.
 */
learning_rate: number, 
/**
 * How the learning rate falls over the steps.
 */
schedule: Schedule, 
/**
 * Adam's memory of the gradient. 0 to below 1.
 */
beta1: number, 
/**
 * Adam's memory of the squared gradient. 0 to below 1.
 */
beta2: number, 
/**
 * The small number that keeps Adam's division finite. Above 0, up to 1.
 */
eps: number, 
/**
 * What the MLP applies to its hidden units.
 */
activation: Activation, 
/**
 * Standard deviation of the initial weights. 0 to 10.
 */
init_std: number, 
/**
 * Start `attn_wo` and `mlp_fc2` at zero. Their random numbers are drawn all the same.
 */
zero_init: boolean, 
/**
 * Seed of the random generator. The sign makes no difference, as in Python.
 */
seed: number, };

export type Sampling = { 
/**
 * Below 1 the likely tokens get likelier, above 1 the choice gets freer; 0 always takes the likeliest. 0 to 100.
 */
temperature: number, 
/**
 * Draw only from the k likeliest tokens.
 */
top_k?: number, 
/**
 * Draw only from the likeliest tokens that together reach this probability. Above 0, up to 1.
 */
top_p?: number, };

export type CorpusSource = { "from": "named", 
/**
 * Its name.
 */
name: string, } | { "from": "text", 
/**
 * What the user calls it.
 */
name: string, 
/**
 * The text.
 */
text: string, };

export type Spec = { 
/**
 * The settings.
 */
config: Config, 
/**
 * The training data.
 */
corpus: CorpusSource, 
/**
 * Write some documents after every so many steps, to be kept; null means never. Every 100 if not given.
 */
samples_every?: number | null, 
/**
 * Keep every n-th document of the corpus out of training, to measure the loss on; null, the default, means none.
 */
held_out_every?: number | null, };

export type Command = { "type": "start", 
/**
 * What to set up.
 */
spec: Spec, } | { "type": "step" } | { "type": "run", 
/**
 * Stop after this many more steps; null means at the last one.
 */
steps: number | null, 
/**
 * Steps a second to aim at, 1 to 10,000; null means as fast as the machine can.
 */
pace: number | null, } | { "type": "set_pace", 
/**
 * Steps a second to aim at, 1 to 10,000; null means as fast as the machine can.
 */
pace: number | null, } | { "type": "pause" } | { "type": "reset" } | { "type": "seek", 
/**
 * The branch; null means the present one.
 */
branch: number | null, 
/**
 * After how many steps, 0 to the last one reached on that branch.
 */
step: number, } | { "type": "fork", 
/**
 * After how many steps, 0 to the last one reached.
 */
step: number, } | { "type": "set_learning_rate", 
/**
 * What it would be at the first step of the schedule. 0 to 10.
 */
learning_rate: number, } | { "type": "set_schedule", 
/**
 * The new schedule.
 */
schedule: Schedule, } | { "type": "set_temperature", 
/**
 * 0 to 2.
 */
temperature: number, } | { "type": "sample", 
/**
 * How many, 1 to 100.
 */
count: number, 
/**
 * How to draw.
 */
sampling: Sampling, 
/**
 * What they begin with.
 */
prefix: string, };

export type MatrixShape = { 
/**
 * microgpt.py's name, such as `wte` or `layer0.attn_wq`.
 */
name: string, 
/**
 * Rows.
 */
rows: number, 
/**
 * Columns.
 */
cols: number, };

export type Experiment = { 
/**
 * The settings.
 */
config: Config, 
/**
 * The preset these settings and this corpus are, if they are one.
 */
preset: Preset | null, 
/**
 * The corpus's name.
 */
corpus: string, 
/**
 * Documents in the corpus.
 */
num_docs: number, 
/**
 * Those of them that are held out of training.
 */
num_held_out: number, 
/**
 * Every so many documents one is held out; null means none.
 */
held_out_every: number | null, 
/**
 * Documents are written and kept after every so many steps; null means never.
 */
samples_every: number | null, 
/**
 * Different documents in it.
 */
num_unique: number, 
/**
 * The longest document, in characters.
 */
longest_doc: number, 
/**
 * Documents too long for the context, whose ends are never trained on.
 */
num_cut: number, 
/**
 * The tokens' labels: characters in code-point order, then `BOS`.
 */
vocab: Array<string>, 
/**
 * The number of BOS.
 */
bos: number, 
/**
 * Parameters in all.
 */
num_params: number, 
/**
 * The matrices they form, in order.
 */
matrices: Array<MatrixShape>, 
/**
 * The loss of guessing every token alike: ln V, in nats.
 */
uniform_loss: number, 
/**
 * The loss of guessing by how often each token comes in the training documents, in nats per token.
 */
unigram_loss: number, 
/**
 * The loss of guessing by how often each token comes after the one before it, in nats per token.
 */
bigram_loss: number, };

export type Phase = "ready" | "running" | "paused" | "finished" | "diverged";

export type Divergence = { 
/**
 * The step that failed, counted from 1.
 */
step: number, 
/**
 * The document it trained on.
 */
doc: string, 
/**
 * What was found, in a sentence.
 */
reason: string, 
/**
 * The address of the first number that was not finite; null if it is not known.
 */
first: string | null, };

export type Status = { 
/**
 * What it is doing.
 */
phase: Phase, 
/**
 * Steps a second to aim at; null means as fast as the machine can.
 */
pace: number | null, 
/**
 * The step at which a run will stop.
 */
run_until: number | null, 
/**
 * What went wrong, if the model has diverged.
 */
divergence: Divergence | null, };

export type StepRecord = { 
/**
 * The step, counted from 1.
 */
step: number, 
/**
 * The document it trained on, by its place in the corpus, from 0.
 */
doc: number, 
/**
 * Mean loss over the document's positions, in nats, before the update.
 */
loss: number, 
/**
 * Exponential moving average of the losses so far (weight 0.98), corrected for its start at zero.
 */
smoothed_loss: number, 
/**
 * The learning rate used.
 */
learning_rate: number, 
/**
 * Length of the gradient (L2 norm).
 */
grad_norm: number, 
/**
 * Mean absolute change of a parameter.
 */
mean_abs_update: number, };

export type StepDetail = { 
/**
 * Those that are told of every step.
 */
record: StepRecord, 
/**
 * Loss at each position read, in nats.
 */
losses: Array<number>, 
/**
 * Length of each matrix's gradient (L2 norm), in the order of the experiment's `matrices`.
 */
matrix_grad_norms: Array<number>, 
/**
 * Time it took, in microseconds; null if nobody looked at a clock. Not reproducible, as nothing else is.
 */
step_us: number | null, };

export type Moment = { 
/**
 * The branch.
 */
branch: number, 
/**
 * Steps done.
 */
step: number, };

export type Settings = { 
/**
 * The learning rate at the first step of the schedule.
 */
learning_rate: number, 
/**
 * How it falls over the steps.
 */
schedule: Schedule, 
/**
 * The temperature of live and automatic samples.
 */
temperature: number, };

export type Change = { 
/**
 * Steps done when they took effect.
 */
step: number, 
/**
 * All settings, changed or not.
 */
settings: Settings, };

export type Branch = { 
/**
 * Its number.
 */
id: number, 
/**
 * The branch it began on; null for branch 0.
 */
parent: number | null, 
/**
 * Steps done where it began.
 */
begin: number, 
/**
 * Steps done where it ends so far.
 */
end: number, 
/**
 * Its settings: the first entry those it began with, then every change, in order of steps.
 */
changes: Array<Change>, };

export type StepView = { 
/**
 * The step, counted from 1.
 */
step: number, 
/**
 * The document.
 */
doc: string, 
/**
 * Its tokens, BOS at both ends. Position `p` reads `tokens[p]` and should say `tokens[p + 1]`.
 */
tokens: Array<number>, 
/**
 * Loss at each position read, in nats.
 */
losses: Array<number>, 
/**
 * Probability of each token to come next, per position: `probs[position][token]`.
 */
probs: Array<Array<number>>, 
/**
 * Attention weights: `attention[layer][head][position][earlier position]`; each row adds up to 1.
 */
attention: Array<Array<Array<Array<number>>>>, };

export type Sample = { 
/**
 * Its text.
 */
text: string, 
/**
 * Whether it stands in the corpus: then it may have been memorised.
 */
in_corpus: boolean, };

export type LiveSamples = { 
/**
 * Steps done.
 */
step: number, 
/**
 * What it writes.
 */
samples: Array<Sample>, };

export type Samples = { 
/**
 * Steps done when they were written.
 */
step: number, 
/**
 * How they were drawn.
 */
sampling: Sampling, 
/**
 * What they begin with.
 */
prefix: string, 
/**
 * The documents.
 */
samples: Array<Sample>, };

export type AutomaticSamples = { 
/**
 * Steps done.
 */
step: number, 
/**
 * The temperature.
 */
temperature: number, 
/**
 * What it wrote.
 */
samples: Array<Sample>, };

export type HeldOutLoss = { 
/**
 * Steps done.
 */
step: number, 
/**
 * Mean loss over all positions of those documents, in nats; null if it is infinite or not a number.
 */
loss: number | null, };

export type Line = { 
/**
 * One record a step.
 */
records: Array<StepRecord>, 
/**
 * What the model wrote on the way.
 */
automatic_samples: Array<AutomaticSamples>, 
/**
 * How well it did on the way with documents it never trained on.
 */
held_out: Array<HeldOutLoss>, };

export type Event = { "type": "started", 
/**
 * All about it that training does not change.
 */
experiment: Experiment, 
/**
 * The settings that may change later.
 */
settings: Settings, 
/**
 * What is known before the first step.
 */
line: Line, 
/**
 * What the untrained model writes.
 */
live_samples: LiveSamples, } | { "type": "trained", 
/**
 * One record a step, in order.
 */
records: Array<StepRecord>, 
/**
 * A look inside the last of them; null if the model diverged right after it, and then the earlier look stays.
 */
view: StepView | null, 
/**
 * What the model writes after it.
 */
live_samples: LiveSamples, 
/**
 * What it wrote on the way, to be kept.
 */
automatic_samples: Array<AutomaticSamples>, 
/**
 * How well it did on the way with documents it never trained on.
 */
held_out: Array<HeldOutLoss>, 
/**
 * Time a step took on average, in microseconds; null if nobody looked at a clock.
 */
mean_step_us: number | null, } | { "type": "moved", 
/**
 * The branch it is on now.
 */
branch: number, 
/**
 * Steps done there.
 */
step: number, 
/**
 * All that is kept on that branch and its past; null if it is the branch it was on before.
 */
line: Line | null, 
/**
 * The settings at that moment.
 */
settings: Settings, 
/**
 * A look inside the last step before that moment; null at step 0.
 */
view: StepView | null, 
/**
 * What the model writes there.
 */
live_samples: LiveSamples, } | { "type": "forked", 
/**
 * The new branch.
 */
branch: Branch, } | { "type": "settings_changed", 
/**
 * The change. It takes the place of one at the same step.
 */
change: Change, 
/**
 * What the model writes now.
 */
live_samples: LiveSamples, } | { "type": "status_changed", 
/**
 * How it stands now.
 */
status: Status, } | { "type": "sampled", 
/**
 * The request and its result.
 */
samples: Samples, };

export type NumberedEvent = { 
/**
 * Its number.
 */
seq: number, 
/**
 * What happened.
 */
event: Event, };

export type Snapshot = { 
/**
 * The number of the last event in it.
 */
seq: number, 
/**
 * All that training does not change.
 */
experiment: Experiment, 
/**
 * How it stands.
 */
status: Status, 
/**
 * Steps done at this moment.
 */
step: number, 
/**
 * The branch it lies on.
 */
branch: number, 
/**
 * All branches, by number.
 */
branches: Array<Branch>, 
/**
 * The settings at this moment.
 */
settings: Settings, 
/**
 * One record for each step of the present branch and its past, up to its end: past `step` if the experiment went back.
 */
records: Array<StepRecord>, 
/**
 * What the model wrote on the way, likewise.
 */
automatic_samples: Array<AutomaticSamples>, 
/**
 * How well it did with documents it never trained on, likewise.
 */
held_out: Array<HeldOutLoss>, 
/**
 * A look inside the last step before this moment; null at step 0.
 */
view: StepView | null, 
/**
 * What the model writes now.
 */
live_samples: LiveSamples, 
/**
 * The documents last written on request.
 */
samples: Samples | null, };

export type Refusal = { 
/**
 * The setting at fault, by its name in the command; null if it is not about one.
 */
field: string | null, 
/**
 * What is wrong and what would be right, in a sentence.
 */
message: string, };

export type ClientMessage = { 
/**
 * The client's own number for it, named in a refusal.
 */
id: number, 
/**
 * The request.
 */
command: Command, };

export type ServerMessage = { "type": "snapshot", 
/**
 * The session.
 */
session_id: string, 
/**
 * Its state.
 */
snapshot: Snapshot, } | { "type": "event" } & NumberedEvent | { "type": "done", 
/**
 * The client's number for it.
 */
id: number, } | { "type": "refused", 
/**
 * The client's number for it; null if the message could not be read.
 */
id: number | null, 
/**
 * Why.
 */
refusal: Refusal, };

export type PresetEntry = { 
/**
 * The preset.
 */
preset: Preset, 
/**
 * The corpus it goes with.
 */
corpus: string, 
/**
 * Its settings.
 */
config: Config, };

export type CorpusEntry = { 
/**
 * Its name.
 */
name: string, 
/**
 * What is in it, in one phrase.
 */
about: string, 
/**
 * Documents in it.
 */
num_docs: number, 
/**
 * Tokens in its vocabulary, BOS included.
 */
vocab_size: number, 
/**
 * Its first documents.
 */
examples: Array<string>, };

export type Limits = { 
/**
 * Widest residual stream.
 */
n_embd: number, 
/**
 * Most heads.
 */
n_head: number, 
/**
 * Most layers.
 */
n_layer: number, 
/**
 * Longest context.
 */
block_size: number, 
/**
 * Most steps.
 */
steps: number, 
/**
 * Most parameters.
 */
num_params: number, 
/**
 * Largest learning rate.
 */
learning_rate: number, 
/**
 * Largest initial standard deviation.
 */
init_std: number, 
/**
 * Most samples in one request.
 */
samples: number, 
/**
 * Highest temperature.
 */
temperature: number, 
/**
 * Fastest pace that can be asked for, in steps a second.
 */
pace: number, 
/**
 * Largest corpus of the user's own, in bytes.
 */
corpus_bytes: number, 
/**
 * Most tokens in the vocabulary of a corpus of the user's own.
 */
vocab_size: number, 
/**
 * Most automatic samples along one run: what `samples_every` may come to.
 */
automatic_samples: number, 
/**
 * Most held-out documents that the loss is measured on.
 */
held_out_docs: number, 
/**
 * Steps from one measurement on held-out documents to the next.
 */
held_out_cadence: number, 
/**
 * Most branches, the first included.
 */
branches: number, 
/**
 * Most steps that all branches may come to together, each counted from where it began to the last step.
 */
kept_steps: number, 
/**
 * Most changes of settings on one branch.
 */
changes: number, 
/**
 * Memory for keyframes in one experiment, in bytes.
 */
keyframe_bytes: number, 
/**
 * Largest seed, in magnitude: 2^53 − 1, so that JSON keeps it exactly.
 */
seed: number, };

export type Catalog = { 
/**
 * The program's version.
 */
version: string, 
/**
 * The presets, the default first.
 */
presets: Array<PresetEntry>, 
/**
 * The corpora known by name, the default first.
 */
corpora: Array<CorpusEntry>, 
/**
 * What an experiment in the lab may ask for.
 */
limits: Limits, };
