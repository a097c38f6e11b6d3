// The pictures of the story at the top of the page.

/** An image to show things with, raw and as the network takes it, of those that the page has. */
async function example() {
  if (!lesson) {
    const [raw] = await galleryImages();
    return { raw, image: prepared(raw) };
  }
  const i = Math.max(0, test.images.findIndex(reads(finished)));
  return { raw: test.raw[i], image: test.images[i] };
}

/** Paints on the canvas of this id, if the page has it. */
function paintStory(id, paintOn, ...what) {
  if (byId(id)) paintOn(byId(id), ...what);
}

async function startStory() {
  let network = finished;
  const { raw, image } = await example();
  const { answer } = predict(finished.scores(image));
  if (lesson) {
    // Once through, which also draws the player's curve.
    walkTo(lesson.length);
    const last = lesson.network;
    // Its weights are the ones that look most like what they stand for.
    network = lesson.average();
    paintStory("story-last", paintSigned, last.row(answer), limitOf(last));
    paintStory("story-average", paintSigned, network.row(answer), limitOf(network));
  }
  const [weights, limit] = [network.row(answer), limitOf(network)];
  const products = Array.from(image, (pixel, j) => pixel * weights[j]);
  paintStory("story-weights", paintSigned, weights, limit);
  paintStory("story-image", paintImage, image);
  paintStory("story-times", paintSigned, weights, limit);
  paintStory("story-products", paintSigned, products, ONE * limit);
  paintStory("story-added", paintAdded, image);
  paintStory("story-subtracted", paintSubtracted, image);
  paintStory("story-raw", paintImage, raw);
  paintStory("story-prepared", paintImage, image);
  for (const name of document.querySelectorAll(".story-class")) name.textContent = names[answer];
  byId("story-score").textContent = inFullPixels(network.scores(image)[answer]);
}
