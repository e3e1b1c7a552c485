//! A model's three files in one zip archive, as the page saves a tuned model.

use std::io::{Read, Write};

use flate2::bufread::DeflateDecoder;
use rawzip::{CompressionMethod, ZipArchive, ZipArchiveWriter};

use crate::error::Error;

/// More than any model of this kind has, and little enough not to run out of memory by a small file that claims to be large.
const MOST: u64 = 2 << 30;

/// A model's files, as bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    /// safetensors or GGUF.
    pub weights: Vec<u8>,
    /// `config.json`.
    pub config: Vec<u8>,
    /// `tokenizer.json`.
    pub tokenizer: Vec<u8>,
}

fn damaged(why: impl std::fmt::Display) -> Error {
    Error::Corrupt { file: "with the model (.zip)".into(), why: why.to_string() }
}

impl Files {
    /// The files of an archive, in whatever folder of it they lie.
    ///
    /// # Errors
    /// [`Error::Corrupt`] for what is no archive, or one that lacks a file.
    pub fn unpack(bytes: &[u8]) -> Result<Files, Error> {
        let archive = ZipArchive::from_slice(bytes).map_err(damaged)?;
        let [mut weights, mut config, mut tokenizer] = [None, None, None];
        let mut entries = archive.entries();
        while let Some(entry) = entries.next_entry().map_err(damaged)? {
            let name = String::from_utf8_lossy(entry.file_path().as_bytes()).into_owned();
            let place = match name.rsplit(['/', '\\']).next().unwrap_or_default() {
                "model.safetensors" | "model.gguf" => &mut weights,
                "config.json" => &mut config,
                "tokenizer.json" => &mut tokenizer,
                _ => continue,
            };
            let file = archive.get_entry(entry.wayfinder()).map_err(damaged)?;
            let mut content = Vec::new();
            let read = match entry.compression_method() {
                CompressionMethod::STORE => file.verifying_reader(file.data()).take(MOST).read_to_end(&mut content),
                CompressionMethod::DEFLATE => {
                    let inflated = DeflateDecoder::new(file.data());
                    file.verifying_reader(inflated).take(MOST).read_to_end(&mut content)
                }
                other => return Err(damaged(format!("{name} is packed in a way that is not known here ({other:?})"))),
            };
            read.map_err(|e| damaged(format!("{name}: {e}")))?;
            *place = Some(content);
        }
        let need = |file: Option<Vec<u8>>, name: &str| file.ok_or_else(|| damaged(format!("it holds no {name}")));
        Ok(Files {
            weights: need(weights, "model.safetensors")?,
            config: need(config, "config.json")?,
            tokenizer: need(tokenizer, "tokenizer.json")?,
        })
    }

    /// An archive of the files, in a folder of that name. Not compressed: weights in f32 do not get smaller.
    ///
    /// # Errors
    /// None that depends on the content.
    pub fn pack(&self, folder: &str) -> Result<Vec<u8>, Error> {
        let weights = if self.weights.starts_with(b"GGUF") { "model.gguf" } else { "model.safetensors" };
        let files = [(weights, &self.weights), ("config.json", &self.config), ("tokenizer.json", &self.tokenizer)];
        pack(folder, &files.map(|(name, bytes)| (name, &**bytes)))
    }
}

/// Files in a folder as a zip archive, not compressed.
///
/// # Errors
/// None that depends on the content.
pub fn pack(folder: &str, files: &[(&str, &[u8])]) -> Result<Vec<u8>, Error> {
    let internal = |e: &dyn std::fmt::Display| Error::Internal { why: e.to_string() };
    let size: usize = files.iter().map(|(name, bytes)| bytes.len() + 2 * (folder.len() + name.len()) + 256).sum();
    let mut out = ZipArchiveWriter::new(Vec::with_capacity(size));
    for (name, bytes) in files {
        let path = format!("{folder}/{name}");
        let file = out.new_file(&path).compression_method(CompressionMethod::STORE).start();
        let (mut entry, kind) = file.map_err(|e| internal(&e))?;
        let mut writer = kind.wrap(&mut entry);
        writer.write_all(bytes).map_err(|e| internal(&e))?;
        let (_, descriptor) = writer.finish().map_err(|e| internal(&e))?;
        entry.finish(descriptor).map_err(|e| internal(&e))?;
    }
    out.finish().map_err(|e| internal(&e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked() {
        let files =
            Files { weights: b"weights".repeat(50), config: b"{}".to_vec(), tokenizer: b"{\"model\": 1}".to_vec() };
        let packed = files.pack("tuned").unwrap();
        assert_eq!(Files::unpack(&packed).unwrap(), files);
    }

    #[test]
    fn what_is_no_archive_is_said() {
        for bytes in [&b""[..], b"PK", b"no archive at all", &[0x50, 0x4b, 3, 4, 0, 0, 0, 0]] {
            assert_eq!(Files::unpack(bytes).unwrap_err().kind(), "corrupt");
        }
        let mut part = ZipArchiveWriter::new(Vec::new());
        let (mut entry, kind) = part.new_file("model.safetensors").start().unwrap();
        let (_, descriptor) = kind.wrap(&mut entry).finish().unwrap();
        entry.finish(descriptor).unwrap();
        let why = Files::unpack(&part.finish().unwrap()).unwrap_err().to_string();
        assert!(why.contains("config.json"), "{why}");
    }

    #[test]
    fn a_packed_file_is_inflated_and_a_changed_one_refused() {
        let mut out = ZipArchiveWriter::new(Vec::new());
        for name in ["a/model.safetensors", "a/config.json", "a/tokenizer.json"] {
            let (mut entry, kind) = out.new_file(name).compression_method(CompressionMethod::DEFLATE).start().unwrap();
            let mut writer = kind.wrap(flate2::write::DeflateEncoder::new(&mut entry, flate2::Compression::default()));
            writer.write_all(&name.as_bytes().repeat(20)).unwrap();
            let (packer, descriptor) = writer.finish().unwrap();
            packer.finish().unwrap();
            entry.finish(descriptor).unwrap();
        }
        let packed = out.finish().unwrap();
        assert_eq!(Files::unpack(&packed).unwrap().config, b"a/config.json".repeat(20));

        let plain = Files { weights: vec![7; 100], config: vec![1; 10], tokenizer: vec![2; 10] }.pack("m").unwrap();
        let mut changed = plain.clone();
        let at = plain.windows(10).position(|w| w == [7; 10]).unwrap();
        changed[at] = 8;
        assert_eq!(Files::unpack(&changed).unwrap_err().kind(), "corrupt");
    }

    #[test]
    fn cut_archives_are_no_panic() {
        let files = Files { weights: vec![7; 100], config: vec![1; 10], tokenizer: vec![2; 10] };
        let packed = files.pack("m").unwrap();
        for n in 0..packed.len() {
            assert!(Files::unpack(&packed[..n]).is_err());
        }
    }
}
