//! Many sessions, many clients, kills and abuse: what the real program bears, measured from outside.
//!
//! Why a program and no test: it takes the machine for minutes, and its figures are worth reading when all is well, too.
//! `cargo xtask soak` builds the release program and this one, and says what to do.
//!
//! The modules in reading order: what to do (`plan`) and what was found (`report`, `times`), the server as a process (`lab`) and
//! ways to talk to it (`http`, `talk`), then what is measured: a crowd of sessions (`crowd`, `keeper`), many clients (`clients`,
//! `told`), kills (`faults`, `writer`, `twin`), and abuse (`abuse`).

mod plan;
mod report;
mod times;

mod lab;
mod http;
mod talk;

mod crowd;
mod keeper;

mod clients;
mod told;

mod faults;
mod writer;
mod twin;

mod abuse;

use std::process::ExitCode;

use anyhow::Result;

use crate::lab::{Lab, panics};
use crate::plan::Plan;
use crate::report::{Part, Report, load};

#[tokio::main]
async fn main() -> ExitCode {
    match soak().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("soak: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn soak() -> Result<bool> {
    let plan = Plan::from_arguments()?;
    let load = load();
    let folder = tempfile::tempdir()?;
    let mut parts = Vec::new();
    let mut found = |part: Part| {
        if !plan.json {
            println!("{}", part.table());
        }
        parts.push(part);
    };

    let lab = Lab::start(&plan.program, folder.path())?;
    let (part, alone) = crowd::alone(lab.address, &plan).await?;
    found(part);
    found(crowd::crowd(&lab, &plan, alone).await?);
    found(clients::clients(&lab, &plan).await?);
    let mut part = abuse::abuse(&lab, &plan).await?;
    drop(lab);
    panics(folder.path()).into_iter().for_each(|line| part.fault(line));
    found(part);

    let folder = tempfile::tempdir()?;
    found(faults::faults(&plan, folder.path()).await?);

    let report = Report::new(parts, plan.seed, load);
    if plan.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        println!("{}", report.verdict());
    }
    Ok(report.holds)
}
