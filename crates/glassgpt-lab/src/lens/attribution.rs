//! Direct logit attribution: one logit as the sum of what each piece of the model wrote.
//!
//! Why it adds up: the residual stream is a sum, and `lm_head` is linear, so the logit is the sum of the logits of the
//! pieces. In floating point a sum depends on its order, and the model adds in another order than this list. What is left
//! over, some 1e-16, is the last term, called [`LogitSource::Rounding`], so that the list, added from left to right in double
//! precision, gives the model's logit to the bit. (Where the pieces cancel almost completely a second such term can be
//! needed; it follows the first.)

use glassgpt_core::TokenId;
use serde::Serialize;

use super::dot;
use super::kept::Kept;
use crate::address::{Kind, Tensor};
use crate::glass::Piece;
use crate::intervention::Glasses;
use crate::protocol::Refusal;
use crate::scene::Scene;

/// One logit, by what was written into the residual stream.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attribution {
    /// The position that predicts.
    pub position: u32,
    /// The token whose logit it is.
    #[cfg_attr(feature = "openapi", schema(value_type = u32))]
    pub token: TokenId,
    /// The logit.
    pub logit: f64,
    /// What the norm of the embedding has to do with it.
    pub norm: NormShare,
    /// What each piece contributes, in the order in which they write. From left to right they add up to the logit.
    pub contributions: Vec<LogitTerm>,
}

/// What the norm of the embedding did: the one norm on the residual stream itself.
///
/// The norm multiplies token and position alike by one number, so each keeps its own share.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NormShare {
    /// The number it multiplied by; 1 if the norm is dropped.
    pub scale: f64,
    /// What the token's embedding would contribute without it.
    pub token_before: f64,
    /// What the position's embedding would contribute without it.
    pub position_before: f64,
    /// What the norm itself made of that: the contributions of token and position less those two.
    pub share: f64,
}

/// What one piece adds to the logit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogitTerm {
    /// The piece.
    pub source: LogitSource,
    /// How much.
    pub logit: f64,
}

/// A piece of the model that writes into the residual stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum LogitSource {
    /// The token's embedding, through the norm.
    Token,
    /// The position's embedding, through the norm.
    Position,
    /// A head of attention, through its columns of `attn_wo`.
    Head {
        /// Its layer.
        layer: u32,
        /// Which head.
        head: u32,
    },
    /// A layer's MLP.
    Mlp {
        /// Which layer.
        layer: u32,
    },
    /// A hidden unit of an MLP, through its column of `mlp_fc2`.
    Neuron {
        /// Its layer.
        layer: u32,
        /// Which unit.
        unit: u32,
    },
    /// What the order of additions makes of the last bits.
    Rounding,
}

const KINDS: [Kind; 8] = [
    Kind::TokEmb,
    Kind::PosEmb,
    Kind::EmbNormScale,
    Kind::HeadOutput,
    Kind::Act,
    Kind::Fc2,
    Kind::Residual,
    Kind::Logits,
];

/// Sums that the pieces are read off. If an intervention sets one of them, the pieces no longer add up to it.
const SUMS: [Kind; 6] = [Kind::Sum, Kind::EmbNorm, Kind::AttnOut, Kind::AttnResidual, Kind::Residual, Kind::Logits];

/// Says who contributes what to the logit of `token` at `position` of the scene's text. With `neurons`, every hidden unit
/// has a term of its own in place of its MLP's.
///
/// # Errors
/// If the text has no such position or the vocabulary no such token, if an intervention sets a row that is a sum of
/// pieces, or if the logit is not finite.
pub fn attribute(
    scene: &Scene,
    glasses: &Glasses,
    position: u32,
    token: TokenId,
    neurons: bool,
) -> Result<Attribution, Refusal> {
    check(scene, glasses, position, token)?;
    let pieces = Pieces::new(scene, glasses, position as usize, token as usize);
    let logit = pieces.rows.row(Tensor::global(Kind::Logits), pieces.position)[token as usize];
    if !logit.is_finite() {
        let message =
            format!("the logit of token {token} at position {position} is {logit}, which is not a sum of pieces");
        return Err(Refusal::general(message));
    }
    let (mut norm, mut contributions) = pieces.embedding();
    for layer in 0..scene.plan.config().n_layer {
        pieces.layer(layer, neurons, &mut norm, &mut contributions);
    }
    if !round(logit, &mut contributions) {
        return Err(Refusal::general("a piece of this logit is too large for a double; there is nothing to add up"));
    }
    Ok(Attribution { position, token, logit, norm, contributions })
}

fn check(scene: &Scene, glasses: &Glasses, position: u32, token: TokenId) -> Result<(), Refusal> {
    let below = |field: &str, value: usize, len: usize| {
        let refusal = || Refusal::of(field, format!("{field} is {value}; it must be from 0 to {}", len - 1));
        if value < len { Ok(()) } else { Err(refusal()) }
    };
    below("position", position as usize, scene.positions())?;
    below("token", token as usize, scene.plan.vocab_size())?;
    let layers = 0..scene.plan.config().n_layer;
    let set = SUMS.into_iter().find(|&kind| layers.clone().any(|layer| glasses.changes(kind, layer)));
    set.map_or(Ok(()), |kind| {
        let name = kind.name();
        let message =
            format!("an intervention sets {name}, so the pieces do not add up to it; undo it to see who wrote what");
        Err(Refusal::general(message))
    })
}

/// What the model wrote at one position, seen from one row of `lm_head`.
struct Pieces<'a> {
    scene: &'a Scene,
    glasses: &'a Glasses,
    params: Vec<f64>,
    rows: Kept<'static>,
    position: usize,
    /// The token's row of `lm_head`.
    lm_row: Vec<f64>,
}

impl<'a> Pieces<'a> {
    fn new(scene: &'a Scene, glasses: &'a Glasses, position: usize, token: usize) -> Self {
        let params = glasses.parameters(&scene.params).into_owned();
        let lm_row = params[scene.plan.layout().lm_head.row(token)].to_vec();
        Self { scene, glasses, rows: Kept::new(scene, glasses, &KINDS), position, lm_row, params }
    }

    fn row(&self, tensor: Tensor) -> &[f64] {
        self.rows.row(tensor, self.position)
    }

    fn embedding(&self) -> (NormShare, Vec<LogitTerm>) {
        let scale = self.rows.get(Tensor::global(Kind::EmbNormScale), self.position).map_or(1.0, |scale| scale[0]);
        let [token_before, position_before] =
            [Kind::TokEmb, Kind::PosEmb].map(|kind| dot(&self.lm_row, self.row(Tensor::global(kind))));
        let [token, position] = [token_before * scale, position_before * scale];
        let share = (token + position) - (token_before + position_before);
        let norm = NormShare { scale, token_before, position_before, share };
        let contributions = [(LogitSource::Token, token), (LogitSource::Position, position)];
        (norm, contributions.map(|(source, logit)| LogitTerm { source, logit }).to_vec())
    }

    fn layer(&self, layer: u32, neurons: bool, norm: &mut NormShare, contributions: &mut Vec<LogitTerm>) {
        if !self.glasses.keeps(Piece::AttentionSkip(layer as usize)) {
            forget(norm, contributions);
        }
        for head in 0..self.scene.plan.config().n_head {
            contributions.push(LogitTerm { source: LogitSource::Head { layer, head }, logit: self.head(layer, head) });
        }
        if !self.glasses.keeps(Piece::MlpSkip(layer as usize)) {
            forget(norm, contributions);
        }
        // Where an intervention sets what the MLP writes, its units no longer add up to it.
        if neurons && !self.glasses.changes(Kind::Fc2, layer) {
            let unit =
                |unit| LogitTerm { source: LogitSource::Neuron { layer, unit }, logit: self.neuron(layer, unit) };
            contributions.extend((0..4 * self.scene.plan.config().n_embd).map(unit));
        } else {
            let logit = dot(&self.lm_row, self.row(Tensor::layered(Kind::Fc2, layer as usize)));
            contributions.push(LogitTerm { source: LogitSource::Mlp { layer }, logit });
        }
    }

    fn head(&self, layer: u32, head: u32) -> f64 {
        let attn_wo = &self.scene.plan.layout().layers[layer as usize].attn_wo;
        let output = self.row(Tensor::headed(Kind::HeadOutput, layer as usize, head as usize));
        let first = head as usize * output.len();
        let written = |row| dot(&self.params[attn_wo.row(row)][first..first + output.len()], output);
        self.lm_row.iter().enumerate().fold(0.0, |sum, (row, weight)| sum + weight * written(row))
    }

    fn neuron(&self, layer: u32, unit: u32) -> f64 {
        let mlp_fc2 = &self.scene.plan.layout().layers[layer as usize].mlp_fc2;
        let act = self.row(Tensor::layered(Kind::Act, layer as usize))[unit as usize];
        let written = |row| self.params[mlp_fc2.row(row)][unit as usize] * act;
        self.lm_row.iter().enumerate().fold(0.0, |sum, (row, weight)| sum + weight * written(row))
    }
}

/// Where a residual connection is dropped, what was written before goes no further.
fn forget(norm: &mut NormShare, contributions: &mut [LogitTerm]) {
    contributions.iter_mut().for_each(|contribution| contribution.logit = 0.0);
    (norm.token_before, norm.position_before, norm.share) = (0.0, 0.0, 0.0);
}

/// Adds what is missing. One term does unless the pieces cancel almost completely. False if a piece is not finite.
fn round(logit: f64, contributions: &mut Vec<LogitTerm>) -> bool {
    let mut total = contributions.iter().fold(0.0, |sum, contribution| sum + contribution.logit);
    // Each term takes away all but the last 53 bits of what is missing, and doubles end at 2^-1074, so 40 are plenty.
    for _ in 0..40 {
        let missing = logit - total;
        contributions.push(LogitTerm { source: LogitSource::Rounding, logit: missing });
        total += missing;
        if total == logit {
            return true;
        }
    }
    false
}
