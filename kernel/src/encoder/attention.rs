//! One head of attention, `softmax(Q K^T / sqrt(size)) V`, in 16-bit codes with exact 32-bit sums.

use std::f32::consts::LOG2_E;
use std::ops::Range;

use super::{Int8Encoder, ROWS, Scratch, store};
use crate::lanes::{Best, Lanes};
use crate::{COLUMNS, codes, rowwise};

/// The largest code of Q and K: `size` products of two still fit an i32.
fn most_code(size: usize) -> f32 {
    (i32::MAX as f32 / size as f32).sqrt().min(32767.0).floor() - 1.0
}

/// Reads head `head` of Q, K, V and writes its columns of the context, for the rows `rows`.
pub(super) fn head(model: &Int8Encoder, s: &mut Scratch, head: usize, rows: Range<usize>) {
    let (d, length, size) = (model.shape.d, s.length, model.shape.d / model.shape.heads);
    let (width, kv_width) = (s.width, s.kv_width);
    let column = |part: usize| part * d + head * size..part * d + (head + 1) * size;
    let (q, k, v) = (column(0), column(0), column(1)); // K and V lie beside each other
    // One scale per matrix: codes / inverse are the values.
    let inverse = |largest: f32, most: f32| if largest > 0.0 { most / largest } else { 0.0 };
    let largest = |columns: &Range<usize>| codes::magnitude::<Best>(&s.kv, kv_width, columns.clone());
    let of = |inverse: f32| if inverse > 0.0 { 1.0 / inverse } else { 0.0 };
    let (to_q, to_k) = (inverse(s.largest_q[head], most_code(size)), inverse(largest(&k), most_code(size)));
    let to_v = inverse(largest(&v), rowwise::MOST_VALUE as f32);
    codes::word_rows::<Best>(&s.q[rows.start * width..rows.end * width], width, q, to_q, &mut s.queries);
    codes::row_panels::<Best>(&s.kv, kv_width, k, to_k, &mut s.keys);
    codes::column_panels::<Best>(&s.kv, kv_width, v, to_v, &mut s.values);
    let scale = of(to_q) * of(to_k) * LOG2_E / (size as f32).sqrt();

    let (padded, even) = (length.next_multiple_of(COLUMNS), length.next_multiple_of(2));
    for start in (0..rows.len()).step_by(ROWS) {
        let n = ROWS.min(rows.len() - start);
        let queries = &s.queries[start * size..(start + n) * size];
        for (p, panel) in s.keys.chunks_exact(COLUMNS * size).enumerate() {
            model.kernel.words(panel, queries, &mut s.scores[p * COLUMNS..], padded);
        }
        // Rows of chances lie close together, as the kernel wants them: `even` apart. Each is written with a
        // little beyond its end, which the next one then overwrites.
        for (r, scores) in s.scores.chunks_exact_mut(padded).take(n).enumerate() {
            let out = &mut s.chances[r * even..][..padded];
            let total = rowwise::chances::<Best>(scores, length, scale, out);
            s.totals[r] = of(to_v) / total;
        }
        let chances = &s.chances[..n * even];
        for p in 0..size / COLUMNS {
            let panel = &s.values[p * COLUMNS * even..][..COLUMNS * even];
            model.kernel.words(panel, chances, &mut s.sums, COLUMNS);
            for (r, (sums, &total)) in s.sums.as_chunks::<4>().0.chunks_exact(2).zip(&s.totals).take(n).enumerate() {
                let y = [0, 1].map(|k| Best::from_integers(&sums[k]) * Best::splat(total));
                store(&mut s.context[(rows.start + start + r) * d + head * size + p * COLUMNS..], y);
            }
        }
    }
}
