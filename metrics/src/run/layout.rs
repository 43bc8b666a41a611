//! Laying out a plain text table: the first column to the left, numbers to the right.

use crate::told::label;

/// Rows of cells under headings; all rows are as long as the headings. Cells are labels, and
/// shown as such.
pub fn layout(headings: &[String], rows: &[Vec<String>]) -> String {
    let shown = |cells: &[String]| cells.iter().map(|cell| label(cell)).collect::<Vec<_>>();
    let rows: Vec<Vec<String>> = rows.iter().map(|row| shown(row)).collect();
    layout_whole(&shown(headings), &rows)
}

/// As [`layout`], for cells that a terminal may be shown as they are, however long.
pub fn layout_whole(headings: &[String], rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = headings.iter().map(|h| h.chars().count()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |cells: &[String]| {
        let mut line = String::new();
        for (column, (cell, width)) in cells.iter().zip(&widths).enumerate() {
            match column {
                0 => line.push_str(&format!("{cell:<width$}")),
                _ => line.push_str(&format!("  {cell:>width$}")),
            }
        }
        line.trim_end().to_owned() + "\n"
    };
    let rule: String = widths.iter().map(|w| "-".repeat(*w)).collect::<Vec<_>>().join("  ") + "\n";
    line(headings) + &rule + &rows.iter().map(|row| line(row)).collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let cells = |row: &[&str]| row.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>();
        let table = layout(&cells(&["task", "n"]), &[cells(&["a", "10"]), cells(&["longer", "-"])]);
        assert_eq!(table, "task     n\n------  --\na       10\nlonger   -\n");
    }
}
