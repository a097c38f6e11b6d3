// Stands in for the module that normalises with the program's own bits, until that is here.

function normalize(pixels, height, width, toHeight, toWidth) {
  const out = new Uint8Array(toHeight * toWidth);
  let [t, sy, sx] = [0, 0, 0];
  const each = (f) => { for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) { const p = pixels[y * width + x]; if (p) f(y, x, p); } };
  each((y, x, p) => { t += p; sy += p * y; sx += p * x; });
  if (t === 0) return out;
  const [my, mx] = [sy / t, sx / t];
  let [yy, yx, y3] = [0, 0, 0];
  each((y, x, p) => { const d = y - my; yy += p * d * d; yx += p * d * (x - mx); y3 += p * d * d * d; });
  [yy, yx, y3] = [yy / t, yx / t, y3 / t];
  const a = yx / Math.max(yy, 0.25);
  let [ee, e3] = [0, 0];
  each((y, x, p) => { const e = x - mx - a * (y - my); ee += p * e * e; e3 += p * e * e * e; });
  [ee, e3] = [ee / t, e3 / t];
  const axis = (v, third, length, s) => {
    v = Math.max(v, 0.25);
    const r = Math.sqrt(v); s = (s * length) / 28;
    const n = 2 ** Math.max(0, Math.ceil(Math.log2(r / s / 1.5)));
    const b = 0.2 * (third / (v * r));
    return { n, at: Array.from({ length: length * n }, (_, i) => { const u = (i + 0.5) / n - length / 2; return (r / s) * (u + b * ((u * u) / s - s)); }) };
  };
  const rows = axis(yy, y3, toHeight, 5.5), columns = axis(ee, e3, toWidth, 4);
  const px = (y, x) => (y < 0 || x < 0 || y >= height || x >= width ? 0 : pixels[y * width + x]);
  for (let v = 0; v < toHeight; v++) for (let u = 0; u < toWidth; u++) {
    let sum = 0;
    for (let i = 0; i < rows.n; i++) for (let k = 0; k < columns.n; k++) {
      const dy = rows.at[v * rows.n + i];
      const y = my + dy, x = mx + columns.at[u * columns.n + k] + a * dy;
      const [y0, x0] = [Math.floor(y), Math.floor(x)], [fy, fx] = [y - y0, x - x0];
      sum += (1 - fy) * ((1 - fx) * px(y0, x0) + fx * px(y0, x0 + 1)) + fy * ((1 - fx) * px(y0 + 1, x0) + fx * px(y0 + 1, x0 + 1));
    }
    out[v * toWidth + u] = Math.round(sum / (rows.n * columns.n));
  }
  return out;
}

