//! Times of single operations, for `cargo xtask bench`: nothing of it runs in the page.

use std::hint::black_box;

use bioscope::kernel::lanes::{Best, Gelu, Lanes};
use bioscope::kernel::{COLUMNS, Codes, Matrix, Packed, RowsI8, Split, kernels, product, rowwise};
use candle_core::quantized::{GgmlDType, QMatMul, QTensor};
use candle_core::{Device, Module, Tensor};
use serde_json::{Value, json};
use web_time::Instant;

/// The best of `rounds` times of some work, in milliseconds.
fn best_of(rounds: usize, mut work: impl FnMut()) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..rounds {
        let clock = Instant::now();
        work();
        best = best.min(clock.elapsed().as_secs_f64() * 1e3);
    }
    best
}

/// Times the operations of one layer of MiniLM-L6 at `length` positions, each the best of `rounds`, as JSON:
/// `[{ "name", "kernel", "ms", "gops" }]`; the dense product also by candle's own paths.
///
/// # Errors
/// candle's.
pub fn operations(length: usize, rounds: usize) -> Result<String, String> {
    let (d, inner, heads) = (384, 1536, 12);
    let row = |name: &str, kernel: &str, operations: usize, ms: f64| {
        let gops = (operations > 0).then(|| operations as f64 / ms / 1e6);
        json!({"name": name, "kernel": kernel, "ms": ms, "gops": gops})
    };
    let mut table: Vec<Value> = Vec::new();
    let values: Vec<f32> = (0..length * inner).map(|k| ((k * 7919) % 2003) as f32 / 1001.0 - 1.0).collect();
    // Spread like a trained layer's: bell-shaped, so that as few as there need to be taken out (see `Packed`).
    let part = |k: usize, prime: usize| ((k * prime) % 1999) as f32 / 999.0 - 1.0;
    let weights: Vec<f32> = (0..inner * d).map(|k| [6007, 7121, 8837, 9677].map(|p| part(k, p)).iter().sum()).collect();
    let dense = 2 * length * inner * d;

    let (mut narrow, mut wide) = (Codes::new(length, d), Codes::new(length, inner));
    let set = |codes: &mut Codes, width: usize| {
        for (r, x) in values[..length * width].chunks_exact(width).enumerate() {
            codes.set::<Best>(r, x);
        }
    };
    table.push(row("7-bit codes, T x 384", "", 0, best_of(rounds, || set(&mut narrow, d))));
    table.push(row("7-bit codes, T x 1536", "", 0, best_of(rounds, || set(&mut wide, inner))));
    let split = Split::default();
    let up = Packed::new(&[(&RowsI8::quantize(&weights, d), &vec![0.0; inner])], &split);
    let down = Packed::new(&[(&RowsI8::quantize(&weights, inner), &vec![0.0; d])], &split);
    let (mut out, mut sums) = (vec![0.0; length * inner], vec![0; length * COLUMNS]);
    for kernel in kernels() {
        // The oracle is slow: once is enough.
        let rounds = if kernel.name() == "portable" { 1 } else { rounds };
        for (name, weights, codes) in [("384 -> 1536", &up, &narrow), ("1536 -> 384", &down, &wide)] {
            let width = weights.outputs();
            let ms = best_of(rounds, || {
                weights.product::<Best>(kernel, codes.rows(0..length), &mut sums, |r, c, y| {
                    for (to, y) in out[r * width + c..][..COLUMNS].as_chunks_mut::<4>().0.iter_mut().zip(y) {
                        y.store(to);
                    }
                });
            });
            table.push(row(&format!("dense product, T x {name}"), kernel.name(), dense, ms));
        }
        let (size, products) = (d / heads, 2 * length * length * d);
        let (panel, queries) = (vec![3; COLUMNS * size], vec![5; length * size]);
        let mut scores = vec![0; length * length.next_multiple_of(COLUMNS)];
        let ms = best_of(rounds, || {
            for _ in 0..heads {
                for p in (0..length).step_by(COLUMNS) {
                    kernel.words(&panel, &queries, &mut scores[p..], length.next_multiple_of(COLUMNS));
                }
            }
        });
        table.push(row("Q K^T, all heads", kernel.name(), products, ms));
        let even = length.next_multiple_of(2);
        let (panel, chances) = (vec![3; COLUMNS * even], vec![5; length * even]);
        let ms = best_of(rounds, || {
            for _ in 0..heads * size / COLUMNS {
                kernel.words(&panel, &chances, &mut sums, COLUMNS);
            }
        });
        table.push(row("P V, all heads", kernel.name(), products, ms));
    }

    let x = Tensor::from_slice(&values[..length * d], (length, d), &Device::Cpu).map_err(|e| e.to_string())?;
    let w = Tensor::from_slice(&weights, (inner, d), &Device::Cpu).map_err(|e| e.to_string())?;
    let name = "dense product, T x 384 -> 1536";
    for (kind, title) in [(GgmlDType::Q8_0, "candle QMatMul Q8_0"), (GgmlDType::Q4_0, "candle QMatMul Q4_0")] {
        let quantized = QTensor::quantize(&w, kind).and_then(QMatMul::from_qtensor).map_err(|e| e.to_string())?;
        let ms = best_of(rounds.min(5), || drop(black_box(quantized.forward(&x))));
        table.push(row(name, title, dense, ms));
    }
    let ms = best_of(rounds, || {
        product(
            &mut out,
            inner,
            Matrix::dense(&values[..length * d], d),
            Matrix::dense(&weights, d).t(),
            1.0,
            false,
            false,
        );
    });
    table.push(row(name, "candle f32 (gemm)", dense, ms));

    let mut codes = vec![0; length.next_multiple_of(8)];
    let mut scores = vec![1000; length.next_multiple_of(8)];
    let ms = best_of(rounds, || {
        for r in 0..heads * length {
            scores[r % length] = r as i32;
            black_box(rowwise::chances::<Best>(&mut scores, length, 1e-3, &mut codes));
        }
    });
    table.push(row("softmax, all heads", "", 0, ms));
    let gelu = Gelu::new();
    let ms = best_of(rounds, || {
        for x in out.as_chunks_mut::<4>().0 {
            gelu.of(Best::load(x)).store(x);
        }
    });
    table.push(row("GELU, T x 1536", "", 0, ms));
    let ms = best_of(rounds, || {
        for x in out[..length * d].chunks_exact_mut(d) {
            rowwise::norm::<Best>(x, &values[..d], &values[..d], 1e-12);
        }
    });
    table.push(row("LayerNorm, T x 384", "", 0, ms));
    serde_json::to_string(&table).map_err(|e| e.to_string())
}
