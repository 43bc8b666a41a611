//! The page: one HTML file that loads nothing, of a report or a sheet.
//!
//! It consumes figures, tables and texts; what they are made of it does not know.

mod definitions;
mod facts;

use crate::drawing::{plain, shortened, stylesheet};
use crate::figure::{Figure, Part};
use crate::report::Report;
use crate::sheet::{Content, Sheet};
use crate::table::Table;
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The page's own rules; the drawings' are added.
const STYLE: &str = include_str!("style.css");

/// What makes tables sort.
const SCRIPT: &str = include_str!("sort.js");

/// Columns of a table that has room on upright paper.
const MOST_UPRIGHT: usize = 10;

/// Characters of a title: what it is made of may have no end.
const MOST: usize = 120;

/// The page of a report.
pub(crate) fn page(report: &Report) -> String {
    let tables = &report.tables;
    let content = html! {
        (summary(&report.summary))
        (notes(&report.notes))
        section aria-labelledby="run" {
            h2 id="run" { "What was run" }
            (facts::table(&tables.runs))
            (commands(&report.commands))
        }
        @for part in parts(report) { (section(report, part)) }
        section class=[across(&tables.lifetimes)] aria-labelledby="lifetimes-part" {
            h2 id="lifetimes-part" { "Lifetimes" }
            (table(&tables.lifetimes))
        }
        (definitions::section(&report.metrics))
    };
    whole(&report.title, &contents(report), &content)
}

/// The page of a sheet.
pub(crate) fn sheet(sheet: &Sheet) -> String {
    let links = html! {
        nav aria-label="Sections" {
            a href="#summary" { "Summary" }
            @if !sheet.notes.is_empty() { " " a href="#notes" { "Faults and warnings" } }
            @for section in &sheet.sections { " " a href={ "#" (section.id) } { (section.title) } }
        }
    };
    let content = html! {
        (summary(&sheet.summary))
        (notes(&sheet.notes))
        @for section in &sheet.sections {
            section aria-labelledby=(section.id) {
                h2 id=(section.id) { (section.title) }
                @for content in &section.content {
                    @match content {
                        Content::Figure(drawn) => (figure(drawn)),
                        Content::Table(rows) => (table(rows)),
                        Content::Text(text) => p { bdi { (plain(text)) } },
                        Content::Commands(all) => (commands(all)),
                    }
                }
            }
        }
    };
    whole(&sheet.title, &links, &content)
}

/// The file around links to sections and what they hold.
fn whole(title: &str, links: &Markup, content: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="generator" content={ "tella " (env!("CARGO_PKG_VERSION")) };
                meta name="color-scheme" content="light dark";
                title { (shortened(title, MOST)) }
                style { (PreEscaped(style())) }
            }
            body {
                a.skip href="#content" { "Skip to the report" }
                header { h1 { bdi { (shortened(title, MOST)) } } }
                (links)
                main id="content" { (content) }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string()
}

/// The parts that have something to show.
fn parts(report: &Report) -> impl Iterator<Item = Part> {
    let has = |part: &Part| {
        *part == Part::Metrics || report.figures.iter().any(|figure| figure.part == *part)
    };
    Part::ALL.into_iter().filter(has)
}

/// Links to the sections.
fn contents(report: &Report) -> Markup {
    html! {
        nav aria-label="Sections" {
            a href="#summary" { "Summary" } " "
            @if !report.notes.is_empty() { a href="#notes" { "Faults and warnings" } " " }
            a href="#run" { "What was run" }
            @for part in parts(report) { " " a href={ "#" (part.id()) } { (part.title()) } }
            " " a href="#lifetimes-part" { "Lifetimes" }
            " " a href="#definitions" { "Definitions" }
        }
    }
}

/// A part with its figures. Of the metrics comparisons come first, each with its table, since
/// they say most; then the table of all metrics.
fn section(report: &Report, part: Part) -> Markup {
    let tables = &report.tables;
    let figures = || report.figures.iter().filter(|figure| figure.part == part);
    let compared = |figure: &Figure| tables.comparisons.iter().find(|t| t.name == figure.name);
    html! {
        section aria-labelledby=(part.id()) {
            h2 id=(part.id()) { (part.title()) }
            @for (drawn, compared) in figures().filter_map(|f| Some((f, compared(f)?))) {
                (figure(drawn))
                (table(compared))
            }
            @if part == Part::Metrics {
                div class=[across(&tables.metrics)] { (table(&tables.metrics)) }
            }
            @for drawn in figures().filter(|figure| compared(figure).is_none()) { (figure(drawn)) }
            @if part == Part::Metrics && !tables.by_task.rows.is_empty() {
                details {
                    summary { (tables.by_task.title) }
                    (table(&tables.by_task))
                }
            }
        }
    }
}

fn style() -> String {
    format!(
        "{STYLE}{}{}@media (prefers-color-scheme:dark){{{}}}@media print{{{}}}",
        crate::drawing::shapes(),
        stylesheet(false),
        stylesheet(true),
        stylesheet(false)
    )
}

/// The report in a few sentences.
fn summary(sentences: &[String]) -> Markup {
    html! {
        section aria-labelledby="summary" {
            h2 id="summary" { "Summary" }
            ul.summary { @for sentence in sentences { li { bdi { (sentence) } } } }
        }
    }
}

/// What a reader must know: faults, warnings, what is missing.
fn notes(notes: &[String]) -> Markup {
    html! {
        @if !notes.is_empty() {
            section.notes aria-labelledby="notes" {
                h2 id="notes" { "Faults and warnings" }
                ul { @for note in notes { li { bdi title=(note) { (shortened(note, 400)) } } } }
            }
        }
    }
}

/// The commands that repeat what was run.
fn commands(commands: &[String]) -> Markup {
    html! {
        @if !commands.is_empty() {
            p { "To run it again:" }
            @for command in commands { pre { code { (words(command)) } } }
        }
    }
}

/// A command whose lines end between words, not at their hyphens.
fn words(command: &str) -> Markup {
    html! { @for word in command.split(' ') { span.word { (word) } " " } }
}

/// The class of what holds a table of so many columns that it lies across the paper.
fn across(table: &Table) -> Option<&'static str> {
    (table.columns.len() > MOST_UPRIGHT).then_some("many")
}

/// A table that scrolls within itself where it is wider than the page.
fn table(table: &Table) -> Markup {
    let caption = format!("{}-caption", table.name);
    html! {
        div.wide role="region" tabindex="0" aria-labelledby=(caption) { (table.html()) }
        p.caption id=(caption) { bdi { (plain(&table.caption)) } }
    }
}

fn figure(figure: &Figure) -> Markup {
    html! {
        figure id={ "figure-" (figure.name) } {
            h3 { bdi { (shortened(&figure.title, MOST)) } }
            div.wide role="region" tabindex="0" aria-label=(shortened(&figure.title, MOST)) {
                (PreEscaped(figure.inline_svg()))
            }
            figcaption { bdi { (plain(&figure.caption)) } }
        }
    }
}
