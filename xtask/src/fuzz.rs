//! `cargo xtask fuzz`: random damage to everything that comes from outside, as long as one likes.

use anyhow::{Context, Result, bail};

use crate::tools;

/// Executions of each target unless another number is given.
const RUNS: u64 = 1_000_000;

/// `[TARGET ...] [--runs N] [--seconds S]`
pub fn run(mut args: &[&str]) -> Result<()> {
    let (mut targets, mut runs, mut seconds) = (Vec::new(), None, None);
    let number = |name: &str, text: &str| text.parse::<u64>().with_context(|| format!("{name} {text}: not a number"));
    loop {
        args = match args {
            [] => break,
            ["--runs", text, rest @ ..] => {
                runs = Some(number("--runs", text)?);
                rest
            }
            ["--seconds", text, rest @ ..] => {
                seconds = Some(number("--seconds", text)?);
                rest
            }
            [option, ..] if option.starts_with('-') => bail!("fuzz does not know `{option}`; see `cargo xtask help`"),
            [target, rest @ ..] => {
                targets.push(*target);
                rest
            }
        };
    }
    let mut tests = tools::cargo();
    // The profile of the tests: it is built already, and it checks sums and indices that a release does not.
    tests.args(["test", "--workspace", "--test", "fuzz", "--", "--nocapture", "--test-threads=1"]).args(targets);
    // With a time alone the number is no limit.
    let runs = runs.unwrap_or(if seconds.is_some() { u64::MAX / 2 } else { RUNS });
    tests.env("BIOSCOPE_FUZZ_RUNS", runs.to_string());
    if let Some(seconds) = seconds {
        tests.env("BIOSCOPE_FUZZ_SECONDS", seconds.to_string());
    }
    tools::check(&mut tests)
}
