//! `tella report`: a page, figures and tables about runs, agents side by side.

mod sides;

use super::metric::{BootstrapArgs, pick};
use super::metrics::Measuring;
use super::{CliError, CliResult, Exit, compare, ste};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde_json::json;
use std::io::Write;
use std::path::PathBuf;
use tella_metrics::catalogue;
use tella_metrics::told::message;
use tella_report::{Format, Formats, PAGE, Report, ReportError, Request, Study};

/// Arguments of `tella report`.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "tella report [OPTIONS] <RUN>...\n       tella report [OPTIONS] <A>... vs <B>..."
)]
pub(super) struct Args {
    /// Run folders or L2Logger scenarios, each an agent of its own; or those of an agent, the
    /// word `vs`, those of the next
    #[arg(required = true, num_args = 1.., value_name = "RUN")]
    runs: Vec<String>,

    /// The folder to write into, which must not exist or be empty
    #[arg(short, long, default_value = "report")]
    out: PathBuf,

    /// Delete a report that is there already
    #[arg(long)]
    force: bool,

    /// What is written: the page, figures as SVG and PNG, tables in the other formats
    #[arg(long, value_parser = formats(), value_delimiter = ',', default_values = Format::ALL.map(Format::name))]
    formats: Vec<Format>,

    /// Metrics or families that are told, as `tella metric list` names them; all where none is
    /// named
    #[arg(long, value_name = "NAME")]
    metric: Vec<String>,

    #[command(flatten)]
    measuring: Measuring,

    #[command(flatten)]
    bootstrap: BootstrapArgs,

    /// Print what was written as JSON
    #[arg(long)]
    json: bool,
}

/// The format of a name on the command line.
fn formats() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(Format::name)).map(|name| {
        let named = Format::ALL.into_iter().find(|format| format.name() == name);
        named.expect("one of the possible values")
    })
}

pub(super) fn run(args: Args, out: &mut impl Write) -> CliResult {
    let compared: Vec<String> = match args.metric.as_slice() {
        [] => compare::METRICS.map(str::to_owned).to_vec(),
        names => names.to_vec(),
    };
    let metrics = match args.metric.as_slice() {
        [] => catalogue::metrics().collect(),
        names => pick(names)?,
    };
    let study = Study::read(Request {
        sides: sides::sides(&args.runs)?,
        metrics,
        compared: pick(&compared)?,
        settings: args.measuring.settings()?,
        store: ste::experts(args.measuring.ste_store.as_deref())?,
        bootstrap: args.bootstrap.bootstrap(),
    })?;
    let report = Report::new(&study)?;
    let files = report.write(&args.out, &Formats::new(&args.formats), args.force)?;
    for note in &report.notes {
        tracing::warn!("{}", message(note));
    }
    if args.json {
        let files: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
        let told = json!({"title": report.title, "files": files, "notes": report.notes});
        writeln!(out, "{told:#}")?;
    } else {
        let page = args.out.join(PAGE);
        let shown = if files.contains(&page) { page } else { args.out.clone() };
        writeln!(out, "{}", shown.display())?;
    }
    let damaged = study.sides.iter().any(|side| !side.cohort.damaged.is_empty());
    Ok(if damaged { Exit::Corrupt } else { Exit::Ok })
}

impl From<ReportError> for CliError {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::Event(error) => error.into(),
            ReportError::Ste(error) => error.into(),
            ReportError::InTheWay { what: "exists and is not empty", .. } => Self::usage(&error)
                .hint("choose another -o; --force deletes a report that is there already"),
            ReportError::InTheWay { .. } => {
                Self::usage(&error).hint("choose another -o: --force deletes nothing but reports")
            }
            ReportError::Encode { .. } => Self::new(Exit::Bug, error),
            ReportError::Damaged(_) => Self::new(Exit::Corrupt, error),
            ReportError::Settings(_) | ReportError::Nothing(_) => Self::usage(error),
        }
    }
}
