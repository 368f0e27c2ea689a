//! `glassgpt explain`: one prediction in seven stages, with the numbers the engine computed.

use std::io::Write;

use glassgpt_core::{Activation, Sampling, SamplingError};
use glassgpt_lab::explain::{Draw, Explanation, Head, Layer};
use serde::Serialize;

use crate::args::{ModelArgs, SamplingArgs};
use crate::exit_codes::Exit;
use crate::models::ReadyModel;
use crate::output::{
    BOLD, DIM, MARK, Out, bar, column, count, folded, json_line, line_width, plain, quoted, right, stdout, thousands,
};

/// Follow one prediction through its seven stages, with every number.
///
/// The model reads WORD and predicts what comes next. It comes from a file (--model) or is trained on the spot.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The text to read; "" predicts a first letter.
    word: String,
    #[command(flatten)]
    model: ModelArgs,
    #[command(flatten)]
    sampling: SamplingArgs,
    /// Seed of the drawing, a whole number from -9223372036854775808 to 9223372036854775807 [default: 42
    /// with --model; else the training's generator goes on].
    #[arg(long, value_name = "N", value_parser = crate::args::seed, allow_negative_numbers = true, help_heading = "Drawing")]
    seed: Option<i64>,
    /// Print one JSON value with every number in full.
    #[arg(long, help_heading = "Output")]
    json: bool,
}

#[derive(Serialize)]
struct Event<'a> {
    r#type: &'static str,
    #[serde(flatten)]
    explanation: &'a Explanation,
}

/// Gets the model and explains.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    let sampling = args.sampling.checked()?;
    let mut model = ReadyModel::get(&args.model, args.seed, |plan, tokenizer| {
        let len = tokenizer.encode(&args.word)?.len();
        let block_size = plan.config().block_size as usize;
        if len >= block_size {
            return Err(SamplingError::PrefixTooLong { len, max: block_size - 1, block_size }.into());
        }
        Ok(())
    })?;
    let ReadyModel { plan, params, tokenizer, random, .. } = &mut model;
    let explanation = Explanation::new(plan, params, tokenizer, &args.word, sampling, random)?;
    let mut out = stdout();
    if args.json {
        json_line(&mut out, &Event { r#type: "explanation", explanation: &explanation })?;
    } else {
        Page { model: &model, it: &explanation, out }.print()?;
    }
    Ok(Exit::Success)
}

/// The explanation on its way to the terminal.
struct Page<'a> {
    model: &'a ReadyModel,
    it: &'a Explanation,
    out: Out,
}

type Printed = std::io::Result<()>;

impl Page<'_> {
    fn print(&mut self) -> Printed {
        let from = &self.model.provenance;
        writeln!(self.out, "{BOLD}What comes after \"{}\"?{BOLD:#}", plain(&self.it.text))?;
        let steps = count(from.steps as usize, "step");
        self.say(&format!(
            "The model was trained for {steps} on {}; its last loss was {:.4}.",
            plain(&from.corpus),
            from.loss
        ))?;
        self.tokens()?;
        self.embedding()?;
        for (i, layer) in self.it.layers.iter().enumerate() {
            self.attention(i, layer)?;
            self.mlp(i, layer)?;
        }
        self.logits()?;
        self.probabilities()?;
        self.draw()
    }

    fn tokens(&mut self) -> Printed {
        let v = self.model.plan.vocab_size();
        self.heading("1  Tokens")?;
        self.say(&format!(
            "Every character is a number: its place among the {v} tokens of the vocabulary. BOS, number {}, marks where \
             a text begins and ends. {} read, at positions 0 to {}.",
            v - 1,
            count(self.it.tokens.len(), "token"),
            self.it.position,
        ))?;
        let labels = self.labels();
        let ids = self.it.tokens.iter().map(|token| token.id.to_string()).collect();
        self.grid(&[("token", labels), ("id", ids)])
    }

    fn embedding(&mut self) -> Printed {
        let it = self.it;
        let e = &it.embedding;
        let [c, t] = [e.wte.len(), self.model.plan.config().block_size as usize];
        let (id, p) = (it.tokens[it.position as usize].id, it.position);
        self.heading("2  Embedding")?;
        self.say(&format!(
            "Row {id} of wte ({} × {c}) says what the last token is, row {p} of wpe ({t} × {c}) says where it stands. \
             Their sum is scaled to a mean square of 1 (rmsnorm): that is the residual stream x, {c} numbers wide.",
            self.model.plan.vocab_size(),
        ))?;
        self.vector(&format!("wte[{id}]"), &e.wte)?;
        self.vector(&format!("wpe[{p}]"), &e.wpe)?;
        self.vector("sum", &e.sum)?;
        let [mean_square, scale] = [e.mean_square - 1e-5, e.scale];
        self.say(&format!("mean square {mean_square:.6} + 0.00001, to the power −½: × {scale:.6}"))?;
        self.vector("x", &e.normed)
    }

    fn attention(&mut self, i: usize, layer: &Layer) -> Printed {
        let config = self.model.plan.config();
        let (c, d) = (config.n_embd, config.head_dim());
        self.heading(&format!("3  Attention, layer {i}"))?;
        self.say(&format!(
            "{} of {} look back. Query q (from attn_wq, {c} × {c}) meets the key of each token so far (attn_wk); \
             the product, times 1/√{d}, goes through softmax and says how much of each token's value (attn_wv) to take.",
            count(layer.heads.len(), "head"),
            count(d as usize, "component"),
        ))?;
        for (h, head) in layer.heads.iter().enumerate() {
            self.head(h, head)?;
        }
        self.say(&format!("The {c} mixed numbers go through attn_wo ({c} × {c}), and the result is added to x."))?;
        self.vector("attn", &layer.attention_output)?;
        self.vector("x", &layer.after_attention)
    }

    fn head(&mut self, h: usize, head: &Head) -> Printed {
        let four = |numbers: &[f64]| numbers.iter().map(|x| format!("{x:+.4}")).collect::<Vec<_>>();
        let bars = head.weights.iter().map(|&weight| column(weight).to_string().repeat(3)).collect();
        let labels = self.labels();
        writeln!(self.out)?;
        self.grid(&[
            (&format!("head {h}"), labels),
            ("q·k", four(&head.scores)),
            (&format!("×{:.4}", head.scale), four(&head.scaled)),
            ("weight", head.weights.iter().map(|weight| format!("{weight:.4}")).collect()),
            ("", bars),
        ])?;
        self.vector("mix", &head.mix)
    }

    fn mlp(&mut self, i: usize, layer: &Layer) -> Printed {
        let c = self.model.plan.config().n_embd;
        let mlp = &layer.mlp;
        let f = mlp.hidden.len();
        let activation = match self.model.plan.config().activation {
            Activation::Relu => "max(0, h)",
            Activation::Relu2 => "max(0, h)²",
        };
        self.heading(&format!("4  MLP, layer {i}"))?;
        self.say(&format!(
            "mlp_fc1 ({f} × {c}) makes {f} hidden units of the normed x, each passed through {activation}: {} of {f} are on, \
             the others are off (·). mlp_fc2 ({c} × {f}) brings them back to {c} numbers, which are added to x.",
            mlp.active,
        ))?;
        let loudest = mlp.hidden.iter().copied().fold(0.0, f64::max);
        for units in mlp.hidden[..f.min(512)].chunks(line_width().min(76) - 12) {
            let strip: String = units.iter().map(|unit| column(unit / loudest)).collect();
            writeln!(self.out, "            {strip}")?;
        }
        if f > 512 {
            writeln!(self.out, "            {DIM}… {} more (--json has them all){DIM:#}", thousands((f - 512) as u64))?;
        }
        writeln!(self.out, "            {DIM}the largest unit is {loudest:.4}{DIM:#}")?;
        self.vector("mlp", &mlp.output)?;
        self.vector("x", &mlp.residual)
    }

    fn logits(&mut self) -> Printed {
        let [v, c] = [self.model.plan.vocab_size(), self.model.plan.config().n_embd as usize];
        self.heading("5  Logits")?;
        self.say(&format!("lm_head ({v} × {c}) times x: one score for each token to come next, row by row."))?;
        let labels: Vec<String> = (0..v as u32).map(|id| self.model.tokenizer.label(id)).collect();
        let logits = self.it.logits.iter().map(|logit| format!("{logit:+.4}")).collect();
        self.grid(&[("token", labels), ("logit", logits)])
    }

    fn probabilities(&mut self) -> Printed {
        self.heading("6  Probabilities")?;
        self.say("softmax: e to the power of each logit less the largest, divided by their sum. All are positive and add up to 1.")?;
        let order = by_size(&self.it.probs);
        let shown = order.len().min(12);
        for &id in &order[..shown] {
            let p = self.it.probs[id];
            let label = self.model.tokenizer.label(id as u32);
            writeln!(self.out, "   {}  {p:.4}  {}", right(&plain(&label), 5), bar(p, line_width().min(68) - 18))?;
        }
        if order.len() > shown {
            let rest: f64 = order[shown..].iter().map(|&id| self.it.probs[id]).sum();
            writeln!(self.out, "   {DIM}the other {} together {rest:.4}{DIM:#}", order.len() - shown)?;
        }
        Ok(())
    }

    fn draw(&mut self) -> Printed {
        let Draw { sampling, total, random, point, from, to, chosen, weights } = &self.it.draw;
        self.heading("7  The draw")?;
        let t = temperature(sampling.temperature);
        let outcome = if chosen.label == "BOS" { "BOS: the text ends here".to_string() } else { quoted(&chosen.label) };
        match random.zip(*point) {
            None => {
                let p = self.it.probs[chosen.id as usize];
                let why = if sampling.temperature == 0.0 { "" } else { ", too small to divide by," };
                self.say(&format!(
                    "At temperature {t}{why} nothing is drawn: the likeliest token is taken, here with probability {p:.4}."
                ))?;
            }
            Some((u, point)) => {
                let mut shares = Vec::new();
                Sampling { top_k: None, top_p: None, ..*sampling }.weights(&self.it.logits, &mut shares);
                let cut = shares.iter().zip(weights).filter(|&(&share, &weight)| share > 0.0 && weight == 0.0).count();
                let lost = shares.iter().filter(|&&share| share == 0.0).count();
                let cut = one_or_more(cut, " 1 token is cut off.", "tokens are cut off.");
                let lost = one_or_more(
                    lost,
                    " 1 share is too small for a number and is 0.",
                    "shares are too small for a number and are 0.",
                );
                self.say(&format!(
                    "At temperature {t} the logits are divided by {t} before softmax.{lost}{cut} Laid end to end, the shares make \
                     a line from 0 to {total:.4}. The random number {u:.6} is the point {point:.6} on it.",
                ))?;
                self.stretches(&by_size(weights))?;
                self.say(&format!(
                    "The point lies on the stretch of {}, from {from:.6} to {to:.6}.",
                    quoted(&chosen.label)
                ))?;
            }
        }
        writeln!(self.out, "   {MARK}→ {outcome}{MARK:#}")?;
        if chosen.label != "BOS" {
            let now = format!("{}{}", plain(&self.it.text), plain(&chosen.label));
            self.say(&format!("The text is now \"{now}\"; the next prediction starts over at stage 1."))?;
        }
        Ok(())
    }

    /// The likeliest tokens' stretches of the line, in token order, with the chosen one marked.
    fn stretches(&mut self, order: &[usize]) -> Printed {
        let draw = &self.it.draw;
        let chosen = draw.chosen.id as usize;
        let mut shown: Vec<usize> = order.iter().copied().filter(|&id| draw.weights[id] > 0.0).take(8).collect();
        if !shown.contains(&chosen) {
            shown.push(chosen);
        }
        shown.sort_unstable();
        for id in shown {
            let from = draw.weights[..id].iter().fold(0.0, |sum, weight| sum + weight);
            let weight = draw.weights[id];
            let label = self.model.tokenizer.label(id as u32);
            let label = right(&plain(&label), 5);
            let line =
                format!("{label}  {from:.4} to {:.4}  {}", from + weight, bar(weight, line_width().min(72) - 32));
            if id == chosen {
                writeln!(self.out, "   {MARK}{line} ◀{MARK:#}")?;
            } else {
                writeln!(self.out, "   {line}")?;
            }
        }
        Ok(())
    }

    fn labels(&self) -> Vec<String> {
        self.it.tokens.iter().map(|token| plain(&token.label).into_owned()).collect()
    }

    fn heading(&mut self, text: &str) -> Printed {
        writeln!(self.out, "\n{BOLD}{text}{BOLD:#}")
    }

    /// A paragraph, folded to the terminal's width, 77 columns at most.
    fn say(&mut self, text: &str) -> Printed {
        let lines = folded(text, line_width().min(77) - 3);
        lines.iter().try_for_each(|line| writeln!(self.out, "   {line}"))
    }

    /// A named vector, at most 64 of its numbers.
    fn vector(&mut self, name: &str, numbers: &[f64]) -> Printed {
        for (i, some) in numbers[..numbers.len().min(64)].chunks(per_line()).enumerate() {
            let name = if i == 0 { name } else { "" };
            let some: Vec<String> = some.iter().map(|x| format!("{x:+.4}")).collect();
            writeln!(self.out, "   {DIM}{name:<8}{DIM:#} {}", some.join(" "))?;
        }
        if numbers.len() > 64 {
            writeln!(self.out, "            {DIM}… {} more (--json has them all){DIM:#}", numbers.len() - 64)?;
        }
        Ok(())
    }

    /// Rows of cells under each other, as many columns at a time as fit.
    fn grid(&mut self, rows: &[(&str, Vec<String>)]) -> Printed {
        let n = rows[0].1.len();
        let few = per_line();
        for start in (0..n).step_by(few) {
            for (name, cells) in rows {
                let cells: Vec<String> =
                    cells[start..n.min(start + few)].iter().map(|cell| right(&plain(cell), 7)).collect();
                writeln!(self.out, "   {DIM}{name:<8}{DIM:#} {}", cells.join(" "))?;
            }
        }
        Ok(())
    }
}

/// Numbers of seven characters that fit on a line beside a name: eight, fewer on a narrow terminal.
fn per_line() -> usize {
    ((line_width().min(77) - 12) / 8).max(1)
}

/// A temperature as people write it: 0.5, and 1e-200 rather than two hundred zeros.
fn temperature(t: f64) -> String {
    if t == 0.0 || t >= 1e-5 { t.to_string() } else { format!("{t:e}") }
}

/// A sentence about some of them, if there are any.
fn one_or_more(n: usize, one: &str, more: &str) -> String {
    match n {
        0 => String::new(),
        1 => one.to_string(),
        n => format!(" {n} {more}"),
    }
}

/// Indices of the numbers, the largest first.
fn by_size(numbers: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    order.sort_by(|&a, &b| numbers[b].total_cmp(&numbers[a]));
    order
}
