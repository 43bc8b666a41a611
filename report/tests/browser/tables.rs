//! Tables sort by click and by keyboard.

use crate::SAMPLE;
use crate::chromium::Page;

/// What a column shows, and the numbers behind it, from the top.
fn column(page: &mut Page, table: &str, column: usize) -> Vec<(String, Option<f64>)> {
    page.eval(&format!(
        "[...document.querySelectorAll('#{table} tbody tr')].map(({{ cells: {{ {column}: c }} }}) =>
           [c.textContent, c.dataset.value === undefined ? null : Number(c.dataset.value)])"
    ))
}

/// What the heading of a column tells of its order.
fn order(page: &mut Page, table: &str, column: usize) -> Option<String> {
    page.eval(&format!(
        "document.querySelectorAll('#{table} thead th')[{column}].getAttribute('aria-sort')"
    ))
}

fn heading(page: &mut Page, table: &str, column: usize) -> (f64, f64) {
    page.eval(&format!(
        "const button = document.querySelectorAll('#{table} thead button')[{column}];
         button.scrollIntoView({{ block: 'center' }});
         const place = button.getBoundingClientRect();
         [place.left + place.width / 2, place.top + place.height / 2]"
    ))
}

#[track_caller]
fn assert_sorted(rows: &[(String, Option<f64>)], up: bool) {
    let numbers: Vec<f64> = rows.iter().map_while(|(_, number)| *number).collect();
    assert!(numbers.len() > 5);
    assert!(numbers.is_sorted_by(|a, b| if up { a <= b } else { a >= b }), "{rows:?}");
    let rest = &rows[numbers.len()..];
    assert!(
        !rest.is_empty() && rest.iter().all(|(text, n)| n.is_none() && text == "–"),
        "{rest:?}"
    );
}

#[test]
fn by_click() {
    let mut page = Page::open(&SAMPLE.page, 1200);
    assert_eq!(order(&mut page, "table-metrics", 1), None);
    for (up, told) in [(true, "ascending"), (false, "descending"), (true, "ascending")] {
        let place = heading(&mut page, "table-metrics", 1);
        page.click(place);
        assert_eq!(order(&mut page, "table-metrics", 1).as_deref(), Some(told));
        assert_sorted(&column(&mut page, "table-metrics", 1), up);
    }
    // By their letters these would be in another order: 10 comes before 9.
    let rows = column(&mut page, "table-metrics", 1);
    assert!(!rows.is_sorted_by(|a, b| a.0 <= b.0));
    // Another column: one at a time is told to be sorted, and its rows are.
    let place = heading(&mut page, "table-metrics", 0);
    page.click(place);
    assert_eq!(order(&mut page, "table-metrics", 1), None);
    assert_eq!(order(&mut page, "table-metrics", 0).as_deref(), Some("ascending"));
    let names: Vec<String> =
        column(&mut page, "table-metrics", 0).into_iter().map(|(text, _)| text).collect();
    assert!(names.is_sorted() && names.len() > 20, "{names:?}");
}

#[test]
fn by_keyboard() {
    let mut page = Page::open(&SAMPLE.page, 1200);
    page.eval::<()>("document.querySelectorAll('#table-metrics thead button')[0].focus(); null");
    // The next heading is the next stop.
    page.press("Tab");
    for (key, up) in [("Enter", true), (" ", false)] {
        page.press(key);
        assert_sorted(&column(&mut page, "table-metrics", 1), up);
        let told = if up { "ascending" } else { "descending" };
        assert_eq!(order(&mut page, "table-metrics", 1).as_deref(), Some(told));
        let focused: String = page.eval("document.activeElement.closest('th').textContent");
        assert!(focused.contains("mean"), "the focus stays: {focused}");
    }
}

/// On paper a table's head stands on each sheet, which Chromium does of heads without buttons
/// alone; afterwards tables sort as before.
#[test]
fn heads_have_no_buttons_on_paper() {
    let mut page = Page::open(&SAMPLE.page, 1200);
    let buttons = "document.querySelectorAll('thead button').length";
    let heads = "[...document.querySelectorAll('thead th')].map((h) => h.textContent)";
    let (before, said) = (page.eval::<usize>(buttons), page.eval::<Vec<String>>(heads));
    assert!(before > 0);
    page.eval::<bool>("window.dispatchEvent(new Event('beforeprint'))");
    assert_eq!(page.eval::<usize>(buttons), 0);
    assert_eq!(page.eval::<Vec<String>>(heads), said);
    page.eval::<bool>("window.dispatchEvent(new Event('afterprint'))");
    assert_eq!(page.eval::<usize>(buttons), before);
    assert_eq!(page.eval::<Vec<String>>(heads), said);
    let place = heading(&mut page, "table-metrics", 1);
    page.click(place);
    assert_sorted(&column(&mut page, "table-metrics", 1), true);
}
