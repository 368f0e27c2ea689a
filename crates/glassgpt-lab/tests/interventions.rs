//! What interventions, lenses and attributions promise, for random models: held against a second way to the same number.

use glassgpt_core::{Activation, Config, Corpus, Preset, Setup, TokenId};
use glassgpt_fused::Evaluator;
use glassgpt_lab::Scene;
use glassgpt_lab::address::{Kind, Tensor};
use glassgpt_lab::glass::Recording;
use glassgpt_lab::intervention::*;
use glassgpt_lab::lens::*;
use proptest::prelude::*;

const CORPUS: &str = "emma\nolivia\nava\nnoah\nlea\namelie\n";

fn setup(config: Config) -> Setup {
    Setup::new(config, &Corpus::parse(CORPUS).expect("a corpus")).expect("valid settings")
}

/// Small models of any shape, with weights large enough for every piece to matter.
fn configs() -> impl Strategy<Value = Config> {
    (1..=3u32, 1..=3u32, 1..=2u32, 2..=7u32, any::<bool>(), any::<i32>()).prop_map(
        |(n_head, head_dim, n_layer, block_size, squared, seed)| Config {
            n_head,
            n_embd: n_head * head_dim,
            n_layer,
            block_size,
            activation: if squared { Activation::Relu2 } else { Activation::Relu },
            init_std: 0.5,
            seed: seed.into(),
            ..Preset::Blog.config()
        },
    )
}

fn moments() -> impl Strategy<Value = (Setup, Scene)> {
    (configs(), prop::sample::select(vec!["emma", "a", "olivia", "havnoa"])).prop_map(|(config, text)| {
        let setup = setup(config);
        let scene = Scene::initial(&setup).reading(text).expect("known letters");
        (setup, scene)
    })
}

fn glasses(interventions: &[Intervention], scene: &Scene) -> Glasses {
    Glasses::new(interventions, scene).expect("valid interventions")
}

fn predict(scene: &Scene, params: &[f64], glasses: &Glasses) -> Vec<u64> {
    bits(&Wearer::new(&scene.plan, params, glasses).predict(&scene.tokens))
}

fn bits(prediction: &Prediction) -> Vec<u64> {
    let rows = prediction.logits.iter().chain(&prediction.probs).chain([&prediction.losses]).flatten();
    rows.chain([&prediction.loss]).map(|number| number.to_bits()).collect()
}

/// The model's parameters with some columns of a layer's matrix at 0.
fn without_columns(scene: &Scene, layer: u32, name: &str, columns: std::ops::Range<usize>) -> Vec<f64> {
    let mut params = scene.params.clone();
    let wanted = format!("layer{layer}.{name}");
    let matrix = scene.plan.layout().matrices().find(|matrix| matrix.name == wanted).expect("it has this matrix");
    for row in 0..matrix.rows {
        params[matrix.row(row)][columns.clone()].fill(0.0);
    }
    params
}

proptest! {
    #[test]
    fn without_interventions_every_bit_is_the_fast_engines((setup, scene) in moments()) {
        let effect = effect_on_text(&scene, &Glasses::none());
        prop_assert_eq!(bits(&effect.untouched), bits(&effect.changed));
        prop_assert_eq!(bits(&effect.untouched), predict(&scene, &scene.params, &Glasses::none()));
        let mut evaluator = Evaluator::new(&scene.plan);
        let exact = evaluator.losses(&scene.params, &scene.tokens);
        prop_assert_eq!(&effect.untouched.losses, exact);
        let mut trainer = glassgpt_fused::Trainer::new(setup.clone());
        let first = Scene::initial(&setup);
        let prediction = Wearer::new(&first.plan, &first.params, &Glasses::none()).predict(&first.tokens);
        prop_assert_eq!(prediction.loss.to_bits(), trainer.measure().to_bits());
        for (position, probs) in prediction.probs.iter().enumerate() {
            for (token, prob) in probs.iter().enumerate() {
                prop_assert_eq!(prob.to_bits(), trainer.prob(position, token as TokenId).to_bits());
            }
        }
        let over = effect_on_documents(&scene, &Glasses::none(), &setup.documents, 10).expect("a valid count");
        prop_assert_eq!(over.documents, 6);
        prop_assert_eq!(over.untouched.to_bits(), over.changed.to_bits());
    }

    #[test]
    fn silence_is_zero_weights((setup, scene) in moments(), pick in any::<u32>()) {
        let config = scene.plan.config().clone();
        let [layer, head, unit] = [pick % config.n_layer, pick % config.n_head, pick % (4 * config.n_embd)];
        let [d, c] = [config.head_dim() as usize, config.n_embd as usize];
        let of_head = head as usize * d..(head as usize + 1) * d;
        let mut no_places = scene.params.clone();
        no_places[scene.plan.layout().wpe.range()].fill(0.0);
        let cases = [
            (Intervention::ZeroHead { layer, head }, without_columns(&scene, layer, "attn_wo", of_head)),
            (
                Intervention::ZeroNeuron { layer, unit },
                without_columns(&scene, layer, "mlp_fc2", unit as usize..unit as usize + 1),
            ),
            (Intervention::ZeroMlp { layer }, without_columns(&scene, layer, "mlp_fc2", 0..4 * c)),
            (Intervention::ZeroPositions {}, no_places),
        ];
        for (intervention, params) in cases {
            let glasses = glasses(&[intervention], &scene);
            let zeroed = predict(&scene, &params, &Glasses::none());
            prop_assert_eq!(predict(&scene, &scene.params, &glasses), zeroed);
            prop_assert_eq!(glasses.as_parameters(&scene.plan, &scene.params), Some(params.clone()));
            let fast = effect_on_documents(&scene, &glasses, &setup.documents, 6).expect("a valid count").changed;
            let wearer = Wearer::new(&scene.plan, &scene.params, &glasses);
            let losses: Vec<Vec<f64>> = (0..6).map(|step| wearer.losses(setup.documents.of_step(step))).collect();
            let sums = losses.iter().map(|losses| losses.iter().fold(0.0, |sum, loss| sum + loss));
            let slow = sums.fold(0.0, |sum, loss| sum + loss) / losses.iter().flatten().count() as f64;
            prop_assert_eq!(fast.to_bits(), slow.to_bits());
        }
    }

    #[test]
    fn what_was_there_already_changes_nothing((_, scene) in moments(), kind in 0..Kind::ALL.len(), pick in any::<u32>()) {
        let untouched = predict(&scene, &scene.params, &Glasses::none());
        let kind = Kind::ALL[kind];
        let config = scene.plan.config().clone();
        let tensor = Tensor { kind, layer: pick % config.n_layer, head: pick % config.n_head };
        let position = pick % scene.positions() as u32;
        // A tensor outside the layers has layer 0 and head 0 when it is parsed.
        let address: glassgpt_lab::Address = tensor.at(position as usize).to_string().parse().expect("an address");
        let patch = Intervention::Patch { address, from_text: scene.text() };
        let patched = Glasses::new(std::slice::from_ref(&patch), &scene);
        if changeable(kind) {
            let patched = patched.expect("it can be changed");
            prop_assert_eq!(&predict(&scene, &scene.params, &patched), &untouched);
        } else {
            prop_assert!(patched.expect_err("only looked at").message.contains("is only looked at; change "));
        }
        let recording = Recording::new(&scene);
        let weights = recording.of(Tensor { kind: Kind::Weights, ..tensor }, position).expect("it was computed").to_vec();
        let own = Intervention::ReplaceAttention { layer: tensor.layer, head: tensor.head, position, weights };
        prop_assert_eq!(&predict(&scene, &scene.params, &glasses(&[own], &scene)), &untouched);
    }

    #[test]
    fn what_is_undone_leaves_no_bit_behind((_, scene) in moments(), pick in any::<u32>()) {
        let none = Interventions::default();
        let layer = pick % scene.plan.config().n_layer;
        let one = none.add(Intervention::ZeroMlp { layer }, &scene).expect("it exists");
        let two = one.add(Intervention::DropNorm { norm: NormAt::Embedding }, &scene).expect("it exists");
        let see = |list: &Interventions| predict(&scene, &scene.params, &list.glasses(&scene).expect("checked"));
        let untouched = predict(&scene, &scene.params, &Glasses::none());
        prop_assert_eq!(see(&two.undo(1).expect("in force")), see(&one));
        prop_assert_eq!(see(&two.undo(0).expect("in force").undo(1).expect("in force")), untouched.clone());
        prop_assert_eq!(see(&two.clear()), untouched);
        prop_assert_ne!(see(&two), see(&one));
        let again = two.clear().add(Intervention::ZeroPositions {}, &scene).expect("it exists");
        prop_assert_eq!(again.active[0].id, 2, "numbers are not used twice");
    }

    #[test]
    fn the_lens_after_the_last_write_is_the_model((_, scene) in moments(), pick in any::<u32>()) {
        let layer = pick % scene.plan.config().n_layer;
        for interventions in [vec![], vec![Intervention::ZeroResidual { layer, around: Block::Mlp }]] {
            let glasses = glasses(&interventions, &scene);
            let lens = logit_lens(&scene, &glasses);
            let model = Wearer::new(&scene.plan, &scene.params, &glasses).predict(&scene.tokens);
            prop_assert_eq!(lens.stages.len(), 1 + 2 * scene.plan.config().n_layer as usize);
            let last = lens.stages.last().expect("there are writes");
            let bits = |rows: &[Vec<f64>]| rows.iter().flatten().map(|x| x.to_bits()).collect::<Vec<_>>();
            prop_assert_eq!(bits(&last.logits), bits(&model.logits));
            prop_assert_eq!(bits(&last.probs), bits(&model.probs));
        }
    }

    #[test]
    fn contributions_add_up_to_the_logit((_, scene) in moments(), pick in any::<u32>(), neurons in any::<bool>()) {
        let config = scene.plan.config().clone();
        let layer = pick % config.n_layer;
        let sets = [
            vec![],
            vec![Intervention::ZeroMlp { layer }],
            vec![Intervention::DropNorm { norm: NormAt::Embedding }, Intervention::ZeroPositions {}],
            vec![Intervention::ZeroResidual { layer, around: Block::Attention }],
            vec![Intervention::ZeroHead { layer, head: pick % config.n_head }, Intervention::DropScale { layer }],
        ];
        for interventions in sets {
            let glasses = glasses(&interventions, &scene);
            let position = pick % scene.positions() as u32;
            let token = pick % scene.plan.vocab_size() as u32;
            let attribution = attribute(&scene, &glasses, position, token as TokenId, neurons).expect("a finite logit");
            let model = Wearer::new(&scene.plan, &scene.params, &glasses).predict(&scene.tokens);
            let logit = model.logits[position as usize][token as usize];
            prop_assert_eq!(attribution.logit.to_bits(), logit.to_bits());
            let total = attribution.contributions.iter().fold(0.0, |sum, piece| sum + piece.logit);
            prop_assert_eq!(total.to_bits(), logit.to_bits());
            let size: f64 = attribution.contributions.iter().map(|piece| piece.logit.abs()).sum();
            for piece in attribution.contributions.iter().filter(|piece| piece.source == LogitSource::Rounding) {
                prop_assert!(piece.logit.abs() <= 1e-13 * (1.0 + size), "{:?}", piece);
            }
            let norm = attribution.norm;
            let through = attribution.contributions[0].logit + attribution.contributions[1].logit;
            prop_assert!((norm.token_before + norm.position_before + norm.share - through).abs() <= 1e-12 * (1.0 + size));
        }
    }

    #[test]
    fn a_set_number_is_what_the_model_goes_on_with((_, scene) in moments(), pick in any::<u32>(), value in -2.0..2.0f64) {
        let config = scene.plan.config().clone();
        let row = pick % config.n_embd;
        let address: glassgpt_lab::Address = format!("wte[1][{row}]").parse().expect("an address");
        let set = glasses(&[Intervention::SetParameter { address, value }], &scene);
        let mut params = scene.params.clone();
        params[scene.plan.layout().wte.row(1).start + row as usize] = value;
        prop_assert_eq!(predict(&scene, &scene.params, &set), predict(&scene, &params, &Glasses::none()));
        prop_assert_eq!(set.held_parameters().count(), 1);
        let token = pick % scene.plan.vocab_size() as u32;
        let address: glassgpt_lab::Address = format!("p0/logits[{token}]").parse().expect("an address");
        let set = glasses(&[Intervention::SetActivation { address, value }], &scene);
        let prediction = Wearer::new(&scene.plan, &scene.params, &set).predict(&scene.tokens);
        prop_assert_eq!(prediction.logits[0][token as usize], value);
    }
}

#[test]
fn refusals_name_field_value_and_range() {
    let scene = Scene::initial(&setup(Preset::Blog.config())).reading("emma").expect("known letters");
    let field_and_message = |json: &str| {
        let intervention: Intervention = serde_json::from_str(json).expect("an intervention");
        let refusal = Glasses::new(&[intervention], &scene).expect_err("out of range");
        (refusal.field.expect("about a field"), refusal.message)
    };
    let cases = [
        (r#"{"type":"zero_head","layer":1,"head":0}"#, "layer", "layer 1 does not exist; this model has layer 0"),
        (r#"{"type":"zero_head","layer":0,"head":4}"#, "head", "head 4 does not exist; each layer has heads 0 to 3"),
        (r#"{"type":"zero_neuron","layer":0,"unit":64}"#, "unit", "from 0 to 63"),
        (r#"{"type":"drop_norm","norm":{"mlp":{"layer":3}}}"#, "layer", "layer 3 does not exist"),
        (r#"{"type":"set_parameter","address":"wte[99][0]","value":1}"#, "address", "the row is 99"),
        (r#"{"type":"set_parameter","address":"wte[9]","value":1}"#, "address", "name one of them"),
        (r#"{"type":"set_parameter","address":"p0/layer0.q","value":1}"#, "address", "it must be"),
        (r#"{"type":"set_parameter","address":"wte[0][0]","value":1e9}"#, "value", "from -1000000 to 1000000"),
        (r#"{"type":"set_parameter","address":"wte[0][0].grad","value":1}"#, "address", "leave out .grad"),
        (r#"{"type":"set_activation","address":"step:3/p0/logits[0]","value":1}"#, "address", "leave out step:"),
        (r#"{"type":"set_activation","address":"p16/logits[0]","value":1}"#, "address", "from 0 to 15"),
        (r#"{"type":"set_activation","address":"p0/logits","value":1}"#, "address", "name one of them"),
        (r#"{"type":"set_activation","address":"logits","value":1}"#, "address", "at one position"),
        (r#"{"type":"set_activation","address":"p0/layer0.relu[0]","value":1}"#, "address", "change act instead"),
        (r#"{"type":"patch","address":"p3/layer0.q","from_text":"al"}"#, "from_text", "position 0 to 2"),
        (r#"{"type":"patch","address":"p3/layer0.q","from_text":"Zoë"}"#, "from_text", "from_text: "),
        (r#"{"type":"replace_attention","layer":0,"head":0,"position":1,"weights":[1]}"#, "weights", "2"),
        (
            r#"{"type":"replace_attention","layer":0,"head":0,"position":1,"weights":[0.5,0.6]}"#,
            "weights",
            "add up to 1",
        ),
        (
            r#"{"type":"replace_attention","layer":0,"head":0,"position":1,"weights":[1.5,-0.5]}"#,
            "weights",
            "from 0 to 1",
        ),
        (r#"{"type":"replace_attention","layer":0,"head":0,"position":16,"weights":[1]}"#, "position", "from 0 to 15"),
    ];
    for (json, field, part) in cases {
        let (named, message) = field_and_message(json);
        assert_eq!(named, field, "{json}: {message}");
        assert!(message.contains(part), "{json}: {message}");
    }
    assert!(serde_json::from_str::<Intervention>(r#"{"type":"zero_positions","layer":0}"#).is_err(), "unknown field");
}

#[test]
fn interventions_read_as_they_are_written() {
    let texts = [
        r#"{"type":"set_parameter","address":"wte[3][0]","value":0.5}"#,
        r#"{"type":"zero_positions"}"#,
        r#"{"type":"zero_residual","layer":0,"around":"attention"}"#,
        r#"{"type":"drop_norm","norm":"embedding"}"#,
        r#"{"type":"drop_norm","norm":{"attention":{"layer":0}}}"#,
        r#"{"type":"patch","address":"p2/layer0.head1.head_output","from_text":"olivia"}"#,
    ];
    for text in texts {
        let intervention: Intervention = serde_json::from_str(text).expect("an intervention");
        assert_eq!(serde_json::to_string(&intervention).expect("plain data"), text);
    }
}

#[test]
fn an_empty_text_and_a_long_one_are_read_alike() {
    let scene = Scene::initial(&setup(Config { block_size: 3, ..Preset::Blog.config() }));
    for text in ["", "olivia"] {
        let scene = scene.clone().reading(text).expect("known letters");
        let effect = effect_on_text(&scene, &glasses(&[Intervention::DropScale { layer: 0 }], &scene));
        assert_eq!(effect.changed.probs.len(), scene.positions());
        assert_eq!(logit_lens(&scene, &Glasses::none()).stages[0].logits.len(), scene.positions());
    }
}

#[test]
fn what_is_not_finite_is_said_so() {
    let scene = Scene::initial(&setup(Preset::Blog.config())).reading("emma").expect("known letters");
    let glasses = glasses(
        &[
            Intervention::SetParameter { address: "lm_head[0][0]".parse().expect("an address"), value: 1e6 },
            Intervention::SetParameter { address: "lm_head[1][0]".parse().expect("an address"), value: -1e6 },
        ],
        &scene,
    );
    let json = serde_json::to_string(&effect_on_text(&scene, &glasses)).expect("plain data");
    assert!(json.contains("\"loss\":\"Infinity\""), "{json}");
    let broken = Scene { params: vec![f64::NAN; scene.params.len()], ..scene };
    let refusal = attribute(&broken, &Glasses::none(), 0, 0, true).expect_err("nothing adds up");
    assert!(refusal.message.contains("the logit of token 0 at position 0 is NaN"), "{}", refusal.message);
    assert!(serde_json::to_string(&logit_lens(&broken, &Glasses::none())).expect("plain data").contains("\"NaN\""));
}

#[test]
fn a_sum_that_was_set_has_no_pieces() {
    let scene = Scene::initial(&setup(Preset::Blog.config())).reading("emma").expect("known letters");
    let address = "p1/layer0.residual[0]".parse().expect("an address");
    let set = glasses(&[Intervention::SetActivation { address, value: 1.0 }], &scene);
    let cases = [
        (attribute(&scene, &set, 1, 0, false), "an intervention sets residual"),
        (attribute(&scene, &Glasses::none(), 5, 0, false), "position is 5; it must be from 0 to 4"),
        (attribute(&scene, &Glasses::none(), 0, 99, false), "token is 99; it must be from 0 to "),
    ];
    for (attribution, part) in cases {
        let message = attribution.expect_err("out of range").message;
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn a_node_is_no_parameter() {
    let corpus = glassgpt_core::Corpus::parse("emma\n").expect("a corpus");
    let setup = Setup::new(Preset::Blog.config(), &corpus).expect("valid settings");
    let scene = Scene::initial(&setup);
    for wrong in ["node:5", "p0/logits[0]", "loss"] {
        let address = wrong.parse().expect("an address");
        let refusal = Glasses::new(&[Intervention::SetParameter { address, value: 1.0 }], &scene).expect_err(wrong);
        assert!(refusal.message.contains("is not a parameter"), "{refusal}");
    }
}
