//! What no scenario can be made of, each with one report, its rows and the option that helps; nothing is written.

use std::fs;

use tempfile::TempDir;

use super::made_up::{Deal, deals, plain, rows};
use crate::cli::{files, ran};

/// What the program says of an export that it refuses.
fn refused(name: &str, bytes: &[u8], options: &[&str]) -> String {
    refused_beside(name, bytes, &[("teams.csv", b"agent,office\nAnn,East\n")], options)
}

/// The same, with further files beside it.
pub fn refused_beside(name: &str, bytes: &[u8], beside: &[(&str, &[u8])], options: &[&str]) -> String {
    let folder = TempDir::new().unwrap();
    for (name, bytes) in [(name, bytes)].iter().chain(beside) {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    let before = files(folder.path());
    let (code, out, err) = ran(folder.path(), &[&["fit", name, "--out", "out"], options].concat());
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
    assert_eq!(files(folder.path()), before, "nothing is written");
    err
}

#[test]
fn what_tells_too_little_is_refused_with_what_helps() {
    let all = deals(300);
    let text = plain(&all);
    let of = |keep: &dyn Fn(&Deal) -> bool| plain(&all.iter().filter(|deal| keep(deal)).cloned().collect::<Vec<_>>());
    let unclear = |deal: &Deal, closed: &str, amount: &str| {
        // No day of the month is beyond 12.
        let day = |text: &str| if text.is_empty() { String::new() } else { format!("{}/05/2026", &text[5..7]) };
        format!("{},{},{},{},{},{amount}", deal.id, deal.region, day(&deal.created), day(closed), deal.stage)
    };
    let unclear = format!("id,Region,created,closed,stage,amount\n{}", rows(&all, unclear));
    let thousand = |deal: &Deal, closed: &str, _: &str| {
        format!("{},{},{},{closed},{},1.234", deal.id, deal.region, deal.created, deal.stage)
    };
    let thousands = format!("id,Region,created,closed,stage,amount\n{}", rows(&all, thousand));
    let cases: [(&str, String, &[&str], &[&str]); 16] = [
        (
            "no won marker",
            text.replace("Closed Won", "Signature"),
            &[],
            &["no deal that is won", "\"Signature\" (", "--won \"WORD\""],
        ),
        (
            "one outcome only",
            of(&|deal| deal.stage != "Closed Lost"),
            &[],
            &["no deal that is lost", "--lost \"WORD\""],
        ),
        (
            "open deals only",
            of(&|deal| deal.stage == "Open"),
            &[],
            &["no deal that is won", "no deal that is lost", "\"Open\" ("],
        ),
        ("days that two notations read", unclear, &[], &["tells day from month", "--day-order"]),
        ("amounts that two notations read", thousands, &[], &["tells thousands from decimals", "--decimal"]),
        (
            "a column of text for amounts",
            text.clone(),
            &["--map", "amount=Region"],
            &["deals.csv: row 2, Region", "\"West\"", "--map amount=COLUMN"],
        ),
        (
            "a window of a month",
            of(&|deal| deal.closed.as_deref().is_none_or(|day| day > "2027-04-02")),
            &[],
            &["closings from 2027-04-", "at least 31 days"],
        ),
        (
            "files that do not join",
            text.replace("Region", "agent"),
            &["--join", "teams.csv:agent"],
            &["no text that stands in the column agent of teams.csv", "\"Ann\""],
        ),
        ("an empty sheet", "id,created,closed,stage\n".to_owned(), &[], &["no rows below the names of the columns"]),
        ("an empty file", String::new(), &[], &["no text"]),
        (
            "no column of creation",
            text.replace("created", "begin"),
            &[],
            &["no column of the day on which deals were created", "--map created=COLUMN", "one of id, Region, begin"],
        ),
        (
            "a page that is called .xls",
            "<html><table><tr><td>id</td></tr></table></html>".to_owned(),
            &[],
            &["a page in HTML or XML", "save it as .xlsx"],
        ),
        (
            "a column that is not there",
            text.clone(),
            &["--map", "region=Regoin"],
            &["--map region=Regoin", "did you mean \"region\"?"],
        ),
        (
            "a field that is not there",
            text.clone(),
            &["--map", "regon=Region"],
            &["FIELD being one of id, region", "did you mean \"region\"?"],
        ),
        (
            "too few wins",
            of(&|deal| deal.stage != "Closed Won" || deal.id.as_str() < "D0005"),
            &[],
            &["won and", "at least 5 won deals"],
        ),
        (
            "an as-of day long after all that happened",
            text.clone(),
            &["--as-of", "2060-01-01"],
            &[
                "0 won and 0 lost before 2060-01-01",
                "the last deal was created, won or lost on the day before 20",
                ": --as-of 20",
            ],
        ),
    ];
    for (what, text, options, said) in cases {
        let err = refused("deals.csv", text.as_bytes(), options);
        for said in said {
            assert!(err.contains(said), "{what}: {said} is not in\n{err}");
        }
    }
}

#[test]
fn what_is_wrong_is_told_at_once() {
    let err = refused("deals.csv", b"name,value\na,1\n", &[]);
    assert_eq!(err.matches("error:").count() + err.matches("\n  found:").count() / 100, 1, "{err}");
    for said in ["created", "won or lost", "became of deals"] {
        assert!(err.contains(said), "{said}: {err}");
    }
}

#[test]
fn a_scenario_with_other_regions_is_not_put_under_a_fit() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("deals.csv"), plain(&deals(300))).unwrap();
    let analyst = r#"{"name": "Plan", "start": "2027-01", "months": 12, "regions": {"asia": {"leads": {"monthly": 1}, "conversion": 0.5,
        "cycle": {"mean_days": 9}, "deal_size": {"mean": 5}}}}"#;
    fs::write(folder.path().join("plan.json"), analyst).unwrap();
    let (code, _, err) = ran(folder.path(), &["fit", "deals.csv", "--onto", "plan.json", "--out", "out"]);
    assert_eq!(code, 2);
    assert!(err.contains("asia") && err.contains("West, East"), "{err}");
    assert!(!folder.path().join("out").exists());
}
