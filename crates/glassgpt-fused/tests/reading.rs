//! What can be read after a step is what one token at a time would compute, on every backend, for long documents too.

use glassgpt_core::{Config, Corpus, Predictor, Preset, Setup};
use glassgpt_fused::{Backend, FusedPredictor, Site, Trainer};

/// Row `position` of an array of rows of `width`.
fn row(array: &[f64], position: usize, width: usize) -> Vec<f64> {
    array[position * width..(position + 1) * width].to_vec()
}

#[test]
fn every_site_holds_the_forward_pass() {
    let corpus = Corpus::parse("abcabcabcabcabcabcabcabcabcabcabcabcabcabc\n").expect("a corpus");
    let config = Config { n_embd: 12, n_head: 3, n_layer: 2, block_size: 40, ..Preset::Gist.config() };
    let setup = Setup::new(Config { zero_init: false, ..config }, &corpus).expect("valid");
    let mut predictor = FusedPredictor::new(&setup.plan, &setup.params);
    for &token in &setup.documents.of_step(0)[..40] {
        predictor.read(token);
    }
    let expected = predictor.activations();
    let [c, f, v] = [12, 48, setup.plan.vocab_size()];
    for backend in Backend::available() {
        let mut trainer = Trainer::on(backend, setup.clone());
        trainer.measure();
        assert_eq!(trainer.positions(), 40);
        for p in 0..40 {
            let read = |site, width: usize| (0..width).map(|i| trainer.activation(site, p, i)).collect::<Vec<f64>>();
            assert_eq!(read(Site::Embedded, c), row(&expected.embedded, p, c));
            assert_eq!(read(Site::Residual(2), c), row(&expected.residual[2], p, c));
            assert_eq!(read(Site::Logits, v), row(&expected.logits, p, v));
            for (l, layer) in expected.layers.iter().enumerate() {
                assert_eq!(read(Site::Residual(l), c), row(&expected.residual[l], p, c));
                assert_eq!(read(Site::AttentionInput(l), c), row(&layer.normed1, p, c));
                assert_eq!(read(Site::Query(l), c), row(&layer.q, p, c));
                assert_eq!(read(Site::Key(l), c), row(&layer.k, p, c));
                assert_eq!(read(Site::Value(l), c), row(&layer.v, p, c));
                assert_eq!(read(Site::Mixed(l), c), row(&layer.mixed, p, c));
                assert_eq!(read(Site::Middle(l), c), row(&layer.middle, p, c));
                assert_eq!(read(Site::MlpInput(l), c), row(&layer.normed2, p, c));
                assert_eq!(read(Site::Hidden(l), f), row(&layer.relu, p, f));
                for head in 0..3 {
                    let attention: Vec<f64> = (0..=p).map(|seen| trainer.attention(l, head, p, seen)).collect();
                    assert_eq!(attention, expected.attention(l, head, p));
                }
            }
        }
    }
}
