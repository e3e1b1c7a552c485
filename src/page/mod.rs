//! The page. `state` holds what the places of the page share; every other folder is one place of it.

mod app;
mod assignment;
mod class;
mod components;
mod dataset;
mod exercise;
mod export;
mod header;
mod inspector;
mod labels;
mod loss;
mod paragraph;
mod places;
mod presenter;
mod question_set;
mod settings;
mod share;
mod state;
mod training;

pub use app::mount;
