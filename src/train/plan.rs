//! Which examples make up which batch, for a whole run: fixed by the seed, so that a resumed run meets the
//! same batches as an unbroken one.

/// A small generator (splitmix64): the run must not depend on another crate's idea of randomness.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Starts from a seed.
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.bits()) * n as u128) >> 64) as usize
    }

    /// Puts a list in random order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for k in (1..list.len()).rev() {
            list.swap(k, self.below(k + 1));
        }
    }
}

/// Examples per bucket: sorted by length inside, so that a batch has little padding, but not so many that
/// batches of like length always meet.
const BUCKET: usize = 512;

/// The batches of one epoch over examples of these lengths (in positions). `copies[i]` says how often example
/// i appears on average; a fraction is drawn. A batch, padded to its longest, has at most `positions` positions
/// (a single longer example stands alone).
pub fn epoch(lengths: &[usize], copies: &[f64], positions: usize, random: &mut Random) -> Vec<Vec<usize>> {
    let mut order = Vec::new();
    for (i, copies) in copies.iter().enumerate() {
        let drawn = (random.bits() >> 11) as f64 / ((1u64 << 53) as f64) < copies.fract();
        order.extend(std::iter::repeat_n(i, copies.trunc() as usize + usize::from(drawn)));
    }
    random.shuffle(&mut order);
    let mut batches = Vec::new();
    for bucket in order.chunks_mut(BUCKET) {
        bucket.sort_by_key(|&i| lengths[i]);
        let mut batch: Vec<usize> = Vec::new();
        for &i in bucket.iter() {
            // In order of length, the new one is the longest.
            if !batch.is_empty() && (batch.len() + 1) * lengths[i] > positions {
                batches.push(std::mem::take(&mut batch));
            }
            batch.push(i);
        }
        batches.push(batch);
    }
    random.shuffle(&mut batches);
    batches
}

/// The learning rate at `step` of `steps`: up in a straight line over the first `warmup` share, then down to 0.
pub fn rate(peak: f64, step: usize, steps: usize, warmup: f64) -> f64 {
    let (at, rise) = ((step + 1) as f64, (warmup * steps as f64).max(1.0));
    let fall = (steps as f64 - rise).max(1.0);
    peak * (at / rise).min(((steps as f64 - at + 1.0) / fall).clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_holds_every_example_in_batches_of_the_right_size() {
        let mut random = Random::new(1);
        let lengths: Vec<usize> = (0..2000).map(|_| 20 + random.below(300)).collect();
        let batches = epoch(&lengths, &vec![2.0; 2000], 3072, &mut random);
        let mut seen = vec![0; 2000];
        for batch in &batches {
            let longest = batch.iter().map(|&i| lengths[i]).max().unwrap();
            assert!(batch.len() == 1 || batch.len() * longest <= 3072);
            batch.iter().for_each(|&i| seen[i] += 1);
        }
        assert!(seen.iter().all(|&n| n == 2));
        let positions: usize = batches.iter().map(|b| b.len() * b.iter().map(|&i| lengths[i]).max().unwrap()).sum();
        let tokens: usize = lengths.iter().sum::<usize>() * 2;
        assert!(positions < tokens * 115 / 100, "little padding: {positions} for {tokens}");
        assert_eq!(
            batches,
            epoch(&lengths, &vec![2.0; 2000], 3072, &mut {
                let mut again = Random::new(1);
                for _ in 0..2000 {
                    again.below(300);
                }
                again
            })
        );
    }

    #[test]
    fn fractions_are_drawn() {
        let batches = epoch(&[50; 4000], &[0.25; 4000], 1000, &mut Random::new(2));
        let count: usize = batches.iter().map(Vec::len).sum();
        assert!((900..1100).contains(&count), "{count}");
    }

    #[test]
    fn the_rate_rises_and_falls() {
        assert!((rate(1.0, 0, 100, 0.1) - 0.1).abs() < 1e-12);
        assert!((rate(1.0, 9, 100, 0.1) - 1.0).abs() < 1e-12);
        assert!(rate(1.0, 99, 100, 0.1) > 0.0 && rate(1.0, 99, 100, 0.1) < 0.02);
        assert!((0..100).all(|k| rate(1.0, k, 100, 0.1) <= 1.0));
    }
}
