//! What a page is to those who cannot see it, read it in the dark, on a phone or on paper, or have
//! no mouse.

use crate::SAMPLE;
use crate::chromium::{Medium, Page};

/// Texts whose contrast with what lies behind them is too low, by WCAG 2.2's formula.
const TOO_FAINT: &str = "
const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
const light = (colour) => {
  const [r, g, b] = parts(colour).map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a, b) => {
  const [high, low] = [light(a), light(b)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
};
// The colour behind an element: that of a rectangle of the drawing which its middle lies on, or of
// the next element around it that has one.
const behind = (element) => {
  const svg = element.closest('svg');
  const { left, right, top, bottom } = element.getBoundingClientRect();
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  const under = svg === null ? [] : [...svg.querySelectorAll('rect')].filter((rect) => {
    const r = rect.getBoundingClientRect();
    return r.left < x && r.right > x && r.top < y && r.bottom > y;
  });
  if (under.length > 0) return getComputedStyle(under.at(-1)).fill;
  for (let e = element; e !== null; e = e.parentElement) {
    const colour = getComputedStyle(e).backgroundColor;
    if (parts(colour)[3] !== 0) return colour;
  }
  return 'rgb(255, 255, 255)';
};
const holdsText = (e) => [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.data.trim() !== '');
[...document.body.querySelectorAll('*:not(script, style, title, desc)')]
  .filter((e) => holdsText(e) && e.getClientRects().length > 0)
  .map((e) => {
    const style = getComputedStyle(e);
    const ink = e.closest('svg') === null ? style.color : style.fill;
    return [contrast(ink, behind(e)), e.textContent.slice(0, 60)];
  })";

#[test]
fn text_is_read_on_any_medium() {
    let mut page = Page::open(&SAMPLE.page, 1200);
    for medium in [Medium::Light, Medium::Dark, Medium::Paper] {
        page.show_on(medium);
        let texts: Vec<(f64, String)> = page.eval(&format!("{{ {TOO_FAINT} }}"));
        assert!(texts.len() > 500, "{}", texts.len());
        let faint: Vec<_> = texts.iter().filter(|(contrast, _)| *contrast < 4.5).collect();
        assert!(faint.is_empty(), "{medium:?}: {faint:?}");
    }
    page.show_on(Medium::Dark);
    let paper: String = page.eval("getComputedStyle(document.body).backgroundColor");
    assert_eq!(paper, "rgb(22, 24, 27)");
}

#[test]
fn paper_hides_nothing() {
    let mut page = Page::open(&SAMPLE.page, 717);
    page.show_on(Medium::Paper);
    let cut: Vec<String> = page.eval(
        "[...document.querySelectorAll('.wide, pre')].filter((e) =>
           getComputedStyle(e).overflowX !== 'visible').map((e) => e.outerHTML.slice(0, 100))",
    );
    assert_eq!(cut, Vec::<String>::new());
    // Of A4 717 pixels are left between the margins, 1047 where it lies across.
    for (width, across, least) in [(717, false, 10), (1047, true, 2)] {
        page.resize(width);
        let drawn: Vec<f64> = page.eval(&format!(
            "const edge = document.documentElement.clientWidth;
             [...document.querySelectorAll('svg, table')]
               .filter((e) => (e.closest('.many') !== null) === {across})
               .map((e) => e.getBoundingClientRect().right - edge)"
        ));
        let fits = drawn.iter().all(|beyond| *beyond <= 0.0);
        assert!(drawn.len() >= least && fits, "{width}: {drawn:?}");
    }
    // No heading of a column is set letter by letter.
    let narrow: Vec<String> = page.eval(
        "[...document.querySelectorAll('thead th.n')]
           .filter((e) => e.clientHeight > 6 * parseFloat(getComputedStyle(e).lineHeight))
           .map((e) => e.textContent)",
    );
    assert_eq!(narrow, Vec::<String>::new());
    let paper: String = page.eval("getComputedStyle(document.body).backgroundColor");
    assert_eq!(paper, "rgb(255, 255, 255)");
}

#[test]
fn figures_and_tables_are_named() {
    let mut page = Page::open(&SAMPLE.page, 1200);
    let drawings: Vec<(Option<String>, String)> = page.eval(
        "[...document.querySelectorAll('svg')].map((svg) => [svg.getAttribute('role'),
           (svg.getAttribute('aria-labelledby') ?? '').split(' ')
             .map((id) => document.getElementById(id)?.textContent ?? '').join(' ')])",
    );
    assert!(drawings.len() > 10);
    for (role, name) in &drawings {
        assert_eq!(role.as_deref(), Some("img"));
        assert!(name.len() > 40, "{name}");
    }
    let scopes: Vec<Option<String>> =
        page.eval("[...document.querySelectorAll('th')].map((th) => th.getAttribute('scope'))");
    let known = |scope: &Option<String>| matches!(scope.as_deref(), Some("col" | "row"));
    assert!(scopes.len() > 50 && scopes.iter().all(known), "{scopes:?}");
    let faults: Vec<String> = page.eval(
        "const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
         const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
         const lost = [...document.querySelectorAll('a[href^=\"#\"]')].map((a) => a.getAttribute('href'))
           .filter((to) => document.getElementById(to.slice(1)) === null);
         const regions = [...document.querySelectorAll('[role=region], section, nav')].filter((e) =>
           !(e.getAttribute('aria-label') ||
             document.getElementById(e.getAttribute('aria-labelledby'))?.textContent))
           .map((e) => e.outerHTML.slice(0, 100));
         [...twice, ...lost, ...regions]",
    );
    assert_eq!(faults, Vec::<String>::new());
    // Headings go down one step at a time.
    let levels: Vec<u8> = page
        .eval("[...document.querySelectorAll('h1, h2, h3')].map((h) => Number(h.localName[1]))");
    assert!(levels[0] == 1 && levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
}

/// The first stop leads past the contents; each next one lies further down the document.
#[test]
fn the_keyboard_goes_from_top_to_bottom() {
    let mut page = Page::open(&SAMPLE.page, 1200);
    page.press("Tab");
    let (text, left): (String, f64) = page
        .eval("const e = document.activeElement; [e.textContent, e.getBoundingClientRect().left]");
    assert!(text.starts_with("Skip") && left >= 0.0, "{text} at {left}");
    page.press("Enter");
    page.press("Tab");
    let within: bool = page.eval("document.activeElement.closest('main') !== null");
    assert!(within, "after the skip link comes the report");
    page.eval::<()>("window.last = document.activeElement; null");
    for _ in 0..60 {
        page.press("Tab");
        let (follows, seen): (bool, String) = page.eval(
            "const [e, last] = [document.activeElement, window.last]; window.last = e;
             const follows = (last.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
             [follows, getComputedStyle(e).outlineStyle]",
        );
        assert!(follows, "the focus goes back");
        assert_ne!(seen, "none", "the focus is seen");
    }
}
