//! Loops over many numbers at once, compiled for the widest registers that the processor has.

/// Runs a block compiled for what this processor can do (AVX2, AVX-512, else what all have). The numbers are the same to the
/// bit everywhere: additions, multiplications, divisions and roots of numbers side by side are those of each by itself,
/// and nothing is fused or reordered.
///
/// What the block calls must be inlined into it (`#[inline(always)]`) to be compiled so, as the block itself is.
macro_rules! vectorized {
    ($block:expr) => {
        pulp::Arch::new().dispatch(
            #[inline(always)]
            || $block,
        )
    };
}

pub(crate) use vectorized;
