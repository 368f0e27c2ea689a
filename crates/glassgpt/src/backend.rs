//! Which instruction set the fused engine runs on: what `--backend` says, else the environment, else the fastest.
//!
//! Why one may choose: all give the same bits, and that is to be seen, not believed. Only the binary reads the environment.

use anyhow::bail;
use glassgpt_lab::engine::{Backend, EngineKind};

/// The environment variable that chooses for all commands.
pub(crate) const VARIABLE: &str = "GLASSGPT_BACKEND";

/// The choice on the command line.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct BackendArgs {
    /// Instruction set of the fast engine: avx512, avx2, neon or portable; all give the same bits
    /// [default: GLASSGPT_BACKEND, else the fastest here].
    #[arg(long, value_name = "NAME", help_heading = "Experiment")]
    backend: Option<String>,
}

impl BackendArgs {
    /// What was asked for, here or in the environment.
    pub(crate) fn asked(&self) -> anyhow::Result<Option<Backend>> {
        match &self.backend {
            Some(name) => checked("--backend ", name).map(Some),
            None => from_environment(),
        }
    }

    /// The one to use with an engine. It is an error to choose one for the scalar engine, which has none.
    pub(crate) fn chosen_for(&self, kind: EngineKind) -> anyhow::Result<Backend> {
        if let (Some(name), EngineKind::Scalar) = (&self.backend, kind) {
            bail!("--backend {name} is for the fused engine; the scalar one computes one number at a time everywhere");
        }
        Ok(self.asked()?.unwrap_or(Backend::best()))
    }
}

/// What the environment asks for. An empty variable asks for nothing.
pub(crate) fn from_environment() -> anyhow::Result<Option<Backend>> {
    let name = std::env::var_os(VARIABLE).filter(|name| !name.is_empty());
    name.map(|name| checked(&format!("{VARIABLE}="), &name.to_string_lossy())).transpose()
}

fn checked(source: &str, name: &str) -> anyhow::Result<Backend> {
    let names =
        |backends: &mut dyn Iterator<Item = Backend>| backends.map(Backend::name).collect::<Vec<_>>().join(", ");
    match Backend::from_name(name) {
        Some(backend) if backend.is_available() => Ok(backend),
        Some(_) => {
            bail!("{source}{name}: this processor does not have it; it has {}", names(&mut Backend::available()))
        }
        None => bail!(
            "{source}{name}: there is no such backend; there are {}, and this processor has {}",
            names(&mut Backend::ALL.into_iter()),
            names(&mut Backend::available())
        ),
    }
}
