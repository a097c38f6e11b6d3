"""Our normalization in NumPy, and the article's network on normalized digits: it ends at ours.

    mnist-cli train --epochs 0 --save start.safetensors
    mnist-cli train --epochs 1 --normalize --save end.safetensors
    python interop/normalize.py data start.safetensors end.safetensors
"""

import hashlib
import sys

import numpy as np
from safetensors.numpy import load_file

folder, start, end = sys.argv[1:]


def axis(variance, third, deviation):
    """Samples of an output pixel, and where all samples are, from the mean of the ink."""
    variance = max(variance, 0.25)
    skew = third / (variance * np.sqrt(variance))
    linear = np.sqrt(variance) / deviation
    bend = linear * (0.2 * skew)
    samples = 1
    while linear > 1.5 * samples:
        samples *= 2
    u = np.repeat(np.arange(28), samples) + (np.tile(np.arange(samples) + 0.5, 28) / samples - 14)
    if bend != 0:  # beyond its turn, the parabola is held
        turn = -linear / (2 * (bend / deviation))
        u = np.maximum(u, turn) if turn < 0 else np.minimum(u, turn)
    return samples, (bend / deviation * u + linear) * u - bend * deviation


def normalize(image):
    """[28, 28] bytes to [28, 28] bytes."""
    image = image.astype(np.int64)
    total = image.sum()
    if total == 0:
        return image.astype(np.uint8)
    grid = np.arange(28)
    top, left = image.sum(1) @ grid // total, image.sum(0) @ grid // total
    powers = lambda origin: np.array([(grid - origin) ** k for k in range(4)])
    mean = powers(top) @ image @ powers(left).T / total  # of yʲ·xᵏ: exact sums, divided
    (_, x, xx, xxx), (y, yx, yxx, _), (yy, yyx, _, _), (yyy, _, _, _) = mean
    v_yy, v_yx, v_xx = yy - y * y, yx - y * x, xx - x * x
    third_yyy = yyy - 3 * y * yy + 2 * y * y * y
    third_yyx = yyx - 2 * y * yx - x * yy + 2 * y * y * x
    third_yxx = yxx - 2 * x * yx - y * xx + 2 * y * x * x
    third_xxx = xxx - 3 * x * xx + 2 * x * x * x
    a = v_yx / max(v_yy, 0.25)  # the slant; e = x - a * y
    v_ee = v_xx - 2 * a * v_yx + a * a * v_yy
    third_eee = third_xxx - 3 * a * third_yxx + 3 * a * a * third_yyx - a * a * a * third_yyy
    y_samples, dy = axis(v_yy, third_yyy, 5.5)
    x_samples, dx = axis(v_ee, third_eee, 4.0)

    to_256ths = lambda position: np.rint(256 * position).astype(np.int64)
    rows = 256 * top + to_256ths(y + dy)
    columns = (256 * left + to_256ths(x + a * dy))[:, None] + to_256ths(dx)
    before = lambda position: np.clip(position >> 8, -2, 28) + 2  # in the padded image
    padded, weight = np.pad(image, 2), (rows & 255)[:, None]
    lines = (256 - weight) * padded[before(rows)] + weight * padded[before(rows) + 1]
    weight, columns = columns & 255, before(columns)
    values = (256 - weight) * np.take_along_axis(lines, columns, 1)
    values += weight * np.take_along_axis(lines, columns + 1, 1)
    sums = values.reshape(28, y_samples, 28, x_samples).sum((1, 3))
    one = 65536 * y_samples * x_samples
    return ((sums + one // 2) // one).astype(np.uint8)


def images(split):
    raw = np.fromfile(f"{folder}/{split}-images-idx3-ubyte", np.uint8)[16:]
    return np.array([normalize(image) for image in raw.reshape(-1, 28, 28)])


train, test = images("train"), images("t10k")
print("SHA-256 of all images:", hashlib.sha256(train.tobytes() + test.tobytes()).hexdigest())
labels, test_labels = (
    np.fromfile(f"{folder}/{split}-labels-idx1-ubyte", np.uint8)[8:] for split in ("train", "t10k")
)


def network(path):
    return (load_file(path)[name] / np.float64(255) for name in ("weight", "bias"))


w, b = network(start)
mistakes = 0
for x, label in zip(train.reshape(-1, 784) / 255, labels):
    guess = np.argmax(np.maximum(w @ x + b, 0))  # relu, and the largest output wins
    if guess != label:  # learn from the mistake
        mistakes += 1
        w[guess] -= x
        b[guess] -= 1
        w[label] += x
        b[label] += 1

outputs = np.maximum(test.reshape(-1, 784) / 255 @ w.T + b, 0)
correct = (outputs.argmax(1) == test_labels).sum()
our_w, our_b = network(end)
difference = max(abs(w - our_w).max(), abs(b - our_b).max())
print(f"{mistakes} mistakes, {correct} of 10000 test images right")
print(f"and our network to within {difference:.1e}")
assert difference < 1e-9
