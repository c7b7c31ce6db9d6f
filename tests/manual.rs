//! What helps people type: completion scripts and manual pages know every command and every option.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::process::Command;

use tempfile::{NamedTempFile, TempDir};

use crate::cli::{files, ran, scenario};
use crate::common::required::skipped;

fn printed(arguments: &[&str]) -> String {
    let folder = TempDir::new().unwrap();
    let (code, out, err) = ran(folder.path(), arguments);
    assert_eq!((code, err.as_str()), (0, ""), "{arguments:?}");
    out
}

/// The commands as the help lists them, group by group.
pub(crate) fn commands() -> Vec<String> {
    let help = printed(&["--help"]);
    let (list, _) = help.split_once("\nOptions:\n").expect("the options come after the commands");
    // A description that is wrapped stands further in.
    let name =
        |line: &str| line.strip_prefix("  ")?.split(' ').next().filter(|name| !name.is_empty()).map(str::to_owned);
    list.lines().filter_map(name).collect()
}

/// The long options of a command as its help lists them.
pub(crate) fn options(command: &str) -> BTreeSet<String> {
    let help = printed(&[command, "--help"]);
    let line = |line: &str| {
        let line = line.trim_start();
        let line = line.split_once(", --").map_or(line, |(_, long)| &line[line.len() - long.len() - 2..]);
        let name: String =
            line.strip_prefix("--")?.chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect();
        Some(format!("--{name}"))
    };
    help.lines().filter_map(line).collect()
}

/// Runs a program of the system on a text, and gives what it printed and what it complained of; `None` where it is not
/// installed.
fn through(program: &str, arguments: &[&str], text: &str) -> Option<(String, String)> {
    let mut input = NamedTempFile::new().unwrap();
    input.write_all(text.as_bytes()).unwrap();
    let Ok(output) = Command::new(program).args(arguments).stdin(input.reopen().unwrap()).output() else {
        skipped(program, &format!("{program} is not installed"));
        return None;
    };
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(output.status.success(), "{program}: {err}");
    Some((out, err))
}

#[test]
fn the_help_reads_as_it_did() {
    let mut reference = printed(&["--help"]);
    for command in commands() {
        reference.push_str(&format!("\n---- revcast {command} --help\n\n{}", printed(&[&command, "--help"])));
    }
    let wide: Vec<&str> = reference.lines().filter(|line| line.chars().count() > 100).collect();
    assert!(wide.is_empty(), "wider than 100 columns: {wide:#?}");
    insta::assert_snapshot!(reference);
}

#[test]
fn every_shell_completes_every_command_and_option() {
    let commands = commands();
    assert!(commands.len() >= 10, "{commands:?}");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = printed(&["completions", shell]);
        for command in &commands {
            assert!(script.contains(command), "{shell}: {command}");
            for option in options(command) {
                // fish writes `-l seed` for --seed.
                let name = if shell == "fish" { format!("-l {}", &option[2..]) } else { option };
                assert!(script.contains(&name), "{shell}: {command} {name}");
            }
        }
    }
    let folder = TempDir::new().unwrap();
    assert_eq!(ran(folder.path(), &["completions", "ksh"]).0, 2);
}

#[test]
fn the_shells_that_are_installed_read_their_scripts() {
    for (shell, arguments) in [("bash", &["-n"][..]), ("zsh", &["-n"]), ("fish", &["--no-execute"])] {
        if let Some(said) = through(shell, arguments, &printed(&["completions", shell])) {
            assert_eq!(said, (String::new(), String::new()), "{shell}");
        }
    }
}

#[test]
fn every_command_and_option_has_its_place_in_a_manual_page() {
    let folder = TempDir::new().unwrap();
    assert_eq!(ran(folder.path(), &["man", "pages"]).0, 0);
    let page = |name: &str| {
        fs::read_to_string(folder.path().join("pages").join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    };
    let commands = commands();
    let mut expected: Vec<String> = commands.iter().map(|command| format!("revcast-{command}.1")).collect();
    expected.push("revcast.1".to_owned());
    expected.sort();
    assert_eq!(files(&folder.path().join("pages")), expected);
    let root = page("revcast.1");
    assert_eq!(root, printed(&["man"]));
    for command in &commands {
        // In a manual page a hyphen of a name is written \-.
        assert!(root.contains(&format!("revcast\\-{command}(1)")), "{command} is not in revcast.1");
        let text = page(&format!("revcast-{command}.1"));
        for option in options(command) {
            let written = option.replace('-', "\\-");
            assert!(text.contains(&written), "{option} is not in the page of {command}");
        }
    }
    for name in expected {
        // As a plain text, without bold or underlined letters.
        if let Some((shown, complaints)) = through("groff", &["-man", "-Tutf8", "-P-cbou", "-ww"], &page(&name)) {
            assert!(shown.contains("NAME") && complaints.is_empty(), "{name}: {complaints}");
        }
    }
}

#[test]
fn manual_pages_replace_nothing() {
    let folder = TempDir::new().unwrap();
    assert_eq!(ran(folder.path(), &["run", &scenario("minimal"), "--trials", "50", "--quiet", "--out", "o"]).0, 0);
    let before = files(folder.path());
    let (code, out, err) = ran(folder.path(), &["man", "o"]);
    assert!(code == 2 && out.is_empty() && err.contains("a folder that is absent or empty"), "{err}");
    assert_eq!(files(folder.path()), before);
    fs::create_dir(folder.path().join("empty")).unwrap();
    assert_eq!(ran(folder.path(), &["man", "empty"]).0, 0);
    assert_eq!(ran(folder.path(), &["man", "empty"]).0, 2);
}
