"""The article's network in NumPy, from our random start: it ends at our network.

    mnist-cli train --epochs 0 --save start.safetensors
    mnist-cli train --epochs 1 --save end.safetensors
    python interop/article.py data start.safetensors end.safetensors
"""

import sys

import numpy as np
from safetensors.numpy import load_file

folder, start, end = sys.argv[1:]
images = np.fromfile(f"{folder}/train-images-idx3-ubyte", np.uint8)[16:].reshape(-1, 784) / 255
labels = np.fromfile(f"{folder}/train-labels-idx1-ubyte", np.uint8)[8:]


def network(path):
    weight, bias = (load_file(path)[name] for name in ("weight", "bias"))
    assert weight.shape == (10, 784) and bias.shape == (10,)
    for tensor in (weight, bias):
        assert tensor.dtype == np.float32 and (tensor == np.rint(tensor)).all()
    return weight / np.float64(255), bias / np.float64(255)  # the file's unit is 1/255


w, b = network(start)

mistakes = 0
for x, label in zip(images, labels):
    scores = np.array([np.dot(w[k], x) + b[k] for k in range(10)])
    guess = np.argmax(np.maximum(scores, 0))  # relu, and the largest output wins
    if guess != label:  # learn from the mistake
        mistakes += 1
        w[guess] -= x
        b[guess] -= 1
        w[label] += x
        b[label] += 1

our_w, our_b = network(end)
difference = max(abs(w - our_w).max(), abs(b - our_b).max())
print(f"the article's loop: {mistakes} mistakes, and our network to within {difference:.1e}")
assert difference < 1e-9
