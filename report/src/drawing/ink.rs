//! What the classes of a drawing look like, and the colours of tasks.

use std::fmt::Write;

/// Colours that people with any kind of colour vision tell apart (Okabe and Ito's, with a
/// grey in place of yellow, which is lost on white), and their lighter likes for a dark page.
pub const COLOURS: [(&str, &str); 7] = [
    ("#0072b2", "#4ba3e3"),
    ("#d55e00", "#f0803c"),
    ("#009e73", "#2cc295"),
    ("#cc79a7", "#e09ac2"),
    ("#e69f00", "#f2b632"),
    ("#56b4e9", "#9bd3f5"),
    ("#666666", "#a9a9a9"),
];

/// Dashes of lines: where tasks outnumber colours, and to tell agents apart.
pub const DASHES: [&str; 4] = ["", "7 3", "2 2.5", "9 3 2 3"];

/// Shapes of marks, which tell apart what has one colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
    /// A disc.
    Disc,
    /// A square.
    Square,
    /// A triangle.
    Triangle,
    /// A diamond.
    Diamond,
}

/// How a task is drawn, in every figure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ink {
    /// Its place among the tasks.
    pub number: usize,
}

impl Ink {
    /// The class of its colour.
    pub fn colour(self) -> String {
        format!("k{}", self.number % COLOURS.len())
    }

    /// The class of its line: solid for the first tasks, dashed where colours come again.
    pub fn dash(self) -> String {
        dash(self.number / COLOURS.len())
    }

    /// Its mark.
    pub fn marker(self) -> Marker {
        Marker::of(self.number / COLOURS.len())
    }
}

/// The class of the nth kind of line.
pub(crate) fn dash(n: usize) -> String {
    format!("d{}", n % DASHES.len())
}

impl Marker {
    /// The nth shape.
    pub fn of(n: usize) -> Self {
        [Self::Disc, Self::Square, Self::Triangle, Self::Diamond][n % 4]
    }
}

/// Steps of a sequence of colours, and of one half of a sequence with a middle.
const STEPS: usize = 20;

/// The class of a share from 0 to 1: from paper to blue.
pub fn sequence(share: f64) -> String {
    format!("v{}", step(share))
}

/// The class of a number from -1 to 1: from orange over paper to blue.
pub fn diverging(number: f64) -> String {
    let side = if number < 0.0 { 'n' } else { 'u' };
    format!("{side}{}", step(number.abs()))
}

/// The class of text that stands on the colour of a number from -1 to 1.
pub fn on_diverging(number: f64) -> String {
    format!("x{}", diverging(number))
}

fn step(share: f64) -> usize {
    (share.clamp(0.0, 1.0) * STEPS as f64).round() as usize
}

/// The colour of a step on the way through three colours.
fn mixed(way: [[u8; 3]; 3], step: usize) -> [u8; 3] {
    let at = 2.0 * step as f64 / STEPS as f64;
    let (from, to, share) = if at <= 1.0 { (0, 1, at) } else { (1, 2, at - 1.0) };
    let part = |n: usize| {
        let (a, b) = (f64::from(way[from][n]), f64::from(way[to][n]));
        (a + (b - a) * share).round() as u8
    };
    [part(0), part(1), part(2)]
}

fn hex([r, g, b]: [u8; 3]) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// Black or white, whichever is read better on a colour: one of them has a contrast of 4.58 or
/// more with any, by WCAG 2.2's formula.
fn text_on(colour: [u8; 3]) -> &'static str {
    let linear = |part: u8| match f64::from(part) / 255.0 {
        c if c <= 0.04045 => c / 12.92,
        c => ((c + 0.055) / 1.055).powf(2.4),
    };
    let [r, g, b] = colour.map(linear);
    let light = 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
    if light / 0.05 > 1.05 / light { "#000" } else { "#fff" }
}

/// The rules of the drawings' classes. Where `dark`, the colours for a dark page; paper is
/// what lies under the drawing.
pub fn stylesheet(dark: bool) -> String {
    let (ink, muted, faint, paper) = match dark {
        false => ("#1c1c1c", "#5c5c5c", "#e4e4e4", "#ffffff"),
        true => ("#e8e8e8", "#a6a6a6", "#3a3a3a", "#16181b"),
    };
    let mut css = format!(
        ".t{{fill:{ink};stroke:none}}.q{{fill:{muted};stroke:none}}.o{{fill:{paper};stroke:none}}\
         .ax{{fill:none;stroke:{muted}}}.gr{{fill:none;stroke:{faint}}}.bg{{fill:{paper}}}\
         .f{{fill:{faint}}}.i{{fill:none;stroke:{ink}}}"
    );
    for (n, (light, dimmed)) in COLOURS.iter().enumerate() {
        let colour = if dark { dimmed } else { light };
        // Writing to a string does not fail.
        let _ = write!(
            css,
            ".k{n} .l,.l.k{n}{{stroke:{colour}}}.k{n} .m,.m.k{n}{{fill:{colour}}}\
             .k{n} .b,.b.k{n}{{fill:{colour}}}"
        );
    }
    let paper = if dark { [0x23, 0x27, 0x2c] } else { [0xf1, 0xf4, 0xf7] };
    let blue = match dark {
        false => [[0x5f, 0xa5, 0xd6], [0x08, 0x30, 0x6b]],
        true => [[0x2f, 0x7f, 0xbf], [0xd3, 0xe9, 0xfb]],
    };
    let orange = match dark {
        false => [[0xf0, 0xa3, 0x66], [0x8f, 0x3c, 0x00]],
        true => [[0xc4, 0x66, 0x2a], [0xff, 0xdd, 0xc2]],
    };
    for step in 0..=STEPS {
        let blue = mixed([paper, blue[0], blue[1]], step);
        let orange = mixed([paper, orange[0], orange[1]], step);
        let [on_blue, on_orange] = [blue, orange].map(text_on);
        let [blue, orange] = [blue, orange].map(hex);
        let _ = write!(
            css,
            ".v{step},.u{step}{{fill:{blue}}}.n{step}{{fill:{orange}}}\
             .xu{step}{{fill:{on_blue}}}.xn{step}{{fill:{on_orange}}}"
        );
    }
    css
}

/// The rules that are the same on any page.
pub(crate) fn shapes() -> String {
    let mut css = ".l{fill:none;stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round}\
         .b{fill-opacity:.18;stroke:none}.m{stroke:none}.w{stroke-width:1}.e{text-anchor:end}\
         .c{text-anchor:middle}.h{font-weight:600}.s{font-size:11px}.p{fill-opacity:.4}\
         .y{stroke-dasharray:1.5 3}\
         .l.dot{stroke-width:2.4;stroke-dasharray:none;stroke-opacity:.7}.l.thin{stroke-width:1.1}"
        .to_owned();
    for (n, dashes) in DASHES.iter().enumerate().skip(1) {
        let _ = write!(css, ".d{n} .l,.l.d{n}{{stroke-dasharray:{dashes}}}");
    }
    css
}
