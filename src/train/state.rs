//! A run's state in one file, so that a run killed at any moment goes on from its last checkpoint: weights,
//! the optimiser's m and v, and the step, in safetensors.

use std::collections::HashMap;

use candle_core::{Device, Tensor};

use super::{Trainer, distill};
use crate::error::Error;
use crate::model::{Checkpoint, Weight};

const FILE: &str = "of the run's state";

fn corrupt(why: impl std::fmt::Display) -> Error {
    Error::Corrupt { file: FILE.into(), why: why.to_string() }
}

impl Trainer {
    /// The state after `self.steps()` steps. `notes` is kept with it.
    pub fn to_bytes(&self, notes: &str) -> Result<Vec<u8>, Error> {
        let mut parts: HashMap<String, Tensor> = HashMap::new();
        for (name, variable) in self.variables.iter() {
            parts.insert(format!("w.{name}"), variable.as_tensor().clone());
        }
        for (name, (m, v)) in self.optimiser.moments() {
            let shape = self.variables.get(&name).map(|var| var.shape().clone()).ok_or_else(|| corrupt(&name))?;
            parts.insert(format!("m.{name}"), Tensor::from_vec(m, &shape, &Device::Cpu)?);
            parts.insert(format!("v.{name}"), Tensor::from_vec(v, &shape, &Device::Cpu)?);
        }
        // One entry: the order of several would change from one writing to the next.
        let run = serde_json::json!({"steps": self.optimiser.steps(), "notes": notes}).to_string();
        let meta = HashMap::from([("run".to_string(), run)]);
        safetensors::serialize(&parts, Some(meta)).map_err(|e| Error::Internal { why: e.to_string() })
    }

    /// Takes up a state that [`Trainer::to_bytes`] gave; returns its notes.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when it is none, or of another model; the trainer may be half changed then.
    pub fn restore(&mut self, bytes: &[u8]) -> Result<String, Error> {
        let (_, header) = safetensors::SafeTensors::read_metadata(bytes).map_err(corrupt)?;
        let run =
            header.metadata().as_ref().and_then(|meta| meta.get("run")).ok_or_else(|| corrupt("it names no step"))?;
        let run: serde_json::Value = serde_json::from_str(run).map_err(corrupt)?;
        let steps = run["steps"].as_i64().and_then(|n| i32::try_from(n).ok());
        let steps = steps.ok_or_else(|| corrupt("it names no step"))?;
        let stored = Checkpoint::from_bytes(bytes)?;
        let values = |name: &str, shape: &[usize]| -> Result<Tensor, Error> { Ok(stored.get(name, shape)?.to_f32()?) };
        for (name, variable) in self.variables.iter() {
            variable.set(&values(&format!("w.{name}"), variable.dims())?)?;
        }
        let mut moments = Vec::new();
        for (name, variable) in self.variables.iter() {
            if stored.iter().any(|(stored, _)| stored == format!("m.{name}")) {
                let flat = |kind: &str| -> Result<Vec<f32>, Error> {
                    Ok(values(&format!("{kind}.{name}"), variable.dims())?.flatten_all()?.to_vec1()?)
                };
                moments.push((name.to_string(), (flat("m")?, flat("v")?)));
            }
        }
        self.optimiser.restore(steps, moments);
        Ok(run["notes"].as_str().unwrap_or_default().to_owned())
    }

    /// The model's weights as a checkpoint of their own.
    pub fn snapshot(&self) -> Result<Checkpoint, Error> {
        let mut out = Checkpoint::default();
        for (name, variable) in self.variables.iter().filter(|(name, _)| !distill::is_aid(name)) {
            out.insert(name, Weight::Full(variable.as_tensor().copy()?.detach()));
        }
        Ok(out)
    }
}
