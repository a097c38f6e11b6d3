// From a drawing to an image for the network. A drawing is a list of strokes, a stroke a list of
// points [x, y], in parts of the field's width.

/**
 * The pen's radius, in parts of the drawing's size: as thick as MNIST's, whatever the size. Digits
 * that were drawn with it have, normalized, as much ink as MNIST's on average.
 */
const PEN_RADIUS = 0.067;

/** A drawing is taken to be at least so large: a dot has a size, too. */
const SMALLEST = 0.08;

/** The pen's radius where images keep the place and size of the drawing, in parts of the field. */
const FIELD_PEN_RADIUS = 1 / 24;

/** A drawing is made an image with sides of so many pixels, */
const SIDE = Math.max(height, width);

/** of which its larger side has so many, and 20 of 28 with the pen around it, as in MNIST. */
const DRAWN = ((20 / 28) * SIDE) / (1 + 2 * PEN_RADIUS);

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

/** An image of the data set as the network takes it. */
function prepared(image) {
  if (embedded.preparation !== "normalized") return image;
  return normalize(embedded.dark_ink ? inverted(image) : image, height, width, height, width);
}

const inverted = (image) => image.map((pixel) => 255 - pixel);

/** A drawing as an image for the network; null where there is none. */
function imageOf(strokes) {
  if (strokes.length === 0) return null;
  const image = lightOnDark(strokes);
  // Normalized images have light ink, whatever the data set's.
  return embedded.dark_ink && embedded.preparation !== "normalized" ? inverted(image) : image;
}

function lightOnDark(strokes) {
  if (embedded.preparation === "scaled") {
    return inked(placed(strokes, width), FIELD_PEN_RADIUS * width, height, width);
  }
  const { left, top, size } = extent(strokes);
  const cut = strokes.map((stroke) =>
    stroke.map(([x, y]) => [(x - left) / size, (y - top) / size]),
  );
  const radius = PEN_RADIUS * DRAWN;
  const at = (x, y) => inked(placed(cut, DRAWN, x, y), radius, SIDE, SIDE);
  const image = at(radius + 1, radius + 1);
  if (embedded.preparation === "normalized") return normalize(image, SIDE, SIDE, height, width);
  // As MNIST's images were made: the centre of mass is in the middle.
  const [x, y] = centreOfMass(image);
  return at(radius + 1 + width / 2 - x, radius + 1 + height / 2 - y);
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
