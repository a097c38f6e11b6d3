// Normalization: every image is brought to the same place, size and slant by the moments of its
// ink. The formulas are explained in `mnist-kernel`; they are repeated here in the same order, for
// then a number of JavaScript is the same as the program's, to the bit.

/** The standard deviation of a normalized image's ink, in 1/28 of its height and of its width. */
const [HEIGHT_DEVIATION, WIDTH_DEVIATION] = [5.5, 4];

/** How much of the skew of the ink is corrected. */
const SKEW_CORRECTION = 0.4;

/** The least variance, in pixels²: a line one pixel wide has none. */
const LEAST_VARIANCE = 0.25;

/** The largest distance of two samples, in pixels of the source. */
const MOST_STEP = 1.5;

/** An image of light ink, [height, width], as one of [toHeight, toWidth]. */
function normalize(image, height, width, toHeight, toWidth) {
  const normalized = new Uint8Array(toHeight * toWidth);
  const [total, sumY, sumX] = moments(image, height, width, 0, 0);
  if (total === 0) return normalized;
  // A whole pixel near the mean of the ink; all else is relative to it.
  const [originY, originX] = [Math.floor(sumY / total), Math.floor(sumX / total)];
  const sums = moments(image, height, width, originY, originX);
  const [, y, x, yy, yx, xx, yyy, yyx, yxx, xxx] = sums.map((sum) => sum / total);

  // Central moments.
  const cyy = yy - y * y;
  const cyx = yx - y * x;
  const cxx = xx - x * x;
  const cyyy = yyy - 3 * y * yy + 2 * y * y * y;
  const cyyx = yyx - 2 * y * yx - x * yy + 2 * y * y * x;
  const cyxx = yxx - 2 * x * yx - y * xx + 2 * y * x * x;
  const cxxx = xxx - 3 * x * xx + 2 * x * x * x;

  // Of the sheared coordinate e = x − slant·y.
  const slant = cyx / Math.max(cyy, LEAST_VARIANCE);
  const cee = cxx - 2 * slant * cyx + slant * slant * cyy;
  const ceee = cxxx - 3 * slant * cyxx + 3 * slant * slant * cyyx - slant * slant * slant * cyyy;
  const rows = positions(cyy, cyyy, HEIGHT_DEVIATION, toHeight);
  const columns = positions(cee, ceee, WIDTH_DEVIATION, toWidth);
  const offsets = columns.map(toFixed);
  const [rowSamples, columnSamples] = [rows.length / toHeight, columns.length / toWidth];

  // A grey level is 65,536 for each of a pixel's samples.
  const unit = 65536 * rowSamples * columnSamples;
  const line = new Uint16Array(width);
  const outputs = new Float64Array(toWidth);
  for (let v = 0; v < toHeight; v++) {
    outputs.fill(0);
    for (let i = v * rowSamples; i < (v + 1) * rowSamples; i++) {
      if (!readLine(line, image, height, 256 * originY + toFixed(y + rows[i]))) continue;
      const start = 256 * originX + toFixed(x + slant * rows[i]);
      for (let j = 0; j < offsets.length; j++) {
        outputs[Math.floor(j / columnSamples)] += sampleAt(line, start + offsets[j]);
      }
    }
    for (let u = 0; u < toWidth; u++) {
      normalized[v * toWidth + u] = Math.floor((outputs[u] + unit / 2) / unit);
    }
  }
  return normalized;
}

/**
 * Σ p·yʲ·xᵏ over all pixels p, about an origin: of (j, k) = (0, 0), (1, 0), (0, 1), (2, 0), (1, 1),
 * (0, 2), (3, 0), (2, 1), (1, 2), (0, 3). Exact for sides of up to 500 pixels: 255 · 500⁵ < 2⁵³.
 */
function moments(image, height, width, originY, originX) {
  const sums = Array(10).fill(0);
  for (let row = 0; row < height; row++) {
    // Σ p·xᵏ of the row.
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    for (let column = 0; column < width; column++) {
      const p = image[row * width + column];
      if (p === 0) continue;
      const x = column - originX;
      s0 += p;
      s1 += p * x;
      s2 += p * x * x;
      s3 += p * x * x * x;
    }
    const y = row - originY;
    const ofRow = [s0, y * s0, s1, y * y * s0, y * s1, s2, y * y * y * s0, y * y * s1, y * s2, s3];
    for (let m = 0; m < 10; m++) sums[m] += ofRow[m];
  }
  return sums;
}

/** Where along one axis the samples of a normalized image lie, from the mean of the ink. */
function positions(variance, third, deviation28, length) {
  const held = Math.max(variance, LEAST_VARIANCE);
  const root = Math.sqrt(held);
  const skew = third / (held * root);
  const deviation = (deviation28 * length) / 28;
  // position = linear · (u + ½ c · skew · (u² / deviation − deviation))
  const linear = root / deviation;
  const bend = linear * (0.5 * SKEW_CORRECTION * skew);
  const square = bend / deviation;
  let samples = 1;
  while (linear > MOST_STEP * samples) samples *= 2;
  // Beyond its turn the parabola is held, so that no ink is read twice.
  const turn = -linear / (2 * square);
  const hold = turn < 0 ? Math.max : Math.min;
  return Array.from({ length: length * samples }, (_, i) => {
    const [pixel, sample] = [Math.floor(i / samples), i % samples];
    const u = hold(pixel + ((sample + 0.5) * (1 / samples) - length / 2), turn);
    return (square * u + linear) * u - bend * deviation;
  });
}

/** From 2⁵² to 2⁵³ there are no other numbers than integers. */
const INTEGERS = 1.5 * 2 ** 52;

/** A position, rounded to 1/256 of a pixel. */
const toFixed = (position) => 256 * position + INTEGERS - INTEGERS;

/**
 * Reads the pixels of an image at height y, in 1/256 pixels and so between two rows, in 1/256 of a
 * grey level. False if there are none.
 */
function readLine(line, image, height, y) {
  const width = line.length;
  const above = Math.floor(y / 256);
  if (above < -1 || above >= height) return false;
  const weight = y - 256 * above;
  for (let x = 0; x < width; x++) {
    const upper = above < 0 ? 0 : image[above * width + x];
    const lower = above + 1 < height ? image[(above + 1) * width + x] : 0;
    line[x] = (256 - weight) * upper + weight * lower;
  }
  return true;
}

/** A line at x, in 1/256 pixels and so between two of them, in 1/65,536 of a grey level. */
function sampleAt(line, x) {
  const left = Math.floor(x / 256);
  if (left < -1 || left >= line.length) return 0;
  const weight = x - 256 * left;
  const before = left < 0 ? 0 : line[left];
  const after = left + 1 < line.length ? line[left + 1] : 0;
  return (256 - weight) * before + weight * after;
}
