//! How a number is made, as a formula with this model's sizes in it.
//!
//! Why beside the terms: the terms have every figure and the formula has the idea.

use glassgpt_core::{Activation, Op};

use super::words::token;
use crate::address::{Address, Kind, Name, Part, Tensor};
use crate::scene::Scene;

/// The formula of a number; nothing for a parameter, which was not computed.
pub(super) fn formula(address: &Address, op: Option<Op>, scene: &Scene) -> String {
    if address.part != Part::Value {
        return of_part(address).to_string();
    }
    match &address.name {
        Name::Matrix(_) => String::new(),
        Name::Loss => match scene.positions() {
            1 => "p0/loss · 1/1".to_string(),
            n => format!("(p0/loss + … + p{}/loss) · 1/{n}", n - 1),
        },
        Name::Node(_) => op.map(of_op).unwrap_or_default().to_string(),
        Name::Tensor { position, tensor } => {
            of_tensor(*tensor, position.unwrap_or(0), address.index.first().copied().unwrap_or(0), scene)
        }
    }
}

fn of_part(address: &Address) -> &'static str {
    match address.part {
        Part::Value => "",
        Part::Grad if address.name == Name::Loss => "1, for the loss grows as fast as itself",
        Part::Grad => "Σ over its uses: gradient of what it was used for · local derivative",
        Part::M => "β1 · m before + (1 − β1) · grad",
        Part::V => "β2 · v before + (1 − β2) · grad²",
        Part::MHat => "m / (1 − β1^t)",
        Part::VHat => "v / (1 − β2^t)",
        Part::Update => "learning rate · m_hat / (√v_hat + ε)",
        Part::Next => "value − update",
    }
}

/// An operation on `a`, or on `a` and `b`.
fn of_op(op: Op) -> &'static str {
    match op {
        Op::Parameter | Op::Constant => "",
        Op::Add => "a + b",
        Op::Mul => "a · b",
        Op::Pow => "a^n",
        Op::Log => "ln a",
        Op::Exp => "e^a",
        Op::Relu => "max(0, a)",
    }
}

fn of_tensor(tensor: Tensor, p: u32, j: u32, scene: &Scene) -> String {
    use Kind::*;
    let config = scene.plan.config();
    let (c, d) = (config.n_embd, config.head_dim());
    let last = |n: u32| n.saturating_sub(1);
    let matrix = |name: &str, input: &str, n: u32| format!("Σ {name}[{j}][i] · {input}[i], i = 0 … {}", last(n));
    let stream = if tensor.layer == 0 { "emb_norm".to_string() } else { format!("layer{}.residual", tensor.layer - 1) };
    let total = |of: &str, n: u32| format!("{of}[0] + … + {of}[{}]", last(n));
    match tensor.kind {
        TokEmb => format!("wte[{}][{j}]", scene.tokens[p as usize]),
        PosEmb => format!("wpe[{p}][{j}]"),
        Sum => format!("tok_emb[{j}] + pos_emb[{j}]"),
        EmbNormInput => format!("sum[{j}]"),
        AttnNormInput => format!("{stream}[{j}]"),
        MlpNormInput => format!("attn_residual[{j}]"),
        EmbNormMeanSquare => format!("(sum[0]² + … + sum[{}]²) · 1/{c}", last(c)),
        AttnNormMeanSquare => format!("({stream}[0]² + … + {stream}[{}]²) · 1/{c}", last(c)),
        MlpNormMeanSquare => format!("(attn_residual[0]² + … + attn_residual[{}]²) · 1/{c}", last(c)),
        EmbNormScale => "1/√(emb_norm_mean_square + 1e-5)".to_string(),
        AttnNormScale => "1/√(attn_norm_mean_square + 1e-5)".to_string(),
        MlpNormScale => "1/√(mlp_norm_mean_square + 1e-5)".to_string(),
        EmbNorm => format!("sum[{j}] · emb_norm_scale"),
        AttnNorm => format!("{stream}[{j}] · attn_norm_scale"),
        MlpNorm => format!("attn_residual[{j}] · mlp_norm_scale"),
        Q => matrix("attn_wq", "attn_norm", c),
        K => matrix("attn_wk", "attn_norm", c),
        V => matrix("attn_wv", "attn_norm", c),
        Scores => {
            let first = tensor.head * d;
            format!("Σ q[i] · k[i] of position {j}, i = {first} … {}", first + last(d))
        }
        AttnLogits => format!("scores[{j}] · 1/√{d}"),
        AttnExps => format!("e^(attn_logits[{j}] − the largest of them)"),
        AttnExpTotal => total("attn_exps", p + 1),
        Weights => format!("attn_exps[{j}] / attn_exp_total"),
        HeadOutput => format!("Σ weights[s] · v[{}] of position s, s = 0 … {p}", tensor.head * d + j),
        AttnOut => matrix("attn_wo", "heads' outputs", c),
        AttnResidual => format!("attn_out[{j}] + {stream}[{j}]"),
        Fc1 => matrix("mlp_fc1", "mlp_norm", c),
        Relu => format!("max(0, fc1[{j}])"),
        Act if config.activation == Activation::Relu2 => format!("relu[{j}]²"),
        Act => format!("relu[{j}]"),
        Fc2 => matrix("mlp_fc2", "act", 4 * c),
        Residual => format!("fc2[{j}] + attn_residual[{j}]"),
        Logits => matrix("lm_head", &format!("layer{}.residual", config.n_layer - 1), c),
        Exps => format!("e^(logits[{j}] − the largest of them)"),
        ExpTotal => total("exps", scene.plan.vocab_size() as u32),
        Probs => format!("exps[{j}] / exp_total"),
        Loss => {
            let target = scene.tokens[p as usize + 1];
            format!("−ln probs[{target}] ({})", token(target, scene))
        }
    }
}
