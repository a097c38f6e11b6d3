// The field to draw on: pen and eraser, with mouse, pen, finger or keys. Strokes are kept.

const field = byId("field");

/** The field's height, in parts of its width. */
const FIELD_HEIGHT = height / width;

/** The eraser's radius, in parts of the field's width. */
const ERASER = 0.05;

/** Between two points of a stroke, so that an eraser finds one wherever it goes. */
const POINT_DISTANCE = 0.02;

let strokes = [];

/** The drawings before each change, for undo. */
const past = [];

/** The test image in the field, if there is one in place of a drawing. */
let pictured = null;

/** Where the pointer has come to if it is down and erases, else null. */
let eraser = null;

/** Where the keyboard's pen is, and whether it is down. */
const pen = { x: 0.5, y: FIELD_HEIGHT / 2, down: false };

/** Keeps the drawing for undo: it is about to be changed. An image of the test set gives way to it. */
function beforeChange() {
  past.push(strokes);
  pictured = null;
  pen.down = false;
}

function startStroke(point) {
  strokes = [...strokes, [point]];
}

/** Draws on to a point. */
function drawTo([x, y]) {
  const stroke = strokes.at(-1);
  const [fromX, fromY] = stroke.at(-1);
  const steps = Math.ceil(Math.hypot(x - fromX, y - fromY) / POINT_DISTANCE);
  const points = Array.from({ length: steps }, (_, i) => {
    const part = (i + 1) / steps;
    return [fromX + part * (x - fromX), fromY + part * (y - fromY)];
  });
  strokes = [...strokes.slice(0, -1), [...stroke, ...points]];
}

/** Takes the points near the eraser's way to a place out of all strokes, which may cut them. */
function eraseTo(place) {
  strokes = strokes.flatMap((stroke) => {
    const pieces = [[]];
    for (const point of stroke) {
      if (distance(point, eraser, place) > ERASER) pieces.at(-1).push(point);
      else if (pieces.at(-1).length > 0) pieces.push([]);
    }
    return pieces.filter((piece) => piece.length > 0);
  });
  eraser = place;
}

function undo() {
  if (past.length === 0) return;
  strokes = past.pop();
  pictured = null;
  pen.down = false;
  showDrawing();
}

function clear() {
  if (strokes.length > 0 || pictured) beforeChange();
  strokes = [];
  showDrawing();
}

/** Shows the drawing, in the field and as the network sees it. */
function showDrawing() {
  paintField();
  putOnBoard(imageOf(strokes));
}

/** Puts a test image into the field, as it is. */
function putInField(raw, label) {
  if (strokes.length > 0) past.push(strokes);
  strokes = [];
  pictured = raw;
  paintField();
  putOnBoard(prepared(raw), label);
}

function paintField() {
  const context = field.getContext("2d");
  context.fillStyle = "#000";
  context.fillRect(0, 0, field.width, field.height);
  if (pictured) {
    const small = Object.assign(document.createElement("canvas"), { width, height });
    paintImage(small, pictured);
    context.imageSmoothingEnabled = false;
    context.drawImage(small, 0, 0, field.width, field.height);
  }
  context.strokeStyle = "#fff";
  context.lineCap = context.lineJoin = "round";
  context.lineWidth = 2 * penRadius(strokes) * field.width;
  for (const stroke of strokes) {
    context.beginPath();
    // A line from a point to itself is a dot.
    context.moveTo(stroke[0][0] * field.width, stroke[0][1] * field.width);
    for (const [x, y] of stroke) context.lineTo(x * field.width, y * field.width);
    context.stroke();
  }
  byId("hint").hidden = strokes.length > 0 || pictured !== null;
  byId("undo").disabled = past.length === 0;
}

function onPointer(event) {
  if (!event.isPrimary) return;
  if (event.type === "pointerdown") {
    field.setPointerCapture(event.pointerId);
    byId("pen").hidden = true;
    beforeChange();
  } else if (!field.hasPointerCapture(event.pointerId)) {
    // It hovers, or was pressed elsewhere.
    return;
  }
  const down = event.type === "pointerdown";
  const coalesced = event.getCoalescedEvents?.() ?? [];
  for (const each of coalesced.length > 0 ? coalesced : [event]) {
    const { x, y } = inParts(field, each);
    const point = [x, y * FIELD_HEIGHT];
    // By the button beside the field, the right button, or the other end of a pen.
    const erases = byId("eraser").ariaPressed === "true" || (event.buttons & (2 | 32)) > 0;
    if (down) eraser = erases ? point : null;
    if (eraser) eraseTo(point);
    else if (down) startStroke(point);
    else drawTo(point);
  }
  showDrawing();
}

function onKey(event) {
  const arrow = arrows[event.key];
  if (arrow) {
    pen.x = clamp(pen.x + arrow[0] / 28, 0, 1);
    pen.y = clamp(pen.y + arrow[1] / 28, 0, FIELD_HEIGHT);
    if (pen.down) drawTo([pen.x, pen.y]);
  } else if (event.key === " ") {
    if (pen.down) pen.down = false;
    else {
      beforeChange();
      startStroke([pen.x, pen.y]);
      pen.down = true;
    }
  } else if (event.key === "Delete" || event.key === "Backspace") {
    clear();
  } else if (event.key === "z" && (event.ctrlKey || event.metaKey)) {
    undo();
  } else {
    return;
  }
  event.preventDefault();
  byId("pen").hidden = false;
  byId("pen").classList.toggle("down", pen.down);
  byId("pen").style.left = `${100 * pen.x}%`;
  byId("pen").style.top = `${(100 * pen.y) / FIELD_HEIGHT}%`;
  if (pen.down) showDrawing();
}

function startDrawing() {
  field.width = 560;
  field.height = Math.ceil(560 * FIELD_HEIGHT);
  // Higher than wide, it is narrower instead.
  field.parentElement.style.width = `${280 / Math.max(1, FIELD_HEIGHT)}px`;
  for (const type of ["pointerdown", "pointermove"]) field.addEventListener(type, onPointer);
  field.addEventListener("contextmenu", (event) => event.preventDefault());
  field.addEventListener("keydown", onKey);
  byId("undo").addEventListener("click", undo);
  byId("clear").addEventListener("click", clear);
  byId("eraser").addEventListener("click", ({ target }) => {
    target.ariaPressed = target.ariaPressed !== "true";
  });
  paintField();
}
