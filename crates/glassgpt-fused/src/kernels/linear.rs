//! Matrix times vectors, forward and backward.
//!
//! `NB` is how many vectors hold the positions; blocks of rows or columns keep about eight sums going at once, so that
//! the processor never waits for an addition to finish.

use crate::arch::Vector;

/// `y = W x`: row by row, each a chain over the columns from left to right.
#[cfg_attr(target_family = "wasm", inline(never))]
#[cfg_attr(not(target_family = "wasm"), inline(always))]
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
#[cfg_attr(target_family = "wasm", inline(never))]
#[cfg_attr(not(target_family = "wasm"), inline(always))]
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
#[cfg_attr(target_family = "wasm", inline(never))]
#[cfg_attr(not(target_family = "wasm"), inline(always))]
pub(crate) fn backward_weights<V: Vector, const NB: usize>(
    proof: V::Proof,
    dw: &mut [V::Element],
    cols: usize,
    dy: &[[V; NB]],
    x: &[V],
    n: usize,
    fresh: bool,
) {
    // Eight sums either way; the more columns in a vector, the fewer vectors in a row.
    if V::LANES < 16 {
        weights_in_blocks::<V, NB, 4, 2>(proof, dw, cols, dy, x, n, fresh);
    } else {
        weights_in_blocks::<V, NB, 8, 1>(proof, dw, cols, dy, x, n, fresh);
    }
}

#[inline(always)]
fn weights_in_blocks<V: Vector, const NB: usize, const R: usize, const W: usize>(
    proof: V::Proof,
    dw: &mut [V::Element],
    cols: usize,
    dy: &[[V; NB]],
    x: &[V],
    n: usize,
    fresh: bool,
) {
    let x = x.as_chunks::<W>().0;
    let (dy_blocks, dy_rest) = dy.as_chunks::<R>();
    let (dw_blocks, dw_rest) = dw.split_at_mut(dy_blocks.len() * R * cols);
    for (dw, dy) in dw_blocks.chunks_exact_mut(R * cols).zip(dy_blocks) {
        weight_rows::<V, NB, R, W>(proof, dw, cols, dy, x, n, fresh);
    }
    for (dw, dy) in dw_rest.chunks_exact_mut(cols).zip(dy_rest) {
        weight_rows::<V, NB, 1, W>(proof, dw, cols, std::array::from_ref(dy), x, n, fresh);
    }
}

/// Inputs of a linear map turned round: for each block of columns, position by position. A block has two vectors of
/// columns, or one of sixteen. Columns beyond the last hold anything.
#[cfg_attr(target_family = "wasm", inline(never))]
#[cfg_attr(not(target_family = "wasm"), inline(always))]
pub(crate) fn by_position<'a, V: Vector, const NB: usize>(
    proof: V::Proof,
    room: &'a mut [V],
    rows: &[[V; NB]],
    n: usize,
) -> &'a [V] {
    let vectors = if V::LANES < 16 { 2 } else { 1 };
    let width = vectors * V::LANES;
    if !V::MOVES_LANES {
        let room = &mut room[..vectors * rows.len().div_ceil(width) * n];
        for (rows, room) in rows.chunks(width).zip(room.chunks_exact_mut(vectors * n)) {
            let lanes = V::lanes_mut(room);
            for (i, row) in rows.iter().enumerate() {
                for (x, to) in V::lanes(row)[..n].iter().zip(lanes.chunks_exact_mut(width)) {
                    to[i] = *x;
                }
            }
        }
        return room;
    }
    let stride = positions_in_block::<V>(n);
    let room = &mut room[..vectors * rows.len().div_ceil(width) * stride];
    for (i, rows) in rows.chunks(V::LANES).enumerate() {
        let room = &mut room[i / vectors * vectors * stride..][..vectors * stride];
        for b in 0..stride / V::LANES {
            let block = turned(proof, rows, b);
            for p in 0..V::LANES {
                room[(b * V::LANES + p) * vectors + i % vectors] = block[p];
            }
        }
    }
    room
}

/// Vector `b` of up to as many rows as there are lanes, turned round.
#[inline(always)]
pub(crate) fn turned<V: Vector, const NB: usize>(proof: V::Proof, rows: &[[V; NB]], b: usize) -> [V; 16] {
    let mut block = [V::splat(proof, 0.0); 16];
    for (vector, row) in block.iter_mut().zip(rows) {
        *vector = row[b];
    }
    V::transpose(&mut block[..V::LANES]);
    block
}

/// How many positions a block of [`by_position`] has room for.
#[inline(always)]
fn positions_in_block<V: Vector>(n: usize) -> usize {
    if V::MOVES_LANES { n.next_multiple_of(V::LANES) } else { n }
}

#[inline(always)]
fn weight_rows<V: Vector, const NB: usize, const R: usize, const W: usize>(
    proof: V::Proof,
    dw: &mut [V::Element],
    cols: usize,
    dy: &[[V; NB]; R],
    x: &[[V; W]],
    n: usize,
    fresh: bool,
) {
    // Lanes without a position have gradients of 0 and do no harm: their number is rounded up to four at a time.
    let n = if V::MOVES_LANES { n.next_multiple_of(4) } else { n };
    let mut gradients: [&[V::Element]; R] = [&[]; R];
    for (gradient, dy) in gradients.iter_mut().zip(dy) {
        *gradient = &V::lanes(dy)[..n];
    }
    for (block, x) in x.chunks_exact(positions_in_block::<V>(n)).enumerate() {
        let first = block * W * V::LANES;
        let mut sums = [[V::splat(proof, 0.0); W]; R];
        if !fresh {
            for (sums, dw) in sums.iter_mut().zip(dw.chunks_exact(cols)) {
                *sums = load_block(proof, &dw[first..]);
            }
        }
        if V::MOVES_LANES {
            for (four, x) in x[..n].as_chunks::<4>().0.iter().enumerate() {
                for p in 0..4 {
                    for r in 0..R {
                        let g = V::broadcast(proof, gradients[r][4 * four + p]);
                        for w in 0..W {
                            sums[r][w] = sums[r][w].plus_product(x[p][w], g);
                        }
                    }
                }
            }
        } else {
            for p in (0..n).rev() {
                for r in 0..R {
                    let g = V::broadcast(proof, gradients[r][p]);
                    for w in 0..W {
                        sums[r][w] = sums[r][w].plus_product(x[p][w], g);
                    }
                }
            }
        }
        for (sums, dw) in sums.iter().zip(dw.chunks_exact_mut(cols)) {
            store_block(sums, &mut dw[first..]);
        }
    }
}

/// The next vectors of a row, or as much of them as the row has.
#[inline(always)]
fn load_block<V: Vector, const W: usize>(proof: V::Proof, from: &[V::Element]) -> [V; W] {
    let mut block = [V::splat(proof, 0.0); W];
    if from.len() < W * V::LANES {
        V::lanes_mut(&mut block)[..from.len()].copy_from_slice(from);
        return block;
    }
    for w in 0..W {
        block[w] = V::load(proof, &from[w * V::LANES..]);
    }
    block
}

#[inline(always)]
fn store_block<V: Vector, const W: usize>(block: &[V; W], to: &mut [V::Element]) {
    if to.len() < W * V::LANES {
        to.copy_from_slice(&V::lanes(block)[..to.len()]);
        return;
    }
    for w in 0..W {
        block[w].store(&mut to[w * V::LANES..]);
    }
}
