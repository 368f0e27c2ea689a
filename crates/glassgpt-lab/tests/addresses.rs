//! `docs/addresses.md` is made from the address grammar, and this fails when it is stale.
//!
//! `UPDATE_ADDRESSES=1 cargo test -p glassgpt-lab --test addresses` writes it.

use glassgpt_lab::address;

#[test]
fn the_document_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/addresses.md");
    let generated = address::markdown();
    if std::env::var_os("UPDATE_ADDRESSES").is_some() {
        std::fs::write(path, &generated).expect("docs exists");
    }
    let current = std::fs::read_to_string(path).unwrap_or_default();
    let way_out = "run `UPDATE_ADDRESSES=1 cargo test -p glassgpt-lab --test addresses`";
    assert!(current == generated, "docs/addresses.md is stale: {way_out}");
}

#[test]
fn every_example_in_it_is_an_address() {
    let text = address::markdown();
    let examples = text.lines().skip_while(|line| !line.starts_with("| Example")).skip(2);
    let examples: Vec<&str> = examples.take_while(|line| line.starts_with('|')).collect();
    assert!(examples.len() > 5);
    for example in examples {
        let address = example.split('`').nth(1).expect("an example is code");
        address.parse::<address::Address>().unwrap_or_else(|error| panic!("{address}: {error}"));
    }
}
