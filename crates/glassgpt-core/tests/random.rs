//! Every draw equals CPython's. `golden/random.txt` says which Python made it and how to read it.

mod support;

use glassgpt_core::Random;

fn list<T: std::str::FromStr>(text: &str) -> Vec<T> {
    text.split(',').map(|part| part.parse().ok().expect("a number")).collect()
}

#[test]
fn draws_equal_cpython() {
    let mut random = Random::new(0);
    let mut compared = 0;
    for line in include_str!("../golden/random.txt").lines().filter(|line| !line.starts_with('#')) {
        let words: Vec<&str> = line.split(' ').collect();
        let real = |at: usize| words[at].parse::<f64>().expect("a number");
        let whole = |at: usize| words[at].parse::<u64>().expect("a number");
        match words[0] {
            "seed" => random = Random::from_decimal(words[1]).expect("a whole number"),
            "getrandbits" => assert_eq!(random.getrandbits(whole(1) as u32), whole(2), "{line}"),
            "random" => assert_eq!(random.random().to_bits(), real(1).to_bits(), "{line}"),
            "randbelow" => assert_eq!(random.randbelow(whole(1)), whole(2), "{line}"),
            "gauss" => assert_eq!(random.gauss(real(1), real(2)).to_bits(), real(3).to_bits(), "{line}"),
            "shuffle" => {
                let mut items: Vec<u64> = (0..whole(1)).collect();
                random.shuffle(&mut items);
                assert_eq!(items, list::<u64>(words[2]), "{line}");
            }
            "choices" => assert_eq!(random.choices(&list(words[1])), Some(whole(2) as usize), "{line}"),
            "skip" => (0..whole(1)).for_each(|_| {
                random.random();
            }),
            "state" => {
                let (state, index, gauss_next) = random.state();
                assert_eq!(index as u64, whole(2), "{line}");
                assert_eq!(gauss_next, (words[4] != "None").then(|| real(4)), "{line}");
                assert_eq!(support::sha256(state.iter().map(|x| x.to_le_bytes())), words[6], "{line}");
            }
            other => panic!("unknown kind of draw: {other}"),
        }
        compared += 1;
    }
    assert!(compared > 500, "only {compared} draws were compared");
}

#[test]
fn small_seeds_agree_with_decimal_ones() {
    for seed in [0, 1, -1, 42, i64::from(u32::MAX), 1 << 32, i64::MAX, i64::MIN] {
        assert_eq!(Some(Random::new(seed)), Random::from_decimal(&seed.to_string()));
    }
    for not_a_number in ["", "-", "1.5", "4x", "٣"] {
        assert_eq!(Random::from_decimal(not_a_number), None, "{not_a_number:?}");
    }
}

#[test]
fn nothing_is_drawn_from_impossible_weights() {
    let mut random = Random::new(1);
    let before = random.clone();
    for weights in [vec![], vec![0.0, 0.0], vec![f64::NAN, 1.0], vec![f64::INFINITY]] {
        assert_eq!(random.choices(&weights), None);
        assert_eq!(random, before);
    }
}
