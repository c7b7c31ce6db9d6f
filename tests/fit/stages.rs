//! A history of stages: what was known of open deals on a day, and what their stages say.

use super::made_up::{Deal, deals, plain, rows};
use super::refused::refused_beside;
use super::{Fitted, fitted};

/// A history of deals. Those that are won enter the last stage on the day they were created, the others never.
fn history(deals: &[Deal], head: &str) -> String {
    let mut rows = format!("{head}\n");
    for deal in deals {
        rows += &format!("{},Proposal,{}\n", deal.id, deal.created);
        if deal.stage == "Closed Won" {
            let closed = deal.closed.as_deref().unwrap();
            rows += &format!("{},Negotiation,{}\n{},Closed Won,{closed}\n", deal.id, deal.created, deal.id);
        }
    }
    rows
}

fn with_history(deals: &[Deal], head: &str, options: &[&str]) -> Fitted {
    let beside: [(&str, &[u8]); 1] = [("history.csv", &history(deals, head).into_bytes())];
    fitted("deals.csv", plain(deals).as_bytes(), &beside, &[&["--history", "history.csv"], options].concat())
}

#[test]
fn open_deals_have_the_stage_that_they_were_in_on_the_day() {
    let all = deals(700);
    let options = ["--as-of", "2027-01-01"];
    let found = with_history(&all, "Opportunity ID,Stage,Entered", &options);
    let pipeline = found.text("pipeline.csv");
    // A deal that is won later was in negotiation; without a history its stage of that day is not known.
    let later = |deal: &&Deal| {
        let closed = deal.closed.as_deref().unwrap_or_default();
        deal.created.as_str() < "2026-12-20" && closed > "2027-01-01" && deal.stage == "Closed Won"
    };
    let won = all.iter().find(later).unwrap();
    let row = |pipeline: &str| pipeline.lines().find(|row| row.starts_with(&won.id)).unwrap().to_owned();
    assert!(row(&pipeline).contains(",Negotiation,"), "{}", row(&pipeline));
    let without = fitted("deals.csv", plain(&all).as_bytes(), &[], &options);
    assert!(!row(&without.text("pipeline.csv")).contains("Negotiation"));
    assert!(found.text("fit.json").contains("history.csv"));
    // Columns by other names.
    let named = ["--map", "history.id=Nr,history.stage=To,history.entered=When"];
    let other = with_history(&all, "Nr,To,When", &[&options[..], &named].concat());
    assert_eq!(other.text("pipeline.csv"), pipeline);
}

#[test]
fn what_becomes_of_deals_in_a_stage_says_what_it_means() {
    let found = with_history(&deals(700), "Opportunity ID,Stage,Entered", &[]);
    let stages = &found.scenario()["regions"]["east"]["closing"]["by_stage"];
    let factor = |stage: &str, outcome: &str| stages[stage][outcome].as_f64().unwrap_or_else(|| panic!("{stages}"));
    assert!(factor("Negotiation", "won") > 1.3 && factor("Negotiation", "lost") < 0.4, "{stages}");
    assert!(factor("Proposal", "won") < 0.4, "{stages}");
    assert!(stages.get("Closed Won").is_none());
    assert!(found.text("pipeline.csv").contains(",Proposal,"));
}

#[test]
fn days_of_stages_in_columns_of_the_export_are_a_history() {
    let all = deals(700);
    let options = ["--as-of", "2027-01-01"];
    let long = with_history(&all, "Opportunity ID,Stage,Entered", &options);
    let stage = |name: &str| format!("\"Date entered \"\"{name} (Sales Pipeline)\"\"\"");
    let stages = ["Proposal", "Negotiation", "Closed Won"].map(stage).join(",");
    let head = format!("id,Region,created,closed,stage,amount,{stages},Date entered current stage");
    let wide = |deal: &Deal, closed: &str, amount: &str| {
        let won = deal.stage == "Closed Won";
        let (negotiation, won) = if won { (deal.created.as_str(), closed) } else { ("", "") };
        let own = format!("{},{},{},{closed},{},{amount}", deal.id, deal.region, deal.created, deal.stage);
        format!("{own},{} 10:36,{negotiation},{won},{}", deal.created, deal.created)
    };
    let table = format!("{head}\n{}", rows(&all, wide));
    let found = fitted("deals.csv", table.as_bytes(), &[], &options);
    assert_eq!(found.text("pipeline.csv"), long.text("pipeline.csv"));
    assert_eq!(found.scenario()["regions"]["east"]["closing"], long.scenario()["regions"]["east"]["closing"]);
    let said = found.scenario()["assumptions"].to_string();
    assert!(
        said.contains("Stages are those that 2 columns have the days of") && said.contains("700 rows, 700 used"),
        "{said}"
    );
}

#[test]
fn a_table_that_is_no_history_of_the_deals_is_refused() {
    let all = deals(300);
    let export = plain(&all);
    let many: String = (0..150).map(|i| format!("D{i:04},Stage of {i},2026-02-01\n")).collect();
    let cases: [(&str, String, &[&str], &[&str]); 5] = [
        ("no day", "id,stage\nD0001,A\n".to_owned(), &[], &["no column entered", "--map history.entered=COLUMN"]),
        (
            "other deals",
            "id,stage,entered\nX,A,2026-02-01\n".to_owned(),
            &[],
            &["no deal of the export", "D0000", "--map history.id=COLUMN"],
        ),
        ("no stages", format!("id,stage,entered\n{many}"), &[], &["150 stages", "at most 100 stages"]),
        (
            "no such column",
            history(&all, "id,stage,entered"),
            &["--map", "history.stage=stge"],
            &["--map history.stage=stge", "did you mean \"stage\"?"],
        ),
        (
            "days that two notations read",
            "id,stage,entered\nD0001,A,3/4/2026\n".to_owned(),
            &[],
            &["tells day from month", "--day-order"],
        ),
    ];
    for (what, history, options, said) in cases {
        let options = [&["--history", "history.csv"], options].concat();
        let err = refused_beside("deals.csv", export.as_bytes(), &[("history.csv", history.as_bytes())], &options);
        for said in said {
            assert!(err.contains(said), "{what}: {said} is not in\n{err}");
        }
    }
    let err = refused_beside("deals.csv", export.as_bytes(), &[], &["--map", "history.id=Nr"]);
    assert!(err.contains("history.id=Nr") && !err.contains("history.stage"), "{err}");
}
