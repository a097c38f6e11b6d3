//! The kinds of pictures that people have.

use super::glyph::{Glyph, Random};
use super::scene::{Rules, Scene, Shadow, Sheet, Surroundings};

/// Makes a scene without its digit.
type Kind = fn(&mut Random) -> Scene;

/// A kind: its name, the digit's height as a part of the smaller side, the pen's width as a part of
/// the digit's size, and the scene.
pub const KINDS: [(&str, [f64; 2], [f64; 2], Kind); 20] = [
    ("screenshot", [0.3, 0.8], [0.05, 0.12], |random| {
        let size = [300, 300].map(|side| side + random.below(200) as u32);
        Scene {
            size,
            ..clean(255.0, 0.0)
        }
    }),
    ("dark screenshot", [0.3, 0.8], [0.05, 0.12], |random| {
        clean(random.between(0.0, 45.0), random.between(170.0, 255.0))
    }),
    ("tablet as JPEG", [0.3, 0.8], [0.05, 0.12], |random| {
        let jpeg = Some(40 + random.below(40) as u8);
        Scene {
            jpeg,
            ..clean(245.0, random.between(0.0, 120.0))
        }
    }),
    ("pen, scanned", [0.25, 0.65], [0.03, 0.06], |random| Scene {
        mottled: 2.0,
        grain: random.between(1.0, 4.0),
        ..clean(random.between(235.0, 252.0), random.between(30.0, 90.0))
    }),
    ("pen", SIZE, PEN, photograph),
    ("pencil", SIZE, [0.04, 0.07], |random| {
        let scene = photograph(random);
        let ink = scene.paper - random.between(65.0, 105.0);
        Scene {
            ink,
            roughness: random.between(0.3, 0.6),
            ..scene
        }
    }),
    ("marker", [0.35, 0.8], [0.1, 0.18], |random| {
        let roughness = random.between(0.0, 0.25);
        Scene {
            roughness,
            ..photograph(random)
        }
    }),
    ("chalk", [0.3, 0.7], [0.06, 0.1], |random| Scene {
        paper: random.between(45.0, 85.0),
        ink: random.between(180.0, 225.0),
        roughness: random.between(0.3, 0.6),
        mottled: random.between(6.0, 14.0),
        ..photograph(random)
    }),
    ("lined paper", SIZE, PEN, |random| {
        ruled(photograph(random), random, false)
    }),
    ("squared paper", [0.3, 0.65], PEN, |random| {
        ruled(photograph(random), random, true)
    }),
    ("shade", SIZE, PEN, |random| {
        let shade = random.between(0.3, 0.5);
        Scene {
            shade,
            ..photograph(random)
        }
    }),
    ("strong shadow", SIZE, PEN, |random| {
        let shadow = Shadow {
            direction: random.direction(),
            offset: random.between(-0.3, 0.3),
            penumbra: random.between(6.0, 60.0),
            light: random.between(0.35, 0.55),
        };
        Scene {
            shadow: Some(shadow),
            ..photograph(random)
        }
    }),
    ("vignette and grain", [0.3, 0.65], PEN, |random| Scene {
        vignette: random.between(0.5, 0.75),
        grain: random.between(8.0, 15.0),
        ..photograph(random)
    }),
    ("dark edge", [0.25, 0.4], PEN, |random| {
        // The table beside the sheet.
        let shadow = Shadow {
            direction: random.direction(),
            offset: random.between(0.65, 0.8),
            penumbra: 3.0,
            light: random.between(0.1, 0.3),
        };
        Scene {
            shadow: Some(shadow),
            ..photograph(random)
        }
    }),
    ("tilted", SIZE, PEN, |random| Scene {
        turned: random.between(-0.25, 0.25),
        perspective: random.between(-0.4, 0.4),
        ..photograph(random)
    }),
    ("dirty", SIZE, PEN, |random| {
        let mut scene = photograph(random);
        for _ in 0..3 + random.below(15) {
            let [x, y] = scene.size.map(|side| random.between(0.0, f64::from(side)));
            scene.specks.push([x, y, random.between(1.0, 3.0)]);
        }
        scene
    }),
    ("sheet on a table", SIZE, PEN, |random| {
        let sides = [1, 2, 3, 4, 6, 7, 8, 9, 12, 15][random.below(10)];
        let table = Surroundings {
            shadow: random.between(1.0, 20.0),
            ..table(random.between(25.0, 85.0))
        };
        surrounded(photograph(random), sides, table, random)
    }),
    ("sheet askew on a table", SIZE, PEN, |random| {
        let turned = random.between(0.1, 0.27);
        let scene = Scene {
            turned: if random.below(2) == 0 {
                turned
            } else {
                -turned
            },
            ..photograph(random)
        };
        let sides = [3, 5, 6, 7, 11, 13, 14, 15, 15, 15][random.below(10)];
        let table = Surroundings {
            shadow: random.between(1.0, 20.0),
            ..table(random.between(25.0, 85.0))
        };
        surrounded(scene, sides, table, random)
    }),
    ("white board", [0.3, 0.65], [0.06, 0.12], |random| {
        let frame = Surroundings {
            beyond: random.between(120.0, 190.0),
            width: random.between(14.0, 30.0),
            ..table(random.between(25.0, 80.0))
        };
        surrounded(photograph(random), 15, frame, random)
    }),
    ("slate on a table", [0.3, 0.65], [0.06, 0.1], |random| {
        let scene = Scene {
            paper: random.between(40.0, 70.0),
            ink: random.between(180.0, 225.0),
            roughness: random.between(0.3, 0.6),
            ..photograph(random)
        };
        let table = table(random.between(150.0, 215.0));
        surrounded(scene, 15, table, random)
    }),
];

const SIZE: [f64; 2] = [0.25, 0.65];
const PEN: [f64; 2] = [0.04, 0.08];

/// The digit and the scene of a picture of a kind. Half of the digits are MNIST's.
pub fn scene(kind: usize, number: usize) -> (u8, Scene, Random) {
    let mut random = Random((1000 * kind + number) as u64);
    let (_, height, pen, make) = KINDS[kind];
    let scene = make(&mut random);
    let index = 37 * kind + 13 * number;
    let glyph = match number % 2 {
        0 => Glyph::of_mnist(index),
        _ => Glyph::drawn(index, random.between(pen[0], pen[1])),
    };
    let [width, tall] = scene.size.map(f64::from);
    let [left, top, right, bottom] = match &scene.sheet {
        // The part of the sheet that is seen.
        Some(Sheet {
            edges: [left, top, right, bottom],
            ..
        }) => [
            left.max(0.0),
            top.max(0.0),
            right.min(width),
            bottom.min(tall),
        ],
        None => [0.0, 0.0, width, tall],
    };
    let [width, tall] = [right - left, bottom - top];
    let shape = f64::from(glyph.ink.width()) / f64::from(glyph.ink.height());
    let height = width.min(tall) * random.between(height[0], height[1]) / shape.max(1.0);
    // People put what they photograph near the middle.
    let mut near = |start: f64, side: f64, length: f64| {
        let free = (side - length) / 2.0 - 0.1 * side;
        start + side / 2.0 + random.between(-0.5, 0.5) * free.max(0.0)
    };
    let centre = [near(left, width, height * shape), near(top, tall, height)];
    let digit = glyph.digit;
    (
        digit,
        Scene {
            glyph: Some(glyph),
            centre,
            height,
            ..scene
        },
        random,
    )
}

/// A picture of two greys.
pub fn clean(paper: f64, ink: f64) -> Scene {
    Scene {
        size: [360, 320],
        paper,
        ink,
        glyph: None,
        centre: [0.0; 2],
        height: 1.0,
        roughness: 0.0,
        mottled: 0.0,
        rules: None,
        sheet: None,
        turned: 0.0,
        perspective: 0.0,
        shade: 1.0,
        shade_direction: [1.0, 0.0],
        vignette: 0.0,
        shadow: None,
        specks: Vec::new(),
        grain: 0.0,
        jpeg: None,
    }
}

/// A sheet before the camera of a telephone, reduced.
pub fn photograph(random: &mut Random) -> Scene {
    Scene {
        size: if random.below(2) == 0 {
            [480, 360]
        } else {
            [360, 480]
        },
        mottled: random.between(2.0, 6.0),
        turned: random.between(-0.12, 0.12),
        perspective: random.between(-0.2, 0.2),
        shade: random.between(0.75, 1.0),
        shade_direction: random.direction(),
        vignette: random.between(0.0, 0.2),
        grain: random.between(2.0, 6.0),
        jpeg: Some(75 + random.below(20) as u8),
        ..clean(random.between(185.0, 235.0), random.between(30.0, 75.0))
    }
}

/// A table of this grey, without a shadow on it.
fn table(grey: f64) -> Surroundings {
    Surroundings {
        grey,
        width: f64::INFINITY,
        beyond: grey,
        shadow: 1.0,
    }
}

/// The paper as a sheet whose edges are seen on some of its sides: the sum of 1, 2, 4 and 8 for left,
/// top, right and bottom.
fn surrounded(scene: Scene, sides: usize, around: Surroundings, random: &mut Random) -> Scene {
    let [width, height] = scene.size.map(f64::from);
    let mut edge = |side: usize, at: f64, inwards: f64| match sides & side {
        // Not in the picture, however it is turned.
        0 => at - 0.5 * inwards,
        _ => at + random.between(0.06, 0.2) * inwards,
    };
    let edges = [
        edge(1, 0.0, width),
        edge(2, 0.0, height),
        edge(4, width, -width),
        edge(8, height, -height),
    ];
    Scene {
        sheet: Some(Sheet { edges, around }),
        ..scene
    }
}

fn ruled(scene: Scene, random: &mut Random, squared: bool) -> Scene {
    let rules = Rules {
        spacing: random.between(30.0, 65.0),
        width: random.between(1.5, 2.5),
        grey: scene.paper - random.between(35.0, 110.0),
        squared,
    };
    Scene {
        rules: Some(rules),
        ..scene
    }
}
