//! Rules for a single file: its opening page, its length, its line ends, and
//! what must not be named in it.

/// Lines a source file may have. Longer ones hold more than one idea.
const LONGEST: usize = 800;

/// Hosts of package registries: which registry a machine uses is its own setting.
const HOSTS: &[&str] = &[
    concat!("crates", ".io"),
    concat!("pypi", ".org"),
    concat!("pythonhosted", ".org"),
    concat!("registry.npmjs", ".org"),
    concat!("proxy.golang", ".org"),
    concat!("conda.anaconda", ".org"),
];

/// Folders of the machines that the project was written on.
const FOLDERS: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/opt/", "upstream"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
];

/// Findings in the file at `path` (relative, `/` between the parts).
pub(super) fn check(path: &str, text: &str) -> Vec<String> {
    let mut findings = Vec::new();
    let (_, extension) = path.rsplit_once('.').unwrap_or_default();
    // Written by cargo: names its registry.
    if path == "Cargo.lock" || path.ends_with("/Cargo.lock") {
        return findings;
    }
    if extension == "rs" {
        if !text.starts_with("//!") {
            findings.push(format!("{path}:1: does not open with a `//!` page"));
        }
        let lines = text.lines().count();
        if lines > LONGEST && !in_tests(path) {
            findings.push(format!("{path}:{lines}: over {LONGEST} lines"));
        }
    }
    let written_by_hand = ["rs", "toml", "md", "yaml", "yml", "py", "sh"].contains(&extension);
    if written_by_hand && !text.is_empty() && !text.ends_with('\n') {
        findings.push(format!("{path}: no line end at the end"));
    }
    for (number, line) in (1..).zip(text.lines()) {
        if written_by_hand && line.ends_with([' ', '\t']) {
            findings.push(format!("{path}:{number}: space at the end of the line"));
        }
        if let Some(host) = HOSTS.iter().find(|host| line.contains(*host)) {
            findings.push(format!("{path}:{number}: names a package registry, {host}"));
        }
        if let Some(folder) = FOLDERS.iter().find(|folder| names_folder(line, folder)) {
            findings.push(format!("{path}:{number}: names a machine's folder, {folder}"));
        }
    }
    findings
}

fn in_tests(path: &str) -> bool {
    path.split('/').any(|part| part == "tests" || part == "tests.rs")
}

/// Whether `folder` stands in the line as an absolute path, not inside another.
fn names_folder(line: &str, folder: &str) -> bool {
    let inside =
        |before: &str| before.ends_with(|c: char| c.is_alphanumeric() || "_-./})".contains(c));
    line.match_indices(folder).any(|(at, _)| !inside(&line[..at]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> String {
        check(path, text).join("\n")
    }

    #[test]
    fn pages() {
        assert_eq!(found("a/b.rs", "//! Page.\n"), "");
        assert_eq!(found("a/b.rs", "// No page.\n"), "a/b.rs:1: does not open with a `//!` page");
    }

    #[test]
    fn lengths() {
        let long = format!("//! Page.\n{}", "\n".repeat(800));
        assert_eq!(found("a/b.rs", &long), "a/b.rs:801: over 800 lines");
        assert_eq!(found("a/tests/b.rs", &long), "");
        assert_eq!(found("a/b.rs", &long[..long.len() - 1]), "");
    }

    #[test]
    fn line_ends() {
        let text = "name: x \n\tend";
        let expected = "a.yaml: no line end at the end\na.yaml:1: space at the end of the line";
        assert_eq!(found("a.yaml", text), expected);
        assert_eq!(found("golden/a.txt", text), "");
    }

    #[test]
    fn registries() {
        for host in HOSTS {
            let line = format!("see https://{host}/x\n");
            assert_eq!(found("a.md", &line), format!("a.md:1: names a package registry, {host}"));
            assert_eq!(found("Cargo.lock", &line), "");
        }
    }

    #[test]
    fn machine_folders() {
        for folder in FOLDERS {
            let line = format!("\ncd {folder}x\n");
            let expected = format!("a.md:2: names a machine's folder, {folder}");
            assert_eq!(found("a.md", &line), expected);
            assert_eq!(found("a.md", &format!("cd src{folder}x\n")), "");
        }
    }
}
