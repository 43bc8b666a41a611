//! Codes: each value of a code has a row of weights of its own, and what is seen is the sum of these rows.

use super::eyes::ALPHABET;
use crate::shim::made;
use std::ffi::{c_char, c_void};
use tch::{Kind, Tensor};

unsafe extern "C" {
    fn tella_sums_of_codes(
        codes: *const c_void,
        table: *const c_void,
        why: *mut c_char,
        room: usize,
    ) -> *mut c_void;
}

/// What `embedding_bag` does with the rows of a bag.
const SUM: i64 = 0;

/// The sums (N, W) for codes (N, C), bytes below [`ALPHABET`], of the rows of each of `tables` (C * [`ALPHABET`], W), all of one
/// width.
///
/// On a graphics processor, where a look-up's gradient is added up place by place, all tables are multiplied at once with
/// ones in the codes' places (`codes.cpp`); the sums' error is 1e-5 of the weights.
///
/// # Panics
///
/// Where libtorch refuses, as its own operations do.
pub(super) fn sums(codes: &Tensor, tables: &[&Tensor]) -> Vec<Tensor> {
    if codes.device().is_cuda() {
        let all = multiplied(codes, &Tensor::cat(tables, 1));
        return all.chunk(tables.len() as i64, 1);
    }
    let first = Tensor::arange(codes.size()[1], (Kind::Int64, codes.device())) * ALPHABET;
    let places = codes.to_kind(Kind::Int64) + first;
    tables.iter().map(|table| looked_up(&places, table)).collect()
}

/// One sum a row of `places` (N, C), without the rows of weights that it is made of.
fn looked_up(places: &Tensor, table: &Tensor) -> Tensor {
    let count = (Kind::Int64, places.device());
    let begins = Tensor::arange_start_step(0, places.numel() as i64, places.size()[1], count);
    let flat = places.flatten(0, 1);
    let none = None::<&Tensor>;
    Tensor::embedding_bag(table, &flat, &begins, false, SUM, false, none, false).0
}

fn multiplied(codes: &Tensor, table: &Tensor) -> Tensor {
    let [codes, table] = [codes, table].map(|tensor| tensor.as_ptr() as *const c_void);
    // SAFETY: both are libtorch's tensors, which outlive the call.
    made(|why, room| unsafe { tella_sums_of_codes(codes, table, why, room) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tch::Device;
    use tella_rng::Generator;

    /// Sums and gradients against loops over numbers. Where a graphics processor is to be tested (`TELLA_TEST_DEVICE`), there too.
    #[test]
    fn sums_of_rows() {
        let other = std::env::var("TELLA_TEST_DEVICE").ok();
        let other = other.map(|name| crate::device(&name).unwrap());
        let (count, codes, width) = (37, 5, 6);
        let mut rng = Generator::new(3);
        let seen: Vec<u8> = (0..count * codes).map(|_| rng.integers(0, ALPHABET) as u8).collect();
        let mut normals =
            |n: usize| -> Vec<f32> { (0..n).map(|_| rng.standard_normal() as f32).collect() };
        let rows = codes * ALPHABET as usize;
        let tables = [normals(rows * width), normals(rows * width)];
        let gradients = [normals(count * width), normals(count * width)];
        let row = |i: usize, c: usize| c * ALPHABET as usize + usize::from(seen[i * codes + c]);
        for device in [Device::Cpu].into_iter().chain(other) {
            let on = |values: &[f32]| {
                Tensor::from_slice(values).view([-1, width as i64]).to_device(device)
            };
            let on_device = tables.each_ref().map(|table| on(table).set_requires_grad(true));
            let of = Tensor::from_slice(&seen).view([-1, codes as i64]).to_device(device);
            let found = sums(&of, &on_device.each_ref());
            let loss =
                found.iter().zip(&gradients).map(|(sums, g)| (sums * on(g)).sum(Kind::Float));
            let back = Tensor::run_backward(&[loss.sum::<Tensor>()], &on_device, false, false);
            for k in 0..tables.len() {
                let mut expected = vec![0.0; count * width];
                let mut gradient = vec![0.0; rows * width];
                for (i, c, w) in places(count, codes, width) {
                    expected[i * width + w] += tables[k][row(i, c) * width + w];
                    gradient[row(i, c) * width + w] += gradients[k][i * width + w];
                }
                for (found, expected) in [(&found[k], expected), (&back[k], gradient)] {
                    let off = (found - on(&expected)).abs().max().double_value(&[]);
                    assert!(off < 1e-4, "{device:?}: {off}");
                }
            }
        }
    }

    fn places(
        count: usize,
        codes: usize,
        width: usize,
    ) -> impl Iterator<Item = (usize, usize, usize)> {
        (0..count * codes * width).map(move |i| (i / codes / width, i / width % codes, i % width))
    }
}
