//! The analysed paragraph as HTML: running text, plain or with bars. One string for many tokens, because a
//! thousand reactive closures would keep the page's thread busy; gold labels are patched in afterwards.

use std::fmt::Write;
use std::ops::Range;

use crate::bio::Label;
use crate::display::folds::folds;
use crate::display::format::{escape, fixed};
use crate::document::{Units, View};
use crate::figure::bars::{Bars, LOSS_LIMIT, LOSS_PIXELS, MOST_LINES};
use crate::figure::lines::rtl;
use crate::figure::{self, Figure, Frame};
use crate::inference::{Analysis, Token, with_accents};
use crate::locale::Strings;
use crate::page::state::analysis::{Gold, SURELY_OUTSIDE, Shown};

/// Tokens that enter the page in one go; the rest follows in later tasks.
const CHUNK: usize = 200;

/// What to paint.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The analysis and its text.
    pub shown: &'a Shown,
    /// Gold labels, if there are any.
    pub gold: Option<&'a Gold>,
    /// Text or bars; the table has its own file.
    pub view: View,
    /// Words or pieces.
    pub units: Units,
    /// Whether sure O are folded.
    pub fold: bool,
    /// Whether the model's output is hidden.
    pub veiled: bool,
    /// The interface's words.
    pub words: &'static Strings,
}

impl<'a> Scene<'a> {
    /// The analysis.
    pub fn analysis(&self) -> &'a Analysis {
        &self.shown.analysis
    }

    /// Words as ranges of tokens.
    pub fn words(&self) -> Vec<Range<usize>> {
        let tokens = &self.analysis().tokens;
        let mut words: Vec<Range<usize>> = Vec::new();
        for (i, token) in tokens.iter().enumerate() {
            match words.last_mut() {
                Some(word) if tokens[word.start].word == token.word => word.end = i + 1,
                _ => words.push(i..i + 1),
            }
        }
        words
    }

    /// The runs of words to fold.
    pub fn folds(&self, words: &[Range<usize>]) -> Vec<Range<usize>> {
        if !self.fold || self.view == View::Text {
            return Vec::new();
        }
        let tokens = &self.analysis().tokens;
        let plain = |i: usize| {
            tokens[i].label == Label::O
                && tokens[i].p[Label::O.index()] > SURELY_OUTSIDE
                && self.gold.is_none_or(|g| g.t[i][Label::O.index()] >= 1.0)
        };
        let dull: Vec<bool> = words.iter().map(|word| word.clone().all(plain)).collect();
        // A mark without a blank before it.
        let clings = words.iter().map(|word| {
            let first = word.start;
            let joined = first > 0 && tokens[first].start == tokens[first - 1].end;
            joined && !tokens[first].text.contains(char::is_alphanumeric)
        });
        folds(&dull, &clings.collect::<Vec<bool>>())
    }

    /// The tokens with their bars, as a picture to take away.
    pub fn picture(&self, frame: &Frame) -> Figure {
        let words = self.words();
        let fold =
            |fold: Range<usize>| (words[fold.start].start..words[fold.end - 1].end, self.words.more_words(fold.len()));
        let folds: Vec<_> = self.folds(&words).into_iter().map(fold).collect();
        let gold = self.gold.map(|g| figure::bars::Gold { labels: &g.labels, t: &g.t, terms: &g.loss.terms });
        let (paragraph, analysis, pieces) = (&*self.shown.paragraph, self.analysis(), self.units == Units::Pieces);
        Bars { paragraph, analysis, gold, pieces, folds: &folds }.draw(frame)
    }

    /// The text before token `i`, back to the token before it.
    fn gap(&self, i: usize, units: &[u16]) -> String {
        let tokens = &self.analysis().tokens;
        let from = i.checked_sub(1).map_or(0, |i| with_accents(units, tokens[i].end));
        let to = tokens.get(i).map_or(units.len(), |t| t.start);
        escape(&String::from_utf16_lossy(units.get(from..to).unwrap_or_default()))
    }

    /// The whole paragraph in chunks of HTML.
    pub fn running_text(&self) -> Vec<String> {
        let units: Vec<u16> = self.shown.paragraph.encode_utf16().collect();
        let tokens = &self.analysis().tokens;
        let words = self.words();
        let mut folds = self.folds(&words).into_iter().peekable();
        let mut chunks = Vec::new();
        let mut html = String::new();
        let (mut painted, mut folded_until) = (0, 0);
        for (k, word) in words.iter().enumerate() {
            let opens = folds.next_if(|fold| fold.start == k);
            if let Some(fold) = &opens {
                folded_until = fold.end;
                // The blank before the fold stays outside, so that the button stands like a word.
                let _ = write!(
                    html,
                    r#" <button type="button" class="more">{}</button><span class="folded" hidden>"#,
                    self.words.more_words(fold.len())
                );
            }
            self.gap_before(word.start, &units, &mut html);
            self.seam(word.start, &mut html);
            // The pieces of such a word stand from right to left, also where every piece is a block.
            let rtl = word.clone().any(|i| tokens[i].text.chars().any(rtl));
            html.push_str(if rtl { r#"<span class="w" dir="rtl">"# } else { r#"<span class="w">"# });
            for i in word.clone() {
                if i > word.start {
                    self.gap_before(i, &units, &mut html);
                }
                self.token(i, i > word.start, &units, &mut html);
            }
            html.push_str("</span>");
            if folded_until == k + 1 {
                html.push_str("</span>");
            }
            painted += word.len();
            if painted >= CHUNK && folded_until <= k + 1 {
                chunks.push(std::mem::take(&mut html));
                painted = 0;
            }
        }
        html.push_str(&self.gap(tokens.len(), &units));
        chunks.push(html);
        chunks
    }

    /// A mark where the values begin to come from the next window.
    fn seam(&self, i: usize, html: &mut String) {
        let tokens = &self.analysis().tokens;
        let window = tokens[i].window;
        if i > 0 && tokens[i - 1].window != window {
            let title = escape(&self.words.window_from(window + 1, self.analysis().windows.len()));
            let _ = write!(html, r#"<i class="seam" title="{title}"></i>"#);
        }
    }

    fn gap_before(&self, i: usize, units: &[u16], html: &mut String) {
        let gap = self.gap(i, units);
        if !gap.is_empty() {
            let inside = if self.analysis().tokens[i].label == Label::I && !self.veiled { " in" } else { "" };
            let style = self.gold.filter(|_| self.view == View::Text).map(|g| underline_gap(g, i)).unwrap_or_default();
            let _ = write!(html, r#"<span class="gap{inside}" data-gap="{i}" data-style="{style}">{gap}</span>"#);
        }
    }

    fn token(&self, i: usize, goes_on: bool, units: &[u16], html: &mut String) {
        let token = &self.analysis().tokens[i];
        let text = units.get(token.start..with_accents(units, token.end)).unwrap_or_default();
        let text = escape(&String::from_utf16_lossy(text));
        let ends = self.analysis().tokens.get(i + 1).is_none_or(|next| next.label != Label::I);
        let mut class = String::from("t");
        for (holds, name) in [(goes_on, " c"), (ends, " e")] {
            if holds {
                class.push_str(name);
            }
        }
        let repaired = if self.analysis().repaired.contains(&i) && !self.veiled { " data-repaired" } else { "" };
        let hooks = if self.veiled { veiled(token, i) } else { hooks(token, i) };
        let _ = write!(html, r#"<span class="{class}"{repaired}{hooks}"#);
        match self.view {
            View::Bars => {
                let [b, inside, _] = token.p;
                let _ = write!(
                    html,
                    r#"><span class="x">{}</span><i class="p" data-style="--pb:{:.1}%;--pi:{:.1}%"></i><span class="over">{}</span></span>"#,
                    text,
                    100.0 * b,
                    100.0 * (b + inside),
                    self.gold.map(|g| bars_overlay(g, i)).unwrap_or_default()
                );
            }
            _ => {
                let style = self.gold.map(|g| underline(g, i)).unwrap_or_default();
                let _ = write!(html, r#" data-style="{style}">{text}</span>"#);
            }
        }
    }
}

/// The attributes of every `token` hook.
pub fn hooks(token: &Token, i: usize) -> String {
    let [b, inside, o] = token.p;
    format!(
        r#" data-testid="token" data-index="{i}" data-start="{}" data-end="{}" data-label="{}" data-pb="{b}" data-pi="{inside}" data-po="{o}" tabindex="-1""#,
        token.start,
        token.end,
        token.label.letter(),
    )
}

/// The same without the model's output.
fn veiled(token: &Token, i: usize) -> String {
    format!(
        r#" data-testid="token" data-index="{i}" data-start="{}" data-end="{}" data-label="O" tabindex="-1""#,
        token.start, token.end
    )
}

/// How many gold lines so many annotators have.
pub fn lines_of(annotators: usize) -> usize {
    if annotators > MOST_LINES { 1 } else { annotators }
}

/// Gold lines and the hanging loss of one token in the bars view.
pub fn bars_overlay(gold: &Gold, i: usize) -> String {
    let mut html = String::new();
    if gold.labels.len() > MOST_LINES {
        let _ = write!(html, r#"<i class="g" data-style="background:{}"></i>"#, shade(gold.t[i][0] + gold.t[i][1]));
    } else if gold.labels.iter().any(|labels| labels[i] != Label::O) {
        // A line of text in which nobody has marked anything needs no room for it.
        for labels in &gold.labels {
            let _ = write!(html, r#"<i class="g {}"></i>"#, labels[i].letter());
        }
    }
    let height = (gold.loss.terms[i] * LOSS_PIXELS).min(LOSS_LIMIT);
    if height >= 1.0 {
        let _ = write!(html, r#"<i class="l" data-style="height:{}px"></i>"#, fixed(height, 1));
    }
    html
}

/// Gold lines under one token of the text view, as an inline style.
pub fn underline(gold: &Gold, i: usize) -> String {
    if gold.labels.len() > MOST_LINES {
        return share_line(gold.t[i][0] + gold.t[i][1]);
    }
    lines(gold.labels.iter().map(|labels| labels[i]).collect::<Vec<_>>().as_slice())
}

/// Gold lines under the blank before token `i`: only where a span goes on across it.
pub fn underline_gap(gold: &Gold, i: usize) -> String {
    if gold.labels.len() > MOST_LINES {
        return share_line(gold.t[i][1]);
    }
    let on = |labels: &Vec<Label>| if labels[i] == Label::I { Label::I } else { Label::O };
    lines(gold.labels.iter().map(on).collect::<Vec<_>>().as_slice())
}

/// One line for a class: what share of it has marked the word.
fn share_line(share: f64) -> String {
    if share <= 0.0 {
        return String::new();
    }
    format!("box-shadow:0 2px 0 var(--card),0 5px 0 {}", shade(share))
}

fn shade(share: f64) -> String {
    format!("color-mix(in srgb,var(--gold) {:.0}%,var(--card))", 100.0 * share)
}

fn lines(labels: &[Label]) -> String {
    if labels.iter().all(|l| *l == Label::O) {
        return String::new();
    }
    // Shadows lie below the box whatever its own colour is; each line has a blank above it.
    let mut shadows = Vec::new();
    for (row, label) in labels.iter().enumerate() {
        let colour = match label {
            Label::B => "var(--gold)",
            Label::I => "var(--gold-soft)",
            Label::O => "var(--card)",
        };
        let depth = 5 * row + 2;
        shadows.push(format!("0 {depth}px 0 var(--card),0 {}px 0 {colour}", depth + 3));
    }
    format!("box-shadow:{}", shadows.join(","))
}
