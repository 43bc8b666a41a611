//! The browser that pages are tested in.

use super::debian;
use anyhow::Result;
use std::process::Command;

const NEEDED: &str = "the tests open report pages in a browser: install chromium, so that \
                      `chromium --version` works, then run this again";

/// Makes sure that it is there.
pub(super) fn install() -> Result<()> {
    if debian::succeeds(Command::new("chromium").arg("--version")) {
        return Ok(());
    }
    // Recommended packages left out, no font comes with it.
    debian::install(&["chromium", "fonts-dejavu-core"], NEEDED)
}
