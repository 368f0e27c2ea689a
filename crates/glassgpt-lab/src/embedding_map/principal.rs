//! Principal components: the two directions in which points differ most, and where the points lie along them.
//!
//! Why written out: the same numbers must come out on every machine, and sums, products, quotients and roots do.

/// Most rounds of rotations. Each squares what is left off the diagonal; ten are enough for any matrix of the lab.
const MAX_ROUNDS: u32 = 50;

/// Points, row by row, each with so many numbers, moved so that their mean is 0.
pub(super) struct Centred {
    numbers: Vec<f64>,
    cols: usize,
}

impl Centred {
    /// Of at least one point.
    pub(super) fn new(points: &[f64], cols: usize) -> Self {
        let rows = points.len() / cols;
        let mean = |col: usize| points.iter().skip(col).step_by(cols).sum::<f64>() / rows as f64;
        let means: Vec<f64> = (0..cols).map(mean).collect();
        let numbers = points.iter().zip(means.iter().cycle()).map(|(x, mean)| x - mean).collect();
        Self { numbers, cols }
    }

    /// The sum of the squared distances from the mean.
    pub(super) fn variation(&self) -> f64 {
        self.numbers.iter().map(|x| x * x).sum()
    }

    /// Where each point lies along the two directions of largest variance, each direction turned so that the point furthest
    /// out lies on its positive side. Where there is only one direction, or none, the rest is 0.
    pub(super) fn along_principal(&self) -> Vec<[f64; 2]> {
        let rows = self.numbers.len() / self.cols;
        let axes = if self.cols <= rows { self.by_columns() } else { self.by_rows() };
        let axes = axes.map(turned);
        (0..rows).map(|row| [axes[0][row], axes[1][row]]).collect()
    }

    /// From the products of columns: their directions, and the points laid along them.
    fn by_columns(&self) -> [Vec<f64>; 2] {
        let column = |col: usize| self.numbers.iter().skip(col).step_by(self.cols).copied().collect::<Vec<f64>>();
        let columns: Vec<Vec<f64>> = (0..self.cols).map(column).collect();
        self.two(Eigen::new(&products(&columns))).map(|direction| match direction {
            Some((direction, _)) => self.numbers.chunks(self.cols).map(|row| dot(row, &direction)).collect(),
            None => vec![0.0; self.numbers.len() / self.cols],
        })
    }

    /// The same from the products of rows, of which there may be fewer: there the directions are the coordinates, but for
    /// their length.
    fn by_rows(&self) -> [Vec<f64>; 2] {
        let rows: Vec<Vec<f64>> = self.numbers.chunks(self.cols).map(<[f64]>::to_vec).collect();
        self.two(Eigen::new(&products(&rows))).map(|direction| match direction {
            Some((direction, value)) => direction.iter().map(|x| x * value.max(0.0).sqrt()).collect(),
            None => vec![0.0; rows.len()],
        })
    }

    fn two(&self, eigen: Eigen) -> [Option<(Vec<f64>, f64)>; 2] {
        let mut largest = eigen.largest_first();
        [largest.next(), largest.next()]
    }
}

/// The entry furthest from 0, the first of equals, made positive.
fn turned(mut axis: Vec<f64>) -> Vec<f64> {
    let furthest = axis.iter().fold(0.0f64, |furthest, x| if x.abs() > furthest.abs() { *x } else { furthest });
    if furthest < 0.0 {
        axis.iter_mut().for_each(|x| *x = -*x);
    }
    axis
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The product of every vector with every one.
fn products(vectors: &[Vec<f64>]) -> Vec<Vec<f64>> {
    vectors.iter().map(|a| vectors.iter().map(|b| dot(a, b)).collect()).collect()
}

/// The eigenvalues of a symmetric matrix and their vectors, by Jacobi's rotations: each makes one number off the diagonal 0.
struct Eigen {
    values: Vec<f64>,
    vectors: Vec<Vec<f64>>,
}

impl Eigen {
    fn new(matrix: &[Vec<f64>]) -> Self {
        let n = matrix.len();
        let mut a = matrix.to_vec();
        let unit = |i: usize| (0..n).map(|j| f64::from(u8::from(i == j))).collect();
        let mut vectors: Vec<Vec<f64>> = (0..n).map(unit).collect();
        let size: f64 = a.iter().flatten().map(|x| x * x).sum();
        for _ in 0..MAX_ROUNDS {
            let pairs = || (0..n).flat_map(|p| (p + 1..n).map(move |q| (p, q)));
            let left: f64 = pairs().map(|(p, q)| a[p][q] * a[p][q]).sum();
            if left <= size * (f64::EPSILON * f64::EPSILON) {
                break;
            }
            for (p, q) in pairs() {
                if a[p][q] == 0.0 {
                    continue;
                }
                let turn = Turn::new(a[p][p], a[p][q], a[q][q]);
                for row in &mut a {
                    (row[p], row[q]) = turn.of(row[p], row[q]);
                }
                turn.rows(&mut a, p, q);
                turn.rows(&mut vectors, p, q);
            }
        }
        Self { values: (0..n).map(|i| a[i][i]).collect(), vectors }
    }

    /// Vectors and values, the largest value first.
    fn largest_first(mut self) -> impl Iterator<Item = (Vec<f64>, f64)> {
        let mut order: Vec<usize> = (0..self.values.len()).collect();
        order.sort_by(|&i, &j| self.values[j].total_cmp(&self.values[i]));
        order.into_iter().map(move |i| (std::mem::take(&mut self.vectors[i]), self.values[i]))
    }
}

/// A rotation by cosine and sine.
#[derive(Clone, Copy)]
struct Turn {
    cos: f64,
    sin: f64,
}

impl Turn {
    /// The smaller of the two that make [[pp, pq], [pq, qq]] diagonal; pq is not 0.
    fn new(pp: f64, pq: f64, qq: f64) -> Self {
        let cot = (qq - pp) / (2.0 * pq); // of twice the angle
        let tan = 1.0f64.copysign(cot) / (cot.abs() + (cot * cot + 1.0).sqrt());
        let cos = 1.0 / (tan * tan + 1.0).sqrt();
        Self { cos, sin: tan * cos }
    }

    fn of(self, p: f64, q: f64) -> (f64, f64) {
        (self.cos * p - self.sin * q, self.sin * p + self.cos * q)
    }

    fn rows(self, matrix: &mut [Vec<f64>], p: usize, q: usize) {
        let (before, after) = matrix.split_at_mut(q);
        for (p, q) in before[p].iter_mut().zip(&mut after[0]) {
            (*p, *q) = self.of(*p, *q);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    fn flat(rows: usize, cols: usize) -> impl Strategy<Value = Vec<f64>> {
        prop::collection::vec(-1.0f64..1.0, rows * cols)
    }

    #[test]
    fn a_line_and_a_point_have_no_second_direction() {
        let line = Centred::new(&[0.0, 0.0, 3.0, 4.0, 6.0, 8.0], 2).along_principal();
        for (found, expected) in line.iter().zip([-5.0, 0.0, 5.0]) {
            assert!(near(found[0].abs(), f64::abs(expected)) && near(found[1], 0.0), "{line:?}");
        }
        assert_eq!(Centred::new(&[0.5, 0.5, 0.5], 1).along_principal(), [[0.0; 2]; 3]);
        assert_eq!(Centred::new(&[1.0, 2.0, 3.0], 3).along_principal(), [[0.0; 2]]);
        let one_column = Centred::new(&[1.0, 2.0, 6.0], 1).along_principal();
        assert_eq!(one_column, [[-2.0, 0.0], [-1.0, 0.0], [3.0, 0.0]]);
    }

    proptest! {
        #[test]
        fn eigenvectors_are_of_length_one_upright_and_give_the_matrix_back(flat in flat(7, 7)) {
            let rows: Vec<Vec<f64>> = flat.chunks(7).map(<[f64]>::to_vec).collect();
            let matrix = products(&rows);
            let eigen: Vec<(Vec<f64>, f64)> = Eigen::new(&matrix).largest_first().collect();
            prop_assert!(eigen.is_sorted_by(|a, b| a.1 >= b.1));
            for i in 0..7 {
                for j in 0..7 {
                    prop_assert!(near(dot(&eigen[i].0, &eigen[j].0), f64::from(u8::from(i == j))));
                    let entry: f64 = eigen.iter().map(|(vector, value)| vector[i] * value * vector[j]).sum();
                    prop_assert!(near(entry, matrix[i][j]));
                }
            }
        }

        #[test]
        fn rows_and_columns_lead_to_the_same_places((rows, cols, flat) in (1usize..9, 1usize..9)
            .prop_flat_map(|(rows, cols)| (Just(rows), Just(cols), flat(rows, cols))))
        {
            let centred = Centred::new(&flat, cols);
            let [by_columns, by_rows] = [centred.by_columns(), centred.by_rows()];
            for (a, b) in by_columns.iter().zip(&by_rows) {
                prop_assert!(near(dot(a, a), dot(b, b)));
            }
            // Two directions of equal variance may be turned, so places are told apart by their distances.
            let product = |axes: &[Vec<f64>; 2], i: usize, j: usize| axes[0][i] * axes[0][j] + axes[1][i] * axes[1][j];
            let gap = dot(&by_rows[1], &by_rows[1]);
            let third = centred.variation() - dot(&by_rows[0], &by_rows[0]) - gap;
            if gap - third > 1e-2 || third < 1e-12 {
                for (i, j) in (0..rows).flat_map(|i| (0..rows).map(move |j| (i, j))) {
                    prop_assert!((product(&by_columns, i, j) - product(&by_rows, i, j)).abs() < 1e-6);
                }
            }
        }

        #[test]
        fn what_lies_in_a_plane_keeps_its_distances(flat in flat(6, 2), plane in flat(2, 9)) {
            let point = |at: &[f64]| (0..9).map(|i| at[0] * plane[i] + at[1] * plane[9 + i]).collect::<Vec<f64>>();
            let points: Vec<Vec<f64>> = flat.chunks(2).map(point).collect();
            let places = Centred::new(&points.concat(), 9).along_principal();
            for (i, j) in (0..6).flat_map(|i| (0..6).map(move |j| (i, j))) {
                let apart: Vec<f64> = points[i].iter().zip(&points[j]).map(|(a, b)| a - b).collect();
                let [x, y] = [places[i][0] - places[j][0], places[i][1] - places[j][1]];
                prop_assert!(near(dot(&apart, &apart), x * x + y * y));
            }
        }
    }
}
