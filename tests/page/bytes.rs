//! The page's bytes: always the same, sealed, and few enough to be mailed.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::page_of;
use super::scenarios::many;
use super::tree::Tree;
use crate::cli::{ran, scenario};

/// What a page may weigh.
const MOST: usize = 1_500_000;

fn report(folder: &Path, run: &str, arguments: &[&str]) -> String {
    let arguments: Vec<&str> =
        arguments.iter().copied().chain(["--out", run, "--chart-size", "thumb", "--quiet"]).collect();
    assert_eq!(ran(folder, &arguments), (0, String::new(), String::new()));
    fs::read_to_string(folder.join(run).join("report.html")).expect("the page was written")
}

#[test]
fn a_run_and_a_report_give_the_same_page_on_any_number_of_threads() {
    let folder = TempDir::new().unwrap();
    let file = scenario("ai-marketing-plan");
    let run = |name: &str, threads: &str| {
        report(folder.path(), name, &["run", &file, "--deep", "--trials", "300", "--threads", threads])
    };
    let page = run("one", "1");
    assert!(page == run("three", "3"), "another number of threads gives another page");
    assert!(page == run("again", "3"), "the same run gives another page");
    assert!(page == report(folder.path(), "told", &["report", "one/forecast.json"]), "the report gives another page");
    assert!(page.len() < MOST, "the plan takes {}", page.len());
    assert!(!page.contains("http://www.w3.org/1999/xhtml/"), "{}", page.len());
}

#[test]
fn nothing_on_the_page_asks_for_anything_and_its_policy_names_what_may_run() {
    let page = page_of(&super::scenarios::one_month(), false);
    let tree = Tree::of(&page);
    for attribute in ["src", "srcset", "href", "action", "formaction", "poster", "data", "xlink:href", "style"] {
        assert_eq!(tree.values(attribute).iter().find(|value| !value.starts_with('#')), None, "{attribute}");
    }
    let policy = tree.values("content").into_iter().find(|content| content.contains("default-src")).expect("a policy");
    for word in ["default-src 'none'", "base-uri 'none'", "form-action 'none'"] {
        assert!(policy.contains(word), "{policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
    let script = page.rsplit("<script>").next().and_then(|rest| rest.split("</script>").next()).expect("a script");
    assert!(policy.contains(&format!("script-src {};", hash(script))), "{policy}");
    assert!(policy.contains(&format!("style-src {};", hash(&tree.text("style", None)))), "{policy}");
    let other = script.replacen("use strict", "use  strict", 1);
    assert!(!policy.contains(&hash(&other)), "another script may run");
}

#[test]
fn a_page_of_many_regions_can_be_mailed_and_says_what_it_leaves_out() {
    for (regions, months, whole) in [(30, 60, false), (300, 120, false), (4, 12, true)] {
        let page = page_of(&many(regions, months, 20), false);
        assert!(page.len() < MOST, "{regions} regions, {months} months: {}", page.len());
        let says = page.contains("Only part of the figures is in this page");
        assert_eq!(says, !whole, "{regions} regions, {months} months");
    }
}
