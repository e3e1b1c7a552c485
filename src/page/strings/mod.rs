//! Every word of the interface: one table per language, each in its file.

mod carry;
mod el;
mod en;
mod exercise;
mod files;
mod guide;
mod learning;
mod scores;
mod self_test;
mod share;
mod versions;

pub use carry::Words as CarryWords;
pub use el::EL;
pub use en::EN;
pub use exercise::Words as ExerciseWords;
pub use files::Words as FileWords;
pub use guide::Words as GuideWords;
pub use learning::Words as LearningWords;
pub use scores::Words as ScoreWords;
pub use self_test::Words as SelfTestWords;
pub use share::Words as ShareWords;
pub use versions::Words as VersionsWords;

use crate::bio::{Decoder, Label};
use crate::display::format::signed;
use crate::error::Error;

/// Every language with its own name, the default first.
pub static LANGUAGES: [(&Strings, &str); 2] = [(&EN, "English"), (&EL, "Ελληνικά")];

/// The words for a tag such as `el-GR`, if the page speaks that language.
pub fn find(tag: &str) -> Option<&'static Strings> {
    let language = tag.split(['-', '_']).next().unwrap_or_default();
    LANGUAGES.iter().map(|(words, _)| *words).find(|words| words.language.eq_ignore_ascii_case(language))
}

/// The words of one language. A new language is one more value of this type.
pub struct Strings {
    /// For `lang` attributes.
    pub language: &'static str,
    /// Label of the choice of languages.
    pub choose_language: &'static str,
    /// What the page does, in a line.
    pub tagline: &'static str,
    /// Heading of the part where text is typed.
    pub ask: &'static str,
    /// Label of the question.
    pub question: &'static str,
    /// Shown in an empty question.
    pub question_hint: &'static str,
    pub question_truncated: fn(usize) -> String,
    /// Label of the paragraph.
    pub paragraph: &'static str,
    /// Shown in an empty paragraph.
    pub paragraph_hint: &'static str,
    /// Label of the example picker.
    pub example: &'static str,
    /// The entry for text that is no example.
    pub own_text: &'static str,
    /// The button.
    pub analyse: &'static str,
    /// The button while an analysis runs.
    pub analysing: &'static str,
    /// The button while the wish waits for the model.
    pub queued: &'static str,
    /// The keys that do the same.
    pub analyse_keys: &'static str,
    /// Label of the model picker.
    pub model: &'static str,
    /// The entry for the user's own model.
    pub own_model: &'static str,
    /// What to choose for it.
    pub own_model_hint: &'static str,
    /// The user's own model, once it is loaded.
    pub own_title: &'static str,
    /// An entry of the model picker: title, MB, F1 in percent.
    pub model_entry: fn(&str, &str, &str) -> String,
    /// Gives up a long download for the smallest model: MB.
    pub quicker: fn(&str) -> String,
    /// The same of a model without scores: title.
    pub own_quality: fn(&str) -> String,
    /// That nothing leaves the browser.
    pub privacy: &'static str,
    /// Status before the first byte.
    pub starting: &'static str,
    /// Status while bytes arrive: loaded MB, total MB, percent.
    pub loading: fn(&str, &str, u32) -> String,
    /// Status while bytes come from an earlier visit.
    pub from_cache: &'static str,
    /// Status after the last byte.
    pub preparing: &'static str,
    /// Status of a loaded model: the kernel's name.
    pub ready: fn(&str) -> String,
    /// A kernel, for people.
    pub kernel_name: fn(&str) -> &str,
    /// Status while an analysis runs.
    pub reading: &'static str,
    /// Status without a model.
    pub failed: &'static str,
    /// Who read the text, and how long it took in milliseconds.
    pub took: fn(&str, &str) -> String,
    /// The analysis is another model's: its title, the chosen one's, and whether that one comes soon.
    pub other_model: fn(&str, &str, bool) -> String,
    /// Tries the model again.
    pub retry: &'static str,
    /// Closes a message.
    pub dismiss: &'static str,
    /// Heading of the analysed text.
    pub text: &'static str,
    /// Name of the choice of views.
    pub view: &'static str,
    /// The three views.
    pub views: [&'static str; 3],
    /// Name of the choice of units.
    pub units: &'static str,
    /// The two units.
    pub unit_names: [&'static str; 2],
    /// Folds what is surely outside.
    pub fold: &'static str,
    /// Label of the decoder picker.
    pub decoder: &'static str,
    /// A decoder's name.
    pub decoder_name: fn(Decoder) -> &'static str,
    /// What a decoder does.
    pub decoder_note: fn(Decoder) -> &'static str,
    /// What a bias on B does, and as a signed number of nats to show.
    pub b_bias_note: fn(f64, &str) -> String,
    /// A folded run: how many words.
    pub more_words: fn(usize) -> String,
    /// The analysis came with the page: the model's title, and whether it will be computed soon.
    pub stored: fn(&str, bool) -> String,
    /// The analysis is about an earlier text.
    pub stale: &'static str,
    /// Said beside the question when the model reads along.
    pub live: &'static str,
    /// No analysis yet.
    pub unread: &'static str,
    /// No analysis, and no model for one.
    pub unreadable: &'static str,
    /// N_Q and N_P with their numbers and the number of windows, as HTML.
    pub counts: fn(usize, usize, usize) -> String,
    /// Where the values come from the next window on: its number, and how many there are.
    pub window_from: fn(usize, usize) -> String,
    /// The greedy decoder made an I a B.
    pub repaired: &'static str,
    /// Name of a class.
    pub label_name: fn(Label) -> &'static str,
    /// The legend's entries for gold and loss.
    pub legend_gold: &'static str,
    /// See `legend_gold`.
    pub legend_loss: &'static str,
    /// How to mark and look.
    pub text_keys: &'static str,
    /// Announces a token: index, text, letter, p, loss.
    pub announce: fn(usize, &str, Label, &str, Option<&str>) -> String,
    /// Heading of the answers.
    pub answers: &'static str,
    /// What the odds compare with.
    pub odds_heading: &'static str,
    /// Nothing found.
    pub no_answer: &'static str,
    /// P(no answer), which comes as `= 0.82` or `< 0.01`.
    pub no_answer_beside: fn(&str) -> String,
    /// Heading of the runner-up spans.
    pub alternatives: &'static str,
    /// The same when there is no answer.
    pub best_spans: &'static str,
    /// A span's score.
    pub score: fn(&str) -> String,
    /// How to read odds.
    pub score_note: &'static str,
    /// Heading of the inspector: index, text.
    pub token: fn(usize, &str) -> String,
    /// Without a token.
    pub no_token: &'static str,
    /// h comes with the model.
    pub hidden_later: &'static str,
    /// "log" is the natural logarithm.
    pub natural_log: &'static str,
    /// Releases the pinned token.
    pub unpin: &'static str,
    /// What the strips show, as HTML.
    pub strips: &'static str,
    /// Caption of h: its first values and their number.
    pub strip_h: fn(&str, usize) -> String,
    /// Heading of the token's loss.
    pub token_loss: &'static str,
    /// Without gold labels.
    pub token_loss_later: &'static str,
    /// Opens the control that sets t_i directly.
    pub set_gold: &'static str,
    /// What it shows, as HTML.
    pub set_gold_note: &'static str,
    /// A field of it: class.
    pub gold_share: fn(Label) -> String,
    /// Gives t_i back to the annotators.
    pub gold_back: &'static str,
    /// What was typed is no share.
    pub no_share: &'static str,
    /// The preset of the exercise, and what it does.
    pub two_of_three: &'static str,
    /// See `two_of_three`.
    pub two_of_three_note: &'static str,
    /// An I at the start or after O.
    pub stray: &'static str,
    /// Invites to point at the formula's symbols.
    pub symbols_hint: &'static str,
    /// What a symbol of the formula is.
    pub symbol: fn(&str) -> &'static str,
    /// Starts presenter mode.
    pub present: &'static str,
    /// Ends it.
    pub present_end: &'static str,
    /// Its views before the tabs.
    pub presented: [&'static str; 4],
    /// Heading of the gold labels.
    pub gold: &'static str,
    /// Without annotators.
    pub gold_hint: &'static str,
    /// With annotators.
    pub gold_keys: &'static str,
    /// The gold labels belong to another text.
    pub gold_other_text: &'static str,
    /// Adds an annotator.
    pub add_annotator: &'static str,
    /// A new annotator's name: number.
    pub annotator_name: fn(usize) -> String,
    /// Label of the name field.
    pub name: &'static str,
    /// Label of the weight field.
    pub weight: &'static str,
    /// Removes: name.
    pub remove: fn(&str) -> String,
    /// Makes that annotator the one who labels: name.
    pub label_as: fn(&str) -> String,
    /// An annotator without spans.
    pub says_no_answer: &'static str,
    /// Undo.
    pub undo: &'static str,
    /// Redo.
    pub redo: &'static str,
    /// Marks by tapping.
    pub mark: &'static str,
    /// Sets a label: class.
    pub set_label: fn(Label) -> String,
    /// Whose labels are set: name.
    pub labelling: fn(&str) -> String,
    /// Heading of L.
    pub loss: &'static str,
    /// The unit.
    pub nats: &'static str,
    /// Without gold labels.
    pub loss_hint: &'static str,
    /// What H is: value.
    pub entropy: &'static str,
    /// What KL is: value.
    pub kl: &'static str,
    /// Heading of the terms.
    pub terms: &'static str,
    /// The largest term: its token's text, its value.
    pub largest_term: fn(&str, &str) -> String,
    /// Table headings for token, label and loss term.
    pub columns: [&'static str; 3],
    /// What the line above the text says of a tuned model: its title, steps.
    pub tuned: fn(&str, usize) -> String,
    /// Opens the panel with the link.
    pub share: &'static str,
    /// A fault as a sentence.
    pub fault: fn(&Error) -> String,
    /// The exercise's tabs.
    pub exercise: ExerciseWords,
    /// The guided exercise.
    pub guide: GuideWords,
    /// Learning in the page.
    pub learning: LearningWords,
    /// Two versions of a text.
    pub versions: VersionsWords,
    /// What is kept, and the network.
    pub carry: CarryWords,
    /// How well the models read.
    pub scores: ScoreWords,
    /// The self-test.
    pub self_test: SelfTestWords,
    /// Links, a class's labels, questions from files.
    pub sharing: ShareWords,
    /// Data files.
    pub files: &'static FileWords,
}

impl Strings {
    /// A decoder's name, with the bias on B where it has one.
    pub fn name_of(&self, decoder: Decoder, b_bias: f64) -> String {
        let name = (self.decoder_name)(decoder);
        if biased(decoder, b_bias) { format!("{name} (B {})", signed(b_bias, 2)) } else { name.into() }
    }

    /// What a decoder does, with what the bias on B changes.
    pub fn about(&self, decoder: Decoder, b_bias: f64) -> String {
        let note = (self.decoder_note)(decoder);
        match biased(decoder, b_bias) {
            true => format!("{note} {}", (self.b_bias_note)(b_bias, &signed(b_bias, 2))),
            false => note.into(),
        }
    }
}

fn biased(decoder: Decoder, b_bias: f64) -> bool {
    decoder == Decoder::Viterbi && b_bias != 0.0
}
