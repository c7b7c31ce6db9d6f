//! Files that import each other in a circle.

use std::collections::BTreeSet;

use super::imports::Imports;

/// The circles, each as the files that all lead to each other.
pub fn circles(imports: &Imports) -> Vec<BTreeSet<&str>> {
    let mut circles: Vec<BTreeSet<&str>> = Vec::new();
    for file in imports.keys() {
        if circles.iter().any(|circle| circle.contains(file.as_str())) {
            continue;
        }
        let onward = reached(imports, file);
        if onward.contains(file.as_str()) {
            circles.push(onward.into_iter().filter(|other| reached(imports, other).contains(file.as_str())).collect());
        }
    }
    circles
}

/// What ties the files of a circle together, a line an import.
pub fn ties(imports: &Imports, circle: &BTreeSet<&str>) -> Vec<String> {
    let mut ties = Vec::new();
    for file in circle {
        for (other, names) in imports[*file].iter().filter(|(other, _)| circle.contains(other.as_str())) {
            ties.push(format!(
                "{file} imports {other}: {}",
                names.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
            ));
        }
    }
    ties
}

/// All files that one imports, at once or through others.
fn reached<'a>(imports: &'a Imports, from: &str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&str> = vec![from];
    while let Some(file) = open.pop() {
        for next in imports.get(file).into_iter().flat_map(|used| used.keys()) {
            if reached.insert(next.as_str()) {
                open.push(next);
            }
        }
    }
    reached
}
