"""A layer trained by scikit-learn goes through `mnist-cli import` and answers as before.

Run in the repository, after `cargo build --release -p mnist-cli`:

    pip install -r interop/requirements.txt
    python interop/import.py [target/release/mnist-cli]
"""

import json
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

PROGRAM = sys.argv[1] if len(sys.argv) > 1 else "target/release/mnist-cli"
DATA = Path("data")


def images(name):
    return np.fromfile(DATA / f"{name}-images-idx3-ubyte", np.uint8, offset=16).reshape(-1, 784)


def labels(name):
    return np.fromfile(DATA / f"{name}-labels-idx1-ubyte", np.uint8, offset=8)


def run(*arguments):
    done = subprocess.run([PROGRAM, *arguments], check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


def integer_answers(model, pixels):
    """The network's definition, in 64-bit integers: score, relu, the first largest output."""
    weight, bias = (model[name].astype(np.int64) for name in ("weight", "bias"))
    assert (weight == model["weight"]).all() and (bias == model["bias"]).all()
    assert np.abs(weight).max() == 32767 and np.abs(bias).max() <= 2**24
    scores = pixels.astype(np.int64) @ weight.T + 255 * bias
    assert (scores.max(axis=1) > 0).all(), "relu hides an answer"
    return np.maximum(scores, 0).argmax(axis=1)


def main():
    pixels, truth = images("t10k"), labels("t10k")
    # Far from converged, which is all the same here.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        trained = LogisticRegression(max_iter=30).fit(images("train") / 255, labels("train"))
    float_answers = trained.predict(pixels / 255)
    print(f"scikit-learn: accuracy {(float_answers == truth).mean():.4f}")

    with tempfile.TemporaryDirectory() as folder:
        for dtype in [np.float16, np.float32, np.float64]:
            layer, model = f"{folder}/layer.safetensors", f"{folder}/model.safetensors"
            # safetensors writes the memory as it lies, and `coef_` lies column by column.
            weight = np.ascontiguousarray(trained.coef_, dtype)
            save_file({"weight": weight, "bias": trained.intercept_.astype(dtype)}, layer)
            run("import", layer, "-o", model)
            report = json.loads(run("evaluate", model, "--json"))
            answers = integer_answers(load_file(model), pixels)
            confusion = np.zeros((10, 10), int)
            np.add.at(confusion, (truth, answers), 1)
            assert report["confusion"] == confusion.tolist(), "another answer than the definition's"
            different = int((answers != float_answers).sum())
            print(f"{dtype.__name__}: accuracy {report['accuracy']:.4f}, {different} answers differ")
            assert different <= 10  # 0.1 %


main()
