//! A model of the user's own: its three files, or one archive of them.

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::File;

use crate::error::Error;
use crate::page::components::files;
use crate::page::state::session::OwnFiles;
use crate::page::state::store::Store;

impl Store {
    /// Reads files of a model and loads it.
    pub fn take_model(self, taken: Vec<File>) {
        spawn_local(async move {
            match read(&taken).await {
                Ok(own) => self.choose_own(own),
                Err(error) => drop(self.error.try_set(Some(error))),
            }
        });
    }
}

/// Sorts files by their names and reads them.
///
/// # Errors
/// [`Error::NotChosen`] when one of the three is not among them, [`Error::Unreadable`].
async fn read(chosen: &[File]) -> Result<OwnFiles, Error> {
    let [mut weights, mut config, mut tokenizer] = [None, None, None];
    for file in chosen {
        let place = match file.name().to_lowercase().as_str() {
            n if n.ends_with(".zip") => return Ok(OwnFiles::Archive(files::array(file).await?)),
            n if n.ends_with(".safetensors") || n.ends_with(".gguf") => &mut weights,
            n if n.contains("tokenizer") && n.ends_with(".json") => &mut tokenizer,
            n if n.ends_with(".json") => &mut config,
            _ => continue,
        };
        *place = Some(files::array(file).await?);
    }
    let need =
        |file: Option<js_sys::Uint8Array>, name: &str| file.ok_or_else(|| Error::NotChosen { file: name.into() });
    Ok(OwnFiles::Three {
        weights: need(weights, "model.safetensors / model.gguf")?,
        config: need(config, "config.json")?,
        tokenizer: need(tokenizer, "tokenizer.json")?,
    })
}
