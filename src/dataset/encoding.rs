//! Bytes to text: UTF-8 with or without a mark, UTF-16 with one (as Excel saves "Unicode text"), if asked Windows-1252 or
//! Windows-1253, as older Excel saves in the West and in Greece.

use std::borrow::Cow;

use super::detect::{GZIP, PARQUET};
use super::{Encoding, Options, Reason};

/// 0x80 to 0x9f of Windows-1252; the five bytes without a meaning stay what they are, and everything else is Latin-1.
/// Windows-1253 has a part of them. (A table of 32 characters: `encoding_rs` would add its tables of all of Asia's
/// encodings to the page.)
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// A character of Windows-1252.
fn windows_1252(byte: u8) -> char {
    match byte {
        0x80..0xa0 => WINDOWS_1252[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// A character of Windows-1253: its Greek letters stand in the order that they have in Unicode.
fn windows_1253(byte: u8) -> char {
    match byte {
        0xa1 | 0xa2 => char::from_u32(0x385 + u32::from(byte - 0xa1)).unwrap_or_default(),
        0xaa | 0xd2 | 0xff => char::REPLACEMENT_CHARACTER,
        0xaf => '―',
        0xb4 | 0xb8..=0xba | 0xbc | 0xbe..=0xfe => char::from_u32(0x384 + u32::from(byte - 0xb4)).unwrap_or_default(),
        _ => windows_1252(byte),
    }
}

/// The text, without a byte order mark, and the encoding's name where it is not UTF-8.
pub(super) fn decode<'b>(bytes: &'b [u8], options: &Options) -> Result<(Cow<'b, str>, Option<&'static str>), Reason> {
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
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((text.strip_prefix('\u{feff}').unwrap_or(text).into(), None));
    }
    let Some(encoding) = options.encoding else {
        // What holds a NUL is in neither of those, and no text at all.
        return Err(if bytes.contains(&0) { Reason::Unknown } else { Reason::NotUtf8 });
    };
    let character = match encoding {
        Encoding::Windows1252 => windows_1252,
        Encoding::Windows1253 => windows_1253,
    };
    Ok((bytes.iter().copied().map(character).collect::<String>().into(), Some(encoding.name())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings() {
        let decode = |bytes, windows: bool| {
            let encoding = windows.then_some(Encoding::Windows1252);
            decode(bytes, &Options { encoding, ..Options::default() })
        };
        assert_eq!(decode("\u{feff}Zoë".as_bytes(), false), Ok(("Zoë".into(), None)));
        assert_eq!(decode(b"\xff\xfeZ\0\xeb\0", false), Ok(("Zë".into(), Some("UTF-16LE"))));
        assert_eq!(decode(b"\xfe\xff\0Z\xd8\x3c", false), Err(Reason::Unknown), "half a pair");
        assert_eq!(decode(b"Zo\xeb \x80", false), Err(Reason::NotUtf8));
        assert_eq!(decode(b"Zo\xeb \x80", true), Ok(("Zoë €".into(), Some("Windows-1252"))));
        assert_eq!(decode(b"\x89PNG\r\n\x1a\n\0", false), Err(Reason::Unknown));
        assert_eq!(decode(b"", false), Err(Reason::Empty));
        assert_eq!(decode(b"\x1f\x8b\x08", false), Err(Reason::Compressed));
    }
    #[test]
    fn greek_as_excel_saves_it() {
        let greek = Options { encoding: Some(Encoding::Windows1253), ..Options::default() };
        let read = |bytes: &[u8]| decode(bytes, &greek).unwrap().0.into_owned();
        // Of Python: "…".encode("cp1253").
        assert_eq!(
            decode(b"\xd0\xef\xe9\xfc\xf2 \xdc\xed\xe1\xef\xf5\xe4\xdf\xe6\xe5\xe9;", &greek).unwrap().1,
            Some("Windows-1253")
        );
        assert_eq!(read(b"\xd0\xef\xe9\xef\xf2 \xf4\xf1\xe1\xe3\xef\xfd\xe4\xe7\xf3\xe5;"), "Ποιος τραγούδησε;");
        assert_eq!(
            read(b"\xa2\xb8\xb9\xba\xbc\xbe\xbf \xc0\xe0 \xda\xdb\xfa\xfb \xc1\xd1\xd3\xd9\xe1\xf9\xfe"),
            "ΆΈΉΊΌΎΏ ΐΰ ΪΫϊϋ ΑΡΣΩαωώ"
        );
        assert_eq!(read(b"\x80 \xab\xb7\xbb\xbd\xb0 \xa1\xb4 \xaf \x96\x92"), "€ «·»½° ΅΄ ― –’");
        assert_eq!(read("Ζωή".as_bytes()), "Ζωή", "what is UTF-8 is read as such");
    }
}
