//! Loops over many numbers at once, compiled for the widest registers that the processor has.

/// Runs a block compiled for what this processor can do (AVX2, AVX-512, else what all have). The numbers are the same to the
/// bit everywhere: additions, multiplications, divisions and roots of numbers side by side are those of each by itself,
/// and nothing is fused or reordered.
///
/// What the block calls must be inlined into it (`#[inline(always)]`) to be compiled so, as the block itself is.
macro_rules! vectorized {
    ($block:expr) => {
        pulp::Arch::new().dispatch($crate::stats::simd::Inlined(
            #[inline(always)]
            || $block,
        ))
    };
}

pub(crate) use vectorized;

/// A block that is inlined where it is called. A closure that is called once is not: what calls it so is a function of its own, compiled for what
/// all processors have, and where the block is large that is where it runs.
pub(crate) struct Inlined<F>(pub(crate) F);

impl<R, F: FnMut() -> R> pulp::NullaryFnOnce for Inlined<F> {
    type Output = R;

    #[inline(always)]
    fn call(mut self) -> R {
        (self.0)()
    }
}
