//! JSON as the formats share it: lists of records, lenient ids, fields that say what is wrong with them.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, Visitor};
pub(super) use serde_json_borrow::{ObjectAsVec as Fields, Value};

use super::reader::Reader;
use super::text::Text;
use super::{Place, Problem, Reason, Record};

/// An id: a string or a number. Missing and null ones are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Id(pub String);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Id, D::Error> {
        struct Any;
        impl Visitor<'_> for Any {
            type Value = Id;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or a number")
            }
            fn visit_str<E>(self, id: &str) -> Result<Id, E> {
                Ok(Id(id.into()))
            }
            fn visit_string<E>(self, id: String) -> Result<Id, E> {
                Ok(Id(id))
            }
            fn visit_u64<E>(self, id: u64) -> Result<Id, E> {
                Ok(Id(id.to_string()))
            }
            fn visit_i64<E>(self, id: i64) -> Result<Id, E> {
                Ok(Id(id.to_string()))
            }
            fn visit_f64<E>(self, id: f64) -> Result<Id, E> {
                Ok(Id(id.to_string()))
            }
            fn visit_unit<E>(self) -> Result<Id, E> {
                Ok(Id::default())
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// A string that is borrowed where it has no escapes.
pub(super) fn cow<'de: 'a, 'a, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Cow<'a, str>>, D::Error> {
    struct Text;
    impl<'de> Visitor<'de> for Text {
        type Value = Option<Cow<'de, str>>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }
        fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
            Ok(Some(Cow::Borrowed(text)))
        }
        fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
            Ok(Some(Cow::Owned(text.into())))
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }
    }
    deserializer.deserialize_any(Text)
}

/// Tells a field that is null from one that is not there.
pub(super) fn there<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// What serde says about a record, in the words that say what is wrong; `line` is where the record begins.
pub(super) fn explained(error: &serde_json::Error, line: usize) -> Reason {
    if !error.is_data() {
        return Reason::json_line(error, line + error.line().saturating_sub(1));
    }
    let text = error.to_string();
    let why = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
    match why.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
        Some(field) => Reason::Missing { field: field.into() },
        None => Reason::Fault { why: why.into() },
    }
}

/// One record of a file: where it stands, its line, and its JSON.
pub(super) struct Raw<'t> {
    pub place: Place,
    pub line: usize,
    pub json: &'t str,
}

/// Whether a text is JSON lines rather than one value: its first line is a whole object, and no wrapper of a list.
pub(super) fn in_lines(text: &str) -> bool {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    if !first.trim_start().starts_with('{') {
        return false;
    }
    let valid = |text: &str| serde_json::from_str::<IgnoredAny>(text).is_ok();
    if text.trim().len() == first.trim().len() {
        // One line: a record, unless it is a wrapper. Told without a look at all that it may wrap.
        return at_field(first, "data").is_none_or(|data| !data.starts_with('[')) && valid(first);
    }
    valid(first) || (text.trim_start()[1..].contains("\n{") && !valid(text))
}

/// The first JSON value of a text, as it stands there, and what follows it.
fn value(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    values.next()?.ok()?;
    Some(text.split_at(values.byte_offset()))
}

/// The elements of a JSON list, each as it stands there; `None` for another value. The text has been found to be JSON.
pub(super) fn elements(text: &str) -> Option<Vec<&str>> {
    let mut rest = text.trim_start().strip_prefix('[')?;
    let mut elements = Vec::new();
    loop {
        rest = rest.trim_start().trim_start_matches(',');
        if rest.trim_start().starts_with(']') {
            return Some(elements);
        }
        let (element, after) = value(rest)?;
        elements.push(element);
        rest = after;
    }
}

/// What stands behind the name of a field of a JSON object: its value, and all that follows. The text has been found to be JSON.
fn at_field<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let mut rest = text.trim_start().strip_prefix('{')?;
    loop {
        let (key, after) = value(rest.trim_start().trim_start_matches(','))?;
        let after = after.trim_start().strip_prefix(':')?.trim_start();
        if key.trim_matches('"') == name {
            return Some(after);
        }
        rest = value(after)?.1;
    }
}

/// The value of a field of a JSON object, as it stands there; `None` without one. The text has been found to be JSON.
pub(super) fn field<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    value(at_field(text, name)?).map(|(found, _)| found)
}

/// The list in `data` of an object.
pub(super) fn wrapped(text: &str) -> Option<Vec<&str>> {
    elements(at_field(text, "data")?)
}

/// Hands every record of a file to `take`: JSON lines, one list, or an object with the list in `data`.
pub(super) fn each<'t>(
    text: &'t str,
    reader: &mut Reader<'_>,
    mut take: impl FnMut(&mut Reader<'_>, Raw<'t>) -> Result<(), Problem>,
) -> Result<(), Problem> {
    if in_lines(text) {
        for (number, json) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            take(reader, Raw { place: Place::Line(number + 1), line: number + 1, json })?;
        }
        return Ok(());
    }
    serde_json::from_str::<IgnoredAny>(text).map_err(|e| Reason::json(&e))?;
    let list = if text.trim_start().starts_with('[') { elements(text) } else { wrapped(text) };
    let list = list.ok_or_else(|| Reason::Missing { field: "data".into() })?;
    let (mut line, mut before) = (1, 0);
    for (number, json) in list.into_iter().enumerate() {
        let at = json.as_ptr() as usize - text.as_ptr() as usize;
        line += text[before..at].bytes().filter(|byte| *byte == b'\n').count();
        before = at;
        take(reader, Raw { place: Place::Record(number + 1), line, json })?;
    }
    Ok(())
}

/// A record as an object, whose strings are the file's own where they hold no escapes.
pub(super) fn object<'t>(raw: &Raw<'t>) -> Result<Fields<'t>, Reason> {
    match serde_json::from_str(raw.json) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(other) => Err(unexpected("record", "an object", &other)),
        Err(error) => Err(explained(&error, raw.line)),
    }
}

/// A value of another kind than expected.
pub(super) fn unexpected(field: &str, expected: &str, found: &Value<'_>) -> Reason {
    let mut found = found.to_string();
    if found.chars().count() > 40 {
        found = found.chars().take(40).chain(['…']).collect();
    }
    Reason::Unexpected { field: field.into(), expected: expected.into(), found }
}

/// A field, unless it is missing or null.
pub(super) fn optional<'v, 't>(fields: &'v Fields<'t>, field: &str) -> Option<&'v Value<'t>> {
    fields.get(field).filter(|value| !value.is_null())
}

/// A field that must be there.
pub(super) fn needed<'v, 't>(fields: &'v Fields<'t>, field: &str) -> Result<&'v Value<'t>, Reason> {
    optional(fields, field).ok_or_else(|| Reason::Missing { field: field.into() })
}

/// A string; empty where it is missing.
pub(super) fn string<'v>(fields: &'v Fields<'_>, field: &str) -> Result<&'v str, Reason> {
    match optional(fields, field) {
        None => Ok(""),
        Some(value) => value.as_str().ok_or_else(|| unexpected(field, "a string", value)),
    }
}

/// A list; `None` where it is missing.
pub(super) fn list<'v, 't>(fields: &'v Fields<'t>, field: &str) -> Result<Option<&'v [Value<'t>]>, Reason> {
    match optional(fields, field) {
        None => Ok(None),
        Some(value) => value.as_array().map(Some).ok_or_else(|| unexpected(field, "a list", value)),
    }
}

/// A list of strings that must be there.
pub(super) fn strings<'v>(fields: &'v Fields<'_>, field: &str) -> Result<Vec<&'v str>, Reason> {
    let list = list(fields, field)?.ok_or_else(|| Reason::Missing { field: field.into() })?;
    list.iter().map(|value| value.as_str().ok_or_else(|| unexpected(field, "a list of strings", value))).collect()
}

/// A whole number.
pub(super) fn integer(value: Option<&Value<'_>>, field: &str) -> Result<i64, Reason> {
    let value = value.ok_or_else(|| Reason::Missing { field: field.into() })?;
    value.as_i64().ok_or_else(|| unexpected(field, "a whole number", value))
}

/// An id: a string or a number; empty where it is missing.
pub(super) fn id(value: Option<&Value<'_>>) -> String {
    match value {
        Some(Value::Str(id)) => id.to_string(),
        Some(Value::Number(id)) => id.to_string(),
        _ => String::new(),
    }
}

/// The text of a record that has `text` and `question`, and the record that begins with them.
///
/// # Errors
/// There is no text, or one of the two is no string.
pub(super) fn with_text(fields: &Fields<'_>, raw: &Raw<'_>, reader: &mut Reader<'_>) -> Result<(Text, Record), Reason> {
    let context = string(fields, "text")?;
    if context.is_empty() {
        return Err(Reason::Missing { field: "text".into() });
    }
    let text = reader.text(context);
    let record = Record::new(raw.place.clone(), id(fields.get("id")), string(fields, "question")?, text.text.clone());
    Ok((text, record))
}

/// Values as JSON lines.
pub(super) fn lines(values: impl Iterator<Item = serde_json::Value>) -> String {
    values.map(|value| format!("{value}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_json() {
        let text = r#" {"a": "x,]", "data" : [ {"b": [1, 2]} ,3, "q\"]" , [] ] , "c": null}"#;
        assert_eq!(wrapped(text), Some(vec![r#"{"b": [1, 2]}"#, "3", r#""q\"]""#, "[]"]));
        assert_eq!((field(text, "c"), field(text, "d"), field("[1]", "a")), (Some("null"), None, None));
        assert_eq!((elements(" [ ] "), elements("{}"), elements("[1")), (Some(vec![]), None, None));
        assert!(in_lines("\n{\"a\": 1}\n{\"b\": 2}") && in_lines("{\"a\": 1}") && !in_lines(text) && !in_lines("[1]"));
    }
}
