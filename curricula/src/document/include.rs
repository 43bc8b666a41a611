//! `include`: the text of another file in place of a mapping or list.
//!
//! Only files inside the curriculum's own folder are included, so that a curriculum
//! that was sent to somebody reads nothing else of that person's: no absolute paths, no
//! `..`, no link that leads out. Every included file is one of the document's sources,
//! so that messages name it.

use super::hints::near;
use super::node::{self, MAX_BYTES, Node, Value, quote};
use crate::diagnostics::{Diagnostics, Reporter, Sources, Span};
use crate::{CurriculumError, load};
use std::path::{Component, Path, PathBuf};

/// The key whose value names the files.
const KEY: &str = "include";

/// Most files within files.
const MAX_DEPTH: usize = 16;

/// Most includes of a document, repeated ones counted again.
const MAX_INCLUDES: usize = 1000;

/// A file being read.
struct Open {
    /// Its name in messages.
    name: String,
    /// Its true place, which no link hides.
    place: PathBuf,
}

/// Puts the files that a document includes into its tree; `folder` is where it lies, or
/// `None` where it is no file. Returns whether it includes any, and what is wrong.
pub(crate) fn expand(
    root: &mut Node,
    file: &str,
    folder: Option<&Path>,
    sources: &mut Sources,
) -> (bool, Diagnostics) {
    let folder = folder.map(|folder| match folder.as_os_str().is_empty() {
        true => Path::new("."),
        false => folder,
    });
    let place = |path: &Path| fs_err::canonicalize(path).ok();
    let mut includer = Includer {
        folder: folder.and_then(place),
        sources,
        open: vec![Open {
            name: file.to_owned(),
            place: place(Path::new(file)).unwrap_or_default(),
        }],
        includes: 0,
        bytes: 0,
        found: Diagnostics::default(),
    };
    includer.walk(root);
    (includer.includes > 0, includer.found)
}

struct Includer<'s> {
    /// The folder that holds everything, its true place.
    folder: Option<PathBuf>,
    sources: &'s mut Sources,
    /// The files being read, each included by the one before it.
    open: Vec<Open>,
    includes: usize,
    bytes: usize,
    found: Diagnostics,
}

impl Includer<'_> {
    fn walk(&mut self, node: &mut Node) {
        match &mut node.value {
            Value::Seq(items) => {
                let mut all = Vec::with_capacity(items.len());
                for mut item in std::mem::take(items) {
                    let alone = is_include(&item);
                    self.walk(&mut item);
                    match item.value {
                        // A list that stands for an item is items.
                        Value::Seq(included) if alone => all.extend(included),
                        value => all.push(Node { value, ..item }),
                    }
                }
                *items = all;
            }
            Value::Map(entries) => {
                let is_key = |(key, _): &(Node, Node)| key.text() == Some(KEY);
                entries.iter_mut().filter(|e| !is_key(e)).for_each(|(_, value)| self.walk(value));
                if !entries.iter().any(is_key) {
                    return;
                }
                let (given, others): (Vec<_>, Vec<_>) =
                    std::mem::take(entries).into_iter().partition(is_key);
                self.include(node, given, others);
            }
            _ => {}
        }
    }

    /// Puts the files named by `given` into `node`, a mapping whose other entries are
    /// `others`.
    fn include(&mut self, node: &mut Node, given: Vec<(Node, Node)>, others: Vec<(Node, Node)>) {
        let mut paths = Vec::new();
        for (_, value) in given {
            match value.value {
                Value::Seq(items) => paths.extend(items),
                value_of => paths.push(Node { value: value_of, ..value }),
            }
        }
        let alone = paths.len() == 1 && others.is_empty();
        let mut entries = Vec::new();
        for path in paths {
            let Some(mut file) = self.load(&path) else {
                if alone {
                    node.value = Value::Broken;
                    return;
                }
                entries.push(broken(path.span));
                continue;
            };
            self.walk(&mut file);
            self.open.pop();
            match file.value {
                value if alone => {
                    *node = Node { value, ..file };
                    return;
                }
                Value::Map(included) => entries.extend(included),
                // What it includes itself was reported.
                Value::Broken => entries.push(broken(path.span)),
                _ => {
                    let hint = "include it as an item of a list, or as the whole value of a key";
                    self.error(
                        path.span,
                        "this file holds no mapping, and is included among the keys of one".into(),
                        Some(hint.into()),
                    );
                    entries.push(broken(path.span));
                }
            }
        }
        entries.extend(others);
        node.value = Value::Map(entries);
    }

    /// Reads and parses a file and notes it as open.
    fn load(&mut self, path: &Node) -> Option<Node> {
        self.includes += 1;
        let Some(name) = path.text() else {
            let message = "`include` names a file, or a list of files";
            self.error(path.span, message.into(), Some("as in `include: tasks.yaml`".into()));
            return None;
        };
        let open = self.find(name, path.span)?;
        if self.includes > MAX_INCLUDES {
            let message = format!("more than {MAX_INCLUDES} includes, so many are allowed");
            self.error(path.span, message, None);
            return None;
        }
        let text = match load::read(&open.place) {
            Ok(text) => text,
            Err(CurriculumError::Invalid(found)) => {
                self.found.merge(found);
                return None;
            }
            Err(CurriculumError::File { message, .. }) => {
                self.error(
                    path.span,
                    format!("{} cannot be read: {message}", quote(name)),
                    Some("an include names a file in the folder of this one".into()),
                );
                return None;
            }
            Err(CurriculumError::Unknown { .. }) => return None,
        };
        self.bytes += text.len();
        if self.bytes > MAX_BYTES {
            let message = format!(
                "the included files are too large, at most {} MiB are allowed",
                MAX_BYTES >> 20
            );
            self.error(path.span, message, None);
            return None;
        }
        let source = self.sources.add(&open.name, &text);
        let mut report = Reporter::new(self.sources);
        let node = node::parse(source, node::Size::Limited, &mut report);
        self.found.merge(report.finish());
        let node = node?;
        self.open.push(open);
        Some(node)
    }

    /// The file that `name` means, where it may be included from the file being read.
    fn find(&mut self, name: &str, span: Span) -> Option<Open> {
        let Some(folder) = self.folder.clone() else {
            let message = "nothing can be included here: this text is no file in a folder";
            self.error(span, message.into(), Some("write the content out".into()));
            return None;
        };
        let inward = |c| matches!(c, Component::Normal(_) | Component::CurDir);
        let inside = Path::new(name).components().all(inward);
        if !inside || name.is_empty() {
            let message = format!("{} may lead out of the curriculum's folder", quote(name));
            let hint = "name it from the folder of this file on, without `..` and `/` at the front";
            self.error(span, message, Some(hint.into()));
            return None;
        }
        let beside = |path: &Path| path.parent().unwrap_or(Path::new("")).join(name);
        let including = self.open.last()?;
        let shown = beside(Path::new(&including.name)).to_string_lossy().into_owned();
        let path = beside(&including.place);
        let place = match fs_err::canonicalize(&path) {
            Ok(place) => place,
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                self.error(span, format!("{} cannot be read: {e}", quote(name)), None);
                return None;
            }
            Err(_) => {
                let near = nearest(&path).map(|near| format!("did you mean `{near}`? "));
                let rule = "files are looked for from the folder of this file on";
                let hint = format!("{}{rule}", near.unwrap_or_default());
                self.error(span, format!("there is no file {}", quote(name)), Some(hint));
                return None;
            }
        };
        if !place.starts_with(&folder) {
            let message = format!("{} leads out of the curriculum's folder by a link", quote(name));
            self.error(span, message, Some("put a copy of the file there".into()));
            return None;
        }
        let open = Open { name: shown, place };
        let chain = || {
            let names = self.open.iter().chain([&open]).map(|o| o.name.as_str());
            names.collect::<Vec<_>>().join(" -> ")
        };
        if self.open.iter().any(|o| o.place == open.place) {
            let message = format!("the file includes itself: {}", chain());
            self.error(span, message, Some("a file is allowed to include others only".into()));
            return None;
        }
        if self.open.len() > MAX_DEPTH {
            let message = format!("too many files within files: {}", chain());
            self.error(span, message, Some(format!("at most {MAX_DEPTH} are allowed")));
            return None;
        }
        Some(open)
    }

    fn error(&mut self, span: Span, message: String, hint: Option<String>) {
        let mut report = Reporter::new(self.sources);
        report.error(span, message).maybe_hint(hint);
        self.found.merge(report.finish());
    }
}

/// An entry in place of those that a file would have given.
fn broken(span: Span) -> (Node, Node) {
    let node = Node { span, defined: span, value: Value::Broken };
    (node.clone(), node)
}

/// Whether a node is nothing but an include.
fn is_include(node: &Node) -> bool {
    let Value::Map(entries) = &node.value else { return false };
    matches!(&entries[..], [(key, _)] if key.text() == Some(KEY))
}

/// The file that is there and has the name nearest to that of `path`.
fn nearest(path: &Path) -> Option<String> {
    let entries = fs_err::read_dir(path.parent()?).ok()?;
    let names = entries.filter_map(|e| e.ok()?.file_name().into_string().ok());
    let mut names: Vec<String> = names.take(1000).collect();
    names.sort_unstable();
    let wanted = path.file_name()?.to_str()?;
    near(wanted, names.iter().map(String::as_str)).map(str::to_owned)
}
