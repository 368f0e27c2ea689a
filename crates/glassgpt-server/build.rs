//! Compiles the crate again when the page has been built anew.
//!
//! Why needed: the page's files are embedded by folder, and Cargo only notices those that were there the last time.
//! Debug builds read the folder at run time and need no notice.

fn main() {
    let release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    println!("cargo::rerun-if-changed={}", if release { "../../web/dist" } else { "build.rs" });
}
