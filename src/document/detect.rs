//! What a file that somebody dropped on the page is, by its name and its first bytes.

use std::borrow::Cow;

use super::question_set;

/// The kinds of files that the page takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A model's weights, or an archive of all its files.
    Weights,
    /// A model's `config.json`.
    Config,
    /// A model's `tokenizer.json`.
    Tokenizer,
    /// A document that was saved here, a set of questions with a student's labels, or a text with links.
    Labels,
    /// A set of questions as it is handed out.
    Set,
    /// Anything else: data of some format, which whoever reads it finds out.
    Data,
}

/// How many bytes [`kind`] wants to see.
pub const HEAD: usize = 4096;

/// Tells by the name and the first [`HEAD`] bytes.
pub fn kind(name: &str, head: &[u8]) -> Kind {
    let name = name.to_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if ends(&[".safetensors", ".gguf", ".zip"]) || head.starts_with(b"GGUF") {
        return Kind::Weights;
    }
    let text = beginning(head);
    let has = |word: &str| text.contains(word);
    // What is inside counts for more than the name: thirty students save thirty names.
    if saved_as(&text, question_set::FORMAT) {
        return Kind::Set;
    }
    if saved_as(&text, question_set::ANSWERS) || has(&format!("\"{}\"", super::json::FORMAT)) || has("#doc=") {
        return Kind::Labels;
    }
    match () {
        _ if !text.trim_start().starts_with('{') || ends(&[".jsonl"]) => Kind::Data,
        _ if has("\"hidden_size\"") => Kind::Config,
        _ if has("\"added_tokens\"") || (name.contains("tokenizer") && !has("\"context\"")) => Kind::Tokenizer,
        _ if name.starts_with("config") && !has("\"context\"") && !has("\"data\"") => Kind::Config,
        _ => Kind::Data,
    }
}

/// Whether it is a set of questions, as it is handed out or with a student's labels.
pub(super) fn is_set(head: &[u8]) -> bool {
    let text = beginning(head);
    saved_as(&text, question_set::FORMAT) || saved_as(&text, question_set::ANSWERS)
}

fn beginning(head: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(&head[..head.len().min(HEAD)])
}

/// Whether the JSON says that this is its format, with whatever blanks.
fn saved_as(text: &str, format: &str) -> bool {
    text.match_indices(&format!("\"{format}\"")).any(|(at, _)| {
        let name = text[..at].trim_end().strip_suffix(':');
        name.is_some_and(|name| name.trim_end().ends_with("\"format\""))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_by_what_they_hold() {
        for (name, head, expected) in [
            ("model.safetensors", "\u{1}\0\0{}", Kind::Weights),
            ("tiny-128-tuned.zip", "PK\u{3}\u{4}", Kind::Weights),
            ("weights.bin", "GGUF\u{3}", Kind::Weights),
            ("config.json", "{\"architectures\":[], \"hidden_size\": 128}", Kind::Config),
            ("Tokenizer (1).json", "{\"version\":\"1.0\",\"truncation\":null}", Kind::Tokenizer),
            ("vocabulary.json", "{\"version\":\"1.0\",\"added_tokens\":[]}", Kind::Tokenizer),
            ("bioscope (3).json", "{\n  \"format\": \"bioscope-analysis\",", Kind::Labels),
            ("set.json", "{\n  \"format\": \"bioscope-set\",", Kind::Set),
            ("Άννα.json", "{\"format\":\"bioscope-answers\",", Kind::Labels),
            ("mine.json", "{\"format\"\n:  \"bioscope-set\",", Kind::Set),
            ("dev.json", "{\"id\":\"a\",\"context\":\"A \\\"format\\\" of its own, \"bioscope-set\"\"}", Kind::Data),
            ("links.txt", "Ana: https://example.org/#doc=AX\n", Kind::Labels),
            ("dev-v2.0.json", "{\"version\": \"v2.0\", \"data\": [", Kind::Data),
            ("qamr", "{\"id\":\"a\",\"context\":\"x\"}", Kind::Data),
            ("a.jsonl", "rubbish", Kind::Data),
            ("holiday.jpg", "\u{fffd}JFIF", Kind::Data),
            ("", "", Kind::Data),
        ] {
            assert_eq!(kind(name, head.as_bytes()), expected, "{name}");
        }
    }
}
