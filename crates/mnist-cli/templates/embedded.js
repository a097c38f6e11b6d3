// What the program has put into the page.

const byId = (id) => document.getElementById(id);
const embedded = JSON.parse(byId("embedded").textContent);
const { height, width, names } = embedded;

/** The bytes of base64. */
function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/**
 * The first images of a sheet, which is the `data:` address of a grey PNG picture.
 *
 * It is not read from a canvas: to protect their users from being tracked, some browsers add noise
 * to what is read there.
 */
async function imagesOf(address, count) {
  const png = bytesOf(address.slice(address.indexOf(",") + 1));
  const view = new DataView(png.buffer);
  const columns = view.getUint32(16) / width;
  const data = [];
  // After the signature come chunks: length, type, data, checksum.
  for (let at = 8; at < png.length; at += 12 + view.getUint32(at)) {
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    if (type === "IDAT") data.push(png.subarray(at + 8, at + 8 + view.getUint32(at)));
  }
  const inflated = new Blob(data).stream().pipeThrough(new DecompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(inflated).arrayBuffer());
  // Each row begins with the number of its filter: 0, for this program uses none.
  const rowBytes = 1 + columns * width;
  return Array.from({ length: count }, (_, i) => {
    const [left, top] = [(i % columns) * width, Math.floor(i / columns) * height];
    const image = new Uint8Array(height * width);
    for (let y = 0; y < height; y++) {
      const start = (top + y) * rowBytes + 1 + left;
      image.set(bytes.subarray(start, start + width), y * width);
    }
    return image;
  });
}
