//! From an export of open deals to a forecast: a scenario of a list alone, and empty tables to fill in.

use std::fs;
use std::path::Path;

use insta::assert_snapshot;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::cli::{files, ran};

fn scenario(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// One deal that is sure, one that is overdue, one without a date or an amount, one that is hopeless, as three systems export them.
fn exports() -> [(&'static str, Vec<u8>); 3] {
    let salesforce = "\"Opportunity Owner\",\"Opportunity Name\",\"Stage\",\"Amount Currency\",\"Amount\",\"Probability (%)\",\"Age\",\"Close Date\",\"Created Date\",\"Opportunity ID\"\n\
        \"Ann\",\"M\u{fc}ller\",\"Negotiation/Review\",\"USD\",\"15,000.00\",\"100\",\"97\",\"8/17/2027\",\"3/5/2027\",\"0061\"\n\
        \"Bo\",\"Kurz\",\"Prospecting\",\"USD\",\"1,200.00\",\"50\",\"40\",\"5/15/2027\",\"5/1/2027\",\"0062\"\n\
        \"Bo\",\"Lang\",\"Prospecting\",\"USD\",\"\",\"\",\"40\",\"\",\"5/1/2027\",\"006A\"\n\
        \"Bo\",\"Klein\",\"Prospecting\",\"USD\",\"9,000.00\",\"0\",\"40\",\"11/30/2027\",\"5/1/2027\",\"006a\"\n\n\
        \"Pipeline report\"\n\"Copyright (c) 2000-2027 salesforce.com, inc. All rights reserved.\"\n";
    let hubspot = "\u{feff}Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Amount,Create Date,Deal probability,Pipeline,Currency\r\n\
        1,Müller,Contract Sent,2027-08-17 10:36,Ann,15000,2027-03-05 09:00,1.0,Sales Pipeline,USD\r\n2,Kurz,Qualified To Buy,2027-05-15 10:36,Bo,1200,2027-05-01 09:00,0.5,Sales Pipeline,USD\r\n\
        3,Lang,Qualified To Buy,,Bo,,2027-05-01 09:00,,Sales Pipeline,USD\r\n4,Klein,Qualified To Buy,2027-11-30 10:36,Bo,9000,2027-05-01 09:00,0.0,Sales Pipeline,USD\r\n";
    let pipedrive = "Deal - Title;Deal - ID;Deal - Value;Deal - Currency;Deal - Stage;Deal - Status;Deal - Probability;Deal - Expected close date;Deal - Deal created;Deal - Owner\n\
        Müller;1;15000,00;USD;Negotiations Started;Open;100;2027-08-17;2027-03-05 09:00:00;Ann\nKurz;2;1200,00;USD;Qualified;Open;50;2027-05-15;2027-05-01 09:00:00;Bo\n\
        Lang;3;;USD;Qualified;Open;;;2027-05-01 09:00:00;Bo\nKlein;4;9000,00;USD;Qualified;Open;0;2027-11-30;2027-05-01 09:00:00;Bo\n";
    // Salesforce writes ISO-8859-1.
    let latin = salesforce.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    [("salesforce", latin), ("hubspot", hubspot.into()), ("pipedrive", pipedrive.into())]
}

#[test]
fn an_export_of_open_deals_becomes_a_forecast_in_two_commands() {
    let folder = TempDir::new().unwrap();
    let mut said = Vec::new();
    for (system, bytes) in exports() {
        fs::write(folder.path().join("deals.csv"), bytes).unwrap();
        let plan = format!("{system}.json");
        let arguments = ["new", &plan, "--pipeline", "deals.csv", "--date", "2027-06-10", "--target", "2027-Q3=10k"];
        let (code, out, err) = ran(folder.path(), &arguments);
        assert_eq!((code, err.as_str()), (0, ""), "{system}");
        assert!(out.starts_with(&format!("Wrote {plan}")) && out.contains(&format!("revcast run {plan}")), "{out}");
        let mut written = scenario(&folder.path().join(&plan));
        written["name"] = json!("");
        said.push(written);
        let (code, out, err) = ran(folder.path(), &["run", &plan, "--trials", "400"]);
        assert_eq!((code, err.as_str()), (0, ""), "{system}");
        assert!(out.contains("Q3 2027"), "{out}");
        // The deal that is sure closes in the month of its date, the hopeless one never.
        let bands = fs::read_to_string(folder.path().join(format!("output/{system}/bands.csv"))).unwrap();
        let cell = |metric: &str, period: &str, column: usize| {
            let row = bands.lines().find(|row| row.starts_with(&format!("{metric},all,{period},"))).unwrap();
            row.split(',').nth(column).unwrap().parse::<f64>().unwrap()
        };
        assert_eq!(cell("bookings", "2027-01", 4), 0.0);
        assert!(cell("bookings", "2027-08", 5) >= 15_000.0, "{bands}");
        assert_eq!(cell("leads", "2027-12", 4), 0.0);
    }
    assert_eq!(said[0], said[1]);
    assert_eq!(said[0], said[2]);
    let assumed: Vec<&str> =
        said[0]["assumptions"].as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect();
    assert_snapshot!(assumed.join("\n"), @"
    This is a forecast of the 4 deals in deals.csv that were open on 2027-06-10, and of nothing else: no new leads, no contracts in force, no renewals.
    What was booked before 2027-06-10 is not known and taken to be 0 (January 2027 to June 2027): put it into actuals, and the figures of the year have it.
    Chances are taken as they are stated; 1 deal without one has the mean of the others, 50 %. Deals are won or lost independently of each other, so the range is that of luck alone.
    A deal that is won closes on its stated date. 1 deal has a date that has passed and 1 deal has none: an assumed cycle of 90 days on average stands in for it.
    1 deal without an amount is given that of a new one, $8.4k on average.
    Amounts are taken to be in USD.
    The last close date is 2027-11-30; the forecast ends with December 2027.
    ");
    let written = &said[0];
    assert_eq!(written["currency"], "USD");
    assert_eq!((written["start"].as_str(), written["months"].as_u64()), (Some("2027-01"), Some(12)));
    assert_eq!(written["regions"]["all"]["conversion"]["value"], 0.5);
    assert_eq!(written["actuals"].as_array().unwrap().len(), 12);
}

#[test]
fn a_bare_list_will_do_and_stays_where_it_is() {
    let folder = TempDir::new().unwrap();
    fs::create_dir_all(folder.path().join("lists")).unwrap();
    let list = "id;region;amount;chance;close date\na;North America;€ 1.000.000;60%;31.12.2027\nb;EMEA;5000;10%;\nc;EMEA;1200,50;100%;01.02.2028\n";
    fs::write(folder.path().join("lists/open.csv"), list).unwrap();
    let arguments = ["new", "plans/north", "--pipeline", "lists/open.csv", "--date", "2027-12-01"];
    let (code, _, err) = ran(folder.path(), &arguments);
    assert_eq!((code, err.as_str()), (0, ""));
    let written = scenario(&folder.path().join("plans/north.json"));
    assert_eq!(written["pipeline"], "../lists/open.csv");
    assert_eq!((written["start"].as_str(), written["months"].as_u64()), (Some("2027-01"), Some(15)));
    let regions = written["regions"].as_object().unwrap();
    assert_eq!(regions.keys().collect::<Vec<_>>(), ["north_america", "emea"]);
    assert_eq!(regions["north_america"]["label"], "North America");
    let assumed = written["assumptions"].to_string();
    assert!(assumed.contains("all of them count as created on 2027-12-01") && assumed.contains("in EUR"), "{assumed}");
    let (code, out, err) = ran(folder.path(), &["check", "plans/north.json"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("As of 2027-12-01 it has 3 open deals, with stated amounts of €1.01M in all"), "{out}");
    // A target is inside.
    let arguments = ["new", "later", "--pipeline", "lists/open.csv", "--date", "2027-12-01", "--target", "2028=1M"];
    assert_eq!(ran(folder.path(), &arguments).0, 0);
    assert_eq!(scenario(&folder.path().join("later.json"))["months"], 24);
    // Nothing of the list is needed twice: a newer one in its place is the newer forecast's.
    fs::write(folder.path().join("lists/open.csv"), list.replace("5000", "lots")).unwrap();
    let (code, _, err) = ran(folder.path(), &["check", "plans/north.json"]);
    assert!(code == 2 && err.contains("lists/open.csv: row 3, amount"), "{err}");
}

#[test]
fn a_list_with_faults_is_refused_and_nothing_is_written() {
    let folder = TempDir::new().unwrap();
    let head = "id,amount,chance,close date";
    for (list, more, wanted) in [
        (
            format!("{head}\na,x,50%,2027-13-01\na,1,14,\n"),
            &[][..],
            &["row 2, amount", "row 2, close date", "row 3, chance", "row 3, id"][..],
        ),
        ("id,amount,close date\na,5,2027-12-01\n".into(), &[], &["no column created"]),
        ("id,created,amount,close date\na,2027-01-01,5,2027-12-01\n".into(), &[], &["no column win_probability"]),
        ("id,chance,close date\na,5%,2027-12-01\n".into(), &[], &["no column amount"]),
        ("id,amount,chance\na,0,\n".into(), &[], &["no amount above 0 in any row", "no chance in any row"]),
        (format!("{head}\n"), &[], &["no deal"]),
        (
            "id,created,amount,chance,stage\na,2027-06-11,5,50%,Closed Won\n".into(),
            &[],
            &["row 2, created", "row 2, stage"],
        ),
        (format!("{head}\na,$5,50%,\n"), &["--currency", "EUR"], &["row 2, amount"]),
        (format!("{head}\na,5,50%,\n"), &["--currency", "euro"], &["--currency"]),
        (format!("{head}\na,5,50%,\n"), &["--target", "2027-Q2"], &["--target 2027-Q2\n  found:   no ="]),
        (format!("{head}\na,5,50%,\n"), &["--target", "2027-Q2=lots"], &["--target 2027-Q2=lots\n  found:   lots"]),
        (format!("{head}\na,5,50%,\n"), &["--target", "2026=5"], &["targets[2026].period"]),
    ] {
        fs::write(folder.path().join("deals.csv"), &list).unwrap();
        let arguments = [&["new", "plan.json", "--pipeline", "deals.csv", "--date", "2027-06-10"], more].concat();
        let (code, out, err) = ran(folder.path(), &arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{list}");
        assert_eq!(files(folder.path()), ["deals.csv"], "{list}");
        for fault in wanted {
            assert!(err.contains(fault), "{fault:?} is not in\n{err}");
        }
        assert_eq!(err.matches("  found:").count(), wanted.len(), "{err}");
    }
    for arguments in [
        &["new", "p", "--date", "2027-06-10"][..],
        &["new", "p", "--pipeline", "none.csv"],
        &["new", "p", "--pipeline", "."],
    ] {
        assert_eq!(ran(folder.path(), arguments).0, 2, "{arguments:?}");
    }
}

#[test]
fn an_empty_table_has_the_columns_and_the_rows_that_a_scenario_needs() {
    let folder = TempDir::new().unwrap();
    let printed = |arguments: &[&str]| {
        let (code, out, err) = ran(folder.path(), &[&["template"], arguments].concat());
        assert_eq!((code, err.as_str()), (0, ""), "{arguments:?}");
        out
    };
    let all = "id,region,created,stage,stage_since,amount,close_date,win_probability,count,label\n";
    assert_eq!(printed(&["--pipeline"]), all);
    assert_eq!(printed(&["--contracts"]), "id,region,annual_value,renews,count,term_months,label\n");
    assert_eq!(printed(&["--actuals"]), "region,metric,month,amount\n");
    // The scenario names tables that are not there yet.
    let mut scenario = json!({
        "name": "Mid-year", "start": "2027-01", "months": 12, "as_of": "2027-03-10",
        "actuals": "actuals.csv", "pipeline": "deals.csv", "contracts": "contracts.csv",
        "regions": {"europe": {"label": "Europe", "leads": {"monthly": 10}, "conversion": 0.3, "cycle": {"mean_days": 45}, "deal_size": {"mean": 1000}}}
    });
    scenario["targets"] = json!([{"name": "ARR", "metric": "arr", "period": "2027", "at_least": 1}]);
    fs::write(folder.path().join("s.json"), scenario.to_string()).unwrap();
    assert_eq!(ran(folder.path(), &["run", "s.json"]).0, 2);
    let pipeline = printed(&["s.json", "--pipeline"]);
    assert_eq!(pipeline, "id,created,amount,close_date,win_probability,count,label\n");
    let contracts = printed(&["s.json", "--contracts", "--csv-style", "excel-eu"]);
    assert_eq!(contracts, "\u{feff}id;annual_value;renews;count;term_months;label\r\n");
    let actuals = printed(&["s.json", "--actuals"]);
    let rows = ["bookings", "renewals"].map(|metric| (1..4).map(|m| format!("europe,{metric},2027-0{m},\n")).collect());
    assert_eq!(actuals, format!("region,metric,month,amount\n{}", rows.map(|rows: String| rows).concat()));
    for (table, text) in [("deals", pipeline), ("contracts", contracts), ("actuals", actuals.replace(",\n", ",0\n"))] {
        fs::write(folder.path().join(format!("{table}.csv")), text).unwrap();
    }
    assert_eq!(ran(folder.path(), &["run", "s.json", "--trials", "20", "--quiet"]), (0, String::new(), String::new()));
    let stages = r#"regions.europe={"leads": {"monthly": 1}, "stages": [{"name": "Demo", "pass": 0.5, "mean_days": 9}], "deal_size": {"mean": 1}}"#;
    assert!(printed(&["s.json", "--pipeline", "--set", stages]).starts_with("id,created,stage,stage_since,amount"));
    // What the table depends on is checked.
    let (code, _, err) = ran(folder.path(), &["template", "s.json", "--actuals", "--set", "as_of=2028-01-01"]);
    assert!(code == 2 && err.contains("as_of\n  found:   2028-01-01"), "{err}");
    assert_eq!(ran(folder.path(), &["template"]).0, 2);
    assert_eq!(ran(folder.path(), &["template", "--pipeline", "--actuals"]).0, 2);
}
