//! The teacher, and what of it a student imitates.

use candle_core::{Device, Tensor};

use super::Shape;
use super::linalg::{Moments, leading, matrix, tensor};
use crate::error::Error;
use crate::model::{Checkpoint, Config, Model, Part, Pass};
use crate::train::Example;

/// A trained model that others learn from.
#[derive(Debug)]
pub struct Teacher {
    pub(super) model: Model,
    pub(super) checkpoint: Checkpoint,
}

/// What the teacher computes for the n positions of a window.
pub(super) struct Trace {
    /// Hidden states `[n, d]` after the embeddings (level 0) and after every layer.
    pub levels: Vec<Tensor>,
    /// Parts of every layer.
    pub layers: Vec<LayerTrace>,
    /// z `[n, 3]`.
    pub logits: Tensor,
}

/// One layer's parts, each `[n, ...]`.
pub(super) struct LayerTrace {
    pub query: Tensor,
    pub key: Tensor,
    pub context: Tensor,
    pub attended: Tensor,
    pub middle: Tensor,
    pub inner: Tensor,
    pub sum: Tensor,
}

impl Teacher {
    /// A teacher with these weights, in f32.
    ///
    /// # Errors
    /// As [`Model::load`].
    pub fn new(config: Config, weights: &Checkpoint) -> Result<Teacher, Error> {
        let mut checkpoint = Checkpoint::default();
        for (name, weight) in weights.iter() {
            checkpoint.insert(name, crate::model::Weight::Full(weight.to_f32()?));
        }
        Ok(Teacher { model: Model::load(config, &checkpoint)?, checkpoint })
    }

    /// Layers.
    pub fn depth(&self) -> usize {
        self.model.encoder.depth()
    }

    pub(super) fn weight(&self, name: &str) -> Result<Tensor, Error> {
        Ok(self.checkpoint.find(name)?.to_f32()?)
    }

    /// Window `k` of an example.
    pub(super) fn trace(&self, example: &Example, k: usize) -> Result<Trace, Error> {
        let mut levels = vec![self.embed(example, k)?];
        let mut layers = Vec::new();
        for j in 0..self.depth() {
            let (out, parts) = self.layer(j, &levels[j])?;
            levels.push(out);
            layers.push(parts);
        }
        let logits = self.model.head.forward(&levels[levels.len() - 1])?;
        Ok(Trace { levels, layers, logits })
    }

    /// The embeddings of window `k`, `[n, d]`.
    pub(super) fn embed(&self, example: &Example, k: usize) -> Result<Tensor, Error> {
        let (ids, segments) = example.encoded.ids(k);
        Ok(self.model.encoder.embed(&ids, &segments, ids.len(), &Pass::default())?.squeeze(0)?)
    }

    /// Layer `j` of one window: `x` `[n, d]` to `[n, d]`, and the parts on the way.
    pub(super) fn layer(&self, j: usize, x: &Tensor) -> Result<(Tensor, LayerTrace), Error> {
        let mut parts = Vec::new();
        let mut see = |part, t: &Tensor| parts.push((part, t.clone()));
        let out = self.model.encoder.layer_seen(j, &x.unsqueeze(0)?, &Pass::default(), &mut see)?.squeeze(0)?;
        let part = |wanted: Part| {
            let found = parts.iter().find(|(part, _)| *part == wanted);
            found.map(|(_, t)| t.clone()).expect("a layer shows every part")
        };
        let parts = LayerTrace {
            query: part(Part::Query),
            key: part(Part::Key),
            context: part(Part::Context),
            attended: part(Part::Attended),
            middle: part(Part::Middle),
            inner: part(Part::Inner),
            sum: part(Part::Sum),
        };
        Ok((out, parts))
    }
}

/// How the teacher's numbers vary over the first windows of a sample.
pub(super) struct Survey {
    /// Of the hidden states of every level.
    pub levels: Vec<Moments>,
    /// Of the attention's context, by layer.
    pub contexts: Vec<Moments>,
    /// Variance of every neuron, by layer.
    pub neurons: Vec<Vec<f64>>,
}

impl Survey {
    pub(super) fn of(teacher: &Teacher, sample: &[&Example]) -> Result<Survey, Error> {
        let config = &teacher.model.config;
        let (d, inner, depth) = (config.hidden_size, config.intermediate_size, teacher.depth());
        let mut levels = vec![Moments::new(d); depth + 1];
        let mut contexts = vec![Moments::new(d); depth];
        let mut sums = vec![(vec![0.0; inner], vec![0.0; inner]); depth];
        let mut rows = 0.0;
        for example in sample {
            let trace = teacher.trace(example, 0)?;
            for (moments, hidden) in levels.iter_mut().zip(&trace.levels) {
                moments.add(hidden)?;
            }
            for ((moments, sums), part) in contexts.iter_mut().zip(&mut sums).zip(&trace.layers) {
                moments.add(&part.context)?;
                let add = |to: &mut [f64], from: Tensor| -> Result<(), Error> {
                    let values = from.sum(0)?.to_vec1::<f32>()?;
                    to.iter_mut().zip(values).for_each(|(to, x)| *to += f64::from(x));
                    Ok(())
                };
                add(&mut sums.0, part.inner.clone())?;
                add(&mut sums.1, part.inner.sqr()?)?;
            }
            rows += trace.logits.dim(0)? as f64;
        }
        let variance = |(sum, square): &(Vec<f64>, Vec<f64>)| {
            sum.iter().zip(square).map(|(s, q)| q / rows - (s / rows).powi(2)).collect()
        };
        Ok(Survey { levels, contexts, neurons: sums.iter().map(variance).collect() })
    }
}

/// What a student of a given shape imitates.
#[derive(Clone, Debug)]
pub struct Source {
    /// Length of one vector: the student's d.
    pub(super) width: usize,
    /// The levels whose hidden states are imitated, upwards.
    pub(super) levels: Vec<Level>,
    /// For every student layer, where its heads come from.
    pub(super) layers: Vec<SourceLayer>,
}

/// Principal components of one level.
#[derive(Clone, Debug)]
pub(super) struct Level {
    /// Number of the teacher's level; 0: the embeddings.
    pub number: usize,
    /// The student's layers below it: its hidden states after so many layers imitate this level.
    pub student: usize,
    /// Mean of the hidden states `[d]`.
    pub mean: Tensor,
    /// Orthonormal columns `[d, width]`.
    pub components: Tensor,
    /// Sum of the variances of all d coordinates.
    pub variance: f64,
}

/// Where the attention of a student layer comes from.
#[derive(Clone, Debug)]
pub(super) struct SourceLayer {
    /// The teacher's layer.
    pub layer: usize,
    /// Columns of Q and K, head by head: the chosen heads' own.
    pub columns: Tensor,
}

impl Level {
    fn new(number: usize, student: usize, hidden: &Moments, width: usize) -> Result<Level, Error> {
        let (mean, covariance) = (hidden.mean(), hidden.covariance());
        let variance = covariance.trace();
        let components = tensor(&leading(covariance, width))?;
        let mean: Vec<f32> = mean.iter().map(|x| *x as f32).collect();
        Ok(Level { number, student, mean: Tensor::new(&mean[..], &Device::Cpu)?, components, variance })
    }

    /// The components of hidden states `[n, d]`: `[n, width]`.
    pub fn project(&self, hidden: &Tensor) -> Result<Tensor, Error> {
        Ok(hidden.broadcast_sub(&self.mean)?.matmul(&self.components)?)
    }
}

impl Source {
    /// Chooses components and heads by the variance that they explain.
    pub(super) fn choose(teacher: &Teacher, shape: Shape, survey: &Survey) -> Result<Source, Error> {
        let depth = teacher.depth();
        let mut levels = vec![Level::new(0, 0, &survey.levels[0], shape.width)?];
        for k in 0..shape.layers {
            let number = shape.level(k, depth);
            if k + 1 == shape.layers || shape.level(k + 1, depth) != number {
                levels.push(Level::new(number, k + 1, &survey.levels[number], shape.width)?);
            }
        }
        let size = shape.width / shape.heads;
        let layers = (0..shape.layers).map(|k| {
            let layer = shape.level(k, depth) - 1;
            let weight = matrix(&teacher.weight(&format!("encoder.layer.{layer}.attention.output.dense.weight"))?)?;
            let covariance = survey.contexts[layer].covariance();
            let worth = |head: usize| {
                let w = weight.columns(head * size, size);
                (w * covariance.view((head * size, head * size), (size, size)) * w.transpose()).trace()
            };
            let heads = shape.share(k, depth, (0..weight.ncols() / size).map(worth).collect(), shape.heads);
            let columns: Vec<u32> = heads.iter().flat_map(|h| (h * size..(h + 1) * size).map(|c| c as u32)).collect();
            Ok(SourceLayer { layer, columns: Tensor::new(&columns[..], &Device::Cpu)? })
        });
        let layers = layers.collect::<Result<_, Error>>()?;
        Ok(Source { width: shape.width, levels, layers })
    }
}

impl Shape {
    /// Of a teacher layer's parts, the `count` that student layer `k` gets: the worthiest, dealt out in turn when
    /// several student layers share one teacher layer. In ascending order.
    pub(super) fn share(&self, k: usize, depth: usize, worth: Vec<f64>, count: usize) -> Vec<usize> {
        let group: Vec<usize> = (0..self.layers).filter(|&n| self.level(n, depth) == self.level(k, depth)).collect();
        let rank = group.iter().position(|&n| n == k).unwrap_or(0);
        let mut order: Vec<usize> = (0..worth.len()).collect();
        order.sort_by(|&a, &b| worth[b].total_cmp(&worth[a]));
        let (own, others): (Vec<_>, Vec<_>) = order.iter().enumerate().partition(|(n, _)| n % group.len() == rank);
        let mut chosen: Vec<usize> = own.into_iter().chain(others).map(|(_, &part)| part).take(count).collect();
        chosen.sort_unstable();
        chosen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_dealt_out() {
        let shape = Shape { width: 128, layers: 12, heads: 4, intermediate: 512 };
        let worth = vec![5.0, 9.0, 1.0, 7.0];
        assert_eq!(shape.share(0, 6, worth.clone(), 2), [0, 1]); // 1st and 3rd of 1, 3, 0, 2
        assert_eq!(shape.share(1, 6, worth.clone(), 2), [2, 3]);
        assert_eq!(shape.share(1, 6, worth.clone(), 3), [1, 2, 3], "filled up with the best of the others");
        assert_eq!(Shape { layers: 6, ..shape }.share(2, 6, worth, 2), [1, 3]);
    }
}
