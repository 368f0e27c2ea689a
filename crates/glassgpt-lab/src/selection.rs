//! An address, checked against a moment: the numbers it means, or which piece of it is out of range.
//!
//! Why one place: reading, explaining and changing a number all begin with the same question, does it exist?

use crate::address::{Address, Kind, Name, Scope, Tensor, Width};
use crate::protocol::Refusal;
use crate::scene::Scene;

/// Numbers that exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// Which.
    pub target: Target,
    /// How many along each axis; empty for a single number.
    pub shape: Vec<u32>,
}

/// Which numbers, by where they are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Parameters, one after the other in `state_dict` order.
    Parameters {
        /// Index of the first.
        start: usize,
        /// How many.
        len: usize,
    },
    /// Entries of a tensor, at each of some positions.
    Entries {
        /// The tensor.
        tensor: Tensor,
        /// The first position.
        first_position: u32,
        /// How many positions.
        positions: u32,
        /// The first entry at each.
        first: u32,
        /// How many entries at each; None for as many as the position has.
        len: Option<u32>,
    },
    /// The loss of the document.
    Loss,
    /// A node of the tape.
    Node(u32),
}

impl Selection {
    /// Checks an address. `nodes` is the length of the tape.
    ///
    /// # Errors
    /// A [`Refusal`] that names the piece out of range, its value and the range.
    pub fn new(address: &Address, scene: &Scene, nodes: usize) -> Result<Self, Refusal> {
        let about = |message: String| Refusal::of("address", format!("{address}: {message}"));
        let check = |field: &str, value: u32, len: usize| {
            if (value as usize) < len {
                return Ok(());
            }
            let bound = if len < 2 { "0".to_string() } else { format!("from 0 to {}", len - 1) };
            Err(about(format!("{field} is {value}; it must be {bound}")))
        };
        let check_part =
            |part: &str, value: u32, n: u32| missing(part, value, n).map_or(Ok(()), |says| Err(about(says)));
        let config = scene.plan.config();
        match &address.name {
            Name::Matrix(name) => {
                if let Some(layer) = name.layer {
                    check_part("layer", layer, config.n_layer)?;
                }
                let wanted = name.to_string();
                let matrix = scene.plan.layout().matrices().find(|matrix| matrix.name == wanted);
                let matrix = matrix.expect("every name in the grammar is in the layout");
                let [rows, cols] = [matrix.rows, matrix.cols];
                let (start, len, shape) = match address.index[..] {
                    [] => (matrix.offset, rows * cols, vec![rows as u32, cols as u32]),
                    [row] => {
                        check("the row", row, rows)?;
                        (matrix.row(row as usize).start, cols, vec![cols as u32])
                    }
                    [row, col, ..] => {
                        check("the row", row, rows)?;
                        check("the column", col, cols)?;
                        (matrix.row(row as usize).start + col as usize, 1, Vec::new())
                    }
                };
                Ok(Self { target: Target::Parameters { start, len }, shape })
            }
            Name::Tensor { position, tensor } => {
                if tensor.kind.scope() != Scope::Model {
                    check_part("layer", tensor.layer, config.n_layer)?;
                }
                if tensor.kind.scope() == Scope::Head {
                    check_part("head", tensor.head, config.n_head)?;
                }
                let read = scene.positions();
                if let Some(position) = position {
                    check("the position", *position, read)?;
                }
                let (first_position, positions) = position.map_or((0, read as u32), |position| (position, 1));
                let last = first_position + positions - 1;
                let width = width(tensor.kind, scene, last);
                let mut shape = if position.is_some() { Vec::new() } else { vec![positions] };
                let (first, len) = match (address.index.first(), tensor.kind.width()) {
                    (Some(&index), _) => {
                        check("the index", index, width as usize)?;
                        (index, Some(1))
                    }
                    (None, Width::One) => (0, Some(1)),
                    (None, Width::Seen) => {
                        shape.push(width);
                        (0, None)
                    }
                    (None, _) => {
                        shape.push(width);
                        (0, Some(width))
                    }
                };
                let target = Target::Entries { tensor: *tensor, first_position, positions, first, len };
                Ok(Self { target, shape })
            }
            Name::Loss => Ok(Self { target: Target::Loss, shape: Vec::new() }),
            Name::Node(node) => {
                check("the node", *node, nodes)?;
                Ok(Self { target: Target::Node(*node), shape: Vec::new() })
            }
        }
    }

    /// Refuses more than one number.
    ///
    /// # Errors
    /// If it has a shape.
    pub fn single(&self, address: &Address) -> Result<(), Refusal> {
        if self.shape.is_empty() {
            return Ok(());
        }
        let shape: Vec<String> = self.shape.iter().map(u32::to_string).collect();
        let shape = shape.join(" × ");
        let message = format!("{address} means {shape} numbers; name one of them, with a position and an index");
        Err(Refusal::of("address", message))
    }
}

/// What to say of a layer, or another part of a model that has `n` of them, if there is none of this number.
pub(crate) fn missing(part: &str, number: u32, n: u32) -> Option<String> {
    let whole = if part == "head" { "each layer" } else { "this model" };
    let there = if n == 1 { format!("{part} 0") } else { format!("{part}s 0 to {}", n - 1) };
    (number >= n).then(|| format!("{part} {number} does not exist; {whole} has {there}"))
}

/// How many numbers a kind has at a position.
#[must_use]
pub fn width(kind: Kind, scene: &Scene, position: u32) -> u32 {
    let config = scene.plan.config();
    match kind.width() {
        Width::One => 1,
        Width::C => config.n_embd,
        Width::D => config.head_dim(),
        Width::F => 4 * config.n_embd,
        Width::V => scene.plan.vocab_size() as u32,
        Width::Seen => position + 1,
    }
}
