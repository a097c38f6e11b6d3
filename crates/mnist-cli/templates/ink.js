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

/** How the images look that the network was trained on, as the program has measured it. */
const look = embedded.preparation;

/** A drawing that is normalized is made an image with sides of so many pixels first, */
const SIDE = Math.max(height, width);

/** with 20 of 28 of them for its larger side, the pen around it included, as in MNIST. */
const DRAWN = (20 / 28) * SIDE;

/** The corner of a drawing, its width and height, and the larger of them. */
function extent(strokes) {
  const [xs, ys] = [0, 1].map((axis) => strokes.flat().map((point) => point[axis]));
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [across, down] = [Math.max(...xs) - left, Math.max(...ys) - top];
  return { left, top, across, down, size: Math.max(across, down, SMALLEST) };
}

/** The radius of the pen that a drawing is drawn with. */
function penRadius(strokes) {
  if (look.form === "resized" || strokes.length === 0) return FIELD_PEN_RADIUS;
  return PEN_RADIUS * extent(strokes).size;
}

/** An image of the data set as the network takes it. */
function prepared(image) {
  if (look.form !== "normalized") return image;
  const sign = look.ink < look.paper ? -1 : 1;
  const light = image.map((pixel) => Math.max(0, sign * (pixel - look.paper)));
  return normalize(light, height, width, height, width);
}

/** A drawing as an image for the network; null where there is none. */
function imageOf(strokes) {
  if (strokes.length === 0) return null;
  const image = lightOnDark(strokes);
  // Normalized images have light ink on 0, whatever the data set's.
  const range = look.ink - look.paper;
  const [paper, ink] = look.form === "normalized" ? [0, Math.abs(range)] : [look.paper, range];
  return image.map((share) => paper + Math.round((ink * share) / 255));
}

function lightOnDark(strokes) {
  if (look.form === "resized") {
    const radius = FIELD_PEN_RADIUS * width;
    return inked(placed(strokes, [width, width], [0, 0]), [radius, radius], height, width);
  }
  const { left, top, across, down, size } = extent(strokes);
  const pen = PEN_RADIUS * size;
  const cut = placed(strokes, [1, 1], [pen - left, pen - top]);
  // The drawing with the pen around it.
  const [boxWidth, boxHeight] = [across + 2 * pen, down + 2 * pen];
  if (look.form === "stretched") {
    const scale = [look.size[1] / boxWidth, look.size[0] / boxHeight];
    const radii = scale.map((factor) => pen * factor);
    return inked(placed(cut, scale, [look.at[1], look.at[0]]), radii, height, width);
  }
  const at = (side, [x, y], height, width) => {
    const scale = side / (size + 2 * pen);
    return inked(placed(cut, [scale, scale], [x, y]), [pen * scale, pen * scale], height, width);
  };
  if (look.form === "normalized") {
    return normalize(at(DRAWN, [1, 1], SIDE, SIDE), SIDE, SIDE, height, width);
  }
  // Its centre comes to where it is in the images; that is in 1/4 pixels, from a pixel's middle.
  const scale = look.side / (size + 2 * pen);
  const [y, x] = look.at.map((quarters) => quarters / 4 + 0.5);
  let place = [x - (scale * boxWidth) / 2, y - (scale * boxHeight) / 2];
  if (look.centre === "mass") {
    const [massX, massY] = centreOfMass(at(look.side, place, height, width));
    place = [place[0] + x - massX, place[1] + y - massY];
  }
  return at(look.side, place, height, width);
}

/** Strokes in another scale, moved to the right and down. */
function placed(strokes, [scaleX, scaleY], [right, down]) {
  return strokes.map((stroke) => stroke.map(([x, y]) => [x * scaleX + right, y * scaleY + down]));
}

/**
 * The ink, 0…255, that a pen leaves on each pixel: 255 where it covers all of it. Its radii are those
 * across and down.
 */
function inked(strokes, radii, height, width) {
  const ink = new Uint8Array(height * width);
  // The pixels that a line reaches along one axis.
  const reached = (a, b, radius, size) => [
    Math.max(0, Math.floor(Math.min(a, b) - radius - 1)),
    Math.min(size, Math.ceil(Math.max(a, b) + radius + 1)),
  ];
  // In parts of the radii the pen is round.
  const inRadii = ([x, y]) => [x / radii[0], y / radii[1]];
  const radius = Math.min(...radii);
  for (const stroke of strokes) {
    stroke.forEach((to, i) => {
      // A stroke of one point is a dot.
      const from = stroke[Math.max(0, i - 1)];
      const [left, right] = reached(from[0], to[0], radii[0], width);
      const [top, bottom] = reached(from[1], to[1], radii[1], height);
      const ends = [inRadii(from), inRadii(to)];
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) {
          const outside = distance(inRadii([x + 0.5, y + 0.5]), ...ends) - 1;
          const covered = clamp(0.5 - radius * outside, 0, 1);
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
