"""The whole job in other tools: load MNIST, train one pass, evaluate the test set.

    cargo build --release -p mnist-cli
    pip install -r benches/requirements.txt
    python benches/compare.py              # the whole job
    python benches/compare.py --accuracy   # how far linear classifiers get, each run once

Every run is a process of its own on the same files, in turns, so that a busy moment of the machine
hits all of them. Prints a Markdown table: of each phase the least time, of the whole process, from
its start to its exit, the least and the median. Every tool may use all cores. Loading includes the
import of the tool; the peak of memory includes the pages of mapped files.
"""

import argparse
import importlib
import importlib.metadata
import json
import os
import platform
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

    images = np.fromfile(data / f"{name}-images-idx3-ubyte", np.uint8, offset=16)
    labels = np.fromfile(data / f"{name}-labels-idx1-ubyte", np.uint8, offset=8)
    return images.reshape(-1, PIXELS), labels


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
    """The article's steps as it writes them: pixels divided by 255 in float64, then for each image
    a loop over the classes, a dot product and relu in each."""
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


def sklearn(module, make, sparse=False):
    """A classifier of scikit-learn, made by `make` of its module."""

    def job(data, _):
        phases = Phases()
        import numpy as np

        module_ = importlib.import_module(f"sklearn.{module}")
        (train, train_labels), (test, test_labels) = split(data, "train"), split(data, "t10k")
        train, test = train / np.float32(255), test / np.float32(255)
        if sparse:
            import scipy.sparse

            train, test = scipy.sparse.csr_matrix(train), scipy.sparse.csr_matrix(test)
        phases.end("load")
        model = make(module_).fit(train, train_labels)
        phases.end("train")
        correct = (model.predict(test) == test_labels).sum()
        phases.end("evaluate")
        return phases.result(correct, len(test_labels))

    return job


def torch(data, _):
    """A linear layer, cross entropy, batches of 64, one epoch.

    The step is written out: `torch.optim` imports the compiler, which takes two seconds more.
    """
    phases = Phases()
    import torch

    def tensors(name):
        images, labels = split(data, name)
        return torch.from_numpy(images).float() / 255, torch.from_numpy(labels).long()

    (train, train_labels), (test, test_labels) = tensors("train"), tensors("t10k")
    phases.end("load")
    torch.set_num_threads(1)  # faster: the batches are too small to be shared
    torch.manual_seed(0)
    layer = torch.nn.Linear(PIXELS, CLASSES)
    parameters = list(layer.parameters())
    for x, label in zip(train.split(64), train_labels.split(64)):
        loss = torch.nn.functional.cross_entropy(layer(x), label)
        gradients = torch.autograd.grad(loss, parameters)
        with torch.no_grad():
            for parameter, gradient in zip(parameters, gradients):
                parameter -= 0.1 * gradient
    phases.end("train")
    with torch.inference_mode():
        correct = (layer(test).argmax(1) == test_labels).sum()
    phases.end("evaluate")
    return phases.result(correct, len(test))


def wabbit(*options):
    """Its own rule over text files that were made before; reading them counts as training."""

    def job(_, texts):
        phases = Phases()
        import vowpalwabbit

        phases.end("load")
        model, answers = texts / "model", texts / "answers"
        quiet = ["--quiet", "--no_stdin"]
        train = ["--oaa", str(CLASSES), *options, "-d", str(texts / "train"), "-f", str(model)]
        vowpalwabbit.Workspace(arg_list=quiet + train).finish()
        phases.end("train")
        test = ["-t", "-i", str(model), "-d", str(texts / "t10k"), "-p", str(answers)]
        vowpalwabbit.Workspace(arg_list=quiet + test).finish()
        labels = [line.split(" ", 1)[0] for line in open(texts / "t10k")]
        correct = sum(int(float(a)) == int(b) for a, b in zip(open(answers), labels))
        phases.end("evaluate")
        return phases.result(correct, len(labels))

    return job


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


# Name in the table, the package it needs, function. First, tools that do the whole job.
JOBS = {
    "numpy": ("NumPy, written well", "numpy", numpy_),
    "wabbit": ("vowpal wabbit", "vowpalwabbit", wabbit()),
    "torch": ("PyTorch", "torch", torch),
    "sklearn": (
        "scikit-learn `Perceptron`",
        "scikit-learn",
        sklearn(
            "linear_model",
            lambda m: m.Perceptron(max_iter=1, tol=None, shuffle=False, n_jobs=-1),
        ),
    ),
    "article": ("the article's loops (NumPy)", "numpy", article),
}

# Linear classifiers that take the time they need. C was chosen as our recipe was, on the last 10,000
# training images: LinearSVC's of 0.01, 0.03 and 0.1, LogisticRegression's of 0.1 and 1, its default.
ACCURATE = {
    "crammer": (
        "scikit-learn `LinearSVC`, Crammer–Singer (liblinear)",
        "scikit-learn",
        sklearn("svm", lambda m: m.LinearSVC(C=0.1, multi_class="crammer_singer"), sparse=True),
    ),
    "logistic": (
        "scikit-learn `LogisticRegression`",
        "scikit-learn",
        sklearn("linear_model", lambda m: m.LogisticRegression()),
    ),
    "passes": (
        "vowpal wabbit, 20 passes",
        "vowpalwabbit",
        wabbit("--passes", "20", "--cache", "--kill_cache", "--holdout_off"),
    ),
    "perceptron": (
        "scikit-learn `Perceptron`, until it stops",
        "scikit-learn",
        sklearn("linear_model", lambda m: m.Perceptron(n_jobs=-1)),
    ),
}
OTHERS = {**JOBS, **ACCURATE}

# What is written to the table for our program, and its options.
OURS = {"mnist-cli": [], "mnist-cli `--average`": ["--average"]}
RECIPE = ["--average", "--epochs", "20", "--margin", "175"]


def run(command):
    """Runs a process; returns what it printed as JSON, its seconds and its peak memory in bytes."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    whole = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"failed: {' '.join(map(str, command))}")
    unit = 1 if sys.platform == "darwin" else 1024
    return json.loads(output), whole, usage.ru_maxrss * unit


def ours(printed):
    """The phases in seconds of what our program prints."""
    phases = {phase: time / 1000 for phase, time in printed["milliseconds"].items()}
    return {**phases, "accuracy": printed["accuracy"]}


def seconds(value):
    if value >= 10:
        return f"{value:.0f} s"
    return f"{value:.2f} s" if value >= 0.1 else f"{value * 1000:.1f} ms"


def installed(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, default=ROOT / "data")
    parser.add_argument("--program", type=Path, default=ROOT / "target/release/mnist-cli")
    parser.add_argument("--accuracy", action="store_true", help="the most accurate, each run once")
    parser.add_argument("--rounds", type=int, help="default 5, with --accuracy 1")
    parser.add_argument("--only", nargs="*", choices=OTHERS, help="only these others")
    parser.add_argument("--worker", nargs=2, metavar=("NAME", "TEXTS"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        name, texts = arguments.worker
        work = write_texts if name == "texts" else OTHERS[name][2]
        print(json.dumps(work(arguments.data, Path(texts))))
        return
    if not arguments.program.is_file():
        sys.exit(f"{arguments.program}: no such file; cargo build --release -p mnist-cli makes it")

    data = ["--data", str(arguments.data)]
    program = [str(arguments.program), "train", "--json", *data]
    others = ACCURATE if arguments.accuracy else JOBS
    ours_ = {f"mnist-cli `{' '.join(RECIPE)}`": RECIPE} if arguments.accuracy else OURS
    rounds = arguments.rounds or (1 if arguments.accuracy else 5)
    commands = {label: program + options for label, options in ours_.items()}
    versions = {"Python": platform.python_version()}
    with tempfile.TemporaryDirectory() as texts:
        for name in arguments.only if arguments.only is not None else others:
            label, package, _ = OTHERS[name]
            version = installed(package)
            if version is None:
                print(f"{package} is not installed: {label} is left out", file=sys.stderr)
                continue
            versions[package] = version
            worker = [sys.executable, __file__, *data, "--worker"]
            if package == "vowpalwabbit" and not (Path(texts) / "train").exists():
                run([*worker, "texts", texts])
            commands[label] = [*worker, name, texts]

        runs = {label: [] for label in commands}
        for round in range(rounds):
            for label, command in commands.items():
                print(f"round {round + 1} of {rounds}: {label}", file=sys.stderr)
                runs[label].append(run(command))

    print("| | accuracy | load | train | evaluate | whole process | median | peak memory |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    least = {label: min(whole for _, whole, _ in results) for label, results in runs.items()}
    for label in sorted(runs, key=least.get):
        results = runs[label]
        reports = [ours(r[0]) if label in ours_ else r[0] for r in results]
        phases = [min(r[phase] for r in reports) for phase in ["load", "train", "evaluate"]]
        median = statistics.median(whole for _, whole, _ in results)
        times = " | ".join(map(seconds, [*phases, least[label], median]))
        memory = max(r[2] for r in results) / 1e6
        print(f"| {label} | {reports[0]['accuracy']:.2%} | {times} | {memory:.0f} MB |")
    versions = ", ".join(f"{name} {version}" for name, version in versions.items())
    print(f"\n{rounds} {'round' if rounds == 1 else 'rounds'} on {os.cpu_count()} cores; {versions}.")
    ratios(least)


def ratios(least):
    """What is claimed of our program, if it was measured."""
    others = {label: whole for label, whole in least.items() if not label.startswith("mnist-cli")}
    if "mnist-cli" not in least or not others:
        return
    article_, best = OTHERS["article"][0], min(others, key=others.get)
    print()
    for label in [best, article_] if article_ in others else [best]:
        print(f"ratio: mnist-cli is faster than {label} by {others[label] / least['mnist-cli']:.1f}")


if __name__ == "__main__":
    main()
