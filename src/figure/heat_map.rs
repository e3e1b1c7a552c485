//! Where annotators disagree: the paragraph, every token shaded by H(t_i).

use crate::bio::{Dist, entropy};
use crate::display::format::fixed;
use crate::inference::Analysis;
use crate::metrics::Agreement;

use super::lines::{Gap, gaps, lay_out};
use super::svg::{ADVANCE, Figure, Frame, MARGIN, Sheet, Style, mix, shorten};

const WIDTH: f64 = 760.0;
const SIZE: f64 = 15.0;
const LINE: f64 = 30.0;
/// How much of the colour the largest H has: the text stays legible upon it.
const STRONGEST: f64 = 0.55;

/// The picture of t_i of the paragraph's tokens, by so many annotators.
pub fn draw(
    paragraph: &str,
    analysis: &Analysis,
    t: &[Dist],
    annotators: usize,
    found: Option<&Agreement>,
    frame: &Frame,
) -> Figure {
    let words = frame.words;
    let mut sheet = Sheet::new(frame, &words.figure.heat_map(annotators), WIDTH);
    let palette = sheet.palette;
    let color = |h: f64| mix(palette.loss, STRONGEST * h / 3f64.ln(), palette.card);
    let most = (sheet.inner() / (ADVANCE * SIZE)) as usize;
    let gaps = gaps(paragraph, analysis, false);
    let texts: Vec<(Gap, String)> =
        gaps.into_iter().zip(&analysis.tokens).map(|(gap, token)| (gap, shorten(&token.text, most))).collect();
    let places = lay_out(&texts, sheet.inner(), SIZE);
    let top = sheet.y;
    for ((place, (_, text)), t) in places.iter().zip(&texts).zip(t) {
        let (x, y) = (MARGIN + place.x, top + place.line as f64 * LINE);
        let h = entropy(t);
        if h > 0.0 {
            sheet.rect((x - 1.0, y), (place.width + 2.0, 22.0), 3.0, color(h));
        }
        sheet.token((x, y + 16.0), Style::new(SIZE, palette.ink), false, text);
    }
    sheet.y = top + LINE * places.last().map_or(0.0, |place| place.line as f64 + 1.0) + 6.0;
    let most = 3f64.ln();
    let shades =
        [(0.0, "0".to_owned()), (most / 2.0, fixed(most / 2.0, 2)), (most, format!("log 3 = {}", fixed(most, 2)))];
    let mut legend: Vec<_> = shades.iter().map(|(h, text)| (color(*h), &text[..])).collect();
    legend[0].0 = mix(palette.o, 0.5, palette.card); // what has no colour of its own needs one to be seen here
    sheet.text((MARGIN, sheet.y + 10.0), Style::new(12.0, palette.soft), words.figure.entropy);
    sheet.y += 18.0;
    sheet.legend(&legend);
    if let Some(found) = found {
        sheet.y += 4.0;
        let names = &words.exercise;
        let kappa = if annotators == 2 { (names.cohen, found.cohen) } else { (names.fleiss, found.fleiss) };
        let rows = [(names.observed, Some(found.observed)), kappa, (names.alpha, found.alpha)];
        let said = rows.map(|(name, value)| {
            format!("{name}: {}", value.map_or_else(|| names.undefined.to_owned(), |value| fixed(value, 3)))
        });
        sheet.paragraph(&said.join(" · "), Style::new(12.0, palette.ink), usize::MAX);
    }
    sheet.finish()
}
