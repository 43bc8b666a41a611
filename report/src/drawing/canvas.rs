//! The elements of a drawing.

use super::ink::{self, Marker, stylesheet};
use super::label::{escape, plain, shortened};
use std::fmt::Write;

/// The fonts that are asked for; the first is the one that pictures are made with.
const FONTS: &str = "Noto Sans,Helvetica,Arial,sans-serif";

/// A drawing that is being made: SVG elements, in the order in which they are drawn.
#[derive(Clone, Debug)]
pub struct Canvas {
    width: f64,
    height: f64,
    body: String,
}

/// Where a text stands against its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// It begins there.
    Start,
    /// Its middle is there.
    Middle,
    /// It ends there.
    End,
}

/// Points that a line goes through; where a number is missing the line is broken.
#[derive(Clone, Debug, Default)]
pub struct Track(String);

impl Canvas {
    /// An empty drawing.
    pub fn new(width: f64, height: f64) -> Self {
        Self { width, height, body: String::new() }
    }

    /// Its width.
    pub fn width(&self) -> f64 {
        self.width
    }

    /// Its height.
    pub fn height(&self) -> f64 {
        self.height
    }

    /// Sets the height, once all is laid out.
    pub fn set_height(&mut self, height: f64) {
        self.height = height;
    }

    /// Opens a group; its classes hold for what is drawn until it is closed.
    pub fn open(&mut self, class: &str) {
        self.put(format_args!("<g class=\"{class}\">"));
    }

    /// Closes the group that was opened last.
    pub fn close(&mut self) {
        self.body.push_str("</g>");
    }

    /// A straight line.
    pub fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(short);
        self.put(format_args!(
            "<line class=\"{class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>"
        ));
    }

    /// A rectangle; a `title`, which may be empty, is shown where one points at it.
    pub fn rect(&mut self, class: &str, (x, y): (f64, f64), (w, h): (f64, f64), title: &str) {
        let [x, y, w, h] = [x, y, w.max(0.0), h.max(0.0)].map(short);
        let shape =
            format!("<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"");
        self.shape(&shape, title);
    }

    /// Rectangles of one class as one element: left, top, width, height of each.
    pub fn boxes(&mut self, class: &str, boxes: &[(f64, f64, f64, f64)]) {
        let path: String = boxes
            .iter()
            .map(|(x, y, w, h)| {
                let [x, y, w, h] = [*x, *y, w.max(0.0), h.max(0.0)].map(short);
                format!("M{x} {y}h{w}v{h}h-{w}z")
            })
            .collect();
        if !path.is_empty() {
            self.put(format_args!("<path class=\"{class}\" d=\"{path}\"/>"));
        }
    }

    /// Dots of one class as one element.
    pub fn dots(&mut self, class: &str, places: &[(f64, f64)]) {
        let whole = places.iter().filter(|(x, y)| x.is_finite() && y.is_finite());
        let path: String = whole.map(|(x, y)| format!("M{} {}h0", short(*x), short(*y))).collect();
        if !path.is_empty() {
            self.put(format_args!("<path class=\"l dot {class}\" d=\"{path}\"/>"));
        }
    }

    /// A line through points.
    pub fn track(&mut self, class: &str, track: &Track) {
        if !track.0.is_empty() {
            self.put(format_args!("<path class=\"{class}\" d=\"{}\"/>", track.0));
        }
    }

    /// The area between a lower and an upper line over the same places.
    pub fn band(&mut self, class: &str, points: &[(f64, f64, f64)]) {
        let whole = |p: &(f64, f64, f64)| p.0.is_finite() && p.1.is_finite() && p.2.is_finite();
        for run in points.split(|p| !whole(p)).filter(|run| run.len() > 1) {
            let mut track = Track::default();
            run.iter().for_each(|(x, low, _)| track.to(*x, *low));
            run.iter().rev().for_each(|(x, _, high)| track.to(*x, *high));
            self.put(format_args!("<path class=\"{class}\" d=\"{}Z\"/>", track.0));
        }
    }

    /// A mark, `size` from its middle to its edge.
    pub fn mark(
        &mut self,
        class: &str,
        marker: Marker,
        (x, y): (f64, f64),
        size: f64,
        title: &str,
    ) {
        if !x.is_finite() || !y.is_finite() {
            return;
        }
        let path = |points: &[(f64, f64)]| {
            let mut track = Track::default();
            points.iter().for_each(|(dx, dy)| track.to(x + size * dx, y + size * dy));
            format!("<path class=\"{class}\" d=\"{}Z\"", track.0)
        };
        let shape = match marker {
            Marker::Disc => {
                let [x, y, r] = [x, y, size].map(short);
                format!("<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"{r}\"")
            }
            Marker::Square => path(&[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]),
            Marker::Triangle => path(&[(0.0, -1.15), (1.1, 0.85), (-1.1, 0.85)]),
            Marker::Diamond => path(&[(0.0, -1.3), (1.3, 0.0), (0.0, 1.3), (-1.3, 0.0)]),
        };
        self.shape(&shape, title);
    }

    /// A text of ours.
    pub fn text(&mut self, class: &str, (x, y): (f64, f64), anchor: Anchor, text: &str) {
        self.put_text(class, (x, y), anchor, &escape(text), "", "");
    }

    /// A text that may hold anything, of `most` characters; whole where one points at it.
    pub fn label(
        &mut self,
        class: &str,
        (x, y): (f64, f64),
        anchor: Anchor,
        text: &str,
        most: usize,
    ) {
        let shown = shortened(text, most);
        let title = match shown == plain(text) {
            true => String::new(),
            false => format!("<title>{}</title>", escape(text)),
        };
        self.put_text(class, (x, y), anchor, &escape(&shown), "", &title);
    }

    /// A text that reads upwards; its place is its middle.
    pub fn upright(&mut self, class: &str, (x, y): (f64, f64), text: &str) {
        let turn = format!(" transform=\"rotate(-90 {} {})\"", short(x), short(y));
        self.put_text(class, (x, y), Anchor::Middle, &escape(text), &turn, "");
    }

    /// A text that may hold anything and reads slantwise up from its place.
    pub fn slanted(&mut self, class: &str, (x, y): (f64, f64), text: &str, most: usize) {
        let turn = format!(" transform=\"rotate(-45 {} {})\"", short(x), short(y));
        let shown = shortened(text, most);
        let title = match shown == plain(text) {
            true => String::new(),
            false => format!("<title>{}</title>", escape(text)),
        };
        self.put_text(class, (x, y), Anchor::Start, &escape(&shown), &turn, &title);
    }

    fn put_text(
        &mut self,
        class: &str,
        (x, y): (f64, f64),
        anchor: Anchor,
        text: &str,
        turn: &str,
        title: &str,
    ) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " c",
            Anchor::End => " e",
        };
        let [x, y] = [x, y].map(short);
        self.put(format_args!(
            "<text class=\"{class}{anchor}\" x=\"{x}\" y=\"{y}\"{turn}>{title}{text}</text>"
        ));
    }

    fn shape(&mut self, open: &str, title: &str) {
        match title {
            "" => self.put(format_args!("{open}/>")),
            title => {
                let name = open.split([' ', '<']).nth(1).unwrap_or_default();
                self.put(format_args!("{open}><title>{}</title></{name}>", escape(title)));
            }
        }
    }

    fn put(&mut self, element: std::fmt::Arguments<'_>) {
        // Writing to a string does not fail.
        let _ = self.body.write_fmt(element);
    }

    /// The drawing as an element of a page, which has the rules of [`stylesheet`] and
    /// [`ink::shapes`]. `id` is unique on the page.
    pub(crate) fn inline(&self, id: &str, title: &str, about: &str) -> String {
        let (w, h) = (short(self.width), short(self.height));
        let (id, title, about) = (escape(id), escape(title), escape(about));
        format!(
            "<svg viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" role=\"img\" \
             aria-labelledby=\"{id}-t {id}-d\" font-size=\"12\"><title id=\"{id}-t\">{title}</title>\
             <desc id=\"{id}-d\">{about}</desc>{}</svg>",
            self.body
        )
    }

    /// The drawing as a file of its own.
    pub fn file(&self, title: &str, about: &str) -> String {
        let (w, h) = (short(self.width), short(self.height));
        let (title, about) = (escape(title), escape(about));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" \
             height=\"{h}\" role=\"img\" font-family=\"{FONTS}\" font-size=\"12\">\n\
             <title>{title}</title>\n<desc>{about}</desc>\n<style>{}{}</style>\n\
             <rect class=\"bg\" width=\"{w}\" height=\"{h}\"/>\n{}\n</svg>\n",
            stylesheet(false),
            ink::shapes(),
            self.body.replace("/><", "/>\n<")
        )
    }
}

impl Track {
    /// Goes on to a point; lifts the pen where it is none.
    pub fn to(&mut self, x: f64, y: f64) {
        if !x.is_finite() || !y.is_finite() {
            if !self.0.is_empty() && !self.0.ends_with('M') {
                self.0.push('M');
            }
            return;
        }
        if self.0.is_empty() {
            self.0.push('M');
        } else if !self.0.ends_with('M') {
            self.0.push('L');
        }
        // Writing to a string does not fail.
        let _ = write!(self.0, "{} {}", short(x), short(y));
    }

    /// The track without a pen that was lifted at its end.
    fn trimmed(mut self) -> Self {
        if self.0.ends_with('M') {
            self.0.pop();
        }
        self
    }
}

impl FromIterator<(f64, f64)> for Track {
    fn from_iter<I: IntoIterator<Item = (f64, f64)>>(points: I) -> Self {
        let mut track = Self::default();
        points.into_iter().for_each(|(x, y)| track.to(x, y));
        track.trimmed()
    }
}

/// A place to a hundredth, in as few characters as that takes.
fn short(place: f64) -> String {
    let text = format!("{:.2}", place + 0.0);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_track_is_broken_where_numbers_are_missing() {
        let nan = f64::NAN;
        let track: Track =
            [(0.0, 1.0), (1.004, 2.0), (2.0, nan), (3.0, 4.5), (4.0, nan)].into_iter().collect();
        assert_eq!(track.0, "M0 1L1 2M3 4.5");
        assert_eq!([nan; 2].map(|y| (0.0, y)).into_iter().collect::<Track>().0, "");
    }

    #[test]
    fn a_band_needs_all_three_numbers() {
        let mut canvas = Canvas::new(10.0, 10.0);
        canvas
            .band("b", &[(0.0, 1.0, 2.0), (1.0, 1.0, 3.0), (2.0, f64::NAN, 3.0), (3.0, 1.0, 2.0)]);
        assert_eq!(canvas.body, "<path class=\"b\" d=\"M0 1L1 1L1 3L0 2Z\"/>");
    }

    /// Every element is closed, whatever text it holds.
    #[test]
    fn a_file_is_xml_whatever_it_says() {
        let mut canvas = Canvas::new(100.0, 50.0);
        let hostile = "<script>\"'&\u{0}\u{202e}]]>\n";
        canvas.label("t", (1.0, 2.0), Anchor::End, hostile, 5);
        canvas.rect("m", (0.0, 0.0), (5.0, -1.0), hostile);
        canvas.mark("m", Marker::Diamond, (3.0, 3.0), 2.0, hostile);
        canvas.mark("m", Marker::Disc, (f64::NAN, 3.0), 2.0, hostile);
        canvas.upright("t", (1.0, 1.0), hostile);
        let text = canvas.file(hostile, hostile);
        let read = roxmltree::Document::parse(&text).unwrap();
        let count = |name: &str| read.descendants().filter(|n| n.has_tag_name(name)).count();
        assert_eq!((count("text"), count("rect"), count("path"), count("circle")), (2, 2, 1, 0));
        let said = |n: roxmltree::Node| n.text().unwrap_or_default().contains("<script>");
        assert!(read.descendants().any(said));
    }
}
