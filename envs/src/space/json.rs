//! Values as JSON: arrays as nested lists, `Tuple` as a list, `Dict` as an object.
//!
//! A 32-bit float is written as the 64-bit float it equals. JSON has no word for
//! the values that are not finite; they are the strings `"NaN"`, `"Infinity"` and
//! `"-Infinity"`, which Python's `float` reads.

use super::check::{index_words, product};
use super::{Dtype, Space, ValueError};
use crate::{Lane, LaneMut, LeafRef, nearest};
use serde_json::{Map, Value};

impl Space {
    /// The value in `lane`, a lane of this space (panics if it is not).
    pub fn to_json(&self, lane: Lane<'_>) -> Value {
        self.write(lane, &mut 0)
    }

    /// Writes the value that `json` means into `lane`, a lane of this space (panics
    /// if it is not), or says what is wrong with it: its form, or that it lies
    /// outside the space. An array of one element may be given without brackets.
    pub fn from_json(&self, json: &Value, lane: &mut LaneMut<'_>) -> Result<(), ValueError> {
        self.read(json, lane, &mut 0, "")?;
        self.check(lane.as_lane())
    }

    fn write(&self, lane: Lane<'_>, leaf: &mut usize) -> Value {
        match self {
            Space::Tuple(parts) => parts.iter().map(|part| part.write(lane, leaf)).collect(),
            Space::Dict(parts) => Value::Object(
                parts.iter().map(|(key, part)| (key.clone(), part.write(lane, leaf))).collect(),
            ),
            _ => {
                let shape = &lane.layout().leaves[*leaf].shape;
                let value = lane.leaf(*leaf);
                *leaf += 1;
                nest(shape, 0, &|i| match value {
                    LeafRef::U8(v) => v[i].into(),
                    LeafRef::I64(v) => v[i].into(),
                    LeafRef::F32(v) => float(v[i] as f64),
                    LeafRef::F64(v) => float(v[i]),
                    LeafRef::Text(v) => v[i].as_str().into(),
                })
            }
        }
    }

    fn read(
        &self,
        json: &Value,
        lane: &mut LaneMut<'_>,
        leaf: &mut usize,
        place: &str,
    ) -> Result<(), ValueError> {
        match self {
            Space::Tuple(parts) => {
                let given = list(json, parts.len(), place)?;
                let parts = parts.iter().zip(given).enumerate();
                for (i, (part, value)) in parts {
                    part.read(value, lane, leaf, &join(place, &i.to_string()))?;
                }
                Ok(())
            }
            Space::Dict(parts) => {
                let given = object(json, parts, place)?;
                for (key, part) in parts {
                    let place = join(place, key);
                    let value = given
                        .get(key)
                        .ok_or_else(|| problem(&place, "this key is missing".into()))?;
                    part.read(value, lane, leaf, &place)?;
                }
                Ok(())
            }
            _ => {
                *leaf += 1;
                self.read_leaf(json, lane, *leaf - 1, place)
            }
        }
    }

    fn read_leaf(
        &self,
        json: &Value,
        lane: &mut LaneMut<'_>,
        leaf: usize,
        place: &str,
    ) -> Result<(), ValueError> {
        let shape = &lane.layout().leaves[leaf].shape;
        let wrap = product(shape) == 1 && !shape.is_empty() && !json.is_array();
        let shape: &[usize] = if wrap { &[] } else { shape };
        let mut elements = Vec::with_capacity(product(shape));
        flatten(json, shape, place, &mut elements)?;
        let at = |i: usize| format!("{place}{}", index_words(shape, i));
        let mut elements = elements.into_iter().enumerate();
        match self {
            Space::Text { .. } => {
                let text = json.as_str().ok_or_else(|| expected("a string", json, place))?;
                lane.text(leaf)[0] = text.into();
                Ok(())
            }
            Space::MultiBinary { .. } => elements.try_for_each(|(i, x)| {
                lane.u8(leaf)[i] = byte(x, "0 or 1", &at(i))?;
                Ok(())
            }),
            Space::Discrete { .. } | Space::MultiDiscrete { .. } => {
                elements.try_for_each(|(i, x)| {
                    lane.i64(leaf)[i] = integer(x, &at(i))?;
                    Ok(())
                })
            }
            Space::Box(b) => elements.try_for_each(|(i, x)| {
                match b.dtype {
                    Dtype::Uint8 => lane.u8(leaf)[i] = byte(x, "an integer from 0 to 255", &at(i))?,
                    Dtype::Int64 => lane.i64(leaf)[i] = integer(x, &at(i))?,
                    Dtype::Float32 => lane.f32(leaf)[i] = number(x, &at(i))? as f32,
                    Dtype::Float64 => lane.f64(leaf)[i] = number(x, &at(i))?,
                }
                Ok(())
            }),
            Space::Tuple(_) | Space::Dict(_) => unreachable!("a product is not a leaf"),
        }
    }
}

/// A row-major array as nested lists; `element` gives its elements by number.
fn nest(shape: &[usize], first: usize, element: &dyn Fn(usize) -> Value) -> Value {
    match shape {
        [] => element(first),
        [len, rest @ ..] => {
            let width = product(rest);
            (0..*len).map(|i| nest(rest, first + i * width, element)).collect()
        }
    }
}

/// The elements of nested lists that must have this shape, in row-major order.
fn flatten<'a>(
    json: &'a Value,
    shape: &[usize],
    place: &str,
    elements: &mut Vec<&'a Value>,
) -> Result<(), ValueError> {
    match shape {
        [] => elements.push(json),
        [len, rest @ ..] => {
            for (i, value) in list(json, *len, place)?.iter().enumerate() {
                flatten(value, rest, &format!("{place}[{i}]"), elements)?;
            }
        }
    }
    Ok(())
}

fn float(x: f64) -> Value {
    if x.is_finite() {
        x.into()
    } else if x.is_nan() {
        "NaN".into()
    } else if x > 0.0 {
        "Infinity".into()
    } else {
        "-Infinity".into()
    }
}

fn number(json: &Value, place: &str) -> Result<f64, ValueError> {
    match json.as_str() {
        Some("NaN") => Some(f64::NAN),
        Some("Infinity") => Some(f64::INFINITY),
        Some("-Infinity") => Some(f64::NEG_INFINITY),
        Some(_) => None,
        None => json.as_f64(),
    }
    .ok_or_else(|| expected("a number", json, place))
}

fn integer(json: &Value, place: &str) -> Result<i64, ValueError> {
    json.as_i64().ok_or_else(|| expected("an integer", json, place))
}

fn byte(json: &Value, wanted: &str, place: &str) -> Result<u8, ValueError> {
    json.as_u64().and_then(|x| x.try_into().ok()).ok_or_else(|| expected(wanted, json, place))
}

fn list<'a>(json: &'a Value, len: usize, place: &str) -> Result<&'a [Value], ValueError> {
    match json.as_array() {
        Some(values) if values.len() == len => Ok(values),
        Some(values) => {
            Err(problem(place, format!("expected {len} elements, found {}", values.len())))
        }
        None => Err(expected(&format!("a list of {len} elements"), json, place)),
    }
}

/// The object, once it is known to have no key that is not a part.
fn object<'a>(
    json: &'a Value,
    parts: &[(String, Space)],
    place: &str,
) -> Result<&'a Map<String, Value>, ValueError> {
    let given = json.as_object().ok_or_else(|| expected("an object", json, place))?;
    let names = || parts.iter().map(|(key, _)| key.as_str());
    match given.keys().find(|key| !names().any(|name| name == key.as_str())) {
        None => Ok(given),
        Some(key) => {
            let hint = nearest(key, names()).map(|n| format!(" (did you mean `{n}`?)"));
            let keys = names().collect::<Vec<_>>().join(", ");
            let hint = hint.unwrap_or_default();
            Err(problem(place, format!("unknown key `{key}`{hint}; the keys are {keys}")))
        }
    }
}

fn expected(wanted: &str, found: &Value, place: &str) -> ValueError {
    problem(place, format!("expected {wanted}, found {found}"))
}

fn problem(place: &str, problem: String) -> ValueError {
    ValueError { place: place.into(), problem }
}

fn join(place: &str, key: &str) -> String {
    if place.is_empty() { key.into() } else { format!("{place}.{key}") }
}
