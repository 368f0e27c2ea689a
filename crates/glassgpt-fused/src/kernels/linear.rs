//! Matrix times vectors, forward and backward.
//!
//! `NB` is how many vectors hold the positions; blocks of rows or columns keep about eight sums going at once, so that
//! the processor never waits for an addition to finish.

use crate::arch::Vector;

/// `y = W x`: row by row, each a chain over the columns from left to right.
#[inline(always)]
pub(crate) fn linear<V: Vector, const NB: usize>(proof: V::Proof, y: &mut [[V; NB]], w: &[f64], x: &[[V; NB]]) {
    match NB {
        1 => rows_in_blocks::<V, NB, 8>(proof, y, w, x),
        2 => rows_in_blocks::<V, NB, 4>(proof, y, w, x),
        _ => rows_in_blocks::<V, NB, 2>(proof, y, w, x),
    }
}

#[inline(always)]
fn rows_in_blocks<V: Vector, const NB: usize, const R: usize>(
    proof: V::Proof,
    y: &mut [[V; NB]],
    w: &[f64],
    x: &[[V; NB]],
) {
    let cols = x.len();
    let (blocks, rest) = y.as_chunks_mut::<R>();
    let n_blocks = blocks.len();
    for (y, w) in blocks.iter_mut().zip(w.chunks_exact(R * cols)) {
        *y = row_block(proof, w, x);
    }
    for (y, w) in rest.iter_mut().zip(w[n_blocks * R * cols..].chunks_exact(cols)) {
        [*y] = row_block::<V, NB, 1>(proof, w, x);
    }
}

#[inline(always)]
fn row_block<V: Vector, const NB: usize, const R: usize>(proof: V::Proof, w: &[f64], x: &[[V; NB]]) -> [[V; NB]; R] {
    let cols = x.len();
    let mut rows: [&[f64]; R] = [&[]; R];
    for (row, w) in rows.iter_mut().zip(w.chunks_exact(cols)) {
        *row = &w[..cols];
    }
    let mut sums = [[V::splat(proof, 0.0); NB]; R];
    for (i, x) in x.iter().enumerate() {
        for r in 0..R {
            let w = V::splat(proof, rows[r][i]);
            for n in 0..NB {
                sums[r][n] = sums[r][n] + w * x[n];
            }
        }
    }
    sums
}

/// `dx += Wᵀ dy`: for each column, a chain over the rows in the order of `rows`. Every row is `cols` weights and the
/// gradient of its output.
#[inline(always)]
pub(crate) fn backward_input<'a, V: Vector, const NB: usize>(
    proof: V::Proof,
    dx: &mut [[V; NB]],
    rows: impl Iterator<Item = (&'a [f64], &'a [V; NB])> + Clone,
) {
    match NB {
        1 => columns_in_blocks::<V, NB, 8>(proof, dx, rows),
        2 => columns_in_blocks::<V, NB, 4>(proof, dx, rows),
        _ => columns_in_blocks::<V, NB, 2>(proof, dx, rows),
    }
}

#[inline(always)]
fn columns_in_blocks<'a, V: Vector, const NB: usize, const R: usize>(
    proof: V::Proof,
    dx: &mut [[V; NB]],
    rows: impl Iterator<Item = (&'a [f64], &'a [V; NB])> + Clone,
) {
    let (blocks, rest) = dx.as_chunks_mut::<R>();
    let done = blocks.len() * R;
    for (i, dx) in blocks.iter_mut().enumerate() {
        column_block(proof, dx, i * R, rows.clone());
    }
    for (i, dx) in rest.iter_mut().enumerate() {
        column_block(proof, std::array::from_mut(dx), done + i, rows.clone());
    }
}

#[inline(always)]
fn column_block<'a, V: Vector, const NB: usize, const R: usize>(
    proof: V::Proof,
    dx: &mut [[V; NB]; R],
    first: usize,
    rows: impl Iterator<Item = (&'a [f64], &'a [V; NB])>,
) {
    let mut sums = *dx;
    for (w, dy) in rows {
        let w: &[f64; R] = w[first..].first_chunk().expect("a row is as long as the input");
        for r in 0..R {
            let w = V::splat(proof, w[r]);
            for n in 0..NB {
                sums[r][n] = sums[r][n] + w * dy[n];
            }
        }
    }
    *dx = sums;
}

/// `dW += dy xᵀ` for the first `n` positions of a group, last position first.
///
/// `dw` has a row of `cols` gradients for each of `dy`; `x` has the inputs position by position, each in `vectors` vectors.
/// The sums start from 0 if `fresh`, else from what is there.
#[inline(always)]
pub(crate) fn backward_weights<V: Vector, const NB: usize>(
    proof: V::Proof,
    dw: &mut [f64],
    cols: usize,
    dy: &[[V; NB]],
    x: &[V],
    n: usize,
    fresh: bool,
) {
    const R: usize = 4;
    let vectors = x.len() / n;
    let (dy_blocks, dy_rest) = dy.as_chunks::<R>();
    let (dw_blocks, dw_rest) = dw.split_at_mut(dy_blocks.len() * R * cols);
    for (dw, dy) in dw_blocks.chunks_exact_mut(R * cols).zip(dy_blocks) {
        weight_rows(proof, dw, cols, dy, x, vectors, n, fresh);
    }
    for (dw, dy) in dw_rest.chunks_exact_mut(cols).zip(dy_rest) {
        weight_rows(proof, dw, cols, std::array::from_ref(dy), x, vectors, n, fresh);
    }
}

#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "the innermost loop takes its sizes apart")]
fn weight_rows<V: Vector, const NB: usize, const R: usize>(
    proof: V::Proof,
    dw: &mut [f64],
    cols: usize,
    dy: &[[V; NB]; R],
    x: &[V],
    vectors: usize,
    n: usize,
    fresh: bool,
) {
    let mut first = 0;
    while first + 2 <= vectors {
        weight_block::<V, NB, R, 2>(proof, dw, cols, dy, x, vectors, first, n, fresh);
        first += 2;
    }
    if first < vectors {
        weight_block::<V, NB, R, 1>(proof, dw, cols, dy, x, vectors, first, n, fresh);
    }
}

#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "the innermost loop takes its sizes apart")]
fn weight_block<V: Vector, const NB: usize, const R: usize, const W: usize>(
    proof: V::Proof,
    dw: &mut [f64],
    cols: usize,
    dy: &[[V; NB]; R],
    x: &[V],
    vectors: usize,
    first: usize,
    n: usize,
    fresh: bool,
) {
    let mut sums = [[V::splat(proof, 0.0); W]; R];
    if !fresh {
        for r in 0..R {
            for (c, sum) in sums[r].iter_mut().enumerate() {
                let start = (first + c) * V::LANES;
                let old = &dw[r * cols..(r + 1) * cols][start..];
                let len = old.len().min(V::LANES);
                V::lanes_mut(std::slice::from_mut(sum))[..len].copy_from_slice(&old[..len]);
            }
        }
    }
    let mut gradients: [&[f64]; R] = [&[]; R];
    for (gradient, dy) in gradients.iter_mut().zip(dy) {
        *gradient = &V::lanes(dy)[..n];
    }
    for (p, x) in x.chunks_exact(vectors).enumerate().take(n).rev() {
        let x: &[V; W] = x[first..].first_chunk().expect("W vectors are left");
        for r in 0..R {
            let g = V::splat(proof, gradients[r][p]);
            for c in 0..W {
                sums[r][c] = sums[r][c] + x[c] * g;
            }
        }
    }
    for r in 0..R {
        for (c, sum) in sums[r].iter().enumerate() {
            let start = (first + c) * V::LANES;
            let to = &mut dw[r * cols..(r + 1) * cols][start..];
            if to.len() >= V::LANES { sum.store(to) } else { sum.store_prefix(to) }
        }
    }
}
