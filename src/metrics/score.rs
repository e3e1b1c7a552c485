//! SQuAD's official scores of an answer text against the annotators' answers: EM and F1 (v2.0 script).

use std::collections::HashMap;

/// The text that SQuAD compares: lower-cased, without ASCII punctuation, without the words a, an and
/// the, with single spaces.
pub fn normalise_answer(text: &str) -> String {
    let lower = text.to_lowercase();
    let mut words = String::with_capacity(lower.len());
    let mut run = String::new();
    // The script's `\b(a|an|the)\b` looks at runs of letters and digits, which need not be bounded by spaces.
    for c in lower.chars().filter(|c| !c.is_ascii_punctuation()).chain([' ']) {
        if c.is_alphanumeric() {
            run.push(c);
        } else {
            words.push_str(if matches!(run.as_str(), "a" | "an" | "the") { " " } else { &run });
            run.clear();
            words.push(c);
        }
    }
    let parts: Vec<&str> = words.split(is_space).filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

/// Python's `str.isspace`, which also counts the four ASCII separators.
fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}

/// EM: whether the prediction equals one of the gold answers after normalisation. The empty text says
/// "no answer", and so does an empty list of gold answers.
pub fn exact_match(prediction: &str, golds: &[&str]) -> bool {
    let prediction = normalise_answer(prediction);
    or_no_answer(golds).iter().any(|gold| normalise_answer(gold) == prediction)
}

/// F1 of the words of prediction and gold answer, 0 to 1: the best over all gold answers. Where one side
/// has no words left after normalisation it is 1 if the other has none either, else 0. An empty list of
/// gold answers says "no answer".
pub fn f1(prediction: &str, golds: &[&str]) -> f64 {
    let prediction = normalise_answer(prediction);
    or_no_answer(golds).iter().map(|gold| word_f1(&prediction, &normalise_answer(gold))).fold(0.0, f64::max)
}

fn or_no_answer<'a>(golds: &'a [&'a str]) -> &'a [&'a str] {
    if golds.is_empty() { &[""] } else { golds }
}

fn word_f1(prediction: &str, gold: &str) -> f64 {
    if prediction.is_empty() || gold.is_empty() {
        return if prediction == gold { 1.0 } else { 0.0 };
    }
    let mut open: HashMap<&str, usize> = HashMap::new();
    gold.split(' ').for_each(|word| *open.entry(word).or_default() += 1);
    let mut same = 0;
    for word in prediction.split(' ') {
        if let Some(left) = open.get_mut(word).filter(|left| **left > 0) {
            *left -= 1;
            same += 1;
        }
    }
    if same == 0 {
        return 0.0;
    }
    let precision = f64::from(same) / prediction.split(' ').count() as f64;
    let recall = f64::from(same) / gold.split(' ').count() as f64;
    2.0 * precision * recall / (precision + recall)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn normalises_like_the_official_script() {
        for (text, expected) in [
            ("The Eiffel Tower!", "eiffel tower"),
            ("  an   apple a day ", "apple day"),
            ("U.S.A.", "usa"),
            ("Theatre and another", "theatre and another"),
            ("the_end", "theend"), // punctuation goes first and takes the word boundary along
            ("a-b", "ab"),
            ("twenty\u{2013}the\u{2013}one", "twenty\u{2013} \u{2013}one"), // a dash beyond ASCII stays
            ("the\u{a0}cat\u{1f}sat\n", "cat sat"),
            ("$1,200.50", "120050"),
            (
                "\u{c4}RZTE \u{2019}n\u{2019} \u{39f}\u{394}\u{39f}\u{3a3}",
                "\u{e4}rzte \u{2019}n\u{2019} \u{3bf}\u{3b4}\u{3bf}\u{3c2}",
            ),
            ("a\u{301} b", "\u{301} b"), // a decomposed accent is no letter there either
            ("The", ""),
            ("...", ""),
            ("", ""),
        ] {
            assert_eq!(normalise_answer(text), expected, "{text:?}");
        }
    }

    #[test]
    fn exact_match_takes_any_gold() {
        assert!(exact_match("the Old Mill.", &["river", "old mill"]));
        assert!(!exact_match("old mills", &["river", "old mill"]));
        assert!(exact_match("", &[]) && exact_match("", &[""]) && exact_match("The", &[""]));
        assert!(!exact_match("mill", &[]) && !exact_match("", &["mill"]));
    }

    #[test]
    fn f1_counts_words_as_often_as_they_occur() {
        assert_eq!(f1("old mill", &["the old mill"]), 1.0);
        // 2 words in common of 3 and 4: precision 2/3, recall 1/2, F1 4/7
        assert!((f1("old paper mill", &["old mill by river"]) - 4.0 / 7.0).abs() < 1e-15);
        // "la" once in the gold counts once: precision 1/3, recall 1/2
        assert!((f1("la la la", &["la land"]) - 0.4).abs() < 1e-15);
        assert_eq!(f1("mill", &["river", "mill"]), 1.0, "the best gold counts");
        assert_eq!(f1("mill", &["river"]), 0.0);
        assert_eq!((f1("", &[""]), f1("a", &[]), f1("", &["x"]), f1("x", &[""])), (1.0, 1.0, 0.0, 0.0));
    }

    proptest! {
        #[test]
        fn scores_agree_and_stay_in_range(a in "[aAbthe .,]{0,12}", b in "[aAbthe .,]{0,12}") {
            let score = f1(&a, &[&b]);
            prop_assert!((0.0..=1.0).contains(&score));
            prop_assert!((f1(&b, &[&a]) - score).abs() < 1e-15);
            prop_assert!(!exact_match(&a, &[&b]) || score == 1.0);
        }
    }
}
