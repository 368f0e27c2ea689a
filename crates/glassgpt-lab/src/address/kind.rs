//! What the model computes at every position, by name: the table behind the address grammar.
//!
//! Why one table: parsing, printing, shapes and the documentation are read off it, so they cannot disagree.

/// Something computed at every position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The token's row of `wte`.
    TokEmb,
    /// The position's row of `wpe`.
    PosEmb,
    /// Their sum.
    Sum,
    /// What the embedding's norm reads: the sum.
    EmbNormInput,
    /// The mean of its squares.
    EmbNormMeanSquare,
    /// What every component is multiplied by.
    EmbNormScale,
    /// The result: the residual stream as it enters the first layer.
    EmbNorm,
    /// What the norm before attention reads: the residual stream.
    AttnNormInput,
    /// The mean of its squares.
    AttnNormMeanSquare,
    /// What every component is multiplied by.
    AttnNormScale,
    /// The result: what attention reads.
    AttnNorm,
    /// The queries, the heads side by side.
    Q,
    /// The keys.
    K,
    /// The values.
    V,
    /// Query times key, for every position looked back at.
    Scores,
    /// The scores times 1/√D.
    AttnLogits,
    /// e to the power of each, the largest taken off first.
    AttnExps,
    /// Their sum.
    AttnExpTotal,
    /// Their shares: how much the head looks at each position.
    Weights,
    /// The values mixed by these weights.
    HeadOutput,
    /// What attention adds to the residual stream.
    AttnOut,
    /// The residual stream after it.
    AttnResidual,
    /// What the norm before the MLP reads: the residual stream after attention.
    MlpNormInput,
    /// The mean of its squares.
    MlpNormMeanSquare,
    /// What every component is multiplied by.
    MlpNormScale,
    /// The result: what the MLP reads.
    MlpNorm,
    /// The hidden units before the activation.
    Fc1,
    /// max(0, hidden unit).
    Relu,
    /// What goes into `mlp_fc2`: the relu, or its square in `gist`.
    Act,
    /// What the MLP adds to the residual stream.
    Fc2,
    /// The residual stream after it.
    Residual,
    /// A score for each token to come next.
    Logits,
    /// e to the power of each, the largest taken off first.
    Exps,
    /// Their sum.
    ExpTotal,
    /// Their shares: how likely each token is to come next.
    Probs,
    /// −ln of the probability of the token that came.
    Loss,
}

/// Where a kind belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Once in the model.
    Model,
    /// Once per layer.
    Layer,
    /// Once per head.
    Head,
}

/// How many numbers there are at a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// One, and no index.
    One,
    /// C, `n_embd`.
    C,
    /// D, `n_embd / n_head`.
    D,
    /// 4C, the hidden units.
    F,
    /// V, the vocabulary.
    V,
    /// One for every position up to this one.
    Seen,
}

impl Kind {
    /// All of them, in the order in which the model computes them.
    pub const ALL: [Kind; 36] = [
        Kind::TokEmb,
        Kind::PosEmb,
        Kind::Sum,
        Kind::EmbNormInput,
        Kind::EmbNormMeanSquare,
        Kind::EmbNormScale,
        Kind::EmbNorm,
        Kind::AttnNormInput,
        Kind::AttnNormMeanSquare,
        Kind::AttnNormScale,
        Kind::AttnNorm,
        Kind::Q,
        Kind::K,
        Kind::V,
        Kind::Scores,
        Kind::AttnLogits,
        Kind::AttnExps,
        Kind::AttnExpTotal,
        Kind::Weights,
        Kind::HeadOutput,
        Kind::AttnOut,
        Kind::AttnResidual,
        Kind::MlpNormInput,
        Kind::MlpNormMeanSquare,
        Kind::MlpNormScale,
        Kind::MlpNorm,
        Kind::Fc1,
        Kind::Relu,
        Kind::Act,
        Kind::Fc2,
        Kind::Residual,
        Kind::Logits,
        Kind::Exps,
        Kind::ExpTotal,
        Kind::Probs,
        Kind::Loss,
    ];

    /// Its name, where it belongs, how many numbers it has at a position, and what it is.
    #[must_use]
    const fn row(self) -> (&'static str, Scope, Width, &'static str) {
        use Scope::{Head, Layer, Model};
        use Width::{C, D, F, One, Seen, V};
        match self {
            Kind::TokEmb => ("tok_emb", Model, C, "the token's row of wte"),
            Kind::PosEmb => ("pos_emb", Model, C, "the position's row of wpe"),
            Kind::Sum => ("sum", Model, C, "tok_emb + pos_emb"),
            Kind::EmbNormInput => ("emb_norm_input", Model, C, "what the embedding's norm reads: sum"),
            Kind::EmbNormMeanSquare => ("emb_norm_mean_square", Model, One, "the mean of its squares"),
            Kind::EmbNormScale => ("emb_norm_scale", Model, One, "1 / √(mean square + 1e-5)"),
            Kind::EmbNorm => ("emb_norm", Model, C, "sum × scale: the residual stream before the first layer"),
            Kind::AttnNormInput => ("attn_norm_input", Layer, C, "what attention's norm reads: the residual stream"),
            Kind::AttnNormMeanSquare => ("attn_norm_mean_square", Layer, One, "the mean of its squares"),
            Kind::AttnNormScale => ("attn_norm_scale", Layer, One, "1 / √(mean square + 1e-5)"),
            Kind::AttnNorm => ("attn_norm", Layer, C, "residual stream × scale: what attention reads"),
            Kind::Q => ("q", Layer, C, "attn_wq times attn_norm: the queries, the heads side by side"),
            Kind::K => ("k", Layer, C, "attn_wk times attn_norm: the keys"),
            Kind::V => ("v", Layer, C, "attn_wv times attn_norm: the values"),
            Kind::Scores => ("scores", Head, Seen, "query times key of every position looked at"),
            Kind::AttnLogits => ("attn_logits", Head, Seen, "scores × 1/√D"),
            Kind::AttnExps => ("attn_exps", Head, Seen, "e to the power attn_logits − their largest"),
            Kind::AttnExpTotal => ("attn_exp_total", Head, One, "the sum of attn_exps"),
            Kind::Weights => ("weights", Head, Seen, "attn_exps / their sum: how much is looked at each position"),
            Kind::HeadOutput => ("head_output", Head, D, "the values, mixed by weights"),
            Kind::AttnOut => ("attn_out", Layer, C, "attn_wo times the heads' outputs: what attention adds"),
            Kind::AttnResidual => ("attn_residual", Layer, C, "attn_out + residual stream"),
            Kind::MlpNormInput => ("mlp_norm_input", Layer, C, "what the MLP's norm reads: attn_residual"),
            Kind::MlpNormMeanSquare => ("mlp_norm_mean_square", Layer, One, "the mean of its squares"),
            Kind::MlpNormScale => ("mlp_norm_scale", Layer, One, "1 / √(mean square + 1e-5)"),
            Kind::MlpNorm => ("mlp_norm", Layer, C, "attn_residual × scale: what the MLP reads"),
            Kind::Fc1 => ("fc1", Layer, F, "mlp_fc1 times mlp_norm: the hidden units"),
            Kind::Relu => ("relu", Layer, F, "max(0, fc1)"),
            Kind::Act => ("act", Layer, F, "what mlp_fc2 reads: relu, or relu² where the activation is relu2"),
            Kind::Fc2 => ("fc2", Layer, C, "mlp_fc2 times act: what the MLP adds"),
            Kind::Residual => ("residual", Layer, C, "fc2 + attn_residual: the residual stream after the layer"),
            Kind::Logits => ("logits", Model, V, "lm_head times the residual stream: a score for each next token"),
            Kind::Exps => ("exps", Model, V, "e to the power logits − their largest"),
            Kind::ExpTotal => ("exp_total", Model, One, "the sum of exps"),
            Kind::Probs => ("probs", Model, V, "exps / their sum: how likely each token is to come next"),
            Kind::Loss => ("loss", Model, One, "−ln of the probability of the token that came"),
        }
    }

    /// Its name in an address.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().0
    }

    /// Where it belongs.
    #[must_use]
    pub fn scope(self) -> Scope {
        self.row().1
    }

    /// How many numbers it has at a position.
    #[must_use]
    pub fn width(self) -> Width {
        self.row().2
    }

    /// What it is, in a phrase.
    #[must_use]
    pub fn about(self) -> &'static str {
        self.row().3
    }

    /// The kind called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}
