//! The order within each layer: as few crossings as a few sweeps find.
//!
//! Why barycentres: the fewest crossings are hard to find, and standing at the mean of one's neighbours comes close.

use super::layered::Vertex;

/// Sweeps, each to the right and back.
const SWEEPS: usize = 8;

/// The vertices of each layer, from top to bottom. They start in the order of their keys; of all orders seen, the one
/// with the fewest crossings is kept, the earliest if several have as few.
pub(super) fn rows(vertices: &[Vertex], keys: &[usize]) -> Vec<Vec<usize>> {
    let n_layers = vertices.iter().map(|vertex| vertex.layer + 1).max().unwrap_or(0);
    let mut rows = vec![Vec::new(); n_layers];
    vertices.iter().enumerate().for_each(|(i, vertex)| rows[vertex.layer].push(i));
    rows.iter_mut().for_each(|row| row.sort_by_key(|&vertex| keys[vertex]));

    let mut place = vec![0; vertices.len()];
    rows.iter().for_each(|row| take_places(row, &mut place));
    let mut best = (crossings(vertices, &rows, &place), rows.clone());
    for _ in 0..SWEEPS {
        for row in &mut rows {
            sort(row, &mut place, |vertex| &vertices[vertex].left);
        }
        for row in rows.iter_mut().rev() {
            sort(row, &mut place, |vertex| &vertices[vertex].right);
        }
        let crossings = crossings(vertices, &rows, &place);
        if crossings < best.0 {
            best = (crossings, rows.clone());
        }
    }
    best.1
}

/// Sorts a layer by the mean place of each vertex's neighbours; who has none keeps to its place.
fn sort<'a>(row: &mut [usize], place: &mut [usize], neighbours: impl Fn(usize) -> &'a Vec<usize>) {
    let mean = |vertex: usize| match neighbours(vertex).as_slice() {
        [] => place[vertex] as f64,
        all => all.iter().map(|&other| place[other] as f64).sum::<f64>() / all.len() as f64,
    };
    let mut means: Vec<(f64, usize)> = row.iter().map(|&vertex| (mean(vertex), vertex)).collect();
    means.sort_by(|a, b| a.0.total_cmp(&b.0));
    row.iter_mut().zip(means).for_each(|(slot, (_, vertex))| *slot = vertex);
    take_places(row, place);
}

fn take_places(row: &[usize], place: &mut [usize]) {
    row.iter().enumerate().for_each(|(i, &vertex)| place[vertex] = i);
}

/// Pairs of edges that cross between two layers.
fn crossings(vertices: &[Vertex], rows: &[Vec<usize>], place: &[usize]) -> usize {
    let mut total = 0;
    for row in rows {
        // The right ends so far, sorted: an edge crosses those from above that end below it.
        let mut ends: Vec<usize> = Vec::new();
        for &vertex in row {
            let mut own: Vec<usize> = vertices[vertex].right.iter().map(|&other| place[other]).collect();
            own.sort_unstable();
            total += own.iter().map(|&end| ends.len() - ends.partition_point(|&other| other <= end)).sum::<usize>();
            ends.extend(own);
            ends.sort_unstable();
        }
    }
    total
}
