//! The peak: as many multiply-adds as a core can do with the operations of `Kernel::Simd`.

use std::array;
use std::hint::black_box;
use std::time::{Duration, Instant};

use wide::{i16x16, i32x8};

/// Independent sums, so that no multiply-add waits for the one before it, and few enough for the
/// registers: 16 of 256 bits with AVX2, 16 of 128 bits without.
const SUMS: usize = if cfg!(target_feature = "avx2") { 12 } else { 6 };

/// A core has at most two units for 16 products of 16 bits each; more was not computed but folded.
const MOST_PER_CYCLE: f64 = 32.0;

/// At least so many multiply-adds of the operations that `Kernel::Simd` uses, in registers.
///
/// Each sum is its own next factor: the compiler can neither foresee the products nor move them
/// out of the loop, and no load is needed to make them differ.
#[inline(never)]
pub fn multiply_add(count: usize) -> [i32x8; SUMS] {
    let weights = black_box(i16x16::splat(12345));
    let mut sums: [i32x8; SUMS] = black_box(array::from_fn(|sum| i32x8::splat(sum as i32 + 1)));
    for _ in 0..count.div_ceil(SUMS * 16) {
        for sum in &mut sums {
            let factors: i16x16 = bytemuck::must_cast(*sum);
            *sum += factors.dot(weights);
        }
    }
    sums
}

/// Panics if the peak is more than a core can compute: then it was not computed.
pub fn refuse_if_impossible(multiply_adds: usize) {
    const STEPS: usize = 1_000_000;
    let cycle = least_time(|| chain(STEPS)).as_secs_f64() / (2 * STEPS) as f64;
    let peak = multiply_adds as f64 / least_time(|| multiply_add(multiply_adds)).as_secs_f64();
    let per_cycle = peak * cycle;
    println!(
        "peak: {:.1} G multiply-adds/s, {per_cycle:.1} a cycle at {:.2} GHz",
        peak / 1e9,
        1e-9 / cycle
    );
    // A clock that changes between the two measurements is worth a few percent.
    assert!(
        per_cycle < MOST_PER_CYCLE * 1.05,
        "{per_cycle:.1} multiply-adds a cycle are more than {MOST_PER_CYCLE}: \
         the compiler has folded the loop"
    );
}

/// Two dependent operations of one cycle a step: what a cycle takes.
#[inline(never)]
fn chain(steps: usize) -> u64 {
    let [flip, add] = black_box([0x5555_5555_5555_5555, 3]);
    let mut x: u64 = 1;
    for _ in 0..steps {
        x = (x ^ flip).wrapping_add(add);
    }
    x
}

fn least_time<T>(routine: impl Fn() -> T) -> Duration {
    let time = || {
        let start = Instant::now();
        black_box(routine());
        start.elapsed()
    };
    (0..100).map(|_| time()).min().expect("100 times")
}
