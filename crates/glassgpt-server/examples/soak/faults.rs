//! The server is killed again and again while people work, and nothing that it acknowledged may be gone.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use fastrand::Rng;
use tokio::time::sleep;

use crate::http::Http;
use crate::keeper::{LONG, run_again, run_new};
use crate::lab::{Lab, panics};
use crate::plan::Plan;
use crate::report::Part;
use crate::times::{Times, Within};
use crate::writer::{Stop, Writer};

/// How many people work at the same time.
const WRITERS: u64 = 6;

/// Sessions that train unwatched all the while.
const RUNNING: usize = 4;

/// Kills it, and looks what is left.
///
/// # Errors
/// If the server cannot be started.
pub(crate) async fn faults(plan: &Plan, folder: &Path) -> Result<Part> {
    let mut part = Part::new("killed while people work");
    let mut rng = Rng::with_seed(plan.seed);
    let mut writers: Vec<Writer> = (0..WRITERS).map(|i| Writer::new(plan.seed ^ (i + 1))).collect();
    let (mut up, mut back, mut wrong) = (Times::default(), Times::default(), 0);
    let mut busy = Vec::new();
    for kill in 0..=plan.kills {
        let began = Instant::now();
        let mut lab = Lab::start(&plan.program, folder)?;
        up.add(began.elapsed());
        let is_last = kill == plan.kills;
        let (checked, faults) = each(writers, async move |writer| writer.check(lab.address, is_last).await).await;
        writers = checked;
        if kill > 0 {
            back.add(began.elapsed());
        }
        let problems = faults.len();
        faults.into_iter().for_each(|fault| part.fault(format!("after {kill} kills: {fault:#}")));
        wrong += problems;
        if is_last || problems > 0 {
            break;
        }
        let mut http = Http::connect(lab.address).await?;
        if busy.is_empty() {
            for _ in 0..RUNNING {
                busy.push(run_new(lab.address, &mut http, LONG).await?);
            }
        }
        for session in &busy {
            // One that ran when the server was killed runs again as soon as someone asks for it.
            if !http.standing(session).await?.running {
                run_again(lab.address, &mut http, session).await?;
            }
        }
        let work = each(writers, async move |writer| match writer.work(lab.address).await {
            Stop::Cut => Ok(()),
            Stop::Wrong(error) => Err(error),
        });
        let time = Duration::from_millis(rng.u64(50..900));
        let killer = async {
            sleep(time).await;
            lab.kill()
        };
        let ((worked, faults), killed) = tokio::join!(work, killer);
        writers = worked;
        killed?;
        wrong += faults.len();
        faults.into_iter().for_each(|fault| part.fault(format!("before kill {}: {fault:#}", kill + 1)));
    }
    let sum = |of: fn(&Writer) -> u32| f64::from(writers.iter().map(of).sum::<u32>());
    part.tell("people at work, sessions that train beside them", WRITERS as f64 + RUNNING as f64, "");
    part.tell("kills", plan.kills as f64, "");
    part.tell("sessions", writers.iter().map(Writer::n_sessions).sum::<usize>() as f64, "");
    part.fast("commands acknowledged", sum(|writer| writer.acknowledged), "", 10.0 * plan.kills as f64);
    part.at_most("sessions that are not what was acknowledged", wrong as f64, "", 0.0);
    part.tell("commands done that nobody was told of any more", sum(|writer| writer.unheard), "");
    up.tell(&mut part, "from start to listening", Within::Whatever);
    back.tell(&mut part, "from start to every last session checked", Within::Whatever);
    panics(folder).into_iter().for_each(|line| part.fault(line));
    Ok(part)
}

/// Lets all writers do something at once. Returns them, and what went wrong.
async fn each<F>(writers: Vec<Writer>, act: F) -> (Vec<Writer>, Vec<anyhow::Error>)
where
    F: AsyncFn(&mut Writer) -> Result<()>,
{
    let acts = writers.into_iter().map(|mut writer| {
        let act = &act;
        async move {
            let result = act(&mut writer).await;
            (writer, result.err())
        }
    });
    let (writers, faults): (Vec<_>, Vec<_>) = futures_util::future::join_all(acts).await.into_iter().unzip();
    (writers, faults.into_iter().flatten().collect())
}
