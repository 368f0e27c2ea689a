//! What a session must be: the commands that were acknowledged, carried out here.
//!
//! Why kept as a list: whether the one command that was under way when the server was killed counts, only the server can
//! tell. Then both courses are tried.

use anyhow::{Context, Result, bail};
use glassgpt_lab::protocol::{Command, Phase, Snapshot, Spec};
use glassgpt_lab::{Library, Question, Session};
use serde_json::Value;

/// Steps at a time; it makes no difference.
const SLICE: u32 = 64;

/// Something that happened to a session.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// A command was carried out.
    Command(Command),
    /// It trained until it stood after so many steps.
    Trained(u32),
    /// It trained until it rested.
    Rested,
}

/// A session here.
pub(crate) struct Twin {
    spec: Spec,
    pub(crate) session: Session,
    acts: Vec<Act>,
}

impl Twin {
    /// At step 0.
    pub(crate) fn new(spec: Spec) -> Result<Self> {
        Ok(Self { session: Session::new(&spec, Library::embedded())?, spec, acts: Vec::new() })
    }

    /// The same again, with something more that may have happened.
    pub(crate) fn and(&self, more: &[Act]) -> Result<Self> {
        let mut twin = Self::new(self.spec.clone())?;
        for act in self.acts.iter().chain(more) {
            twin.act(act.clone())?;
        }
        Ok(twin)
    }

    /// Something happened.
    ///
    /// # Errors
    /// If it cannot have.
    pub(crate) fn act(&mut self, act: Act) -> Result<()> {
        match &act {
            Act::Command(command) => {
                self.session.apply(command.clone()).with_context(|| format!("{command:?} is not possible here"))?;
            }
            Act::Trained(step) => {
                let left = step.checked_sub(self.session.steps_done());
                let left = left.with_context(|| format!("it stood at {} already", self.session.steps_done()))?;
                self.session.advance(left);
                if self.session.steps_done() != *step {
                    bail!("it cannot have come to step {step}");
                }
            }
            Act::Rested => {
                while self.session.status().phase == Phase::Running {
                    self.session.advance(SLICE);
                }
            }
        }
        self.acts.push(act);
        Ok(())
    }

    /// How many commands it has carried out.
    pub(crate) fn commands(&self) -> usize {
        self.acts.iter().filter(|act| matches!(act, Act::Command(_))).count()
    }

    /// The first thing in which a session is another, by its snapshot and the numbers at some addresses; none if they are the
    /// same to the bit.
    pub(crate) fn difference(&self, snapshot: Snapshot, readings: &Value) -> Result<Option<String>> {
        let own = Snapshot { seq: 0, ..self.session.snapshot() };
        let theirs = Snapshot { seq: 0, ..snapshot };
        if (own.step, own.branch) != (theirs.step, theirs.branch) {
            let [(a, b), (c, d)] = [(theirs.step, theirs.branch), (own.step, own.branch)];
            return Ok(Some(format!("it is at step {a} of branch {b} and should be at {c} of {d}")));
        }
        // As text, which also tells 0 from -0.
        let [own, theirs] = [serde_json::to_value(&own)?, serde_json::to_value(&theirs)?];
        let fields = own.as_object().context("a snapshot has fields")?;
        for (field, own) in fields {
            if let Some(place) = first_difference(field, own, &theirs[field]) {
                return Ok(Some(place));
            }
        }
        let own = serde_json::to_value(self.session.ask(&parameters()?)?)?;
        Ok(first_difference("parameters", &own, readings))
    }
}

/// Asks for every parameter.
pub(crate) fn parameters() -> Result<Question> {
    let names = ["wte", "wpe", "lm_head", "layer0.attn_wq", "layer0.attn_wk", "layer0.attn_wv", "layer0.attn_wo"];
    let names = names.iter().chain(&["layer0.mlp_fc1", "layer0.mlp_fc2"]);
    let addresses = names.map(|name| name.parse().with_context(|| format!("{name} is an address")));
    Ok(Question::Read { addresses: addresses.collect::<Result<_>>()? })
}

/// Where two values are written differently, and how. Equal texts are equal bits, and a zero is not a negative one.
fn first_difference(place: &str, own: &Value, theirs: &Value) -> Option<String> {
    match (own, theirs) {
        (Value::Array(own), Value::Array(theirs)) if own.len() == theirs.len() => {
            own.iter().zip(theirs).enumerate().find_map(|(i, (a, b))| first_difference(&format!("{place}[{i}]"), a, b))
        }
        (Value::Object(own), Value::Object(theirs)) if own.keys().eq(theirs.keys()) => {
            own.iter().find_map(|(key, own)| first_difference(&format!("{place}.{key}"), own, &theirs[key]))
        }
        _ => {
            let [own, theirs] = [own, theirs].map(Value::to_string);
            (own != theirs).then(|| format!("{place} is {theirs:.80} and should be {own:.80}"))
        }
    }
}
