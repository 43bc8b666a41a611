//! Reports in a real browser: what the page asks for, where its marks lie, how its tables sort,
//! what labels do to it, and what it looks like on each medium.

mod chromium;
mod labels;
mod looks;
mod marks;
mod tables;
#[path = "../written/mod.rs"]
mod written;

use chromium::Page;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use tella_report::{Format, Formats, Report};
use written::{Block, evaluates, learns, write};

/// Two agents that each live two lifetimes: x and y are evaluated before and after each is learnt,
/// x twice. Written once; a page of it is opened by most tests.
struct Sample {
    dir: PathBuf,
    page: PathBuf,
}

/// The agents, each in a folder of its name.
const AGENTS: [&str; 2] = ["first", "second"];

/// Lifetimes of each.
const LIFETIMES: u32 = 2;

static SAMPLE: LazyLock<Sample> = LazyLock::new(|| {
    // Statics are never dropped: what an earlier run left goes now.
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser");
    if dir.exists() {
        fs_err::remove_dir_all(&dir).unwrap();
    }
    let runs = AGENTS.map(|agent| dir.join(agent));
    for (n, (run, agent)) in runs.iter().zip(AGENTS).enumerate() {
        let lifetimes: Vec<_> = (0..LIFETIMES).map(|idx| lifetime(n as u32, idx)).collect();
        write(run, agent, &lifetimes);
    }
    let report = written::report(&runs.each_ref().map(PathBuf::as_path));
    let page = page_of(&report, &dir.join("report"));
    Sample { dir, page }
});

impl Sample {
    fn run(&self, agent: &str) -> PathBuf {
        self.dir.join(agent)
    }
}

fn page_of(report: &Report, dir: &Path) -> PathBuf {
    report.write(dir, &Formats::new(&[Format::Html]), false).unwrap();
    dir.join(tella_report::PAGE)
}

/// Rewards that differ from each other in a way that no figure could come upon by chance.
fn lifetime(agent: u32, lifetime: u32) -> Vec<Block> {
    let mut drawn = 7 + 31 * agent + 113 * lifetime;
    let mut rewards = |n: usize, from: f64| -> Vec<f64> {
        let mut draw = || {
            drawn = (drawn * 137 + 29) % 1009;
            from + f64::from(drawn % 40) / 10.0
        };
        (0..n).map(|_| draw()).collect()
    };
    let better = 3.0 * f64::from(1 - agent);
    let mut blocks = Vec::new();
    for (n, task) in (0u64..).zip([None, Some("x"), Some("y"), Some("x")]) {
        let gained = better + n as f64;
        if let Some(task) = task {
            blocks.push(learns(2 * n - 1, task, &rewards(8, gained)));
        }
        for task in ["x", "y"] {
            blocks.push(evaluates(2 * n, task, &rewards(3, gained)));
        }
    }
    blocks
}

#[test]
fn the_page_asks_for_nothing_and_says_nothing() {
    let mut page = Page::open(&SAMPLE.page, 1200);
    for medium in [chromium::Medium::Dark, chromium::Medium::Paper] {
        page.show_on(medium);
    }
    let buttons: usize = page.eval(
        "const all = [...document.querySelectorAll('thead button')]; all.forEach((b) => b.click()); all.length",
    );
    assert!(buttons > 20, "{buttons}");
    assert_eq!(page.messages(), Vec::<String>::new());
    let asked = page.requests();
    assert!(asked.len() == 1 && asked[0].ends_with("/report.html"), "{asked:?}");
}

/// The test above would see what it forbids.
#[test]
fn a_page_that_asks_for_things_is_seen_to() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("page.html");
    let text = "<img src='nowhere.png'><script>console.log('said'); nothing()</script>";
    fs_err::write(&file, text).unwrap();
    let mut page = Page::open(&file, 1200);
    let messages = page.messages();
    assert!(messages.iter().any(|message| message.contains("said")), "{messages:?}");
    assert!(messages.iter().any(|message| message.contains("nothing is not defined")));
    let asked = page.requests();
    assert!(asked.iter().any(|address| address.ends_with("nowhere.png")), "{asked:?}");
}
