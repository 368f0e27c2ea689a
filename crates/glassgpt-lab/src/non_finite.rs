//! The first number that is not finite: what to show when a model has diverged.
//!
//! Why the first: everything made from it is not finite either, so the last one, the loss, says nothing about the cause.

use crate::address::{Address, Matrix, Name, Part, Tensor, Width};
use crate::glass::{Glass, GlassModel, Plain, Witness};
use crate::scene::Scene;

/// What to say of the last update if it broke a parameter, which its own loss and gradient do not show. What an earlier one breaks,
/// the next step finds, if it uses it.
#[must_use]
pub fn broken_by_update(params: &[f64]) -> Option<&'static str> {
    let worst = params
        .iter()
        .find(|&&param| !param.is_finite())
        .or_else(|| params.iter().find(|&&param| !(param * param).is_finite()))?;
    Some(if worst.is_finite() {
        "its update made a parameter so large that its square is not a finite number"
    } else {
        "its update made a parameter that is not a finite number"
    })
}

/// The first number that is not finite when a model reads the scene's text, in the order of computation: the parameters,
/// the reading from the first position to the loss, then the gradients from the loss back. None if all are finite,
/// or if it is a gradient of a model too large for the tape.
#[must_use]
pub fn first_non_finite(scene: &Scene) -> Option<(Address, f64)> {
    parameter(scene).or_else(|| forward(scene)).or_else(|| backward(scene))
}

fn parameter(scene: &Scene) -> Option<(Address, f64)> {
    let index = scene.params.iter().position(|param| !param.is_finite())?;
    let matrix = scene.plan.layout().matrices().find(|matrix| matrix.range().contains(&index))?;
    let name = Matrix::named(&matrix.name).expect("the address grammar knows every matrix of the layout");
    let place = index - matrix.offset;
    Some((Address::parameter(name, place / matrix.cols, place % matrix.cols), scene.params[index]))
}

fn forward(scene: &Scene) -> Option<(Address, f64)> {
    let params: Vec<Plain> = scene.params.iter().map(|&data| Plain(data)).collect();
    let mut watch = Watch::default();
    let loss = GlassModel::new(&scene.plan, &params, &mut watch).loss(&scene.tokens).0;
    watch.first.or_else(|| (!loss.is_finite()).then(|| (Address::of(Name::Loss), loss)))
}

fn backward(scene: &Scene) -> Option<(Address, f64)> {
    Glass::check_fits(scene).ok()?;
    let glass = Glass::new(scene);
    let first = glass.order().iter().rev().find(|&&id| !glass.grad(id).is_finite())?;
    Some((glass.address(*first).part(Part::Grad), glass.grad(*first)))
}

/// Remembers the first number it sees that is not finite.
#[derive(Default)]
struct Watch {
    first: Option<(Address, f64)>,
}

impl Witness<Plain> for Watch {
    fn see(&mut self, tensor: Tensor, position: usize, numbers: &mut [Plain]) {
        if self.first.is_some() {
            return;
        }
        if let Some(index) = numbers.iter().position(|number| !number.0.is_finite()) {
            let address = tensor.at(position);
            let address = if tensor.kind.width() == Width::One { address } else { address.entry(index) };
            self.first = Some((address, numbers[index].0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::glass::Recording;
    use glassgpt_core::{Config, Corpus, Preset, Setup, Trainer};

    fn setup(config: Config) -> Setup {
        Setup::new(config, &Corpus::parse("emma\nolivia\nava\nnoah\n").expect("a corpus")).expect("valid settings")
    }

    #[test]
    fn a_model_that_is_well_has_none() {
        assert_eq!(first_non_finite(&Scene::initial(&setup(Preset::Blog.config()))), None);
    }

    #[test]
    fn a_broken_parameter_comes_first() {
        let mut scene = Scene::initial(&setup(Preset::Blog.config()));
        let index = scene.plan.layout().layers[0].mlp_fc2.row(2).start + 7;
        scene.params[index] = f64::INFINITY;
        let (address, value) = first_non_finite(&scene).expect("a parameter is infinite");
        assert_eq!((address.to_string().as_str(), value), ("layer0.mlp_fc2[2][7]", f64::INFINITY));
    }

    #[test]
    fn a_diverging_run_names_the_number_where_it_broke() {
        let config = Config { init_std: 10.0, learning_rate: 10.0, ..Preset::Gist.config() };
        let mut trainer = Trainer::new(setup(config));
        let diverged = (0..200).find_map(|_| {
            let scene = Scene::new(trainer.setup(), trainer.adam().clone(), trainer.steps_done());
            let step = trainer.step();
            let broken = !step.loss.is_finite() || step.grads.iter().any(|grad| !grad.is_finite());
            assert_eq!(first_non_finite(&scene).is_some(), broken, "step {}", scene.step);
            broken.then_some(scene)
        });
        let scene = diverged.expect("these settings diverge");
        let (address, value) = first_non_finite(&scene).expect("it diverged");
        assert!(!value.is_finite());
        let again: Address = address.to_string().parse().expect("what is printed can be parsed");
        assert_eq!(again, address);
        let recording = Recording::new(&scene);
        if let (Name::Tensor { position: Some(position), tensor }, Part::Value) = (&address.name, address.part) {
            let row = recording.of(*tensor, *position).expect("it was computed");
            let index = address.index.first().map_or(0, |&index| index as usize);
            assert_eq!(row[index].to_bits(), value.to_bits(), "{address}");
        }
    }
}
