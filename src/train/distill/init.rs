//! The student before its first step: cut out of the teacher by principal components and least squares.

use candle_core::{Device, Tensor};

use super::linalg::{fit, fit_columns, leading, matrix, normalise, tensor};
use super::teacher::{Source, Survey, Teacher};
use super::{Shape, map_names};
use crate::error::Error;
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
/// [`Error::Mismatch`] when the shape cannot be had of this teacher.
pub fn init_student(teacher: &Teacher, shape: Shape, sample: &[&Example]) -> Result<Student, Error> {
    let big = &teacher.model.config;
    let size = big.hidden_size / big.num_attention_heads;
    if shape.width != shape.heads * size {
        let why = format!(
            "the teacher's heads are {size} wide, so a width of {} takes {} of them",
            shape.width,
            shape.width as f64 / size as f64
        );
        return Err(Error::Mismatch { why });
    }
    let larger = shape.heads > big.num_attention_heads
        || shape.intermediate > big.intermediate_size
        || shape.layers > big.num_hidden_layers;
    if larger || shape.layers == 0 {
        return Err(Error::Mismatch {
            why: "a student has at least one layer and no more than its teacher in each".into(),
        });
    }
    let config = Config {
        hidden_size: shape.width,
        num_hidden_layers: shape.layers,
        num_attention_heads: shape.heads,
        intermediate_size: shape.intermediate,
        id2label: [("0", "B"), ("1", "I"), ("2", "O")].map(|(k, v)| (k.to_string(), v.to_string())).into(),
        bio_b_bias: 0.0, // the teacher's was chosen for the teacher
        ..big.clone()
    };
    let survey = Survey::of(teacher, sample)?;
    let source = Source::choose(teacher, shape, &survey)?;
    let mut cut = Cut { teacher, shape, basis: basis(&source, &survey)?, survey, out: Checkpoint::default() };

    // Teacher and student go up level by level, all windows side by side.
    let mut hidden = sample.iter().map(|example| teacher.embed(example, 0)).collect::<Result<Vec<_>, _>>()?;
    let mut x = cut.embeddings(sample, &cat(&hidden)?)?;
    let mut unexplained = vec![cut.map(&source, 0, &x, &hidden)?];
    let mut reached = 0;
    for k in 0..shape.layers {
        while reached < source.layers[k].layer {
            hidden = hidden.iter().map(|h| Ok(teacher.layer(reached, h)?.0)).collect::<Result<_, Error>>()?;
            reached += 1;
        }
        let targets = cut.targets(k, &source, &hidden)?;
        x = cut.layer(k, &x, &targets)?;
        if let Some(n) = source.levels.iter().position(|level| level.student == k + 1) {
            unexplained.push(cut.map(&source, n, &x, &targets.out)?);
        }
        if k + 1 == shape.layers {
            hidden = targets.out;
        }
    }
    let rows = paragraph_rows(sample);
    let logits = teacher.model.head.forward(&cat(&hidden)?)?;
    let (w, b) = fit(&x.index_select(&rows, 0)?, &logits.index_select(&rows, 0)?)?;
    cut.put("classifier", w, b);
    Ok(Student { config, checkpoint: cut.out, source, unexplained })
}

fn cat(windows: &[Tensor]) -> Result<Tensor, Error> {
    Ok(Tensor::cat(windows, 0)?)
}

/// One basis `[d, width]` for the student's residual stream: the directions that explain most of all imitated
/// levels together, each level counting the same.
fn basis(source: &Source, survey: &Survey) -> Result<Tensor, Error> {
    let mut sum = None;
    for level in &source.levels {
        let share = survey.levels[level.number].covariance() / level.variance;
        sum = Some(match sum {
            None => share,
            Some(sum) => sum + share,
        });
    }
    tensor(&leading(sum.ok_or(Error::Internal { why: "no level is imitated".into() })?, source.width))
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
    survey: Survey,
    out: Checkpoint,
}

/// What a layer of the student is fitted to, for all windows of the sample one after the other.
struct Targets {
    query: Tensor,
    key: Tensor,
    value: Tensor,
    /// On the student's basis: before and after the attention's LayerNorm.
    attended: Tensor,
    middle: Tensor,
    /// The chosen neurons before GELU.
    neurons: Tensor,
    /// On the student's basis: before and after the last LayerNorm.
    sum: Tensor,
    end: Tensor,
    /// The teacher's hidden states after its layer, by window.
    out: Vec<Tensor>,
    lengths: Vec<usize>,
}

impl Cut<'_> {
    fn put(&mut self, name: &str, weight: Tensor, bias: Tensor) {
        self.out.insert(&format!("{name}.weight"), Weight::Full(weight));
        self.out.insert(&format!("{name}.bias"), Weight::Full(bias));
    }

    /// A dense layer with the least error of `x -> y`; its result on x.
    fn dense(&mut self, name: &str, x: &Tensor, y: &Tensor) -> Result<Tensor, Error> {
        let (w, b) = fit(x, y)?;
        let result = ops::linear(&x.contiguous()?, &w, &b)?;
        self.put(name, w, b);
        Ok(result)
    }

    /// LayerNorm of x with the weight and bias that come closest to y; its result.
    fn norm(&mut self, name: &str, x: &Tensor, y: &Tensor) -> Result<Tensor, Error> {
        let x = normalise(x)?;
        let (w, b) = fit_columns(&x, y)?;
        let result = x.broadcast_mul(&w)?.broadcast_add(&b)?;
        self.put(name, w, b);
        Ok(result)
    }

    fn project(&self, x: &Tensor) -> Result<Tensor, Error> {
        Ok(x.matmul(&self.basis)?)
    }

    fn embeddings(&mut self, sample: &[&Example], hidden: &Tensor) -> Result<Tensor, Error> {
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
        self.norm("embeddings.LayerNorm", &sum, &self.project(hidden)?)
    }

    /// The map from the student's `x` to the components of level `n`; the share of the variance it leaves.
    fn map(&mut self, source: &Source, n: usize, x: &Tensor, hidden: &[Tensor]) -> Result<f64, Error> {
        let level = &source.levels[n];
        let target = level.project(&cat(hidden)?)?;
        let (w, b) = fit(x, &target)?;
        let miss = (ops::linear(&x.contiguous()?, &w, &b)? - &target)?;
        let square =
            |t: &Tensor| -> Result<f64, Error> { Ok(f64::from(t.sqr()?.sum(1)?.mean_all()?.to_scalar::<f32>()?)) };
        let (miss, kept) = (square(&miss)?, square(&target)?);
        let (weight, bias) = map_names(level.number);
        self.out.insert(&weight, Weight::Full(w));
        self.out.insert(&bias, Weight::Full(b));
        Ok((level.variance - kept + miss) / level.variance)
    }

    /// What student layer `k` is fitted to; `hidden`: the teacher's states before its layer, by window.
    fn targets(&self, k: usize, source: &Source, hidden: &[Tensor]) -> Result<Targets, Error> {
        let from = &source.layers[k];
        let weight = |part: &str| self.teacher.weight(&format!("encoder.layer.{}.{part}", from.layer));
        let dense = |part: &str, rows: &Tensor| -> Result<(Tensor, Tensor), Error> {
            let (w, b) = (weight(&format!("{part}.weight"))?, weight(&format!("{part}.bias"))?);
            Ok((w.index_select(rows, 0)?, b.index_select(rows, 0)?))
        };
        let value = dense("attention.self.value", &from.columns)?;
        let neurons = dense("intermediate.dense", &self.neurons(k, from.layer)?)?;
        let mut parts: [Vec<Tensor>; 8] = Default::default();
        let mut out = Vec::new();
        for x in hidden {
            let (end, part) = self.teacher.layer(from.layer, x)?;
            let row = [
                part.query.index_select(&from.columns, 1)?,
                part.key.index_select(&from.columns, 1)?,
                ops::linear(&x.contiguous()?, &value.0, &value.1)?,
                self.project(&part.attended)?,
                self.project(&part.middle)?,
                ops::linear(&part.middle, &neurons.0, &neurons.1)?,
                self.project(&part.sum)?,
                self.project(&end)?,
            ];
            parts.iter_mut().zip(row).for_each(|(all, t)| all.push(t));
            out.push(end);
        }
        let lengths = hidden.iter().map(|x| x.dim(0)).collect::<Result<_, _>>()?;
        let [query, key, value, attended, middle, neurons, sum, end] = parts.map(|part| cat(&part));
        Ok(Targets {
            query: query?,
            key: key?,
            value: value?,
            attended: attended?,
            middle: middle?,
            neurons: neurons?,
            sum: sum?,
            end: end?,
            out,
            lengths,
        })
    }

    /// Layer `k` of the student on its own `x` `[n, width]`, every part fitted to the teacher's.
    fn layer(&mut self, k: usize, x: &Tensor, to: &Targets) -> Result<Tensor, Error> {
        let name = |part: &str| format!("encoder.layer.{k}.{part}");
        let q = self.dense(&name("attention.self.query"), x, &to.query)?;
        let key = self.dense(&name("attention.self.key"), x, &to.key)?;
        let v = self.dense(&name("attention.self.value"), x, &to.value)?;
        let context = self.attention(&q, &key, &v, &to.lengths)?;
        let sum = (self.dense(&name("attention.output.dense"), &context, &(&to.attended - x)?)? + x)?;
        let middle = self.norm(&name("attention.output.LayerNorm"), &sum, &to.middle)?;
        let inner = ops::gelu(&self.dense(&name("intermediate.dense"), &middle, &to.neurons)?)?;
        let sum = (self.dense(&name("output.dense"), &inner, &(&to.sum - &middle)?)? + &middle)?;
        self.norm(&name("output.LayerNorm"), &sum, &to.end)
    }

    fn attention(&self, q: &Tensor, k: &Tensor, v: &Tensor, lengths: &[usize]) -> Result<Tensor, Error> {
        let mut out = Vec::new();
        let mut start = 0;
        for &length in lengths {
            let heads = Heads { count: self.shape.heads, length, tokens: [length].into(), dropout: (0.0, 0) };
            let [q, k, v] = [q, k, v].map(|t| t.narrow(0, start, length));
            out.push(ops::attention(&q?, &k?, &v?, &heads)?);
            start += length;
        }
        cat(&out)
    }

    /// The neurons of the teacher's `layer` that student layer `k` gets.
    fn neurons(&self, k: usize, layer: usize) -> Result<Tensor, Error> {
        let weight = matrix(&self.teacher.weight(&format!("encoder.layer.{layer}.output.dense.weight"))?)?;
        let variance = &self.survey.neurons[layer];
        let worth = variance.iter().enumerate().map(|(n, v)| v * weight.column(n).norm_squared());
        let chosen = self.shape.share(k, self.teacher.depth(), worth.collect(), self.shape.intermediate);
        let chosen: Vec<u32> = chosen.into_iter().map(|n| n as u32).collect();
        Ok(Tensor::new(&chosen[..], &Device::Cpu)?)
    }
}
