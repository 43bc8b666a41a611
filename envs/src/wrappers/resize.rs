//! Scaling along the first two axes.

use super::gather::Gather;
use crate::{BoxSpace, EnvError, Space};

/// The arrangement that scales `space` to a height and width, and the space it leads to.
/// The middle of a new element, carried over to the old array, lies in the old element it takes.
pub(super) fn plan(space: &Space, size: [usize; 2]) -> Result<(Gather, Space), EnvError> {
    let Space::Box(old) = space else {
        return Err(EnvError(format!("resize is for Box observations, not {space}")));
    };
    let [height, width, rest @ ..] = old.shape.as_slice() else {
        return Err(EnvError(format!("resize needs two axes, {space} has fewer")));
    };
    if [size[0], size[1], *height, *width].contains(&0) {
        return Err(EnvError(format!("{space} cannot be resized to {size:?}: an axis is empty")));
    }
    let shape: Vec<usize> = size.iter().chain(rest).copied().collect();
    let nearest = |i: usize, new: usize, old: usize| (2 * i + 1) * old / (2 * new);
    let gather = Gather::new(old, &shape, |at| {
        let mut at = at.to_vec();
        at[0] = nearest(at[0], size[0], *height);
        at[1] = nearest(at[1], size[1], *width);
        Some(at)
    })?;
    let low = gather.arrange(&old.low, 0.0);
    let high = gather.arrange(&old.high, 0.0);
    Ok((gather, Space::Box(BoxSpace { low, high, shape, dtype: old.dtype })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Dtype;
    use crate::wrappers::tests::translate;
    use serde_json::json;

    #[test]
    fn each_element_is_the_nearest_old_one() {
        let old = Space::uniform_box(0.0, 255.0, &[2, 4], Dtype::Uint8);
        let image = json!([[1, 2, 3, 4], [5, 6, 7, 8]]);
        let resized = |size| translate(&old, &plan(&old, size).unwrap(), &image);
        assert_eq!(resized([2, 4]), image);
        // Of an even number of old elements the later middle one.
        assert_eq!(resized([1, 2]), json!([[6, 8]]));
        assert_eq!(
            resized([4, 4]),
            json!([[1, 2, 3, 4], [1, 2, 3, 4], [5, 6, 7, 8], [5, 6, 7, 8]])
        );
    }

    #[test]
    fn channels_stay_together() {
        let old = Space::uniform_box(0.0, 255.0, &[1, 2, 3], Dtype::Uint8);
        let plan = plan(&old, [1, 1]).unwrap();
        assert_eq!(translate(&old, &plan, &json!([[[1, 2, 3], [4, 5, 6]]])), json!([[[4, 5, 6]]]));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let row = Space::uniform_box(0.0, 1.0, &[5], Dtype::Uint8);
        let image = Space::uniform_box(0.0, 1.0, &[5, 5], Dtype::Uint8);
        assert!(plan(&row, [1, 1]).is_err());
        assert!(plan(&image, [0, 1]).is_err());
        assert!(plan(&image, [1 << 20, 1 << 20]).is_err());
        assert!(plan(&Space::discrete(4), [1, 1]).is_err());
    }
}
