// One mistake, step by step: the image, its scores, what is added and subtracted, the scores after.

/** How many steps the section has. */
const STEPS = 4;

/** The image of the lesson that is shown, and how many of its steps. */
const mistake = { i: 0, step: STEPS };

/** Shows what was learned from an image. */
function showMistake(i) {
  mistake.i = i;
  const now = lesson.seen;
  lesson.goTo(i);
  const before = lesson.network.copy();
  lesson.learn();
  const after = lesson.network.copy();
  lesson.goTo(now);

  const [image, label, rival] = [lesson.images[i], lesson.labels[i], lesson.rivals[i]];
  const [scores, scoresAfter] = [before.scores(image), after.scores(image)];
  const { answer } = predict(scores);
  const limit = limitOf(after);
  paintImage(byId("mistake-image"), image);
  paintSigned(byId("label-before"), before.row(label), limit);
  paintSigned(byId("label-after"), after.row(label), limit);
  paintSigned(byId("rival-before"), before.row(rival), limit);
  paintSigned(byId("rival-after"), after.row(rival), limit);
  paintAdded(byId("added"), image);
  paintSubtracted(byId("subtracted"), image);
  showScores(byId("scores-before"), scores, answer, label);
  showScores(byId("scores-after"), scoresAfter, predict(scoresAfter).answer, label);
  byId("mistake-number").textContent = count(i + 1);
  for (const [mark, k] of Object.entries({ label, rival, answer })) {
    const places = document.querySelectorAll(`#mistake .name-${mark}`);
    for (const place of places) place.textContent = names[k];
  }
  byId("verdict").textContent = answer === label ? "right, but by too little" : "wrong";
  byId("gain").textContent = inFullPixels(scoresAfter[label] - scores[label]);
  byId("loss").textContent = inFullPixels(scores[rival] - scoresAfter[rival]);
}

function showStep(step) {
  mistake.step = step;
  byId("mistake").dataset.step = step;
  byId("back").disabled = step === 1;
  byId("next").textContent = step === STEPS ? "From the start" : "Next step";
}

/** Puts the section to work; without a mistake there is none to show. */
function startMistake() {
  const first = lesson.mistakeFrom(0);
  if (first < 0) return;
  byId("mistake").hidden = byId("explain").hidden = false;
  showMistake(first);
  showStep(STEPS);
  byId("back").addEventListener("click", () => showStep(mistake.step - 1));
  byId("next").addEventListener("click", () => showStep((mistake.step % STEPS) + 1));
  byId("another").addEventListener("click", () => {
    const now = lesson.seen;
    const i = lesson.mistakeFrom(mistake.i + 1);
    lesson.goTo(now);
    showMistake(i < 0 ? first : i);
    showStep(1);
  });
  byId("explain").addEventListener("click", () => {
    showMistake(moment.stop - 1);
    showStep(1);
    byId("mistake").scrollIntoView();
    byId("next").focus({ preventScroll: true });
  });
}
