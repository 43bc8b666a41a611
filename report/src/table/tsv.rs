//! Tables as tab-separated values, for programs.

use super::Table;

impl Table {
    /// As TSV: numbers in full, nothing where there is nothing. A field that holds a tab, a
    /// quote or a line end is quoted.
    pub fn tsv(&self) -> String {
        let mut text = line(self.keys());
        for row in &self.rows {
            let fields = row.iter().zip(&self.columns).flat_map(|(cell, c)| cell.fields(c.kind));
            text.push_str(&line(fields));
        }
        text
    }
}

fn line(fields: impl IntoIterator<Item = String>) -> String {
    let quoted = |field: String| match field.contains(['\t', '"', '\n', '\r']) {
        true => format!("\"{}\"", field.replace('"', "\"\"")),
        false => field,
    };
    fields.into_iter().map(quoted).collect::<Vec<_>>().join("\t") + "\n"
}

#[cfg(test)]
mod tests {
    use crate::table::sample;

    #[test]
    fn estimates_are_three_columns_and_nothing_is_nothing() {
        assert_eq!(
            sample::table().tsv(),
            "task\tmean\tmean_low\tmean_high\tn\tx\n\
             \"<b>\"\"&\t|_%\n\\\"\t0.5\t0.25\t0.3333333333333333\t3\t-1234.5\n\
             gem.acc\t2.0\t\t\t1\t\n"
        );
    }
}
