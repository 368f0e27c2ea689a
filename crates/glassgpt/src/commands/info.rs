//! `glassgpt info`: what this program is, and whether this machine computes like the one the goldens were made on.

use glassgpt_lab::engine::{Backend, libm_mismatch};
use serde::Serialize;

use crate::backend;
use crate::corpora::KARPATHY;
use crate::data_dir::data_dir;
use crate::exit_codes::Exit;
use crate::libm_check::{self, FunctionCheck};
use crate::output::{BAD, fact, json_line, stdout};

/// Say what this program and this machine are.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Print one JSON value.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Info {
    r#type: &'static str,
    version: &'static str,
    target: String,
    /// The one in use: what GLASSGPT_BACKEND says, or the fastest that this processor has.
    backend: &'static str,
    backends: Vec<&'static str>,
    /// Whether `exp` and `pow` are computed ahead of the C library, with its bits.
    filter: bool,
    cores: usize,
    libm: Vec<FunctionCheck>,
    exact: bool,
    data_dir: Option<String>,
    karpathy_fetched: bool,
}

/// Looks and tells.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    let libm = libm_check::check();
    let info = Info {
        r#type: "info",
        version: env!("CARGO_PKG_VERSION"),
        target: target(),
        backend: backend::from_environment()?.unwrap_or(Backend::best()).name(),
        backends: Backend::available().map(Backend::name).collect(),
        filter: filter().is_ok(),
        cores: std::thread::available_parallelism().map_or(1, usize::from),
        exact: libm.iter().all(|function| function.exact),
        libm,
        data_dir: data_dir().map(|path| path.display().to_string()),
        karpathy_fetched: KARPATHY.load().is_ok_and(|corpus| corpus.is_some()),
    };
    let mut out = stdout();
    if args.json {
        json_line(&mut out, &info)?;
        return Ok(Exit::Success);
    }
    let mut line = |name: &str, value: &str| fact(&mut out, name, 12, value);
    line("version", info.version)?;
    line("target", &info.target)?;
    line(
        "backend",
        &format!("{}, f64, one thread a model (this processor has {})", info.backend, info.backends.join(", ")),
    )?;
    match filter() {
        Ok(()) => line("filter", "on: exp and pow are computed ahead of the C library, whose bits they have")?,
        Err(why) => line("filter", &format!("off, because {why}"))?,
    }
    line("cores", &info.cores.to_string())?;
    let inexact: Vec<&str> = info.libm.iter().filter(|f| !f.exact).map(|f| f.function).collect();
    let verdict = if inexact.is_empty() {
        format!("exact: exp, ln, pow, sin and cos give glibc's bits ({} values each)", libm_check::VALUES)
    } else {
        format!(
            "{BAD}not exact{BAD:#}: {} differ from glibc's in some last bits; printed digits agree",
            inexact.join(", ")
        )
    };
    line("libm", &verdict)?;
    line("data", info.data_dir.as_deref().unwrap_or("no home directory"))?;
    line(
        "karpathy",
        if info.karpathy_fetched { "fetched" } else { "not fetched; `glassgpt data fetch karpathy` does it" },
    )?;
    Ok(Exit::Success)
}

/// Nothing if the filter is on, else why not.
fn filter() -> Result<(), String> {
    if Backend::best() == Backend::Portable {
        return Err("this processor has no fused multiply-add over vectors".into());
    }
    libm_mismatch().map_or(Ok(()), |function| Err(format!("this C library's {} has other bits", function.name())))
}

fn target() -> String {
    let env = if cfg!(target_env = "gnu") {
        "-gnu"
    } else if cfg!(target_env = "musl") {
        "-musl"
    } else if cfg!(target_env = "msvc") {
        "-msvc"
    } else {
        ""
    };
    format!("{}-{}{env}", std::env::consts::ARCH, std::env::consts::OS)
}
