//! Tables as LaTeX, for a paper: `booktabs`, numbers to the right.

use super::{Kind, Table};
use crate::drawing::plain;

impl Table {
    /// As a `table` environment; the paper must use the package `booktabs`.
    pub fn latex(&self) -> String {
        let alignment: String =
            self.columns.iter().map(|c| if c.kind == Kind::Text { 'l' } else { 'r' }).collect();
        let mut text = format!(
            "% needs \\usepackage{{booktabs}}\n\\begin{{table}}\n\\centering\n\
             \\caption{{{}. {}}}\n\\label{{tab:{}}}\n\\begin{{tabular}}{{{alignment}}}\n\\toprule\n",
            escape(&self.title),
            escape(&self.caption),
            self.name
        );
        text.push_str(&line(self.columns.iter().map(|c| escape(&c.heading))));
        text.push_str("\\midrule\n");
        for row in &self.rows {
            text.push_str(&line(row.iter().map(|cell| escape(&cell.shown()))));
        }
        text + "\\bottomrule\n\\end{tabular}\n\\end{table}\n"
    }
}

fn line(cells: impl Iterator<Item = String>) -> String {
    format!("{} \\\\\n", cells.collect::<Vec<_>>().join(" & "))
}

/// Text that is nothing but text in LaTeX.
fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in plain(text).chars() {
        match c {
            '\\' => out.push_str("\\textbackslash{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '<' => out.push_str("\\textless{}"),
            '>' => out.push_str("\\textgreater{}"),
            '|' => out.push_str("\\textbar{}"),
            '"' => out.push_str("\\textquotedbl{}"),
            '−' => out.push_str("$-$"),
            '–' => out.push_str("--"),
            '…' => out.push_str("\\dots{}"),
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => {
                out.push('\\');
                out.push(c);
            }
            // A row that begins with a bracket would be an argument of the line end before.
            '[' => out.push_str("{[}"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::table::sample;

    #[test]
    fn cells_make_no_command() {
        let text = sample::table().latex();
        assert!(
            text.contains("\\begin{tabular}{lrrr}\n\\toprule\nTask & Mean & Lifetimes & x \\\\\n")
        );
        assert!(text.contains(
            "\\textless{}b\\textgreater{}\\textquotedbl{}\\& \\textbar{}\\_\\% \\textbackslash{} \
             & 0.500 {[}0.250, 0.333] & 3 & $-$1,234 \\\\\n"
        ));
        assert!(text.contains("gem.acc & 2 & 1 & -- \\\\\n\\bottomrule"));
    }
}
