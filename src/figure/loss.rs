//! L and its terms: one bar per token.

use crate::bio::Loss;
use crate::display::format::fixed;

use super::svg::{ADVANCE, Figure, Frame, MARGIN, Sheet, Style, cells, shorten};
use crate::display::ticks::{label, ticks};

const WIDTH: f64 = 760.0;
/// Height of the largest term.
const HIGH: f64 = 190.0;
/// Room for the numbers of the axis.
const LEFT: f64 = 34.0;
/// Cells of a token's name that are shown.
const NAME: usize = 16;

/// The picture of a loss over these tokens; L, H and KL with so many decimals.
pub fn draw(tokens: &[&str], loss: &Loss, decimals: usize, frame: &Frame) -> Figure {
    let words = frame.words;
    let mut sheet = Sheet::new(frame, words.figure.loss, WIDTH);
    let palette = sheet.palette;
    let [total, entropy, kl] = [loss.total, loss.entropy, loss.kl].map(|value| fixed(value, decimals));
    let sum = format!("L = H(t) + KL(t‖p) = {entropy} + {kl} = {total} {}", words.nats);
    sheet.paragraph(&sum, Style::new(14.0, palette.ink).bold(), usize::MAX);
    sheet.y += 4.0;
    let (inner, y) = (sheet.inner(), sheet.y);
    let share = if loss.total > 0.0 { loss.entropy / loss.total } else { 0.0 };
    let rest = if loss.total > 0.0 { palette.loss } else { palette.o };
    sheet.rect((MARGIN, y), (inner * share, 10.0), 0.0, palette.gold_soft);
    sheet.rect((MARGIN + inner * share, y), (inner * (1.0 - share), 10.0), 0.0, rest);
    sheet.y += 18.0;
    let (h, k) = (format!("H: {}", words.entropy), format!("KL: {}", words.kl));
    sheet.legend(&[(palette.gold_soft, &h), (palette.loss, &k)]);
    sheet.y += 12.0;

    // The axis, with the largest term below its end.
    sheet.text((MARGIN, sheet.y + 9.0), Style::new(12.0, palette.soft), words.figure.terms);
    let top = loss.terms.iter().copied().fold(0.5, f64::max);
    let (left, right) = (MARGIN + LEFT, WIDTH - MARGIN);
    let zero = sheet.y + 34.0 + HIGH;
    let y = |term: f64| zero - HIGH * term / top;
    for tick in ticks(0.0, top, false) {
        sheet.path(&[(left, y(tick)), (right, y(tick))], 1.0, palette.line, false);
        sheet.text((left - 6.0, y(tick) + 4.0), Style::new(11.0, palette.soft).end(), &label(tick));
    }
    let pitch = ((right - left) / tokens.len().max(1) as f64).min(28.0);
    let middle = |i: usize| left + (i as f64 + 0.5) * pitch;
    for (i, term) in loss.terms.iter().enumerate() {
        let wide = (0.75 * pitch).max(0.5);
        sheet.rect((middle(i) - wide / 2.0, y(*term)), (wide, HIGH * term / top), 0.0, palette.loss);
    }
    sheet.path(&[(left, zero), (right, zero)], 1.0, palette.edge, false);

    // Where there is no room for every name and number, the largest terms have theirs.
    let size = pitch.clamp(8.0, 11.0);
    let named = spread(&loss.terms, (0.98 * size / pitch).ceil() as usize, 0.0);
    for &i in &named {
        let style = Style::new(size, if loss.terms[i] > 0.05 * top { palette.ink } else { palette.soft }).end();
        sheet.token((middle(i) + 0.35 * size, zero + 6.0), style, true, &shorten(tokens[i], NAME));
    }
    for i in spread(&loss.terms, (28.0 / pitch).ceil() as usize, 0.15 * top) {
        let style = Style::new(11.0, palette.loss).bold().middle();
        sheet.text((middle(i), y(loss.terms[i]) - 5.0), style, &fixed(loss.terms[i], 2));
    }
    let longest = named.iter().map(|i| cells(tokens[*i]).min(NAME)).max().unwrap_or(0);
    sheet.y = zero + 6.0 + longest as f64 * ADVANCE * size + 12.0;
    sheet.finish()
}

/// The places of the largest values above `least`, each `apart` places or more from every larger one.
fn spread(values: &[f64], apart: usize, least: f64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).filter(|i| values[*i] >= least).collect();
    order.sort_by(|a, b| values[*b].total_cmp(&values[*a]));
    let mut taken: Vec<usize> = Vec::new();
    for i in order {
        if taken.iter().all(|other| i.abs_diff(*other) >= apart) {
            taken.push(i);
        }
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_terms_are_named_first() {
        let terms = [0.1, 0.9, 0.8, 0.2, 0.3];
        assert_eq!(spread(&terms, 1, 0.0), [1, 2, 4, 3, 0]);
        assert_eq!(spread(&terms, 2, 0.0), [1, 4]);
        assert_eq!(spread(&terms, 1, 0.5), [1, 2]);
    }
}
