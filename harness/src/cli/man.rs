//! `tella man`: the manual, from the same tree as the help.

use super::{CliError, CliResult, Exit};
use std::io::Write;
use std::path::PathBuf;
use tella_events::EventError;

/// Arguments of `tella man`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Write a page for each command into this folder instead, and print the pages' paths
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(super) fn run(args: Args, out: &mut impl Write) -> CliResult {
    let mut command = super::visible_command().disable_help_subcommand(true);
    command.build();
    let Some(dir) = args.out else {
        out.write_all(&page(command)?)?;
        return Ok(Exit::Ok);
    };
    fs_err::create_dir_all(&dir).map_err(|e| EventError::io(&dir, e))?;
    for (name, command) in pages(command) {
        let path = dir.join(format!("{name}.1"));
        fs_err::write(&path, page(command)?)
            .map_err(|e| CliError::from(EventError::io(&path, e)))?;
        writeln!(out, "{}", path.display())?;
    }
    Ok(Exit::Ok)
}

/// Each command of the tree under the name of its page: `tella-log-check`.
fn pages(command: clap::Command) -> Vec<(String, clap::Command)> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned();
    let below: Vec<_> = command.get_subcommands().cloned().flat_map(pages).collect();
    std::iter::once((name, command)).chain(below).collect()
}

/// A command's page.
fn page(command: clap::Command) -> std::io::Result<Vec<u8>> {
    let ends = command.get_after_help().map(|help| sections(&help.to_string())).unwrap_or_default();
    let has_options = command.get_arguments().any(|arg| !arg.is_hide_set());
    let has_commands = command.has_subcommands();
    let man = clap_mangen::Man::new(command);
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    if has_options {
        man.render_options_section(&mut page)?;
    }
    if has_commands {
        man.render_subcommands_section(&mut page)?;
    }
    page.extend(ends.bytes());
    Ok(page)
}

/// The end of a help text, headings and indented lines, as sections whose lines are kept.
fn sections(help: &str) -> String {
    let mut roff = String::new();
    for line in help.lines().filter(|line| !line.is_empty()) {
        match line.strip_suffix(':').filter(|_| !line.starts_with(' ')) {
            Some(heading) => roff.push_str(&format!(".SH {}\n", heading.to_uppercase())),
            None => {
                let text = line.trim_start().replace('\\', "\\e").replace('-', "\\-");
                roff.push_str(&format!(".nf\n\\&{text}\n.fi\n"));
            }
        }
    }
    roff
}
