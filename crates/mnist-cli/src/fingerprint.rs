//! The fingerprint of a network: two networks are the same if, and only if, theirs are.

use mnist_kernel::Perceptron;
use sha2::{Digest, Sha256};

/// SHA-256, in 64 hex digits, of classes (u32), pixels (u32), weights (i16, row by row, without
/// padding) and biases (i32), all little-endian.
pub fn fingerprint(network: &Perceptron) -> String {
    let shape = network.shape();
    let mut hash = Sha256::new();
    for size in [shape.classes(), shape.pixels()] {
        // A larger one shows in the length of what follows.
        let size = u32::try_from(size).unwrap_or(u32::MAX);
        hash.update(size.to_le_bytes());
    }
    for class in 0..shape.classes() {
        for weight in network.weights(class) {
            hash.update(weight.to_le_bytes());
        }
    }
    for bias in network.biases() {
        hash.update(bias.to_le_bytes());
    }
    hex(&hash.finalize())
}

/// Bytes as hex digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
