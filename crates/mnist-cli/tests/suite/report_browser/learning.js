// An SVG that moves: the weights of all classes and the accuracy on the way through the page's
// lesson. Made of what the page itself shows.
(() => {
  const FRAMES = 41;
  const SIDE = 28;
  // And the gap beside it.
  const STEP = SIDE + 2;
  const [WIDTH, HEIGHT] = [760, 300];
  // Seconds of learning, and for how long the end stays.
  const [LEARNING, END] = [8, 3];

  const film = document.createElement("canvas");
  const classes = [...document.querySelectorAll("#weights-now figure")];
  Object.assign(film, { width: STEP * classes.length, height: SIDE * FRAMES });
  const paper = film.getContext("2d");
  paper.fillStyle = "white";
  paper.fillRect(0, 0, film.width, film.height);
  const captions = [];
  for (let frame = 0; frame < FRAMES; frame++) {
    const stop = Math.ceil((mnist.lesson.length * frame ** 2) / (FRAMES - 1) ** 2);
    mnist.show({ stop });
    classes.forEach((figure, k) =>
      paper.drawImage(figure.querySelector("canvas"), STEP * k, SIDE * frame),
    );
    const accuracy = document.querySelector("#average-now").textContent;
    const mistakes = mnist.lesson.mistakes.toLocaleString("en");
    captions.push(`${stop.toLocaleString("en")} images, ${mistakes} mistakes: ${accuracy} right`);
  }
  // Few colours make a small file.
  const picture = paper.getImageData(0, 0, film.width, film.height);
  for (const [i, value] of picture.data.entries()) picture.data[i] = 17 * Math.round(value / 17);
  paper.putImageData(picture, 0, 0);

  const side = WIDTH / classes.length;
  const pictures = (side * SIDE) / STEP;
  const plot = { left: 45, top: side + 60, width: WIDTH - 60, height: HEIGHT - side - 75 };
  const line = document.querySelector("#curve .average").getAttribute("points");
  const points = line.split(" ").map((point) => {
    const [x, y] = point.split(",").map(Number);
    return [plot.left + (x * plot.width) / 100, plot.top + (y * plot.height) / 100];
  });
  const ticks = [0, 50, 100].map((percent) => {
    const y = plot.top + plot.height * (1 - percent / 100);
    return `<path d="M${plot.left} ${y}h${plot.width}" stroke="#dcdcd6"/>
<text x="${plot.left - 6}" y="${y + 4}" text-anchor="end">${percent} %</text>`;
  });
  const part = (100 * LEARNING) / (LEARNING + END);
  const moves = (name, change) =>
    `@keyframes ${name} { from { transform: none; } ${part}%, 100% { transform: ${change}; } }
.${name} { transform: ${change}; animation: ${name} ${LEARNING + END}s steps(${FRAMES - 1}) infinite; }`;
  const names = classes.map(
    (figure, k) =>
      `<text x="${side * k + pictures / 2}" y="${pictures + 16}" text-anchor="middle">${figure.textContent.trim()}</text>`,
  );
  const row = 20;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" fill="#5c5c63">
<style>
${moves("film", `translateY(${-SIDE * (FRAMES - 1)}px)`)}
${moves("captions", `translateY(${-row * (FRAMES - 1)}px)`)}
@keyframes curtain { from { transform: scaleX(0); } ${part}%, 100% { transform: none; } }
.curtain { transform-origin: ${plot.left}px 0; animation: curtain ${LEARNING + END}s linear infinite; }
image { image-rendering: pixelated; }
@media (prefers-reduced-motion: reduce) { * { animation: none !important; } }
</style>
<rect width="100%" height="100%" fill="white"/>
<svg width="${WIDTH}" height="${pictures}" viewBox="0 0 ${film.width} ${SIDE}">
<image class="film" width="${film.width}" height="${film.height}" href="${film.toDataURL()}"/>
</svg>
${names.join("\n")}
<svg y="${side + 24}" width="${WIDTH}" height="${row}" font-size="15" fill="#1b1b1f"><g class="captions">
${captions.map((caption, i) => `<text x="${WIDTH / 2}" y="${15 + row * i}" text-anchor="middle">${caption}</text>`).join("\n")}
</g></svg>
${ticks.join("\n")}
<clipPath id="seen"><rect class="curtain" x="${plot.left}" y="0" width="${plot.width}" height="${HEIGHT}"/></clipPath>
<polyline clip-path="url(#seen)" fill="none" stroke="#1560ac" stroke-width="2" points="${points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ")}"/>
</svg>
`;
})();
