#![no_main]

#[path = "../../crates/mnist-cli/src/data/arrays.rs"]
#[allow(dead_code, reason = "for CSV, too")]
mod arrays;
#[path = "../../crates/mnist-cli/src/data/npy.rs"]
#[allow(dead_code, reason = "for layers, too")]
mod npy;
#[path = "../../crates/mnist-cli/src/data/npz.rs"]
mod npz;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // Deflate makes at most a thousand bytes of one.
    let bytes = &bytes[..bytes.len().min(1 << 14)];
    for split in [mnist_idx::Split::Train, mnist_idx::Split::Test] {
        if let Ok(Some(read)) = npz::read(bytes, split) {
            assert_eq!(read.dimensions.len(), 3);
            assert_eq!(read.dimensions.iter().product::<usize>(), read.pixels.len());
        }
    }
});
