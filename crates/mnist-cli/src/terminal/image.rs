//! Images drawn in the terminal: a line of text is two rows of pixels.

use std::env;
use std::io::{self, IsTerminal};

use mnist_kernel::Size;

use super::text::COLUMNS;

/// Draws an image of this size, 0 is background and 255 is ink: lines of text, each with its
/// newline. What is wider than 80 columns is drawn smaller.
pub fn draw(pixels: &[u8], size: Size) -> String {
    Style::of_stdout().draw(pixels, size.height, size.width)
}

/// Whether drawings are made of ASCII characters alone.
pub fn is_ascii() -> bool {
    Style::of_stdout() == Style::Ascii
}

/// What the terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    /// Half blocks in 24 greys.
    Grey,
    /// Half blocks where a pixel is more than half as bright as the brightest.
    Blocks,
    /// A character that is as dark as both pixels together.
    Ascii,
}

impl Style {
    fn of_stdout() -> Self {
        let set = |name| env::var(name).ok().filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
        let colours = io::stdout().is_terminal() && set("NO_COLOR").is_none();
        Self::of(locale.as_deref(), set("TERM").as_deref(), colours)
    }

    /// The style for a locale, a kind of terminal, and whether colours are welcome.
    fn of(locale: Option<&str>, terminal: Option<&str>, colours: bool) -> Self {
        let utf8 = |locale: &str| {
            let locale = locale.to_lowercase();
            locale.ends_with("utf-8") || locale.ends_with("utf8")
        };
        // Windows does not set these variables, and its terminals show UTF-8.
        if terminal == Some("dumb") || !locale.map_or(cfg!(windows), utf8) {
            Self::Ascii
        } else if colours {
            Self::Grey
        } else {
            Self::Blocks
        }
    }

    fn draw(self, pixels: &[u8], height: usize, width: usize) -> String {
        let side = width.div_ceil(COLUMNS);
        let threshold = u32::from(pixels.iter().copied().max().unwrap_or(0) / 2);
        // Of what a square has of the image; 0 if that is nothing.
        let mean = |x: usize, y: usize| {
            let rows = pixels.chunks_exact(width).skip(y).take(side);
            let square = rows.flat_map(|row| row[x..].iter().take(side));
            let (sum, count) = square.fold((0, 0_usize), |(sum, count), &pixel| {
                (sum + usize::from(pixel), count + 1)
            });
            sum.checked_div(count).unwrap_or(0) as u32
        };
        let mut text = String::new();
        for y in (0..height).step_by(2 * side) {
            for x in (0..width).step_by(side) {
                let [upper, lower] = [y, y + side].map(|y| mean(x, y));
                match self {
                    Self::Grey => {
                        // The greys of the 256 colours are 232 to 255, from black to white.
                        let grey = |mean: u32| 232 + mean * 24 / 256;
                        let (upper, lower) = (grey(upper), grey(lower));
                        text += &format!("\x1b[38;5;{upper};48;5;{lower}m▀");
                    }
                    Self::Blocks => text.push(match (upper > threshold, lower > threshold) {
                        (false, false) => ' ',
                        (true, false) => '▀',
                        (false, true) => '▄',
                        (true, true) => '█',
                    }),
                    Self::Ascii => {
                        let shades = b" .:-=+*#%@";
                        let shade = (upper + lower) as usize * shades.len() / 511;
                        text.push(char::from(shades[shade]));
                    }
                }
            }
            if self == Self::Grey {
                text.push_str("\x1b[0m");
            } else {
                text.truncate(text.trim_end_matches(' ').len());
            }
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A dark line above a brighter one, and ink below.
    const IMAGE: [u8; 12] = [0, 0, 0, 90, 0, 90, 180, 180, 0, 180, 0, 0];

    #[test]
    fn half_blocks_show_what_is_more_than_half_as_bright_as_the_brightest() {
        let drawn = Style::Blocks.draw(&IMAGE, 3, 4);
        assert_eq!(drawn, "  ▄▄\n ▀\n");
        assert_eq!(Style::Blocks.draw(&[0; 4], 2, 2), "\n");
        assert_eq!(Style::Blocks.draw(&[1, 1, 1, 0], 2, 2), "█▀\n");
    }

    #[test]
    fn greys_are_colours_of_the_upper_and_the_lower_half() {
        let drawn = Style::Grey.draw(&[0, 255, 128], 3, 1);
        assert_eq!(
            drawn,
            "\x1b[38;5;232;48;5;255m▀\x1b[0m\n\x1b[38;5;244;48;5;232m▀\x1b[0m\n"
        );
    }

    #[test]
    fn characters_get_darker_with_the_ink() {
        let pixels = [0, 60, 120, 180, 255].map(|pixel| [pixel; 2]);
        let transposed: Vec<u8> = (0..10).map(|at| pixels[at % 5][at / 5]).collect();
        assert_eq!(Style::Ascii.draw(&transposed, 2, 5), " :=#@\n");
    }

    #[test]
    fn a_wide_image_is_drawn_smaller_each_place_the_mean_of_its_pixels() {
        let pixels: Vec<u8> = (0..161 * 5)
            .map(|at| if at % 161 < 3 { 255 } else { 0 })
            .collect();
        let drawn = Style::Blocks.draw(&pixels, 5, 161);
        assert_eq!(drawn, "█\n", "3 × 3 pixels are one place");
        let full = Style::Ascii.draw(&[255; 400 * 300], 300, 400);
        assert_eq!(full, format!("{}\n", "@".repeat(80)).repeat(30));
    }

    #[test]
    fn ascii_where_the_locale_is_not_utf_8_or_the_terminal_is_dumb() {
        for (locale, terminal, colours, style) in [
            (Some("en_GB.UTF-8"), Some("xterm"), true, Style::Grey),
            (Some("C.utf8"), None, true, Style::Grey),
            (Some("C.UTF-8"), Some("xterm"), false, Style::Blocks),
            (Some("C.UTF-8"), Some("dumb"), true, Style::Ascii),
            (Some("C"), Some("xterm"), true, Style::Ascii),
            (Some("de_DE.ISO-8859-1"), Some("xterm"), false, Style::Ascii),
        ] {
            assert_eq!(
                Style::of(locale, terminal, colours),
                style,
                "{locale:?} {terminal:?}"
            );
        }
    }
}
