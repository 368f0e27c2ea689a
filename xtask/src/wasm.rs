//! `cargo xtask wasm`: the lab and the proof for the browser, compiled, bound to JavaScript and made small, in web/wasm/.
//!
//! Why not wasm-pack or another tool to install: wasm-bindgen's own library, of the version that the lock file names, does
//! the same with nothing to fetch or to keep in step; and npm brings wasm-opt with the page's other packages.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::shell::Shell;
use crate::{page, tools};

/// The crates that become modules of the page.
const MODULES: [&str; 2] = ["glassgpt-wasm", "glassgpt-proof"];

/// Comes with the page's packages.
const WASM_OPT: &str = "web/node_modules/binaryen/bin/wasm-opt";

/// How wasm-opt makes it small: it works on what every browser that runs the page has. Why not `-Oz --converge`: that saves 6 % of the
/// bytes, but what travels is compressed, and compressed it is 7 % larger; and it takes seven times as long.
const SHRINK: [&str; 8] = [
    "-O1",
    "--enable-simd",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Builds every module, unless web/wasm/ holds what would come out.
pub(crate) fn build(shell: &Shell) -> Result<()> {
    tools::wasm_target(shell)?;
    if !shell.root.join(WASM_OPT).is_file() {
        page::install(shell)?;
    }
    MODULES.into_iter().try_for_each(|module| build_module(shell, module))
}

fn build_module(shell: &Shell, module: &str) -> Result<()> {
    // Cargo knows best what is stale.
    shell.run(&mut shell.cargo(["build", "--profile", "wasm", "--target", tools::WASM, "-p", module]))?;
    let name = module.replace('-', "_");
    let compiled = shell.target().join(tools::WASM).join(format!("wasm/{name}.wasm"));
    let compiled = fs::read(&compiled).with_context(|| format!("cargo left no {}", compiled.display()))?;
    let (folder, stamp) = (shell.root.join("web/wasm"), shell.scratch().join(module));
    let outputs = outputs(&name);
    let now = fingerprint(&compiled);
    let is_known = fs::read_to_string(&stamp).is_ok_and(|known| known == now);
    if is_known && outputs.iter().all(|output| folder.join(output).is_file()) {
        return Ok(());
    }
    let fresh = shell.scratch().join("wasm-fresh");
    fs::create_dir_all(&folder)?;
    bind(&name, compiled, &fresh)?;
    shrink(shell, &fresh.join(&outputs[2]))?;
    for output in outputs {
        fs::rename(fresh.join(&output), folder.join(&output)).with_context(|| format!("cannot write {output}"))?;
    }
    Ok(fs::write(stamp, now)?)
}

/// What the page takes of a module, in web/wasm/.
fn outputs(name: &str) -> [String; 3] {
    [format!("{name}.js"), format!("{name}.d.ts"), format!("{name}_bg.wasm")]
}

/// Builds them and says how large they are.
pub(crate) fn check(shell: &Shell) -> Result<String> {
    build(shell)?;
    let sizes = MODULES.map(|module| {
        let [.., binary] = outputs(&module.replace('-', "_"));
        let bytes = fs::metadata(shell.root.join("web/wasm").join(binary))?.len();
        anyhow::Ok(format!("{module} {} KB", bytes / 1000))
    });
    Ok(sizes.into_iter().collect::<Result<Vec<_>>>()?.join(", "))
}

/// Writes the JavaScript around it, for a browser that loads it from an address.
fn bind(name: &str, compiled: Vec<u8>, folder: &Path) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen.input_bytes(name, compiled).web(true)?.typescript(true);
    bindgen.remove_name_section(true).remove_producers_section(true);
    bindgen.generate(folder).context("wasm-bindgen could not bind what was compiled")
}

fn shrink(shell: &Shell, wasm: &Path) -> Result<()> {
    shell.run(shell.command("node").arg(WASM_OPT).args(SHRINK).arg(wasm).arg("-o").arg(wasm))
}

/// A short text that differs when what was compiled, or how it goes on from there, does.
fn fingerprint(compiled: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    (compiled, SHRINK, include_str!("wasm.rs")).hash(&mut hasher);
    format!("{:016x}\n", hasher.finish())
}
