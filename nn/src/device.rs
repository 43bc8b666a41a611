//! Where tensors lie and are computed with: `cpu`, or a graphics processor.
//!
//! The part of libtorch for graphics processors is not linked but loaded, once somebody asks for
//! one: linked, a program would not start where its libraries are missing.

use crate::{NnError, freed};
use libloading::os::unix::{Library, RTLD_GLOBAL, RTLD_NOW};
use std::sync::OnceLock;
use tch::{Cuda, Device};

/// Whether the part for graphics processors is loaded, or why not.
static LOADED: OnceLock<Result<(), String>> = OnceLock::new();

/// The device `name`: `cpu`, `cuda` (the first graphics processor) or `cuda:N`.
///
/// To be called before anything else of libtorch is: it looks for graphics processors once, and
/// those that it does not find then it never will.
///
/// # Errors
///
/// [`NnError::Device`] where there is no such device, with what is missing.
pub fn device(name: &str) -> Result<Device, NnError> {
    freed::keep();
    let refused = |reason: String| NnError::Device { name: name.to_owned(), reason };
    let index = match name.split_once(':') {
        _ if name == "cpu" => return Ok(Device::Cpu),
        None if name == "cuda" => Some(0),
        Some(("cuda", index)) => index.parse::<usize>().ok(),
        _ => None,
    };
    let index =
        index.ok_or_else(|| refused("devices are `cpu`, `cuda` and `cuda:N`".to_owned()))?;
    LOADED.get_or_init(load).clone().map_err(refused)?;
    let found = usize::try_from(Cuda::device_count()).unwrap_or(0);
    match found {
        0 => Err(refused(
            "libtorch finds no graphics processor on this machine; use `cpu`".to_owned(),
        )),
        _ if index < found => Ok(Device::Cuda(index)),
        1 => Err(refused("this machine has one graphics processor, `cuda:0`".to_owned())),
        _ => Err(refused(format!("this machine has `cuda:0` to `cuda:{}`", found - 1))),
    }
}

fn load() -> Result<(), String> {
    // SAFETY: what the library runs when it is loaded is meant to be run so: it adds its
    // operations to libtorch's own.
    let library = unsafe { Library::open(Some("libtorch_cuda.so"), RTLD_NOW | RTLD_GLOBAL) };
    let library = library.map_err(|error| {
        format!("the part of libtorch for graphics processors cannot be loaded ({error}); install the whole of PyTorch, or use `cpu`")
    })?;
    // It stays for as long as the process does.
    std::mem::forget(library);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::device;
    use tch::Device;

    #[test]
    fn names_of_devices() {
        assert_eq!(device("cpu").unwrap(), Device::Cpu);
        for name in ["gpu", "cuda:", "cuda:x", "cuda:-1", ""] {
            let error = device(name).unwrap_err().to_string();
            let expected =
                format!("there is no device `{name}`: devices are `cpu`, `cuda` and `cuda:N`");
            assert_eq!(error, expected);
        }
    }

    #[test]
    fn one_that_is_not_there_is_refused() {
        // No machine has that many.
        let error = device("cuda:4096").unwrap_err().to_string();
        assert!(error.starts_with("there is no device `cuda:4096`: "), "{error}");
    }
}
