//! A page as an HTML parser reads it.

use std::cell::Ref;
use std::collections::BTreeSet;

use html5ever::tendril::TendrilSink;
use html5ever::{Attribute, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// A page, parsed.
pub(super) struct Tree(RcDom);

/// An element as its tag, its attributes' names and its class; a comment as such.
fn shape(node: &Handle) -> Option<String> {
    match &node.data {
        NodeData::Element { name, attrs, .. } => {
            let mut shape = name.local.to_string();
            let attrs: Ref<'_, Vec<Attribute>> = attrs.borrow();
            for attr in attrs.iter() {
                let name = &attr.name.local;
                let told = if &**name == "class" { format!(" class={}", attr.value) } else { format!(" {name}") };
                shape.push_str(&told);
            }
            Some(shape)
        }
        NodeData::Comment { .. } => Some("a comment".to_owned()),
        _ => None,
    }
}

fn attribute(node: &Handle, wanted: &str) -> Option<String> {
    let NodeData::Element { attrs, .. } = &node.data else { return None };
    attrs.borrow().iter().find(|attr| &*attr.name.local == wanted).map(|attr| attr.value.to_string())
}

impl Tree {
    pub(super) fn of(page: &str) -> Tree {
        Tree(parse_document(RcDom::default(), Default::default()).one(page))
    }

    /// Every element, and how deep it lies; drawings, in which a long name may stand in more lines, are left as one.
    pub(super) fn outline(&self) -> Vec<String> {
        let mut lines = Vec::new();
        walk(&self.0.document, 0, &mut |node, depth| {
            let Some(shape) = shape(node) else { return true };
            let drawing = shape == "div class=drawing";
            lines.push(format!("{depth} {shape}"));
            !drawing
        });
        lines
    }

    /// The kinds of element of the page.
    pub(super) fn kinds(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        walk(&self.0.document, 0, &mut |node, _| {
            found.extend(shape(node));
            true
        });
        found
    }

    /// The kinds of element in drawings.
    pub(super) fn drawn(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        walk(&self.0.document, 0, &mut |node, _| {
            if shape(node).is_some_and(|shape| shape == "div class=drawing") {
                walk(node, 0, &mut |node, _| {
                    found.extend(shape(node));
                    true
                });
            }
            true
        });
        found
    }

    /// The text of the first element with a tag, or with an id.
    pub(super) fn text(&self, tag: &str, id: Option<&str>) -> String {
        let mut found: Option<String> = None;
        walk(&self.0.document, 0, &mut |node, _| {
            let NodeData::Element { name, .. } = &node.data else { return true };
            if found.is_none() && &*name.local == tag && (id.is_none() || attribute(node, "id").as_deref() == id) {
                let mut text = String::new();
                walk(node, 0, &mut |node, _| {
                    if let NodeData::Text { contents } = &node.data {
                        text.push_str(&contents.borrow());
                    }
                    true
                });
                found = Some(text);
            }
            true
        });
        found.unwrap_or_else(|| panic!("no {tag} {id:?}"))
    }

    /// The values of an attribute, wherever it stands.
    pub(super) fn values(&self, wanted: &str) -> Vec<String> {
        let mut values = Vec::new();
        walk(&self.0.document, 0, &mut |node, _| {
            values.extend(attribute(node, wanted));
            true
        });
        values
    }
}

/// Visits a node and, as long as it answers so, what is inside.
fn walk(node: &Handle, depth: usize, visit: &mut dyn FnMut(&Handle, usize) -> bool) {
    if visit(node, depth) {
        for child in node.children.borrow().iter() {
            walk(child, depth + 1, visit);
        }
    }
}
