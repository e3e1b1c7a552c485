//! Colours and the few shapes that all pictures share.
//!
//! The plotting crate writes colours as attributes. A style sheet in the SVG overrides them by attribute selector
//! where the reader prefers dark; programs that know no style sheets show the light picture.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Where a picture is drawn.
pub(super) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Whatever can go wrong in drawing into a string: nothing but a defect of this module.
pub(super) type Drawn = Result<(), Box<dyn std::error::Error>>;

// The page's colours: blue is prediction, amber is gold, red is loss.
pub(super) const PAPER: RGBColor = RGBColor(0xfd, 0xfc, 0xfa);
pub(super) const INK: RGBColor = RGBColor(0x1b, 0x1f, 0x24);
pub(super) const SOFT: RGBColor = RGBColor(0x59, 0x62, 0x6c);
pub(super) const LINE: RGBColor = RGBColor(0xe3, 0xde, 0xd4);
pub(super) const EDGE: RGBColor = RGBColor(0x8b, 0x8f, 0x94);
pub(super) const BLUE: RGBColor = RGBColor(0x1d, 0x4e, 0xd8);
pub(super) const PALE: RGBColor = RGBColor(0x9d, 0xb9, 0xf5);
pub(super) const GOLD: RGBColor = RGBColor(0xb4, 0x53, 0x09);
pub(super) const RED: RGBColor = RGBColor(0xbe, 0x12, 0x3c);
pub(super) const ROSE: RGBColor = RGBColor(0xf2, 0xb8, 0xc6);

/// What each colour becomes on dark ground.
const DARK: [(RGBColor, &str); 10] = [
    (PAPER, "#14161a"),
    (INK, "#e9e7e2"),
    (SOFT, "#a0a9b4"),
    (LINE, "#31363f"),
    (EDGE, "#727a85"),
    (BLUE, "#6d9bff"),
    (PALE, "#34549c"),
    (GOLD, "#f5a524"),
    (RED, "#ff6b8a"),
    (ROSE, "#71303f"),
];

/// Draws a picture of that size, in pixels, and gives the SVG's text. `title` is what screen readers say.
pub(super) fn picture(size: (u32, u32), title: &str, draw: impl FnOnce(&Area) -> Drawn) -> String {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        let drawn = area.fill(&PAPER).map_err(Into::into).and_then(|()| draw(&area)).and_then(|()| Ok(area.present()?));
        drawn.expect("a string takes every shape");
    }
    let dark: String = DARK
        .iter()
        .map(|(RGBColor(r, g, b), dark)| {
            let light = format!("#{r:02X}{g:02X}{b:02X}");
            format!("[fill=\"{light}\"]{{fill:{dark}}}[stroke=\"{light}\"]{{stroke:{dark}}}")
        })
        .collect();
    let style = format!(
        "\n<title>{title}</title>\n<style>text{{font-family:ui-sans-serif,system-ui,\"Segoe UI\",Roboto,\"Liberation Sans\",sans-serif}}\
         @media (prefers-color-scheme:dark){{{dark}}}</style>"
    );
    let head = svg.find('>').map_or(0, |at| at + 1);
    svg.insert_str(head, &style);
    svg
}

/// Text of that size and colour, placed by its left, middle or right and by its vertical middle.
pub(super) fn text(size: u32, color: RGBColor, at: HPos) -> TextStyle<'static> {
    ("sans-serif", size).into_font().color(&color).pos(Pos::new(at, VPos::Center))
}

/// A line through points.
pub(super) fn path<X: Clone + 'static, Y: Clone + 'static>(
    points: Vec<(X, Y)>,
    color: RGBColor,
    width: u32,
) -> PathElement<(X, Y)> {
    PathElement::new(points, color.stroke_width(width))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_colour_has_a_dark_one() {
        let svg = picture((10, 10), "t", |area| Ok(area.draw(&path(vec![(0, 0), (9, 9)], BLUE, 1))?));
        assert!(svg.contains("fill=\"#FDFCFA\"") && svg.contains("stroke=\"#1D4ED8\""), "{svg}");
        assert!(svg.contains("[stroke=\"#1D4ED8\"]{stroke:#6d9bff}"));
        assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>") && svg.contains("<title>t</title>"));
    }
}
