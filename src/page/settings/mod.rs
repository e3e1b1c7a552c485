//! The choice of the model, what the browser stores, what the network is used for, the self-test.

pub mod benchmark;
pub mod model_picker;
pub mod models;
pub mod network;
pub mod offline;
mod own_model;
pub mod self_test;
pub mod storage_panel;
