//! The loop: take a seed, damage it, execute, watch time and memory.

use std::alloc::System;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use bioscope::train::Random;
use cap::Cap;

#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, usize::MAX);

/// The targets take turns: memory is counted for the whole program.
static TURN: Mutex<()> = Mutex::new(());

/// More than this in one execution is no reading of an input of at most a few hundred kilobytes.
const MOST_MEMORY: usize = 128 << 20;
/// Longer than this is a hang.
const MOST_TIME: Duration = Duration::from_secs(5);

/// What a target starts from.
pub struct Seeds {
    /// Good inputs.
    pub inputs: Vec<Vec<u8>>,
    /// Pieces that mean something in them.
    pub words: &'static [&'static str],
}

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Executes `target` on damaged inputs, `BIOSCOPE_FUZZ_RUNS` times or for `BIOSCOPE_FUZZ_SECONDS`. The target says whether
/// the input was taken for good, which is counted: a target that never gets past its first check tests little.
pub fn fuzz(name: &str, seeds: &Seeds, target: impl Fn(&[u8]) -> bool) {
    let _turn = TURN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let runs = setting("BIOSCOPE_FUZZ_RUNS").unwrap_or(if cfg!(debug_assertions) { 1500 } else { 5000 });
    let from = setting("BIOSCOPE_FUZZ_FROM").unwrap_or(0);
    let until = setting("BIOSCOPE_FUZZ_SECONDS").map(|s| Instant::now() + Duration::from_secs(s));
    let (start, base) = (Instant::now(), MEMORY.allocated());
    let (mut good, mut slowest, mut done) = (0_u64, (Duration::ZERO, 0), 0_u64);
    for run in from..from + runs {
        let input = damaged(seeds, run);
        let again = || format!("BIOSCOPE_FUZZ_FROM={run} BIOSCOPE_FUZZ_RUNS=1 cargo test --test fuzz {name}");
        let began = Instant::now();
        match catch_unwind(AssertUnwindSafe(|| target(&input))) {
            Ok(taken) => good += u64::from(taken),
            Err(_) => panic!("{name} panics; again with: {}", again()),
        }
        let took = began.elapsed();
        slowest = slowest.max((took, run));
        assert!(took < MOST_TIME, "{name} takes {took:?}; again with: {}", again());
        let peak = MEMORY.max_allocated().saturating_sub(base);
        assert!(peak < MOST_MEMORY, "{name} wants {} MB; again with: {}", peak >> 20, again());
        done += 1;
        if done % 100_000 == 0 {
            println!("{name}: {done} executions, {good} taken for good, {:.0} s", start.elapsed().as_secs_f64());
        }
        if until.is_some_and(|until| Instant::now() > until) {
            break;
        }
    }
    println!(
        "{name}: {done} executions, {good} taken for good, {:.1} s, slowest {:.1} ms, at most {:.1} MB",
        start.elapsed().as_secs_f64(),
        1000.0 * slowest.0.as_secs_f64(),
        MEMORY.max_allocated().saturating_sub(base) as f64 / f64::from(1 << 20)
    );
}

/// The input of one execution.
fn damaged(seeds: &Seeds, run: u64) -> Vec<u8> {
    let mut random = Random::new(run.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5eed);
    let mut input = seeds.inputs[random.below(seeds.inputs.len())].clone();
    // One change most of the time: what is too broken is refused by the first check.
    let changes = [0, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 4, 5, 8][random.below(14)];
    for _ in 0..changes {
        change(&mut input, seeds, &mut random);
    }
    input
}

fn change(input: &mut Vec<u8>, seeds: &Seeds, random: &mut Random) {
    let at = random.below(input.len() + 1);
    let end = (at + 1 + random.below(16)).min(input.len());
    match random.below(10) {
        0 if at < input.len() => input[at] ^= 1 << random.below(8),
        1 if at < input.len() => input[at] = random.below(256) as u8,
        2 => drop(input.drain(at.min(end)..end)),
        3 => input.truncate(at),
        4 => {
            let byte = random.below(256) as u8;
            let count = 1 + random.below(20);
            drop(input.splice(at..at, std::iter::repeat_n(byte, count)));
        }
        // Numbers that lie at some edge, as bytes of any width.
        5 if at < input.len() => {
            let number =
                [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0xffff_ffff, 1 << 40, u64::MAX / 8, u64::MAX];
            let bytes = number[random.below(number.len())].to_le_bytes();
            let width = [1, 2, 4, 8][random.below(4)].min(input.len() - at);
            input[at..at + width].copy_from_slice(&bytes[..width]);
        }
        // A number written out becomes another one.
        6 => {
            let digits = input.iter().skip(at).position(u8::is_ascii_digit).map(|k| at + k);
            let Some(start) = digits else { return };
            let end = input[start..].iter().position(|b| !b.is_ascii_digit()).map_or(input.len(), |k| start + k);
            let other = [
                "0",
                "1",
                "-1",
                "2",
                "7",
                "65535",
                "4294967295",
                "18446744073709551615",
                "18446744073709551616",
                "1e999",
                "0.5",
                "null",
            ];
            let other = other[random.below(other.len())];
            drop(input.splice(start..end, other.bytes()));
        }
        7 if !seeds.words.is_empty() => {
            let word = seeds.words[random.below(seeds.words.len())];
            drop(input.splice(at..at, word.bytes()));
        }
        // A piece of another seed, or of this one again.
        8 => {
            let other = &seeds.inputs[random.below(seeds.inputs.len())];
            let from = random.below(other.len() + 1);
            let to = (from + random.below(64)).min(other.len());
            let piece = other[from..to].to_vec();
            drop(input.splice(at..at, piece));
        }
        _ => {
            let piece = input[at.min(end)..end].to_vec();
            let to = random.below(input.len() + 1);
            drop(input.splice(to..to, piece));
        }
    }
}
