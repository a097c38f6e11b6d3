// The network of this page, and everything that the page does with it.
// Open the browser's console and try: mnist.outputs(mnist.see())

const network = JSON.parse(document.getElementById("network").textContent);
const { height, width, names, biases } = network;
const weights = decodeWeights(network.weights);

// --- The network -------------------------------------------------------------------------------

/** i16 numbers, little-endian, in base64: [classes, pixels], in units of 1/255. */
function decodeWeights(base64) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Int16Array.from({ length: bytes.length / 2 }, (_, i) => view.getInt16(2 * i, true));
}

/**
 * The score of each class for an image of pixels 0…255: one dot product each.
 *
 * It is exact: a JavaScript number holds every integer up to 2⁵³ ≈ 9·10¹⁵, and no sum of 784
 * products of at most 255 · 32768 is larger than 6.6·10⁹.
 */
function scores(image) {
  return biases.map((bias, k) => {
    let score = 255 * bias;
    for (let j = 0; j < image.length; j++) score += weights[k * image.length + j] * image[j];
    return score;
  });
}

/** Relu: a negative score gives no output. */
function outputs(image) {
  return scores(image).map((score) => Math.max(0, score));
}

/** The first class that has the largest output. */
function predictedClass(outputs) {
  return outputs.indexOf(Math.max(...outputs));
}

/** Outputs are in units of 1/255²; people read them in full pixels. */
function inFullPixels(output) {
  return (output / (255 * 255)).toFixed(1);
}

// --- From a drawing to an image for the network ------------------------------------------------
// The steps of `mnist-cli predict`, for light ink on dark paper. A picture is
// { width, height, pixels }, its pixels 0 (paper) to 255 (ink), row by row.

/** A picture as an image for the network; null where there is no ink. */
function prepare(picture) {
  const digit = cutOut(withoutTraces(picture));
  if (!digit) return null;
  // Other images than MNIST's are only scaled.
  if (!network.prepared) return resize(picture, width, height).pixels;
  const larger = Math.max(digit.width, digit.height);
  const side = (old) => Math.max(1, Math.round((20 * old) / larger));
  return centre(brightest255(resize(digit, side(digit.width), side(digit.height))));
}

/** Less ink than a quarter is paper. */
function withoutTraces(picture) {
  return { ...picture, pixels: picture.pixels.map((pixel) => (pixel < 64 ? 0 : pixel)) };
}

/** The smallest part of a picture that holds all of its ink; null where there is none. */
function cutOut({ width, height, pixels }) {
  let [left, top, right, bottom] = [width, height, -1, -1];
  pixels.forEach((pixel, i) => {
    if (pixel === 0) return;
    const [x, y] = [i % width, Math.floor(i / width)];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  });
  if (right < 0) return null;
  const part = { width: right - left + 1, height: bottom - top + 1, pixels: [] };
  for (let y = top; y <= bottom; y++) {
    part.pixels.push(...pixels.subarray(y * width + left, y * width + right + 1));
  }
  return part;
}

/** A picture in another size: each new pixel is a mean of the old ones around its place. */
function resize(picture, newWidth, newHeight) {
  const columns = means(picture.width, newWidth);
  const rows = means(picture.height, newHeight);
  const pixels = new Uint8Array(newWidth * newHeight);
  for (let x = 0; x < newWidth; x++) {
    // First across: one column of means, as high as the old picture.
    const column = Array.from({ length: picture.height }, (_, row) =>
      mean(columns[x], (j) => picture.pixels[row * picture.width + j]),
    );
    for (let y = 0; y < newHeight; y++) {
      pixels[y * newWidth + x] = Math.round(mean(rows[y], (j) => column[j]));
    }
  }
  return { width: newWidth, height: newHeight, pixels };
}

/**
 * For each of `to` new pixels the old ones around it, of `from`, and their shares. These fall
 * linearly to zero over the width of a new pixel, or of an old one if that is wider.
 */
function means(from, to) {
  const reach = Math.max(1, from / to);
  return Array.from({ length: to }, (_, i) => {
    const middle = ((i + 0.5) * from) / to;
    const first = Math.max(0, Math.floor(middle - reach));
    const end = Math.min(from, Math.ceil(middle + reach));
    const shares = [];
    for (let j = first; j < end; j++) {
      shares.push(Math.max(0, 1 - Math.abs(j + 0.5 - middle) / reach));
    }
    const sum = shares.reduce((sum, share) => sum + share, 0);
    return { first, shares: shares.map((share) => share / sum) };
  });
}

function mean({ first, shares }, value) {
  return shares.reduce((sum, share, i) => sum + share * value(first + i), 0);
}

/** The brightest pixel becomes 255, the others in proportion. */
function brightest255(picture) {
  const brightest = Math.max(1, ...picture.pixels);
  return { ...picture, pixels: picture.pixels.map((pixel) => Math.round((pixel * 255) / brightest)) };
}

/** 28 × 28 pixels with the picture's centre of mass at (14, 14), as near as whole pixels allow. */
function centre(picture) {
  let [mass, massX, massY] = [0, 0, 0];
  picture.pixels.forEach((pixel, i) => {
    mass += pixel;
    massX += pixel * (i % picture.width);
    massY += pixel * Math.floor(i / picture.width);
  });
  const place = (moment, room) => Math.min(Math.max(Math.round(14 - moment / mass), 0), room);
  const left = place(massX, width - picture.width);
  const top = place(massY, height - picture.height);
  const image = new Uint8Array(height * width);
  for (let y = 0; y < picture.height; y++) {
    const row = picture.pixels.subarray(y * picture.width, (y + 1) * picture.width);
    image.set(row, (top + y) * width + left);
  }
  return image;
}

// --- Drawing -----------------------------------------------------------------------------------

const byId = (id) => document.getElementById(id);
const canvas = byId("canvas");
const ink = canvas?.getContext("2d", { willReadFrequently: true });
const pen = { x: canvas?.width / 2, y: canvas?.height / 2, down: false };

/** What is on the canvas, as an image for the network; null where nothing is. */
function see() {
  const { data } = ink.getImageData(0, 0, canvas.width, canvas.height);
  const pixels = Uint8Array.from({ length: data.length / 4 }, (_, i) => data[4 * i]);
  return prepare({ width: canvas.width, height: canvas.height, pixels });
}

function clear() {
  ink.fillStyle = "#000";
  ink.fillRect(0, 0, canvas.width, canvas.height);
  show(null);
}

/** Puts an image on the whole canvas. */
function put(image) {
  const small = new OffscreenCanvas(width, height);
  paint(small, (j) => [image[j], image[j], image[j], 255]);
  ink.imageSmoothingEnabled = false;
  ink.drawImage(small, 0, 0, canvas.width, canvas.height);
}

/** Draws from where the pen is. */
function lineTo(x, y) {
  ink.strokeStyle = "#fff";
  ink.lineWidth = canvas.width / 12;
  ink.lineCap = ink.lineJoin = "round";
  ink.beginPath();
  ink.moveTo(pen.x, pen.y);
  ink.lineTo(x, y);
  ink.stroke();
  Object.assign(pen, { x, y });
}

function onPointer(event) {
  if (!event.isPrimary) return;
  if (event.type === "pointerdown") {
    canvas.setPointerCapture(event.pointerId);
    byId("pen").hidden = true;
  } else if (!canvas.hasPointerCapture(event.pointerId)) {
    // It hovers, or was pressed elsewhere.
    return;
  }
  const box = canvas.getBoundingClientRect();
  const coalesced = event.getCoalescedEvents?.() ?? [];
  for (const { clientX, clientY } of coalesced.length > 0 ? coalesced : [event]) {
    const x = ((clientX - box.left) / box.width) * canvas.width;
    const y = ((clientY - box.top) / box.height) * canvas.height;
    if (event.type === "pointerdown") Object.assign(pen, { x, y });
    lineTo(x, y);
  }
  show(see());
}

const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function onKey(event) {
  const step = steps[event.key];
  if (step) {
    const inside = (position) => Math.min(Math.max(position, 0), canvas.width);
    const [x, y] = [inside(pen.x + 10 * step[0]), inside(pen.y + 10 * step[1])];
    if (pen.down) lineTo(x, y);
    Object.assign(pen, { x, y });
  } else if (event.key === " ") {
    pen.down = !pen.down;
    if (pen.down) lineTo(pen.x, pen.y);
  } else if (event.key === "Delete" || event.key === "Backspace") {
    clear();
  } else {
    return;
  }
  event.preventDefault();
  const mark = byId("pen");
  mark.hidden = false;
  mark.classList.toggle("down", pen.down);
  mark.style.left = `${(100 * pen.x) / canvas.width}%`;
  mark.style.top = `${(100 * pen.y) / canvas.height}%`;
  show(see());
}

// --- Showing what the network says -------------------------------------------------------------

/** Shows an image and the network's answer to it; nothing for null. */
function show(image) {
  const empty = image === null;
  const seen = image ?? new Uint8Array(height * width);
  const values = empty ? names.map(() => 0) : outputs(seen);
  const winner = predictedClass(values);
  const largest = values[winner];
  [...byId("outputs").children].forEach((item, k) => {
    item.classList.toggle("winner", !empty && k === winner);
    item.querySelector("i").style.width = `${largest > 0 ? (100 * values[k]) / largest : 0}%`;
    item.querySelector(".value").textContent = inFullPixels(values[k]);
  });
  const second = Math.max(...values.filter((_, k) => k !== winner));
  const answer = byId("answer");
  answer.textContent = "Nothing drawn yet";
  if (!empty) {
    const name = document.createElement("b");
    name.textContent = names[winner];
    answer.replaceChildren(name, ` leads by ${inFullPixels(largest - second)}`);
  }
  byId("winner").textContent = empty ? "the answer" : names[winner];
  byId("hint").hidden = !empty;
  paint(byId("seen"), (j) => [seen[j], seen[j], seen[j], 255]);
  paintContributions(seen, winner);
}

/** Paints each pixel of a canvas in the colour [red, green, blue, opacity]. */
function paint(canvas, colour) {
  const image = new ImageData(canvas.width, canvas.height);
  for (let j = 0; j < height * width; j++) image.data.set(colour(j), 4 * j);
  canvas.getContext("2d").putImageData(image, 0, 0);
}

/** What each pixel adds to the score of a class: orange for it, blue against it. */
function paintContributions(image, k) {
  const contributions = Array.from(image, (pixel, j) => pixel * weights[k * image.length + j]);
  const largest = Math.max(1, ...contributions.map(Math.abs));
  paint(byId("contributions"), (j) => {
    const colour = contributions[j] > 0 ? positive : negative;
    return [...colour, (255 * Math.abs(contributions[j])) / largest];
  });
}

/** A colour of the style, as [red, green, blue]. */
function styleColour(name) {
  const value = getComputedStyle(document.documentElement).getPropertyValue(name);
  return value.match(/\d+/g).map(Number);
}
const [positive, negative] = [styleColour("--positive"), styleColour("--negative")];

// --- The gallery -------------------------------------------------------------------------------

const figures = [...document.querySelectorAll("#gallery figure")];
const atFirst = figures.filter((figure) => !figure.hidden);
const galleryText = byId("gallery-text").textContent;

/** Shows the images of one cell of the confusion matrix, or the worst of all for `null`. */
function choose(button) {
  const pressed = document.querySelector("#confusion [aria-pressed=true]");
  pressed?.removeAttribute("aria-pressed");
  let shown = atFirst;
  let text = galleryText;
  if (button) {
    button.setAttribute("aria-pressed", "true");
    const cell = button.parentElement;
    const [label, predicted] = [cell.parentElement.sectionRowIndex, cell.cellIndex - 1];
    shown = figures.filter(
      ({ dataset }) => dataset.label == label && dataset.predicted == predicted,
    );
    const right = label === predicted;
    text = `${names[label]} read as ${names[predicted]}: ${shown.length} of `
      + `${button.textContent}, ${right ? "those nearest to a mistake" : "the worst"} first.`;
  }
  for (const figure of figures) figure.hidden = true;
  for (const figure of shown) figure.hidden = false;
  byId("gallery-text").textContent = text;
  byId("mistakes").textContent = button ? "Images of the chosen cell" : "Its worst mistakes";
  byId("all").hidden = !button;
}

byId("confusion").addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (!button) return;
  choose(button);
  byId("mistakes").scrollIntoView({ behavior: "smooth", block: "nearest" });
});
byId("all").addEventListener("click", () => choose(null));
for (const element of document.querySelectorAll(".script-only")) element.hidden = false;

/** The pixels of each image of the gallery. */
async function galleryImages() {
  const sheet = new Image();
  sheet.src = byId("digits").getAttribute("href");
  await sheet.decode();
  const copy = new OffscreenCanvas(sheet.width, sheet.height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(sheet, 0, 0);
  return figures.map((figure) => {
    const { x, y } = figure.querySelector("svg").viewBox.baseVal;
    const { data } = copy.getImageData(x, y, width, height);
    return Uint8Array.from({ length: height * width }, (_, j) => data[4 * j]);
  });
}

// --- Start -------------------------------------------------------------------------------------

if (canvas) {
  byId("draw").hidden = false;
  clear();
  for (const type of ["pointerdown", "pointermove"]) canvas.addEventListener(type, onPointer);
  canvas.addEventListener("keydown", onKey);
  byId("clear").addEventListener("click", clear);
  let images;
  figures.forEach((figure, i) => {
    figure.querySelector("button").addEventListener("click", async () => {
      images ??= galleryImages();
      const image = (await images)[i];
      put(image);
      show(image);
      byId("draw").scrollIntoView({ behavior: "smooth" });
    });
  });
}

// For the console, and for the test that replays the gallery.
globalThis.mnist = { network, scores, outputs, predictedClass, prepare, put, see, galleryImages };
