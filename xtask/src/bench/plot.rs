//! The picture of what [`curve`](super::curve) measured.

use anyhow::{Result, ensure};
use std::path::Path;
use std::process::Command;
use tella_reference::Stack;

/// Draws the JSON in `from` to the SVG `to`.
pub fn plot(from: &Path, to: &Path) -> Result<()> {
    let drawn = Command::new(Stack::L2M.install()?)
        .arg(tella_reference::scripts().join("plot_speed.py"))
        .args([from, to])
        .status()?;
    ensure!(drawn.success(), "plot_speed.py failed");
    Ok(())
}
