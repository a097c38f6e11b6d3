// The pictures of the story at the top of the page.

/** An image to show things with, raw and as the network takes it, of those that the page has. */
async function example() {
  if (!lesson) {
    const [raw] = await galleryImages();
    return { raw, image: prepared(raw) };
  }
  const right = test.images.findIndex((image, i) => predict(finished.scores(image)).answer === test.labels[i]);
  const i = Math.max(0, right);
  return { raw: test.raw[i], image: test.images[i] };
}

async function startStory() {
  const { raw, image } = await example();
  const scores = finished.scores(image);
  const { answer } = predict(scores);
  const limit = limitOf(finished);
  const weights = finished.row(answer);
  const products = Array.from(image, (pixel, j) => pixel * weights[j]);
  const pictures = {
    "story-weights": (canvas) => paintSigned(canvas, weights, limit),
    "story-image": (canvas) => paintImage(canvas, image),
    "story-times": (canvas) => paintSigned(canvas, weights, limit),
    "story-products": (canvas) => paintSigned(canvas, products, 255 * limit),
    "story-raw": (canvas) => paintImage(canvas, raw),
    "story-prepared": (canvas) => paintImage(canvas, image),
  };
  if (lesson) {
    const whole = new Lesson(lesson.start, embedded.lesson.margin, train.images, train.labels);
    whole.goTo(whole.length);
    const [last, average] = [whole.network, whole.average()];
    pictures["story-last"] = (canvas) => paintSigned(canvas, last.row(answer), limitOf(last));
    pictures["story-average"] = (canvas) => paintSigned(canvas, average.row(answer), limitOf(average));
    const negated = Int16Array.from(image, (pixel) => -pixel);
    pictures["story-added"] = (canvas) => paintSigned(canvas, image, ONE);
    pictures["story-subtracted"] = (canvas) => paintSigned(canvas, negated, ONE);
  }
  for (const [id, paintOn] of Object.entries(pictures)) if (byId(id)) paintOn(byId(id));
  for (const name of document.querySelectorAll(".story-class")) name.textContent = names[answer];
  byId("story-score").textContent = inFullPixels(scores[answer]);
}

