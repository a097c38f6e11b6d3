//! The peak: as many multiply-adds as a core can do with the instructions of a kernel.

use std::array;
use std::hint::black_box;
use std::time::{Duration, Instant};

use mnist_kernel::Kernel;
use wide::{i16x16, i32x8};

/// Does at least so many multiply-adds with the instructions of the kernel, in registers.
///
/// There are so many independent sums that no multiply-add waits for the one before it, and so few
/// that the registers hold them. Each sum is its own next factor: the compiler can neither foresee
/// the products nor move them out of the loop, and no load is needed to make them differ.
pub fn multiply_add(kernel: Kernel, count: usize) {
    match kernel.name() {
        // SAFETY: there is such a kernel only where the processor has the instructions.
        #[cfg(target_arch = "x86_64")]
        "avx2" => unsafe { x86_64::avx2(count) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        "avx512_vnni" => unsafe { x86_64::avx512_vnni(count) },
        _ => portable(count),
    }
}

/// With the registers that the build's target has: sixteen of 256 bits, or of 128.
fn portable(count: usize) {
    const SUMS: usize = if cfg!(target_feature = "avx2") { 12 } else { 6 };
    let weights = black_box(i16x16::splat(12345));
    let mut sums: [i32x8; SUMS] = black_box(array::from_fn(|sum| i32x8::splat(sum as i32 + 1)));
    for _ in 0..count.div_ceil(SUMS * 16) {
        for sum in &mut sums {
            let factors: i16x16 = bytemuck::must_cast(*sum);
            *sum += factors.dot(weights);
        }
    }
    black_box(sums);
}

#[cfg(target_arch = "x86_64")]
mod x86_64 {
    use std::arch::x86_64::{
        __m256i, __m512i, _mm256_add_epi32, _mm256_madd_epi16, _mm256_set1_epi16,
        _mm256_set1_epi32, _mm512_dpwssd_epi32, _mm512_set1_epi16, _mm512_set1_epi32,
    };
    use std::array;
    use std::hint::black_box;

    const SUMS: usize = 12;

    #[target_feature(enable = "avx2")]
    pub fn avx2(count: usize) {
        let weights = black_box(_mm256_set1_epi16(12345));
        let mut sums: [__m256i; SUMS] = array::from_fn(|sum| _mm256_set1_epi32(sum as i32 + 1));
        for _ in 0..count.div_ceil(SUMS * 16) {
            for sum in &mut sums {
                *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(*sum, weights));
            }
        }
        black_box(sums);
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
    pub fn avx512_vnni(count: usize) {
        let weights = black_box(_mm512_set1_epi16(12345));
        let mut sums: [__m512i; SUMS] = array::from_fn(|sum| _mm512_set1_epi32(sum as i32 + 1));
        for _ in 0..count.div_ceil(SUMS * 32) {
            for sum in &mut sums {
                *sum = _mm512_dpwssd_epi32(*sum, *sum, weights);
            }
        }
        black_box(sums);
    }
}

/// Panics if the peak is more than a core can compute: then it was not computed.
pub fn refuse_if_impossible(kernel: Kernel, multiply_adds: usize) {
    const STEPS: usize = 1_000_000;
    // A core has at most two units for the products of 16 bits that a register holds; more was not
    // computed but folded.
    let most_per_cycle = match kernel.name() {
        "avx512_vnni" => 64.0,
        _ => 32.0,
    };
    let cycle = least_time(|| chain(STEPS)).as_secs_f64() / (2 * STEPS) as f64;
    let time = least_time(|| multiply_add(kernel, multiply_adds));
    let peak = multiply_adds as f64 / time.as_secs_f64();
    let per_cycle = peak * cycle;
    println!(
        "peak of {kernel}: {:.1} G multiply-adds/s, {per_cycle:.1} a cycle at {:.2} GHz",
        peak / 1e9,
        1e-9 / cycle
    );
    // A clock that changes between the two measurements is worth a few percent.
    assert!(
        per_cycle < most_per_cycle * 1.05,
        "{per_cycle:.1} multiply-adds a cycle are more than {most_per_cycle}: \
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
