//! The reliability diagram: of the tokens that get p, how many are what p says?

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::theme::{Area, Drawn, EDGE, GOLD, INK, LINE, PALE, SOFT, path, picture, text};
use crate::metrics::evaluate::ClassCalibration;

const SIZE: (u32, u32) = (960, 460);

/// One panel per class, as SVG: the gold mean t over the mean p of each bin, with one standard error at most
/// (that of 1-hot labels) as a bar, and below it how many tokens the bin holds.
pub fn reliability(classes: &[ClassCalibration]) -> String {
    picture(SIZE, "Reliability of p for the classes B, I and O", |area| {
        area.draw_text(
            "Reliability: mean gold t of the tokens that get p; on the diagonal p is right",
            &text(15, INK, HPos::Left),
            (52, 24),
        )?;
        let body = area.margin(40, 0, 0, 0);
        for (class, panel) in classes.iter().zip(body.split_evenly((1, classes.len().max(1)))) {
            draw(&panel, class)?;
        }
        Ok(())
    })
}

fn draw(area: &Area, class: &ClassCalibration) -> Drawn {
    let (width, height) = area.dim_in_pixel();
    let (left, right, top) = (52, width as i32 - 18, 34);
    let side = right - left;
    let bottom = top + side;
    let x = |p: f64| left + (p * f64::from(side)).round() as i32;
    let y = |t: f64| bottom - (t * f64::from(side)).round() as i32;

    let title = format!("{}: ECE {:.4}", class.class.letter(), class.ece);
    area.draw_text(&title, &text(14, INK, HPos::Left), (left, 16))?;
    for tick in [0.0, 0.25, 0.5, 0.75, 1.0] {
        area.draw(&path(vec![(left, y(tick)), (right, y(tick))], LINE, 1))?;
        area.draw(&path(vec![(x(tick), top), (x(tick), bottom)], LINE, 1))?;
        area.draw_text(&format!("{tick}"), &text(12, SOFT, HPos::Right), (left - 7, y(tick)))?;
    }
    area.draw(&path(vec![(left, bottom), (right, top)], EDGE, 1))?;
    let bins = class.bins.iter().filter_map(|bin| Some((bin.p?, bin.t?, bin.tokens)));
    let mut points = Vec::new();
    for (p, t, tokens) in bins {
        let error = (t * (1.0 - t) / tokens as f64).sqrt();
        area.draw(&path(vec![(x(p), y((t - error).max(0.0))), (x(p), y((t + error).min(1.0)))], GOLD, 1))?;
        points.push((x(p), y(t)));
    }
    area.draw(&path(points.clone(), GOLD, 2))?;
    for point in points {
        area.draw(&Circle::new(point, 4, GOLD.filled()))?;
    }
    counts(area, class, (left, side), (bottom + 12, height as i32 - 40))
}

/// Bars of the bins' sizes, on a logarithmic scale: most tokens are surely O.
fn counts(area: &Area, class: &ClassCalibration, (left, side): (i32, i32), (top, bottom): (i32, i32)) -> Drawn {
    let most = class.bins.iter().map(|bin| bin.tokens).max().unwrap_or(1).max(10) as f64;
    let tall =
        |tokens: usize| (((tokens as f64 + 1.0).ln() / (most + 1.0).ln()) * f64::from(bottom - top)).round() as i32;
    let x = |p: f64| left + (p * f64::from(side)).round() as i32;
    for bin in class.bins.iter().filter(|bin| bin.tokens > 0) {
        let corners = [(x(bin.from) + 1, bottom - tall(bin.tokens)), (x(bin.to) - 1, bottom)];
        area.draw(&Rectangle::new(corners, PALE.filled()))?;
    }
    area.draw(&path(vec![(left, bottom), (left + side, bottom)], EDGE, 1))?;
    for tick in [0.0, 0.5, 1.0] {
        area.draw_text(&format!("{tick}"), &text(12, SOFT, HPos::Center), (x(tick), bottom + 13))?;
    }
    let below = format!("p of {}; bars: tokens, up to {most}", class.class.letter());
    area.draw_text(&below, &text(12, SOFT, HPos::Center), (left + side / 2, bottom + 29))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bio::Label;
    use crate::metrics::evaluate::CalibrationBin;

    #[test]
    fn every_filled_bin_has_a_dot_and_a_bar() {
        let bin = |from: f64, tokens: usize| {
            let p = (tokens > 0).then_some(from + 0.05);
            CalibrationBin { from, to: from + 0.1, tokens, p, t: p.map(|p| p * p) }
        };
        let bins = vec![bin(0.0, 1000), bin(0.1, 0), bin(0.5, 3)];
        let class = |class| ClassCalibration {
            class,
            ece: 0.0123,
            misplaced: 0.5,
            promised: 1.0,
            gold: 1.0,
            bins: bins.clone(),
        };
        let svg = reliability(&Label::ALL.map(class));
        assert_eq!(svg.matches("<circle").count(), 6);
        assert_eq!(svg.matches("<rect").count(), 1 + 6, "the paper and the bars");
        assert!(["B: ECE 0.0123", "I: ECE", "O: ECE", "up to 1000"].iter().all(|words| svg.contains(words)), "{svg}");
        assert!(!svg.contains("NaN"));
    }
}
