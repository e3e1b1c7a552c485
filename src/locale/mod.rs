//! Every text of the interface, in every language: `locales/LANGUAGE/*.ftl`, which `build.rs` compiles into the types
//! here. What a number or a variant of an enum is called is below, by the messages of those files.

mod files;

use std::fmt;

use crate::bio::{Decoder, GoldError, Label};
use crate::display::format::{fixed, megabytes, probability, signed};
use crate::error::{Error, GoldCause};
use crate::exercise::{Facts, Mistake, Step};
use crate::metrics::benchmark::{self, FileScores, Kind};
use crate::self_test::{Found, GRADIENT_LIMIT, KL_LIMIT, KernelReason, State, Test, Tokens, Why};

pub use texts::*;

#[allow(clippy::useless_format, clippy::too_many_arguments)] // generated
mod texts {
    use super::plural;

    include!(concat!(env!("OUT_DIR"), "/locale.rs"));
}

/// The texts for a tag such as `el-GR`, if the page speaks that language.
pub fn find(tag: &str) -> Option<&'static Strings> {
    let language = tag.split(['-', '_']).next().unwrap_or_default();
    LANGUAGES.into_iter().find(|strings| strings.language.eq_ignore_ascii_case(language))
}

/// The plural category of a count, by the browser's own tables of the Unicode CLDR.
#[cfg(target_arch = "wasm32")]
fn plural(language: &str, count: usize) -> String {
    let locales = js_sys::Array::of1(&language.into());
    js_sys::Intl::PluralRules::new(&locales, &js_sys::Object::new()).select(count as f64).into()
}

/// The plural category of a count in English and Greek; natively no other language is spoken.
#[cfg(not(target_arch = "wasm32"))]
fn plural(_: &str, count: usize) -> &'static str {
    if count == 1 { "one" } else { "other" }
}

impl Strings {
    /// A decoder's name, with the bias on B where it has one.
    pub fn name_of(&self, decoder: Decoder, b_bias: f64) -> String {
        let name = self.decoder_name(decoder);
        if biased(decoder, b_bias) { format!("{name} (B {})", signed(b_bias, 2)) } else { name.into() }
    }

    /// What a decoder does, with what the bias on B changes.
    pub fn about(&self, decoder: Decoder, b_bias: f64) -> String {
        let note = match decoder {
            Decoder::Greedy => self.decoder_note_greedy,
            Decoder::Viterbi => self.decoder_note_viterbi,
            Decoder::One => self.decoder_note_one,
        };
        match biased(decoder, b_bias) {
            true => format!("{note} {}", self.b_bias_note(signed(b_bias, 2), b_bias > 0.0)),
            false => note.into(),
        }
    }

    /// A decoder's name.
    pub fn decoder_name(&self, decoder: Decoder) -> &'static str {
        match decoder {
            Decoder::Greedy => self.decoder_greedy,
            Decoder::Viterbi => self.decoder_viterbi,
            Decoder::One => self.decoder_one,
        }
    }

    /// A class's name.
    pub fn label_name(&self, label: Label) -> &'static str {
        [self.label_b, self.label_i, self.label_o][label.index()]
    }

    /// What setting a label does.
    pub fn set_label(&self, label: Label) -> &'static str {
        [self.set_label_b, self.set_label_i, self.set_label_o][label.index()]
    }

    /// What a symbol of the formula is.
    pub fn symbol(&self, name: &str) -> &'static str {
        match name {
            "L" => self.symbol_l,
            "N" => self.symbol_n,
            "t" => self.symbol_t,
            _ => self.symbol_p,
        }
    }

    /// An error as a sentence.
    pub fn error(&self, error: &Error) -> String {
        self.errors.error(error)
    }
}

impl ErrorsStrings {
    /// What is wrong with gold labels, to complete a sentence.
    fn gold_error(&self, error: &GoldError) -> String {
        match error {
            GoldError::Empty(span) => self.gold_empty(span.start, span.end),
            GoldError::Overlap(a, b) => self.gold_overlap(a.start, a.end, b.start, b.end),
            GoldError::PastEnd(span, length) => self.gold_past_end(span.start, span.end, length),
            GoldError::NoToken(span) => self.gold_no_token(span.start, span.end),
            GoldError::SharedToken { first, second, token } => {
                self.gold_shared_token(first.start, first.end, second.start, second.end, token + 1)
            }
            GoldError::NoAnnotator => self.gold_no_annotator.into(),
            GoldError::TooManyAnnotators(count) => self.gold_too_many(count),
            GoldError::Length { expected, found } => self.gold_length(found, expected),
            GoldError::WeightCount { annotators, weights } => self.gold_weight_count(weights, annotators),
            GoldError::Weight { annotator, weight } => self.gold_weight(weight, annotator + 1),
            GoldError::WeightSum(sum) => self.gold_weight_sum(sum),
            GoldError::NotADistribution { token, row: [b, i, o] } => self.gold_no_distribution(b, i, o, token + 1),
        }
    }

    /// The same, and whose labels these are.
    fn gold_cause(&self, GoldCause { annotator, error }: &GoldCause) -> String {
        let cause = self.gold_error(error);
        annotator.map_or(cause.clone(), |annotator| self.gold_annotator(annotator + 1, cause))
    }

    /// An error as a sentence. Words that are not the page's own, a parser's or the browser's, are set apart as such where
    /// the page speaks another language.
    pub fn error(&self, error: &Error) -> String {
        match error {
            Error::EmptyQuestion => self.empty_question.into(),
            Error::EmptyParagraph => self.empty_paragraph.into(),
            Error::UnknownModel { name } => self.unknown_model(name),
            Error::Missing { file, status } => self.missing(file, status),
            Error::Network { file, why } => self.network(file, self.detail(why)),
            Error::Corrupt { file, why } => self.corrupt(file, self.detail(why)),
            Error::NotChosen { file } => self.not_chosen(file),
            Error::Unreadable { file } => self.unreadable(file),
            Error::Mismatch { why } => self.mismatch(self.detail(why)),
            Error::NoModel => self.no_model.into(),
            Error::NoSimd => self.no_simd.into(),
            Error::WorkerDied { why } => self.worker_died(self.detail(why)),
            Error::Aborted => self.aborted.into(),
            Error::Diverged => self.diverged.into(),
            Error::Gold { cause: Some(cause), .. } => self.gold(self.gold_cause(cause)),
            Error::Gold { why, .. } => self.gold(self.detail(why)),
            Error::Argument { why } => self.detail(why),
            Error::LinkBroken => self.link_broken.into(),
            Error::LinkTooNew { version } => self.link_too_new(version),
            Error::LinkTooLong { bytes } => self.link_too_long(bytes),
            Error::Internal { why } => self.internal(self.detail(why)),
        }
    }
}

/// In English, as the command line and scripts say it.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&ERRORS_EN.error(self))
    }
}

impl std::error::Error for Error {}

/// In English; completes "The gold labels do not fit the paragraph: …."
impl fmt::Display for GoldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&ERRORS_EN.gold_error(self))
    }
}

impl std::error::Error for GoldError {}

fn biased(decoder: Decoder, b_bias: f64) -> bool {
    decoder == Decoder::Viterbi && b_bias != 0.0
}

impl ExerciseStrings {
    /// What a kappa means, in a line.
    pub fn agreement_means(&self, kappa: Option<f64>) -> &'static str {
        match kappa {
            None => self.agreement_undefined,
            Some(k) if k > 0.8 => self.agreement_high,
            Some(k) if k > 0.4 => self.agreement_place,
            Some(k) if k > 0.0 => self.agreement_low,
            Some(_) => self.agreement_none,
        }
    }
}

impl GuideStrings {
    /// The question of a step, as HTML.
    pub fn question(&self, step: Step, facts: &Facts) -> String {
        let n = facts.token + 1;
        let [zb, zi, zo] = facts.z.map(|z| fixed(z, 2));
        let [pb, pi, po] = facts.p.map(|p| fixed(p, 3));
        match step {
            Step::Parameters => self.question_parameters(facts.d),
            Step::Carriers => self.question_carriers.into(),
            Step::Softmax => self.question_softmax(n, zb, zi, zo),
            Step::Gold => self.question_gold(n),
            Step::Term => self.question_term(n, pb, pi, po),
            Step::Floor => self.question_floor.into(),
            Step::Vanishes => self.question_vanishes.into(),
            Step::Left => self.question_left.into(),
            Step::OneHot => self.question_one_hot(n, pb, pi, po),
            Step::Direction => self.question_direction(n, pb),
            Step::Trained => self.question_trained.into(),
        }
    }

    /// The choices of a step that has some.
    pub fn choices(&self, step: Step) -> &[&'static str] {
        match step {
            Step::Carriers => &self.choices_carriers,
            Step::Vanishes => &self.choices_vanishes,
            Step::Direction => &self.choices_direction,
            Step::Trained => &self.choices_trained,
            _ => &[],
        }
    }

    /// The hint of a step, as HTML.
    pub fn hint_for(&self, step: Step) -> &'static str {
        match step {
            Step::Parameters => self.hint_parameters,
            Step::Carriers => self.hint_carriers,
            Step::Softmax => self.hint_softmax,
            Step::Gold => self.hint_gold,
            Step::Term => self.hint_term,
            Step::Floor => self.hint_floor,
            Step::Vanishes => self.hint_vanishes,
            Step::Left => self.hint_left,
            Step::OneHot => self.hint_one_hot,
            Step::Direction => self.hint_direction,
            Step::Trained => self.hint_trained,
        }
    }

    /// Why the answer is what it is, as HTML; `right` is the right number.
    pub fn why(&self, step: Step, facts: &Facts, right: &str) -> String {
        match step {
            Step::Parameters => self.why_parameters(facts.d, right),
            Step::Carriers => self.why_carriers.into(),
            Step::Softmax => self.why_softmax(right),
            Step::Gold => self.why_gold(right),
            Step::Term => self.why_term(right),
            Step::Floor => self.why_floor(right),
            Step::Vanishes => self.why_vanishes.into(),
            Step::Left => self.why_left.into(),
            Step::OneHot => self.why_one_hot(right),
            Step::Direction => {
                let difference = facts.p[0] - facts.t[0];
                self.why_direction(fixed(difference, 3), difference > 0.0)
            }
            Step::Trained => self.why_trained.into(),
        }
    }

    /// What was done to get a wrong number, as HTML.
    pub fn mistake(&self, step: Step, mistake: Mistake) -> String {
        match (step, mistake) {
            (_, Mistake::Sign) => self.mistake_sign.into(),
            (_, Mistake::Log10) => self.mistake_log10.into(),
            (_, Mistake::Log2) => self.mistake_log2.into(),
            (_, Mistake::NoLog) => self.mistake_no_log.into(),
            (_, Mistake::NoBias) => self.mistake_no_bias.into(),
            (_, Mistake::OneClass) => self.mistake_one_class.into(),
            (Step::Softmax, Mistake::ForgotO) => self.mistake_forgot_o_softmax.into(),
            (_, Mistake::ForgotO) => self.mistake_forgot_o.into(),
            (_, Mistake::NoExponential) => self.mistake_no_exponential.into(),
            (_, Mistake::NotNormalised) => self.mistake_not_normalised.into(),
            (Step::Softmax | Step::Gold, Mistake::OtherClass(label)) => self.mistake_other_class_softmax(label),
            (_, Mistake::OtherClass(label)) => self.mistake_other_class(label),
            (Step::OneHot, Mistake::OtherToken(token)) => self.mistake_other_token_one_hot(token + 1),
            (_, Mistake::OtherToken(token)) => self.mistake_other_token(token + 1),
            (_, Mistake::Count) => self.mistake_count.into(),
            (Step::Gold, Mistake::Majority) => self.mistake_majority_gold.into(),
            (_, Mistake::Majority) => self.mistake_majority.into(),
            (Step::Left, Mistake::NotOneHot) => self.mistake_not_one_hot_left.into(),
            (_, Mistake::NotOneHot) => self.mistake_not_one_hot.into(),
            (_, Mistake::NoWeight) => self.mistake_no_weight.into(),
            (_, Mistake::Swapped) => self.mistake_swapped.into(),
            (_, Mistake::WithP) => self.mistake_with_p.into(),
            (_, Mistake::NoFloor) => self.mistake_no_floor.into(),
            (_, Mistake::Vanished) => self.mistake_vanished.into(),
        }
    }

    /// Why a choice is wrong, as HTML; empty for the right one.
    pub fn wrong_choice(&self, step: Step, choice: usize) -> &'static str {
        match (step, choice) {
            (Step::Carriers, 0) => self.wrong_carriers_0,
            (Step::Carriers, 2) => self.wrong_carriers_2,
            (Step::Carriers, 3) => self.wrong_carriers_3,
            (Step::Vanishes, 1) => self.wrong_vanishes_1,
            (Step::Vanishes, 2) => self.wrong_vanishes_2,
            (Step::Vanishes, 3) => self.wrong_vanishes_3,
            (Step::Direction, _) => self.wrong_direction,
            (Step::Trained, 0) => self.wrong_trained_0,
            (Step::Trained, 1) => self.wrong_trained_1,
            (Step::Trained, 3) => self.wrong_trained_3,
            _ => "",
        }
    }
}

impl ScoresStrings {
    /// A kind of questions.
    pub fn kind(&self, kind: Kind) -> &'static str {
        match kind {
            Kind::Articles => self.kind_articles,
            Kind::NewArticles => self.kind_new_articles,
            Kind::Posts => self.kind_posts,
            Kind::Reviews => self.kind_reviews,
            Kind::Search => self.kind_search,
            Kind::Several => self.kind_several,
            Kind::Sentences => self.kind_sentences,
            Kind::Unanswerable => self.kind_unanswerable,
            Kind::Other => self.kind_other,
        }
    }

    /// A share in percent, for the ear.
    pub fn share(&self, percent: f64) -> String {
        match (percent / 10.0).round() as u32 {
            0 => self.few_of_ten.into(),
            tenths => self.of_ten(tenths),
        }
    }

    /// What to expect of a model in a sentence.
    pub fn expect(&self, title: &str, scores: &[FileScores]) -> String {
        let share = |kind| benchmark::of(scores, kind).map(|s| self.share(s.em));
        let articles = share(Kind::Articles).map(|share| self.quality_articles(share));
        let search = share(Kind::Search).map(|share| self.quality_search(share));
        let exact: Vec<String> = articles.into_iter().chain(search).collect();
        let several = benchmark::of(scores, Kind::Several).and_then(|s| s.several);
        let several = several.map(|s| self.quality_several(self.share(s.all), self.share(s.any))).unwrap_or_default();
        self.quality(title, exact.join(self.quality_and), several)
    }
}

impl SelfTestStrings {
    /// A test, for people.
    pub fn title(&self, test: Test) -> &'static str {
        match test {
            Test::Kernel => self.test_kernel,
            Test::Model => self.test_model,
            Test::Tokenizer => self.test_tokenizer,
            Test::Logits => self.test_logits,
            Test::Exact => self.test_exact,
            Test::Gradients => self.test_gradients,
            Test::Difference => self.test_difference,
            Test::Timings => self.test_timings,
        }
    }

    /// How far it is.
    pub fn state(&self, state: State) -> &'static str {
        match state {
            State::Waiting => self.state_waiting,
            State::Running => self.state_running,
            State::Passed => self.state_passed,
            State::Failed => self.state_failed,
            State::Skipped => self.state_skipped,
        }
    }

    /// Its result.
    pub fn found(&self, found: &Found) -> String {
        match found {
            Found::Kernel { name, reason, comparisons } => {
                let reason = match reason {
                    KernelReason::Able => self.reason_able,
                    KernelReason::Unable => self.reason_unable,
                    KernelReason::Asked => self.reason_asked,
                };
                self.found_kernel(name, reason, comparisons)
            }
            Found::Model { title, bytes, published } => self.found_model(title, megabytes(*bytes as u64), *published),
            Found::Tokens(Tokens { texts, count, wrong, first }) => {
                let first = first.as_ref().map(|first| format!(" ({first})")).unwrap_or_default();
                self.found_tokens(texts, count, *wrong, first)
            }
            Found::Logits { worst, count, limit } => self.found_logits(count, probability(*worst), limit),
            Found::Gradients(g) => {
                let [loss, w, b, norms, shares] = [g.loss, g.w, g.b, g.norms, g.shares].map(probability);
                self.found_gradients(loss, w, b, g.tensors, norms, shares, GRADIENT_LIMIT)
            }
            Found::Difference { summary: s, example } => {
                let [largest, mean, kl, mean_kl] = [s.largest, s.mean, s.largest_kl, s.mean_kl].map(probability);
                self.found_difference(*example, s.tokens, largest, mean, kl, mean_kl, KL_LIMIT, s.labels)
            }
            Found::Timings(t) => {
                let ms = |ms: f64| fixed(ms, if ms < 1.0 { 2 } else { usize::from(ms < 10.0) });
                let mb = |bytes: usize| megabytes(bytes as u64);
                let step = t.step.map(|step| self.timing_step(ms(step))).unwrap_or_default();
                let learner = t.learner.map(|bytes| self.memory_learner(mb(bytes))).unwrap_or_default();
                let [start, load, tokenize, forward, decode] =
                    [t.start, t.load, t.tokenize, t.forward, t.decode].map(ms);
                self.found_timings(
                    start,
                    load,
                    t.runs,
                    tokenize,
                    forward,
                    decode,
                    step,
                    mb(t.engine),
                    learner,
                    mb(t.page),
                )
            }
        }
    }

    /// Why it has none. Errors have sentences of their own.
    pub fn why(&self, why: &Why) -> String {
        match why {
            Why::Own => self.why_own.into(),
            Why::NoReference(why) => self.why_no_reference(why),
            Why::Broken(why) => self.why_broken(why),
            Why::NoModel => self.why_no_model.into(),
            Why::Stopped => self.why_stopped.into(),
            Why::Error(error) => error.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::bio::{GoldError, Span};
    use crate::error::Error;

    fn gold_errors() -> Vec<GoldError> {
        let (a, b) = (Span { start: 0, end: 5 }, Span { start: 3, end: 8 });
        vec![
            GoldError::Empty(a),
            GoldError::Overlap(a, b),
            GoldError::PastEnd(a, 4),
            GoldError::NoToken(a),
            GoldError::SharedToken { first: a, second: b, token: 2 },
            GoldError::NoAnnotator,
            GoldError::TooManyAnnotators(1000),
            GoldError::Length { expected: 3, found: 2 },
            GoldError::WeightCount { annotators: 2, weights: 3 },
            GoldError::Weight { annotator: 1, weight: -0.5 },
            GoldError::WeightSum(0.0),
            GoldError::NotADistribution { token: 4, row: [0.5, 0.25, 0.0] },
        ]
    }

    #[test]
    fn what_is_wrong_with_labels_is_said_in_one_language() {
        let greek = super::find("el").unwrap();
        for error in gold_errors().into_iter().flat_map(|e| [Error::from(e.clone()), Error::gold_of(0, e)]) {
            let said = greek.error(&error);
            assert!(!said.chars().any(|c| c.is_ascii_alphabetic()), "{said}");
            let numbers = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            let [mut there, mut here] = [&said, &error.to_string()].map(|text| numbers(text).into_bytes());
            there.sort_unstable();
            here.sort_unstable();
            assert_eq!(there, here, "{said} says the same as {error}");
        }
        // Others' words are set apart as such.
        let said = greek.error(&Error::Mismatch { why: "no tensor".into() });
        assert!(said.contains("στα αγγλικά: “no tensor”"), "{said}");
    }
}
