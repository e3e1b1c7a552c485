//! The state of the page, by concern. Each part is plain signals with the methods that need no other; what needs several of
//! them is a method of [`Store`], beside the view that it is for.

use leptos::prelude::*;

use crate::document::Document;
use crate::error::Error;
use crate::inference::learning::LabelledText;
use crate::locale::Strings;
use crate::page::class::state::ClassState;
use crate::page::dataset::state::DatasetState;
use crate::page::exercise::guided::GuideState;
use crate::page::question_set::state::QuestionSetState;

use super::analysis::AnalysisState;
use super::current_analysis::set_example;
use super::editor::EditorState;
use super::engine::EngineState;
use super::examples;
use super::navigation::Navigation;

/// The page's state. Copies are handles to the same state.
#[derive(Clone, Copy)]
pub struct Store {
    /// The interface's words.
    pub words: &'static Strings,
    /// The words of the chosen language.
    pub language: RwSignal<&'static Strings>,
    /// What went wrong last.
    pub error: RwSignal<Option<Error>>,
    /// The document, and who labels what in it.
    pub editor: EditorState,
    /// The analysis on show.
    pub analysis: AnalysisState,
    /// The model and the engine.
    pub engine: EngineState,
    /// Where the page is, and which panels are open.
    pub navigation: Navigation,
    /// The guided exercise.
    pub guide: GuideState,
    /// Instances that were collected to learn from together.
    pub learning: RwSignal<Vec<LabelledText>>,
    /// A class's labels.
    pub class: ClassState,
    /// Questions from files.
    pub dataset: DatasetState,
    /// Sets of questions.
    pub sets: QuestionSetState,
}

impl Store {
    /// The state of a fresh page: `saved` or else the first example, with its analysis if one came along.
    pub fn new(words: &'static Strings, saved: Option<Document>) -> Store {
        let mut document = saved.unwrap_or_else(|| {
            let mut first = Document::default();
            if let Some(example) = examples::all().first() {
                set_example(&mut first, example);
            }
            first
        });
        let engine = EngineState::new();
        if document.model.is_empty() {
            let default = engine.shipped.with_untracked(|shipped| shipped.first().map(|model| model.name.clone()));
            document.model = default.unwrap_or_default();
        }
        let stored = examples::stored(&document);
        let editor = EditorState::new(document);
        Store {
            words,
            language: RwSignal::new(words),
            error: RwSignal::new(None),
            editor,
            analysis: AnalysisState::new(editor.document, stored),
            engine,
            navigation: Navigation::new(),
            guide: GuideState::new(),
            learning: RwSignal::new(Vec::new()),
            class: ClassState::new(),
            dataset: DatasetState::new(),
            sets: QuestionSetState::new(),
        }
    }

    /// The same state in other words.
    pub fn speaking(self, words: &'static Strings) -> Store {
        Store { words, ..self }
    }
}
