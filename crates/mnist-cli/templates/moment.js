// The moment of training that the page shows, and the network as it was then. Whatever shows it
// asks to be told when it changes.

const finished = Network.of(embedded.finished);

/** The images of a split that the page has, and their labels. */
async function embeddedImages({ sheet, labels }) {
  const raw = await imagesOf(sheet, labels.length);
  return { raw, images: raw.map(prepared), labels };
}

/** The images that training learns from, those that judge it, and training itself. */
const train = embedded.lesson && (await embeddedImages(embedded.lesson.train));
const test = embedded.lesson && (await embeddedImages(embedded.lesson.test));
const lesson =
  embedded.lesson &&
  new Lesson(
    Network.of(embedded.lesson.start),
    embedded.lesson.margin,
    train.images,
    train.labels,
  );

/** The stop after the lesson's last: the network that the program has trained to the end. */
const END = lesson ? lesson.length + 1 : 0;

/**
 * The stop is a count of images, or END; `average` says which of the two networks answers; the
 * scores are those of the image that was looked at last, before it was learned from.
 */
const moment = { stop: END, average: embedded.lesson?.average ?? false, scores: null };

/** The network at the moment. */
function networkNow() {
  if (moment.stop === END) return finished;
  return moment.average ? lesson.average() : lesson.network;
}

const listeners = [];

/** Calls a function now, and whenever the moment changes. */
function onMoment(listener) {
  listeners.push(listener);
  listener();
}

/** Shows another moment: `change` is what of it is new. */
function show(change) {
  Object.assign(moment, change);
  if (moment.stop !== END) {
    walkTo(Math.max(0, moment.stop - 1));
    moment.scores = lesson.network.scores(train.images[lesson.seen]);
    walkTo(moment.stop);
  }
  for (const listener of listeners) listener();
}

// --- The accuracy on the way -------------------------------------------------------------------

/** How many steps the curve has. */
const CURVE_STEPS = 40;

/**
 * What is measured after so many images, { last, average }, or null as long as training has not
 * come there. On a scale of square roots the points are as far from each other.
 */
const curve = new Map();
for (let i = 0; lesson && i <= CURVE_STEPS; i++) {
  curve.set(Math.ceil((lesson.length * i * i) / (CURVE_STEPS * CURVE_STEPS)), null);
}

/** Whether a network reads the i-th of the embedded test images right. */
const reads = (network) => (image, i) => predict(network.scores(image)).answer === test.labels[i];

/** The share of the embedded test images that a network reads right. */
function accuracy(network) {
  return test.images.filter(reads(network)).length / test.images.length;
}

/** Takes training to a moment, and measures the accuracy at the points of the curve on the way. */
function walkTo(seen) {
  if (seen < lesson.seen) lesson.restart();
  measure();
  while (lesson.seen < seen) {
    lesson.learn();
    measure();
  }
}

function measure() {
  if (curve.get(lesson.seen) !== null) return;
  const [last, average] = [lesson.network, lesson.average()].map(accuracy);
  curve.set(lesson.seen, { last, average });
}
