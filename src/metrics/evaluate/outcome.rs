//! What the model makes of one question.

use serde::Serialize;

use super::labels;
use crate::bio::{self, Decoder, Dist, Label, Logits, Loss};
use crate::dataset::Instance;
use crate::error::Error;
use crate::inference::{Analysis, Engine, ModelOutput, with_accents};

/// What a threshold for "no answer" is compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum NoAnswerBy {
    /// The best answer's score: log(p_B/p_O) of its first token + sum of log(p_I/p_O) of the others.
    #[default]
    Score,
    /// The highest log(p_B/p_O) of any token. It does not grow with an answer's length, as a score does.
    Begin,
}

impl NoAnswerBy {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            NoAnswerBy::Score => "score",
            NoAnswerBy::Begin => "highest log(p_B/p_O)",
        }
    }
}

/// How answers are chosen.
#[derive(Clone, Copy, Debug, Default)]
pub struct Choice {
    /// The decoder; of several answers the best is taken.
    pub decoder: Decoder,
    /// Abstain when what `no_answer_by` says is below this.
    pub no_answer_threshold: Option<f64>,
    /// What the threshold is compared with.
    pub no_answer_by: NoAnswerBy,
    /// The longest answer that `one` may give, in tokens.
    pub max_answer_tokens: Option<usize>,
    /// In place of the model's own bias on B for `viterbi`, in nats.
    pub b_bias: Option<f64>,
}

/// The best answer that a decoder finds.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The exact substring of the paragraph.
    pub text: String,
    /// log(p_B/p_O) of the first token + sum of log(p_I/p_O) of the others.
    pub score: f64,
    /// How many tokens it has.
    pub tokens: usize,
}

/// One question's outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The best answer, if the decoder found any; given or not.
    pub best: Option<Candidate>,
    /// The best answer is withheld when [`Outcome::evidence`] is below this.
    pub no_answer_threshold: Option<f64>,
    /// What that evidence is.
    pub no_answer_by: NoAnswerBy,
    /// The bias on B with which `viterbi` reads spans, in nats.
    pub b_bias: f64,
    /// The question was longer than a model reads, and was cut.
    pub question_truncated: bool,
    /// `[N_P]`: each token's place in the paragraph, in UTF-16 code units.
    pub places: Vec<(usize, usize)>,
    /// `[N_P]`: z_i.
    pub logits: Vec<Logits>,
    /// `[N_P]`: t_i.
    pub gold: Vec<Dist>,
    /// L of z against t.
    pub loss: Loss,
    /// Every annotator's labels, `[N_P]` each.
    pub annotators: Vec<Vec<Label>>,
}

impl Outcome {
    /// The best answer, unless it is withheld.
    pub fn chosen(&self) -> Option<&Candidate> {
        self.best.as_ref().filter(|_| self.no_answer_threshold.is_none_or(|least| self.evidence() >= least))
    }

    /// What speaks for giving the best answer rather than none, in nats; minus infinity where the decoder found none.
    pub fn evidence(&self) -> f64 {
        match (&self.best, self.no_answer_by) {
            (None, _) => f64::NEG_INFINITY,
            (Some(best), NoAnswerBy::Score) => best.score,
            // log(p_B/p_O) is the difference of their logits.
            (Some(_), NoAnswerBy::Begin) => {
                self.logits.iter().map(|[b, _, o]| f64::from(*b) - f64::from(*o)).fold(f64::NEG_INFINITY, f64::max)
            }
        }
    }

    /// The chosen answer's text; "" for none.
    pub fn answer(&self) -> &str {
        self.chosen().map_or("", |chosen| &chosen.text)
    }

    /// The spans that `viterbi` marks with a bias on B, in nats: none, one or several, as half-open ranges of tokens.
    pub fn marked(&self, b_bias: f64) -> Vec<(usize, usize)> {
        let spans = bio::decode(&self.log_p(), Decoder::Viterbi, b_bias).spans;
        spans.iter().map(|span| (span.first, span.last)).collect()
    }

    /// The texts of spans in the instance's own paragraph.
    pub fn texts(&self, context: &str, spans: &[(usize, usize)]) -> Vec<String> {
        let units: Vec<u16> = context.encode_utf16().collect();
        let text = |&(first, last): &(usize, usize)| {
            String::from_utf16_lossy(&units[self.places[first].0..with_accents(&units, self.places[last - 1].1)])
        };
        spans.iter().map(text).collect()
    }

    /// log P(no answer), in nats.
    pub fn log_no_answer(&self) -> f64 {
        bio::log_no_answer(&self.log_p())
    }

    fn log_p(&self) -> Vec<Dist> {
        self.logits.iter().map(bio::log_softmax).collect()
    }

    /// Whether every annotator says that the question has no answer.
    pub fn unanswerable(&self) -> bool {
        self.annotators.iter().flatten().all(|label| *label == Label::O)
    }
}

/// Runs the model over one instance.
///
/// # Errors
/// The question or the paragraph is empty, or the gold labels do not fit the tokens.
pub fn run(engine: &Engine, instance: &Instance, choice: Choice) -> Result<Outcome, Error> {
    let (mut output, _) = engine.analyse(&instance.question, &instance.context)?;
    output.b_bias = choice.b_bias.unwrap_or(output.b_bias);
    let places: Vec<(usize, usize)> = output.tokens.iter().map(|t| (t.start, t.end)).collect();
    let annotators = labels(instance, &places)?;
    let logits: Vec<Logits> = output.tokens.iter().map(|t| t.logits).collect();
    let gold = bio::mean_labels(&annotators, instance.weights())?;
    Ok(Outcome {
        b_bias: output.b_bias,
        question_truncated: output.question_truncated,
        places,
        best: candidate(&instance.context, output, choice),
        no_answer_threshold: choice.no_answer_threshold,
        no_answer_by: choice.no_answer_by,
        loss: bio::loss(&logits, &gold)?,
        logits,
        gold,
        annotators,
    })
}

/// The best answer by the choice's decoder, whatever its score. The threshold is not looked at.
pub fn candidate(context: &str, output: ModelOutput, choice: Choice) -> Option<Candidate> {
    if let (Decoder::One, Some(most)) = (choice.decoder, choice.max_answer_tokens) {
        let log_p: Vec<Dist> = output.tokens.iter().map(|t| bio::log_softmax(&t.logits)).collect();
        let span = *bio::decode_one_within(&log_p, most).spans.first()?;
        let units: Vec<u16> = context.encode_utf16().collect();
        let (start, end) = (output.tokens[span.first].start, with_accents(&units, output.tokens[span.last - 1].end));
        let text = String::from_utf16_lossy(&units[start..end]);
        return Some(Candidate { text, score: span.score, tokens: span.last - span.first });
    }
    let best = Analysis::new(context, output, choice.decoder).answers.into_iter().next()?;
    Some(Candidate { text: best.text, score: best.score, tokens: best.last - best.first })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::evaluate::made::{outcome, sure};

    #[test]
    fn an_answer_below_the_threshold_is_withheld() {
        let mut o = outcome(&[&[(0, 1)], &[]], sure("BOOOO"), Some(("Ann", 2.0, 1)));
        assert_eq!((o.answer(), o.unanswerable()), ("Ann", false));
        o.no_answer_threshold = Some(2.0);
        assert_eq!(o.answer(), "Ann", "at the threshold it is given");
        o.no_answer_threshold = Some(2.1);
        assert_eq!((o.answer(), o.chosen()), ("", None));
        assert!(outcome(&[&[], &[]], sure("BOOOO"), None).unanswerable());
    }

    #[test]
    fn a_threshold_may_look_at_b_alone() {
        // log(p_B/p_O) is 12 at the first token and -12 at the others; the score is the answer's own.
        let mut o = outcome(&[&[(0, 1)]], sure("BOOOO"), Some(("Ann", 2.0, 1)));
        o.no_answer_threshold = Some(11.9);
        assert_eq!((o.evidence(), o.answer()), (2.0, ""));
        o.no_answer_by = NoAnswerBy::Begin;
        assert!((o.evidence() - 12.0).abs() < 1e-9, "{}", o.evidence());
        assert_eq!(o.answer(), "Ann");
        o.no_answer_threshold = Some(12.1);
        assert_eq!(o.answer(), "");
        o.best = None;
        assert_eq!((o.evidence(), o.answer()), (f64::NEG_INFINITY, ""));
    }

    #[test]
    fn a_marked_text_keeps_its_accent() {
        let mut o = outcome(&[&[(0, 1)]], sure("BOOOO"), None);
        o.places[0] = (0, 4);
        assert_eq!(o.texts("Jose\u{301} sang", &[(0, 1)]), ["Jose\u{301}"]);
    }

    fn output() -> ModelOutput {
        let text = r#"{"questionTokens":1,"hiddenSize":1,"windows":[],"kernel":"","tokenize_ms":0,"forward_ms":0,"tokens":[]}"#;
        let mut output: ModelOutput =
            serde_json::from_str(&text.replace("tokenize_ms", "tokenizeMs").replace("forward_ms", "forwardMs"))
                .unwrap();
        // "Ann saw Bo": odds against O of 3 for B at the first, 2 for I at each further one.
        for (start, end, logits) in [(0, 3, [3.0, 0.0, 0.0]), (4, 7, [0.0, 2.0, 0.0]), (8, 10, [0.0, 2.0, 0.0])] {
            output.tokens.push(crate::inference::TokenOutput { start, end, word: 0, window: 0, logits });
        }
        output
    }

    #[test]
    fn the_longest_answer_can_be_bounded() {
        let best = |most| {
            let choice = Choice { decoder: Decoder::One, max_answer_tokens: most, ..Choice::default() };
            candidate("Ann saw Bo", output(), choice).unwrap()
        };
        assert_eq!(best(None), Candidate { text: "Ann saw Bo".into(), score: 7.0, tokens: 3 });
        assert_eq!(best(Some(2)), Candidate { text: "Ann saw".into(), score: 5.0, tokens: 2 });
    }

    #[test]
    fn a_decoder_that_finds_nothing_gives_no_candidate() {
        let mut output = output();
        output.tokens.iter_mut().for_each(|t| t.logits = [0.0, 0.0, 9.0]);
        assert_eq!(candidate("Ann saw Bo", output.clone(), Choice::default()), None);
        let one = Choice { decoder: Decoder::One, ..Choice::default() };
        assert_eq!(candidate("Ann saw Bo", output, one).unwrap().score, -9.0);
    }
}
