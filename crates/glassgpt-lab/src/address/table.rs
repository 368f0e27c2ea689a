//! The address grammar as a table for people: made from the kinds themselves.
//!
//! Why generated: `docs/addresses.md` is this text, and a test fails when it is not.

use super::{Kind, Matrix, Part, Scope, Width};

/// All names and parts an address can have, as Markdown.
#[must_use]
pub fn markdown() -> String {
    let mut text = String::from(
        "| Name | Numbers | What it is |\n|---|---|---|\n\
         | `loss` | 1 | the mean of the positions' losses: what training makes small |\n",
    );
    for kind in Kind::ALL {
        let scope = match kind.scope() {
            Scope::Model => "",
            Scope::Layer => "layerL.",
            Scope::Head => "layerL.headH.",
        };
        let width = match kind.width() {
            Width::One => "1",
            Width::C => "C",
            Width::D => "D = C/H",
            Width::F => "4C",
            Width::V => "V",
            Width::Seen => "p + 1",
        };
        text += &format!("| `pP/{scope}{}` | {width} | {} |\n", kind.name(), kind.about());
    }
    let shapes = |name: &str| match name {
        "wte" | "lm_head" => "V × C",
        "wpe" => "T × C",
        "mlp_fc1" => "4C × C",
        "mlp_fc2" => "C × 4C",
        _ => "C × C",
    };
    for name in Matrix::GLOBAL {
        text += &format!("| `{name}` | {} | parameters |\n", shapes(name));
    }
    for name in Matrix::LAYERED {
        text += &format!("| `layerL.{name}` | {} | parameters |\n", shapes(name));
    }
    text += "| `node:N` | 1 | any node of the scalar tape |\n\n| Part | Of | What it is |\n|---|---|---|\n";
    for part in Part::ALL {
        let (of, about) = match part {
            Part::Value => ("everything", "the number itself; a parameter's before the update"),
            Part::Grad => ("everything", "how fast the document's loss grows with it"),
            Part::M => ("parameters", "running mean of the gradient, this step's taken in"),
            Part::V => ("parameters", "running mean of the squared gradient, this step's taken in"),
            Part::MHat => ("parameters", "m, corrected for its start at zero"),
            Part::VHat => ("parameters", "v, corrected for its start at zero"),
            Part::Update => ("parameters", "what this step takes off"),
            Part::Next => ("parameters", "the parameter after this step"),
        };
        let name = if part == Part::Value { "(none)".to_string() } else { format!("`.{}`", part.name()) };
        text += &format!("| {name} | {of} | {about} |\n");
    }
    text
}
