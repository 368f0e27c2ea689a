//! Parameters as a safetensors file, which every deep-learning library reads.
//!
//! Why doubles: the file holds the model itself, bit for bit, under microgpt.py's names.

use glassgpt_core::Plan;
use safetensors::tensor::{Dtype, TensorView, serialize};

use crate::fingerprint::sha256_of_f64;

/// The bytes of the file: one F64 tensor per matrix, rows first, and in the metadata the settings that a reader needs.
#[must_use]
pub fn safetensors(plan: &Plan, params: &[f64]) -> Vec<u8> {
    let bytes: Vec<u8> = params.iter().flat_map(|param| param.to_le_bytes()).collect();
    let tensors = plan.layout().matrices().map(|matrix| {
        let range = matrix.range();
        let data = &bytes[range.start * size_of::<f64>()..range.end * size_of::<f64>()];
        let view = TensorView::new(Dtype::F64, vec![matrix.rows, matrix.cols], data);
        (matrix.name.as_str(), view.expect("a matrix has as many numbers as its shape says"))
    });
    let about = serde_json::json!({
        "glassgpt_version": env!("CARGO_PKG_VERSION"),
        "config": plan.config(),
        "params_sha256": sha256_of_f64(params),
    });
    // One entry, because the order of several is not fixed, and the same model should be the same file.
    let metadata = [("glassgpt".to_string(), about.to_string())].into_iter().collect();
    serialize(tensors, Some(metadata)).expect("names differ and sizes fit")
}

#[cfg(test)]
mod tests {
    use super::*;
    use glassgpt_core::{Corpus, Preset, Setup};
    use safetensors::SafeTensors;

    #[test]
    fn every_matrix_comes_back_under_its_name() {
        let corpus = Corpus::parse("emma\nava\n").expect("a corpus");
        let setup = Setup::new(Preset::Blog.config(), &corpus).expect("valid settings");
        let file = safetensors(&setup.plan, &setup.params);
        let read = SafeTensors::deserialize(&file).expect("a safetensors file");
        assert_eq!(read.len(), 9);
        for matrix in setup.plan.layout().matrices() {
            let tensor = read.tensor(&matrix.name).expect("every matrix");
            assert_eq!((tensor.dtype(), tensor.shape()), (Dtype::F64, &[matrix.rows, matrix.cols][..]));
            let numbers = tensor.data().chunks(8).map(|b| f64::from_le_bytes(b.try_into().expect("eight bytes")));
            assert!(numbers.eq(setup.params[matrix.range()].iter().copied()));
        }
        let (_, header) = SafeTensors::read_metadata(&file).expect("a header");
        let metadata = header.metadata().as_ref().expect("metadata");
        let about: serde_json::Value = serde_json::from_str(&metadata["glassgpt"]).expect("JSON");
        assert_eq!(about["params_sha256"], sha256_of_f64(&setup.params));
        assert_eq!(about["config"]["n_embd"], 16);
        assert_eq!(file, safetensors(&setup.plan, &setup.params), "the same model is the same file");
    }
}
