// The confusion matrix and the images behind its cells.

const figures = [...document.querySelectorAll("#gallery figure")];
const atFirst = figures.filter((figure) => !figure.hidden);
const [title, text] = [byId("gallery-title"), byId("gallery-text")];
const [titleAtFirst, textAtFirst] = [title.textContent, text.textContent];

/** Shows the images of one cell of the confusion matrix, or those of the beginning for null. */
function choose(button) {
  document.querySelector("#confusion [aria-pressed=true]")?.removeAttribute("aria-pressed");
  title.textContent = titleAtFirst;
  text.textContent = textAtFirst;
  let shown = atFirst;
  if (button) {
    button.setAttribute("aria-pressed", "true");
    const cell = button.parentElement;
    const [label, predicted] = [cell.parentElement.sectionRowIndex, cell.cellIndex - 1];
    const isOf = ({ dataset }) => dataset.label == label && dataset.predicted == predicted;
    shown = figures.filter(isOf);
    title.textContent = `${names[label]} read as ${names[predicted]}`;
    const first = label === predicted ? "smallest" : "largest";
    text.textContent = `${shown.length} of ${button.textContent}, with the ${first} lead first.`;
  }
  for (const figure of figures) figure.hidden = !shown.includes(figure);
  byId("all").hidden = !button;
}

let galleryPixels = null;

/** The pixels of each image of the gallery, once they are wanted. */
function galleryImages() {
  galleryPixels ??= imagesOf(byId("digits").getAttribute("href"), figures.length);
  return galleryPixels;
}

function startGallery() {
  byId("confusion").addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    choose(button);
    title.scrollIntoView();
    title.focus({ preventScroll: true });
  });
  byId("all").addEventListener("click", () => choose(null));
  figures.forEach((figure, i) => {
    figure.querySelector("button").addEventListener("click", async () => {
      // Its caption is about the finished network.
      if (lesson) jump(END);
      putInField((await galleryImages())[i], Number(figure.dataset.label));
      byId("board").scrollIntoView();
    });
  });
}
