//! Figures and page of run folders whose rows are known: marks lie where the data say, and
//! labels make no element.

mod written;

use roxmltree::{Document, Node};
use tella_report::{Cell, Figure, Format, Formats, Report};
use written::{Block, evaluates, learns, report, write};

fn figure<'a>(report: &'a Report, name: &str) -> &'a Figure {
    let names: Vec<_> = report.figures.iter().map(|figure| &figure.name).collect();
    let found = report.figures.iter().find(|figure| figure.name == name);
    found.unwrap_or_else(|| panic!("no {name} among {names:?}"))
}

/// The numbers of an element's attributes.
fn number(node: Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name).unwrap_or_else(|| panic!("{node:?} has no {name}")).parse().unwrap()
}

fn has_class(node: &Node<'_, '_>, class: &str) -> bool {
    node.attribute("class").is_some_and(|classes| classes.split(' ').any(|c| c == class))
}

/// The straight line through an axis' labels: number = a * place + b. `end` labels stand left of
/// a vertical axis, 4 below their line; middle ones below a horizontal axis.
fn axis(svg: &Document<'_>, class: &str, attribute: &str, offset: f64) -> (f64, f64) {
    let labels = svg.descendants().filter(|n| n.has_tag_name("text") && has_class(n, class));
    let points: Vec<(f64, f64)> = labels
        .filter_map(|n| {
            let value = n.text()?.replace('−', "-").replace(',', "").parse().ok()?;
            Some((number(n, attribute) - offset, value))
        })
        .collect();
    let (first, last) = (points[0], points[points.len() - 1]);
    let slope = (last.1 - first.1) / (last.0 - first.0);
    (slope, first.1 - slope * first.0)
}

/// The points of a path, of absolute places alone.
fn points(path: Node<'_, '_>) -> Vec<(f64, f64)> {
    let d = path.attribute("d").unwrap();
    let pairs = d.split(['M', 'L', 'Z']).filter(|pair| !pair.is_empty());
    let point = |pair: &str| {
        let (x, y) = pair.split_once(' ').unwrap();
        (x.parse().unwrap(), y.parse().unwrap())
    };
    pairs.map(point).collect()
}

/// The data behind the places of the first line of a figure with one panel.
fn line(figure: &Figure) -> Vec<(f64, f64)> {
    let text = figure.svg();
    let svg = Document::parse(&text).unwrap();
    let (ax, bx) = axis(&svg, "c", "x", 0.0);
    let (ay, by) = axis(&svg, "e", "y", 4.0);
    let path = svg.descendants().find(|n| n.has_tag_name("path") && has_class(n, "l")).unwrap();
    points(path).into_iter().map(|(x, y)| (ax * x + bx, ay * y + by)).collect()
}

#[track_caller]
fn assert_near(found: &[(f64, f64)], expected: &[(f64, f64)], tolerance: f64) {
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for (a, b) in found.iter().zip(expected) {
        let near = (a.0 - b.0).abs() < tolerance && (a.1 - b.1).abs() < tolerance;
        assert!(near, "{a:?} is not {b:?} in {found:?}");
    }
}

/// Two lifetimes that are evaluated, learn ten times, and are evaluated again.
fn lifetime(rewards: [f64; 10], ends: f64) -> Vec<Block> {
    vec![evaluates(0, "x", &[0.0, 2.0]), learns(1, "x", &rewards), evaluates(2, "x", &[ends, ends])]
}

#[test]
fn lines_lie_where_the_data_are() {
    let dir = tempfile::tempdir().unwrap();
    let run = dir.path().join("run");
    let rising = std::array::from_fn(|n| n as f64);
    write(&run, "learner", &[lifetime(rising, 10.0), lifetime([3.0; 10], 6.0)]);
    let report = report(&[&run]);
    // By hand: (1 + 1) / 2 before, (10 + 6) / 2 after.
    assert_near(&line(figure(&report, "evaluations")), &[(0.0, 1.0), (2.0, 8.0)], 0.05);
    // Ten rows are smoothed over a window of one: the mean of n and 3, in the middle of each.
    let expected: Vec<(f64, f64)> =
        (0..10).map(|n| (f64::from(n) + 0.5, (f64::from(n) + 3.0) / 2.0)).collect();
    assert_near(&line(figure(&report, "learning-curves")), &expected, 0.05);
}

#[test]
fn bars_of_the_timeline_are_as_long_as_their_experiences() {
    let dir = tempfile::tempdir().unwrap();
    let run = dir.path().join("run");
    write(&run, "learner", &[lifetime([1.0; 10], 1.0)]);
    let report = report(&[&run]);
    let text = figure(&report, "timeline").svg();
    let svg = Document::parse(&text).unwrap();
    let (a, b) = axis(&svg, "c", "x", 0.0);
    let bar = svg.descendants().find(|n| n.has_tag_name("rect") && has_class(n, "m")).unwrap();
    let (from, width) = (number(bar, "x"), number(bar, "width"));
    let found = [(a * from + b, a * (from + width) + b)];
    assert_near(&found, &[(2.0, 12.0)], 0.05);
}

/// By hand: at the end x is at 10 and 6, and at 2 and 2.
#[test]
fn the_summary_says_what_was_lived_and_who_is_better() {
    let dir = tempfile::tempdir().unwrap();
    let [one, two] = ["one", "two"].map(|name| dir.path().join(name));
    write(&one, "first", &[lifetime([1.0; 10], 10.0), lifetime([1.0; 10], 6.0)]);
    write(&two, "second", &[lifetime([1.0; 10], 2.0), vec![learns(0, "x", &[1.0; 4])]]);
    let report = report(&[&one, &two]);
    let summary = &report.summary;
    let says = |n: usize, text: &str| assert!(summary[n].contains(text), "{text}: {summary:?}");
    says(0, "first: 2 lifetimes, all lived to their end; 1 task learnt, 10 learning and 4 ");
    says(0, "performance at the end over all tasks (gem.acc) 8 [6, 10]");
    says(1, "second: 2 lifetimes, all lived to their end; 1 task learnt, 7 learning and 2 ");
    says(1, "(gem.acc) 2.");
    says(2, "Of 3 metrics compared, first against second is better in none and worse in none");
    assert_eq!(summary.len(), 3);
    // Of the second only the first lifetime has a value: one pair, 10 and 2.
    let acc = report.tables.comparisons[0].rows.iter().find(|row| row[0].shown() == "gem.acc");
    let shown: Vec<String> = acc.unwrap().iter().map(Cell::shown).collect();
    assert_eq!(shown[1..4], ["8 [6, 10]", "2", "8"], "{shown:?}");
}

/// By hand: of the first side both lifetimes end above 5, one above 8, none above 10; that of
/// the second ends at 2. Of one side alone there is no profile of so few.
#[test]
fn a_profile_falls_where_the_scores_are() {
    let dir = tempfile::tempdir().unwrap();
    let [one, two] = ["one", "two"].map(|name| dir.path().join(name));
    write(&one, "first", &[lifetime([1.0; 10], 10.0), lifetime([1.0; 10], 6.0)]);
    write(&two, "second", &[lifetime([1.0; 10], 2.0)]);
    let acc = ["gem.acc".to_owned()];
    let report = written::report_of(&[&one, &two], &acc);
    let text = figure(&report, "profiles").svg();
    let svg = Document::parse(&text).unwrap();
    let (ax, bx) = axis(&svg, "c", "x", 0.0);
    let (ay, by) = axis(&svg, "e", "y", 4.0);
    let lines = svg.descendants().filter(|n| n.has_tag_name("path") && has_class(n, "l"));
    let profiles: Vec<Vec<(f64, f64)>> = lines
        .map(|path| points(path).into_iter().map(|(x, y)| (ax * x + bx, ay * y + by)).collect())
        .collect();
    let share = |profile: &[(f64, f64)], score: f64| {
        profile.iter().min_by(|a, b| (a.0 - score).abs().total_cmp(&(b.0 - score).abs())).unwrap().1
    };
    let shares = |n: usize, scores: &[f64]| -> Vec<f64> {
        scores.iter().map(|score| (share(&profiles[n], *score) * 100.0).round() / 100.0).collect()
    };
    assert_eq!(profiles.len(), 2);
    assert_eq!(shares(0, &[2.5, 5.0, 8.0, 9.8, 10.0]), [1.0, 1.0, 0.5, 0.5, 0.0]);
    assert_eq!(shares(1, &[2.5, 5.0, 8.0]), [0.0; 3]);
    assert!(figure(&report, "profiles").alt.contains("first falls from 1 to 0 between 6 and 10"));
    let alone = written::report_of(&[&one], &acc);
    assert!(alone.figures.iter().all(|figure| figure.name != "profiles"));
}

#[test]
fn every_figure_is_a_picture_and_says_what_it_shows() {
    let dir = tempfile::tempdir().unwrap();
    let [one, two] = ["one", "two"].map(|name| dir.path().join(name));
    let lives = |end| {
        let both = |end: f64| {
            let mut life = lifetime([0.5; 10], end);
            life.extend([
                learns(3, "y", &[1.0; 10]),
                evaluates(4, "x", &[end]),
                evaluates(4, "y", &[1.0]),
            ]);
            life.insert(1, evaluates(0, "y", &[0.0]));
            life
        };
        [both(end), both(end + 1.0)]
    };
    write(&one, "first", &lives(3.0));
    write(&two, "second", &lives(1.0));
    let report = report(&[&one, &two]);
    for name in [
        "timeline",
        "learning-curves",
        "evaluations",
        "heat-map",
        "transfer",
        "comparison",
        "distributions",
        "profiles",
        "raw",
        "raw-2",
        "evaluation",
        "learning",
    ] {
        let figure = figure(&report, name);
        assert!(figure.alt.len() > 20 && figure.title.len() > 3 && figure.caption.len() > 20);
        assert!(figure.png().unwrap().starts_with(b"\x89PNG"));
        let inline = figure.inline_svg();
        assert!(inline.contains("role=\"img\"") && inline.contains("<desc"), "{name}");
    }
    let out = dir.path().join("report");
    let files = report.write(&out, &Formats::new(&[Format::Html, Format::Tsv]), false).unwrap();
    assert!(
        files.contains(&out.join("report.html"))
            && files.contains(&out.join("tables/comparison.tsv"))
    );
}

#[test]
fn labels_make_no_element() {
    let dir = tempfile::tempdir().unwrap();
    let run = dir.path().join("run");
    let long = "long".repeat(2500);
    let labels =
        ["<script>alert(1)</script>", "\"quoted' & \u{202e}turned", "two\nlines\tand ]]>", &long];
    let life: Vec<Block> = (0..)
        .zip(labels)
        .flat_map(|(n, task)| {
            [
                evaluates(3 * n, task, &[0.0]),
                learns(3 * n + 1, task, &[1.0; 5]),
                evaluates(3 * n + 2, task, &[1.0]),
            ]
        })
        .collect();
    write(&run, labels[0], &[life.clone(), life]);
    let report = report(&[&run]);
    let out = dir.path().join("report");
    let files = report.write(&out, &Formats::new(&[]), false).unwrap();
    let page = fs_err::read_to_string(out.join("report.html")).unwrap();
    assert_eq!(page.matches("<script").count(), 1, "the page's own");
    for file in files.iter().filter(|file| file.extension().is_some_and(|e| e == "svg")) {
        let text = fs_err::read_to_string(file).unwrap();
        let svg = Document::parse(&text).unwrap_or_else(|e| panic!("{file:?}: {e}"));
        assert!(!svg.descendants().any(|n| n.has_tag_name("script")), "{file:?}");
        for node in svg.descendants().filter(|n| n.has_tag_name("text")) {
            let own: String =
                node.children().filter(|n| n.is_text()).filter_map(|n| n.text()).collect();
            assert!(own.chars().count() <= 100 && !own.contains(['\n', '\u{202e}']), "{own:?}");
        }
    }
}

#[test]
fn what_is_missing_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let run = dir.path().join("run");
    write(&run, "learner", &[vec![learns(0, "x", &[1.0; 4])], Vec::new()]);
    let report = report(&[&run]);
    let notes = report.notes.join("\n");
    assert!(notes.contains("lifetime 1 cannot be measured: no completed experience"), "{notes}");
    assert!(notes.contains("nothing was evaluated"), "{notes}");
    assert!(notes.contains("one lifetime says nothing about others"), "{notes}");
    assert!(!report.figures.iter().any(|figure| figure.name == "evaluations"));
}
