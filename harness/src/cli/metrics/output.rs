//! The files of `tella metrics -o`.
//!
//! | file | holds |
//! |---|---|
//! | `metrics.json` | what `--json` prints |
//! | `ll_metrics.tsv` | a row a lifetime: its metrics |
//! | `regime.tsv` | a row a regime: its values |
//! | `data.parquet`, `data.feather` | a row an experience: performance before and after each step of preprocessing |
//! | `settings.json` | all settings; `--settings` reads them |

use crate::cli::{CliError, Exit};
use arrow_array::RecordBatch;
use arrow_ipc::CompressionType;
use arrow_ipc::writer::{FileWriter, IpcWriteOptions};
use arrow_schema::SchemaRef;
use fs_err::{File, OpenOptions};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use tella_events::EventError;
use tella_metrics::Experiences;
use tella_metrics::l2metrics::{Data, Settings};
use tella_metrics::run::{Lifetime, RunMetrics, batches, lifetimes_tsv, regimes_tsv, schema};

/// The folder being filled.
pub(super) struct Output {
    dir: PathBuf,
    settings: Settings,
    schema: SchemaRef,
    parquet: ArrowWriter<File>,
    feather: FileWriter<BufWriter<File>>,
}

impl Output {
    /// Makes the folder, or takes an empty one.
    pub(super) fn create(dir: &Path, settings: &Settings) -> Result<Self, CliError> {
        let io = |e| CliError::from(EventError::io(dir, e));
        if dir.exists() && fs_err::read_dir(dir).map_err(io)?.next().is_some() {
            let dir = dir.display();
            return Err(CliError::usage(format!("{dir} exists and is not empty"))
                .hint("choose another -o: nothing is overwritten"));
        }
        fs_err::create_dir_all(dir).map_err(io)?;
        let schema = schema(settings);
        let (parquet, feather) = (dir.join("data.parquet"), dir.join("data.feather"));
        let zstd = Compression::ZSTD(Default::default());
        let properties = WriterProperties::builder().set_compression(zstd).build();
        let parquet = ArrowWriter::try_new(create(&parquet)?, schema.clone(), Some(properties))
            .map_err(internal)?;
        // pandas and polars read and write these files under the name Feather.
        let options = IpcWriteOptions::default()
            .try_with_compression(Some(CompressionType::LZ4_FRAME))
            .map_err(internal)?;
        let file = BufWriter::new(create(&feather)?);
        let feather = FileWriter::try_new_with_options(file, &schema, options).map_err(internal)?;
        Ok(Self { dir: dir.to_owned(), settings: settings.clone(), schema, parquet, feather })
    }

    /// Writes the rows of a lifetime.
    pub(super) fn data(
        &mut self,
        lifetime: &Lifetime,
        log: &Experiences,
        data: &Data,
    ) -> Result<(), CliError> {
        for batch in batches(self.schema.clone(), lifetime, log, data) {
            let batch: RecordBatch = batch.map_err(internal)?;
            self.parquet.write(&batch).map_err(internal)?;
            self.feather.write(&batch).map_err(internal)?;
        }
        Ok(())
    }

    /// Writes the other files and closes all.
    pub(super) fn finish(mut self, runs: &[RunMetrics], several: bool) -> Result<(), CliError> {
        self.parquet.close().map_err(internal)?;
        self.feather.finish().map_err(internal)?;
        let settings = serde_json::json!(self.settings);
        for (name, text) in [
            ("metrics.json", format!("{:#}\n", super::json(runs, several))),
            ("ll_metrics.tsv", lifetimes_tsv(runs)),
            ("regime.tsv", regimes_tsv(runs)),
            ("settings.json", format!("{settings:#}\n")),
        ] {
            let path = self.dir.join(name);
            fs_err::write(&path, text).map_err(|e| CliError::from(EventError::io(&path, e)))?;
        }
        Ok(())
    }
}

fn create(path: &Path) -> Result<File, CliError> {
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    file.map_err(|e| CliError::from(EventError::io(path, e)))
}

/// A file that cannot be written to its end: a full disk, as a rule.
fn internal(error: impl std::fmt::Display) -> CliError {
    CliError::new(Exit::Resumable, format!("cannot write the preprocessed data: {error}"))
}
