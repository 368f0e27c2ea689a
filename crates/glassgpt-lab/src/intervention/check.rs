//! Checking interventions: does the place exist, can it be changed, and is the value one it could have?
//!
//! Why in one place: an intervention comes from a stranger's link as well as from a slider, and nothing downstream
//! checks again.

use std::collections::BTreeMap;

use super::glasses::{Change, Glasses};
use super::{Block, Intervention, NormAt};
use crate::address::{Address, Kind, Name, Part, Tensor};
use crate::glass::{Norm, Piece, Recording};
use crate::protocol::Refusal;
use crate::scene::Scene;
use crate::selection::{Selection, Target, missing};

/// The most interventions at once.
pub const MAX_INTERVENTIONS: usize = 100;
/// The largest number that can be set, either sign.
pub const MAX_VALUE: f64 = 1e6;
/// How far from 1 the shares of a replaced row of attention may add up to.
pub const WEIGHTS_TOLERANCE: f64 = 1e-6;
/// The longest text to patch from, in bytes.
const MAX_TEXT: usize = 4096;

/// Whether the model goes on with rows of this kind, so that changing them changes something.
///
/// What a norm reads, the scores and the relus are copies for the eye: the model goes on with the row they are copies of,
/// or with the row made together with them. The loss is an outcome.
#[must_use]
pub fn changeable(kind: Kind) -> bool {
    instead_of(kind).is_none()
}

/// What to change instead of a row that is only looked at.
fn instead_of(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::EmbNormInput => Some("sum"),
        Kind::AttnNormInput => Some("emb_norm in front of layer 0, residual of the layer before any other"),
        Kind::MlpNormInput => Some("attn_residual"),
        Kind::Scores => Some("attn_logits"),
        Kind::Relu => Some("act"),
        Kind::Loss => Some("probs"),
        _ => None,
    }
}

/// Checks against one model.
pub(super) struct Checker<'m> {
    scene: &'m Scene,
    /// The same model reading a text as long as it can read, for the bounds of positions.
    longest: Scene,
    /// What the untouched model computes when it reads the texts patched from.
    recordings: BTreeMap<String, (Scene, Recording)>,
    glasses: Glasses,
}

impl<'m> Checker<'m> {
    pub(super) fn new(scene: &'m Scene) -> Self {
        let tokens = vec![scene.tokenizer.bos(); scene.plan.config().block_size as usize + 1];
        let longest = Scene { tokens, is_training_document: false, ..scene.clone() };
        Self { scene, longest, recordings: BTreeMap::new(), glasses: Glasses::none() }
    }

    pub(super) fn check(mut self, interventions: &[Intervention]) -> Result<Glasses, Refusal> {
        if interventions.len() > MAX_INTERVENTIONS {
            let len = interventions.len();
            let message = format!("there are {len} interventions; there can be from 0 to {MAX_INTERVENTIONS} at once");
            return Err(Refusal::of("interventions", message));
        }
        interventions.iter().try_for_each(|intervention| self.put_on(intervention))?;
        Ok(self.glasses)
    }

    fn put_on(&mut self, intervention: &Intervention) -> Result<(), Refusal> {
        let c = self.scene.plan.config().n_embd as usize;
        match intervention {
            Intervention::SetParameter { address, value } => self.set_parameter(address, *value)?,
            &Intervention::ZeroHead { layer, head } => {
                let tensor = self.head_tensor(Kind::HeadOutput, layer, head)?;
                self.change(tensor, None, 0, vec![0.0; self.scene.plan.config().head_dim() as usize]);
            }
            &Intervention::ZeroMlp { layer } => {
                let tensor = Tensor::layered(Kind::Fc2, self.layer(layer)?);
                self.change(tensor, None, 0, vec![0.0; c]);
            }
            &Intervention::ZeroNeuron { layer, unit } => {
                let tensor = Tensor::layered(Kind::Act, self.layer(layer)?);
                let unit = below("unit", unit, 4 * c as u32)?;
                self.change(tensor, None, unit, vec![0.0]);
            }
            Intervention::ZeroPositions {} => self.change(Tensor::global(Kind::PosEmb), None, 0, vec![0.0; c]),
            &Intervention::ZeroResidual { layer, around: Block::Attention } => {
                self.leave_out(Piece::AttentionSkip(self.layer(layer)?));
            }
            &Intervention::ZeroResidual { layer, around: Block::Mlp } => {
                self.leave_out(Piece::MlpSkip(self.layer(layer)?));
            }
            &Intervention::DropNorm { norm } => self.leave_out(Piece::Norm(match norm {
                NormAt::Embedding => Norm::Embedding,
                NormAt::Attention { layer } => Norm::Attention(self.layer(layer)?),
                NormAt::Mlp { layer } => Norm::Mlp(self.layer(layer)?),
            })),
            &Intervention::DropScale { layer } => self.leave_out(Piece::AttentionScale(self.layer(layer)?)),
            Intervention::Patch { address, from_text } => self.patch(address, from_text)?,
            Intervention::SetActivation { address, value } => self.set_activation(address, *value)?,
            Intervention::ReplaceAttention { layer, head, position, weights } => {
                let tensor = self.head_tensor(Kind::Weights, *layer, *head)?;
                below("position", *position, self.scene.plan.config().block_size)?;
                check_weights(*position, weights)?;
                self.change(tensor, Some(*position), 0, weights.clone());
            }
        }
        Ok(())
    }

    fn set_parameter(&mut self, address: &Address, value: f64) -> Result<(), Refusal> {
        check_bare(address)?;
        check_value("value", value)?;
        let not_one = || {
            let message = format!("{address} is not a parameter; it must be an entry of a matrix, such as wte[0][0]");
            Refusal::of("address", message)
        };
        if !matches!(address.name, Name::Matrix(_)) {
            return Err(not_one());
        }
        let selection = Selection::new(address, &self.longest, 0)?;
        let Target::Parameters { start, .. } = selection.target else { return Err(not_one()) };
        selection.single(address)?;
        self.glasses.parameters.push((start, value));
        Ok(())
    }

    fn set_activation(&mut self, address: &Address, value: f64) -> Result<(), Refusal> {
        let (tensor, position) = activation(address)?;
        check_value("value", value)?;
        let selection = Selection::new(address, &self.longest, 0)?;
        selection.single(address)?;
        self.change(tensor, Some(position), first(&selection), vec![value]);
        Ok(())
    }

    fn patch(&mut self, address: &Address, from_text: &str) -> Result<(), Refusal> {
        let (tensor, position) = activation(address)?;
        Selection::new(address, &self.longest, 0)?;
        if !self.recordings.contains_key(from_text) {
            let reading = self.read(from_text)?;
            self.recordings.insert(from_text.to_string(), reading);
        }
        let (other, recording) = &self.recordings[from_text];
        if position as usize >= other.positions() {
            let max = other.positions() - 1;
            let message = format!(
                "from_text is {from_text:?}, which has no position {position}; {address} could be patched from position 0 to {max} of it"
            );
            return Err(Refusal::of("from_text", message));
        }
        let selection = Selection::new(address, other, 0)?;
        let row = recording.of(tensor, position).expect("a recording has every tensor at every position");
        let numbers = match address.index[..] {
            [] => row.to_vec(),
            [index, ..] => vec![row[index as usize]],
        };
        self.change(tensor, Some(position), first(&selection), numbers);
        Ok(())
    }

    fn read(&self, text: &str) -> Result<(Scene, Recording), Refusal> {
        if text.len() > MAX_TEXT {
            let len = text.len();
            return Err(Refusal::of(
                "from_text",
                format!("from_text has {len} bytes; it must have at most {MAX_TEXT}"),
            ));
        }
        let about_from_text = |refusal: Refusal| Refusal::of("from_text", format!("from_text: {}", refusal.message));
        let other = self.scene.clone().reading(text).map_err(about_from_text)?;
        let recording = Recording::new(&other);
        Ok((other, recording))
    }

    fn change(&mut self, tensor: Tensor, position: Option<u32>, first: usize, numbers: Vec<f64>) {
        self.glasses.changes.push(Change { tensor, position, first, numbers });
    }

    fn leave_out(&mut self, piece: Piece) {
        if self.glasses.keeps(piece) {
            self.glasses.left_out.push(piece);
        }
    }

    fn layer(&self, layer: u32) -> Result<usize, Refusal> {
        existing("layer", layer, self.scene.plan.config().n_layer)
    }

    fn head_tensor(&self, kind: Kind, layer: u32, head: u32) -> Result<Tensor, Refusal> {
        let layer = self.layer(layer)?;
        Ok(Tensor::headed(kind, layer, existing("head", head, self.scene.plan.config().n_head)?))
    }
}

/// The tensor and position of a row that can be changed.
fn activation(address: &Address) -> Result<(Tensor, u32), Refusal> {
    check_bare(address)?;
    let &Name::Tensor { position: Some(position), tensor } = &address.name else {
        let message = format!("{address} is not something computed at one position, such as p2/layer0.act[7]");
        return Err(Refusal::of("address", message));
    };
    if let Some(instead) = instead_of(tensor.kind) {
        let kinds: Vec<&str> = Kind::ALL.into_iter().filter(|&kind| changeable(kind)).map(Kind::name).collect();
        let kinds = kinds.join(", ");
        let message = format!("{address} is only looked at; change {instead} instead. What can be changed: {kinds}");
        return Err(Refusal::of("address", message));
    }
    Ok((tensor, position))
}

/// An intervention holds at any step, for any text, and is about values.
fn check_bare(address: &Address) -> Result<(), Refusal> {
    if address.step.is_some() || address.text.is_some() {
        let message =
            format!("{address}: an intervention holds at every step and for every text; leave out step: and text:");
        return Err(Refusal::of("address", message));
    }
    if address.part != Part::Value {
        let part = address.part.name();
        let message = format!("{address}: .{part} cannot be changed, only the number itself; leave out .{part}");
        return Err(Refusal::of("address", message));
    }
    Ok(())
}

fn check_value(field: &str, value: f64) -> Result<(), Refusal> {
    if value.abs() <= MAX_VALUE {
        return Ok(());
    }
    Err(Refusal::of(field, format!("{field} is {value}; it must be a number from -{MAX_VALUE} to {MAX_VALUE}")))
}

fn check_weights(position: u32, weights: &[f64]) -> Result<(), Refusal> {
    let refuse = |message: String| Err(Refusal::of("weights", message));
    let expected = position as usize + 1;
    if weights.len() != expected {
        let len = weights.len();
        return refuse(format!("weights has {len} numbers; position {position} looks at {expected}, itself included"));
    }
    if let Some(weight) = weights.iter().find(|weight| !(0.0..=1.0 + WEIGHTS_TOLERANCE).contains(*weight)) {
        return refuse(format!("weights contains {weight}; each must be a number from 0 to 1"));
    }
    let total: f64 = weights.iter().sum();
    if (total - 1.0).abs() > WEIGHTS_TOLERANCE {
        return refuse(format!("weights add up to {total}; they must add up to 1, give or take {WEIGHTS_TOLERANCE}"));
    }
    Ok(())
}

/// Checks that the model has a layer or head of this number.
fn existing(part: &str, number: u32, n: u32) -> Result<usize, Refusal> {
    missing(part, number, n).map_or(Ok(number as usize), |message| Err(Refusal::of(part, message)))
}

/// Checks an index that counts from 0.
fn below(field: &str, value: u32, len: u32) -> Result<usize, Refusal> {
    if value < len {
        return Ok(value as usize);
    }
    let max = len - 1;
    Err(Refusal::of(field, format!("{field} is {value}; it must be a whole number from 0 to {max}")))
}

/// The first entry at a position that a selection means.
fn first(selection: &Selection) -> usize {
    match selection.target {
        Target::Entries { first, .. } => first as usize,
        _ => 0,
    }
}
