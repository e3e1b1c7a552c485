//! Weight files: safetensors (f32, f16, bf16, or our int8 rows) and GGUF (block types).
//!
//! Int8 rows are an ordinary I8 tensor `name` beside an F32 tensor `name.scale` with one value per row.
//! 4-bit rows are a U8 tensor of two codes per byte beside a `name.scale` with one value per 32 columns.
//! Tensor names are those of Hugging Face's BERT; the prefix `bert.` and older spellings are dropped on reading.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::io::Cursor;
use std::sync::Arc;

use candle_core::quantized::{GgmlDType, QTensor, gguf_file};
use candle_core::{Device, Tensor};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};

use crate::error::Error;
use crate::kernel::{GROUP, RowsI4, RowsI8};

/// One stored tensor.
#[derive(Clone, Debug)]
pub enum Weight {
    /// Plain f32, any shape.
    Full(Tensor),
    /// A matrix of int8 rows.
    Rows(Arc<RowsI8>),
    /// A matrix of 4-bit rows.
    Nibbles(Arc<RowsI4>),
    /// A matrix in one of GGML's block types.
    Blocks(Arc<QTensor>),
}

/// How a checkpoint stores its matrices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// f32, in safetensors.
    F32,
    /// f16, in safetensors.
    F16,
    /// int8 with one scale per row, in safetensors.
    Int8Rows,
    /// The same, but word embeddings with 4 bits, and one scale per 32 of them.
    Mixed,
    /// A block type with 32 values per block, in GGUF.
    Blocks(GgmlDType),
}

impl Format {
    /// The formats by the names that the command line takes.
    pub const NAMED: [(&'static str, Format); 9] = [
        ("int8", Format::Int8Rows),
        ("int8-int4", Format::Mixed),
        ("q8_0", Format::Blocks(GgmlDType::Q8_0)),
        ("q5_1", Format::Blocks(GgmlDType::Q5_1)),
        ("q5_0", Format::Blocks(GgmlDType::Q5_0)),
        ("q4_1", Format::Blocks(GgmlDType::Q4_1)),
        ("q4_0", Format::Blocks(GgmlDType::Q4_0)),
        ("f16", Format::F16),
        ("f32", Format::F32),
    ];

    /// Name of the weight file in a model folder.
    pub fn file_name(self) -> &'static str {
        if matches!(self, Format::Blocks(_)) { "model.gguf" } else { "model.safetensors" }
    }
}

/// All tensors of a weight file, by canonical name.
#[derive(Clone, Debug, Default)]
pub struct Checkpoint {
    tensors: BTreeMap<String, Weight>,
    half: bool,
}

fn corrupt(why: impl std::fmt::Display) -> Error {
    Error::Corrupt { file: "model.safetensors / model.gguf".into(), why: why.to_string() }
}

impl Checkpoint {
    /// Reads a weight file of either format, told apart by its first bytes.
    ///
    /// # Errors
    /// [`Error::Corrupt`] for anything that is not a whole, finite weight file.
    pub fn from_bytes(bytes: &[u8]) -> Result<Checkpoint, Error> {
        if bytes.starts_with(b"GGUF") { Self::from_gguf(bytes) } else { Self::from_safetensors(bytes) }
    }

    fn from_safetensors(bytes: &[u8]) -> Result<Checkpoint, Error> {
        let file = SafeTensors::deserialize(bytes).map_err(corrupt)?;
        let mut out = Checkpoint::default();
        for (name, view) in file.iter() {
            if name.ends_with(".scale") || name.ends_with("position_ids") {
                continue;
            }
            let weight = if view.dtype() == Dtype::I8 {
                let &[rows, columns] = view.shape() else {
                    return Err(corrupt(format!("{name} is int8 but no matrix")));
                };
                let scale = file.tensor(&format!("{name}.scale")).map_err(corrupt)?;
                let scales = floats(name, &scale)?;
                if scales.len() != rows || columns == 0 {
                    return Err(corrupt(format!("{name} has {rows} rows but {} scales", scales.len())));
                }
                let values = view.data().iter().map(|&b| b.cast_signed()).collect();
                Weight::Rows(Arc::new(RowsI8 { columns, values, scales }))
            } else if view.dtype() == Dtype::U8 {
                let &[rows, bytes] = view.shape() else {
                    return Err(corrupt(format!("{name} is of bytes but no matrix")));
                };
                let columns = bytes * 2;
                let scale = file.tensor(&format!("{name}.scale")).map_err(corrupt)?;
                let scales = floats(name, &scale)?;
                if columns == 0 || !columns.is_multiple_of(GROUP) || scales.len() != rows * columns / GROUP {
                    return Err(corrupt(format!(
                        "{name} has {rows} rows of {bytes} bytes but {} scales",
                        scales.len()
                    )));
                }
                Weight::Nibbles(Arc::new(RowsI4 { columns, values: view.data().to_vec(), scales }))
            } else {
                out.half |= view.dtype() != Dtype::F32;
                Weight::Full(Tensor::from_vec(floats(name, &view)?, view.shape(), &Device::Cpu).map_err(corrupt)?)
            };
            out.tensors.insert(canonical(name), weight);
        }
        Ok(out)
    }

    fn from_gguf(bytes: &[u8]) -> Result<Checkpoint, Error> {
        let mut reader = Cursor::new(bytes);
        let content = gguf_file::Content::read(&mut reader).map_err(corrupt)?;
        let mut out = Checkpoint::default();
        for (name, info) in &content.tensor_infos {
            // The reader multiplies without a look at the result (no type has more than eight values in a byte), and takes
            // no values at all for a place in memory.
            let values = info.shape.dims().iter().try_fold(1_usize, |n, &dim| n.checked_mul(dim));
            if values.is_none_or(|n| n == 0 || n > bytes.len().saturating_mul(8)) {
                return Err(corrupt(format!("{name} is empty or larger than the file")));
            }
            let tensor = content.tensor(&mut reader, name, &Device::Cpu).map_err(corrupt)?;
            let values = tensor.dequantize(&Device::Cpu).map_err(corrupt)?;
            finite(name, &values.flatten_all().map_err(corrupt)?.to_vec1().map_err(corrupt)?)?;
            let weight = match tensor.dtype() {
                GgmlDType::F32 | GgmlDType::F16 => Weight::Full(values),
                _ => Weight::Blocks(Arc::new(tensor)),
            };
            out.tensors.insert(canonical(name), weight);
        }
        Ok(out)
    }

    /// The tensor of that canonical name.
    ///
    /// # Errors
    /// [`Error::Mismatch`] when it is not there or has another shape.
    pub fn get(&self, name: &str, shape: &[usize]) -> Result<&Weight, Error> {
        let weight = self.find(name)?;
        if weight.shape() != shape {
            let found = weight.shape();
            let why = format!("{name} has shape {found:?}, but config.json asks for {shape:?}");
            return Err(Error::Mismatch { why });
        }
        Ok(weight)
    }

    /// The tensor of that canonical name, whatever its shape.
    ///
    /// # Errors
    /// [`Error::Mismatch`] when it is not there.
    pub fn find(&self, name: &str) -> Result<&Weight, Error> {
        self.tensors.get(name).ok_or_else(|| Error::Mismatch { why: format!("the weights hold no {name}") })
    }

    /// Name and tensor, in the order of names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Weight)> {
        self.tensors.iter().map(|(name, weight)| (name.as_str(), weight))
    }

    /// Adds a tensor under its canonical name.
    pub fn insert(&mut self, name: &str, weight: Weight) {
        self.tensors.insert(name.into(), weight);
    }

    /// Number of values in all tensors.
    pub fn parameters(&self) -> usize {
        self.tensors.values().map(|w| w.shape().iter().product::<usize>()).sum()
    }

    /// How the matrices are stored, for people.
    pub fn quantization(&self) -> String {
        let kind = self.tensors.values().find_map(|w| match w {
            Weight::Full(_) => None,
            Weight::Nibbles(_) => None, // never alone
            Weight::Rows(_) => Some("int8 rows".to_string()),
            Weight::Blocks(q) => Some(format!("{:?}", q.dtype()).to_lowercase()),
        });
        let four = self.tensors.values().any(|w| matches!(w, Weight::Nibbles(_)));
        let kind = kind.unwrap_or_else(|| if self.half { "f16" } else { "f32" }.into());
        if four { format!("{kind}, 4-bit embeddings") } else { kind }
    }

    /// Writes the checkpoint in another format. Only the encoder's and the embeddings' matrices are
    /// quantized: the head, biases and LayerNorm stay f32, being few and sensitive.
    ///
    /// # Errors
    /// When a matrix does not fit the format (block types want rows of a multiple of 32).
    pub fn to_bytes(&self, format: Format) -> Result<Vec<u8>, Error> {
        match format {
            Format::Blocks(dtype) => self.to_gguf(dtype),
            _ => self.to_safetensors(format),
        }
    }

    fn to_safetensors(&self, format: Format) -> Result<Vec<u8>, Error> {
        let mut parts: BTreeMap<String, Part> = BTreeMap::new();
        for (name, weight) in &self.tensors {
            let full = weight.to_f32()?;
            let shape = full.dims().to_vec();
            let values = full.flatten_all()?.to_vec1::<f32>()?;
            let name = published(name);
            let integers = matches!(format, Format::Int8Rows | Format::Mixed) && quantizable(&name, &shape);
            if format == Format::Mixed && name.ends_with("word_embeddings.weight") && shape[1].is_multiple_of(GROUP) {
                let rows = RowsI4::quantize(&values, shape[1]);
                let scales = rows.scales.iter().flat_map(|s| half::f16::from_f32(*s).to_le_bytes()).collect();
                let groups = vec![shape[0], shape[1] / GROUP];
                parts.insert(format!("{name}.scale"), Part { dtype: Dtype::F16, shape: groups, bytes: scales });
                parts.insert(name, Part { dtype: Dtype::U8, shape: vec![shape[0], shape[1] / 2], bytes: rows.values });
            } else if integers {
                let rows = RowsI8::quantize(&values, shape[1]);
                let bytes = rows.values.iter().map(|&q| q.cast_unsigned()).collect();
                parts.insert(format!("{name}.scale"), Part::f32(vec![rows.rows()], &rows.scales));
                parts.insert(name, Part { dtype: Dtype::I8, shape, bytes });
            } else if format == Format::F16 {
                let half = candle_core::Tensor::to_dtype(&full, candle_core::DType::F16)?.flatten_all()?;
                let bytes = half.to_vec1::<half::f16>()?.iter().flat_map(|x| x.to_le_bytes()).collect();
                parts.insert(name, Part { dtype: Dtype::F16, shape, bytes });
            } else {
                parts.insert(name, Part::f32(shape, &values));
            }
        }
        let meta = HashMap::from([("format".to_string(), "pt".to_string())]);
        safetensors::serialize(parts, Some(meta)).map_err(|e| Error::Internal { why: e.to_string() })
    }

    fn to_gguf(&self, dtype: GgmlDType) -> Result<Vec<u8>, Error> {
        let mut parts = Vec::new();
        for (name, weight) in &self.tensors {
            let full = weight.to_f32()?;
            let name = published(name);
            let dtype = if quantizable(&name, full.dims()) { dtype } else { GgmlDType::F32 };
            parts.push((name, QTensor::quantize(&full, dtype)?));
        }
        let parts: Vec<(&str, &QTensor)> = parts.iter().map(|(name, t)| (name.as_str(), t)).collect();
        let kind = gguf_file::Value::String("bert".into());
        let mut out = Cursor::new(Vec::new());
        gguf_file::write(&mut out, &[("general.architecture", &kind)], &parts)?;
        Ok(out.into_inner())
    }
}

impl Weight {
    /// Shape, outermost first.
    pub fn shape(&self) -> Vec<usize> {
        match self {
            Weight::Full(t) => t.dims().to_vec(),
            Weight::Rows(rows) => vec![rows.rows(), rows.columns],
            Weight::Nibbles(rows) => vec![rows.rows(), rows.columns],
            Weight::Blocks(q) => q.shape().dims().to_vec(),
        }
    }

    /// The tensor in f32, dequantized where it must be.
    pub fn to_f32(&self) -> Result<Tensor, candle_core::Error> {
        match self {
            Weight::Full(t) => Ok(t.clone()),
            Weight::Rows(rows) => Tensor::from_vec(rows.dequantize(), (rows.rows(), rows.columns), &Device::Cpu),
            Weight::Nibbles(rows) => Tensor::from_vec(rows.dequantize(), (rows.rows(), rows.columns), &Device::Cpu),
            Weight::Blocks(q) => q.dequantize(&Device::Cpu),
        }
    }
}

/// A tensor on its way into a safetensors file.
struct Part {
    dtype: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl Part {
    fn f32(shape: Vec<usize>, values: &[f32]) -> Part {
        Part { dtype: Dtype::F32, shape, bytes: values.iter().flat_map(|x| x.to_le_bytes()).collect() }
    }
}

impl safetensors::View for Part {
    fn dtype(&self) -> Dtype {
        self.dtype
    }
    fn shape(&self) -> &[usize] {
        &self.shape
    }
    fn data(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(&self.bytes)
    }
    fn data_len(&self) -> usize {
        self.bytes.len()
    }
}

/// The values of a float tensor, checked to be finite.
fn floats(name: &str, view: &TensorView) -> Result<Vec<f32>, Error> {
    let data = view.data();
    let pairs = || data.chunks_exact(2).map(|b| [b[0], b[1]]);
    let values: Vec<f32> = match view.dtype() {
        Dtype::F32 => data.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect(),
        Dtype::F16 => pairs().map(|b| half::f16::from_le_bytes(b).to_f32()).collect(),
        Dtype::BF16 => pairs().map(|b| half::bf16::from_le_bytes(b).to_f32()).collect(),
        other => return Err(corrupt(format!("{name} has the unsupported type {other:?}"))),
    };
    finite(name, &values)?;
    Ok(values)
}

/// Checks that no value of a tensor is infinite or NaN: one would make every answer NaN.
fn finite(name: &str, values: &[f32]) -> Result<(), Error> {
    match values.iter().position(|x| !x.is_finite()) {
        Some(at) => Err(corrupt(format!("{name} holds {} (value {} of {})", values[at], at + 1, values.len()))),
        None => Ok(()),
    }
}

fn quantizable(name: &str, shape: &[usize]) -> bool {
    shape.len() == 2 && !name.starts_with("classifier")
}

/// The name without the encoder's prefix, and in the newer spelling.
fn canonical(name: &str) -> String {
    let name = name.strip_prefix("bert.").unwrap_or(name);
    let name = name.replace("LayerNorm.gamma", "LayerNorm.weight").replace("LayerNorm.beta", "LayerNorm.bias");
    match name.strip_prefix("head.") {
        Some(rest) => format!("classifier.{rest}"),
        None => name,
    }
}

/// The name that a written file uses: Hugging Face's.
fn published(name: &str) -> String {
    if name.starts_with("classifier.") { name.into() } else { format!("bert.{name}") }
}
