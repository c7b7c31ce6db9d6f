//! What became of a deal, as systems say it.

use std::collections::BTreeSet;

use crate::tables::ticked;
use crate::units::format::list;

/// What became of a deal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing yet.
    Open,
    /// It was won.
    Won,
    /// It was lost.
    Lost,
}

/// The words that say it, as a whole cell.
#[derive(Clone, Debug)]
pub(super) struct OutcomeWords {
    won: Vec<String>,
    lost: Vec<String>,
}

const WON: [&str; 8] = ["closed won", "closedwon", "won", "closed - won", "signed", "ganho", "gewonnen", "gagné"];
const LOST: [&str; 11] = [
    "closed lost",
    "closedlost",
    "lost",
    "closed - lost",
    "dead",
    "disqualified",
    "abandoned",
    "perdido",
    "verloren",
    "perdu",
    "unqualified",
];
/// What says that a deal is there no more, as if it had never been.
const DELETED: [&str; 2] = ["deleted", "deal deleted"];

/// A text as words are compared: in small letters, with single spaces, spaces for underscores.
fn folded(text: &str) -> String {
    text.replace(['_', '–'], " ").split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// The same without spaces and hyphens: "Closed-Lost" is "closed - lost".
fn letters(folded: &str) -> String {
    folded.replace([' ', '-'], "")
}

impl OutcomeWords {
    /// The words that are given for an outcome, in place of those that are known.
    pub(super) fn new(won: &[String], lost: &[String]) -> OutcomeWords {
        let words = |given: &[String], known: &[&str]| {
            if given.is_empty() {
                known.iter().map(|word| (*word).to_owned()).collect()
            } else {
                given.iter().map(|word| folded(word)).collect()
            }
        };
        OutcomeWords { won: words(won, &WON), lost: words(lost, &LOST) }
    }

    /// What a text says; open where it is none of the words.
    pub(super) fn of(&self, text: &str) -> Outcome {
        let text = folded(text);
        let is = |words: &[String]| {
            // "Closed Won - renewal" is won, too.
            words.iter().any(|word| {
                letters(&text) == letters(word)
                    || text.strip_prefix(word.as_str()).is_some_and(|rest| rest.starts_with(" - "))
            })
        };
        if is(&self.won) {
            Outcome::Won
        } else if is(&self.lost) {
            Outcome::Lost
        } else {
            Outcome::Open
        }
    }
}

/// The words given for won and for lost deals that none of the texts says, in a sentence.
pub(super) fn unsaid_words<'a>([won, lost]: [&[String]; 2], texts: impl Iterator<Item = &'a str>) -> Option<String> {
    if won.is_empty() && lost.is_empty() {
        return None;
    }
    let texts: BTreeSet<&str> = texts.collect();
    let is_said = |word: &String| {
        let alone = OutcomeWords::new(std::slice::from_ref(word), &[]);
        texts.iter().any(|text| alone.of(text) == Outcome::Won)
    };
    let unsaid = [("--won", won), ("--lost", lost)].into_iter().flat_map(|(option, words)| {
        words.iter().filter(|word| !is_said(word)).map(move |word| format!("\"{word}\" ({option})"))
    });
    let unsaid: Vec<String> = unsaid.collect();
    (!unsaid.is_empty()).then(|| format!("No row says {}.", list(&unsaid)))
}

/// Whether a text says that a deal was deleted.
pub(super) fn is_deleted(text: &str) -> bool {
    DELETED.contains(&folded(text).as_str())
}

/// Whether a checkbox is ticked.
pub(super) fn is_ticked(text: &str) -> bool {
    ticked(text) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_no_row_says_are_named() {
        let texts = ["Closed Won - Renewal", "Open", "dead"];
        let unsaid = |won: &[&str], lost: &[&str]| {
            let [won, lost] = [won, lost].map(|words| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
            unsaid_words([&won, &lost], texts.into_iter())
        };
        assert_eq!(unsaid(&[], &[]), None);
        assert_eq!(unsaid(&["closed won"], &["Dead"]), None);
        assert_eq!(unsaid(&["closed won", "Signed"], &[]), Some("No row says \"Signed\" (--won).".to_owned()));
        let both = "No row says \"Signed\" (--won) and \"Gone\" (--lost).";
        assert_eq!(unsaid(&["Signed"], &["dead", "Gone"]), Some(both.to_owned()));
    }

    #[test]
    fn words_of_many_systems_say_what_became_of_a_deal() {
        let words = OutcomeWords::new(&[], &[]);
        for text in ["Closed Won", "closedwon", "closed_won", " WON ", "Closed Won - Renewal", "Gewonnen"] {
            assert_eq!(words.of(text), Outcome::Won, "{text}");
        }
        for text in ["Closed  Lost", "closedlost", "Dead", "closed – lost", "Closed-Lost", "Closed -Lost"] {
            assert_eq!(words.of(text), Outcome::Lost, "{text}");
        }
        for text in ["Wonder", "Closed - pending finance", "On Hold", "", "Lost in Space"] {
            assert_eq!(words.of(text), Outcome::Open, "{text}");
        }
        let own = OutcomeWords::new(&["Contract Signed".to_owned()], &[]);
        assert_eq!(
            (own.of("contract signed"), own.of("won"), own.of("lost")),
            (Outcome::Won, Outcome::Open, Outcome::Lost)
        );
    }
}
