//! The teacher's output for every window, computed once and kept on disk: a student passes over the same texts
//! many times, and the teacher's pass costs several of the student's.
//!
//! Two files: the lessons one after the other, and beside it an index (`.index`) of who is where, so that a resumed
//! run asks for nothing twice. The index begins with a digest of all that the lessons depend on.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use candle_core::{Device, Tensor};
use rayon::prelude::*;

use sha2::{Digest, Sha256};

use super::teacher::{Source, Teacher};
use crate::error::Error;
use crate::train::{Batch, Example};

/// Length of the digest at the start of the index.
const DIGEST: usize = 32;
/// An entry of the index: the example's number, where its lesson begins and where it ends.
const ENTRY: usize = 24;

/// The store. A vector is kept as int8 with one f32 scale; z as it is.
#[derive(Debug)]
pub struct TeacherOutputs {
    path: PathBuf,
    file: File,
    index: File,
    end: u64,
    /// For every example that has been taught the place of its windows, one after the other.
    places: Vec<Option<u64>>,
}

/// The teacher's output at the positions of one batch; positions of padding hold 0.
pub struct TeacherOutput {
    /// Components of every imitated level, `[B*T, width]`.
    pub levels: Vec<Tensor>,
    /// Q and K of every student layer's source, B*T rows of `width`.
    pub relations: Vec<(Vec<f32>, Vec<f32>)>,
    /// z of every position.
    pub logits: Vec<[f32; 3]>,
}

impl TeacherOutputs {
    /// The store in that file for these examples: what an earlier run left there, where it was about the same
    /// components of the same texts, else an empty one.
    ///
    /// # Errors
    /// [`Error::Internal`] when the file or its index cannot be opened or written.
    pub fn open(path: &Path, source: &Source, examples: &[Example]) -> Result<TeacherOutputs, Error> {
        let fail = |e: std::io::Error| Error::Internal { why: format!("{}: {e}", path.display()) };
        let open = |path: &Path| File::options().create(true).truncate(false).read(true).write(true).open(path);
        let (file, mut index) = (open(path).map_err(fail)?, open(&path.with_extension("index")).map_err(fail)?);
        let digest = digest(source, examples)?;
        let mut known = Vec::new();
        index.read_to_end(&mut known).map_err(fail)?;
        let mut teacher_outputs =
            TeacherOutputs { path: path.into(), file, index, end: 0, places: vec![None; examples.len()] };
        if known.get(..DIGEST) == Some(&digest[..]) {
            let length = teacher_outputs.file.metadata().map_err(fail)?.len();
            for entry in known[DIGEST..].chunks_exact(ENTRY) {
                let [example, start, end] = [0, 8, 16].map(|at| number(&entry[at..]));
                let place = teacher_outputs.places.get_mut(example as usize).filter(|_| end <= length);
                // A lesson is written before its entry, so only a damaged file breaks this row.
                let Some(place) = place.filter(|_| start == teacher_outputs.end) else { break };
                (*place, teacher_outputs.end) = (Some(start), end);
            }
        }
        let taught = teacher_outputs.places.iter().flatten().count();
        teacher_outputs.file.set_len(teacher_outputs.end).map_err(fail)?;
        teacher_outputs.index.set_len(0).and_then(|()| teacher_outputs.index.rewind()).map_err(fail)?;
        let kept = &known[DIGEST.min(known.len())..];
        let kept = &kept[..(taught * ENTRY).min(kept.len())];
        teacher_outputs.index.write_all(&digest).and_then(|()| teacher_outputs.index.write_all(kept)).map_err(fail)?;
        Ok(teacher_outputs)
    }

    /// How many examples have been taught.
    pub fn taught(&self) -> usize {
        self.places.iter().flatten().count()
    }

    /// The lesson of a batch that holds `examples[chosen]`; what is not known yet is asked of the teacher.
    pub fn of(
        &mut self,
        teacher: &Teacher,
        source: &Source,
        examples: &[Example],
        chosen: &[usize],
        batch: &Batch,
    ) -> Result<TeacherOutput, Error> {
        let new: Vec<usize> = chosen.iter().copied().filter(|&i| self.places[i].is_none()).collect();
        // Window by window, and not as a batch: the numbers must not depend on the company.
        let taught: Vec<Vec<u8>> =
            new.par_iter().map(|&i| teach(teacher, source, &examples[i])).collect::<Result<_, _>>()?;
        for (i, bytes) in new.into_iter().zip(taught) {
            // An example may stand in a batch twice.
            if self.places[i].is_none() {
                let done = self.file.seek(SeekFrom::Start(self.end)).and_then(|_| self.file.write_all(&bytes));
                done.map_err(|e| self.fail(&e))?;
                let (start, end) = (self.end, self.end + bytes.len() as u64);
                let entry = [i as u64, start, end].map(u64::to_le_bytes);
                self.index.write_all(entry.as_flattened()).map_err(|e| self.fail(&e))?;
                (self.places[i], self.end) = (Some(start), end);
            }
        }
        let size = record(source);
        let rows = batch.tokens.len() * batch.length;
        let width = source.width;
        let vectors = source.levels.len() + 2 * source.layers.len();
        let mut values = vec![vec![0f32; rows * width]; vectors];
        let mut logits = vec![[0f32; 3]; rows];
        let mut window = 0;
        for &i in chosen {
            let place = self.places[i].expect("taught above");
            let count = examples[i].encoded.windows.len();
            let tokens: usize = batch.tokens[window..window + count].iter().sum();
            let mut bytes = vec![0; tokens * size];
            let read = self.file.seek(SeekFrom::Start(place)).and_then(|_| self.file.read_exact(&mut bytes));
            read.map_err(|e| self.fail(&e))?;
            let mut records = bytes.chunks_exact(size);
            for w in window..window + count {
                for (row, record) in (w * batch.length..).zip(records.by_ref().take(batch.tokens[w])) {
                    let (vectors, z) = record.split_at(size - 12);
                    for (out, vector) in values.iter_mut().zip(vectors.chunks_exact(width + 4)) {
                        expand(vector, &mut out[row * width..(row + 1) * width]);
                    }
                    logits[row] = [0, 4, 8].map(|at| float(&z[at..]));
                }
            }
            window += count;
        }
        let mut values = values.into_iter();
        let levels =
            values.by_ref().take(source.levels.len()).map(|v| Tensor::from_vec(v, (rows, width), &Device::Cpu));
        let levels = levels.collect::<Result<_, _>>()?;
        let mut relations = Vec::new();
        while let (Some(q), Some(k)) = (values.next(), values.next()) {
            relations.push((q, k));
        }
        Ok(TeacherOutput { levels, relations, logits })
    }

    fn fail(&self, error: &std::io::Error) -> Error {
        Error::Internal { why: format!("{}: {error}", self.path.display()) }
    }
}

/// Of the components and heads that lessons are about, and of the texts.
fn digest(source: &Source, examples: &[Example]) -> Result<[u8; DIGEST], Error> {
    let mut hash = Sha256::new();
    for level in &source.levels {
        hash.update((level.number as u64).to_le_bytes());
        for tensor in [&level.mean, &level.components] {
            tensor.flatten_all()?.to_vec1::<f32>()?.iter().for_each(|x| hash.update(x.to_le_bytes()));
        }
    }
    for layer in &source.layers {
        hash.update((layer.layer as u64).to_le_bytes());
        layer.columns.to_vec1::<u32>()?.iter().for_each(|c| hash.update(c.to_le_bytes()));
    }
    for example in examples {
        for k in 0..example.encoded.windows.len() {
            let (ids, _) = example.encoded.ids(k);
            hash.update((ids.len() as u64).to_le_bytes());
            ids.iter().for_each(|id| hash.update(id.to_le_bytes()));
        }
    }
    Ok(hash.finalize().into())
}

/// Bytes of one position.
fn record(source: &Source) -> usize {
    (source.levels.len() + 2 * source.layers.len()) * (source.width + 4) + 12
}

/// All windows of one example.
fn teach(teacher: &Teacher, source: &Source, example: &Example) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    for k in 0..example.encoded.windows.len() {
        let trace = teacher.trace(example, k)?;
        let mut vectors = Vec::new();
        for level in &source.levels {
            vectors.push(level.project(&trace.levels[level.number])?.to_vec2::<f32>()?);
        }
        for from in &source.layers {
            let part = &trace.layers[from.layer];
            for t in [&part.query, &part.key] {
                vectors.push(t.index_select(&from.columns, 1)?.to_vec2::<f32>()?);
            }
        }
        for (row, z) in trace.logits.to_vec2::<f32>()?.iter().enumerate() {
            for vector in &vectors {
                compress(&vector[row], &mut bytes);
            }
            bytes.extend(z.iter().flat_map(|z| z.to_le_bytes()));
        }
    }
    Ok(bytes)
}

fn compress(vector: &[f32], out: &mut Vec<u8>) {
    let scale = vector.iter().fold(0f32, |m, x| m.max(x.abs())) / 127.0;
    let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
    out.extend(vector.iter().map(|x| ((x * inverse).round() as i8).cast_unsigned()));
    out.extend(scale.to_le_bytes());
}

fn expand(bytes: &[u8], out: &mut [f32]) {
    let (codes, scale) = bytes.split_at(out.len());
    let scale = float(scale);
    for (x, code) in out.iter_mut().zip(codes) {
        *x = scale * f32::from(code.cast_signed());
    }
}

fn number(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(*bytes.first_chunk().expect("an entry holds three numbers"))
}

fn float(bytes: &[u8]) -> f32 {
    f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vector_comes_back() {
        let vector = [0.5f32, -2.54, 0.0, 1.0];
        let mut bytes = Vec::new();
        compress(&vector, &mut bytes);
        let mut back = [0.0; 4];
        expand(&bytes, &mut back);
        assert!(vector.iter().zip(back).all(|(a, b)| (a - b).abs() <= 0.01 + 1e-6), "{back:?}");
        compress(&[0.0; 4], &mut bytes);
        assert_eq!(bytes.len(), 16);
    }
}
