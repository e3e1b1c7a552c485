//! `bioscope.d.ts` against what is there, and `dist/` as an npm package.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::browser::{Site, browser_on, dist};
use crate::common::root;

/// The members of an interface, those that it takes over from others too.
fn members(types: &str, name: &str) -> BTreeSet<String> {
    let start = [format!("interface {name} "), format!("class {name} ")].iter().find_map(|head| types.find(head));
    let text = &types[start.unwrap_or_else(|| panic!("no interface {name}"))..];
    let (head, body) = text.split_once('{').unwrap();
    let body = body.split("\n}").next().unwrap();
    let mut found = BTreeSet::new();
    for line in body.lines().filter_map(|line| line.strip_prefix("  ")) {
        let line = line.trim_start_matches("readonly ");
        let word: String = line.chars().take_while(|c| c.is_alphanumeric()).collect();
        // A space or an asterisk begins a comment or a second line of a member.
        if !word.is_empty() && line[word.len()..].starts_with([':', '?', '(']) {
            found.insert(word);
        }
    }
    if let Some((_, parents)) = head.split_once(" extends ") {
        for parent in parents.split(',').map(str::trim).filter(|parent| types.contains(&format!("interface {parent} ")))
        {
            found.extend(members(types, parent));
        }
    }
    found
}

fn names(value: &Value) -> BTreeSet<String> {
    value.as_array().expect("a list").iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_types_name_what_there_is_and_nothing_else() {
    let Some(page) = browser_on(&Site { without: &["index.html"], ..Site::default() }) else { return };
    page.be_patient();
    let types = std::fs::read_to_string(dist().unwrap().join("bioscope.d.ts")).unwrap();
    page.put("blank.html", b"<!doctype html><title>Types</title>");
    page.goto("blank.html");
    let found = page.run(
        "const module = await import('./bioscope.js');
         const text = { question: 'Who sang?', paragraph: 'On Friday Ada sang.' }, progress = [];
         const Bioscope = await module.load({ model: 'tiny-128', onProgress: (p) => progress.push(p) });
         const Analysis = await Bioscope.analyse(text), gold = [[{ start: 10, end: 13 }]];
         const Attribution = await Bioscope.attribute({ ...text, token: 2, label: 'B' });
         const Attention = await Bioscope.attention({ ...text, token: 2, layer: 0 });
         const out = { Info: Bioscope.info, Analysis, Token: Analysis.tokens[0], Answer: Analysis.answers[0], Progress: progress[0],
           Loss: Bioscope.loss(Analysis, gold), Head: await Bioscope.head(Analysis, 0), StepReport: await Bioscope.step({ ...text, gold }),
           Attribution, Attention, InputToken: Attention.tokens[0], ModelFiles: await Bioscope.save() };
         for (const name in out) out[name] = Object.keys(out[name]);
         out.Bioscope = Object.getOwnPropertyNames(Object.getPrototypeOf(Bioscope)).filter((name) => name !== 'constructor');
         out.module = Object.keys(module);
         return out;",
        Value::Null,
    );
    let found = found.as_object().unwrap();
    assert_eq!(found["module"], json!(["load", "parse", "serialise"]), "the exports that are values");
    for (name, there) in found.iter().filter(|(name, _)| *name != "module") {
        assert_eq!(members(&types, name), names(there), "{name}");
    }
    // `import()` does not start the element's model.
    let element = std::fs::read_to_string(dist().unwrap().join("bio-scope.d.ts")).unwrap();
    let there = page.run(
        "const { BioScope } = await import('./bio-scope.js');
         const callbacks = ['constructor', 'connectedCallback', 'disconnectedCallback', 'attributeChangedCallback', 'progress'];
         return Object.getOwnPropertyNames(BioScope.prototype).filter((name) => !callbacks.includes(name));",
        Value::Null,
    );
    let mut named = members(&element, "BioScope");
    assert!(named.remove("addEventListener"), "inherited, with narrower types");
    assert_eq!(named, names(&there));
}

#[test]
fn the_types_name_every_kind_of_error() {
    let types = std::fs::read_to_string(root().join("www/bioscope.d.ts")).unwrap();
    let union = types.split("export type ErrorKind =").nth(1).unwrap().split(';').next().unwrap();
    let named: BTreeSet<String> = union.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    let errors = std::fs::read_to_string(root().join("src/error.rs")).unwrap();
    let body = errors.split("pub enum Error {").nth(1).unwrap().split("\n}").next().unwrap();
    let mut kinds: BTreeSet<String> = body
        .lines()
        .filter_map(|line| line.strip_prefix("    ").filter(|line| line.starts_with(char::is_uppercase)))
        .map(|line| line.chars().take_while(|c| c.is_alphanumeric()).collect::<String>())
        .map(|name| name[..1].to_lowercase() + &name[1..])
        .collect();
    // The page's own; a cancellation is an AbortError, a wrong argument an error without kind.
    for other in ["aborted", "argument", "notChosen", "unreadable", "linkBroken", "linkTooNew", "linkTooLong"] {
        assert!(kinds.remove(other), "{other}");
    }
    kinds.insert("forbidden".into()); // www/bioscope.js
    kinds.insert("data".into()); // its parse and serialise
    assert_eq!(named, kinds);
}

#[test]
fn dist_is_a_package() {
    let Some(dist) = dist() else { return };
    let text = std::fs::read_to_string(dist.join("package.json")).unwrap();
    let package: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&package["name"], &package["version"]), (&json!("bioscope"), &json!(env!("CARGO_PKG_VERSION"))));
    let there: Vec<String> =
        std::fs::read_dir(&dist).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    let listed = names(&package["files"]);
    let holds = |name: &str| {
        listed.iter().any(|pattern| match pattern.split_once('*') {
            Some((start, end)) => name.starts_with(start) && name.ends_with(end),
            None => pattern.trim_end_matches('/') == name,
        })
    };
    for pattern in &listed {
        let (start, end) = pattern.split_once('*').unwrap_or((pattern.trim_end_matches('/'), ""));
        assert!(there.iter().any(|name| name.starts_with(start) && name.ends_with(end)), "{pattern}");
    }
    // What the page alone needs is no part of it.
    for name in there.iter().filter(|name| name.starts_with("app") || name.ends_with(".css") || name.ends_with(".html"))
    {
        assert!(!holds(name), "{name}");
    }
    for (path, target) in package["exports"].as_object().unwrap().iter().filter(|(path, _)| !path.contains('*')) {
        let files = target.as_object().map_or(vec![target], |conditions| conditions.values().collect());
        for file in files {
            let name = file.as_str().unwrap().trim_start_matches("./");
            assert!(there.iter().any(|n| n == name), "{path}: {name}");
            assert!(name == "package.json" || holds(name), "{path}: {name}");
        }
    }
    for name in ["README.md", "LICENSE"] {
        assert!(dist.join(name).exists(), "{name}");
    }
    let guide = std::fs::read_to_string(dist.join("README.md")).unwrap();
    let links: Vec<&str> = guide.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()).collect();
    assert!(links.contains(&"./bioscope.d.ts"), "{links:?}");
    for link in links {
        assert!(holds(link.trim_start_matches("./")), "its links stay within the package: {link}");
    }
}
