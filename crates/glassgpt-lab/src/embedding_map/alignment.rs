//! Turning one map onto another: the rotation or reflection after which its places lie nearest to the other's.
//!
//! Why: principal components have no sign, and two of nearly equal variance have no direction either. Unturned, a map would
//! flip from one step to the next although no number jumped.

/// The places turned, and mirrored if that brings them nearer, so that the sum of squared distances from `onto` is least:
/// the orthogonal Procrustes problem in the plane, which has a closed form.
pub(super) fn aligned(places: &[[f64; 2]], onto: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let product = |i: usize, j: usize| places.iter().zip(onto).map(|(a, b)| a[i] * b[j]).sum::<f64>();
    let [xx, xy, yx, yy] = [product(0, 0), product(0, 1), product(1, 0), product(1, 1)];
    // What a rotation and a reflection at their best bring together; cosine and sine are in proportion to the summands.
    let [rotation, reflection] = [[xx + yy, xy - yx], [xx - yy, xy + yx]];
    let length = |[cos, sin]: [f64; 2]| (cos * cos + sin * sin).sqrt();
    let mirrored = length(reflection) > length(rotation);
    let best = if mirrored { reflection } else { rotation };
    let whole = length(best);
    let [cos, sin] = if whole > 0.0 { best.map(|part| part / whole) } else { [1.0, 0.0] };
    let place = |&[x, y]: &[f64; 2]| match mirrored {
        false => [x * cos - y * sin, x * sin + y * cos],
        true => [x * cos + y * sin, x * sin - y * cos],
    };
    places.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn apart(a: &[[f64; 2]], b: &[[f64; 2]]) -> f64 {
        a.iter().zip(b).map(|(a, b)| (a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1])).sum()
    }

    fn places() -> impl Strategy<Value = Vec<[f64; 2]>> {
        prop::collection::vec([-1.0f64..1.0, -1.0f64..1.0], 5)
    }

    /// A rotation by an angle, or a reflection.
    fn turn(places: &[[f64; 2]], angle: f64, mirror: bool) -> Vec<[f64; 2]> {
        let (sin, cos) = angle.sin_cos();
        let place = |&[x, y]: &[f64; 2]| {
            let y = if mirror { -y } else { y };
            [x * cos - y * sin, x * sin + y * cos]
        };
        places.iter().map(place).collect()
    }

    #[test]
    fn nothing_is_turned_where_there_is_nothing_to_turn_to() {
        let places = [[1.0, 2.0], [3.0, -4.0]];
        assert_eq!(aligned(&places, &[[0.0; 2]; 2]), places);
        assert_eq!(aligned(&[[0.0; 2]; 2], &places), [[0.0; 2]; 2]);
    }

    proptest! {
        #[test]
        fn a_map_lies_on_itself_as_it_is(places in places()) {
            prop_assert_eq!(aligned(&places, &places), places);
        }

        #[test]
        fn whatever_way_a_map_was_turned_it_comes_back(places in places(), onto in places(), angle in 0.0f64..7.0, mirror: bool) {
            let straight = aligned(&places, &onto);
            let turned = aligned(&turn(&places, angle, mirror), &onto);
            // Where a rotation and a reflection do equally well, either may be chosen.
            prop_assert!((apart(&straight, &onto) - apart(&turned, &onto)).abs() < 1e-9);
            let home = aligned(&turn(&onto, angle, mirror), &onto);
            prop_assert!(apart(&home, &onto) < 1e-18);
        }

        #[test]
        fn signs_do_not_matter(places in places(), onto in places(), x: bool, y: bool) {
            let sign = |flip: bool| if flip { -1.0 } else { 1.0 };
            let flipped: Vec<[f64; 2]> = places.iter().map(|at| [sign(x) * at[0], sign(y) * at[1]]).collect();
            prop_assert!(apart(&aligned(&flipped, &onto), &aligned(&places, &onto)) < 1e-18);
        }

        #[test]
        fn distances_stay(places in places(), onto in places()) {
            let turned = aligned(&places, &onto);
            for (i, j) in (0..5).flat_map(|i| (0..5).map(move |j| (i, j))) {
                let distance = |of: &[[f64; 2]]| apart(&of[i..=i], &of[j..=j]);
                prop_assert!((distance(&turned) - distance(&places)).abs() < 1e-12);
            }
        }

        #[test]
        fn no_other_turn_comes_nearer(places in places(), onto in places(), angle in 0.0f64..7.0, mirror: bool) {
            prop_assert!(apart(&aligned(&places, &onto), &onto) <= apart(&turn(&places, angle, mirror), &onto) + 1e-12);
        }
    }
}
