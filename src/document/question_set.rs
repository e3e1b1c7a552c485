//! Several questions with their paragraphs, in order: what a teacher hands out as one file or one link, and what a student
//! hands in again with labels.

use serde::{Deserialize, Serialize};

use super::inputs;
use super::{Annotator, Assignment, Direct, Document, same_text};
use crate::bio::Decoder;
use crate::dataset::one_line;
use crate::error::Error;

/// The value of `format` in a set that is handed out.
pub const FORMAT: &str = "bioscope-set";
/// The value of `format` in what a student hands in.
pub const ANSWERS: &str = "bioscope-answers";
/// The version that this program writes, and the newest that it reads.
pub const VERSION: u32 = 1;
/// More questions than this are no lesson but a data file, for which there are other formats.
pub const MOST_QUESTIONS: usize = 100;

/// One question of a set with its paragraph.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Item {
    /// Question, paragraph and labels.
    pub document: Document,
    /// How many annotators, the first ones, came with the set; those after them are the student's.
    pub given: usize,
    /// It is the guided exercise, which has its own text and of which nothing is handed in.
    pub guided: bool,
}

impl Item {
    /// The annotators that did not come with the set.
    pub fn own(&self) -> &[Annotator] {
        self.document.annotators.get(self.given..).unwrap_or_default()
    }

    /// Whether somebody has labelled who did not come with the set.
    pub fn is_labelled(&self) -> bool {
        !self.guided && !self.own().is_empty()
    }

    /// Whether it asks the same about the same paragraph.
    pub fn asks(&self, document: &Document) -> bool {
        same_text(self.document.text(), document.text())
    }
}

/// The set. Kept as the text of its file, labels included.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct QuestionSet {
    /// What the teacher calls it.
    pub title: String,
    /// It is handed out without labels, and the model's answers are hidden until one has labelled.
    pub hidden: bool,
    /// The questions, in the teacher's order.
    pub items: Vec<Item>,
    /// Who has labelled them.
    pub student: String,
}

impl TryFrom<String> for QuestionSet {
    type Error = Error;

    fn try_from(text: String) -> Result<QuestionSet, Error> {
        QuestionSet::from_json("", &text)
    }
}

impl From<QuestionSet> for String {
    fn from(set: QuestionSet) -> String {
        set.answers_to_json()
    }
}

impl Default for QuestionSet {
    fn default() -> QuestionSet {
        QuestionSet { title: String::new(), hidden: true, items: Vec::new(), student: String::new() }
    }
}

impl QuestionSet {
    /// Adds a question at the end. `false`: it is there already, has no text, or there are as many as there can be.
    pub fn add(&mut self, document: &Document) -> bool {
        if is_empty(document) || self.items.len() >= MOST_QUESTIONS || self.find(document).is_some() {
            return false;
        }
        self.items.push(Item { document: plain(document), ..Item::default() });
        true
    }

    /// Where the question with this text is; the guided exercise is none.
    pub fn find(&self, document: &Document) -> Option<usize> {
        self.items.iter().position(|item| !item.guided && item.asks(document))
    }

    /// Puts another question in the place of one. `false`: it is at another place already, or has no text.
    pub fn replace(&mut self, at: usize, document: &Document) -> bool {
        if is_empty(document) || at >= self.items.len() || self.find(document).is_some_and(|found| found != at) {
            return false;
        }
        self.items[at] = Item { document: plain(document), ..Item::default() };
        true
    }

    /// Takes a question out.
    pub fn remove(&mut self, at: usize) {
        if at < self.items.len() {
            self.items.remove(at);
        }
    }

    /// Swaps a question with the one after it.
    pub fn swap(&mut self, at: usize) {
        if at + 1 < self.items.len() {
            self.items.swap(at, at + 1);
        }
    }

    /// Whether the guided exercise is among the questions.
    pub fn has_guide(&self) -> bool {
        self.items.iter().any(|item| item.guided)
    }

    /// Puts the guided exercise before the questions, or takes it out.
    pub fn set_guide(&mut self, on: bool) {
        self.items.retain(|item| !item.guided);
        if on {
            self.items.insert(0, guide());
        }
    }

    /// How many questions wait for labels, and how many have some.
    pub fn progress(&self) -> (usize, usize) {
        let asked = self.items.iter().filter(|item| !item.guided).count();
        (self.items.iter().filter(|item| item.is_labelled()).count(), asked)
    }

    /// The set as a student gets it: without labels where it hides them, and with those that it has as given.
    pub fn handed_out(&self) -> QuestionSet {
        let mut set = self.clone();
        set.student.clear();
        for item in &mut set.items {
            if item.guided {
                *item = guide();
                continue;
            }
            if self.hidden {
                item.document.annotators.clear();
                item.document.direct.clear();
            }
            item.document.assignment.hidden = self.hidden;
            item.given = item.document.annotators.len();
        }
        set
    }

    /// The set as its author goes on with it: what was given is the author's own.
    pub fn composed_again(mut self) -> QuestionSet {
        self.student.clear();
        for item in &mut self.items {
            item.document = plain(&item.document);
            item.given = 0;
        }
        self
    }

    /// Takes over what somebody has labelled in an earlier copy of the set, as far as this one asks it and has no labels yet.
    pub fn take_over(&mut self, earlier: &QuestionSet) {
        if self.student.is_empty() {
            self.student.clone_from(&earlier.student);
        }
        for item in self.items.iter_mut().filter(|item| !item.guided && item.own().is_empty()) {
            let known = earlier.find(&item.document).map(|at| &earlier.items[at]);
            if let Some(known) = known.filter(|known| known.is_labelled()) {
                item.document.annotators.extend_from_slice(known.own());
                item.document.direct.clone_from(&known.document.direct);
                item.document.assignment.hidden &= known.document.assignment.hidden;
            }
        }
    }

    /// Whether both ask the same questions, in whatever order.
    pub fn asks_the_same(&self, other: &QuestionSet) -> bool {
        let known = |item: &Item| if item.guided { self.has_guide() } else { self.find(&item.document).is_some() };
        self.items.len() == other.items.len() && other.items.iter().all(known)
    }

    /// The file that is handed out.
    pub fn to_json(&self) -> String {
        File::new(FORMAT, &self.handed_out()).to_json()
    }

    /// The file that a student hands in.
    pub fn answers_to_json(&self) -> String {
        File::new(ANSWERS, self).to_json()
    }

    /// Reads either file.
    ///
    /// # Errors
    /// [`Error::Corrupt`] naming `file`: no JSON, no set of ours, a newer version, a question without a text, spans outside of a
    /// paragraph.
    pub fn from_json(file: &str, text: &str) -> Result<QuestionSet, Error> {
        let corrupt = |why: String| Error::Corrupt { file: file.into(), why };
        let read: File = serde_json::from_str(text).map_err(|e| corrupt(e.to_string()))?;
        inputs::check_header(&read.format, read.version, &[FORMAT, ANSWERS], VERSION).map_err(corrupt)?;
        let set = QuestionSet {
            title: read.title,
            hidden: read.hidden,
            student: read.student,
            items: read.questions.into_iter().map(|question| question.into_item(read.hidden)).collect(),
        };
        set.check().map_err(corrupt)?;
        Ok(set)
    }

    /// Whether it can be what it says; if not, why.
    pub(super) fn check(&self) -> Result<(), String> {
        if self.items.len() > MOST_QUESTIONS {
            return Err(format!("it has {} questions; {MOST_QUESTIONS} are the most", self.items.len()));
        }
        for (k, Item { document: d, guided, .. }) in self.items.iter().enumerate() {
            if !guided && is_empty(d) {
                return Err(format!("its question {} has no text or no paragraph", k + 1));
            }
            inputs::check(&d.paragraph, &d.annotators, &d.direct)?;
        }
        Ok(())
    }
}

/// Whether it asks nothing, or about nothing.
fn is_empty(document: &Document) -> bool {
    document.question.trim().is_empty() || document.paragraph.trim().is_empty()
}

/// The document without what only concerns the page that it was made on.
fn plain(document: &Document) -> Document {
    Document { assignment: Assignment::default(), ..document.clone() }
}

/// The guided exercise as a question of a set. The page puts its text in place, in its own language.
pub(super) fn guide() -> Item {
    Item { guided: true, ..Item::default() }
}

/// A set as a file, for people to look into, too.
#[derive(Serialize, Deserialize)]
struct File {
    format: String,
    version: u32,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    title: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    student: String,
    #[serde(default)]
    hidden: bool,
    #[serde(default)]
    questions: Vec<Question>,
}

/// What of a document is the user's. Other fields would follow from these.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Question {
    question: String,
    paragraph: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    model: String,
    decode: Decoder,
    annotators: Vec<Annotator>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    direct: Vec<Direct>,
    #[serde(skip_serializing_if = "super::is_default")]
    given: usize,
    #[serde(skip_serializing_if = "super::is_default")]
    guided: bool,
}

impl File {
    fn new(format: &str, set: &QuestionSet) -> File {
        File {
            format: format.into(),
            version: VERSION,
            title: set.title.clone(),
            student: set.student.trim().into(),
            hidden: set.hidden,
            questions: set.items.iter().map(Question::new).collect(),
        }
    }

    fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("a set is plain data")
    }
}

impl Question {
    fn new(item: &Item) -> Question {
        if item.guided {
            return Question { guided: true, ..Question::default() };
        }
        let document = &item.document;
        Question {
            question: document.question.clone(),
            paragraph: document.paragraph.clone(),
            model: document.model.clone(),
            decode: document.decoder,
            annotators: document.annotators.clone(),
            direct: document.direct.clone(),
            given: item.given,
            guided: false,
        }
    }

    fn into_item(self, hidden: bool) -> Item {
        if self.guided {
            return guide();
        }
        let labelled = self.annotators.len() > self.given;
        let document = Document {
            question: one_line(&self.question),
            paragraph: self.paragraph,
            annotators: self.annotators,
            direct: self.direct,
            model: self.model,
            decoder: self.decode,
            assignment: Assignment { hidden: hidden && !labelled, ..Assignment::default() },
            ..Document::default()
        };
        let document = inputs::with_field_lines(document);
        Item { given: self.given.min(document.annotators.len()), document, guided: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bio::Span;

    fn document(question: &str, paragraph: &str) -> Document {
        Document { question: question.into(), paragraph: paragraph.into(), ..Document::default() }
    }

    fn set() -> QuestionSet {
        let mut set = QuestionSet { title: "Songs".into(), ..QuestionSet::default() };
        assert!(set.add(&document("Who sang?", "On Friday Ada sang.")));
        assert!(set.add(&document("Who slept?", "On Friday Ada sang.")));
        assert!(set.add(&document("Who slept?", "Bo slept 🎻.")));
        set
    }

    fn questions(set: &QuestionSet) -> Vec<&str> {
        set.items.iter().map(|item| &*item.document.paragraph).collect()
    }

    #[test]
    fn a_teacher_collects_orders_replaces_and_removes() {
        let mut set = set();
        assert!(!set.add(&document("Who slept? ", "Bo slept 🎻.")), "it is there already");
        assert!(!set.add(&document(" ", "Text")) && !set.add(&document("Who?", "")));
        set.swap(1);
        assert_eq!(questions(&set), ["On Friday Ada sang.", "Bo slept 🎻.", "On Friday Ada sang."]);
        set.swap(2);
        assert!(set.replace(2, &document("Who?", "Cy ran.")));
        assert!(!set.replace(0, &document("Who?", "Cy ran.")), "it is at another place");
        set.remove(1);
        assert_eq!(questions(&set), ["On Friday Ada sang.", "Cy ran."]);
        set.set_guide(true);
        set.set_guide(true);
        assert_eq!((set.items.len(), set.has_guide(), set.progress()), (3, true, (0, 2)));
        set.set_guide(false);
        assert_eq!(questions(&set), ["On Friday Ada sang.", "Cy ran."]);
    }

    #[test]
    fn labels_stay_behind_where_they_are_hidden() {
        let mut set = set();
        set.items[0].document.add_annotator("Key");
        set.items[0].document.mark(0, Span { start: 10, end: 13 });
        let read = QuestionSet::from_json("set.json", &set.to_json()).unwrap();
        assert!(read.items.iter().all(|item| item.document.assignment.hidden && !item.document.is_labelled()));
        set.hidden = false;
        let read = QuestionSet::from_json("set.json", &set.to_json()).unwrap();
        assert_eq!((read.items[0].given, read.items[0].own().len(), read.progress()), (1, 0, (0, 3)));
        assert!(!read.items[0].document.assignment.hidden);
    }

    #[test]
    fn what_a_student_has_done_comes_back() {
        let mut set = set();
        set.set_guide(true);
        let mut work = QuestionSet::from_json("set.json", &set.to_json()).unwrap();
        assert_eq!(work, set.handed_out());
        work.student = " Άννα ".into();
        work.items[3].document.add_annotator("You");
        work.items[3].document.mark(0, Span { start: 0, end: 2 });
        work.items[1].document.add_annotator("You");
        assert_eq!(work.progress(), (2, 3));
        let back = QuestionSet::from_json("Άννα.json", &work.answers_to_json()).unwrap();
        assert_eq!((&*back.student, back.progress(), back.has_guide()), ("Άννα", (2, 3), true));
        assert_eq!(back.items[3].own(), work.items[3].own());
        assert!(back.items[2].document.assignment.hidden && !back.items[3].document.assignment.hidden);
        assert!(back.asks_the_same(&set));
        // The teacher hands it out again, in another order: what was labelled stays.
        set.items.reverse();
        let mut again = set.handed_out();
        again.take_over(&back);
        assert_eq!((&*again.student, again.progress()), ("Άννα", (2, 3)));
        assert_eq!(again.items[0].own(), work.items[3].own());
        assert!(!again.items[0].document.assignment.hidden && again.items[1].document.assignment.hidden);
    }

    #[test]
    fn what_is_refused() {
        let refuse = |text: &str, word: &str| {
            let error = QuestionSet::from_json("x.json", text).unwrap_err().to_string();
            assert!(error.contains("x.json") && error.contains(word), "{error}");
        };
        let good = set().to_json();
        refuse("", "EOF");
        refuse(&good.replace(FORMAT, "other"), "other");
        refuse(&good.replace("\"version\": 1", "\"version\": 2"), "newer");
        let stray = r#""annotators": [{"name":"A","spans":[{"start":0,"end":99}]}]"#;
        refuse(&good.replacen("\"annotators\": []", stray, 1), "outside");
        refuse(&good.replacen("Bo slept 🎻.", " \\n", 1), "question 3 has no text");
        refuse(&good.replacen("Who sang?", "", 1), "question 1 has no text");
        let many = QuestionSet { items: vec![Item::default(); MOST_QUESTIONS + 1], ..QuestionSet::default() };
        refuse(&many.to_json(), "101 questions");
        // A later version may say more of a question.
        let more = good.replacen("\"question\"", "\"colour\": \"red\", \"question\"", 1);
        assert_eq!(QuestionSet::from_json("x.json", &more), Ok(set().handed_out()));
    }
}
