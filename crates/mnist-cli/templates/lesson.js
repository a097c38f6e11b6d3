// Training: the same rule on the same images from the same start as the program's, so that after
// n images it is the same network, to the bit.

/** Biases stay within ±2²⁴. */
const BIAS_LIMIT = 2 ** 24;

/** In place of a class in `Lesson.rivals`: the image has not been looked at yet. */
const UNSEEN = -2;

/** In place of a class in `Lesson.rivals`: nothing was learned from the image. */
const NOTHING = -1;

const clamp = (value, least, most) => Math.min(Math.max(value, least), most);

/** Training that can be taken to any moment. */
class Lesson {
  /** From a start; margin is in full pixels. */
  constructor(start, margin, images, labels) {
    Object.assign(this, { start, margin: margin * ONE * ONE, images, labels });
    // What is known of each image since it was looked at: whether its answer was wrong, and the
    // class that it was subtracted from. Going back is to start again and repeat this, which needs
    // no scores: training is the start and its mistakes, and nothing else.
    this.rivals = new Int16Array(images.length).fill(UNSEEN);
    this.wrong = new Uint8Array(images.length);
    this.restart();
  }

  get length() {
    return this.images.length;
  }

  restart() {
    /** How many images were learned from. */
    this.seen = 0;
    this.mistakes = 0;
    this.network = this.start.copy();
    // Σ cᵢ·dᵢ of each weight and bias, for the average: it changed by dᵢ after cᵢ images.
    this.weightSums = new Float64Array(this.start.weights.length);
    this.biasSums = new Float64Array(this.start.biases.length);
  }

  /** Takes training to the moment after so many images. */
  goTo(seen) {
    if (seen < this.seen) this.restart();
    while (this.seen < seen) this.learn();
  }

  /** The first image from this one on whose answer is wrong; -1 without any. */
  mistakeFrom(i) {
    for (; i < this.length; i++) {
      this.goTo(i + 1);
      if (this.wrong[i]) return i;
    }
    return -1;
  }

  /** Looks at the next image, and learns from it if the answer is wrong or leads by too little. */
  learn() {
    const [image, label] = [this.images[this.seen], this.labels[this.seen]];
    if (this.rivals[this.seen] === UNSEEN) {
      const { answer, rival, lead } = predict(this.network.scores(image));
      this.wrong[this.seen] = answer !== label;
      if (answer !== label) this.rivals[this.seen] = answer;
      else this.rivals[this.seen] = this.margin > 0 && lead < this.margin ? rival : NOTHING;
    }
    const rival = this.rivals[this.seen];
    if (rival !== NOTHING) {
      this.change(label, image, 1);
      this.change(rival, image, -1);
    }
    this.mistakes += this.wrong[this.seen];
    this.seen += 1;
  }

  /** Adds an image to the weights of a class, or subtracts it; at their limits they stay. */
  change(k, image, sign) {
    const { weights, biases } = this.network;
    const row = k * image.length;
    for (let j = 0; j < image.length; j++) {
      const before = weights[row + j];
      weights[row + j] = clamp(before + sign * image[j], -32768, 32767);
      this.weightSums[row + j] += this.seen * (weights[row + j] - before);
    }
    const before = biases[k];
    biases[k] = clamp(before + sign * ONE, -BIAS_LIMIT, BIAS_LIMIT);
    this.biasSums[k] += this.seen * (biases[k] - before);
  }

  /**
   * The mean of the networks after each image so far; the start before the first.
   *
   * A number that is w after n images was n·w − Σ cᵢ·dᵢ in sum. With at most some thousand images
   * that is far below 2⁵³.
   */
  average() {
    const { network, seen } = this;
    if (seen === 0) return network.copy();
    const mean = (sums) => (now, i) => roundedHalfAway(seen * now - sums[i], seen);
    return new Network(
      network.weights.map(mean(this.weightSums)),
      network.biases.map(mean(this.biasSums)),
    );
  }
}

/** total / count, rounded to the nearest integer and half away from zero. */
function roundedHalfAway(total, count) {
  return Math.sign(total) * Math.floor((2 * Math.abs(total) + count) / (2 * count));
}
