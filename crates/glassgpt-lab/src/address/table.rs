//! The address grammar as a document for people: made from the kinds themselves.
//!
//! Why generated: `docs/addresses.md` is this text, and a test fails when it is not.

use super::{Kind, Matrix, Part, Scope, Width};

/// What comes before the tables.
const OPENING: &str = "\
# An address for every number

<!-- Made from crates/glassgpt-lab/src/address by `UPDATE_ADDRESSES=1 cargo test -p glassgpt-lab --test addresses`. -->

Every number glassgpt computes has an address, the same in the shell, on the page and in a link. `glassgpt read ADDRESS` prints it, `glassgpt why ADDRESS` explains it.

```text
address  = [ \"step:\" STEP \"/\" ] [ \"text:\" TEXT \"/\" ] [ \"p\" POSITION \"/\" ] name [ \"[\" I \"]\" [ \"[\" J \"]\" ] ] [ \".\" part ]
name     = \"node:\" NODE | [ \"layer\" L \".\" [ \"head\" H \".\" ] ] tensor
```

| Example | What it means |
|---|---|
| `loss` | the loss of the whole document |
| `p2/loss` | the loss at position 2; `p*/loss` means all positions |
| `p1/logits[4]` | the score of token 4 to come after position 1 |
| `p2/layer0.head1.weights[0]` | how much head 1 looks from position 2 back at position 0 |
| `layer0.attn_wq[3][2]` | a parameter, by row and column |
| `layer0.attn_wq[3][2].grad` | how fast the loss grows with it |
| `wte[4].next` | row 4 of the embedding after this step's update |
| `step:120/text:emma/p0/probs` | all probabilities after BOS, after 120 steps of training, reading emma |
| `node:4711` | any node of the scalar tape |

Without `step:`, it is the moment at which you stand; without `text:`, the document of the next step; without a position, all positions; without an
index, all entries. In a text, `/` is written `%2F`, `%` is `%25`, and white space is escaped the same way. Position 0 reads BOS, position 1 the first
character.

## Names

C is the width (`n_embd`), H the number of heads, D = C/H, V the vocabulary, T the context (`block_size`), p the position, L a layer, all from 0.

";

/// The address grammar with all names and parts, as Markdown: the text of `docs/addresses.md`.
#[must_use]
pub fn markdown() -> String {
    let mut text = String::from(OPENING);
    text += "| Name | Numbers | What it is |\n|---|---|---|\n\
             | `loss` | 1 | the mean of the positions' losses: what training makes small |\n";
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
    text += "| `node:N` | 1 | any node of the scalar tape |\n\n## Parts\n\n| Part | Of | What it is |\n|---|---|---|\n";
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
