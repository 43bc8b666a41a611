//! Files that a person would not write: the table of `docs/src/reference/hostile-files.md`, one
//! by one. Used by `tests/hostile.rs` and by the benchmark `examples/hostile.rs`.

/// A file and what becomes of it.
pub(crate) struct HostileFile {
    /// What it is.
    pub(crate) name: &'static str,
    /// What it holds.
    pub(crate) bytes: Vec<u8>,
    /// Whether it is a sound curriculum.
    pub(crate) accepted: bool,
}

/// A sound curriculum but for what follows.
pub(crate) const HEAD: &str = "schema: 1\nname: x\ntasks:\n  P: CartPole-v1\n";
const BLOCKS: &str = "blocks:\n  - {learn: P, episodes: 5}\n";

/// Ten levels of ten aliases each.
fn laughs(leaf: &str) -> String {
    let mut text = format!("a0: &a0 {leaf}\n");
    for i in 1..10 {
        let aliases = vec![format!("*a{}", i - 1); 10].join(", ");
        text += &format!("a{i}: &a{i} [{aliases}]\n");
    }
    text
}

/// A curriculum whose block has this length.
fn length(written: &str) -> String {
    format!("{HEAD}blocks:\n  - {{learn: P, episodes: {written}}}\n")
}

fn utf16(text: &str, mark: bool, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let mark = mark.then_some(0xfeff);
    mark.into_iter().chain(text.encode_utf16()).flat_map(bytes).collect()
}

/// All of them; a few are some megabytes large.
pub(crate) fn hostile_files() -> Vec<HostileFile> {
    const MB: usize = 1_000_000;
    let good = format!("{HEAD}{BLOCKS}");
    let long = |megabytes: usize| "x".repeat(megabytes * MB);
    let lines: String = (0..20_000).map(|i| format!("k{i}: {i}\n")).collect();
    let tasks: String = (0..10_000).map(|i| format!("  T{i}: Quake\n")).collect();
    let nested: String = (0..3000).map(|i| format!("{}a:\n", " ".repeat(i))).collect();
    let with = |more: &str| format!("{good}{more}");
    let merged = "<<: *a\n".repeat(10_000);
    let refused: Vec<(&'static str, Vec<u8>)> = vec![
        ("billion laughs", laughs("x").into()),
        ("billion laughs in lists", laughs("[x, x, x, x, x, x, x, x, x, x]").into()),
        (
            "many aliases of a long text",
            with(&format!("a: &a {}\nb: [{}]\n", "x".repeat(MB / 10), "*a,".repeat(10_000))).into(),
        ),
        ("many merge keys", format!("a: &a {{b: c}}\n{merged}{good}").into()),
        ("an alias inside its anchor", "a: &a [*a]\n".into()),
        ("depth 20,000, flow", format!("a: {}", "[".repeat(20_000)).into()),
        ("depth 20,000, closed", format!("a: {}{}", "[".repeat(20_000), "]".repeat(20_000)).into()),
        ("depth 20,000, mappings", format!("a: {}", "{a: ".repeat(20_000)).into()),
        ("depth 20,000, items", format!("a:\n {}", "- ".repeat(20_000)).into()),
        ("depth 3,000, indented", nested.into()),
        ("10 MB as a block of text", with(&format!("seeding: |\n  {}\n", long(10))).into()),
        ("10 MB of digits", length(&"9".repeat(10 * MB)).into()),
        ("10 MB of byte FF", vec![0xff; 10 * MB]),
        ("10 MB of comment", with(&format!("# {}\n", long(10))).into()),
        ("4 MB, one word", long(4).into()),
        ("4 MB as the name", format!("schema: 1\nname: {}\n{BLOCKS}", long(4)).into()),
        ("4 MB in quotes", with(&format!("seeding: \"{}\"\n", long(4))).into()),
        ("4 MB as a block of text", with(&format!("seeding: |\n  {}\n", long(4))).into()),
        ("4 MB as a key", with(&format!("\"{}\": 1\n", long(4))).into()),
        ("4 MB of digits", length(&"9".repeat(4 * MB)).into()),
        ("4 MB of brackets", "[".repeat(4 * MB).into()),
        ("4 MB of values", format!("a: [{}]\n", "1,".repeat(2 * MB)).into()),
        ("4 MB of lines", "- 1\n".repeat(MB).into()),
        ("4 MB of NUL", vec![0; 4 * MB]),
        ("4 MB of byte FF", vec![0xff; 4 * MB]),
        ("20,000 unknown keys", lines.into()),
        ("20,000 times the same key", "a: 1\n".repeat(20_000).into()),
        (
            "20,000 wrong blocks",
            format!("{HEAD}blocks:\n{}", "  - {learn: Q, episodes: 0}\n".repeat(20_000)).into(),
        ),
        ("10,000 unknown environments", format!("{HEAD}{tasks}{BLOCKS}").into()),
        ("NUL", good.replace("name: x", "name: \0x").into()),
        ("a byte order mark inside", good.replace("name: x", "na\u{feff}me: x").into()),
        ("UTF-16, little-endian", utf16(&good, true, u16::to_le_bytes)),
        ("UTF-16, big-endian", utf16(&good, true, u16::to_be_bytes)),
        ("UTF-16 without a mark", utf16(&good, false, u16::to_le_bytes)),
        ("Latin-1", [good.as_bytes(), b"description: \xe9t\xe9\n"].concat()),
        ("a cut UTF-8 character", [good.as_bytes(), b"description: \xc3"].concat()),
        ("a duplicate key", with("name: y\n").into()),
        ("a second document", format!("{good}---\n{good}").into()),
        ("nothing", Vec::new()),
        ("blanks alone", "  \n\n".into()),
        ("a comment alone", "# later\n".into()),
        ("a tab as indentation", good.replace("  - ", "\t- ").into()),
        (".nan as a length", length(".nan").into()),
        (".inf as a length", length(".inf").into()),
        ("1_000 as a length", length("1_000").into()),
        ("010 as a length", length("010").into()),
        ("1e3 as a length", length("1e3").into()),
        ("-1 as a length", length("-1").into()),
        ("2^63 as a length", length("9223372036854775808").into()),
        ("2^64 as a length", length("18446744073709551616").into()),
        (
            "2^64 as a seed",
            good.replace("learn: P", "learn: {task: P, seed: 18446744073709551616}").into(),
        ),
        ("yes as a truth value", with("number_incomplete: yes\n").into()),
        ("a tag", good.replace("name: x", "name: !!python/object x").into()),
        ("a terminal's escape", good.replace("name: x", "name: \"\\e[31mx\"").into()),
    ];
    let accepted: Vec<(&'static str, Vec<u8>)> = vec![
        ("CRLF line ends", good.replace('\n', "\r\n").into()),
        ("a byte order mark first", format!("\u{feff}{good}").into()),
        ("a byte order mark and CRLF", format!("\u{feff}{}", good.replace('\n', "\r\n")).into()),
        ("4 MB of comment", with(&format!("# {}\n", long(4))).into()),
        ("0x10 as a length", length("0x10").into()),
        ("2^63 - 1 as a length", length("9223372036854775807").into()),
        (
            "2^64 - 1 as a seed",
            good.replace("learn: P", "learn: {task: P, seed: 18446744073709551615}").into(),
        ),
        (
            "letters of every script",
            good.replace("name: x", "name: \"\u{e9}\u{4e2d}\u{1f600}\"").into(),
        ),
        (
            "an alias",
            "schema: 1\nname: &n x\ndescription: *n\ntasks:\n  P: CartPole-v1\n"
                .to_owned()
                .into_bytes()
                .into_iter()
                .chain(BLOCKS.bytes())
                .collect(),
        ),
    ];
    let files = |list: Vec<(&'static str, Vec<u8>)>, accepted| {
        list.into_iter().map(move |(name, bytes)| HostileFile { name, bytes, accepted })
    };
    files(refused, false).chain(files(accepted, true)).collect()
}

/// The most memory that this process has held so far, in bytes, where the system tells.
pub(crate) fn peak_memory() -> Option<u64> {
    let status = fs_err::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024)
}
