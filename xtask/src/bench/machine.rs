//! The machine that was measured on.

use serde_json::{Value, json};

/// Processor, cores, and how busy it was in the last minute.
pub(super) fn machine() -> Value {
    let read = |path| fs_err::read_to_string(path).unwrap_or_default();
    let cpuinfo = read("/proc/cpuinfo");
    let model = cpuinfo.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    let load = read("/proc/loadavg").split(' ').next().and_then(|load| load.parse::<f64>().ok());
    json!({
        "processor": model.map(|(_, name)| name.trim()),
        "cores": std::thread::available_parallelism().ok().map(|n| n.get()),
        "load": load,
    })
}
