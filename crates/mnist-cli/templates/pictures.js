// Images, weights and scores as the reader sees them.

/** A colour of the style, as [red, green, blue]. */
function styleColour(name) {
  const value = getComputedStyle(document.documentElement).getPropertyValue(name);
  return value.match(/\d+/g).map(Number);
}
const [POSITIVE, NEGATIVE] = [styleColour("--positive"), styleColour("--negative")];

for (const canvas of document.querySelectorAll("canvas.pixels")) {
  Object.assign(canvas, { width, height });
}

/** A colour with an opacity of 0…255, as an ImageData has it in 32 bits. */
const rgba = ([red, green, blue], opacity) => (opacity << 24) | (blue << 16) | (green << 8) | red;

/** Paints each pixel of a canvas. */
function paint(canvas, colour) {
  const picture = new ImageData(width, height);
  const words = new Uint32Array(picture.data.buffer);
  for (let j = 0; j < words.length; j++) words[j] = colour(j);
  canvas.getContext("2d").putImageData(picture, 0, 0);
}

/** Paints an image; nothing but black for null. */
function paintImage(canvas, image) {
  const grey = (pixel) => rgba([pixel, pixel, pixel], 255);
  paint(canvas, (j) => grey(image?.[j] ?? 0));
}

/** Paints numbers: orange above zero, blue below, nothing at zero, all colour at ±limit. */
function paintSigned(canvas, numbers, limit) {
  paint(canvas, (j) => {
    const opacity = (255 * Math.min(Math.abs(numbers[j]), limit)) / limit;
    return rgba(numbers[j] > 0 ? POSITIVE : NEGATIVE, opacity);
  });
}

/** An image in the colours of weights, so that it can be seen to go into them: added. */
const paintAdded = (canvas, image) => paintSigned(canvas, image, ONE);

/** The same, subtracted. */
const paintSubtracted = (canvas, image) =>
  paintSigned(
    canvas,
    Int16Array.from(image, (pixel) => -pixel),
    ONE,
  );

/**
 * A limit that has room for 99 in 100 of a network's weights: the few beyond would make the others
 * pale.
 */
function limitOf(network) {
  const sizes = Uint16Array.from(network.weights, Math.abs).sort();
  return Math.max(1, sizes[Math.floor(((sizes.length - 1) * 99) / 100)]);
}

/** A list shows so many classes at most: of more, those with the largest scores. */
const MOST_ROWS = 10;

/**
 * Shows scores as rows of a list: a bar as long as the output, and the score in full pixels. The
 * answer is marked, and so is the label if there is one; both always are among the rows.
 */
function showScores(list, scores, answer = null, label = null) {
  const rank = (k) => (k === answer || k === label ? Infinity : scores[k]);
  const classes = [...scores.keys()];
  const shown = classes.sort((a, b) => rank(b) - rank(a) || a - b).slice(0, MOST_ROWS);
  shown.sort((a, b) => a - b);
  while (list.children.length < shown.length) {
    list.insertAdjacentHTML("beforeend", "<li><b></b><span><i></i></span><data></data></li>");
  }
  const largest = Math.max(1, ...scores);
  shown.forEach((k, row) => {
    const item = list.children[row];
    const [name, bar, value] = item.children;
    name.textContent = names[k];
    bar.firstChild.style.width = `${(100 * relu(scores[k])) / largest}%`;
    value.textContent = inFullPixels(scores[k]);
    item.classList.toggle("answer", k === answer);
    item.classList.toggle("wrong", k === answer && label !== null && label !== answer);
    item.classList.toggle("label", k === label);
  });
}

const count = (number) => number.toLocaleString("en");
const percent = (share) => `${(100 * share).toFixed(1)} %`;

/** Text in bold. */
function bold(text) {
  const element = document.createElement("b");
  element.textContent = text;
  return element;
}
