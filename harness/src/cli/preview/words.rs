//! Numbers, times and labels as a preview shows them.

use super::Preview;
use std::borrow::Cow;
use tella_curricula::{BlockType, Length};
use tella_envs::counted;
use tella_metrics::told::thousands;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Lengths asked for in blocks of a type: `200 episodes and 1,000 steps`.
pub(super) fn asked(preview: &Preview<'_>, block_type: BlockType) -> String {
    let (episodes, steps) = preview.asked(block_type);
    let lengths = [Length::Episodes(episodes), Length::Steps(steps)];
    let lengths: Vec<String> = lengths.into_iter().filter(|l| l.amount() > 0).map(length).collect();
    if lengths.is_empty() { "nothing".into() } else { lengths.join(" and ") }
}

/// A length: `1,000 steps`.
pub(super) fn length(length: Length) -> String {
    counted(thousands(length.amount()), length.one())
}

/// About so many of a thing.
pub(super) fn about(n: f64, one: &str) -> String {
    counted(thousands(format_args!("{:.0}", n.round())), one)
}

/// A time for people.
pub(super) fn duration(seconds: f64) -> String {
    match seconds {
        s if s < 1.0 => "less than 1 s".into(),
        s if s < 90.0 => format!("{s:.0} s"),
        s if s < 5400.0 => format!("{:.1} min", s / 60.0),
        s if s < 48.0 * 3600.0 => format!("{:.1} h", s / 3600.0),
        s => about(s / 86400.0, "day"),
    }
}

/// Columns of a terminal that a text takes: some characters take two, some none.
pub(super) fn columns(text: &str) -> usize {
    text.width()
}

/// As much of a label as fits so many columns, with `…` where some of it does not.
pub(super) fn shortened(label: &str, room: usize) -> Cow<'_, str> {
    if columns(label) <= room {
        return label.into();
    }
    let mut taken = 1;
    let fits = |c: &char| {
        taken += c.width().unwrap_or(0);
        taken <= room
    };
    Cow::Owned(label.chars().take_while(fits).chain(['…']).collect())
}

/// A text with blanks up to so many columns.
pub(super) fn padded(text: &str, room: usize) -> String {
    format!("{text}{}", " ".repeat(room.saturating_sub(columns(text))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_readable() {
        assert_eq!(length(Length::Episodes(1)), "1 episode");
        let shown = [0.1, 42.0, 90.0, 7200.0, 1e9].map(duration);
        assert_eq!(shown, ["less than 1 s", "42 s", "1.5 min", "2.0 h", "11,574 days"]);
    }

    #[test]
    fn labels_fit_their_columns() {
        assert_eq!(shortened("CartPole", 8), "CartPole");
        assert_eq!(shortened("CartPole", 7), "CartPo…");
        // Each of these takes two columns.
        assert_eq!(shortened("倒立振子", 8), "倒立振子");
        assert_eq!(shortened("倒立振子", 7), "倒立振…");
        assert_eq!(shortened("倒立振子", 6), "倒立…");
        assert_eq!(padded("倒立…", 6), "倒立… ");
    }
}
