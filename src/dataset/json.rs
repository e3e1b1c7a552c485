//! JSON as the formats share it: lists of records, lenient ids, fields that say what is wrong with them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Visitor};
pub(super) use serde_json::value::RawValue;
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

/// The fields of a JSON object, each value as it stands in the text.
pub(super) type RawFields<'t> = HashMap<String, &'t RawValue>;

/// What a text is, as JSON.
pub(super) enum Content<'t> {
    /// A record a line.
    Lines,
    /// One list of records.
    List(Vec<&'t RawValue>),
    /// One object; empty for what is neither list nor object.
    Object(RawFields<'t>),
}

/// Tells JSON lines, a list and an object apart.
///
/// # Errors
/// [`Reason::Json`] for what is neither.
pub(super) fn content(text: &str) -> Result<Content<'_>, Reason> {
    let other =
        |e: serde_json::Error| if e.is_data() { Ok(Content::Object(HashMap::new())) } else { Err(Reason::json(&e)) };
    if !text.trim_start().starts_with('{') {
        return serde_json::from_str(text).map(Content::List).or_else(other);
    }
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let alone = text.trim().len() == first.trim().len();
    match serde_json::from_str::<RawFields<'_>>(first) {
        Ok(fields) if alone && fields.get("data").is_some_and(|data| data.get().starts_with('[')) => {
            Ok(Content::Object(fields))
        }
        Ok(_) => Ok(Content::Lines),
        // An object over several lines, or a first line that is damaged.
        Err(_) => match serde_json::from_str(text) {
            Ok(fields) => Ok(Content::Object(fields)),
            Err(_) if text.trim_start()[1..].contains("\n{") => Ok(Content::Lines),
            Err(error) => other(error),
        },
    }
}

/// The elements of a JSON list, each as it stands there; `None` for another value.
pub(super) fn elements(text: &str) -> Option<Vec<&RawValue>> {
    serde_json::from_str(text).ok()
}

/// The fields of a JSON object; `None` for another value.
pub(super) fn fields(text: &str) -> Option<RawFields<'_>> {
    serde_json::from_str(text).ok()
}

/// The value of a field of a JSON object, as it stands there; `None` without one.
pub(super) fn field<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    fields(text)?.get(name).map(|value| value.get())
}

/// The list in `data` of an object.
pub(super) fn wrapped<'t>(fields: &RawFields<'t>) -> Option<Vec<&'t RawValue>> {
    elements(fields.get("data")?.get())
}

/// Hands every record of a file to `take`: JSON lines, one list, or an object with the list in `data`.
pub(super) fn each<'t>(
    text: &'t str,
    reader: &mut Reader<'_>,
    mut take: impl FnMut(&mut Reader<'_>, Raw<'t>) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let list = match content(text)? {
        Content::List(list) => list,
        Content::Object(fields) => wrapped(&fields).ok_or_else(|| Reason::Missing { field: "data".into() })?,
        Content::Lines => {
            for (number, json) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
                take(reader, Raw { place: Place::Line(number + 1), line: number + 1, json })?;
            }
            return Ok(());
        }
    };
    let (mut line, mut before) = (1, 0);
    for (number, json) in list.into_iter().map(RawValue::get).enumerate() {
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

/// Sets a field of a record that is written, unless the text is empty.
pub(super) fn put(row: &mut serde_json::Value, field: &str, text: &str) {
    if !text.is_empty() {
        row[field] = text.into();
    }
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
    needed(fields, "text")?;
    let context = string(fields, "text")?;
    if context.is_empty() {
        return Err(Reason::NoText);
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
        let strings =
            |list: Option<Vec<&RawValue>>| Some(list?.into_iter().map(|e| e.get().to_owned()).collect::<Vec<_>>());
        let list = field(text, "data").and_then(elements);
        assert_eq!(strings(list).unwrap(), [r#"{"b": [1, 2]}"#, "3", r#""q\"]""#, "[]"]);
        assert_eq!((field(text, "c"), field(text, "d"), field("[1]", "a")), (Some("null"), None, None));
        assert_eq!(
            (strings(elements(" [ ] ")), strings(elements("{}")), strings(elements("[1"))),
            (Some(vec![]), None, None)
        );
        let kind = |text: &str| match content(text) {
            Ok(Content::Lines) => "lines",
            Ok(Content::List(_)) => "list",
            Ok(Content::Object(_)) => "object",
            Err(_) => "none",
        };
        assert_eq!(
            ["\n{\"a\": 1}\n{\"b\": 2}", "{\"a\": 1}", "{\"a\": 1\n{\"b\": 2}\n", "{\"data\": 1}"].map(kind),
            ["lines"; 4]
        );
        assert_eq!([text, "{\"a\":\n1}", "3", "{\"data\": []}"].map(kind), ["object"; 4]);
        assert_eq!(["[1]", "[1", "{\"a\"", "a"].map(kind), ["list", "none", "none", "none"]);
    }
}
