//! How well a shipped model reads, as measured: `scores` of a model in `models/index.json`. `cargo xtask scores` writes
//! them, the page shows them. Percentages go from 0 to 100.

use serde::{Deserialize, Serialize};

/// What the questions of a file are like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// Asked by people who read an encyclopaedic paragraph.
    Articles,
    /// The same on newer articles, which no training file is about.
    NewArticles,
    /// On what people write in forums.
    Posts,
    /// On what people write about things that they bought.
    Reviews,
    /// What people typed into a search engine.
    Search,
    /// The same, where every question has several answers.
    Several,
    /// About a single sentence.
    Sentences,
    /// On articles, about half of them without an answer.
    Unanswerable,
    /// One that this program is too old to know.
    #[serde(other)]
    Other,
}

/// A model's scores on one validation file, by `bioscope eval`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FileScores {
    /// What the questions are like.
    pub kind: Kind,
    /// The file's name without its extension.
    pub file: String,
    /// Number of questions.
    pub questions: usize,
    /// Exact match of the best answer (decoder `one`).
    pub em: f64,
    /// F1 of the best answer's words.
    pub f1: f64,
    /// Where some question has several answers: what becomes of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub several: Option<SeveralScores>,
    /// Where some question has none: what becomes of the file with a threshold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_answer: Option<NoAnswerScores>,
}

/// Scores of the spans that `viterbi` marks.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SeveralScores {
    /// MultiSpanQA's F1 of exact matches, over all questions of the file.
    pub exact_f1: f64,
    /// Its F1 of overlaps.
    pub overlap_f1: f64,
    /// Questions to which some annotator gave several answers; the shares below are of these.
    pub questions: usize,
    /// Share of them to which all answers were found.
    pub all: f64,
    /// Share of them to which at least one was found.
    pub any: f64,
}

/// Scores with a threshold below which no answer is given. It was chosen on one half of the questions; these are of the other.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NoAnswerScores {
    /// Questions of the whole file that have no answer.
    pub unanswerable: usize,
    /// F1 with the threshold.
    pub f1: f64,
    /// F1 of giving no answer at all.
    pub never: f64,
}

impl FileScores {
    /// The share that is exactly right and the one that also counts what is right in part: EM and F1, or exact and overlap
    /// F1 of spans where every question has several answers. With a threshold there is no second one.
    pub fn shares(&self) -> (Option<f64>, f64) {
        match (self.several, self.no_answer) {
            (Some(several), _) if several.questions == self.questions => (Some(several.exact_f1), several.overlap_f1),
            (_, Some(no_answer)) if self.kind == Kind::Unanswerable => (None, no_answer.f1),
            _ => (Some(self.em), self.f1),
        }
    }
}

/// The scores of a kind, if it was measured.
pub fn of(scores: &[FileScores], kind: Kind) -> Option<&FileScores> {
    scores.iter().find(|scores| scores.kind == kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As xtask writes it.
    fn scores() -> Vec<FileScores> {
        let text = r#"[
            {"kind":"articles","file":"squad-v1.1-valid","questions":1041,"em":69.26,"f1":80.52},
            {"kind":"several","file":"m","questions":72,"em":5.0,"f1":40.0,
             "several":{"exactF1":9.2,"overlapF1":33.8,"questions":72,"all":4.2,"any":50.0}},
            {"kind":"search","file":"q","questions":392,"em":32.0,"f1":45.2,
             "several":{"exactF1":30.0,"overlapF1":44.0,"questions":51,"all":10.0,"any":40.0}},
            {"kind":"unanswerable","file":"s","questions":929,"em":31.0,"f1":37.4,
             "noAnswer":{"unanswerable":486,"f1":56.0,"never":52.3}},
            {"kind":"proverbs","file":"x","questions":1,"em":0.0,"f1":0.0}]"#;
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn each_kind_is_shown_by_the_score_that_fits_it() {
        let shares: Vec<_> = scores().iter().map(FileScores::shares).collect();
        let both = |exact, partly| (Some(exact), partly);
        assert_eq!(shares, [both(69.26, 80.52), both(9.2, 33.8), both(32.0, 45.2), (None, 56.0), both(0.0, 0.0)]);
    }

    #[test]
    fn a_kind_of_later_is_read_as_another() {
        let scores = scores();
        assert_eq!((of(&scores, Kind::Other).unwrap().file.as_str(), of(&scores, Kind::Posts)), ("x", None));
    }

    #[test]
    fn every_shipped_model_has_scores_that_come_back_from_json() {
        let text = include_str!("../../static/models/index.json");
        let index: Vec<serde_json::Value> = serde_json::from_str(text).unwrap();
        for model in index {
            let scores: Vec<FileScores> = serde_json::from_value(model["scores"].clone()).unwrap();
            assert_eq!(serde_json::to_value(&scores).unwrap(), model["scores"], "no field is unknown");
            let kinds: Vec<Kind> = scores.iter().map(|s| s.kind).collect();
            use Kind::{Articles, NewArticles, Posts, Reviews, Search, Sentences, Several, Unanswerable};
            assert_eq!(kinds, [Articles, NewArticles, Posts, Reviews, Search, Several, Sentences, Unanswerable]);
            for s in &scores {
                let (exact, partly) = s.shares();
                assert!(exact.unwrap_or(0.0) <= partly && partly <= 100.0 && s.em <= s.f1, "{s:?}");
                assert!(s.several.is_none_or(|m| m.all <= m.any && m.questions <= s.questions), "{s:?}");
            }
            assert_eq!(of(&scores, Kind::Several).unwrap().several.unwrap().questions, 72, "all of them");
            assert!(of(&scores, Kind::Unanswerable).unwrap().no_answer.is_some());
            let rounded = |value: f64| (10.0 * value).round() / 10.0;
            let articles = of(&scores, Kind::Articles).unwrap();
            assert_eq!(model["f1"].as_f64().unwrap(), rounded(articles.f1), "one file, one F1");
            assert_eq!(model["em"].as_f64().unwrap(), rounded(articles.em));
        }
    }
}
