// The confusion matrix and the images behind its cells.

const figures = [...document.querySelectorAll("#gallery figure")];
const atFirst = figures.filter((figure) => !figure.hidden);
const galleryTexts = ["gallery-title", "gallery-text"].map((id) => [byId(id), byId(id).textContent]);

/** Shows the images of one cell of the confusion matrix, or those of the beginning for null. */
function choose(button) {
  document.querySelector("#confusion [aria-pressed=true]")?.removeAttribute("aria-pressed");
  for (const [element, text] of galleryTexts) element.textContent = text;
  let shown = atFirst;
  if (button) {
    button.setAttribute("aria-pressed", "true");
    const cell = button.parentElement;
    const [label, predicted] = [cell.parentElement.sectionRowIndex, cell.cellIndex - 1];
    shown = figures.filter(({ dataset }) => dataset.label == label && dataset.predicted == predicted);
    byId("gallery-title").textContent = `${names[label]} read as ${names[predicted]}`;
    byId("gallery-text").textContent = `${shown.length} of ${button.textContent} images, `
      + (label === predicted ? "those with the smallest lead first." : "those with the largest lead first.");
  }
  for (const figure of figures) figure.hidden = !shown.includes(figure);
  byId("all").hidden = !button;
}

let images = null;

/** The pixels of each image of the gallery. */
function galleryImages() {
  images ??= imagesOf(byId("digits").getAttribute("href"), figures.length);
  return images;
}

function startGallery() {
  byId("confusion").addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    choose(button);
    byId("gallery-title").scrollIntoView();
    byId("gallery-title").focus({ preventScroll: true });
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

