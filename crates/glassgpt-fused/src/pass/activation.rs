//! What the MLP applies to its hidden units, and the way back through it.
//!
//! Why apart: it is the one place where the presets compute differently.

use glassgpt_core::Activation;

use crate::arch::Vector;
use crate::kernels::math;

#[inline(always)]
pub(crate) fn activate<V: Vector, const NB: usize>(
    proof: V::Proof,
    activation: Activation,
    relu: &mut [[V; NB]],
    active: &mut [[V; NB]],
) {
    let zero = V::splat(proof, 0.0);
    for (relu, active) in relu.iter_mut().zip(active) {
        for b in 0..NB {
            relu[b] = relu[b].select(relu[b].greater(zero), zero);
            active[b] = match activation {
                Activation::Relu => relu[b],
                Activation::Relu2 => math::square_of_relu(proof, relu[b]),
            };
        }
    }
}

#[inline(always)]
pub(super) fn activate_backward<V: Vector, const NB: usize>(
    proof: V::Proof,
    activation: Activation,
    relu: &[[V; NB]],
    dhidden: &mut [[V; NB]],
) {
    let zero = V::splat(proof, 0.0);
    for (dunit, relu) in dhidden.iter_mut().zip(relu) {
        for b in 0..NB {
            if activation == Activation::Relu2 {
                dunit[b] = V::splat(proof, 2.0) * relu[b] * dunit[b]; // pow(relu, 2): 2 · pow(relu, 1)
            }
            dunit[b] = dunit[b].select(relu[b].greater(zero), zero);
        }
    }
}
