//! What some tests need beside the Rust toolchain. Where it is missing a test says `SKIPPED` and passes; it fails where
//! `REVCAST_REQUIRED` names what is missing: `REVCAST_REQUIRED=browser,tmpfs cargo test`.

/// Everything that can be required.
const NEEDS: [&str; 15] = [
    "axe",
    "bash",
    "browser",
    "data-sets",
    "fish",
    "flock",
    "groff",
    "libreoffice",
    "names-not-utf8",
    "node",
    "parallel",
    "root",
    "systemd-analyze",
    "tmpfs",
    "zsh",
];

/// The names in a list of what is required; a name that no test knows is refused.
pub fn required(list: &str) -> Vec<&str> {
    let names: Vec<&str> = list.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    for name in &names {
        assert!(NEEDS.contains(name), "REVCAST_REQUIRED: no test needs {name:?}, but: {}", NEEDS.join(", "));
    }
    names
}

/// Says that something was not tested for want of a need, or fails where that is required.
pub fn skipped(need: &str, reason: &str) {
    assert!(NEEDS.contains(&need), "{need} cannot be required");
    let list = std::env::var("REVCAST_REQUIRED").unwrap_or_default();
    assert!(!required(&list).contains(&need), "{need} is required, but {reason}");
    eprintln!("SKIPPED: {reason}");
}

#[test]
fn what_is_required_is_known() {
    required(&std::env::var("REVCAST_REQUIRED").unwrap_or_default());
    assert_eq!(required("browser, tmpfs"), ["browser", "tmpfs"]);
    assert!(required("").is_empty());
    assert!(std::panic::catch_unwind(|| required("browser,tmfps")).is_err());
}
