//! What `bioscope.js` wraps: the module exports `bioscope::web::Bioscope` and does nothing by itself.

#[cfg(target_arch = "wasm32")]
pub use bioscope::web::Bioscope;

fn main() {}
