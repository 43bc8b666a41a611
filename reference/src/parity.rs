//! What a comparison step by step covered, for `cargo xtask parity`.

use std::io::Write;

/// Variable that names the file to which rows are added; without it none are.
pub const TABLE: &str = "TELLA_PARITY_TABLE";

/// What was compared for one family of environments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The original: `minigrid 3.2.0`.
    pub original: String,
    /// The family.
    pub family: String,
    /// Environments, each under its id and as it is registered.
    pub ids: u64,
    /// Other parameters, each with one of these ids.
    pub variations: u64,
    /// Seeds for each.
    pub seeds: u64,
    /// Steps compared, over all of these.
    pub steps: u64,
    /// Runs of one seed in which anything differed.
    pub differences: u64,
}

impl Row {
    /// Adds this row to the table of `cargo xtask parity`, where that is running.
    pub fn record(&self) -> std::io::Result<()> {
        let Some(path) = std::env::var_os(TABLE) else { return Ok(()) };
        let line = format!(
            "{}\t{}\t{}\t{}\t{}\t{}\t{}\n",
            self.original,
            self.family,
            self.ids,
            self.variations,
            self.seeds,
            self.steps,
            self.differences
        );
        // One write: tests of several threads and processes add to the same file.
        let mut file = fs_err::OpenOptions::new().create(true).append(true).open(path)?;
        file.write_all(line.as_bytes())
    }

    /// The row that a line of the table holds.
    pub fn parse(line: &str) -> Option<Row> {
        let mut parts = line.split('\t');
        let (original, family) = (parts.next()?.to_owned(), parts.next()?.to_owned());
        let mut number = || parts.next()?.parse().ok();
        Some(Row {
            original,
            family,
            ids: number()?,
            variations: number()?,
            seeds: number()?,
            steps: number()?,
            differences: number()?,
        })
    }
}
