//! The places of the page, and their addresses: `#labels`, `#exercise/gradient`. They are all drawn; which of them is on
//! screen, the style sheet decides by the body's `data-place`.

use leptos::prelude::*;
use wasm_bindgen::JsValue;

/// A place of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// The question, the paragraph with its bars, the answers, the loss, one token.
    #[default]
    Read,
    /// Gold labels.
    Labels,
    /// The exercise, with a tab for each of its parts.
    Exercise,
    /// Steps of learning.
    Learning,
    /// A class's labels.
    Class,
    /// Questions from a file.
    Dataset,
}

/// What the exercise's tabs are called in addresses.
pub const TABS: [&str; 8] = ["model", "a", "b", "c", "gradient", "learning", "versions", "decoders"];

/// The exercise's tab that is a place of its own.
pub const LEARNING: usize = 5;
/// The tab that has something to show only after a change of the text.
pub const VERSIONS: usize = 6;

impl Place {
    /// All of them, in the order of the links to them.
    pub const ALL: [Place; 6] =
        [Place::Read, Place::Labels, Place::Exercise, Place::Learning, Place::Class, Place::Dataset];

    /// Its name in addresses and in the style sheet.
    pub fn name(self) -> &'static str {
        ["read", "labels", "exercise", "learning", "class", "questions"][self as usize]
    }

    /// The place of that name.
    pub fn named(name: &str) -> Option<Place> {
        Place::ALL.into_iter().find(|place| place.name() == name)
    }

    /// The place whose address has this fragment, and the exercise's tab that it names.
    fn at(fragment: &str) -> Option<(Place, Option<usize>)> {
        let (name, tab) = fragment.split_once('/').unwrap_or((fragment, ""));
        let name = if name.is_empty() { Place::Read.name() } else { name };
        Some((Place::named(name)?, TABS.iter().position(|known| *known == tab)))
    }
}

/// Where the page is, and which panels are open. Copies are handles to the same state.
#[derive(Clone, Copy)]
pub struct Navigation {
    /// Where the page is.
    pub place: RwSignal<Place>,
    /// The open tab of the exercise.
    pub tab: RwSignal<usize>,
    /// The view of presenter mode, and which part of it, from 1.
    pub presenting: RwSignal<Option<(usize, usize)>>,
    /// Whether the panel with the models' scores is open.
    pub benchmark: RwSignal<bool>,
    /// Whether the panel with the link is open.
    pub sharing: RwSignal<bool>,
}

impl Navigation {
    /// The first place, nothing open.
    pub fn new() -> Navigation {
        Navigation {
            place: RwSignal::new(Place::default()),
            tab: RwSignal::new(0),
            presenting: RwSignal::new(None),
            benchmark: RwSignal::new(false),
            sharing: RwSignal::new(false),
        }
    }

    /// Goes where the page's address says; a fragment that is no place's changes nothing.
    pub fn follow_address(self) {
        let fragment = window().location().hash().unwrap_or_default();
        if let Some((place, tab)) = Place::at(fragment.trim_start_matches('#')) {
            self.enter(place, tab);
        }
    }

    /// Goes to a place, as a link does: "Back" leads here again.
    pub fn go(self, place: Place) {
        if self.place.get_untracked() != place {
            self.enter(place, None);
            self.write_address(true);
        }
    }

    /// Opens a tab of the exercise, as a press does, and goes there: "Back" leads to the one that was open.
    pub fn open_tab(self, tab: usize) {
        let (from, open) = (self.place.get_untracked(), self.tab.get_untracked());
        if from == Place::Exercise {
            self.write_address(false); // a link to the place alone names no tab
        }
        self.enter(Place::Exercise, Some(tab));
        self.write_address((self.place.get_untracked(), tab) != (from, open));
    }

    /// Opens a tab that nobody has pressed: its address takes that of the one before.
    pub fn turn_to_tab(self, tab: usize) {
        let from = self.place.get_untracked();
        self.enter(Place::Exercise, Some(tab));
        self.write_address(self.place.get_untracked() != from);
    }

    /// Goes to a place that a link asks for, or to a tab there; its address takes that of the link.
    pub fn open_of_link(self, place: Place, tab: Option<usize>) {
        self.enter(place, tab);
        self.write_address(false);
    }

    /// Notes in the history where the page is: the next "Back" stays here.
    pub fn note(self) {
        if let Ok(history) = window().history() {
            let _ = history.push_state(&JsValue::NULL, "");
        }
    }

    /// Shows a place.
    pub fn enter(self, place: Place, tab: Option<usize>) {
        let place = if place == Place::Exercise && tab == Some(LEARNING) { Place::Learning } else { place };
        match (place, tab) {
            (Place::Learning, _) => self.turn(LEARNING),
            (Place::Exercise, Some(tab)) => self.turn(tab),
            (Place::Exercise, None) if self.tab.get_untracked() == LEARNING => self.turn(0),
            _ => {}
        }
        if self.place.get_untracked() != place {
            self.place.set(place);
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
    }

    /// Opens a tab, unless it is open: what is drawn anew forgets what the model has learned.
    fn turn(self, tab: usize) {
        if self.tab.get_untracked() != tab {
            self.tab.set(tab);
        }
    }

    /// Writes where the page is into its address, as a new entry of the history or over the last one.
    fn write_address(self, further: bool) {
        let Ok(history) = window().history() else { return };
        let place = self.place.get_untracked();
        let address = match self.tab.get_untracked() {
            tab if place == Place::Exercise => format!("#{}/{}", place.name(), TABS[tab]),
            _ => format!("#{}", place.name()),
        };
        // A page without an address of its own (`about:srcdoc`) may refuse; it shows the place all the same.
        let _ = match further {
            true => history.push_state_with_url(&JsValue::NULL, "", Some(&address)),
            false => history.replace_state_with_url(&JsValue::NULL, "", Some(&address)),
        };
    }
}
