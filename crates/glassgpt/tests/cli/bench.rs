//! `bench` says what it measured. How fast it was is not for a test to say.

use crate::support::{bad, good};

#[test]
fn bench_tells_one_json_value() {
    let run = good(&["bench", "--quick", "--json"]);
    let reports = run.json();
    assert_eq!(reports.len(), 1);
    let report = &reports[0];
    assert_eq!((&report["type"], &report["quick"]), (&"bench".into(), &true.into()));
    assert_eq!((&report["corpus"]["name"], &report["version"]), (&"names".into(), &env!("CARGO_PKG_VERSION").into()));
    let backends = report["machine"]["backends"].as_array().unwrap();
    let rows = report["rows"].as_array().unwrap();
    let row = |name: &str| {
        let found = rows.iter().find(|row| row["name"] == name);
        found.unwrap_or_else(|| panic!("no row {name} in {}", run.stdout))
    };
    for row in rows {
        let [median, best] = ["median", "best"].map(|field| row[field].as_f64().unwrap());
        let ordered = if row["unit"] == "gflops" { best >= median } else { best <= median };
        assert!(ordered && best > 0.0 && median.is_finite(), "{row}");
        assert!(row["repetitions"].as_u64().unwrap() >= 1);
    }
    for backend in backends {
        assert_eq!(row(&format!("blog/fused/{}", backend.as_str().unwrap()))["unit"], "us_per_step");
    }
    assert_eq!(row("blog/fused-batch/16")["documents_per_step"], 16);
    assert_eq!(
        (&row("blog/turbo/16")["documents_per_step"], &row("blog/turbo/1")["num_params"]),
        (&16.into(), &4192.into())
    );
    assert!(row("emma/scalar")["nodes"].as_u64().unwrap() > 40_000);
    for name in ["sampling/exact/one-by-one", "sampling/exact/streams", "sampling/turbo/streams"] {
        assert!(row(name)["names_per_sec"].as_f64().unwrap() > 0.0);
    }
    let best = backends[0].as_str().unwrap();
    let big = row(&format!("big/fused/{best}"));
    assert_eq!((&big["positions_per_step"], &big["shape"]["n_layer"]), (&64.0.into(), &4.into()));
    assert!(big["gflops"].as_f64().unwrap() > 0.0 && big["share_of_peak"].as_f64().unwrap() > 0.0);
    assert_eq!(row(&format!("peak/{best}"))["unit"], "gflops");
    for n_embd in [16, 32, 64, 128, 256] {
        assert!(row(&format!("growth-{n_embd}/fused/{best}"))["us_per_param_token"].as_f64().unwrap() > 0.0);
    }
    assert!(report["ratios"].as_array().unwrap().iter().any(|ratio| ratio["what"] == "scalar to fused"));
}

#[test]
fn bench_prints_a_table() {
    let run = good(&["bench", "--quick", "--backend", "portable", "--corpus", "words"]);
    for part in ["blog/fused/portable", "blog/turbo/16", "names/s", "% of the peak", "scalar to fused"] {
        assert!(run.stdout.contains(part), "{part}: {}", run.stdout);
    }
    assert!(!run.stdout.contains("avx") && run.stderr.contains("quick"), "{}", run.stdout);
    let said = bad(2, &["bench", "--corpus", "nowhere"]);
    assert!(said.contains("there is no corpus \"nowhere\""), "{said}");
}

#[test]
fn the_labs_questions_are_measured() {
    let report = &good(&["bench", "--lab", "--quick", "--json"]).json()[0];
    let rows = report["rows"].as_array().unwrap();
    let names: Vec<&str> = rows.iter().map(|row| row["name"].as_str().unwrap()).collect();
    for name in ["travel/seek/mean", "explain/build-the-tape", "graph/raster", "change/attribution", "retrain/turbo"] {
        assert!(names.contains(&name), "{name}: {names:?}");
    }
    let watched = rows.iter().find(|row| row["name"] == "watch/everything-read").unwrap();
    assert!(watched["overhead"].as_f64().unwrap().is_finite() && watched["unit"] == "us_per_step");
    let text = good(&["bench", "--lab", "--quick"]).stdout;
    assert!(text.contains("Going to a moment") && text.lines().all(|line| line.chars().count() <= 80), "{text}");
}
