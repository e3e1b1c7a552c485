//! L over the steps of learning, above its floor H.

use crate::display::format::fixed;
use crate::display::ticks::{label, ticks};

use super::svg::{Figure, Frame, MARGIN, Sheet, Style};

const WIDTH: f64 = 640.0;
const HIGH: f64 = 260.0;
/// Room for the numbers of the axis on the left, and for H and L on the right.
const LEFT: f64 = 40.0;
const RIGHT: f64 = 70.0;

/// The picture. `losses`: L before the first step and after every one; `floor`: H.
pub fn draw(losses: &[f64], floor: f64, frame: &Frame) -> Figure {
    let words = frame.words;
    let mut sheet = Sheet::new(frame, words.learning.curve, WIDTH);
    let palette = sheet.palette;
    let known: Vec<(usize, f64)> = losses.iter().copied().enumerate().filter(|(_, l)| l.is_finite()).collect();
    let highest = known.iter().map(|(_, l)| *l).fold(floor.max(1e-9), f64::max);
    let last = losses.len().saturating_sub(1).max(1) as f64;
    let (left, right) = (MARGIN + LEFT, WIDTH - MARGIN - RIGHT);
    sheet.text((MARGIN, sheet.y + 10.0), Style::new(12.0, palette.soft), &format!("L, {}", words.nats));
    let zero = sheet.y + 28.0 + HIGH;
    let x = |step: f64| left + (right - left) * step / last;
    let y = |l: f64| zero - HIGH * l / (1.05 * highest);
    for tick in ticks(0.0, highest, false) {
        sheet.path(&[(left, y(tick)), (right, y(tick))], 1.0, palette.line, false);
        sheet.text((left - 8.0, y(tick) + 4.0), Style::new(11.0, palette.soft).end(), &label(tick));
    }
    sheet.path(&[(left, zero), (right, zero)], 1.0, palette.edge, false);
    for tick in ticks(0.0, last, false).into_iter().filter(|tick| tick.fract() == 0.0) {
        sheet.text((x(tick), zero + 17.0), Style::new(11.0, palette.soft).middle(), &label(tick));
    }
    sheet.text((right + 10.0, zero + 17.0), Style::new(11.0, palette.soft), words.figure.steps);
    sheet.path(&[(left, y(floor)), (right, y(floor))], 2.0, palette.gold, true);
    let points: Vec<(f64, f64)> = known.iter().map(|(k, l)| (x(*k as f64), y(*l))).collect();
    if points.len() > 1 {
        sheet.path(&points, 2.5, palette.loss, false);
    }
    for point in &points {
        sheet.disc(*point, 3.5, palette.loss, palette.card);
    }
    let beside = |color| Style::new(12.0, color).bold();
    let of_floor = y(floor) + 4.0;
    sheet.text((right + 10.0, of_floor), beside(palette.gold), &format!("H = {}", fixed(floor, 2)));
    if let Some((_, l)) = known.last() {
        let at = (y(*l) + 4.0).min(of_floor - 16.0); // not upon the other
        sheet.text((right + 10.0, at), beside(palette.loss), &format!("L = {}", fixed(*l, 2)));
    }
    sheet.y = zero + 34.0;
    sheet.finish()
}
