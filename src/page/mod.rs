//! The page. `state` holds what the places of the page share; every other folder is one place of it.

mod app;
mod class;
mod components;
mod dataset;
mod exercise;
mod header;
mod labels;
mod loss;
mod paragraph;
mod places;
mod presenter;
mod question_set;
mod settings;
mod share;
mod state;
mod token;
mod training;

pub use app::mount;
