//! Fairness and promptness, with players that only count and sleep.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc;

use super::*;

const PATIENCE: Duration = Duration::from_secs(120);

/// One who trains by sleeping, and can be asked for its number of turns, to panic, or to leave.
struct Counter {
    turns: Arc<AtomicU32>,
    trains: Arc<AtomicBool>,
    listens: Arc<AtomicBool>,
    pace: Option<Duration>,
    next: Instant,
    /// What holds it up in the middle of its turn.
    gate: Option<Arc<Mutex<()>>>,
}

enum Ask {
    Turns(mpsc::Sender<u32>),
    /// All the turns of these, added up.
    Total(Vec<Arc<AtomicU32>>, mpsc::Sender<u32>),
    Panic,
    Leave,
}

impl Player for Counter {
    type Request = Ask;

    fn answer(&mut self, requests: &mut VecDeque<Ask>) -> Going {
        match requests.pop_front() {
            Some(Ask::Turns(reply)) => drop(reply.send(self.turns.load(Ordering::SeqCst))),
            Some(Ask::Total(turns, reply)) => {
                let _gone = reply.send(turns.iter().map(|turns| turns.load(Ordering::SeqCst)).sum());
            }
            Some(Ask::Panic) => panic!("as asked"),
            Some(Ask::Leave) => return Going::Ended,
            None => {}
        }
        Going::On
    }

    fn train(&mut self, slice: Duration) -> Going {
        if self.trains.load(Ordering::SeqCst) {
            self.turns.fetch_add(1, Ordering::SeqCst);
            if let Some(gate) = self.gate.take() {
                drop(gate.lock());
            }
            match self.pace {
                None => thread::sleep(slice),
                Some(pace) => self.next = Instant::now() + pace,
            }
        }
        self.listens.store(true, Ordering::SeqCst);
        Going::On
    }

    fn due(&mut self) -> Due {
        match self.trains.load(Ordering::SeqCst) || !self.listens() {
            false => Due::Never,
            true if self.pace.is_some() => Due::At(self.next),
            true => Due::Now,
        }
    }

    fn listens(&self) -> bool {
        self.listens.load(Ordering::SeqCst)
    }
}

struct Guest {
    seat: Arc<Seat<Counter>>,
    turns: Arc<AtomicU32>,
    trains: Arc<AtomicBool>,
}

impl Guest {
    fn new(pool: &Pool<Counter>, trains: bool, pace: Option<Duration>, listens: bool) -> Self {
        Self::behind(pool, trains, pace, listens, None)
    }

    /// One that trains, and does not end its first turn before the gate is open.
    fn held_up(pool: &Pool<Counter>, gate: Arc<Mutex<()>>) -> Self {
        Self::behind(pool, true, None, true, Some(gate))
    }

    fn behind(
        pool: &Pool<Counter>,
        trains: bool,
        pace: Option<Duration>,
        listens: bool,
        gate: Option<Arc<Mutex<()>>>,
    ) -> Self {
        let (turns, trains) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicBool::new(trains)));
        let listens = Arc::new(AtomicBool::new(listens));
        let player =
            Counter { turns: turns.clone(), trains: trains.clone(), listens, pace, next: Instant::now(), gate };
        Self { seat: pool.admit(player), turns, trains }
    }

    fn training(pool: &Pool<Counter>) -> Self {
        Self::new(pool, true, None, true)
    }

    fn ask(&self) -> Result<u32, mpsc::RecvTimeoutError> {
        let (reply, answer) = mpsc::channel();
        self.seat.ask(Ask::Turns(reply));
        answer.recv_timeout(PATIENCE)
    }

    fn turns(&self) -> u32 {
        self.turns.load(Ordering::SeqCst)
    }
}

/// Waits for something that is bound to happen.
fn until(what: &str, happens: impl Fn() -> bool) {
    let began = Instant::now();
    while !happens() {
        assert!(began.elapsed() < PATIENCE, "{what}");
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn slices_become_shorter_the_more_there_are() {
    let lengths: Vec<u128> = [0, 1, 20, 40, 199].into_iter().map(|waiting| slice(waiting, 2).as_millis()).collect();
    assert_eq!(lengths, [17, 17, 17, 9, 4]);
}

#[test]
fn all_who_train_have_as_many_turns() {
    let pool = Pool::start(1).unwrap();
    let guests: Vec<Guest> = (0..20).map(|_| Guest::training(&pool)).collect();
    until("everyone has ten turns", || guests.iter().all(|guest| guest.turns() >= 10));
    pool.close(); // no more than the turn that has begun is counted while they are read
    let turns: Vec<u32> = guests.iter().map(Guest::turns).collect();
    let [least, most] = [turns.iter().min().unwrap(), turns.iter().max().unwrap()];
    assert!(most - least <= 2, "{turns:?}");
}

#[test]
fn whoever_is_asked_comes_before_all_who_train() {
    let pool = Pool::start(1).unwrap();
    let gate = Arc::new(Mutex::new(()));
    let closed = gate.lock().unwrap();
    let first = Guest::held_up(&pool, gate.clone());
    until("the only thread is held up", || first.turns() > 0);
    // While it is, fifty come to train, the last of them is asked, and one that does not train.
    let guests: Vec<Guest> = (0..50).map(|_| Guest::training(&pool)).collect();
    let idle = Guest::new(&pool, false, None, true);
    let (reply, answers) = mpsc::channel();
    let total = || Ask::Total(guests.iter().map(|guest| guest.turns.clone()).collect(), reply.clone());
    idle.seat.ask(total());
    guests[49].seat.ask(total());
    drop(closed);
    for _ in 0..2 {
        assert_eq!(answers.recv_timeout(PATIENCE), Ok(0), "turns of those who train, before an answer");
    }
    pool.close();
}

#[test]
fn one_who_is_asked_all_the_time_trains_as_much_as_the_others() {
    let pool = Pool::start(1).unwrap();
    let guests: Vec<Guest> = (0..4).map(|_| Guest::training(&pool)).collect();
    until("everyone has ten turns", || {
        guests[0].ask().unwrap();
        guests.iter().all(|guest| guest.turns() >= 10)
    });
    pool.close();
    let turns: Vec<u32> = guests.iter().map(Guest::turns).collect();
    assert!(turns.iter().max().unwrap() - turns.iter().min().unwrap() <= 2, "{turns:?}");
}

#[test]
fn one_with_a_pace_has_its_turns_beside_those_who_train_flat_out() {
    let pool = Pool::start(1).unwrap();
    let _others: Vec<Guest> = (0..30).map(|_| Guest::training(&pool)).collect();
    let paced = Guest::new(&pool, true, Some(Duration::from_millis(20)), true);
    until("twenty steps at a pace", || paced.turns() >= 20);
    pool.close();
}

#[test]
fn one_who_does_not_listen_yet_answers_later() {
    let pool = Pool::start(1).unwrap();
    let others: Vec<Guest> = (0..5).map(|_| Guest::training(&pool)).collect();
    let deaf = Guest::new(&pool, true, None, false);
    assert!(deaf.ask().unwrap() >= 1, "it had a turn before it answered");
    drop(others);
    pool.close();
}

#[test]
fn who_stops_training_leaves_the_line() {
    let pool = Pool::start(2).unwrap();
    let guest = Guest::training(&pool);
    until("it trains", || guest.turns() > 2);
    guest.trains.store(false, Ordering::SeqCst);
    until("nobody waits", || pool.waiting() == 0);
    let turns = guest.ask().unwrap();
    thread::sleep(Duration::from_millis(40));
    assert!(guest.turns() <= turns + 1);
    guest.trains.store(true, Ordering::SeqCst);
    guest.ask().unwrap(); // whatever makes it train is something that it is asked
    until("it trains again", || guest.turns() > turns + 2);
    pool.close();
}

#[test]
fn a_panic_ends_one_and_not_the_others() {
    let pool = Pool::start(1).unwrap();
    let [broken, sound, gone] = [(); 3].map(|()| Guest::training(&pool));
    broken.seat.ask(Ask::Panic);
    gone.seat.ask(Ask::Leave);
    until("both are out", || broken.ask().is_err() && gone.ask().is_err());
    let turns = sound.ask().unwrap();
    until("the other trains on", || sound.turns() > turns);
    pool.close();
}

#[test]
fn a_closed_pool_answers_what_waits_and_trains_no_more() {
    let pool = Pool::start(1).unwrap();
    let guests: Vec<Guest> = (0..10).map(|_| Guest::training(&pool)).collect();
    let (reply, answer) = mpsc::channel();
    guests[9].seat.ask(Ask::Turns(reply));
    pool.close();
    answer.recv_timeout(PATIENCE).unwrap();
    let turns = || guests.iter().map(Guest::turns).sum::<u32>();
    thread::sleep(Duration::from_millis(30));
    let before = turns();
    thread::sleep(Duration::from_millis(60));
    assert_eq!(turns(), before);
}
