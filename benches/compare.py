"""The whole job in other tools: load MNIST, train one pass, evaluate the test set.

    cargo build --release -p mnist-cli
    pip install -r benches/requirements.txt
    python benches/compare.py

Every run is a process of its own on the same files, in turns, so that a busy moment of the machine
hits all of them. Prints a Markdown table: of each phase the least time, of the whole process, from
its start to its exit, the least and the median. Every tool may use all cores.
"""

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PIXELS, CLASSES = 784, 10


def split(data, name):
    import numpy as np

    images = np.fromfile(data / f"{name}-images-idx3-ubyte", np.uint8)[16:].reshape(-1, PIXELS)
    return images, np.fromfile(data / f"{name}-labels-idx1-ubyte", np.uint8)[8:]


class Phases:
    """The seconds of each phase, and the accuracy at the end."""

    def __init__(self):
        self.report, self.start = {}, time.perf_counter()

    def end(self, phase):
        now = time.perf_counter()
        self.report[phase], self.start = now - self.start, now

    def result(self, correct, total):
        return {**self.report, "accuracy": int(correct) / total}


def article(data, _):
    """Fractions of 1 in float64, and for each image ten dot products."""
    phases = Phases()
    import numpy as np

    (train, train_labels), (test, test_labels) = split(data, "train"), split(data, "t10k")
    train, test = train / 255, test / 255
    phases.end("load")

    rng = np.random.default_rng(0)
    w = (2 * rng.random((CLASSES, PIXELS)) - 1) / 10
    b = (2 * rng.random(CLASSES) - 1) / 10

    def predict(x):
        outputs = np.zeros(CLASSES)
        for k in range(CLASSES):
            outputs[k] = max(np.dot(w[k], x) + b[k], 0)
        return np.argmax(outputs)

    for x, label in zip(train, train_labels):
        guess = predict(x)
        if guess != label:
            w[guess] -= x
            b[guess] -= 1
            w[label] += x
            b[label] += 1
    phases.end("train")

    correct = 0
    for x, label in zip(test, test_labels):
        correct += predict(x) == label
    phases.end("evaluate")
    return phases.result(correct, len(test))


def numpy_(data, _):
    """The same rule written well: one matrix-vector product an image, blocks of float32."""
    phases = Phases()
    import numpy as np

    (train, train_labels), (test, test_labels) = split(data, "train"), split(data, "t10k")
    phases.end("load")

    rng = np.random.default_rng(0)
    w = rng.uniform(-0.1, 0.1, (CLASSES, PIXELS)).astype(np.float32)
    b = rng.uniform(-0.1, 0.1, CLASSES).astype(np.float32)
    scale = np.float32(1 / 255)
    for start in range(0, len(train), 1000):
        block = train[start : start + 1000] * scale
        for x, label in zip(block, train_labels[start : start + 1000].tolist()):
            scores = w @ x
            scores += b
            guess = scores.argmax()
            if scores[guess] <= 0:  # relu, and the first of the largest outputs
                guess = 0
            if guess != label:
                w[guess] -= x
                b[guess] -= 1
                w[label] += x
                b[label] += 1
    phases.end("train")

    correct = 0
    for start in range(0, len(test), 1000):
        scores = test[start : start + 1000] * scale @ w.T + b
        guesses = np.maximum(scores, 0).argmax(axis=1)
        correct += (guesses == test_labels[start : start + 1000]).sum()
    phases.end("evaluate")
    return phases.result(correct, len(test))


def sklearn(data, _):
    phases = Phases()
    import numpy as np
    from sklearn.linear_model import Perceptron

    (train, train_labels), (test, test_labels) = split(data, "train"), split(data, "t10k")
    train, test = train / np.float32(255), test / np.float32(255)
    phases.end("load")
    model = Perceptron(max_iter=1, tol=None, shuffle=False).fit(train, train_labels)
    phases.end("train")
    correct = (model.predict(test) == test_labels).sum()
    phases.end("evaluate")
    return phases.result(correct, len(test))


def torch(data, _):
    """As its tutorials do: a linear layer, cross entropy, batches of 64, one epoch."""
    phases = Phases()
    import torch

    def tensors(name):
        images, labels = split(data, name)
        return torch.from_numpy(images).float() / 255, torch.from_numpy(labels).long()

    (train, train_labels), (test, test_labels) = tensors("train"), tensors("t10k")
    phases.end("load")
    torch.manual_seed(0)
    layer = torch.nn.Linear(PIXELS, CLASSES)
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
    for x, label in zip(train.split(64), train_labels.split(64)):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(layer(x), label).backward()
        optimizer.step()
    phases.end("train")
    with torch.no_grad():
        correct = (layer(test).argmax(1) == test_labels).sum()
    phases.end("evaluate")
    return phases.result(correct, len(test))


def wabbit(_, texts):
    """One pass of its own rule over text files that were made before; they count as training."""
    phases = Phases()
    import vowpalwabbit

    phases.end("load")
    model, answers = texts / "model", texts / "answers"
    options = ["--quiet", "--no_stdin"]
    train = ["--oaa", str(CLASSES), "-d", str(texts / "train"), "-f", str(model)]
    vowpalwabbit.Workspace(arg_list=options + train).finish()
    phases.end("train")
    test = ["-t", "-i", str(model), "-d", str(texts / "t10k"), "-p", str(answers)]
    vowpalwabbit.Workspace(arg_list=options + test).finish()
    labels = [line.split(" ", 1)[0] for line in open(texts / "t10k")]
    correct = sum(int(float(a)) == int(b) for a, b in zip(open(answers), labels))
    phases.end("evaluate")
    return phases.result(correct, len(labels))


def write_texts(data, folder):
    """MNIST in the text format of vowpal wabbit, whose classes begin at 1.

    In a process of its own, like the rest: on Linux a process counts as its own peak what the
    process that started it held, so that one must stay small.
    """
    for name in ["train", "t10k"]:
        with open(folder / name, "w") as file:
            for image, label in zip(*split(data, name)):
                pixels = " ".join(f"{p}:{image[p] / 255:.4f}" for p in image.nonzero()[0])
                file.write(f"{label + 1} | {pixels}\n")


# Name in the table, module it needs, function.
OTHERS = {
    "numpy": ("NumPy, written well", "numpy", numpy_),
    "wabbit": ("vowpal wabbit", "vowpalwabbit", wabbit),
    "torch": ("PyTorch", "torch", torch),
    "sklearn": ("scikit-learn `Perceptron`", "sklearn", sklearn),
    "article": ("the article's loops (NumPy)", "numpy", article),
}


def run(command):
    """Runs a process; returns what it printed as JSON, its seconds and its peak memory in bytes."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    whole = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command[0]} failed: {' '.join(map(str, command))}")
    unit = 1 if sys.platform == "darwin" else 1024
    return json.loads(output), whole, usage.ru_maxrss * unit


def ours(printed):
    """The phases in seconds of what our program prints."""
    phases = {phase: time / 1000 for phase, time in printed["milliseconds"].items()}
    return {**phases, "accuracy": printed["accuracy"]}


def seconds(value):
    if value is None:
        return ""
    return f"{value:.1f} s" if value >= 10 else f"{value:.2f} s" if value >= 0.1 else f"{value * 1000:.1f} ms"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, default=ROOT / "data")
    parser.add_argument("--program", type=Path, default=ROOT / "target/release/mnist-cli")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", nargs="*", choices=OTHERS, default=list(OTHERS))
    parser.add_argument("--worker", nargs=2, metavar=("NAME", "TEXTS"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        name, texts = arguments.worker
        work = write_texts if name == "texts" else OTHERS[name][2]
        print(json.dumps(work(arguments.data, Path(texts))))
        return

    with tempfile.TemporaryDirectory() as texts:
        data = ["--data", str(arguments.data)]
        program = [str(arguments.program), "train", "--json", *data]
        commands = {"mnist-cli": program, "mnist-cli `--average`": program + ["--average"]}
        for name in arguments.only:
            label, module, _ = OTHERS[name]
            if importlib.util.find_spec(module) is None:
                print(f"{module} is not installed: {label} is left out", file=sys.stderr)
                continue
            worker = [sys.executable, __file__, *data, "--worker"]
            if name == "wabbit":
                run([*worker, "texts", texts])
            commands[label] = [*worker, name, texts]

        runs = {label: [] for label in commands}
        for round in range(arguments.rounds):
            for label, command in commands.items():
                print(f"\rround {round + 1}: {label:30}", end="", file=sys.stderr, flush=True)
                runs[label].append(run(command))
        print(file=sys.stderr)

    print("| | accuracy | load | train | evaluate | whole process | median | peak memory |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    least = {}
    for label, results in runs.items():
        reports = [ours(r[0]) if "milliseconds" in r[0] else r[0] for r in results]
        phases = [min(report[phase] for report in reports) for phase in ["load", "train", "evaluate"]]
        whole = [r[1] for r in results]
        least[label] = min(whole)
        times = " | ".join(map(seconds, [*phases, min(whole), statistics.median(whole)]))
        memory = max(r[2] for r in results) / 1e6
        print(f"| {label} | {reports[0]['accuracy']:.2%} | {times} | {memory:.0f} MB |")

    others = {label: whole for label, whole in least.items() if not label.startswith("mnist-cli")}
    if others:
        best = min(others, key=others.get)
        print(f"\nratio: mnist-cli is faster than the best other, {best}, by {others[best] / least['mnist-cli']:.1f}  (at least 12)")
    article_ = OTHERS["article"][0]
    if article_ in others:
        print(f"ratio: mnist-cli is faster than the article's loops by {others[article_] / least['mnist-cli']:.0f}  (at least 300)")


if __name__ == "__main__":
    main()
