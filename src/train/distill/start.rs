//! The student before its first step: cut out of the teacher by principal components and least squares.

use candle_core::{Device, Tensor};

use super::linalg::{fit, fit_columns, leading, matrix, moments, normalise, tensor};
use super::teacher::{Source, Teacher, Trace};
use super::{Shape, map_names};
use crate::fault::Fault;
use crate::model::ops::{self, Heads};
use crate::model::{Checkpoint, Config, Weight};
use crate::train::Example;

/// A student that has not learned yet, and what it is to imitate.
#[derive(Debug)]
pub struct Student {
    /// Its sizes.
    pub config: Config,
    /// Its weights, and the maps from its hidden states to the teacher's components.
    pub checkpoint: Checkpoint,
    /// What it imitates.
    pub source: Source,
    /// For every imitated level the share of the teacher's variance that its map leaves unexplained.
    pub unexplained: Vec<f64>,
}

/// Cuts a student of `shape` out of the teacher, by what the teacher computes on `sample`.
///
/// # Errors
/// [`Fault::Mismatch`] when the shape cannot be had of this teacher.
pub fn start(teacher: &Teacher, shape: Shape, sample: &[&Example]) -> Result<Student, Fault> {
    let big = &teacher.model.config;
    let size = big.hidden_size / big.num_attention_heads;
    if shape.width != shape.heads * size {
        let why = format!(
            "the teacher's heads are {size} wide, so a width of {} takes {} of them",
            shape.width,
            shape.width as f64 / size as f64
        );
        return Err(Fault::Mismatch { why });
    }
    if shape.heads > big.num_attention_heads || shape.intermediate > big.intermediate_size || shape.layers == 0 {
        return Err(Fault::Mismatch {
            why: "a student has at least one layer and no more than its teacher in each".into(),
        });
    }
    let config = Config {
        hidden_size: shape.width,
        num_hidden_layers: shape.layers,
        num_attention_heads: shape.heads,
        intermediate_size: shape.intermediate,
        id2label: [("0", "B"), ("1", "I"), ("2", "O")].map(|(k, v)| (k.to_string(), v.to_string())).into(),
        ..big.clone()
    };
    let trace = teacher.trace_all(sample)?;
    let source = Source::choose(teacher, shape, &trace)?;
    let mut cut = Cut { teacher, shape, basis: basis(&source, &trace)?, out: Checkpoint::default() };

    let mut x = cut.embeddings(sample, &trace)?;
    let mut levels = vec![x.clone()];
    for k in 0..shape.layers {
        x = cut.layer(k, &x, &source, &trace)?;
        levels.push(x.clone());
    }
    let rows = paragraph_rows(sample);
    let (w, b) = fit(&x.index_select(&rows, 0)?, &trace.logits.index_select(&rows, 0)?)?;
    cut.put("classifier", w, b);

    let mut unexplained = Vec::new();
    for level in &source.levels {
        let target = level.project(&trace.levels[level.number])?;
        let (w, b) = fit(&levels[level.student], &target)?;
        let miss = (ops::linear(&levels[level.student].contiguous()?, &w, &b)? - &target)?;
        let miss = f64::from(miss.sqr()?.sum_all()?.to_scalar::<f32>()?) / miss.dim(0)? as f64;
        let kept = f64::from(target.sqr()?.sum_all()?.to_scalar::<f32>()?) / target.dim(0)? as f64;
        unexplained.push((level.variance - kept + miss) / level.variance);
        let (weight, bias) = map_names(level.number);
        cut.out.insert(&weight, Weight::Full(w));
        cut.out.insert(&bias, Weight::Full(b));
    }
    Ok(Student { config, checkpoint: cut.out, source, unexplained })
}

/// One basis `[d, width]` for the student's residual stream: the directions that explain most of all imitated
/// levels together, each level counting the same.
fn basis(source: &Source, trace: &Trace) -> Result<Tensor, Fault> {
    let mut sum = None;
    for level in &source.levels {
        let (_, covariance) = moments(&trace.levels[level.number])?;
        let share = covariance / level.variance;
        sum = Some(match sum {
            None => share,
            Some(sum) => sum + share,
        });
    }
    tensor(&leading(sum.ok_or(Fault::Internal { why: "no level is imitated".into() })?, source.width))
}

/// Rows of the sample's paragraph tokens.
fn paragraph_rows(sample: &[&Example]) -> Tensor {
    let (mut rows, mut start) = (Vec::new(), 0);
    for example in sample {
        let (first, window) = (example.encoded.first_position(), example.encoded.windows[0]);
        let end = first + window.end - window.start;
        rows.extend((start + first..start + end).map(|r| r as u32));
        start += end + 1;
    }
    Tensor::new(&rows[..], &Device::Cpu).expect("a vector makes a tensor")
}

struct Cut<'a> {
    teacher: &'a Teacher,
    shape: Shape,
    basis: Tensor,
    out: Checkpoint,
}

impl Cut<'_> {
    fn put(&mut self, name: &str, weight: Tensor, bias: Tensor) {
        self.out.insert(&format!("{name}.weight"), Weight::Full(weight));
        self.out.insert(&format!("{name}.bias"), Weight::Full(bias));
    }

    /// A dense layer with the least error of `x -> y`; its result on x.
    fn dense(&mut self, name: &str, x: &Tensor, y: &Tensor) -> Result<Tensor, Fault> {
        let (w, b) = fit(x, y)?;
        let result = ops::linear(&x.contiguous()?, &w, &b)?;
        self.put(name, w, b);
        Ok(result)
    }

    /// LayerNorm of x with the weight and bias that come closest to y; its result.
    fn norm(&mut self, name: &str, x: &Tensor, y: &Tensor) -> Result<Tensor, Fault> {
        let x = normalise(x)?;
        let (w, b) = fit_columns(&x, y)?;
        let result = x.broadcast_mul(&w)?.broadcast_add(&b)?;
        self.put(name, w, b);
        Ok(result)
    }

    fn project(&self, x: &Tensor) -> Result<Tensor, Fault> {
        Ok(x.matmul(&self.basis)?)
    }

    fn embeddings(&mut self, sample: &[&Example], trace: &Trace) -> Result<Tensor, Fault> {
        let (mut ids, mut segments, mut positions) = (Vec::new(), Vec::new(), Vec::new());
        for example in sample {
            let (i, s) = example.encoded.ids(0);
            positions.extend(0..i.len() as u32);
            ids.extend(i);
            segments.extend(s);
        }
        let mut sum: Option<Tensor> = None;
        for (kind, rows) in [("word", ids), ("position", positions), ("token_type", segments)] {
            let name = format!("embeddings.{kind}_embeddings.weight");
            let table = self.project(&self.teacher.weight(&name)?)?;
            let found = table.index_select(&Tensor::new(&rows[..], &Device::Cpu)?, 0)?;
            sum = Some(match sum {
                None => found,
                Some(sum) => (sum + found)?,
            });
            self.out.insert(&name, Weight::Full(table));
        }
        let sum = sum.expect("three tables");
        self.norm("embeddings.LayerNorm", &sum, &self.project(&trace.levels[0])?)
    }

    /// Layer `k` of the student on its own `x` `[n, width]`, every part fitted to the teacher's.
    fn layer(&mut self, k: usize, x: &Tensor, source: &Source, trace: &Trace) -> Result<Tensor, Fault> {
        let from = &source.layers[k];
        let name = |part: &str| format!("encoder.layer.{k}.{part}");
        let theirs = |part: &str| format!("encoder.layer.{}.{part}", from.layer);
        let part = &trace.layers[from.layer];
        let chosen = |t: &Tensor| t.index_select(&from.columns, 1);

        let q = self.dense(&name("attention.self.query"), x, &chosen(&part.query)?)?;
        let k_ = self.dense(&name("attention.self.key"), x, &chosen(&part.key)?)?;
        let hidden = trace.levels[from.layer].contiguous()?;
        let (vw, vb) = (theirs("attention.self.value.weight"), theirs("attention.self.value.bias"));
        let v = ops::linear(&hidden, &self.teacher.weight(&vw)?, &self.teacher.weight(&vb)?)?;
        let v = self.dense(&name("attention.self.value"), x, &chosen(&v)?)?;
        let context = self.attention(&q, &k_, &v, &trace.lengths)?;
        let wanted = (self.project(&part.attended)? - x)?;
        let sum = (self.dense(&name("attention.output.dense"), &context, &wanted)? + x)?;
        let middle = self.norm(&name("attention.output.LayerNorm"), &sum, &self.project(&part.middle)?)?;

        let neurons = self.neurons(k, from.layer, &part.inner)?;
        let (iw, ib) = (theirs("intermediate.dense.weight"), theirs("intermediate.dense.bias"));
        let (iw, ib) = (self.teacher.weight(&iw)?, self.teacher.weight(&ib)?);
        let before = ops::linear(&part.middle, &iw.index_select(&neurons, 0)?, &ib.index_select(&neurons, 0)?)?;
        let inner = ops::gelu(&self.dense(&name("intermediate.dense"), &middle, &before)?)?;
        let wanted = (self.project(&part.sum)? - &middle)?;
        let sum = (self.dense(&name("output.dense"), &inner, &wanted)? + &middle)?;
        let target = self.project(&trace.levels[from.layer + 1])?;
        self.norm(&name("output.LayerNorm"), &sum, &target)
    }

    fn attention(&self, q: &Tensor, k: &Tensor, v: &Tensor, lengths: &[usize]) -> Result<Tensor, Fault> {
        let mut out = Vec::new();
        let mut start = 0;
        for &length in lengths {
            let heads = Heads { count: self.shape.heads, length, tokens: [length].into(), dropout: (0.0, 0) };
            let [q, k, v] = [q, k, v].map(|t| t.narrow(0, start, length));
            out.push(ops::attention(&q?, &k?, &v?, &heads)?);
            start += length;
        }
        Ok(Tensor::cat(&out, 0)?)
    }

    /// The neurons of the teacher's `layer` that student layer `k` gets.
    fn neurons(&self, k: usize, layer: usize, inner: &Tensor) -> Result<Tensor, Fault> {
        let weight = matrix(&self.teacher.weight(&format!("encoder.layer.{layer}.output.dense.weight"))?)?;
        let centred = inner.broadcast_sub(&inner.mean(0)?)?;
        let variance = centred.sqr()?.mean(0)?.to_vec1::<f32>()?;
        let worth = variance.iter().enumerate().map(|(n, v)| f64::from(*v) * weight.column(n).norm_squared());
        let chosen = self.shape.share(k, self.teacher.depth(), worth.collect(), self.shape.intermediate);
        let chosen: Vec<u32> = chosen.into_iter().map(|n| n as u32).collect();
        Ok(Tensor::new(&chosen[..], &Device::Cpu)?)
    }
}
