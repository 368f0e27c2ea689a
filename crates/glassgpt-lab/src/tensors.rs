//! Parameters as a safetensors file, which every deep-learning library reads.
//!
//! Why doubles: the file holds the model itself, bit for bit, under microgpt.py's names. Why written by hand: it is a length, a
//! line of JSON and the numbers, and the library that does it would be 9 kB of what every browser downloads. The tests hold
//! the file against that library, byte for byte.

use std::collections::BTreeMap;

use glassgpt_core::{Config, Plan};
use serde::Serialize;

use crate::fingerprint::sha256_of_f64;

/// The file's numbers begin at a multiple of so many bytes.
const ALIGNMENT: usize = 8;

/// What the header says of a matrix.
#[derive(Serialize)]
struct Entry {
    dtype: &'static str,
    shape: [usize; 2],
    /// Where its bytes begin and end, counted from the end of the header.
    data_offsets: [usize; 2],
}

/// What the metadata says of the model.
#[derive(Serialize)]
struct About<'a> {
    config: &'a Config,
    glassgpt_version: &'static str,
    params_sha256: String,
}

/// The bytes of the file: one F64 tensor per matrix, rows first, and in the metadata the settings that a reader needs.
#[must_use]
pub fn safetensors(plan: &Plan, params: &[f64]) -> Vec<u8> {
    let about = About {
        config: plan.config(),
        glassgpt_version: env!("CARGO_PKG_VERSION"),
        params_sha256: sha256_of_f64(params),
    };
    write(plan, params, &json(&about))
}

fn write(plan: &Plan, params: &[f64], about: &str) -> Vec<u8> {
    // Tensors in the order of their names, as the library writes them, so that the same model is the same file everywhere.
    let matrices: BTreeMap<&str, _> = plan.layout().matrices().map(|matrix| (matrix.name.as_str(), matrix)).collect();
    let mut entries = Vec::with_capacity(matrices.len());
    let mut numbers = Vec::with_capacity(size_of_val(params));
    for (name, matrix) in matrices {
        let begin = numbers.len();
        numbers.extend(params[matrix.range()].iter().flat_map(|param| param.to_le_bytes()));
        let data_offsets = [begin, numbers.len()];
        let entry = Entry { dtype: "F64", shape: [matrix.rows, matrix.cols], data_offsets };
        entries.push(format!("{}:{}", json(&name), json(&entry)));
    }
    let metadata = format!("\"__metadata__\":{{\"glassgpt\":{}}}", json(&about));
    let mut header = format!("{{{metadata},{}}}", entries.join(","));
    let padded = header.len().next_multiple_of(ALIGNMENT);
    header.extend(std::iter::repeat_n(' ', padded - header.len()));
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &numbers].concat()
}

fn json(data: &impl Serialize) -> String {
    serde_json::to_string(data).expect("plain data always has a JSON form")
}

#[cfg(test)]
mod tests {
    use super::*;
    use glassgpt_core::{Corpus, Preset, Setup};
    use safetensors::SafeTensors;
    use safetensors::tensor::{Dtype, TensorView, serialize};

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

    /// The file as the library writes it.
    fn by_the_library(plan: &Plan, params: &[f64], about: &str) -> Vec<u8> {
        let bytes: Vec<u8> = params.iter().flat_map(|param| param.to_le_bytes()).collect();
        let tensors = plan.layout().matrices().map(|matrix| {
            let range = matrix.range();
            let data = &bytes[range.start * size_of::<f64>()..range.end * size_of::<f64>()];
            let view = TensorView::new(Dtype::F64, vec![matrix.rows, matrix.cols], data);
            (matrix.name.as_str(), view.expect("a matrix has as many numbers as its shape says"))
        });
        let metadata = [("glassgpt".to_string(), about.to_string())].into_iter().collect();
        serialize(tensors, Some(metadata)).expect("names differ and sizes fit")
    }

    #[test]
    fn agrees_with_the_library_byte_for_byte() {
        let corpus = Corpus::parse("emma\nava\n").expect("a corpus");
        for n_layer in [1, 2, 3] {
            let config = Config { n_layer, n_embd: 4, n_head: 2, ..Preset::Gist.config() };
            let setup = Setup::new(config, &corpus).expect("valid settings");
            for about in ["", "a", "{\"quoted\": \"é\"}"] {
                assert_eq!(write(&setup.plan, &setup.params, about), by_the_library(&setup.plan, &setup.params, about));
            }
        }
    }
}
