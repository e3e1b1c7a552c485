//! Reading enums whose JSON has the variant's name as `kind` beside the fields. What serde derives for them is a hundred
//! kilobytes of the page; it writes them, and this reads them.

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// `kind` and the fields.
pub(crate) struct Fields {
    kind: String,
    fields: Map<String, Value>,
}

impl Fields {
    /// Any object.
    pub fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fields, D::Error> {
        let mut fields = Map::deserialize(deserializer)?;
        let kind = fields.remove("kind").and_then(|kind| Some(kind.as_str()?.to_owned())).unwrap_or_default();
        Ok(Fields { kind, fields })
    }

    /// Whether it is the variant of that name, which `kind` writes with a small letter at the beginning.
    pub fn is(&self, variant: &str) -> bool {
        self.kind.len() == variant.len()
            && self.kind.get(1..) == variant.get(1..)
            && self.kind.eq_ignore_ascii_case(variant)
    }

    /// A field's value.
    pub fn take<T: DeserializeOwned, E: Error>(&mut self, field: &str) -> Result<T, E> {
        serde_json::from_value(self.fields.remove(field).unwrap_or_default())
            .map_err(|why| E::custom(format_args!("{field}: {why}")))
    }

    /// What is said of a variant that there is not.
    pub fn unknown<E: Error>(&self) -> E {
        E::custom(format_args!("unknown kind “{}”", self.kind))
    }
}

/// `Deserialize` of an enum by its variants and their fields; what stands after `skip` is not in the JSON. A variant that is left
/// out does not compile.
macro_rules! internally_tagged {
    ($name:ident { $($variant:ident $({ $($field:ident),* $(; skip $skipped:ident)? })?),* $(,)? }) => {
        const _: fn(&$name) = |value| match value {
            $($name::$variant { .. } => (),)*
        };

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                let mut fields = crate::internally_tagged::Fields::read(deserializer)?;
                $(if fields.is(stringify!($variant)) {
                    return Ok($name::$variant $({
                        $($field: fields.take(stringify!($field))?,)*
                        $($skipped: Default::default(),)?
                    })?);
                })*
                Err(fields.unknown())
            }
        }
    };
}
pub(crate) use internally_tagged;
