//! Laying out a plain text table: the first column to the left, numbers to the right.

/// Rows of cells under headings; all rows are as long as the headings.
pub(crate) fn layout(headings: &[String], rows: &[Vec<String>]) -> String {
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

/// A number with `places` decimals, or with an exponent where that would hide it or run
/// on; `-` for none.
pub(crate) fn number(value: Option<f64>, places: usize) -> String {
    match value {
        None => "-".to_owned(),
        Some(value) => {
            let size = value.abs();
            if size >= 1e7 || (size > 0.0 && size < 0.5 * 0.1f64.powi(places as i32)) {
                return format!("{value:.2e}");
            }
            // No "-0.00".
            format!("{:.places$}", value + 0.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_short_and_visible() {
        assert_eq!(number(Some(1.005), 2), "1.00");
        assert_eq!(number(Some(-0.0), 2), "0.00");
        assert_eq!(number(Some(0.00012), 3), "1.20e-4");
        assert_eq!(number(Some(-3e9), 2), "-3.00e9");
        assert_eq!(number(None, 2), "-");
    }

    #[test]
    fn columns_line_up() {
        let cells = |row: &[&str]| row.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>();
        let table = layout(&cells(&["task", "n"]), &[cells(&["a", "10"]), cells(&["longer", "-"])]);
        assert_eq!(table, "task     n\n------  --\na       10\nlonger   -\n");
    }
}
