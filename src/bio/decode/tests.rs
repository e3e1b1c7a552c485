use proptest::prelude::*;

use super::Label::{B, I, O};
use super::*;
use crate::bio::{Logits, log_softmax};

/// All 3^n label sequences.
fn sequences(n: usize) -> Vec<Vec<Label>> {
    let nth = |k: usize| (0..n).map(|i| Label::ALL[k / 3_usize.pow(i as u32) % 3]).collect();
    (0..3_usize.pow(n as u32)).map(nth).collect()
}

fn is_valid(labels: &[Label]) -> bool {
    labels.first() != Some(&I) && labels.windows(2).all(|pair| pair != [O, I])
}

fn log_probability(log_p: &[Dist], labels: &[Label]) -> f64 {
    log_p.iter().zip(labels).map(|(log_p, label)| log_p[label.index()]).sum()
}

/// `found` must be allowed and as probable as the best of the allowed sequences; the same, unless others tie.
fn check_best(log_p: &[Dist], found: &[Label], allowed: impl Fn(&[Label]) -> bool) {
    assert!(allowed(found), "{found:?}");
    let mut all: Vec<(f64, Vec<Label>)> =
        sequences(log_p.len()).into_iter().filter(|s| allowed(s)).map(|s| (log_probability(log_p, &s), s)).collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    let slack = 1e-12 * all[0].0.abs().max(1.0);
    assert!(log_probability(log_p, found) >= all[0].0 - slack, "{log_p:?}: {found:?}, best {:?}", all[0]);
    if all.len() == 1 || all[1].0 < all[0].0 - slack {
        assert_eq!(found, all[0].1, "{log_p:?}");
    }
}

fn begins(labels: &[Label]) -> usize {
    labels.iter().filter(|&&label| label == B).count()
}

/// What holds for every decoder.
fn check_decoded(log_p: &[Dist], decoded: &Decoded) {
    assert_eq!(decoded.labels.len(), log_p.len());
    assert!(is_valid(&decoded.labels), "{:?}", decoded.labels);
    let mut free = 0;
    for span in &decoded.spans {
        assert!(free <= span.first && span.first < span.last && span.last <= log_p.len(), "{span:?}");
        free = span.last;
        let ratio = |i: usize| log_p[i][usize::from(i > span.first)] - log_p[i][2];
        let score: f64 = (span.first..span.last).map(ratio).sum();
        assert!((score - span.score).abs() <= 1e-12 * score.abs().max(1.0), "{span:?} {score}");
    }
    let ranges: Vec<(usize, usize)> = decoded.spans.iter().map(|span| (span.first, span.last)).collect();
    assert_eq!(ranges, spans_from_labels(&decoded.labels));
}

/// All single spans, best first, by sorting.
fn all_spans(log_p: &[Dist]) -> Vec<TokenSpan> {
    let mut spans = Vec::new();
    for first in 0..log_p.len() {
        let mut score = 0.0;
        for last in first..log_p.len() {
            score += log_p[last][usize::from(last > first)] - log_p[last][2];
            spans.push(TokenSpan { first, last: last + 1, score });
        }
    }
    spans.sort_by(|a, b| b.score.total_cmp(&a.score)); // stable: earliest, then shortest
    spans
}

fn check_all(log_p: &[Dist]) {
    let decoded = Decoder::ALL.map(|decoder| decode(log_p, decoder, 0.0));
    decoded.iter().for_each(|decoded| check_decoded(log_p, decoded));
    let [greedy, viterbi, one] = decoded;

    let mut unrepaired = greedy.labels.clone();
    greedy.repaired.iter().for_each(|&i| {
        assert_eq!(unrepaired[i], B);
        unrepaired[i] = I;
        assert!(i == 0 || unrepaired[i - 1] == O);
    });
    check_best(log_p, &unrepaired, |_| true);
    check_best(log_p, &viterbi.labels, is_valid);
    check_best(log_p, &one.labels, |labels| is_valid(labels) && begins(labels) == 1);
    assert!(viterbi.spans.iter().all(|span| span.score >= 0.0), "{viterbi:?}");
    assert!(viterbi.repaired.is_empty() && one.repaired.is_empty());
    for limit in 1..=log_p.len() {
        let within = decode_one_within(log_p, limit);
        check_decoded(log_p, &within);
        let short = |labels: &[Label]| labels.iter().filter(|&&label| label != O).count() <= limit;
        check_best(log_p, &within.labels, |labels| is_valid(labels) && begins(labels) == 1 && short(labels));
    }

    let valid: f64 =
        sequences(log_p.len()).iter().filter(|s| is_valid(s)).map(|s| log_probability(log_p, s).exp()).sum();
    let none: f64 = log_p.iter().map(|log_p| log_p[2]).sum();
    let found = log_no_answer(log_p);
    assert!(found <= 0.0);
    if valid > 1e-200 {
        assert!((found - (none - valid.ln())).abs() <= 1e-10 * none.abs().max(1.0), "{found} {none} {valid}");
    }
}

/// Logits of 1..=6 tokens: usual ones, strongly skewed ones, and near-ties on a coarse grid.
fn short() -> impl Strategy<Value = Vec<Logits>> {
    let usual = prop::array::uniform3(-6.0..6.0_f32);
    let skewed = prop::array::uniform3(prop_oneof![Just(-500.0_f32), Just(40.0_f32), -60.0..60.0_f32]);
    let coarse = prop::array::uniform3((-2..3_i8).prop_map(f32::from));
    let near = prop::array::uniform3((-2..3_i8, -3..4_i8).prop_map(|(a, b)| f32::from(a) + f32::from(b) * 1e-6));
    prop_oneof![
        prop::collection::vec(usual, 1..=6),
        prop::collection::vec(skewed, 1..=6),
        prop::collection::vec(coarse, 1..=6),
        prop::collection::vec(near, 1..=6),
    ]
}

fn long() -> impl Strategy<Value = Vec<Logits>> {
    let plain = prop::array::uniform3(-8.0..8.0_f32);
    let coarse = prop::array::uniform3((-1..2_i8).prop_map(f32::from));
    prop_oneof![prop::collection::vec(plain, 0..60), prop::collection::vec(coarse, 0..60)]
}

fn log_p(logits: &[Logits]) -> Vec<Dist> {
    logits.iter().map(log_softmax).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn agrees_with_brute_force(logits in short()) {
        check_all(&log_p(&logits));
    }

    #[test]
    fn a_bias_on_b_is_viterbis_alone(logits in short(), bias in -3.0..3.0_f64) {
        let log_p = log_p(&logits);
        let biased: Vec<Dist> = log_p.iter().map(|&[b, i, o]| [b + bias, i, o]).collect();
        let viterbi = decode(&log_p, Decoder::Viterbi, bias);
        check_best(&biased, &viterbi.labels, is_valid);
        check_decoded(&log_p, &viterbi); // scores are those of p itself
        prop_assert!(viterbi.spans.iter().all(|span| span.score >= -bias));
        for decoder in [Decoder::Greedy, Decoder::One] {
            prop_assert_eq!(decode(&log_p, decoder, bias), decode(&log_p, decoder, 0.0));
        }
    }

    #[test]
    fn long_paragraphs_keep_the_rules(logits in long(), count in 0..8_usize, limit in 1..70_usize) {
        let log_p = log_p(&logits);
        for decoder in Decoder::ALL {
            check_decoded(&log_p, &decode(&log_p, decoder, 0.0));
        }
        prop_assert!(decode(&log_p, Decoder::Viterbi, 0.0).spans.iter().all(|span| span.score >= 0.0));
        let expected: Vec<f64> = all_spans(&log_p).iter().map(|span| span.score).take(count).collect();
        let found = best_spans(&log_p, count);
        prop_assert_eq!(found.len(), expected.len());
        prop_assert!(found.iter().zip(&expected).all(|(span, score)| (span.score - score).abs() < 1e-9));
        let one = decode(&log_p, Decoder::One, 0.0);
        prop_assert_eq!(&one.spans, &best_spans(&log_p, 1));
        let within = decode_one_within(&log_p, limit);
        prop_assert!(within.spans.iter().all(|span| span.last - span.first <= limit));
        if limit >= log_p.len() {
            prop_assert_eq!(within.spans.first().map(|s| s.score), one.spans.first().map(|s| s.score));
        }
    }

    /// Odds that binary fractions hold exactly: the order of ties is exactly the promised one.
    #[test]
    fn ties_go_to_the_earliest_then_shortest(grid in prop::collection::vec((-2..3_i8, -2..3_i8), 1..30)) {
        let log_p: Vec<Dist> = grid.iter().map(|&(b, i)| [f64::from(b) / 2.0, f64::from(i) / 2.0, 0.0]).collect();
        let sorted = all_spans(&log_p);
        for count in [1, 2, 5, sorted.len(), sorted.len() + 3] {
            prop_assert_eq!(&best_spans(&log_p, count)[..], &sorted[..count.min(sorted.len())]);
        }
        prop_assert_eq!(&decode(&log_p, Decoder::One, 0.0).spans[..], &sorted[..1]);
        for limit in [1, 3, 30] {
            let expected = sorted.iter().find(|span| span.last - span.first <= limit);
            let within = decode_one_within(&log_p, limit);
            prop_assert_eq!(within.spans.first(), expected);
        }
    }
}

#[test]
fn a_bias_marks_what_is_a_little_less_probable() {
    // log(p_B/p_O) of the first token is -ln 2, of the second -ln 4.
    let log_p: Vec<Dist> = [[0.3, 0.1, 0.6], [0.16, 0.2, 0.64]].map(|p| p.map(f64::ln)).to_vec();
    let labels = |bias: f64| decode(&log_p, Decoder::Viterbi, bias).labels;
    assert_eq!((labels(0.0), labels(0.69), labels(0.7), labels(1.5)), (vec![O, O], vec![O, O], vec![B, O], vec![B, B]));
    assert_eq!(labels(-1.0), [O, O]);
    assert!((decode(&log_p, Decoder::Viterbi, 1.0).spans[0].score + 2.0_f64.ln()).abs() < 1e-14);
}

#[test]
fn numbers_by_hand() {
    let log_p: Vec<Dist> = [[0.7, 0.1, 0.2], [0.2, 0.6, 0.2], [0.1, 0.1, 0.8]].map(|p| p.map(f64::ln)).to_vec();
    let viterbi = decode(&log_p, Decoder::Viterbi, 0.0);
    assert_eq!(viterbi.labels, [B, I, O]);
    assert!((viterbi.spans[0].score - (0.7_f64 / 0.2 * 0.6 / 0.2).ln()).abs() < 1e-14);
    // One token: p_O / (p_O + p_B), as a lone I is not valid.
    assert!((log_no_answer(&log_p[..1]).exp() - 0.2 / 0.9).abs() < 1e-15);
    // Two: OO 0.04 of OO + OB + BO + BB + BI = 0.04 + 0.04 + 0.14 + 0.14 + 0.42.
    assert!((log_no_answer(&log_p[..2]).exp() - 0.04 / 0.78).abs() < 1e-15);
}

#[test]
fn greedy_repairs_and_says_where() {
    let p = [[0.1, 0.8, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8], [0.2, 0.5, 0.3], [0.8, 0.1, 0.1]];
    let greedy = decode(&p.map(|p| p.map(f64::ln)), Decoder::Greedy, 0.0);
    assert_eq!(greedy.labels, [B, I, O, B, B]);
    assert_eq!(greedy.repaired, [0, 3]);
    let ranges: Vec<_> = greedy.spans.iter().map(|span| (span.first, span.last)).collect();
    assert_eq!(ranges, [(0, 2), (3, 4), (4, 5)]);
    assert!(greedy.spans[1].score < 0.0, "a repaired span may be less likely than none");
}

#[test]
fn nothing_to_decode() {
    for decoder in Decoder::ALL {
        assert_eq!(decode(&[], decoder, 0.0), Decoded { labels: vec![], spans: vec![], repaired: vec![] });
    }
    assert_eq!(decode_one_within(&[], 3).spans, []);
    assert_eq!(best_spans(&[], 5), []);
    assert_eq!(log_no_answer(&[]).to_bits(), 0.0_f64.to_bits());
}

#[test]
fn extreme_values_make_no_nan() {
    let extreme = [f32::MAX, f32::MIN, f32::INFINITY, f32::NEG_INFINITY, 1e4, -1e4, 0.0];
    let mut logits: Vec<Logits> = Vec::new();
    for a in extreme {
        extreme.iter().for_each(|&b| logits.extend(extreme.map(|c| [a, b, c])));
    }
    let mut rows = log_p(&logits);
    rows.extend([[f64::NEG_INFINITY, f64::NEG_INFINITY, 0.0], [0.0, f64::NEG_INFINITY, f64::NEG_INFINITY]]);
    for decoder in Decoder::ALL {
        let decoded = decode(&rows, decoder, 0.0);
        assert!(is_valid(&decoded.labels) && decoded.spans.iter().all(|span| span.score.is_finite()));
    }
    assert!(best_spans(&rows, 9).iter().all(|span| span.score.is_finite()));
    assert!(log_no_answer(&rows).is_finite());
    // Sure of O on a long paragraph: P(no answer) is 1, and the odds of a span are still told apart.
    let sure = vec![[-1e4, -1e4, 0.0]; 2000];
    assert_eq!(log_no_answer(&sure), 0.0);
    assert_eq!(decode(&sure, Decoder::Viterbi, 0.0).spans, []);
    assert_eq!(decode(&sure, Decoder::One, 0.0).spans, [TokenSpan { first: 0, last: 1, score: -1e4 }]);
}

#[test]
fn decoders_have_names() {
    for decoder in Decoder::ALL {
        assert_eq!(decoder.name().parse(), Ok(decoder));
        assert_eq!(format!("{decoder:>8}"), format!("{:>8}", decoder.name()));
    }
    assert_eq!(Decoder::default(), Decoder::Viterbi);
    assert_eq!("Viterbi".parse::<Decoder>(), Err(UnknownDecoder("Viterbi".into())));
}
