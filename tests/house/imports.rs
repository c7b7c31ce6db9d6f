//! Which file imports which: every path in the sources, followed through re-exports to the file that defines what it names.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The segments of a path, or of a module's place from the root of the crate.
type Path = Vec<String>;

/// The files that each file imports, and the names that it takes from them.
pub type Imports = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

/// What a module declares, and the paths that are written in it.
#[derive(Debug, Default)]
struct Module {
    file: String,
    items: BTreeSet<String>,
    /// The names that a `use` brings in, each with its path.
    bound: BTreeMap<String, Path>,
    /// What is brought in by `use …::*`.
    globs: Vec<Path>,
    /// All paths but those of a `pub use`, which only hands a name on.
    written: Vec<Path>,
}

type Modules = BTreeMap<Path, Module>;

/// The imports among the files of a crate, each given as its name under src/ and its text. Without tests, what stands under
/// `#[cfg(test)]` is left out.
pub fn imports(files: &[(String, String)], with_tests: bool) -> Imports {
    let mut modules = Modules::new();
    for (file, text) in files {
        let tokens: TokenStream = text.parse().unwrap_or_else(|error| panic!("{file}: {error}"));
        Reader { modules: &mut modules, file, with_tests }.read(tokens, &place(file), true);
    }
    let mut imports: Imports = files.iter().map(|(file, _)| (file.clone(), BTreeMap::new())).collect();
    for (place, module) in &modules {
        for path in &module.written {
            let Some((file, name)) = defined(&modules, &from_root(place, path), 0) else { continue };
            if *file != module.file {
                let taken = imports.entry(module.file.clone()).or_default().entry(file.to_owned()).or_default();
                taken.insert(name.to_owned());
            }
        }
    }
    imports
}

/// The place of a file's module: `a/b.rs` and `a/b/mod.rs` are both `a::b`.
fn place(file: &str) -> Path {
    let mut place: Path = file.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if matches!(place.last().map(String::as_str), Some("mod" | "lib")) {
        place.pop();
    }
    place
}

/// A path as it is written in a module, from the root. Where its first name comes from is left open.
fn from_root(place: &[String], path: &[String]) -> Path {
    let mut whole = if path.first().is_some_and(|first| first == "crate") { Path::new() } else { place.to_vec() };
    for segment in path {
        match segment.as_str() {
            "crate" | "self" => {}
            "super" => drop(whole.pop()),
            name => whole.push(name.to_owned()),
        }
    }
    whole
}

/// The file that defines what a path from the root names, and its name there; `None` for a module, and for what another
/// crate defines.
fn defined<'a>(modules: &'a Modules, path: &[String], depth: u32) -> Option<(&'a str, &'a str)> {
    // `use rand;` is found again and again in its own module.
    if depth > 20 {
        return None;
    }
    // The last name is never taken for a module: a function may be handed on under the name of one, as `audit::audit` is.
    let held = (0..path.len()).rev().find(|n| modules.contains_key(&path[..*n]))?;
    let (place, rest) = path.split_at(held);
    let module = &modules[place];
    if let Some(name) = module.items.get(&rest[0]) {
        return Some((&module.file, name));
    }
    if let Some(bound) = module.bound.get(&rest[0]) {
        return defined(modules, &[from_root(place, bound).as_slice(), &rest[1..]].concat(), depth + 1);
    }
    module.globs.iter().find_map(|glob| {
        let brought = from_root(place, glob);
        let from_here = modules.contains_key(&brought) && brought != place;
        from_here.then(|| defined(modules, &[brought.as_slice(), rest].concat(), depth + 1)).flatten()
    })
}

/// Reads the tokens of a file into its modules.
struct Reader<'a> {
    modules: &'a mut Modules,
    file: &'a str,
    with_tests: bool,
}

impl Reader<'_> {
    /// Notes what stands in a module, at its top level, where items are declared, or in a block.
    fn read(&mut self, tokens: TokenStream, place: &Path, top: bool) {
        self.modules.entry(place.clone()).or_default().file = self.file.to_owned();
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            at = match (&tokens[at], word(&tokens, at).as_str()) {
                (TokenTree::Punct(mark), _) if mark.as_char() == '#' && self.leaves_out(tokens.get(at + 1)) => {
                    end_of_item(&tokens, at + 2)
                }
                (TokenTree::Group(group), _) => {
                    self.read(group.stream(), place, false);
                    at + 1
                }
                (_, "mod") => {
                    if let Some(TokenTree::Group(block)) = tokens.get(at + 2) {
                        self.read(block.stream(), &[place.as_slice(), &[word(&tokens, at + 1)]].concat(), true);
                    }
                    at + 3
                }
                // A field or a method is no import, whatever its name.
                (TokenTree::Ident(_), _) if at > 0 && is(&tokens[at - 1], '.') => at + 1,
                // `pub(in crate::a)` says who may import, and imports nothing.
                (_, "pub") if matches!(tokens.get(at + 1), Some(TokenTree::Group(_))) => at + 2,
                (_, "use") => {
                    let end = tokens[at..].iter().position(|token| is(token, ';')).map_or(tokens.len(), |n| at + n);
                    self.bring_in(&tokens[at + 1..end], place, &[], handed_on(&tokens, at));
                    end
                }
                (TokenTree::Ident(_), keyword) => {
                    if top && DECLARING.contains(&keyword) {
                        let name = word(&tokens, at + if keyword == "macro_rules" { 2 } else { 1 });
                        self.module(place).items.insert(name);
                    }
                    let (path, end) = path(&tokens, at);
                    self.module(place).written.push(path);
                    end
                }
                _ => at + 1,
            };
        }
    }

    fn module(&mut self, place: &Path) -> &mut Module {
        self.modules.get_mut(place).expect("it is being read")
    }

    /// Whether an attribute leaves its item to the tests.
    fn leaves_out(&self, attribute: Option<&TokenTree>) -> bool {
        !self.with_tests && attribute.is_some_and(|attribute| attribute.to_string().replace(' ', "") == "[cfg(test)]")
    }

    /// Notes the names of a `use`, or of one part of its nested lists.
    fn bring_in(&mut self, tokens: &[TokenTree], place: &Path, before: &[String], handed_on: bool) {
        let (mut path, mut at) = path(tokens, 0);
        path.retain(|segment| !segment.is_empty());
        path.splice(0..0, before.iter().cloned());
        // `a::{…}` and `a::*` leave two colons.
        while tokens.get(at).is_some_and(|token| is(token, ':')) {
            at += 1;
        }
        let module = self.module(place);
        match tokens.get(at).or(tokens.first()) {
            Some(TokenTree::Group(group)) => {
                let parts: Vec<TokenTree> = group.stream().into_iter().collect();
                for part in parts.split(|token| is(token, ',')).filter(|part| !part.is_empty()) {
                    self.bring_in(part, place, &path, handed_on);
                }
            }
            Some(token) if is(token, '*') => module.globs.push(path),
            _ => {
                if path.last().is_some_and(|last| last == "self") {
                    path.pop();
                }
                let renamed = (word(tokens, at) == "as").then(|| word(tokens, at + 1));
                let name = renamed.unwrap_or_else(|| path.last().cloned().unwrap_or_default());
                if !handed_on {
                    module.written.push(path.clone());
                }
                module.bound.insert(name, path);
            }
        }
    }
}

/// The words that declare an item whose name follows.
const DECLARING: [&str; 9] = ["fn", "struct", "enum", "trait", "type", "const", "static", "union", "macro_rules"];

fn is(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark)
}

fn word(tokens: &[TokenTree], at: usize) -> String {
    match tokens.get(at) {
        Some(TokenTree::Ident(word)) => word.to_string(),
        _ => String::new(),
    }
}

/// Whether the `use` at a place is a `pub use` or `pub(…) use`.
fn handed_on(tokens: &[TokenTree], at: usize) -> bool {
    (1..=2).any(|n| at >= n && word(tokens, at - n) == "pub")
}

/// The place after the item that begins at a place: after its semicolon, its braces or, of a field, its comma.
fn end_of_item(tokens: &[TokenTree], at: usize) -> usize {
    let ends = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        mark => is(mark, ';') || is(mark, ','),
    };
    tokens[at..].iter().position(ends).map_or(tokens.len(), |n| at + n + 1)
}

/// The path that begins at a place, and the place after it.
fn path(tokens: &[TokenTree], start: usize) -> (Path, usize) {
    let (mut path, mut at) = (vec![word(tokens, start)], start + 1);
    let colon = |at: usize| tokens.get(at).is_some_and(|token| is(token, ':'));
    while colon(at) && colon(at + 1) && !word(tokens, at + 2).is_empty() {
        path.push(word(tokens, at + 2));
        at += 3;
    }
    (path, at)
}
