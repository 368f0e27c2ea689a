// The transformer of 2017 beside this one, and published sizes of larger models: facts about others, with their sources on the page.
export type Row = { same: boolean; paper: string; here: string; why: string };

export const PAPER: readonly Row[] = [
  { same: false, paper: "Encoder and decoder, for translation", here: "Decoder only", why: "There is no source text; the text so far is all there is to read." },
  { same: true, paper: "Scaled dot-product attention: softmax(QKᵀ/√d)·V", here: "The same, one position at a time", why: "It is the core of the transformer." },
  { same: true, paper: "Several heads side by side, mixed by one matrix", here: "The same", why: "One head has one set of attention weights for each position." },
  { same: true, paper: "Causal mask in the decoder", here: "The same: later positions are not computed yet", why: "The next token must not be read while it is predicted." },
  { same: false, paper: "Cross-attention from decoder to encoder", here: "None", why: "There is no encoder." },
  { same: true, paper: "Residual connection around every part", here: "The same", why: "Gradients flow back through the additions unchanged." },
  { same: false, paper: "LayerNorm, after the addition", here: "RMSNorm without gain, before each part and once after the embeddings; no norm at the end", why: "A norm before each part does not change the stream itself, which makes training more stable; subtracting the mean turned out not to matter." },
  { same: false, paper: "Sines and cosines for positions", here: "A learned table", why: "For a short, fixed context, learning it is simplest." },
  { same: true, paper: "MLP four times as wide inside", here: "The same", why: "It has stayed a good proportion." },
  { same: false, paper: "Biases in the MLP and the norms", here: "None", why: "Fewer numbers to explain. microgpt.py has none." },
  { same: false, paper: "Token table shared with the output matrix", here: "Two matrices", why: "microgpt.py keeps them apart." },
  { same: false, paper: "Embeddings multiplied by √d_model", here: "Not scaled; a norm follows", why: "The norm sets the size anyway." },
  { same: false, paper: "6 encoder and 6 decoder layers", here: "As many layers as you set, 1 by default", why: "One layer is enough to show every part." },
  { same: false, paper: "Beam search when writing", here: "Sampling", why: "Names have no single best answer." },
  { same: false, paper: "Dropout", here: "None", why: "Training is too short to need it." },
  { same: false, paper: "Adam, with a warm-up", here: "Adam, falling from the first step", why: "So small a model needs no warm-up." },
  { same: false, paper: "Word pieces, some tens of thousands", here: "Characters", why: "A vocabulary that fits on the screen." },
  { same: false, paper: "Label smoothing", here: "None", why: "The loss is then the plain surprise." },
];

/** Published sizes. `params` in millions. */
export type Size = { name: string; params: number; layers: number; width: number; heads: number; context: number; vocab: number };

export const SIZES: readonly Size[] = [
  { name: "GPT-2 small", params: 124, layers: 12, width: 768, heads: 12, context: 1024, vocab: 50257 },
  { name: "GPT-2 medium", params: 355, layers: 24, width: 1024, heads: 16, context: 1024, vocab: 50257 },
  { name: "GPT-2 large", params: 774, layers: 36, width: 1280, heads: 20, context: 1024, vocab: 50257 },
  { name: "GPT-2 XL", params: 1558, layers: 48, width: 1600, heads: 25, context: 1024, vocab: 50257 },
  { name: "GPT-3", params: 175000, layers: 96, width: 12288, heads: 96, context: 2048, vocab: 50257 },
];
