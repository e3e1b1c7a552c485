//! Scores of a model on a data file: EM and F1 as SQuAD counts them, token loss, token F1 of B and I.

use rayon::prelude::*;
use serde::Serialize;

use crate::analysis::Analysis;
use crate::bio::{self, Decoder, Dist, Label, Span};
use crate::data::Instance;
use crate::engine::Engine;
use crate::fault::Fault;
use crate::text::Offsets;

/// How answers are chosen.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// The decoder; of several answers the best is taken.
    pub decoder: Decoder,
    /// Abstain when the best score is below this.
    pub no_answer_threshold: Option<f64>,
    /// The longest answer that `one` may give, in tokens.
    pub max_answer_tokens: Option<usize>,
}

/// One question's outcome.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The chosen answer; "" for none.
    pub answer: String,
    /// N_P tokens' logits.
    pub logits: Vec<bio::Logits>,
    /// t_i of every token.
    pub gold: Vec<Dist>,
}

/// All scores of one data file.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Scores {
    /// Number of questions.
    pub questions: usize,
    /// Exact match, in percent.
    pub em: f64,
    /// F1 of the answer's words, in percent.
    pub f1: f64,
    /// Mean L per question, in nats.
    pub token_loss: f64,
    /// Mean H(t) per question: the least that L can be.
    pub entropy: f64,
    /// Token F1 of the class B: the largest p against t.
    pub b: TokenF1,
    /// Token F1 of the class I.
    pub i: TokenF1,
}

/// Precision, recall and F1 over tokens, in percent. Gold counts with its weight t.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TokenF1 {
    /// Of the tokens so labelled, the share that is right.
    pub precision: f64,
    /// Of the gold mass, the share that was found.
    pub recall: f64,
    /// Their harmonic mean.
    pub f1: f64,
}

/// Runs the model over one instance.
///
/// # Errors
/// The question is too long, or the gold labels do not fit the tokens.
pub fn run(engine: &Engine, instance: &Instance, choice: Choice) -> Result<Outcome, Fault> {
    let (reading, _) = engine.analyse(&instance.question, &instance.context)?;
    let gold = gold(instance, &reading.tokens.iter().map(|t| (t.start, t.end)).collect::<Vec<_>>())?;
    let analysis = Analysis::new(&instance.context, reading, choice.decoder);
    Ok(Outcome { answer: choose(&analysis, &instance.context, choice), logits: analysis.logits(), gold })
}

/// The best answer by `choice`, or "".
pub fn choose(analysis: &Analysis, context: &str, choice: Choice) -> String {
    let (text, score) = match (choice.decoder, choice.max_answer_tokens) {
        (Decoder::One, Some(most)) => {
            let log_p: Vec<Dist> = analysis.tokens.iter().map(|t| bio::log_softmax(&t.logits)).collect();
            let span = bio::decode_one_within(&log_p, most).spans[0];
            let units: Vec<u16> = context.encode_utf16().collect();
            let (start, end) = (analysis.tokens[span.first].start, analysis.tokens[span.last - 1].end);
            (String::from_utf16_lossy(&units[start..end]), span.score)
        }
        _ => match analysis.answers.first() {
            Some(answer) => (answer.text.clone(), answer.score),
            None => return String::new(),
        },
    };
    if choice.no_answer_threshold.is_some_and(|least| score < least) { String::new() } else { text }
}

/// t_i of the instance for tokens with UTF-16 offsets `tokens`.
pub fn gold(instance: &Instance, tokens: &[(usize, usize)]) -> Result<Vec<Dist>, Fault> {
    let offsets = Offsets::new(&instance.context);
    let tokens: Vec<Span> = tokens.iter().map(|&(start, end)| Span { start, end }).collect();
    let unit = |point: usize| offsets.utf16_of_code_point(point).expect("checked when the file was read");
    let labels = instance.annotators.iter().map(|spans| {
        let spans: Vec<Span> = spans.iter().map(|s| Span { start: unit(s.start), end: unit(s.end) }).collect();
        bio::labels_from_spans(&tokens, &spans)
    });
    Ok(bio::mean_labels(&labels.collect::<Result<Vec<_>, _>>()?, None)?)
}

/// Runs `work` on every instance, on all cores; `tick` is called after each. Results keep the order.
///
/// # Errors
/// The first instance's error, with its id.
pub fn each<T: Send>(
    instances: &[Instance],
    tick: impl Fn() + Sync,
    work: impl Fn(&Instance) -> Result<T, Fault> + Sync,
) -> Result<Vec<T>, (String, Fault)> {
    let one = |instance: &Instance| {
        let result = work(instance).map_err(|fault| (instance.id.clone(), fault));
        tick();
        result
    };
    instances.par_iter().map(one).collect()
}

/// Scores of all outcomes against their instances.
pub fn scores(instances: &[Instance], outcomes: &[Outcome]) -> Result<Scores, Fault> {
    let mut sums = [0.0; 4];
    // Per class: labelled, right among them, gold mass.
    let mut tokens = [[0.0; 3]; 2];
    for (instance, outcome) in instances.iter().zip(outcomes) {
        let texts = instance.texts();
        let golds: Vec<&str> = texts.iter().map(String::as_str).collect();
        sums[0] += f64::from(u8::from(bio::exact_match(&outcome.answer, &golds)));
        sums[1] += bio::f1(&outcome.answer, &golds);
        let loss = bio::loss(&outcome.logits, &outcome.gold)?;
        sums[2] += loss.total;
        sums[3] += loss.entropy;
        for (z, t) in outcome.logits.iter().zip(&outcome.gold) {
            let label = Label::argmax(z).index();
            for (class, count) in tokens.iter_mut().enumerate() {
                count[2] += t[class];
                if label == class {
                    count[0] += 1.0;
                    count[1] += t[class];
                }
            }
        }
    }
    let n = instances.len() as f64;
    let percent = |x: f64| 100.0 * x / n;
    let token_f1 = |[labelled, right, gold]: [f64; 3]| {
        let share = |of: f64| if of == 0.0 { 0.0 } else { 100.0 * right / of };
        let both = labelled + gold;
        TokenF1 {
            precision: share(labelled),
            recall: share(gold),
            f1: if both == 0.0 { 0.0 } else { 200.0 * right / both },
        }
    };
    Ok(Scores {
        questions: instances.len(),
        em: percent(sums[0]),
        f1: percent(sums[1]),
        token_loss: sums[2] / n,
        entropy: sums[3] / n,
        b: token_f1(tokens[0]),
        i: token_f1(tokens[1]),
    })
}
