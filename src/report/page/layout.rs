//! What every page has around it: head, style, script, and the policy that lets nothing else in.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::text::name;
use crate::charts::night_colours;
use crate::units::digest;

const STYLE: &str = include_str!("page.css");
const EXPLORER_STYLE: &str = include_str!("explorer.css");
const SCRIPT: &str = include_str!("explorer.js");
const TUNING_STYLE: &str = include_str!("tuning/tuning.css");
const TUNING_SCRIPT: &str = include_str!("tuning/tuning.js");
/// What runs in the workers of a page whose inputs can be moved.
pub(super) const WORKER: &str = include_str!("tuning/worker.js");
/// The faces that charts are laid out in, by weight.
const FACES: [(u32, &[u8]); 2] = [
    (400, include_bytes!("../../../assets/NotoSans-Regular.woff2")),
    (700, include_bytes!("../../../assets/NotoSans-Bold.woff2")),
];

/// The whole document, which is `what` it is of `title`; a `dense` one prints less. `data` is JSON for the script.
pub(super) fn document((title, what): (&str, &str), dense: bool, body: &Markup, data: &str) -> String {
    let parts = Parts { style: &faces(), script: SCRIPT, inserts: &[], allowed: "" };
    put_together((title, what), dense, body, data, &parts)
}

/// Text that a page holds for its script, which holds it against its SHA-256.
pub(super) struct Insert {
    id: &'static str,
    kind: &'static str,
    text: String,
    /// How many bytes it stands for, where it is no text itself.
    bytes: Option<usize>,
}

impl Insert {
    /// JSON, in which names may hold anything.
    pub(super) fn json(id: &'static str, json: &str) -> Insert {
        Insert { id, kind: "application/json", text: harmless(json), bytes: None }
    }

    /// Bytes written as letters among which no tag begins.
    pub(super) fn packed(id: &'static str, letters: &str, bytes: usize) -> Insert {
        Insert { id, kind: "text/plain", text: letters.to_owned(), bytes: Some(bytes) }
    }

    /// A script of the program's own that is run elsewhere.
    pub(super) fn script(id: &'static str, script: &str) -> Insert {
        Insert { id, kind: "text/plain", text: without_margins(script), bytes: None }
    }
}

/// A page whose inputs can be moved: with an engine in it, which is compiled where the browser can, and workers. It has no typeface of its own, so that it
/// stays small enough to be mailed.
pub(super) fn tuning_document(title: &str, body: &Markup, data: &str, inserts: &[Insert]) -> String {
    let script = without_margins(&format!("{SCRIPT}\n{TUNING_SCRIPT}"));
    let parts =
        Parts { style: TUNING_STYLE, script: &script, inserts, allowed: " 'wasm-unsafe-eval'; worker-src blob:" };
    put_together((title, "what if"), false, body, data, &parts)
}

/// A script or style without the margins of its lines, empty lines and lines of comment, which would take the page past what it may have.
fn without_margins(text: &str) -> String {
    let lines = text.lines().map(str::trim_start).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// What pages differ in.
struct Parts<'a> {
    style: &'a str,
    script: &'a str,
    inserts: &'a [Insert],
    /// What the policy allows besides the script.
    allowed: &'a str,
}

fn put_together((title, what): (&str, &str), dense: bool, body: &Markup, data: &str, parts: &Parts) -> String {
    let style = format!(
        "{STYLE}\n{EXPLORER_STYLE}\n@media screen and (prefers-color-scheme: dark) {{\n{}}}\n{}",
        night_colours(".drawing"),
        parts.style
    );
    let style = if parts.inserts.is_empty() { style } else { without_margins(&style) };
    let policy = format!(
        "default-src 'none'; style-src '{}'; script-src '{}'{}; img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'",
        hash(&style),
        hash(parts.script),
        parts.allowed
    );
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (name(title)) " – " (what) }
                style { (PreEscaped(&style)) }
            }
            body.dense[dense] {
                (body)
                script type="application/json" id="data" { (PreEscaped(harmless(data))) }
                @for insert in parts.inserts {
                    script type=(insert.kind) id=(insert.id) data-bytes=[insert.bytes] data-sha256=(digest(insert.text.as_bytes())) { (PreEscaped(&insert.text)) }
                }
                script { (PreEscaped(parts.script)) }
            }
        }
    }
    .into_string()
}

/// A link to each section, by its heading, and to the page whose inputs can be moved.
pub(super) fn contents(sections: &Markup, tune: Option<&str>) -> Markup {
    let headings = sections.0.split("<h2 id=\"").skip(1).filter_map(|rest| {
        let (id, rest) = rest.split_once("\">")?;
        Some((id, rest.split_once("</h2>")?.0))
    });
    html! {
        nav.contents.screen aria-label="Contents" {
            @if let Some(page) = tune { a href=(page) { "What if? Move its inputs" } " " }
            @for (id, title) in headings { a href={ "#" (id) } { (PreEscaped(title)) } " " }
        }
    }
}

/// The page's typeface, so that text and charts look and print the same on any machine.
fn faces() -> String {
    let face = |(weight, bytes): (u32, &[u8])| {
        let data = STANDARD.encode(bytes);
        format!(
            "@font-face {{ font-family: \"Noto Sans\"; font-weight: {weight}; src: url(data:font/woff2;base64,{data}) format(\"woff2\"); }}\n"
        )
    };
    FACES.map(face).concat()
}

/// JSON that cannot end the element that it stands in.
fn harmless(json: &str) -> String {
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

/// How a content security policy names a text.
fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_named_as_browsers_do() {
        // The example of the Content Security Policy specification, level 3.
        assert_eq!(hash("alert('Hello, world.');"), "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=");
    }

    #[test]
    fn data_cannot_leave_its_element() {
        let json = serde_json::json!({"a": "</script><!--&"}).to_string();
        assert!(!harmless(&json).contains(['<', '>', '&']));
        let back: serde_json::Value = serde_json::from_str(&harmless(&json)).unwrap();
        assert_eq!(back["a"], "</script><!--&");
    }

    #[test]
    fn style_and_script_cannot_end_their_elements() {
        assert!(
            ![STYLE, EXPLORER_STYLE, SCRIPT, TUNING_STYLE, TUNING_SCRIPT, WORKER]
                .iter()
                .any(|text| text.contains("</"))
        );
    }
}
