// The player: training image by image, as slowly or as fast as the reader likes.

const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** Images a second, when so many have been seen. */
const speeds = {
  faster: (seen) => 1 + seen / 3,
  one: () => 1,
  ten: () => 10,
  hundred: () => 100,
  full: () => 1e9,
};

/** While it plays: when it last went on, and the images that are due. */
let playing = null;

function play() {
  // After the end comes the beginning.
  if (moment.stop >= lesson.length) show({ stop: 0 });
  playing = { time: performance.now(), due: 0 };
  showControls();
  requestAnimationFrame(onFrame);
}

function pause() {
  playing = null;
  showControls();
}

function onFrame() {
  if (!playing) return;
  const now = performance.now();
  const elapsed = now - playing.time;
  // Who wants no motion sees two moments a second.
  if (elapsed >= (calm.matches ? 500 : 0)) {
    const due = playing.due + (speeds[byId("speed").value](moment.stop) * elapsed) / 1000;
    const target = Math.min(lesson.length, moment.stop + Math.floor(due));
    playing = { time: now, due: due % 1 };
    // Not too long: thirty moments a second are to be seen.
    let stop = moment.stop;
    while (stop < target && performance.now() < now + 25) walkTo(stop++);
    if (stop === lesson.length) playing = null;
    if (stop !== moment.stop) show({ stop });
  }
  requestAnimationFrame(onFrame);
}

/** Goes to a stop by hand. */
function jump(stop) {
  playing = null;
  show({ stop });
}

/** The next stop whose image was a mistake; the lesson's last without one. */
function nextMistake() {
  const i = lesson.mistakeFrom(moment.stop >= lesson.length ? 0 : moment.stop);
  return i < 0 ? lesson.length : i + 1;
}

// --- Showing it --------------------------------------------------------------------------------

function showControls() {
  byId("play").textContent = playing ? "Pause" : "Play";
  // Nobody can listen to every image.
  byId("event").ariaLive = playing ? "off" : "polite";
}

/** The slider, here and beside the drawing. */
function showSliders() {
  const { stop } = moment;
  const text =
    stop === END ? "training finished" : `after ${count(stop)} of ${count(lesson.length)} images`;
  for (const slider of document.querySelectorAll(".moment input")) {
    slider.value = stop;
    slider.ariaValueText = text;
    slider.nextElementSibling.textContent = text;
  }
}

/** The image that was looked at last, the answer to it, and what was learned from it. */
function showEvent() {
  const over = moment.stop === END || moment.stop === 0;
  const i = over ? 0 : moment.stop - 1;
  const label = train.labels[i];
  const scores = moment.stop === END ? finished.scores(train.images[i]) : moment.scores;
  const { answer, rival, lead } = predict(scores);
  paintImage(byId("eye"), train.images[i]);
  showScores(byId("eye-scores"), scores, answer, label);

  const right = answer === label;
  const subtracted = over ? NOTHING : lesson.rivals[i];
  const text = [];
  if (right) text.push(`: right, ahead of ${names[rival]} by ${inFullPixels(lead)}. `);
  else text.push(": wrong. ");
  if (moment.stop === 0) text.push("Nothing has been learned yet: the weights are random.");
  else if (moment.stop === END) text.push("Training is finished. Play shows it from the start.");
  else if (subtracted === NOTHING) text.push("Nothing changes.");
  else {
    if (right) text.push(`That is less than the margin of ${embedded.lesson.margin}. `);
    text.push(`The image is added to the weights of ${names[label]} `);
    text.push(`and subtracted from those of ${names[subtracted]}.`);
  }
  byId("event").replaceChildren(bold(names[label]), " read as ", bold(names[answer]), ...text);
  byId("event").className = right ? "right" : "wrong";
  byId("explain").disabled = subtracted === NOTHING;
  return { label, subtracted };
}

/** The weights at the moment, and which of them have just changed. */
function showWeights({ label, subtracted }) {
  const network = networkNow();
  const limit = limitOf(network);
  byId("which").disabled = moment.stop === END;
  [...byId("weights-now").children].forEach((figure, k) => {
    paintSigned(figure.querySelector("canvas"), network.row(k), limit);
    figure.classList.toggle("added", k === label && subtracted !== NOTHING);
    figure.classList.toggle("subtracted", k === subtracted);
  });
  const [least, most] = document.querySelectorAll("#player .legend span");
  most.textContent = `≥ ${(limit / ONE).toFixed(1)}`;
  least.textContent = `≤ −${(limit / ONE).toFixed(1)}`;
}

/** Mistakes so far, and the two curves up to the moment. */
function showCurve() {
  const { stop } = moment;
  const points = [...curve].filter(([seen, measured]) => measured && seen <= stop);
  const x = (seen) => 100 * Math.sqrt(seen / lesson.length);
  for (const which of ["last", "average"]) {
    const line = points.map(([seen, measured]) => `${x(seen)},${100 - 100 * measured[which]}`);
    document.querySelector(`#curve .${which}`).setAttribute("points", line.join(" "));
    const measured = points.at(-1)?.[1][which];
    byId(`${which}-now`).textContent = measured === undefined ? "" : percent(measured);
  }
  byId("mistakes-now").textContent = stop === END ? "–" : count(lesson.mistakes);
}

/** Puts the player to work. */
function startPlayer() {
  for (const slider of document.querySelectorAll(".moment input")) {
    slider.max = END;
    slider.addEventListener("input", () => jump(Number(slider.value)));
  }
  byId("play").addEventListener("click", () => (playing ? pause() : play()));
  byId("step").addEventListener("click", () =>
    jump(moment.stop >= lesson.length ? 1 : moment.stop + 1),
  );
  byId("next-mistake").addEventListener("click", () => jump(nextMistake()));
  byId("finish").addEventListener("click", () => jump(END));
  for (const radio of document.querySelectorAll("[name=which]")) {
    radio.checked = (radio.value === "average") === moment.average;
    radio.addEventListener("change", () => show({ average: radio.value === "average" }));
  }
  const goal = accuracy(finished);
  const y = 100 - 100 * goal;
  byId("goal").textContent = percent(goal);
  document.querySelector("#curve .goal").setAttribute("points", `0,${y} 100,${y}`);
  onMoment(() => {
    showControls();
    showSliders();
    showWeights(showEvent());
    showCurve();
  });
}
