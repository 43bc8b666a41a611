//! Labels can hold anything and do nothing.

use crate::chromium::{Medium, Page};
use crate::page_of;
use crate::written::{self, Block, evaluates, learns, write};
use std::path::Path;

/// What tries to be an element, to end an attribute, to turn the page round, to be endless or on
/// several lines.
fn hostile() -> Vec<String> {
    [
        "<script>document.title = 'run'</script>",
        "<img src=x onerror=\"document.title = 'run'\">",
        "\"' autofocus onfocus='document.title = `run`' x=\"",
        "</style></svg></title><iframe>",
        "\u{202e}turned \u{2067}round\u{200f}",
        "two\nlines\r\n\nand\ttabs",
        "&lt;b&gt; ]]> --> ${x} {{x}}",
    ]
    .map(str::to_owned)
    .into_iter()
    .chain(["long".repeat(2500), "l o n g ".repeat(1250)])
    .collect()
}

/// A lifetime that learns and evaluates each task.
fn lifetime(tasks: &[String]) -> Vec<Block> {
    let blocks = (0..).zip(tasks).flat_map(|(n, task)| {
        [
            evaluates(3 * n, task, &[0.0]),
            learns(3 * n + 1, task, &[1.0; 5]),
            evaluates(3 * n + 2, task, &[1.0]),
        ]
    });
    blocks.collect()
}

/// A page does the same as one of ordinary labels: it runs nothing, makes no element and fits.
#[track_caller]
fn assert_harmless(page: &mut Page) {
    assert_eq!(page.messages(), Vec::<String>::new());
    assert_eq!(page.requests().len(), 1);
    let made: Vec<String> = page.eval(
        "const known = new Set('html head meta title style body a header h1 h2 h3 bdi nav main section ul li \
         p pre code div table caption thead tbody tr th td button figure figcaption svg desc g \
         path rect line circle text details summary dl dt dd script span abbr wbr'.split(' '));
         [...document.querySelectorAll('*')].filter((e) => !known.has(e.localName) ||
           [...e.attributes].some((a) => a.name.startsWith('on') || a.name === 'autofocus'))
           .map((e) => e.outerHTML.slice(0, 200))",
    );
    assert_eq!(made, Vec::<String>::new());
    assert_eq!(page.eval::<usize>("document.scripts.length"), 1);
    assert!(page.eval::<String>("document.title") != "run");
    // Of A4 717 pixels are left between the margins, 1047 where it lies across.
    for (medium, widths) in [(Medium::Light, &[360, 1200][..]), (Medium::Paper, &[717, 1047])] {
        page.show_on(medium);
        for width in widths {
            page.resize(*width);
            let wide: Vec<String> = page.eval(
                "const room = document.documentElement.clientWidth;
                 const scrolls = (e) => e !== null && (getComputedStyle(e).overflowX !== 'visible' || scrolls(e.parentElement));
                 const lies = (e) => matchMedia('print').matches && room < 1000 && e.closest('.many') !== null;
                 document.documentElement.scrollWidth <= room ? [] : [...document.querySelectorAll('body *')]
                   .filter((e) => e.getBoundingClientRect().right > room && !scrolls(e.parentElement) && !lies(e)).slice(0, 3)
                   .map((e) => e.outerHTML.slice(0, 100) + e.getBoundingClientRect().right)",
            );
            assert_eq!(wide, Vec::<String>::new(), "{medium:?}, {width}");
            let tall: f64 = page.eval(
                "Math.max(...[...document.querySelectorAll('h1, h2, h3, li, tr')]
                   .map((e) => e.getBoundingClientRect().height))",
            );
            assert!(tall < 900.0, "{medium:?}, {width}: something is {tall} pixels high");
        }
    }
    // Text of a drawing stays within it, and beside what follows it.
    page.show_on(Medium::Light);
    page.resize(1200);
    let out: Vec<String> = page.eval(
        "[...document.querySelectorAll('svg')].flatMap((svg) => {
           const frame = svg.getBoundingClientRect();
           return [...svg.querySelectorAll('text')].filter((t) => {
             const r = t.getBoundingClientRect();
             return r.left < frame.left - 2 || r.right > frame.right + 2 || r.height > 160;
           }).map((t) => svg.querySelector('title').textContent + ': ' + t.textContent.slice(0, 120));
         })",
    );
    assert_eq!(out, Vec::<String>::new());
}

#[test]
fn of_tasks_and_agents_in_a_run() {
    let dir = tempfile::tempdir().unwrap();
    let labels = hostile();
    let runs = [dir.path().join("one"), dir.path().join("two")];
    let life = lifetime(&labels);
    for (run, agent) in runs.iter().zip([&labels[0], &labels[7]]) {
        write(run, agent, &[life.clone(), life.clone()]);
    }
    let report = written::report(&[&runs[0], &runs[1]]);
    let mut page = Page::open(&page_of(&report, &dir.path().join("report")), 1200);
    let heading: String = page.eval("document.querySelector('h1').textContent");
    assert!(heading.contains("<script>"), "{heading}");
    assert_harmless(&mut page);
}

/// L2Logger's rows hold no tabs and no line ends; its JSON files hold anything.
#[test]
fn of_a_scenario_by_l2logger() {
    for (n, agent) in hostile().iter().enumerate() {
        // A page for each kind of label would take long: the lines, the turn, the script.
        if ![0, 4, 5].contains(&n) {
            continue;
        }
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join("<b>log & 'more'");
        let task = agent.replace(['\n', '\r', '\t'], " ");
        scenario(&log, agent, &task);
        let report = written::report(&[&log]);
        let mut page = Page::open(&page_of(&report, &dir.path().join("report")), 1200);
        assert_harmless(&mut page);
    }
}

/// A scenario whose one task is evaluated, learnt and evaluated.
fn scenario(dir: &Path, agent: &str, task: &str) {
    let head = "block_num\texp_num\tworker_id\tblock_type\tblock_subtype\ttask_name\ttask_params\t\
                exp_status\ttimestamp\tepisode_step_count\treward\n";
    fs_err::create_dir_all(dir).unwrap();
    fs_err::write(dir.join("logger_info.json"), r#"{"metrics_columns": ["reward"]}"#).unwrap();
    let info = serde_json::json!({"agent_name": agent, "curriculum_name": agent});
    fs_err::write(dir.join("scenario_info.json"), info.to_string()).unwrap();
    for (block, kind) in ["test", "train", "test"].into_iter().enumerate() {
        let mut text = head.to_owned();
        for n in 0..6 {
            let exp_num = 6 * block + n;
            text.push_str(&format!(
                "{block}\t{exp_num}\tw-0\t{kind}\twake\t{task}\t{{}}\tcomplete\t\
                 20240101T0000{exp_num:02}.000000\t7\t{n}.0\n"
            ));
        }
        let folder = dir.join(format!("w-0/{block}-{kind}"));
        fs_err::create_dir_all(&folder).unwrap();
        fs_err::write(folder.join("data-log.tsv"), text).unwrap();
    }
}
