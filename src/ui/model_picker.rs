//! The choice of the model: the shipped ones, or the user's own three files.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use crate::fault::Fault;

use super::session::OwnFiles;
use super::state::Store;

/// Value of the entry for the user's own files.
const OWN: &str = "own";

/// The picker.
#[component]
pub fn ModelPicker(store: Store) -> impl IntoView {
    let words = store.words;
    let model = store.part(|d| d.model.clone());
    let files: NodeRef<html::Input> = NodeRef::new();
    let entries = move || {
        let mut entries: Vec<(String, String)> =
            store.shipped.with(|s| s.iter().map(|m| (m.name.clone(), m.title.clone())).collect());
        let chosen = model.get();
        if !entries.iter().any(|(name, _)| *name == chosen) {
            let title = if chosen == "minilm-l6" { "MiniLM-L6".into() } else { chosen.clone() };
            entries.insert(0, (chosen, title));
        }
        entries
    };
    let choose = move |event: leptos::ev::Event| {
        let name = event_target_value(&event);
        if name == OWN {
            if let Some(files) = files.get_untracked() {
                files.click();
            }
        } else {
            store.choose_model(&name);
        }
    };
    let take = move |_| {
        let Some(input) = files.get_untracked() else { return };
        let list = js_sys::Reflect::get(&input, &"files".into()).map(|list| js_sys::Array::from(&list));
        spawn_local(async move {
            match read(list.unwrap_or_default()).await {
                Ok(own) => store.choose_own(own),
                Err(fault) => {
                    store.fault.try_set(Some(fault));
                }
            }
            input.set_value("");
        });
    };
    view! {
        <label class="picker">
            <span class="sr">{words.model}</span>
            <select data-testid="model" on:change=choose>
                {move || entries().into_iter().map(|(name, title)| {
                    let this = name.clone();
                    view! { <option value=name selected=move || model.get() == this>{title}</option> }
                }).collect_view()}
                <option value=OWN title=words.own_model_hint>{words.own_model}</option>
            </select>
        </label>
        <input node_ref=files type="file" multiple hidden aria-label=words.own_model_hint on:change=take />
    }
}

/// Sorts the chosen files by their names and reads them.
async fn read(files: js_sys::Array) -> Result<OwnFiles, Fault> {
    let [mut weights, mut config, mut tokenizer] = [None, None, None];
    for file in files.iter() {
        let name = js_sys::Reflect::get(&file, &"name".into()).ok().and_then(|n| n.as_string()).unwrap_or_default();
        let place = match name.to_lowercase().as_str() {
            n if n.ends_with(".safetensors") || n.ends_with(".gguf") => &mut weights,
            n if n.contains("tokenizer") && n.ends_with(".json") => &mut tokenizer,
            n if n.ends_with(".json") => &mut config,
            _ => continue,
        };
        *place = Some(bytes(&file, &name).await?);
    }
    let need = |file: Option<js_sys::Uint8Array>, name: &str| {
        file.ok_or_else(|| Fault::Mismatch { why: format!("{name} is not among the chosen files") })
    };
    Ok(OwnFiles {
        weights: need(weights, "model.safetensors / model.gguf")?,
        config: need(config, "config.json")?,
        tokenizer: need(tokenizer, "tokenizer.json")?,
    })
}

async fn bytes(file: &wasm_bindgen::JsValue, name: &str) -> Result<js_sys::Uint8Array, Fault> {
    let corrupt = |why: &str| Fault::Corrupt { file: name.into(), why: why.into() };
    let read = js_sys::Reflect::get(file, &"arrayBuffer".into())
        .ok()
        .and_then(|f| f.dyn_into::<js_sys::Function>().ok())
        .ok_or_else(|| corrupt("it cannot be read"))?;
    let promise: js_sys::Promise =
        read.call0(file).ok().and_then(|p| p.dyn_into().ok()).ok_or_else(|| corrupt("it cannot be read"))?;
    let buffer = JsFuture::from(promise).await.map_err(|_| corrupt("it cannot be read"))?;
    Ok(js_sys::Uint8Array::new(&buffer))
}
