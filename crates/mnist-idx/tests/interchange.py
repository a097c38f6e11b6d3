"""Arrays written by mnist-idx open in idx2numpy and NumPy, and the other way round.

    pip install idx2numpy numpy
    cargo run -p mnist-idx --example interchange -- write FOLDER
    python crates/mnist-idx/tests/interchange.py FOLDER
    cargo run -p mnist-idx --example interchange -- check FOLDER
"""

import gzip
import sys
from pathlib import Path

import idx2numpy
import numpy

DIMENSIONS = [7, 3, 2, 5, 4]
TYPES = {"u8": "u1", "i8": "i1", "i16": "i2", "i32": "i4", "f32": "f4", "f64": "f8"}

folder = Path(sys.argv[1])
for name, dtype in TYPES.items():
    for count in range(1, len(DIMENSIONS) + 1):
        shape = DIMENSIONS[:count]
        numbers = (numpy.arange(numpy.prod(shape), dtype="u4") * numpy.uint32(2654435761)).astype("i4")
        expected = numbers.astype(dtype).reshape(shape)
        if name.startswith("f"):
            expected /= 8

        path = folder / f"{name}-{count}.idx"
        raw = path.read_bytes()
        assert gzip.decompress(Path(f"{path}.gz").read_bytes()) == raw, path
        by_idx2numpy = idx2numpy.convert_from_file(str(path))
        by_numpy = numpy.frombuffer(raw, ">" + dtype, offset=4 + 4 * count).reshape(shape)
        for array in (by_idx2numpy, by_numpy):
            assert array.dtype.newbyteorder("=") == expected.dtype, path
            numpy.testing.assert_array_equal(array, expected, str(path))

        path = folder / f"python-{name}-{count}.idx"
        idx2numpy.convert_to_file(str(path), expected)
        Path(f"{path}.gz").write_bytes(gzip.compress(path.read_bytes()))
print(f"{len(TYPES) * len(DIMENSIONS)} arrays are equal in NumPy and idx2numpy")
