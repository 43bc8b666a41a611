//! The page: one HTML file that loads nothing.
//!
//! It consumes figures, tables and texts; what they are made of it does not know.

mod definitions;

use crate::drawing::{shortened, stylesheet};
use crate::figure::Figure;
use crate::report::Report;
use crate::table::Table;
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The page's own rules; the drawings' are added.
const STYLE: &str = include_str!("style.css");

/// What makes tables sort.
const SCRIPT: &str = include_str!("sort.js");

/// Characters of the title in a browser's tab.
const MOST: usize = 120;

/// The page of a report.
pub(crate) fn page(report: &Report) -> String {
    let tables = &report.tables;
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="generator" content={ "tella " (env!("CARGO_PKG_VERSION")) };
                meta name="color-scheme" content="light dark";
                title { (shortened(&report.title, MOST)) }
                style { (PreEscaped(style())) }
            }
            body {
                a.skip href="#content" { "Skip to the report" }
                header { h1 { bdi { (shortened(&report.title, MOST)) } } }
                main id="content" {
                    (notes(&report.notes))
                    section aria-labelledby="run" {
                        h2 id="run" { "What was run" }
                        (table(&tables.runs))
                        (commands(&report.commands))
                        (table(&tables.lifetimes))
                    }
                    section aria-labelledby="figures" {
                        h2 id="figures" { "Figures" }
                        @for drawn in &report.figures { (figure(drawn)) }
                    }
                    section aria-labelledby="metrics-heading" {
                        h2 id="metrics-heading" { "Metrics" }
                        (table(&tables.metrics))
                    }
                    (definitions::section(&report.metrics))
                }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string()
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
            @for command in commands { pre tabindex="0" { code { (command) } } }
        }
    }
}

/// A table that scrolls within itself where it is wider than the page.
fn table(table: &Table) -> Markup {
    let caption = format!("{}-caption", table.name);
    html! {
        div.wide role="region" tabindex="0" aria-labelledby=(caption) { (table.html()) }
        p.caption id=(caption) { (table.caption) }
    }
}

fn figure(figure: &Figure) -> Markup {
    html! {
        figure id={ "figure-" (figure.name) } {
            h3 { (figure.title) }
            div.wide role="region" tabindex="0" aria-label=(figure.title) {
                (PreEscaped(figure.inline_svg()))
            }
            figcaption { (figure.caption) }
        }
    }
}
