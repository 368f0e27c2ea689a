//! The threads that share the documents of a step.
//!
//! Why they wait awake for a moment: a step takes about as long as it takes to wake a sleeping thread, and the next step comes at once.

use std::sync::mpsc::{self, Receiver, RecvError, Sender, TryRecvError};
use std::thread;
use std::time::{Duration, Instant};

use glassgpt_fused::{Crew, Job};

/// How long a thread looks out for what is to come before it falls asleep.
const AWAKE: Duration = Duration::from_micros(200);

/// As many as the machine runs at the same time.
pub(crate) fn one_a_core() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Some threads, the caller's among them.
#[derive(Debug)]
pub(crate) struct Threads(Vec<Helper>);

/// A thread. It ends when its jobs can come no more.
#[derive(Debug)]
struct Helper {
    jobs: Sender<Job>,
    done: Receiver<()>,
}

impl Threads {
    /// `n` of them; one is the caller's.
    pub(crate) fn start(n: usize) -> Self {
        Self((1..n).map(|_| Helper::start()).collect())
    }
}

impl Crew for Threads {
    fn size(&self) -> usize {
        self.0.len() + 1
    }

    fn run(&self, mut jobs: Vec<Job>) {
        let own = jobs.split_off(jobs.len().saturating_sub(1).min(self.0.len()));
        let busy = &self.0[..jobs.len()];
        for (helper, job) in busy.iter().zip(jobs) {
            helper.jobs.send(job).expect("it takes jobs as long as it lives");
        }
        own.into_iter().for_each(|job| job());
        for helper in busy {
            next(&helper.done).expect("no job panics");
        }
    }
}

impl Helper {
    fn start() -> Self {
        let ((jobs, todo), (tell, done)) = (mpsc::channel::<Job>(), mpsc::channel());
        thread::spawn(move || {
            while let Ok(job) = next(&todo) {
                job();
                if tell.send(()).is_err() {
                    break;
                }
            }
        });
        Self { jobs, done }
    }
}

/// What comes next, soon or late.
fn next<T>(from: &Receiver<T>) -> Result<T, RecvError> {
    let began = Instant::now();
    loop {
        match from.try_recv() {
            Ok(it) => return Ok(it),
            Err(TryRecvError::Disconnected) => return Err(RecvError),
            Err(TryRecvError::Empty) if began.elapsed() > AWAKE => return from.recv(),
            Err(TryRecvError::Empty) => thread::yield_now(),
        }
    }
}
