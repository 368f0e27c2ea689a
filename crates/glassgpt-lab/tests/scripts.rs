//! What people do, as scripts that can be read: one command a line, and under it what happened.
//!
//! Why text: a scenario and its event log stand side by side, and a change of behaviour shows as a change of text.
//! `UPDATE_SCRIPTS=1 cargo test -p glassgpt-lab --test scripts` writes the logs anew; read the difference before keeping it.

use std::fs;
use std::path::{Path, PathBuf};

use glassgpt_core::{Sampling, Schedule};
use glassgpt_lab::intervention::Intervention;
use glassgpt_lab::protocol::*;
use glassgpt_lab::{Address, Reading};

mod support;
use support::*;

#[test]
fn every_script_leads_to_its_log() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts");
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file").path()).collect();
    paths.sort();
    assert!(!paths.is_empty());
    for path in paths {
        let script = fs::read_to_string(&path).expect("text");
        let log = perform(&script);
        if std::env::var_os("UPDATE_SCRIPTS").is_some() {
            fs::write(&path, &log).expect("the folder is writable");
        } else {
            assert_eq!(log, script, "{}", path.display());
        }
    }
}

/// The script again with the events under each command.
fn perform(script: &str) -> String {
    let mut session = open(&watched());
    let mut log = String::new();
    for line in script.lines() {
        let Some(command) = line.strip_prefix("> ") else {
            // Old events are dropped; remarks and blank lines stay.
            if !line.starts_with("  ") {
                log += &format!("{line}\n");
            }
            continue;
        };
        log += &format!("{line}\n");
        let words: Vec<&str> = command.split(' ').collect();
        let events = match (words[0], words.get(1)) {
            ("advance", Some(steps)) => Ok(session.advance(number(steps))),
            _ => session.apply(parse(&words)),
        };
        match events {
            Ok(events) if events.is_empty() => log += "  nothing\n",
            Ok(events) => events.iter().for_each(|event| log += &format!("  {}\n", tell(event))),
            Err(refusal) => log += &format!("  refused: {refusal}\n"),
        }
    }
    log
}

fn number<T: std::str::FromStr>(word: &str) -> T {
    word.parse().ok().expect("a number")
}

fn all(words: &[&str]) -> Vec<Address> {
    words.iter().map(|word| number(word)).collect()
}

fn parse(words: &[&str]) -> Command {
    match *words {
        ["step"] => Command::Step,
        ["run"] => Command::Run { steps: None, pace: None },
        ["run", steps] => Command::Run { steps: Some(number(steps)), pace: None },
        ["pause"] => Command::Pause,
        ["reset"] => Command::Reset,
        ["seek", step] => Command::Seek { branch: None, step: number(step) },
        ["seek", step, "on", branch] => Command::Seek { branch: Some(number(branch)), step: number(step) },
        ["fork", step] => Command::Fork { step: number(step) },
        ["learning_rate", rate] => Command::SetLearningRate { learning_rate: number(rate) },
        ["schedule", name] => Command::SetSchedule { schedule: Schedule::from_name(name).expect("a schedule") },
        ["temperature", temperature] => Command::SetTemperature { temperature: number(temperature) },
        ["observe", ref addresses @ ..] => Command::Observe { addresses: all(addresses) },
        ["unobserve"] => Command::Unobserve { addresses: None },
        ["unobserve", ref addresses @ ..] => Command::Unobserve { addresses: Some(all(addresses)) },
        ["set", address, value] => {
            let (address, value) = (number(address), number(value));
            Command::Intervene { intervention: Intervention::SetParameter { address, value } }
        }
        ["zero_head", layer, head] => {
            let (layer, head) = (number(layer), number(head));
            Command::Intervene { intervention: Intervention::ZeroHead { layer, head } }
        }
        ["undo", id] => Command::UndoIntervention { id: Some(number(id)) },
        ["undo"] => Command::UndoIntervention { id: None },
        ["sample", count] => {
            Command::Sample { count: number(count), sampling: Sampling::default(), prefix: String::new() }
        }
        _ => panic!("no such command: {words:?}"),
    }
}

fn tell(NumberedEvent { seq, event }: &NumberedEvent) -> String {
    let what = match event {
        Event::Started { experiment, .. } => format!("started: {} parameters", experiment.num_params),
        Event::Trained { records, automatic_samples, held_out, .. } => {
            let [first, last] = [records[0], records[records.len() - 1]];
            let samples: Vec<u32> = automatic_samples.iter().map(|at| at.step).collect();
            let held_out: Vec<u32> = held_out.iter().map(|at| at.step).collect();
            format!(
                "trained {} to {}: loss {:.4}, rate {:.5}; samples after {samples:?}, held out after {held_out:?}",
                first.step, last.step, last.loss, last.learning_rate
            )
        }
        Event::StatusChanged { status } => {
            let until = status.run_until.map(|step| format!(" until {step}")).unwrap_or_default();
            format!("{:?}{until}", status.phase).to_lowercase()
        }
        Event::Sampled { samples } => {
            let texts: Vec<&str> = samples.samples.iter().map(|sample| sample.text.as_str()).collect();
            format!("wrote {texts:?}")
        }
        Event::Moved { branch, step, line, settings, .. } => {
            let line = line.as_ref().map(|line| format!(", {} records", line.records.len())).unwrap_or_default();
            format!("moved to step {step} on branch {branch}{line}; rate {}", settings.learning_rate)
        }
        Event::Forked { branch } => {
            format!("forked: branch {} from step {} of {}", branch.id, branch.begin, branch.parent.expect("a parent"))
        }
        Event::Observed { readings } => {
            let told = |reading: &Reading| match reading.values[..] {
                [number] => format!("{} = {number:.4}", reading.address),
                _ => format!("{}: {} numbers", reading.address, reading.values.len()),
            };
            format!("observed {:?}", readings.iter().map(told).collect::<Vec<_>>())
        }
        Event::InterventionsChanged { interventions } => {
            let ids: Vec<u32> = interventions.active.iter().map(|one| one.id).collect();
            format!("interventions in force: {ids:?}")
        }
        Event::Imported { report, .. } => format!("imported; reproduced: {}", report.reproduced),
        Event::SettingsChanged { change: Change { step, settings }, .. } => {
            let Settings { learning_rate, schedule, temperature } = settings;
            format!("from step {step} on: rate {learning_rate}, {}, temperature {temperature}", schedule.name())
        }
    };
    format!("{seq} {what}")
}
