//! What a worker prints, the agent's words above all: kept in a file, up to a limit.

use std::io::{Read, Write};
use std::path::Path;
use std::process::ChildStderr;

/// What an agent may print before the rest is dropped.
const AGENT_LOG_LIMIT: u64 = 16 << 20;

/// What is remembered of output for which there is no file.
const MOST_UNKEPT: usize = 4096;

/// Lines of it that are told.
const LAST_LINES: usize = 8;

/// Appends what the worker prints to `log`, up to the limit; reads on beyond it so
/// that the worker never blocks. The end of what could not be kept, since the worker died before it
/// had made the folder.
pub(super) fn keep(mut stderr: ChildStderr, log: &Path) -> Vec<u8> {
    // What earlier processes of the same lifetime printed counts too.
    let mut kept = fs_err::metadata(log).map_or(0, |m| m.len()).min(AGENT_LOG_LIMIT);
    let mut buffer = vec![0; 1 << 16];
    let (mut file, mut unkept) = (None, Vec::new());
    while let Ok(n @ 1..) = stderr.read(&mut buffer) {
        let text = &buffer[..n.min((AGENT_LOG_LIMIT - kept) as usize)];
        kept += text.len() as u64;
        if file.is_none() {
            // The worker makes the folder before it makes the agent.
            file = fs_err::OpenOptions::new().append(true).create(true).open(log).ok();
        }
        match &mut file {
            Some(file) => {
                let _ = file.write_all(&std::mem::take(&mut unkept));
                let _ = file.write_all(text);
            }
            None => {
                unkept.extend_from_slice(text);
                unkept.drain(..unkept.len().saturating_sub(MOST_UNKEPT));
            }
        }
    }
    unkept
}

/// The last lines of what a worker said that nobody has kept, below what is told of its death.
pub(super) fn last_lines(unkept: &[u8]) -> String {
    let text = String::from_utf8_lossy(unkept);
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let last = &lines[lines.len().saturating_sub(LAST_LINES)..];
    last.iter().map(|line| format!("\n    {}", line.trim_end())).collect()
}
