//! One analysis by several workers that have no memory in common: who computes which rows of a window, and how K and V
//! of all rows come together. Every row is computed by the same products in the same order wherever it is, so the
//! result is that of one worker to the bit.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::kernel::Int8Encoder;
use crate::kernel::encoder::Scratch;

/// The rows of a window that are computed here, and how to get K and V of the others.
#[expect(async_fn_in_trait, reason = "a worker has one thread: nobody needs the future to be Send")]
pub trait Rows {
    /// The rows that are computed here.
    fn mine(&self) -> Range<usize>;

    /// Gives the others what they need of my rows in layer `k` ([`Scratch::share`]), and takes the same of theirs
    /// ([`Scratch::gather`]). Between two layers this is also where an event loop gets its turn.
    ///
    /// # Errors
    /// [`Error::Aborted`] when the result is not wanted any more, [`Error::WorkerDied`] when somebody does not answer.
    async fn gather(&mut self, k: usize, s: &mut Scratch) -> Result<(), Error>;
}

/// All layers, for the rows that are computed here; of the last one only those of them that lie in `wanted`, which are
/// returned: [`Scratch::x`] then holds their h.
///
/// # Errors
/// What [`Rows::gather`] says.
pub async fn forward(
    encoder: &Int8Encoder,
    s: &mut Scratch,
    wanted: Range<usize>,
    rows: &mut impl Rows,
) -> Result<Range<usize>, Error> {
    let mine = rows.mine();
    let last = wanted.start.clamp(mine.start, mine.end)..wanted.end.clamp(mine.start, mine.end);
    for k in 0..encoder.depth() {
        encoder.project(k, s, mine.clone());
        rows.gather(k, s).await?;
        let end = k + 1 == encoder.depth();
        encoder.attend(k, s, if end { last.clone() } else { mine.clone() });
    }
    Ok(last)
}

/// A window, or some rows of one, for a member of a team.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// The window's positions.
    pub length: usize,
    /// Who takes part, and where the rows of each begin; the last number is `length`.
    pub members: Vec<usize>,
    /// See `members`: one more than there are members.
    pub cuts: Vec<usize>,
    /// The positions whose h is wanted.
    pub wanted: Range<usize>,
}

impl Job {
    /// A whole window for one member.
    pub fn whole(length: usize, member: usize, wanted: Range<usize>) -> Job {
        Job { length, members: vec![member], cuts: vec![0, length], wanted }
    }

    /// A window whose rows are shared out evenly.
    pub fn shared(length: usize, members: &[usize], wanted: Range<usize>) -> Job {
        let cuts = (0..=members.len()).map(|m| m * length / members.len()).collect();
        Job { length, members: members.to_vec(), cuts, wanted }
    }

    /// The rows of a member.
    pub fn rows(&self, member: usize) -> Range<usize> {
        match self.members.iter().position(|m| *m == member) {
            Some(at) => self.cuts[at]..self.cuts[at + 1],
            None => 0..0,
        }
    }
}

/// Those who analyse together. Number 0 leads: it cuts the windows, embeds them, and reads h off. What is said here by
/// default is of one who is alone.
#[expect(async_fn_in_trait, reason = "a worker has one thread: nobody needs the future to be Send")]
pub trait Team {
    /// Numbers of those who take part just now, 0 first.
    fn members(&self) -> Vec<usize> {
        vec![0]
    }

    /// Where an event loop gets its turn.
    ///
    /// # Errors
    /// [`Error::Aborted`] when the analysis is not wanted any more.
    async fn pause(&mut self) -> Result<(), Error> {
        Ok(())
    }

    /// Gives a job to all its members but number 0; `x(rows)` are the embeddings of some of its rows. Returns the job's number.
    fn give(&mut self, job: &Job, x: impl Fn(Range<usize>) -> Vec<f32>) -> u32 {
        let _ = (job, x);
        0
    }

    /// [`Rows::gather`] for number 0 in job `number`.
    ///
    /// # Errors
    /// As there.
    async fn gather(&mut self, number: u32, job: &Job, k: usize, s: &mut Scratch) -> Result<(), Error> {
        let _ = (number, job, k, s);
        Ok(())
    }

    /// h of the wanted rows of a member, once it is done.
    ///
    /// # Errors
    /// [`Error::Aborted`], [`Error::WorkerDied`].
    async fn take(&mut self, number: u32, job: &Job, member: usize) -> Result<Vec<f32>, Error> {
        let _ = (number, job, member);
        Ok(Vec::new())
    }
}

/// Nobody else, and no event loop.
#[derive(Clone, Copy, Debug)]
pub struct Alone;

impl Team for Alone {}

/// Number 0's rows of a job.
pub(super) struct Lead<'a, T> {
    pub team: &'a mut T,
    pub number: u32,
    pub job: &'a Job,
}

impl<T: Team> Rows for Lead<'_, T> {
    fn mine(&self) -> Range<usize> {
        self.job.rows(0)
    }

    async fn gather(&mut self, k: usize, s: &mut Scratch) -> Result<(), Error> {
        if self.job.members.len() > 1 {
            return self.team.gather(self.number, self.job, k, s).await; // who waits for others lets the event loop in
        }
        if k > 0 {
            self.team.pause().await?;
        }
        Ok(())
    }
}
