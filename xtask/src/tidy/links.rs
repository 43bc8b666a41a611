//! Links of the documents: a relative one leads to a file, and what stands behind `#` is one of
//! its headings.

use std::collections::HashMap;

/// Findings in all documents; `files` are paths and texts, `exists` tells of any path.
pub(super) fn check(files: &[(String, String)], exists: impl Fn(&str) -> bool) -> Vec<String> {
    let documents = || files.iter().filter(|(path, _)| path.ends_with(".md"));
    let anchors: HashMap<&str, Vec<String>> =
        documents().map(|(path, text)| (path.as_str(), anchors(text))).collect();
    let mut findings = Vec::new();
    for (path, text) in documents() {
        for (number, target) in links(text) {
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let file = if file.is_empty() { path.clone() } else { resolve(path, file) };
            if !exists(&file) {
                findings.push(format!("{path}:{number}: the link `{target}` leads nowhere"));
            } else if !anchor.is_empty()
                && !anchors.get(file.as_str()).is_some_and(|all| all.iter().any(|a| a == anchor))
            {
                findings.push(format!("{path}:{number}: `{file}` has no heading `#{anchor}`"));
            }
        }
    }
    findings
}

/// The lines of a document outside of fenced blocks, with their numbers.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    (1..).zip(text.lines()).filter(move |(_, line)| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    })
}

/// The targets of a document's links within the repository, with their lines.
fn links(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (number, line) in prose(text) {
        // What stands between backquotes is no link; a link's text may hold some.
        for part in line.split('`').step_by(2) {
            for after in part.split("](").skip(1) {
                let Some((target, _)) = after.split_once(')') else { continue };
                if !target.contains(':') {
                    found.push((number, target));
                }
            }
        }
    }
    found
}

/// The ids that mdBook gives to a document's headings.
fn anchors(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut times: HashMap<String, usize> = HashMap::new();
    for (_, line) in prose(text) {
        let title = line.trim_start_matches('#');
        if title.len() == line.len() || !title.starts_with(' ') {
            continue;
        }
        let id: String = title
            .trim()
            .chars()
            .filter_map(|c| match c {
                c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c.to_ascii_lowercase()),
                c if c.is_whitespace() => Some('-'),
                _ => None,
            })
            .collect();
        let times = times.entry(id.clone()).or_default();
        found.push(if *times == 0 { id } else { format!("{id}-{times}") });
        *times += 1;
    }
    found
}

/// `target` as seen from the file at `path`, without `.` and `..`.
fn resolve(path: &str, target: &str) -> String {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let other = "# One, `two`\n\n```\n# no heading\n```\n## Again\n## Again\n".to_owned();
        let files =
            vec![("docs/a.md".to_owned(), text.to_owned()), ("docs/b/c.md".to_owned(), other)];
        check(&files, |path| ["docs/a.md", "docs/b/c.md", "docs/x.png"].contains(&path))
    }

    #[test]
    fn links_lead_somewhere() {
        let good = "# Top\n[c](b/c.md) ![x](./x.png) [`code`](b/c.md#one-two) [top](#top)\n\
                    [again](b/../b/c.md#again-1) [web](https://a.b/c) `[no](link)`\n\
                    ```\n[no](link)\n```\n";
        assert_eq!(found(good), [""; 0]);
    }

    #[test]
    fn links_that_lead_nowhere() {
        assert_eq!(
            found("[a](nowhere.md)\n\n[b](b/c.md#no-heading)\n[c](#top)\n"),
            [
                "docs/a.md:1: the link `nowhere.md` leads nowhere",
                "docs/a.md:3: `docs/b/c.md` has no heading `#no-heading`",
                "docs/a.md:4: `docs/a.md` has no heading `#top`",
            ]
        );
    }
}
