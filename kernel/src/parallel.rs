//! Work on all cores where there are threads, on one where there are none (wasm32).

/// Calls `work(index, chunk)` for every `size` values of `out` (the last chunk may be shorter).
pub fn chunks(out: &mut [f32], size: usize, work: impl Fn(usize, &mut [f32]) + Sync) {
    #[cfg(not(target_arch = "wasm32"))]
    {
        use rayon::prelude::*;
        out.par_chunks_mut(size).enumerate().for_each(|(k, chunk)| work(k, chunk));
    }
    #[cfg(target_arch = "wasm32")]
    for (k, chunk) in out.chunks_mut(size).enumerate() {
        work(k, chunk);
    }
}
