//! Where every parameter lives: names, shapes and order of the matrices, defined here and nowhere else.
//!
//! Why one flat list: the order is microgpt.py's `state_dict` order, in which parameters are drawn, hashed, updated and
//! saved. A parameter's index in it is its address.

// § imports
use crate::Config;

// § parameters
/// A matrix of parameters: `rows` × `cols`, row by row, from `offset` in the flat list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    /// microgpt.py's name, such as `wte` or `layer0.attn_wq`.
    pub name: String,
    /// Outputs of the linear map, or entries of the table.
    pub rows: usize,
    /// Inputs of the linear map, or numbers per entry.
    pub cols: usize,
    /// Index of its first parameter.
    pub offset: usize,
}

impl Matrix {
    /// Its parameters' indices.
    #[must_use]
    pub fn range(&self) -> std::ops::Range<usize> {
        self.offset..self.offset + self.rows * self.cols
    }

    /// One row's parameters' indices.
    #[must_use]
    pub fn row(&self, row: usize) -> std::ops::Range<usize> {
        let start = self.offset + row * self.cols;
        start..start + self.cols
    }
}

/// The matrices of one layer. C is the width.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerLayout {
    /// Queries, C × C.
    pub attn_wq: Matrix,
    /// Keys, C × C.
    pub attn_wk: Matrix,
    /// Values, C × C.
    pub attn_wv: Matrix,
    /// Output of attention, C × C.
    pub attn_wo: Matrix,
    /// Into the hidden units, 4C × C.
    pub mlp_fc1: Matrix,
    /// Out of the hidden units, C × 4C.
    pub mlp_fc2: Matrix,
}

/// All matrices. V tokens, T positions, width C.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Token embeddings, V × C.
    pub wte: Matrix,
    /// Position embeddings, T × C.
    pub wpe: Matrix,
    /// From the residual stream to logits, V × C.
    pub lm_head: Matrix,
    /// The layers, first to last.
    pub layers: Vec<LayerLayout>,
    /// Parameters in all.
    pub n_params: usize,
}

impl Layout {
    pub(crate) fn new(config: &Config, vocab_size: usize) -> Self {
        let [c, t] = [config.n_embd as usize, config.block_size as usize];
        let mut n_params = 0;
        let mut matrix = |name: String, rows: usize, cols: usize| {
            let offset = n_params;
            n_params += rows * cols;
            Matrix { name, rows, cols, offset }
        };
        let wte = matrix("wte".into(), vocab_size, c);
        let wpe = matrix("wpe".into(), t, c);
        let lm_head = matrix("lm_head".into(), vocab_size, c);
        let layers = (0..config.n_layer)
            .map(|i| LayerLayout {
                attn_wq: matrix(format!("layer{i}.attn_wq"), c, c),
                attn_wk: matrix(format!("layer{i}.attn_wk"), c, c),
                attn_wv: matrix(format!("layer{i}.attn_wv"), c, c),
                attn_wo: matrix(format!("layer{i}.attn_wo"), c, c),
                mlp_fc1: matrix(format!("layer{i}.mlp_fc1"), 4 * c, c),
                mlp_fc2: matrix(format!("layer{i}.mlp_fc2"), c, 4 * c),
            })
            .collect();
        Self { wte, wpe, lm_head, layers, n_params }
    }

    /// Every matrix, in `state_dict` order.
    pub fn matrices(&self) -> impl Iterator<Item = &Matrix> {
        [&self.wte, &self.wpe, &self.lm_head].into_iter().chain(self.layers.iter().flat_map(LayerLayout::matrices))
    }
}

impl LayerLayout {
    /// The layer's matrices, in `state_dict` order.
    #[must_use]
    pub fn matrices(&self) -> [&Matrix; 6] {
        [&self.attn_wq, &self.attn_wk, &self.attn_wv, &self.attn_wo, &self.mlp_fc1, &self.mlp_fc2]
    }
}
