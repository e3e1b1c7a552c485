//! Parquet as a container of JSON lines (native only): what `datasets` and pandas save is read as the rows that it
//! holds, and rows of [`Format::HfQa`] and [`Format::HfTokens`] are written with the columns that `datasets` has for them.

use std::io;

use bytes::Bytes;
use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::parser::parse_message_type;
use serde_json::Value;

use super::Format;

/// Rows that are written together.
const GROUP: usize = 10_000;

/// Columns of question answering, as `datasets` has them for SQuAD; the annotators' names are ours, and only there where they say something.
fn qa(annotators: bool) -> String {
    let list = |name, kind| format!("required group {name} (LIST) {{ repeated group list {{ required {kind}; }} }}");
    let text = "binary element (STRING)";
    let mut answers = list("text", text) + &list("answer_start", "int64 element");
    if annotators {
        answers += &list("annotator", text);
    }
    format!(
        "message rows {{ required binary id (STRING); required binary title (STRING); required binary context (STRING);
           required binary question (STRING); optional group answers {{ {answers} }} }}"
    )
}

/// Columns of token classification; all but the first three are ours.
const TOKENS: &str = "message rows {
  required binary id (STRING);
  required group tokens (LIST) { repeated group list { required binary element (STRING); } }
  optional group ner_tags (LIST) { repeated group list { required binary element (STRING); } }
  optional binary question (STRING); optional binary annotator (STRING); optional binary context (STRING);
}";

/// The rows of a Parquet file as JSON lines, without what is null: such `answers` are nobody's. Numbers that the file itself names (`datasets`' class labels) become the names.
///
/// # Errors
/// The file is damaged, or compressed in a way that is not read here.
pub(super) fn to_json_lines(bytes: Vec<u8>) -> io::Result<Vec<u8>> {
    let read = || -> Result<Vec<u8>> {
        let reader = SerializedFileReader::new(Bytes::from(bytes))?;
        let names = class_names(reader.metadata().file_metadata().key_value_metadata());
        let mut lines = Vec::new();
        for row in reader.get_row_iter(None)? {
            let mut row = row?.to_json_value();
            for (column, names) in &names {
                row.get_mut(column).into_iter().for_each(|value| name(value, names));
            }
            // A table has no other way to say that a row lacks a field.
            row.as_object_mut().into_iter().for_each(|fields| fields.retain(|_, value| !value.is_null()));
            serde_json::to_writer(&mut lines, &row).map_err(|e| ParquetError::General(e.to_string()))?;
            lines.push(b'\n');
        }
        Ok(lines)
    };
    read().map_err(|error| io::Error::new(io::ErrorKind::InvalidData, said(&error)))
}

/// The library's error as a sentence.
fn said(error: &ParquetError) -> String {
    let text = error.to_string();
    let codec = ["ZSTD", "GZIP", "LZ4", "BROTLI", "LZO"].into_iter().find(|codec| text.contains(codec));
    match codec {
        Some(codec) => format!("this Parquet file is compressed with {codec}: save it with compression=\"snappy\""),
        None => format!("it is no Parquet file that can be read: {}", text.trim_start_matches("Parquet error: ")),
    }
}

/// The columns whose numbers have names, from what `datasets` notes in a file.
fn class_names(notes: Option<&Vec<KeyValue>>) -> Vec<(String, Vec<Value>)> {
    let note =
        notes.into_iter().flatten().find(|note| note.key == "huggingface").and_then(|note| note.value.as_deref());
    let info: Value = note.and_then(|note| serde_json::from_str(note).ok()).unwrap_or_default();
    let columns = info["info"]["features"].as_object().into_iter().flatten();
    let named = columns.filter_map(|(column, feature)| {
        let names = feature["names"].as_array().or_else(|| feature["feature"]["names"].as_array())?;
        Some((column.clone(), names.clone()))
    });
    named.collect()
}

/// Puts names in the place of numbers.
fn name(value: &mut Value, names: &[Value]) {
    if let Value::Array(list) = value {
        return list.iter_mut().for_each(|value| name(value, names));
    }
    let known = value.as_u64().and_then(|number| names.get(usize::try_from(number).ok()?));
    if let Some(known) = known {
        *value = known.clone();
    }
}

/// JSON lines as [`serialise`](super::serialise) writes them, as a Parquet file; `None` for a format that has no table of columns.
///
/// # Errors
/// None is known: the rows are the writers' own.
pub fn from_json_lines(lines: &[u8], format: Format) -> Option<io::Result<Vec<u8>>> {
    if !matches!(format, Format::HfQa | Format::HfTokens) {
        return None;
    }
    let rows = serde_json::Deserializer::from_slice(lines).into_iter::<Value>();
    let rows = rows.collect::<std::result::Result<Vec<_>, _>>().map_err(io::Error::from);
    let schema = |rows: &[Value]| match format {
        Format::HfTokens => TOKENS.to_owned(),
        _ => qa(rows.iter().any(|row| !row["answers"]["annotator"].is_null())),
    };
    Some(rows.and_then(|rows| write(&rows, &schema(&rows)).map_err(io::Error::other)))
}

fn write(rows: &[Value], schema: &str) -> Result<Vec<u8>> {
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut file = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut file, parse_message_type(schema)?.into(), properties.into())?;
    let columns = writer.schema_descr().columns().to_vec();
    for rows in rows.chunks(GROUP) {
        let mut group = writer.next_row_group()?;
        for column in &columns {
            let mut writer = group.next_column()?.expect("as many as the schema has");
            // The names, without the two that every list has between itself and its elements.
            let names: Vec<&str> = column.path().parts().iter().map(String::as_str).collect();
            let names = if column.max_rep_level() > 0 { &names[..names.len() - 2] } else { &names[..] };
            let optional = column.max_def_level() - column.max_rep_level();
            write_column(&mut writer, rows, names, optional, column.max_rep_level() > 0)?;
            writer.close()?;
        }
        group.close()?;
    }
    writer.close()?;
    Ok(file)
}

/// Writes one column: the values of all rows, how much of the path to each is there, and whether it goes on a row's list.
fn write_column(
    writer: &mut SerializedColumnWriter<'_>,
    rows: &[Value],
    names: &[&str],
    optional: i16,
    list: bool,
) -> Result<()> {
    let (mut values, mut there, mut goes_on) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        let missing = optional > 0 && row[names[0]].is_null();
        let value = names.iter().fold(row, |value, name| &value[*name]);
        let elements = match value {
            Value::Array(elements) if list => &elements[..],
            _ if list || missing => &[],
            value => std::slice::from_ref(value),
        };
        if elements.is_empty() {
            there.push(if missing { 0 } else { optional });
            goes_on.push(0);
        }
        for (k, element) in elements.iter().enumerate() {
            values.push(element);
            there.push(optional + i16::from(list));
            goes_on.push(i16::from(k > 0));
        }
    }
    let (there, goes_on) = (Some(&there[..]), Some(&goes_on[..]));
    if values.first().is_some_and(|value| value.is_number()) || names == ["answers", "answer_start"] {
        let numbers: Vec<i64> = values.iter().map(|value| value.as_i64().unwrap_or_default()).collect();
        writer.typed::<Int64Type>().write_batch(&numbers, there, goes_on)?;
    } else {
        let texts: Vec<ByteArray> = values.iter().map(|value| value.as_str().unwrap_or_default().into()).collect();
        writer.typed::<ByteArrayType>().write_batch(&texts, there, goes_on)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn there_and_back(rows: &[Value], format: Format) -> Vec<Value> {
        let lines: String = rows.iter().map(|row| format!("{row}\n")).collect();
        let file = from_json_lines(lines.as_bytes(), format).unwrap().unwrap();
        assert!(file.starts_with(crate::dataset::detect::PARQUET));
        let lines = to_json_lines(file).unwrap();
        serde_json::Deserializer::from_slice(&lines).into_iter().collect::<std::result::Result<_, _>>().unwrap()
    }

    /// The rows without what is null, as JSON lines have them.
    fn there(mut rows: Vec<Value>) -> Vec<Value> {
        rows.iter_mut().for_each(|row| row.as_object_mut().unwrap().retain(|_, value| !value.is_null()));
        rows
    }

    #[test]
    fn rows_come_back() {
        let qa = |answers: Value| json!({"id": "1", "title": "", "context": "Zoë \u{1f355}", "question": "Who?", "answers": answers});
        let rows = [
            qa(json!({"text": ["Zoë", "\u{1f355}"], "answer_start": [0, 4], "annotator": ["a", "b"]})),
            qa(Value::Null),
            qa(json!({"text": [], "answer_start": [], "annotator": []})),
        ];
        assert_eq!(there_and_back(&rows, Format::HfQa), there(rows.to_vec()));
        let tokens = |tokens: Value, tags: Value, question: Value| json!({"id": "2", "tokens": tokens, "ner_tags": tags, "question": question, "annotator": null, "context": "a b"});
        let rows = [
            tokens(json!(["a", "b"]), json!(["B", "O"]), json!("Which?")),
            tokens(json!(["a"]), Value::Null, Value::Null),
            tokens(json!([]), json!([]), Value::Null),
        ];
        assert_eq!(there_and_back(&rows, Format::HfTokens), there(rows.to_vec()));
        assert!(from_json_lines(b"", Format::Squad).is_none());
        // More rows than are written together.
        let many: Vec<Value> = (0..GROUP + 3)
            .map(|n| json!({"id": n.to_string(), "title": "", "context": "c", "question": "q", "answers": null}))
            .collect();
        assert_eq!(there_and_back(&many, Format::HfQa), there(many));
    }

    #[test]
    fn what_datasets_writes_is_read() {
        let read = |file: &[u8], name: &str| {
            let bytes = crate::dataset::unpack(file.to_vec()).unwrap();
            let source = crate::dataset::Source { name, bytes: &bytes };
            let dataset = crate::dataset::parse(&[source], &crate::dataset::Options::default()).unwrap();
            assert!(dataset.problems.is_empty(), "{:?}", dataset.problems);
            let texts = |record: crate::dataset::Record| record.into_instance().span_texts();
            (dataset.format, dataset.records.into_iter().map(texts).collect::<Vec<_>>())
        };
        // Written by `Dataset.from_list(...).to_parquet(...)` of datasets 5.2 with pyarrow 26; tags are class labels.
        let qa = read(include_bytes!("../../tests/fixtures/datasets-qa.parquet"), "qa.parquet");
        assert_eq!(qa, (Format::HfQa, vec![vec![vec!["Ada".to_owned()]], vec![vec![]]]));
        let tokens = read(include_bytes!("../../tests/fixtures/datasets-tokens.parquet"), "tokens.parquet");
        assert_eq!(tokens, (Format::HfTokens, vec![vec![vec!["Ada Lovelace".to_owned()]]]));
    }

    #[test]
    fn numbers_get_the_names_that_the_file_gives_them() {
        let notes = r#"{"info": {"features": {"ner_tags": {"feature": {"names": ["O", "B-X"], "_type": "ClassLabel"}, "_type": "List"}, "id": {"dtype": "string", "_type": "Value"}}}}"#;
        let named = class_names(Some(&vec![KeyValue::new("huggingface".into(), notes.to_owned())]));
        assert_eq!(named, [("ner_tags".into(), vec![json!("O"), json!("B-X")])]);
        let mut tags = json!([1, 0, 7]);
        name(&mut tags, &named[0].1);
        assert_eq!(tags, json!(["B-X", "O", 7]));
    }

    #[test]
    fn a_damaged_file_is_said() {
        let why = to_json_lines(b"PAR1 and nothing more PAR1".to_vec()).unwrap_err().to_string();
        assert!(why.starts_with("it is no Parquet file that can be read"), "{why}");
    }
}
