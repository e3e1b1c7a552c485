//! All of the page but its first screen, as one part; and what to do with files of any kind.

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::File;

use crate::export::Kind;
use crate::fault::Fault;

use super::answers::Answers;
use super::ask::ExamplePicker;
use super::book::BookCard;
use super::carry::{Carry, CarryFoot};
use super::class::ClassCard;
use super::drop::DropSheet;
use super::exercise::Exercise;
use super::gold::GoldCard;
use super::inspector::Inspector;
use super::lesson::LessonBar;
use super::loss::{LossCard, TokenLoss};
use super::parts::Rest;
use super::reading::DecoderPicker;
use super::share::SharePanel;
use super::state::Store;
use super::strings::{self, More};
use super::table::{self, Table};
use super::{examples, files, present, storage};

/// See [`Rest`].
pub const REST: Rest = Rest {
    links: |store| view! { <LessonBar store /><div class="below panelplace"><SharePanel store /></div> }.into_any(),
    example: |store| view! { <ExamplePicker store /> }.into_any(),
    decoder: |store| view! { <DecoderPicker store /> }.into_any(),
    answers: |store| view! { <Answers store /> }.into_any(),
    loss: |store| view! { <LossCard store /> }.into_any(),
    gold: |store| view! { <GoldCard store /> }.into_any(),
    token: |store| view! { <Inspector store /> }.into_any(),
    token_loss: |store| view! { <TokenLoss store /> }.into_any(),
    exercise: |store| view! { <Exercise store /> }.into_any(),
    cards: |store| view! { <ClassCard store /><BookCard store /> }.into_any(),
    sheets: |store| view! { <present::PresenterBar store /><DropSheet store /> }.into_any(),
    table: Table { frame: table::frame, rows: table::rows, overlay: table::overlay },
    begin,
    foot: |store, carry| {
        view! {
            <footer class="soft small">
                <p>{move || store.quality()}" "{store.words.privacy}</p>
                <CarryFoot store carry />
            </footer>
        }
        .into_any()
    },
    kept: || (storage::saved(), storage::before()),
    take_model: Store::take_model,
    open_link: Store::open_link,
};

fn begin(store: Store) -> Carry {
    store.examples.set(examples::all()); // they have come with this part
    store.note_loss();
    present::follow(store);
    Carry::new(store)
}

impl Store {
    /// The words of what is not the first screen.
    pub fn more(&self) -> &'static More {
        strings::more(self.words)
    }

    /// Takes files of any kind.
    pub fn take_files(self, taken: Vec<File>) {
        spawn_local(async move {
            let (mut labels, mut questions, mut model) = (Vec::new(), Vec::new(), Vec::new());
            for file in taken {
                match files::kind_of(&file).await {
                    Kind::Labels => labels.push(file),
                    Kind::Questions => questions.push(file),
                    Kind::Weights | Kind::Config | Kind::Tokenizer => model.push(file),
                    Kind::Unknown => {
                        let why = self.more().share.unknown.into();
                        self.fault.try_set(Some(Fault::Corrupt { file: file.name(), why }));
                    }
                }
            }
            if !model.is_empty() {
                self.take_model(model);
            }
            if let Some(file) = questions.into_iter().next() {
                self.open_book(file);
            }
            if !labels.is_empty() {
                self.take_labels(labels);
            }
        });
    }
}
