//! How far down each vertex stands, its order in the layer being settled.
//!
//! Why least squares: every vertex wants to stand level with its neighbours; the layer gives each as much of that as the
//! distance of 1 between any two allows.

use super::layered::Vertex;

/// Passes over all layers, each to the right and back.
const PASSES: usize = 6;

/// y of every vertex, from 0, to the third decimal.
pub(super) fn ys(vertices: &[Vertex], rows: &[Vec<usize>]) -> Vec<f64> {
    let mut ys = vec![0.0; vertices.len()];
    for row in rows {
        let middle = (row.len() as f64 - 1.0) / 2.0;
        row.iter().enumerate().for_each(|(i, &vertex)| ys[vertex] = i as f64 - middle);
    }
    for _ in 0..PASSES {
        rows.iter().for_each(|row| settle(row, &mut ys, |vertex| vertices[vertex].left.as_slice()));
        rows.iter().rev().for_each(|row| settle(row, &mut ys, |vertex| vertices[vertex].right.as_slice()));
    }
    let top = ys.iter().copied().fold(f64::INFINITY, f64::min);
    ys.iter().map(|y| ((y - top) * 1000.0).round() / 1000.0).collect()
}

fn settle<'a>(row: &[usize], ys: &mut [f64], neighbours: impl Fn(usize) -> &'a [usize]) {
    let wish = |&vertex: &usize| match neighbours(vertex) {
        [] => ys[vertex],
        all => all.iter().map(|&other| ys[other]).sum::<f64>() / all.len() as f64,
    };
    let wishes: Vec<f64> = row.iter().map(wish).collect();
    row.iter().zip(spread(&wishes)).for_each(|(&vertex, y)| ys[vertex] = y);
}

/// The places nearest to the wished ones, in squares, of which each is at least 1 below the one before.
///
/// Taking i off the i-th makes that an increasing sequence, found by pooling neighbours that are out of order.
fn spread(wishes: &[f64]) -> Vec<f64> {
    let mut pools: Vec<(f64, usize)> = Vec::with_capacity(wishes.len());
    for (i, wish) in wishes.iter().enumerate() {
        let mut pool = (wish - i as f64, 1);
        while let Some(&(sum, count)) = pools.last()
            && sum / count as f64 > pool.0 / pool.1 as f64
        {
            pool = (pool.0 + sum, pool.1 + count);
            pools.pop();
        }
        pools.push(pool);
    }
    let means = pools.into_iter().flat_map(|(sum, count)| std::iter::repeat_n(sum / count as f64, count));
    means.enumerate().map(|(i, mean)| mean + i as f64).collect()
}

#[cfg(test)]
mod tests {
    use super::spread;

    #[test]
    fn wishes_are_granted_where_they_can_be() {
        assert_eq!(spread(&[0.0, 5.0, 6.5]), [0.0, 5.0, 6.5]);
        assert_eq!(spread(&[2.0, 2.0, 2.0]), [1.0, 2.0, 3.0]);
        assert_eq!(spread(&[0.0, 4.0, 3.0]), [0.0, 3.0, 4.0]);
        assert_eq!(spread(&[]), [0.0; 0]);
    }
}
