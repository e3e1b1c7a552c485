//! Compiles the interface's texts, `locales/LANGUAGE/*.ftl` (Project Fluent), into Rust: `src/locale/` includes the result.
//!
//! English is the reference. A message that another language lacks or has too much, and a variable that is missing or
//! misspelt, fail the build with the file and the message's name. A file is a struct (`main.ftl` the outermost), a
//! message without variables a `&'static str`, one with variables a method whose parameters come in the order of the
//! English comment, one with attributes an array of them. Of Fluent's grammar there are texts, variables, string
//! literals and selectors: on a number (`[0]`, `[one]`, `[other]`), on true and false, or on a name.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey};
use fluent_syntax::parser::parse;

/// The reference.
const ENGLISH: &str = "en";

/// How a method receives a variable.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// Anything that can be shown.
    Shown,
    /// The name that a selector compares.
    Name,
    /// Selects by true or false.
    Switch,
    /// Selects by value or plural category.
    Number,
}

impl Kind {
    fn rust(self) -> &'static str {
        match self {
            Kind::Shown => "impl std::fmt::Display",
            Kind::Name => "&str",
            Kind::Switch => "bool",
            Kind::Number => "usize",
        }
    }
}

/// A message of one language.
struct Message {
    comment: String,
    /// The Rust expression of its value, or of each attribute in the order of their names.
    value: Value,
    variables: BTreeMap<String, Kind>,
}

enum Value {
    Text(String),
    List(BTreeMap<String, String>),
    /// An expression that makes a `String` of the variables.
    Format(String),
}

type File = BTreeMap<String, Message>;

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo")).join("locales");
    println!("cargo::rerun-if-changed={}", root.display());
    let names = |dir: &Path| {
        let entries = fs::read_dir(dir).unwrap_or_else(|e| panic!("{}: {e}", dir.display()));
        let mut names: Vec<_> = entries.map(|e| e.unwrap().file_name().into_string().expect("an ASCII name")).collect();
        names.sort();
        names
    };
    let mut languages = names(&root);
    languages.sort_by_key(|language| language != ENGLISH); // the default first
    if env::var_os("CARGO_FEATURE_PAGE").is_none() {
        languages.truncate(1); // an engine alone speaks to scripts, in English
    }
    let files = names(&root.join(ENGLISH));
    let mut out = String::new();
    for file in files.iter().filter(|name| name.ends_with(".ftl")) {
        let stem = file.trim_end_matches(".ftl");
        let texts: Vec<File> =
            languages.iter().map(|language| read(&root.join(language).join(file), language)).collect();
        for (language, other) in languages.iter().zip(&texts).skip(1) {
            compare(&format!("locales/{language}/{file}"), &texts[0], other);
        }
        let groups: Vec<_> =
            files.iter().map(|f| f.trim_end_matches(".ftl")).filter(|f| stem == "main" && *f != "main").collect();
        generate(&mut out, stem, &languages, &texts, &groups);
    }
    let list: Vec<_> = languages.iter().map(|language| language.to_uppercase()).collect();
    writeln!(
        out,
        "/// Every language, the default first.\npub static LANGUAGES: [&Strings; {}] = [&{}];",
        list.len(),
        list.join(", &")
    )
    .unwrap();
    let path = PathBuf::from(env::var_os("OUT_DIR").expect("set by cargo")).join("locale.rs");
    fs::write(path, out).expect("OUT_DIR can be written");
}

fn read(path: &Path, language: &str) -> File {
    let place = path.display().to_string();
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{place}: {e}"));
    let resource = parse(text.as_str()).unwrap_or_else(|(_, errors)| panic!("{place}: {errors:?}"));
    let mut file = File::new();
    for entry in resource.body {
        let message = match entry {
            Entry::Message(message) => message,
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => continue,
            _ => panic!("{place}: there are messages and comments only"),
        };
        let name = message.id.name.replace('-', "_");
        let mut reader =
            Reader { place: format!("{place}: {}", message.id.name), language, variables: BTreeMap::new() };
        let value = match message.value {
            Some(pattern) => match reader.pattern(&pattern) {
                value if reader.variables.is_empty() => Value::Text(value),
                value => Value::Format(value),
            },
            None => {
                let attributes = message.attributes.iter();
                Value::List(attributes.map(|a| (a.id.name.to_owned(), reader.pattern(&a.value))).collect())
            }
        };
        let comment = message.comment.map(|c| c.content.join("\n")).unwrap_or_default();
        if file.insert(name, Message { comment, value, variables: reader.variables }).is_some() {
            panic!("{place}: {} comes twice", message.id.name);
        }
    }
    file
}

/// Makes Rust of one message.
struct Reader<'a> {
    place: String,
    language: &'a str,
    variables: BTreeMap<String, Kind>,
}

impl Reader<'_> {
    /// The content of a `format!` string when there are variables or selectors, else of a plain string; a selector
    /// stands in it as an argument of its own.
    fn pattern(&mut self, pattern: &Pattern<&str>) -> String {
        let (mut text, mut arguments) = (String::new(), Vec::new());
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => text += value,
                PatternElement::Placeable {
                    expression: Expression::Inline(InlineExpression::StringLiteral { value }),
                } => {
                    text += value;
                }
                PatternElement::Placeable { expression: Expression::Inline(inline) } => {
                    text += "\u{0}";
                    arguments.push(self.variable(inline, Kind::Shown));
                }
                PatternElement::Placeable { expression: Expression::Select { selector, variants } } => {
                    let keys: Vec<(String, bool)> = variants
                        .iter()
                        .map(|v| match v.key {
                            VariantKey::Identifier { name } => (name.to_owned(), false),
                            VariantKey::NumberLiteral { value } => (value.to_owned(), true),
                        })
                        .collect();
                    const PLURALS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];
                    let number = keys.iter().all(|(key, number)| *number || PLURALS.contains(&&**key));
                    let switch = keys.iter().all(|(key, _)| key == "true" || key == "false");
                    let plural = keys.iter().any(|(key, number)| !number && key != "other");
                    let kind = match (number && (plural || keys.iter().any(|k| k.1)), switch) {
                        (true, _) => Kind::Number,
                        (_, true) => Kind::Switch,
                        _ => Kind::Name,
                    };
                    let name = self.variable(selector, kind);
                    let mut arms = String::new();
                    let mut default = String::new();
                    for (variant, (key, is_number)) in variants.iter().zip(&keys) {
                        let value = self.pattern(&variant.value);
                        let value = if value.starts_with('"') { format!("{value}.to_owned()") } else { value };
                        if variant.default {
                            default = value;
                        } else {
                            match kind {
                                Kind::Number if !is_number => {
                                    write!(arms, "_ if plural({:?}, {name}) == {key:?} => {value}, ", self.language)
                                        .unwrap()
                                }
                                Kind::Name => write!(arms, "{key:?} => {value}, ").unwrap(),
                                _ => write!(arms, "{key} => {value}, ").unwrap(),
                            }
                        }
                    }
                    text += "\u{0}";
                    arguments.push(format!("match {name} {{ {arms}_ => {default} }}"));
                }
            }
        }
        if arguments.is_empty() {
            return format!("{text:?}");
        }
        let text = text.replace('{', "{{").replace('}', "}}").replace('\u{0}', "{}");
        format!("format!({text:?}, {})", arguments.join(", "))
    }

    fn variable(&mut self, expression: &InlineExpression<&str>, kind: Kind) -> String {
        let InlineExpression::VariableReference { id } = expression else {
            panic!("{}: there are variables and string literals only", self.place);
        };
        let known = self.variables.entry(id.name.replace('-', "_")).or_insert(kind);
        *known = kind.max(*known);
        id.name.replace('-', "_")
    }
}

/// Panics where a language differs from the English one in more than its words.
fn compare(place: &str, english: &File, other: &File) {
    if let Some(name) = english.keys().find(|name| !other.contains_key(*name)) {
        panic!("{place}: the message `{}` is missing", name.replace('_', "-"));
    }
    for (name, message) in other {
        let shown = name.replace('_', "-");
        let reference = english.get(name).unwrap_or_else(|| panic!("{place}: English has no message `{shown}`"));
        if let Some(variable) = message.variables.keys().find(|v| !reference.variables.contains_key(*v)) {
            panic!("{place}: the message `{shown}` has no variable ${variable}");
        }
        let keys = |value: &Value| match value {
            Value::List(items) => items.keys().cloned().collect(),
            _ => Vec::new(),
        };
        if keys(&message.value) != keys(&reference.value) {
            panic!("{place}: the message `{shown}` has not the attributes of the English one");
        }
    }
}

/// The parameters of a message in the order of the English comment.
fn parameters(name: &str, texts: &[File]) -> Vec<(String, Kind)> {
    let reference = &texts[0][name];
    let mut variables = reference.variables.clone();
    for other in texts {
        for (variable, kind) in &other[name].variables {
            let known = variables.get_mut(variable).expect("compared before");
            *known = (*known).max(*kind);
        }
    }
    let place = |variable: &String| {
        let found = reference.comment.split(|c: char| !(c.is_alphanumeric() || "$_-".contains(c)));
        let mut found = found.map(|word| word.replace('-', "_"));
        found.position(|word| word == format!("${variable}"))
    };
    let mut list: Vec<_> = variables.into_iter().collect();
    if list.len() > 1 {
        if let Some((variable, _)) = list.iter().find(|(variable, _)| place(variable).is_none()) {
            panic!("locales/{ENGLISH}: the comment of `{}` does not name ${variable}", name.replace('_', "-"));
        }
        list.sort_by_key(|(variable, _)| place(variable));
    }
    list
}

fn generate(out: &mut String, stem: &str, languages: &[String], texts: &[File], groups: &[&str]) {
    let kind = match stem {
        "main" => "Strings".to_owned(),
        other => other.split('-').map(|word| word[..1].to_uppercase() + &word[1..]).collect::<String>() + "Strings",
    };
    let (mut fields, mut methods) = (String::new(), String::new());
    let mut values = vec![String::new(); languages.len()];
    for (name, message) in &texts[0] {
        let doc: String = match message.comment.is_empty() {
            true => format!("/// {:?} in English.\n", name),
            false => message.comment.lines().map(|line| format!("/// {line}\n")).collect(),
        };
        let list = parameters(name, texts);
        if list.is_empty() {
            let kind = match &message.value {
                Value::List(items) => format!("[&'static str; {}]", items.len()),
                _ => "&'static str".to_owned(),
            };
            writeln!(fields, "{doc}pub {name}: {kind},").unwrap();
            for (values, file) in values.iter_mut().zip(texts) {
                let value = match &file[name].value {
                    Value::Text(text) | Value::Format(text) => text.clone(),
                    Value::List(items) => format!("[{}]", items.values().cloned().collect::<Vec<_>>().join(", ")),
                };
                write!(values, "{name}: {value}, ").unwrap();
            }
            continue;
        }
        let declared: Vec<_> = list.iter().map(|(variable, kind)| format!("{variable}: {}", kind.rust())).collect();
        let mut arms = String::new();
        for (language, file) in languages.iter().zip(texts) {
            let value = match &file[name].value {
                Value::Format(value) => value.clone(),
                Value::Text(text) => format!("{text}.to_owned()"),
                Value::List(_) => panic!("locales/{language}: `{name}` has attributes and variables"),
            };
            let language = if language == ENGLISH { "_".into() } else { format!("{language:?}") };
            arms.insert_str(0, &format!("{language} => {value},\n")); // English, the first one, comes last
        }
        writeln!(
            methods,
            "{doc}#[allow(clippy::too_many_arguments)]
pub fn {name}(&self, {}) -> String {{ match self.language {{ {arms} }} }}",
            declared.join(", ")
        )
        .unwrap();
    }
    writeln!(out, "/// The texts of `{stem}.ftl`.\npub struct {kind} {{\n/// For `lang` attributes.\npub language: &'static str,\n{fields}").unwrap();
    for group in groups {
        let field = group.replace('-', "_");
        let kind: String = group.split('-').map(|word| word[..1].to_uppercase() + &word[1..]).collect();
        writeln!(out, "/// `{group}.ftl`.\npub {field}: {kind}Strings,").unwrap();
    }
    writeln!(out, "}}\nimpl {kind} {{\n{methods}}}").unwrap();
    for (language, values) in languages.iter().zip(values) {
        let constant = match stem {
            "main" => language.to_uppercase(),
            other => format!("{}_{}", other.replace('-', "_").to_uppercase(), language.to_uppercase()),
        };
        let groups: String = groups
            .iter()
            .map(|g| {
                format!(
                    "{0}: {1}_{2}, ",
                    g.replace('-', "_"),
                    g.replace('-', "_").to_uppercase(),
                    language.to_uppercase()
                )
            })
            .collect();
        let declared = if stem == "main" { "pub static" } else { "pub const" };
        writeln!(
            out,
            "/// This language.\n{declared} {constant}: {kind} = {kind} {{ language: {language:?}, {values}{groups} }};"
        )
        .unwrap();
    }
}
