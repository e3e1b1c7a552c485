//! Weights of several runs, meaned. Models that were fine-tuned from the same weights lie in one valley, and a
//! point between them is often better than each.

use crate::error::Error;
use crate::model::{Checkpoint, Weight};

/// The weighted mean of checkpoints with the same tensors, in f32; the weights need not sum to 1.
///
/// # Errors
/// [`Error::Mismatch`] when a tensor is missing in one of them or has another shape.
pub fn average(models: &[(Checkpoint, f64)]) -> Result<Checkpoint, Error> {
    let sum: f64 = models.iter().map(|(_, weight)| weight).sum();
    let Some(((first, _), others)) = models.split_first() else {
        return Err(Error::Mismatch { why: "no model to average".into() });
    };
    if let Some((other, _)) = others.iter().find(|(other, _)| other.iter().count() != first.iter().count()) {
        let why = format!("one model has {} tensors, another {}", first.iter().count(), other.iter().count());
        return Err(Error::Mismatch { why });
    }
    let mut out = Checkpoint::default();
    for (name, tensor) in first.iter() {
        let mut mean = (tensor.to_f32()? * (models[0].1 / sum))?;
        for (other, weight) in others {
            let found = other.find(name).ok().map(Weight::to_f32);
            let found = found.transpose()?.filter(|found| found.shape() == mean.shape());
            let found =
                found.ok_or_else(|| Error::Mismatch { why: format!("{name} is not the same in all models") })?;
            mean = (mean + (found * (weight / sum))?)?;
        }
        out.insert(name, Weight::Full(mean));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::{Device, Tensor};

    fn model(name: &str, values: &[f32]) -> Checkpoint {
        let mut out = Checkpoint::default();
        out.insert(name, Weight::Full(Tensor::new(values, &Device::Cpu).unwrap()));
        out
    }

    #[test]
    fn by_hand() {
        let mean = average(&[(model("w", &[1.0, 2.0]), 3.0), (model("w", &[5.0, 0.0]), 1.0)]).unwrap();
        let (_, weight) = mean.iter().next().unwrap();
        assert_eq!(weight.to_f32().unwrap().to_vec1::<f32>().unwrap(), [2.0, 1.5]);
    }

    #[test]
    fn what_differs_is_named() {
        let other = |m| average(&[(model("w", &[1.0]), 1.0), (m, 1.0)]).unwrap_err().to_string();
        assert!(other(model("v", &[1.0])).contains('w'));
        assert!(other(model("w", &[1.0, 2.0])).contains('w'));
        assert!(other(Checkpoint::default()).contains("0"));
    }
}
