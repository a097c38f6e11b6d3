// Start. Open the browser's console and try: mnist.networkNow().scores(mnist.test.images[0])

for (const element of document.querySelectorAll(".script-only")) element.hidden = false;
await startStory();
if (lesson) {
  startPlayer();
  startMistake();
}
startBoard();
startDrawing();
startGallery();

// For the console, and for the tests.
globalThis.mnist = {
  finished,
  lesson,
  train,
  test,
  moment,
  show,
  networkNow,
  predict,
  subject,
  drawing: () => strokes,
  normalize,
  galleryImages,
};
