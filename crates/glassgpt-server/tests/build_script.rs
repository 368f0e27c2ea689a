//! The build script: which paths make Cargo compile the program again.
//!
//! Why tested: a path that does not exist costs every build three minutes, and says nothing.

#[expect(dead_code, reason = "a script runs as a program; here only its parts are asked")]
#[path = "../build.rs"]
mod build;

use std::fs;

#[test]
fn only_what_exists_is_watched() -> std::io::Result<()> {
    let clone = tempfile::tempdir()?;
    let package = clone.path().join("crates/glassgpt-server");
    fs::create_dir_all(&package)?;
    assert_eq!(build::watched(&package, true), "build.rs");
    fs::create_dir(clone.path().join("web"))?;
    assert_eq!(build::watched(&package, true), "../../web");
    assert!(!build::has_page(&package));
    let page = clone.path().join("web/dist");
    fs::create_dir(&page)?;
    assert_eq!(build::watched(&package, true), "../../web/dist");
    assert!(!build::has_page(&package), "an empty folder is no page");
    fs::write(page.join("index.html"), "")?;
    assert!(build::has_page(&package));
    assert_eq!(build::watched(&package, false), "build.rs", "the page is read at run time");
    Ok(())
}

#[test]
fn who_has_no_page_is_shown_how_to_get_one() {
    for command in ["cargo xtask lab", "cargo install --path crates/glassgpt"] {
        assert!(build::NO_PAGE.contains(command));
    }
}
