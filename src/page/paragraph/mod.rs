//! The question and the paragraph: where they are typed, the analysed text in its views, the answers.

pub mod answers;
pub mod editor;
pub mod keyboard;
pub mod legend;
pub mod pointer;
pub mod question_form;
mod render;
mod table;
pub mod view;
