//! Bytes to text: UTF-8 with or without a mark, UTF-16 with one (as Excel saves "Unicode text"), Windows-1252 if asked.

use std::borrow::Cow;

use super::Reason;
use super::detect::{GZIP, PARQUET};

/// The upper half of Windows-1252's first column, 0x80 to 0x9f; the five bytes without a meaning stay what they are.
/// Everything else is Latin-1. (A table of 32 characters: `encoding_rs` would add its tables of all of Asia's
/// encodings to the page.)
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The text, without a byte order mark, and the encoding's name where it is not UTF-8.
pub(super) fn decode(bytes: &[u8], windows_1252: bool) -> Result<(Cow<'_, str>, Option<&'static str>), Reason> {
    if bytes.is_empty() {
        return Err(Reason::Empty);
    }
    if bytes.starts_with(GZIP) {
        return Err(Reason::Compressed);
    }
    if bytes.starts_with(PARQUET) {
        return Err(Reason::Parquet);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(Reason::Spreadsheet);
    }
    for (mark, big, name) in [([0xff, 0xfe], false, "UTF-16LE"), ([0xfe, 0xff], true, "UTF-16BE")] {
        if let Some(rest) = bytes.strip_prefix(&mark) {
            let unit = |pair: &[u8]| {
                let pair = [pair[0], pair[1]];
                if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
            };
            let text = char::decode_utf16(rest.chunks_exact(2).map(unit)).collect::<Result<String, _>>();
            return text.map(|text| (text.into(), Some(name))).map_err(|_| Reason::Unknown);
        }
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok((text.strip_prefix('\u{feff}').unwrap_or(text).into(), None)),
        Err(_) if windows_1252 => {
            let character = |&byte: &u8| match byte {
                0x80..0xa0 => WINDOWS_1252[usize::from(byte - 0x80)],
                _ => char::from(byte),
            };
            Ok((bytes.iter().map(character).collect::<String>().into(), Some("Windows-1252")))
        }
        // Windows-1252 has no NUL: what holds one is no text at all.
        Err(_) if bytes.contains(&0) => Err(Reason::Unknown),
        Err(_) => Err(Reason::NotUtf8),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings() {
        assert_eq!(decode("\u{feff}Zoë".as_bytes(), false), Ok(("Zoë".into(), None)));
        assert_eq!(decode(b"\xff\xfeZ\0\xeb\0", false), Ok(("Zë".into(), Some("UTF-16LE"))));
        assert_eq!(decode(b"\xfe\xff\0Z\xd8\x3c", false), Err(Reason::Unknown), "half a pair");
        assert_eq!(decode(b"Zo\xeb \x80", false), Err(Reason::NotUtf8));
        assert_eq!(decode(b"Zo\xeb \x80", true), Ok(("Zoë €".into(), Some("Windows-1252"))));
        assert_eq!(decode(b"\x89PNG\r\n\x1a\n\0", false), Err(Reason::Unknown));
        assert_eq!(decode(b"", false), Err(Reason::Empty));
        assert_eq!(decode(b"\x1f\x8b\x08", false), Err(Reason::Compressed));
    }
}
