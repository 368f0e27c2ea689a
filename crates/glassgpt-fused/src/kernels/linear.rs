//! Matrix times vectors, forward and backward.
//!
//! `NB` is how many vectors hold the positions; blocks of rows or columns keep about eight sums going at once, so that
//! the processor never waits for an addition to finish.

use crate::arch::Vector;

/// `y = W x`: row by row, each a chain over the columns from left to right.
#[inline(always)]
pub(crate) fn linear<V: Vector, const NB: usize>(proof: V::Proof, y: &mut [[V; NB]], w: &[V::Element], x: &[[V; NB]]) {
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
    w: &[V::Element],
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
fn row_block<V: Vector, const NB: usize, const R: usize>(
    proof: V::Proof,
    w: &[V::Element],
    x: &[[V; NB]],
) -> [[V; NB]; R] {
    let cols = x.len();
    let mut rows: [&[V::Element]; R] = [&[]; R];
    for (row, w) in rows.iter_mut().zip(w.chunks_exact(cols)) {
        *row = &w[..cols];
    }
    let mut sums = [[V::splat(proof, 0.0); NB]; R];
    for (i, x) in x.iter().enumerate() {
        for r in 0..R {
            let w = V::broadcast(proof, rows[r][i]);
            for n in 0..NB {
                sums[r][n] = sums[r][n].plus_product(w, x[n]);
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
    rows: impl Iterator<Item = (&'a [V::Element], &'a [V; NB])> + Clone,
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
    rows: impl Iterator<Item = (&'a [V::Element], &'a [V; NB])> + Clone,
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
    rows: impl Iterator<Item = (&'a [V::Element], &'a [V; NB])>,
) {
    let mut sums = *dx;
    for (w, dy) in rows {
        let w: &[V::Element; R] = w[first..].first_chunk().expect("a row is as long as the input");
        for r in 0..R {
            let w = V::broadcast(proof, w[r]);
            for n in 0..NB {
                sums[r][n] = sums[r][n].plus_product(w, dy[n]);
            }
        }
    }
    *dx = sums;
}

/// `dW += dy xᵀ` for the first `n` positions of a group, last position first.
///
/// `dw` has a row of `cols` gradients for each of `dy`; `x` has the inputs turned round by [`by_position`]. The sums start
/// from 0 if `fresh`, else from what is there.
#[inline(always)]
pub(crate) fn backward_weights<V: Vector, const NB: usize>(
    proof: V::Proof,
    dw: &mut [V::Element],
    cols: usize,
    dy: &[[V; NB]],
    x: &[[V; 2]],
    n: usize,
    fresh: bool,
) {
    const R: usize = 4;
    let (dy_blocks, dy_rest) = dy.as_chunks::<R>();
    let (dw_blocks, dw_rest) = dw.split_at_mut(dy_blocks.len() * R * cols);
    for (dw, dy) in dw_blocks.chunks_exact_mut(R * cols).zip(dy_blocks) {
        weight_rows(proof, dw, cols, dy, x, n, fresh);
    }
    for (dw, dy) in dw_rest.chunks_exact_mut(cols).zip(dy_rest) {
        weight_rows(proof, dw, cols, std::array::from_ref(dy), x, n, fresh);
    }
}

/// Inputs of a linear map turned round: for each two vectors of columns, position by position. Columns beyond the last
/// hold anything.
#[inline(always)]
pub(crate) fn by_position<'a, V: Vector, const NB: usize>(
    room: &'a mut [[V; 2]],
    rows: &[[V; NB]],
    n: usize,
) -> &'a [[V; 2]] {
    let width = 2 * V::LANES;
    let room = &mut room[..rows.len().div_ceil(width) * n];
    for (rows, room) in rows.chunks(width).zip(room.chunks_exact_mut(n)) {
        let lanes = V::lanes_mut(room.as_flattened_mut());
        for (i, row) in rows.iter().enumerate() {
            for (x, to) in V::lanes(row)[..n].iter().zip(lanes.chunks_exact_mut(width)) {
                to[i] = *x;
            }
        }
    }
    room
}

#[inline(always)]
fn weight_rows<V: Vector, const NB: usize, const R: usize>(
    proof: V::Proof,
    dw: &mut [V::Element],
    cols: usize,
    dy: &[[V; NB]; R],
    x: &[[V; 2]],
    n: usize,
    fresh: bool,
) {
    let mut gradients: [&[V::Element]; R] = [&[]; R];
    for (gradient, dy) in gradients.iter_mut().zip(dy) {
        *gradient = &V::lanes(dy)[..n];
    }
    for (block, x) in x.chunks_exact(n).enumerate() {
        let first = block * 2 * V::LANES;
        let mut sums = [[V::splat(proof, 0.0); 2]; R];
        if !fresh {
            for (sums, dw) in sums.iter_mut().zip(dw.chunks_exact(cols)) {
                *sums = load_two(proof, &dw[first..]);
            }
        }
        for p in (0..n).rev() {
            for r in 0..R {
                let g = V::broadcast(proof, gradients[r][p]);
                sums[r][0] = sums[r][0].plus_product(x[p][0], g);
                sums[r][1] = sums[r][1].plus_product(x[p][1], g);
            }
        }
        for (sums, dw) in sums.iter().zip(dw.chunks_exact_mut(cols)) {
            store_two(sums, &mut dw[first..]);
        }
    }
}

/// The next two vectors of a row, or as much of them as the row has.
#[inline(always)]
fn load_two<V: Vector>(proof: V::Proof, from: &[V::Element]) -> [V; 2] {
    if from.len() >= 2 * V::LANES {
        return [V::load(proof, from), V::load(proof, &from[V::LANES..])];
    }
    let mut two = [V::splat(proof, 0.0); 2];
    V::lanes_mut(&mut two)[..from.len()].copy_from_slice(from);
    two
}

#[inline(always)]
fn store_two<V: Vector>(two: &[V; 2], to: &mut [V::Element]) {
    if to.len() >= 2 * V::LANES {
        two[0].store(to);
        two[1].store(&mut to[V::LANES..]);
    } else {
        to.copy_from_slice(&V::lanes(two)[..to.len()]);
    }
}
