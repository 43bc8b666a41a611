//! The definitions of the metrics that the page tells.

use crate::tables::anchor;
use maud::{Markup, html};
use tella_metrics::Definition;

pub(super) fn section(metrics: &[&'static Definition]) -> Markup {
    html! {
        section aria-labelledby="definitions" {
            h2 id="definitions" { "Definitions" }
            dl {
                @for metric in metrics {
                    dt id=(anchor(metric)) { code { (metric.full_name()) } }
                    dd {
                        p { (metric.meaning) "." }
                        p { "Formula: " (metric.formula) ". Unit: " (metric.unit.as_str()) "; "
                            (metric.better.as_str()) " is better." }
                        p { "Undefined: " (metric.undefined) ". Source: " (metric.source) "." }
                    }
                }
            }
        }
    }
}
