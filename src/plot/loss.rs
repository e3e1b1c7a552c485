//! The loss curve of a training run, from its log.

use std::path::Path;

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;
use serde::Deserialize;

use super::theme::{Area, BLUE, Drawn, EDGE, INK, LINE, RED, ROSE, SOFT, path, picture, text};
use crate::dataset::DataError;
use crate::display::ticks::{label, ticks};

/// Most points of a drawn line; a longer run's neighbouring steps are averaged.
const POINTS: usize = 600;

const SIZE: (u32, u32) = (900, 560);

#[derive(Deserialize)]
struct Line {
    step: f64,
    loss: Option<f64>,
    valid: Option<Valid>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Valid {
    em: f64,
    f1: f64,
    token_loss: f64,
}

/// The entries of a log, by rising step.
#[derive(Default)]
struct Log {
    losses: Vec<(f64, f64)>,
    valid: Vec<(f64, Valid)>,
}

/// Draws the loss of every step of the log `log` (JSON lines with `step` and `loss`), its running mean, and the scores
/// of the validation file where there are any (lines with `step` and `valid`), as SVG. Other lines, and
/// one cut short by a kill, are passed over.
///
/// # Errors
/// The log cannot be read or holds no step.
pub fn loss_curve(log: &Path) -> Result<String, DataError> {
    let fail = |why: String| DataError { file: log.display().to_string(), place: None, why };
    let content = std::fs::read_to_string(log).map_err(|e| fail(e.to_string()))?;
    let read = read(&content);
    if read.losses.is_empty() {
        return Err(fail("it holds no step with a loss".into()));
    }
    Ok(draw(&read))
}

fn read(text: &str) -> Log {
    let mut log = Log::default();
    for line in text.trim_start_matches('\u{feff}').lines().filter_map(|line| serde_json::from_str::<Line>(line).ok()) {
        log.losses.extend(line.loss.map(|loss| (line.step, loss)));
        log.valid.extend(line.valid.map(|valid| (line.step, valid)));
    }
    log
}

/// At most `most` points, each the mean of a run of neighbours.
fn thinned(points: &[(f64, f64)], most: usize) -> Vec<(f64, f64)> {
    points.chunks(points.len().div_ceil(most).max(1)).map(mean).collect()
}

/// The mean of the points up to `reach` to either side of each.
fn smooth(points: &[(f64, f64)], reach: usize) -> Vec<(f64, f64)> {
    let around = |k: usize| &points[k.saturating_sub(reach)..points.len().min(k + reach + 1)];
    (0..points.len()).map(|k| (points[k].0, mean(around(k)).1)).collect()
}

fn mean(points: &[(f64, f64)]) -> (f64, f64) {
    let n = points.len() as f64;
    (points.iter().map(|p| p.0).sum::<f64>() / n, points.iter().map(|p| p.1).sum::<f64>() / n)
}

fn draw(log: &Log) -> String {
    picture(SIZE, "Loss curve of a training run", |area| {
        let last = log
            .losses
            .iter()
            .chain(&log.valid.iter().map(|v| (v.0, 0.0)).collect::<Vec<_>>())
            .fold(1.0_f64, |l, p| l.max(p.0));
        if log.valid.is_empty() {
            return losses(area, log, last);
        }
        let (upper, lower) = area.split_vertically((62).percent_height());
        losses(&upper, log, last)?;
        scores(&lower, log, last)
    })
}

/// A curve with its name, for the right margin.
struct Named {
    points: Vec<(f64, f64)>,
    name: String,
    color: RGBColor,
    dots: bool,
}

fn losses(area: &Area, log: &Log, last: f64) -> Drawn {
    let raw = thinned(&log.losses, POINTS);
    let running = smooth(&raw, raw.len() / 50 + 1);
    let valid: Vec<(f64, f64)> = log.valid.iter().map(|(step, v)| (*step, v.token_loss)).collect();
    let mut curves = vec![
        Named { points: raw, name: String::new(), color: ROSE, dots: false },
        Named { name: named("training", &running), points: running, color: RED, dots: false },
    ];
    if !valid.is_empty() {
        curves.push(Named { name: named("validation", &valid), points: valid, color: BLUE, dots: true });
    }
    chart(area, "Loss L per question, in nats", &curves, last, true)
}

fn scores(area: &Area, log: &Log, last: f64) -> Drawn {
    let of = |value: fn(&Valid) -> f64| log.valid.iter().map(|(step, v)| (*step, value(v))).collect::<Vec<_>>();
    let (f1, em) = (of(|v| v.f1), of(|v| v.em));
    let curves = [
        Named { name: named("F1", &f1), points: f1, color: BLUE, dots: true },
        Named { name: named("EM", &em), points: em, color: EDGE, dots: true },
    ];
    chart(area, "Validation: F1 and EM, in percent", &curves, last, false)
}

fn named(name: &str, points: &[(f64, f64)]) -> String {
    points.last().map_or_else(String::new, |(_, y)| format!("{name} {y:.2}"))
}

/// Axes from (0, low) to (last step, high), gridlines, the curves, and their names beside their ends. A `log` axis is
/// used where the values spread over more than a factor of eight.
fn chart(area: &Area, title: &str, curves: &[Named], last: f64, may_log: bool) -> Drawn {
    let values = || curves.iter().flat_map(|curve| &curve.points).map(|p| p.1).filter(|y| y.is_finite());
    let (low, high) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
    let log = may_log && low > 0.0 && high / low > 8.0;
    let pad = ((high - low) * 0.08).max(1e-3 * high.abs()).max(1e-9);
    let (low, high) = if log { (low * 0.9, high * 1.1) } else { ((low - pad).max(0.0_f64.min(low)), high + pad) };
    let (width, height) = area.dim_in_pixel();
    let (left, right, top, bottom) = (64, width as i32 - 132, 44, height as i32 - 38);
    let scale = |y: f64| if log { y.ln() } else { y };
    let x = |step: f64| left + (step / last * f64::from(right - left)).round() as i32;
    let y = |value: f64| {
        bottom - ((scale(value) - scale(low)) / (scale(high) - scale(low)) * f64::from(bottom - top)).round() as i32
    };
    let title = if log { format!("{title} (logarithmic axis)") } else { title.to_owned() };
    area.draw_text(&title, &text(15, INK, HPos::Left), (left, 22))?;
    for tick in ticks(low, high, log) {
        area.draw(&path(vec![(left, y(tick)), (right, y(tick))], LINE, 1))?;
        area.draw_text(&label(tick), &text(12, SOFT, HPos::Right), (left - 8, y(tick)))?;
    }
    area.draw(&path(vec![(left, bottom), (right, bottom)], EDGE, 1))?;
    for tick in ticks(0.0, last, false) {
        area.draw_text(&label(tick), &text(12, SOFT, HPos::Center), (x(tick), bottom + 14))?;
    }
    area.draw_text("step", &text(12, SOFT, HPos::Left), (right + 10, bottom + 14))?;
    for curve in curves {
        let points: Vec<(i32, i32)> = curve.points.iter().map(|p| (x(p.0), y(p.1))).collect();
        area.draw(&path(points.clone(), curve.color, if curve.name.is_empty() { 1 } else { 2 }))?;
        for point in points.iter().filter(|_| curve.dots) {
            area.draw(&Circle::new(*point, 3, curve.color.filled()))?;
        }
    }
    let ends = curves.iter().filter(|c| !c.name.is_empty()).filter_map(|c| Some((c, y(c.points.last()?.1))));
    let mut ends: Vec<(&Named, i32)> = ends.collect();
    ends.sort_by_key(|(_, y)| *y);
    let mut free = 0;
    for (curve, at) in ends {
        let at = at.max(free); // names do not cover one another
        area.draw_text(&curve.name, &text(13, curve.color, HPos::Left), (right + 10, at))?;
        free = at + 16;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_read_past_what_it_does_not_know() {
        let text = "{\"step\":1,\"loss\":3.5,\"norm\":1,\"rate\":1e-5,\"instances\":9,\"seconds\":1}\n\
            {\"step\":2,\"loss\":2.5}\n{\"step\":2,\"valid\":{\"em\":1,\"f1\":2,\"tokenLoss\":3,\"questions\":4}}\n\
            {\"note\":\"x\"}\n{\"step\":3,\"lo";
        let log = read(text);
        assert_eq!(log.losses, [(1.0, 3.5), (2.0, 2.5)]);
        assert_eq!((log.valid.len(), log.valid[0].0, log.valid[0].1.token_loss), (1, 2.0, 3.0));
    }

    #[test]
    fn long_runs_are_averaged() {
        let points: Vec<(f64, f64)> = (1..=5).map(|k| (f64::from(k), f64::from(k * k))).collect();
        assert_eq!(thinned(&points, 5), points);
        assert_eq!(thinned(&points, 3), [(1.5, 2.5), (3.5, 12.5), (5.0, 25.0)]);
        assert_eq!(smooth(&points, 1)[..2], [(1.0, 2.5), (2.0, 14.0 / 3.0)]);
        assert_eq!(smooth(&points, 1)[4], (5.0, 20.5));
    }

    #[test]
    fn the_picture_names_its_curves() {
        let folder = std::env::temp_dir().join(format!("bioscope-plot-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let log = folder.join("log.jsonl");
        std::fs::write(&log, "{\"step\":1,\"loss\":300}\n{\"step\":2,\"loss\":3.25}\n").unwrap();
        let svg = loss_curve(&log).unwrap();
        assert!(svg.contains("training") && !svg.contains("validation") && !svg.contains("NaN"), "{svg}");
        let more = "{\"step\":1,\"loss\":3}\n{\"step\":1,\"valid\":{\"em\":50,\"f1\":60.5,\"tokenLoss\":2.5}}\n";
        std::fs::write(&log, more).unwrap();
        let svg = loss_curve(&log).unwrap();
        assert!(["validation 2.50", "F1 60.50", "EM 50.00"].iter().all(|name| svg.contains(name)), "{svg}");
        std::fs::write(&log, "\n").unwrap();
        assert!(loss_curve(&log).unwrap_err().to_string().contains("no step"));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
