//! Text that comes from outside: labels of tasks, agents and curricula can hold anything.

/// Text as it may stand in XML and HTML, in elements and between double quotes.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in plain(text).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

/// Text on one line, without what XML forbids or what turns the direction of its surroundings
/// round: newlines and other controls become spaces, marks of direction go.
pub fn plain(text: &str) -> String {
    let turns = |c: &char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}');
    let one_line = |c: char| match c {
        c if c.is_control() || c == '\u{2028}' || c == '\u{2029}' => ' ',
        '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
        c => c,
    };
    text.chars().filter(|c| !turns(c)).map(one_line).collect()
}

/// At most so many characters, the last of them an ellipsis where text was cut.
pub fn shortened(text: &str, most: usize) -> String {
    let text = plain(text);
    match text.char_indices().nth(most) {
        None => text,
        Some(_) => {
            let kept: String = text.chars().take(most.saturating_sub(1)).collect();
            format!("{}…", kept.trim_end())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_makes_no_element() {
        assert_eq!(escape("<script>\"a\" & 'b'"), "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;");
        assert_eq!(escape("a\nb\0c\u{202e}d\u{2028}e"), "a b cd e");
    }

    #[test]
    fn text_is_cut_by_characters() {
        assert_eq!(shortened("DoorKey_S5", 10), "DoorKey_S5");
        assert_eq!(shortened("DoorKey_S5", 9), "DoorKey_…");
        assert_eq!(shortened("ééééé", 3), "éé…");
        assert_eq!(shortened(&"x".repeat(10_000), 20).chars().count(), 20);
    }
}
