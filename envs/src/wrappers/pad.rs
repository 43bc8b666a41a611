//! Zeros at the end of each axis.

use super::gather::Gather;
use crate::{Dtype, EnvError, Space};

/// The arrangement that pads `space` to `shape`, and the space it leads to.
pub(super) fn plan(space: &Space, shape: &[usize]) -> Result<(Gather, Space), EnvError> {
    let Space::Box(old) = space else {
        return Err(EnvError(format!("pad is for Box observations, not {space}")));
    };
    let fits = old.shape.len() == shape.len() && old.shape.iter().zip(shape).all(|(a, b)| a <= b);
    if !fits {
        return Err(EnvError(format!("{space} cannot be padded to the shape {shape:?}")));
    }
    let inside = |at: &[usize]| at.iter().zip(&old.shape).all(|(i, len)| i < len);
    let gather = Gather::new(old, shape, |at| inside(at).then(|| at.to_vec()))?;
    let (low, high) = match old.dtype {
        Dtype::Uint8 => (0.0, 255.0),
        _ => (f64::NEG_INFINITY, f64::INFINITY),
    };
    Ok((gather, Space::uniform_box(low, high, shape, old.dtype)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BoxSpace;
    use crate::wrappers::tests::translate;
    use serde_json::json;

    #[test]
    fn the_old_array_lies_at_the_front() {
        let old = Space::uniform_box(1.0, 9.0, &[2, 2], Dtype::Float32);
        let plan = plan(&old, &[3, 4]).unwrap();
        let padded = translate(&old, &plan, &json!([[1.0, 2.0], [3.0, 4.0]]));
        let expected = json!([[1.0, 2.0, 0.0, 0.0], [3.0, 4.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]]);
        assert_eq!(padded, expected);
    }

    #[test]
    fn boxes_that_differ_in_size_and_bounds_become_equal() {
        let bounds = |low: &[f64], high: &[f64]| {
            let (low, high, shape) = (low.to_vec(), high.to_vec(), vec![low.len()]);
            Space::Box(BoxSpace { low, high, shape, dtype: Dtype::Float32 })
        };
        let one = plan(&bounds(&[0.0, -1.0], &[3.0, 1.0]), &[3]).unwrap().1;
        let other = plan(&bounds(&[-9.0, -9.0, 0.0], &[9.0, 9.0, 1.0]), &[3]).unwrap().1;
        assert_eq!(one, other);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let old = Space::uniform_box(0.0, 1.0, &[5, 5], Dtype::Uint8);
        for shape in [vec![5, 4], vec![5, 5, 1], vec![25]] {
            let error = plan(&old, &shape).err().unwrap();
            let expected = format!("Box((5, 5), uint8) cannot be padded to the shape {shape:?}");
            assert_eq!(error.to_string(), expected);
        }
        assert!(plan(&Space::discrete(3), &[3]).is_err());
        assert!(plan(&old, &[usize::MAX, 5]).is_err());
    }
}
