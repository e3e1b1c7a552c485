//! What a question asks for, by its words.

use std::fmt;

/// Kinds of questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wh {
    /// who, whom, whose
    Who,
    /// what
    What,
    /// when
    When,
    /// where
    Where,
    /// why
    Why,
    /// which
    Which,
    /// how, but not how many or how much
    How,
    /// how many, how much
    HowMany,
    /// It begins with a verb such as is, did, can.
    YesNo,
    /// None of these words.
    Other,
}

impl Wh {
    /// All kinds, in the order of tables.
    pub const ALL: [Wh; 10] =
        [Wh::Who, Wh::What, Wh::When, Wh::Where, Wh::Why, Wh::Which, Wh::How, Wh::HowMany, Wh::YesNo, Wh::Other];

    /// A question's kind: yes/no by its first word, else by the first of the question words, wherever it stands ("In what
    /// year"). English.
    pub fn of(question: &str) -> Wh {
        let lower = question.to_lowercase().replace('\u{2019}', "'");
        let words: Vec<&str> =
            lower.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|w| !w.is_empty()).collect();
        // "who's" and "isn't" are their first parts.
        let stem = |word: &&str| word.split('\'').next().unwrap_or_default().to_owned();
        let stems: Vec<String> = words.iter().map(stem).collect();
        if stems
            .first()
            .is_some_and(|first| VERBS.contains(&first.trim_end_matches('n')) || VERBS.contains(&first.as_str()))
        {
            return Wh::YesNo;
        }
        let known = |(k, word): (usize, &String)| {
            Some(match word.as_str() {
                "who" | "whom" | "whose" => Wh::Who,
                "what" => Wh::What,
                "when" => Wh::When,
                "where" => Wh::Where,
                "why" => Wh::Why,
                "which" => Wh::Which,
                "how" => match stems.get(k + 1).map(String::as_str) {
                    Some("many" | "much") => Wh::HowMany,
                    _ => Wh::How,
                },
                _ => return None,
            })
        };
        stems.iter().enumerate().find_map(known).unwrap_or(Wh::Other)
    }
}

impl fmt::Display for Wh {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Wh::Who => "who",
            Wh::What => "what",
            Wh::When => "when",
            Wh::Where => "where",
            Wh::Why => "why",
            Wh::Which => "which",
            Wh::How => "how",
            Wh::HowMany => "how many",
            Wh::YesNo => "yes/no",
            Wh::Other => "other",
        })
    }
}

/// What a yes/no question begins with; "isn't" is "isn" here and loses its n.
const VERBS: [&str; 23] = [
    "is", "are", "was", "were", "am", "do", "does", "did", "has", "have", "had", "can", "ca", "could", "will", "wo",
    "would", "shall", "should", "may", "might", "must", "need",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_by_their_words() {
        for (question, kind) in [
            ("Who sang?", "who"),
            ("To whom did Ada sing?", "who"),
            ("Whose boat sank?", "who"),
            ("Who's there?", "who"),
            ("What’s the capital?", "what"),
            ("In what year did it burn?", "what"),
            ("when did the mill close", "when"),
            ("The mill stands where?", "where"),
            ("Why?", "why"),
            ("On which day?", "which"),
            ("How long is the bridge?", "how"),
            ("Ada sang how?", "how"),
            ("How many goats, and what for?", "how many"),
            ("For HOW MUCH was it sold?", "how many"),
            ("Is it what it seems?", "yes/no"),
            ("Didn't Bo listen?", "yes/no"),
            ("Can’t they swim?", "yes/no"),
            ("Won't it?", "yes/no"),
            ("Name of the ship in the harbour", "other"),
            ("Whatever?", "other"),
            ("", "other"),
        ] {
            assert_eq!(Wh::of(question).to_string(), kind, "{question}");
        }
        assert!(Wh::ALL.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
