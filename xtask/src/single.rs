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

/// Programs that run in a worker; www/single.js looks for them by these names.
const WORKERS: [&str; 2] = ["worker-simd128", "worker-relaxed"];

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
    let mut paths = vec!["worker.js".to_owned(), "self-test.json".to_owned(), wasm];
    for worker in WORKERS {
        paths.extend([format!("{worker}.js"), format!("{worker}_bg.wasm")]);
    }
    for file in entry["files"].as_array().context("a model without files")? {
        paths.push(format!("models/{model}/{}", file["name"].as_str().context("a file without a name")?));
    }
    let mut html = holder("models/index.json", Value::from(vec![entry]).to_string().as_bytes())?;
    for path in paths {
        let bytes = fs::read(dist.join(&path)).with_context(|| format!("cannot read dist/{path}"))?;
        html.push_str(&holder(&path, &bytes)?);
    }
    Ok(html)
}

/// A file as a gzip stream, which every browser unpacks itself, in base64.
fn holder(path: &str, bytes: &[u8]) -> Result<String> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(bytes)?;
    let text = BASE64_STANDARD.encode(gzip.finish()?);
    Ok(format!("<script type=\"application/octet-stream\" data-file=\"{path}\">{text}</script>\n"))
}

/// A script as it may stand in HTML: nothing in it ends the element. Both sequences occur in strings only.
fn harmless(code: &str) -> String {
    code.replace("</script", "<\\/script").replace("<!--", "<\\!--")
}

/// A script or style as the policy names it.
fn source(text: &str) -> String {
    format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)))
}

fn text(folder: &Path, name: &str) -> Result<String> {
    fs::read_to_string(folder.join(name)).with_context(|| format!("cannot read {name}"))
}
