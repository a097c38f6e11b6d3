// The network: a row of weights and a bias for each class.

/** 1.0 in the unit of pixels, weights and biases: all of them are counted in 1/255. */
const ONE = 255;

class Network {
  /** Weights `[classes, pixels]` (Int16Array) and biases `[classes]` (Int32Array). */
  constructor(weights, biases) {
    Object.assign(this, { weights, biases });
  }

  /** The network of the numbers in the page: the weights are i16, little-endian, in base64. */
  static of({ weights, biases }) {
    const view = new DataView(bytesOf(weights).buffer);
    const weight = (_, i) => view.getInt16(2 * i, true);
    const length = view.byteLength / 2;
    return new Network(Int16Array.from({ length }, weight), Int32Array.from(biases));
  }

  copy() {
    return new Network(this.weights.slice(), this.biases.slice());
  }

  /** The weights of one class. */
  row(k) {
    const pixels = this.weights.length / this.biases.length;
    return this.weights.subarray(k * pixels, (k + 1) * pixels);
  }

  /**
   * The score of each class for an image of pixels 0…255, in units of 1/255²: one dot product each.
   *
   * It is exact: a JavaScript number holds every integer up to 2⁵³ ≈ 9·10¹⁵, and no sum of 784
   * products of at most 255 · 32768 is larger than 6.6·10⁹.
   */
  scores(image) {
    const { weights, biases } = this;
    const scores = Array.from(biases, (bias) => ONE * bias);
    // Nearly all that the page computes is computed here.
    const pixels = image.length;
    for (let j = 0; j < pixels; j++) {
      const pixel = image[j];
      if (pixel === 0) continue;
      for (let k = 0, i = j; k < scores.length; k++, i += pixels) scores[k] += weights[i] * pixel;
    }
    return scores;
  }
}

/** Relu: a negative score gives no output. */
const relu = (score) => Math.max(0, score);

/**
 * The first class of the largest output; its rival, which is the first of the largest score among
 * the others; and its lead, by which its score is larger than the rival's.
 */
function predict(scores) {
  const outputs = scores.map(relu);
  const answer = outputs.indexOf(Math.max(...outputs));
  const others = scores.map((score, k) => (k === answer ? -Infinity : score));
  const rival = others.indexOf(Math.max(...others));
  return { answer, rival, lead: scores[answer] - scores[rival] };
}

/** Scores and leads are in units of 1/255²; people read them in full pixels. */
function inFullPixels(score) {
  return (score / (ONE * ONE)).toFixed(1).replace("-", "−");
}
