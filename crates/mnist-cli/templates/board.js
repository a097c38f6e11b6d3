// The board: what the network of the moment says of one image, a drawing or a test image, and why.

/**
 * The image as the network takes it, null for none; its label if it has one; the two classes to
 * compare if the reader has chosen them; the pixel that is looked at.
 */
const subject = { image: null, label: null, pair: null, pixel: null };

/** Shows another image. */
function putOnBoard(image, label = null) {
  Object.assign(subject, { image, label, pair: null });
  showBoard();
}

function showBoard() {
  const { image, label } = subject;
  paintImage(byId("seen"), image);
  byId("board").classList.toggle("empty", image === null);
  if (image === null) {
    byId("answer").replaceChildren("Nothing drawn yet");
    showScores(byId("scores"), Array(names.length).fill(0));
    paintSigned(byId("why"), new Int16Array(height * width), 1);
    return;
  }
  const network = networkNow();
  const scores = network.scores(image);
  const { answer, rival, lead } = predict(scores);
  showScores(byId("scores"), scores, answer, label);
  const text = [bold(names[answer]), ` leads ${names[rival]} by ${inFullPixels(lead)}`];
  if (label !== null) text.push(label === answer ? ": right" : `: wrong, it is ${names[label]}`);
  byId("answer").replaceChildren(...text);
  // Of a mistake one asks why it was not the right class, of a right answer why not the next.
  const other = label === null || label === answer ? rival : label;
  showComparison(network, scores, subject.pair ?? [answer, other]);
}

/** What each pixel does for one class against another: the pixel × the difference of the weights. */
function showComparison(network, scores, [one, other]) {
  const [weights, otherWeights] = [network.row(one), network.row(other)];
  const shares = Array.from(subject.image, (pixel, j) => (weights[j] - otherWeights[j]) * pixel);
  const largest = shares.reduce((largest, share) => Math.max(largest, Math.abs(share)), 1);
  paintSigned(byId("why"), shares, largest);
  byId("one").value = one;
  byId("other").value = other;
  const ahead = scores[one] - scores[other];
  const byBiases = ONE * (network.biases[one] - network.biases[other]);
  byId("difference").textContent = inFullPixels(ahead);
  byId("from-pixels").textContent = inFullPixels(ahead - byBiases);
  byId("from-biases").textContent = inFullPixels(byBiases);

  const j = subject.pixel;
  byId("mark").hidden = j === null;
  if (j === null) return;
  const [x, y] = [j % width, Math.floor(j / width)];
  byId("mark").style.left = `${(100 * x) / width}%`;
  byId("mark").style.top = `${(100 * y) / height}%`;
  const part = (number) => (number / ONE).toFixed(2).replace("-", "−");
  byId("pixel").textContent =
    `Row ${y + 1}, column ${x + 1}: pixel ${part(subject.image[j])} × (`
    + `weight ${part(weights[j])} of ${names[one]} − `
    + `weight ${part(otherWeights[j])} of ${names[other]}) = ${part(shares[j] / ONE)}`;
}

/** Looks at the pixel at a place, or the nearest. */
function lookAt(x, y) {
  subject.pixel = clamp(y, 0, height - 1) * width + clamp(x, 0, width - 1);
  if (subject.image) showBoard();
}

const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function startBoard() {
  const mark = byId("mark");
  mark.style.width = `${100 / width}%`;
  mark.style.height = `${100 / height}%`;
  for (const canvas of [byId("why"), byId("seen")]) {
    for (const type of ["pointerdown", "pointermove"]) {
      canvas.addEventListener(type, (event) => {
        const { x, y } = inParts(canvas, event);
        lookAt(Math.floor(x * width), Math.floor(y * height));
      });
    }
  }
  byId("why").addEventListener("keydown", (event) => {
    const arrow = arrows[event.key];
    if (!arrow) return;
    event.preventDefault();
    const j = subject.pixel ?? 0;
    lookAt((j % width) + arrow[0], Math.floor(j / width) + arrow[1]);
  });
  for (const select of [byId("one"), byId("other")]) {
    select.addEventListener("change", () => {
      subject.pair = [Number(byId("one").value), Number(byId("other").value)];
      if (subject.image) showBoard();
    });
  }
  onMoment(showBoard);
}

/** Where a pointer is on an element, in parts of its width and height. */
function inParts(element, { clientX, clientY }) {
  const box = element.getBoundingClientRect();
  return { x: (clientX - box.left) / box.width, y: (clientY - box.top) / box.height };
}
