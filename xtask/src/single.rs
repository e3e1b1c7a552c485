//! `cargo xtask single-file`: the page, its programs and a model as one HTML file that opens from anywhere.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail, ensure};
use base64::prelude::{BASE64_STANDARD, Engine};
use flate2::Compression;
use flate2::write::GzEncoder;
use lol_html::html_content::ContentType;
use lol_html::{ElementContentHandlers, RewriteStrSettings, Selector, element, rewrite_str};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{site, tools};

/// Programs that run in a worker; www/single.js looks for them by these names. They differ by a few functions, so the first,
/// which most browsers run, lies in the file whole and the other as its difference.
const WORKERS: [&str; 2] = ["worker-relaxed", "worker-simd128"];

/// The model inside, unless another is asked for.
const MODEL: &str = "tiny-128";

/// Writes `dist/bioscope.html`, or another file.
pub fn run(mut options: &[&str]) -> Result<()> {
    let dist = tools::root().join("dist");
    let (mut model, mut build, mut path) = (MODEL, true, dist.join("bioscope.html"));
    loop {
        options = match options {
            [] => break,
            ["--no-build", rest @ ..] => {
                build = false;
                rest
            }
            ["--model", name, rest @ ..] => {
                model = name;
                rest
            }
            ["--output", file, rest @ ..] => {
                path = PathBuf::from(file);
                rest
            }
            [other, ..] => bail!("single-file does not know `{other}`; see `cargo xtask help`"),
        };
    }
    if build {
        site::build()?;
    }
    ensure!(dist.join("index.html").exists(), "nothing is built yet: leave out --no-build");
    let page = page(&dist, model)?;
    fs::write(&path, &page).with_context(|| format!("cannot write {}", path.display()))?;
    let name = site::relative(&path, tools::root());
    println!("{name}: {:.1} MB, with {model} inside.", page.len() as f64 / 1e6);
    Ok(())
}

/// The built site's page with everything that it would fetch inside.
fn page(dist: &Path, model: &str) -> Result<String> {
    let index = text(dist, "index.html")?;
    let data = data(dist, model)?;
    let (glue, wasm) = program(&index)?;
    let start = format!(
        "{}\nif (window.bioscopeFiles.able) await window.bioscopeFiles.start(__wbg_init, \"{wasm}\");\n",
        without_exports(&text(dist, &glue)?)?
    );
    let scripts =
        [("", text(&tools::root().join("www"), "single.js")?), ("", text(dist, "start.js")?), ("module", start)]
            .map(|(kind, code)| (kind, harmless(&code)));
    let styles = RefCell::new(Vec::new());
    let read = |href: &str| text(dist, href.trim_start_matches("./"));

    // First the styles, so that the policy can name them all.
    let page = rewrite_str(
        &index,
        rewriting([
            element!("link[rel=stylesheet]", |link| {
                let style = read(&link.get_attribute("href").unwrap_or_default())?;
                link.replace(&format!("<style>{style}</style>"), ContentType::Html);
                styles.borrow_mut().push(style);
                Ok(())
            }),
            element!("link[rel=icon]", |link| {
                let icon = read(&link.get_attribute("href").unwrap_or_default())?;
                let data = format!("data:image/svg+xml;base64,{}", BASE64_STANDARD.encode(icon));
                link.set_attribute("href", &data).map_err(Into::into)
            }),
            element!("link[rel=manifest], link[rel=apple-touch-icon], script[src]", |other| {
                other.remove();
                Ok(())
            }),
        ]),
    )?;
    let sources = |texts: &[&str]| texts.iter().map(|text| source(text)).collect::<Vec<_>>().join(" ");
    let styles = styles.into_inner();
    // Not even this site's own files: the browser itself keeps everything from the network.
    let policy = format!(
        "default-src 'none'; script-src 'wasm-unsafe-eval' {}; style-src {}; worker-src blob:; img-src data:; \
         base-uri 'none'; form-action 'none'",
        sources(&scripts.each_ref().map(|(_, code)| &code[..])),
        sources(&styles.iter().map(|style| &style[..]).collect::<Vec<_>>()),
    );
    let scripts = scripts.map(|(kind, code)| match kind {
        "" => format!("<script>{code}</script>\n"),
        kind => format!("<script type=\"{kind}\">{code}</script>\n"),
    });
    let page = rewrite_str(
        &page,
        rewriting([
            element!("meta[http-equiv=Content-Security-Policy]", |meta| {
                meta.set_attribute("content", &policy).map_err(Into::into)
            }),
            element!("body", |body| {
                body.append(&data, ContentType::Html);
                body.append(&scripts.concat(), ContentType::Html);
                Ok(())
            }),
            element!("[src], link[href]", |element| {
                let url = element.get_attribute("src").or_else(|| element.get_attribute("href")).unwrap_or_default();
                match url.starts_with("data:") {
                    true => Ok(()),
                    false => Err(anyhow!("the single file would still fetch {url}").into()),
                }
            }),
        ]),
    )?;
    Ok(page)
}

/// Settings with these handlers.
fn rewriting<'h, 's, const N: usize>(
    handlers: [(Cow<'s, Selector>, ElementContentHandlers<'h>); N],
) -> RewriteStrSettings<'h, 's> {
    let settings = RewriteStrSettings::new();
    handlers.into_iter().fold(settings, |settings, handler| settings.append_element_content_handler(handler))
}

/// Names of the page's glue and program, from the script element that starts them.
fn program(index: &str) -> Result<(String, String)> {
    let found = RefCell::new(None);
    rewrite_str(
        index,
        rewriting([element!("script[data-js]", |script| {
            let name = |attribute: &str| {
                script.get_attribute(attribute).unwrap_or_default().trim_start_matches("./").to_owned()
            };
            *found.borrow_mut() = Some((name("data-js"), name("data-wasm")));
            Ok(())
        })]),
    )?;
    found.into_inner().context("dist/index.html has no script that starts the page")
}

/// Glue as a part of a module that nobody imports.
fn without_exports(glue: &str) -> Result<String> {
    let start = glue.rfind("\nexport {").context("the page's glue ends otherwise than expected")?;
    ensure!(glue[start..].contains("__wbg_init as default"), "the page's glue has another start");
    Ok(glue[..start].to_owned())
}

/// The files that the page asks for, as elements that hold them.
fn data(dist: &Path, model: &str) -> Result<String> {
    let list: Vec<Value> = serde_json::from_str(&text(dist, "models/index.json")?).context("models/index.json")?;
    let entry = list.into_iter().find(|entry| entry["name"] == model);
    let entry = entry.with_context(|| format!("no model is named `{model}`"))?;
    let (_, wasm) = program(&text(dist, "index.html")?)?;
    let [whole, other] = WORKERS.map(|worker| format!("{worker}_bg.wasm"));
    let mut paths = vec!["worker.js".to_owned(), "self-test.json".to_owned(), wasm, whole.clone()];
    paths.extend(WORKERS.map(|worker| format!("{worker}.js")));
    for file in entry["files"].as_array().context("a model without files")? {
        paths.push(format!("models/{model}/{}", file["name"].as_str().context("a file without a name")?));
    }
    let mut html = holder("models/index.json", "", Value::from(vec![entry]).to_string().as_bytes())?;
    for path in paths {
        html.push_str(&holder(&path, "", &bytes(dist, &path)?)?);
    }
    let difference = difference(&bytes(dist, &whole)?, &bytes(dist, &other)?)?;
    html.push_str(&holder(&other, &format!(" data-from=\"{whole}\""), &difference)?);
    Ok(html)
}

/// An element that holds a file: as a gzip stream, which every browser unpacks itself, in text.
fn holder(path: &str, more: &str, bytes: &[u8]) -> Result<String> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(bytes)?;
    let text = seven_bits(&gzip.finish()?);
    Ok(format!("<script type=\"application/octet-stream\" data-file=\"{path}\"{more}>{text}</script>\n"))
}

/// Bytes as text for a script element, seven bits a character, most significant first. The three characters that could not
/// stand there stand 128 higher. With random bytes that is 1.17 bytes for one; base64 has 1.33.
fn seven_bits(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 6 / 5);
    let mut push = |bits: u32| {
        let code = (bits & 127) as u8;
        text.push(char::from(if matches!(code, 0 | b'\r' | b'<') { code | 128 } else { code }));
    };
    let (mut buffer, mut held) = (0, 0);
    for byte in bytes {
        buffer = buffer << 8 | u32::from(*byte);
        held += 8;
        while held >= 7 {
            held -= 7;
            push(buffer >> held);
        }
    }
    if held > 0 {
        push(buffer << (7 - held));
    }
    text
}

/// What makes `new` of `old`, in bsdiff's form, not compressed.
fn difference(old: &[u8], new: &[u8]) -> Result<Vec<u8>> {
    let mut difference = Vec::new();
    bsdiff::diff(old, new, &mut difference)?;
    Ok(difference)
}

/// A script as it may stand in HTML: nothing in it ends the element. Both sequences occur in strings only.
fn harmless(code: &str) -> String {
    code.replace("</script", "<\\/script").replace("<!--", "<\\!--")
}

/// A script or style as the policy names it.
fn source(text: &str) -> String {
    format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)))
}

fn bytes(folder: &Path, name: &str) -> Result<Vec<u8>> {
    fs::read(folder.join(name)).with_context(|| format!("cannot read {name}"))
}

fn text(folder: &Path, name: &str) -> Result<String> {
    fs::read_to_string(folder.join(name)).with_context(|| format!("cannot read {name}"))
}

#[cfg(test)]
mod tests {
    use super::{difference, seven_bits};

    /// As www/single.js reads it.
    fn read(text: &str) -> Vec<u8> {
        let bits: Vec<u8> = text.chars().flat_map(|c| (0..7).rev().map(move |k| ((c as u32 >> k) & 1) as u8)).collect();
        bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |sum, bit| (sum << 1) | bit)).collect()
    }

    #[test]
    fn bytes_come_back_from_text_that_html_leaves_alone() {
        let bytes: Vec<u8> = (0..2000_u32).map(|k| ((k * k * 31) >> 3) as u8).collect();
        for length in [0, 1, 6, 7, 8, 255, 2000] {
            let text = seven_bits(&bytes[..length]);
            assert!(!text.contains(['\0', '\r', '<']));
            assert_eq!(read(&text), bytes[..length]);
        }
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(read(&seven_bits(&all)), all);
        assert!(seven_bits(&[0; 70]).chars().all(|c| c == '\u{80}'));
    }

    #[test]
    fn a_difference_makes_the_other_program() {
        let old: Vec<u8> = (0..5000_u32).map(|k| ((k * k * 31) >> 3) as u8).collect();
        let mut new = old.clone();
        new[100] ^= 5;
        new.splice(3000..3000, [1, 2, 3]);
        new.drain(1000..1200);
        let difference = difference(&old, &new).unwrap();
        let mut made = Vec::new();
        bsdiff::patch(&old, &mut &difference[..], &mut made).unwrap();
        assert_eq!(made, new);
    }
}
