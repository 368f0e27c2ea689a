//! Many clients on one session that trains flat out: each is told everything once, and none of them slows it down.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use glassgpt_lab::protocol::Snapshot;
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::http::Http;
use crate::keeper::{LONG, forget, keep, run_new};
use crate::lab::Lab;
use crate::plan::Plan;
use crate::report::Part;
use crate::talk::Talk;
use crate::told::{Known, Library, Told};

/// One client in so many reads nothing until the end.
const STALLED: usize = 10;

/// How long clients may take to hear the last of it once training stands still.
const PATIENCE: Duration = Duration::from_secs(120);

/// Where the session came to rest: the last event's number, and what every client must know then.
type End = watch::Receiver<Option<(u32, Known)>>;

/// What a client heard.
#[derive(Default)]
struct Heard {
    frames: u32,
    snapshots: u32,
    seconds: f64,
}

/// Measures them.
///
/// # Errors
/// If the server does not do as told.
pub(crate) async fn clients(lab: &Lab, plan: &Plan) -> Result<Part> {
    let mut part = Part::new("many clients on one session that trains flat out");
    let address = lab.address;
    let mut http = Http::connect(address).await?;
    let session = run_new(address, &mut http, LONG).await?;
    let sessions = std::slice::from_ref(&session);
    let before = keep(address, sessions, LONG, Duration::from_secs_f64(plan.seconds / 4.0)).await?.rate();

    let memory = lab.memory();
    let (tell_end, end) = watch::channel(None);
    let library = Arc::new(Library::default());
    let (mut readers, mut stalled) = (JoinSet::new(), JoinSet::new());
    for i in 0..plan.clients {
        let is_stalled = i % STALLED == STALLED - 1;
        let stream = if is_stalled { narrow(address).await? } else { TcpStream::connect(address).await? };
        let talk = Talk::through(stream, address, &session).await?;
        let (library, end) = (library.clone(), end.clone());
        if is_stalled {
            stalled.spawn(late(talk, library, end));
        } else {
            readers.spawn(read(talk, library, end));
        }
    }
    let during = keep(address, sessions, LONG, Duration::from_secs_f64(plan.seconds)).await?.rate();
    let during_memory = lab.memory();

    http.pause(&session).await?;
    let snapshot: Snapshot = http.get(&format!("/api/v1/sessions/{session}/snapshot")).await?.read()?;
    let records = u32::try_from(snapshot.records.len()).context("so many records there cannot be")?;
    tell_end.send_replace(Some((snapshot.seq, Known { records, step: snapshot.step })));
    let resting = Instant::now();
    let (heard, readers_failed) = gather(readers, &mut part, "a client that reads").await;
    let caught_up = resting.elapsed();
    let (late, late_failed) = gather(stalled, &mut part, "a client that read nothing for a while").await;

    part.tell("clients that read", heard.len() as f64, "");
    part.at_most("… not told everything once", f64::from(readers_failed), "clients", 0.0);
    // The greeting and the snapshot come at once, and are no frames of what happens.
    let rate = |heard: &Heard| f64::from(heard.frames.saturating_sub(2)) / heard.seconds;
    part.little("… with frames a second", heard.iter().map(rate).fold(0.0, f64::max), "Hz", 60.0);
    part.tell("… snapshots told them, on average", mean(&heard, |heard| heard.snapshots), "");
    part.tell("… frames told them, on average", mean(&heard, |heard| heard.frames), "");
    part.tell("… all caught up after the last step in", caught_up.as_secs_f64() * 1e3, "ms");
    part.tell("clients that read nothing until the end", late.len() as f64, "");
    part.at_most("… not brought up to date then", f64::from(late_failed), "clients", 0.0);
    let snapshots = late.iter().filter(|heard| heard.snapshots > 1).count();
    part.tell("… of them by another snapshot", snapshots as f64, "");
    part.tell("trained without clients", before, "steps/s");
    part.tell("trained with them, which take cores as well", during, "steps/s");
    for (what, memory) in [("before", memory), ("with clients", during_memory), ("at most so far", lab.most_memory())] {
        if let Some(memory) = memory {
            part.tell(&format!("memory of the server, {what}"), memory, "MiB");
        }
    }
    forget(&mut http, sessions).await?;
    Ok(part)
}

fn mean(heard: &[Heard], of: impl Fn(&Heard) -> u32) -> f64 {
    heard.iter().map(|heard| f64::from(of(heard))).sum::<f64>() / heard.len().max(1) as f64
}

/// A connection that can take in little without reading.
async fn narrow(address: SocketAddr) -> Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(4096)?;
    Ok(socket.connect(address).await?)
}

/// Waits for all, and counts those that failed.
async fn gather(mut clients: JoinSet<Result<Heard>>, part: &mut Part, who: &str) -> (Vec<Heard>, u32) {
    let (mut heard, mut failed) = (Vec::new(), 0);
    while let Some(client) = clients.join_next().await {
        match client.context("a client was not finished").and_then(|result| result) {
            Ok(client) => heard.push(client),
            Err(error) => {
                failed += 1;
                if failed <= 3 {
                    part.fault(format!("{who}: {error:#}"));
                }
            }
        }
    }
    (heard, failed)
}

/// Reads nothing until the session rests.
async fn late(talk: Talk, library: Arc<Library>, mut end: End) -> Result<Heard> {
    end.wait_for(Option::is_some).await?;
    sleep(Duration::from_millis(100)).await;
    read(talk, library, end).await
}

/// Reads until it knows as much as there is to know, and checks every number on the way.
async fn read(mut talk: Talk, library: Arc<Library>, mut end: End) -> Result<Heard> {
    let (mut seq, mut known, mut heard, began) = (None, Known::default(), Heard::default(), Instant::now());
    loop {
        let last = *end.borrow_and_update();
        match last {
            Some((last, expected)) if seq.is_some_and(|seq| seq >= last) => {
                if seq != Some(last) || known != expected {
                    bail!("it ends with {known:?} after event {seq:?}; the session with {expected:?} after {last}");
                }
                return Ok(heard);
            }
            Some((last, _)) => {
                let text = timeout(PATIENCE, talk.next());
                let text = text.await.with_context(|| format!("it heard up to {seq:?} of {last} events"))??;
                heard.frames += 1;
                heard.seconds = began.elapsed().as_secs_f64();
                for told in library.read(&text)? {
                    take(&told, &mut seq, &mut known, &mut heard)?;
                }
            }
            None => {
                let text = tokio::select! {
                    text = talk.next() => text?,
                    _ = end.changed() => continue,
                };
                heard.frames += 1;
                heard.seconds = began.elapsed().as_secs_f64();
                for told in library.read(&text)? {
                    take(&told, &mut seq, &mut known, &mut heard)?;
                }
            }
        }
    }
}

fn take(told: &Told, seq: &mut Option<u32>, known: &mut Known, heard: &mut Heard) -> Result<()> {
    let next = match *told {
        Told::Nothing => return Ok(()),
        Told::Snapshot { seq: next, known: all } => {
            if seq.is_some_and(|seq| seq > next) {
                bail!("a snapshot leads back from event {seq:?} to {next}");
            }
            (*seq, *known) = (Some(next), all);
            heard.snapshots += 1;
            return Ok(());
        }
        Told::Started { seq } => {
            *known = Known::default();
            seq
        }
        Told::Trained { seq, first, records, step } => {
            if first != known.records + 1 {
                bail!("event {seq} tells of steps from {first} on; {} were known", known.records);
            }
            *known = Known { records: known.records + records, step };
            seq
        }
        Told::Other { seq } => seq,
    };
    if seq.is_none_or(|seq| seq + 1 != next) {
        bail!("event {next} came after {seq:?}");
    }
    *seq = Some(next);
    Ok(())
}
