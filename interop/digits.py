"""scikit-learn's 8 × 8 digits as PNG files in a folder for each digit are packed, learned and read.

Run in the repository, after `cargo build --release -p mnist-cli`:

    pip install -r interop/requirements.txt
    python interop/digits.py [target/release/mnist-cli]
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from sklearn.datasets import load_digits

PROGRAM = Path(sys.argv[1] if len(sys.argv) > 1 else "target/release/mnist-cli").resolve()
DATA = Path("data").resolve()


def save(folder, digits, count):
    """The first digits, 0…16 made 0…255, named by their numbers."""
    for number, (pixels, label) in enumerate(zip(digits.images[:count], digits.target)):
        path = folder / str(label) / f"{number:04}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray((pixels * 255 / 16).round().astype("uint8")).save(path)


def main():
    digits = load_digits()
    with tempfile.TemporaryDirectory() as folder:

        def run(*arguments):
            command = [PROGRAM, *arguments]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=folder)
            return done.stdout

        save(Path(folder, "digits"), digits, None)
        run("pack", "digits", "-o", "small", "--size", "8x8")
        trained = json.loads(run("train", "--data", "small", "--save", "model", "--json"))
        print(f"8 × 8 digits: accuracy {trained['accuracy']:.4f}")
        assert trained["total"] == 359 and trained["accuracy"] > 0.8

        picture = Path("digits", "3")
        answers = run("predict", "--model", "model", "--json", picture).splitlines()
        right = sum(json.loads(answer)["text"] == "3" for answer in answers)
        print(f"predict: {right} of {len(answers)} threes")
        assert len(answers) == 183 and right > 120

        save(Path(folder, "thousand"), digits, 1000)
        run("pack", "thousand", "-o", "more", "--size", "28x28", "--with", DATA)
        trained = json.loads(run("train", "--data", "more", "--json"))
        print(f"with MNIST: accuracy {trained['accuracy']:.4f} on {trained['total']} images")
        assert trained["total"] == 10_201 and trained["accuracy"] > 0.8


main()
