//! EM and F1 by the threshold below which answers are withheld.

use plotters::style::text_anchor::HPos;

use super::theme::{BLUE, EDGE, GOLD, INK, LINE, SOFT, path, picture, text};
use crate::metrics::evaluate::{CurvePoint, NoAnswer};

const SIZE: (u32, u32) = (900, 420);

/// What a line shows of a point.
type Value = fn(&CurvePoint) -> f64;

/// The no-answer threshold's curve, as SVG; the best F1 is marked.
pub fn threshold(no_answer: &NoAnswer) -> String {
    picture(SIZE, "EM and F1 by no-answer threshold", |area| {
        let curve = &no_answer.curve;
        let ends = |value: Value| {
            let all = || curve.iter().map(value);
            (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max))
        };
        let (low, high) = ends(|p| p.threshold);
        let (left, right, top, bottom) = (64, SIZE.0 as i32 - 132, 48, SIZE.1 as i32 - 56);
        let x = |at: f64| left + ((at - low) / (high - low).max(1e-9) * f64::from(right - left)).round() as i32;
        let y = |percent: f64| bottom - (percent / 100.0 * f64::from(bottom - top)).round() as i32;
        let by = no_answer.by.words();
        let title = format!("EM and F1 in percent, by the {by} below which the best answer is withheld");
        area.draw_text(&title, &text(15, INK, HPos::Left), (left, 24))?;
        for tick in [0, 20, 40, 60, 80, 100] {
            let at = y(f64::from(tick));
            area.draw(&path(vec![(left, at), (right, at)], LINE, 1))?;
            area.draw_text(&tick.to_string(), &text(12, SOFT, HPos::Right), (left - 8, at))?;
        }
        let step = ((high - low) / 10.0).ceil().max(1.0);
        let mut tick = (low / step).ceil() * step + 0.0; // not -0
        while tick <= high {
            area.draw_text(&format!("{tick}"), &text(12, SOFT, HPos::Center), (x(tick), bottom + 14))?;
            tick += step;
        }
        let axis = "threshold on log odds (nats): answers most to the left, none to the right";
        area.draw_text(axis, &text(12, SOFT, HPos::Center), ((left + right) / 2, bottom + 36))?;
        area.draw(&path(vec![(left, bottom), (right, bottom)], EDGE, 1))?;
        let best = no_answer.best_f1;
        area.draw(&path(vec![(x(best.threshold), top), (x(best.threshold), bottom)], GOLD, 1))?;
        let said = format!("best F1 {:.2} at {:.2}", best.f1, best.threshold);
        let (side, gap) = if x(best.threshold) > (left + right) / 2 { (HPos::Right, -8) } else { (HPos::Left, 8) };
        area.draw_text(&said, &text(13, GOLD, side), (x(best.threshold) + gap, bottom - 14))?;
        let lines: [(_, _, Value); 3] =
            [("answered", EDGE, |p| p.answered), ("EM", SOFT, |p| p.em), ("F1", BLUE, |p| p.f1)];
        for (k, (name, color, value)) in lines.into_iter().enumerate() {
            let points = curve.iter().map(|p| (x(p.threshold), y(value(p)))).collect();
            area.draw(&path(points, color, if name == "answered" { 1 } else { 2 }))?;
            // All lines meet where nothing is answered, so the names stand in a list.
            let at = (right + 14, top + 10 + 18 * k as i32);
            area.draw_text(name, &text(13, color, HPos::Left), at)?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_threshold_is_marked() {
        let point = |threshold: f64, f1: f64| CurvePoint { threshold, answered: 50.0, em: f1 - 5.0, f1 };
        let best = point(1.5, 71.25);
        let curve = vec![point(4.0, 50.0), best, point(-3.0, 40.0)];
        let n = NoAnswer {
            unanswerable: 1,
            by: crate::metrics::evaluate::NoAnswerBy::Begin,
            best_f1: best,
            best_em: best,
            at_zero: best,
            always: curve[2],
            never: curve[0],
            held_out: None,
            curve,
        };
        let svg = threshold(&n);
        assert!(svg.contains("log(p_B/p_O)") && svg.contains("best F1 71.25 at 1.50") && !svg.contains("NaN"), "{svg}");
    }
}
