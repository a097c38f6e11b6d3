// From a drawing to an image for the network. A drawing is a list of strokes, a stroke a list of
// points [x, y], in parts of the field's width.

/** How thick the pen is, in parts of the drawing's size: as thick as in MNIST, whatever the size. */
const PEN_RADIUS = 0.065;

/** A drawing is taken to be at least so large: a dot has a size, too. */
const SMALLEST = 0.08;

/** The pen's radius where images keep the place and size of the drawing, in parts of the field. */
const FIELD_PEN_RADIUS = 1 / 24;

/** A drawing is normalised from so many pixels and those of the pen around them. */
const FINE = 64;

/** The corner of a drawing and its larger side. */
function extent(strokes) {
  const [xs, ys] = [0, 1].map((axis) => strokes.flat().map((point) => point[axis]));
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const size = Math.max(Math.max(...xs) - left, Math.max(...ys) - top, SMALLEST);
  return { left, top, size };
}

/** The radius of the pen that a drawing is drawn with. */
function penRadius(strokes) {
  if (embedded.preparation === "scaled" || strokes.length === 0) return FIELD_PEN_RADIUS;
  return PEN_RADIUS * extent(strokes).size;
}

/** A drawing as an image for the network; null where there is none. */
function imageOf(strokes) {
  if (strokes.length === 0) return null;
  if (embedded.preparation === "scaled") {
    return inked(placed(strokes, width), FIELD_PEN_RADIUS * width, height, width);
  }
  const { left, top, size } = extent(strokes);
  const cut = strokes.map((stroke) => stroke.map(([x, y]) => [(x - left) / size, (y - top) / size]));
  if (embedded.preparation === "normalized") {
    const radius = PEN_RADIUS * FINE;
    const side = Math.ceil(FINE + 2 * radius);
    return normalize(inked(placed(cut, FINE, radius, radius), radius, side, side), side, side, height, width);
  }
  // As MNIST's images were made: the larger side has 20 of the 28 pixels, and the centre of mass
  // is in the middle.
  const scale = 20 / (1 + 2 * PEN_RADIUS);
  const at = (x, y) => inked(placed(cut, scale, x, y), PEN_RADIUS * scale, height, width);
  const corner = 4 + PEN_RADIUS * scale;
  const [x, y] = centreOfMass(at(corner, corner));
  return at(corner + width / 2 - x, corner + height / 2 - y);
}

/** Strokes in another scale, moved to the right and down. */
function placed(strokes, scale, right = 0, down = 0) {
  return strokes.map((stroke) => stroke.map(([x, y]) => [x * scale + right, y * scale + down]));
}

/** The ink, 0…255, that a pen leaves on each pixel: 255 where it covers all of it. */
function inked(strokes, radius, height, width) {
  const ink = new Uint8Array(height * width);
  // The pixels that a line reaches along one axis.
  const reached = (a, b, size) => [
    Math.max(0, Math.floor(Math.min(a, b) - radius - 1)),
    Math.min(size, Math.ceil(Math.max(a, b) + radius + 1)),
  ];
  for (const stroke of strokes) {
    stroke.forEach((to, i) => {
      // A stroke of one point is a dot.
      const from = stroke[Math.max(0, i - 1)];
      const [left, right] = reached(from[0], to[0], width);
      const [top, bottom] = reached(from[1], to[1], height);
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) {
          const covered = clamp(radius + 0.5 - distance([x + 0.5, y + 0.5], from, to), 0, 1);
          ink[y * width + x] = Math.max(ink[y * width + x], Math.round(255 * covered));
        }
      }
    });
  }
  return ink;
}

/** The distance of a point from a line between two points. */
function distance([x, y], [fromX, fromY], [toX, toY]) {
  const [dx, dy] = [toX - fromX, toY - fromY];
  const length2 = dx * dx + dy * dy;
  const along = length2 > 0 ? clamp(((x - fromX) * dx + (y - fromY) * dy) / length2, 0, 1) : 0;
  return Math.sqrt((x - fromX - along * dx) ** 2 + (y - fromY - along * dy) ** 2);
}

function centreOfMass(ink) {
  let [mass, massX, massY] = [0, 0, 0];
  ink.forEach((pixel, i) => {
    mass += pixel;
    massX += pixel * ((i % width) + 0.5);
    massY += pixel * (Math.floor(i / width) + 0.5);
  });
  return [massX / mass, massY / mass];
}

