//! Which SIMD instructions the build uses, and whether the processor has better ones.
//!
//! `wide` chooses when it is compiled. The results are the same; only the speed differs.

/// An instruction set: its name, and whether the build or the processor has it.
type Level = (&'static str, bool);

/// The best instruction set of this build.
pub fn built_for() -> &'static str {
    best(&BUILD)
}

/// A warning if the processor has a better instruction set than the build uses.
pub fn warning() -> Option<String> {
    let (built, processor) = (built_for(), best(&processor()));
    (built != processor).then(|| {
        format!(
            "this build uses {built}, but the processor has {processor}: build with \
             RUSTFLAGS=\"-C target-cpu=native\" (a RUSTFLAGS variable replaces the flags of \
             .cargo/config.toml)"
        )
    })
}

/// The first that is there; the lists begin with the best.
fn best(levels: &[Level]) -> &'static str {
    let level = levels.iter().find(|(_, there)| *there);
    level.map_or("no SIMD", |(name, _)| name)
}

#[cfg(target_arch = "x86_64")]
const BUILD: [Level; 6] = [
    (
        "AVX-512 VNNI",
        cfg!(all(
            target_feature = "avx512vnni",
            target_feature = "avx512vl"
        )),
    ),
    ("AVX-VNNI", cfg!(target_feature = "avxvnni")),
    ("AVX2", cfg!(target_feature = "avx2")),
    ("SSE4.1", cfg!(target_feature = "sse4.1")),
    ("SSSE3", cfg!(target_feature = "ssse3")),
    ("SSE2", true),
];

#[cfg(target_arch = "x86_64")]
fn processor() -> [Level; 6] {
    use std::arch::is_x86_feature_detected as has;
    [
        ("AVX-512 VNNI", has!("avx512vnni") && has!("avx512vl")),
        ("AVX-VNNI", has!("avxvnni")),
        ("AVX2", has!("avx2")),
        ("SSE4.1", has!("sse4.1")),
        ("SSSE3", has!("ssse3")),
        ("SSE2", true),
    ]
}

#[cfg(not(target_arch = "x86_64"))]
const BUILD: [Level; 2] = [
    (
        "NEON",
        cfg!(all(target_arch = "aarch64", target_feature = "neon")),
    ),
    ("SIMD128", cfg!(target_feature = "simd128")),
];

/// Elsewhere there is only one level, and a build that runs has it.
#[cfg(not(target_arch = "x86_64"))]
fn processor() -> [Level; 2] {
    BUILD
}
