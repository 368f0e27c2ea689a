//! Compiles the crate again when the page has been built anew, and says so if there is none.
//!
//! Why needed: the page's files are embedded by folder, and Cargo only notices those that were there the last time. A build with
//! debug assertions reads the folder at run time (that is how rust-embed decides, too) and needs no notice. A script is built with
//! the assertions of the crate that it belongs to, so this holds for every profile, whatever its name.

use std::path::Path;

fn main() {
    let is_embedded = !cfg!(debug_assertions);
    let here = Path::new(".");
    println!("cargo::rerun-if-changed={}", watched(here, is_embedded));
    if is_embedded && !has_page(here) {
        println!("cargo::warning={NO_PAGE}");
    }
}

/// What to do about a program without a page. `cargo build` and `cargo install` show it.
pub(crate) const NO_PAGE: &str = "the page is not built, so this program shows a note instead of it. `cargo xtask lab` builds both; \
    after it, `cargo install --path crates/glassgpt` installs the program with its page";

pub(crate) fn has_page(package: &Path) -> bool {
    package.join("../../web/dist/index.html").is_file()
}

/// What the program is compiled again for, as seen from the package. It must exist: for a missing path Cargo would compile the
/// program at every call.
pub(crate) fn watched(package: &Path, is_embedded: bool) -> &'static str {
    let candidates = ["../../web/dist", "../../web"]; // without a page, any change in web/ may have brought one
    let found = candidates.into_iter().filter(|_| is_embedded).find(|path| package.join(path).is_dir());
    found.unwrap_or("build.rs")
}
