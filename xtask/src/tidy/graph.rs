//! Which crate may use which: what cargo says, against what ARCHITECTURE.md says.
//!
//! Why in a document: the arrows are a decision, and a decision is changed where it is explained, not in a Cargo.toml.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Each crate of the workspace, and those of the workspace it uses.
pub(crate) type Graph = BTreeMap<String, BTreeSet<String>>;

const OPEN: &str = "```crates";
const CLOSE: &str = "```";

/// The graph of normal dependencies, from `cargo metadata`. Tests may use what they like.
pub(crate) fn from_metadata(metadata: &Value) -> Graph {
    let packages = || metadata["packages"].as_array().into_iter().flatten();
    let name = |value: &Value| value["name"].as_str().unwrap_or_default().to_string();
    let members: BTreeSet<String> = packages().map(name).collect();
    let uses = |package: &Value| {
        let normal = package["dependencies"].as_array().into_iter().flatten().filter(|dep| dep["kind"].is_null());
        normal.map(name).filter(|dep| members.contains(dep)).collect()
    };
    packages().map(|package| (name(package), uses(package))).collect()
}

/// What is wrong with the block of ARCHITECTURE.md.
pub(crate) fn check(architecture: &str, actual: &Graph) -> Option<String> {
    let block = || actual.iter().map(|(krate, uses)| line(krate, uses)).collect::<Vec<_>>().join("\n");
    let complain =
        |what: &str| Some(format!("ARCHITECTURE.md: {what}; cargo's graph is\n{OPEN}\n{}\n{CLOSE}", block()));
    match parse(architecture) {
        Err(what) => complain(&what),
        Ok(stated) if stated != *actual => complain("its block of crates is not the graph of the crates"),
        Ok(_) => None,
    }
}

/// Reads the block: a crate a line, `name` or `name -> name, name`.
fn parse(architecture: &str) -> Result<Graph, String> {
    let mut lines = architecture.lines().skip_while(|line| line.trim() != OPEN);
    lines.next().ok_or(format!("there is no block that opens with {OPEN}"))?;
    let mut graph = Graph::new();
    for line in lines.take_while(|line| line.trim() != CLOSE).filter(|line| !line.trim().is_empty()) {
        let (krate, uses) = line.split_once("->").unwrap_or((line, ""));
        let krate = krate.trim().to_string();
        let uses: BTreeSet<String> =
            uses.split(',').map(|name| name.trim().to_string()).filter(|name| !name.is_empty()).collect();
        let odd = |name: &String| {
            name.is_empty() || name.contains(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_')
        };
        if odd(&krate) || uses.iter().any(odd) {
            return Err(format!("`{line}` is not of the form `name -> name, name`"));
        }
        if graph.insert(krate.clone(), uses).is_some() {
            return Err(format!("{krate} has two lines"));
        }
    }
    Ok(graph)
}

fn line(krate: &str, uses: &BTreeSet<String>) -> String {
    if uses.is_empty() {
        return krate.to_string();
    }
    format!("{krate} -> {}", uses.iter().map(String::as_str).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actual() -> Graph {
        from_metadata(&serde_json::json!({ "packages": [
            { "name": "lab", "dependencies": [
                { "name": "core", "kind": null },
                { "name": "fused", "kind": null },
                { "name": "serde", "kind": null },
                { "name": "lab", "kind": "dev" },
                { "name": "xtask", "kind": "build" },
            ]},
            { "name": "fused", "dependencies": [{ "name": "core", "kind": null }] },
            { "name": "core", "dependencies": [] },
            { "name": "xtask", "dependencies": [] },
        ]}))
    }

    fn complaint(block: &str) -> String {
        check(&format!("# Map\n\n```crates\n{block}\n```\nMore.\n"), &actual()).unwrap_or_default()
    }

    #[test]
    fn the_same_graph_is_fine_in_any_order() {
        assert_eq!(complaint("xtask\nlab -> fused,core\n\nfused -> core\ncore"), "");
    }

    #[test]
    fn an_arrow_too_many_or_too_few_is_not() {
        assert!(complaint("xtask\nlab -> fused\nfused -> core\ncore").contains("is not the graph"));
        assert!(complaint("xtask -> core\nlab -> fused, core\nfused -> core\ncore").contains("is not the graph"));
        assert!(complaint("lab -> fused, core\nfused -> core\ncore").contains("lab -> core, fused\nxtask\n```"));
    }

    #[test]
    fn the_block_must_be_there_and_readable() {
        assert!(check("", &actual()).is_some_and(|complaint| complaint.contains("there is no block")));
        assert!(complaint("lab ──► core").contains("not of the form"));
        assert!(complaint("core\ncore").contains("core has two lines"));
    }
}
