//! The tables that a scenario names: taken as spreadsheets and three systems of sales write them, and refused by row and column.

use std::path::Path;

use std::{fs, io};

use revcast::documents::Manifest;
use revcast::model::{resolve, scenario_hash};
use revcast::scenario::{Scenario, load};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::cli::{files, ran};

pub(crate) fn base() -> Value {
    json!({
        "name": "Mid-year", "start": "2027-01", "months": 12, "as_of": "2027-03-10",
        "actuals": "actuals.csv", "pipeline": "deals.csv", "contracts": "contracts.csv",
        "regions": {"europe": {"label": "Europe and Africa", "leads": {"monthly": 10}, "conversion": 0.3, "cycle": {"mean_days": 45}, "deal_size": {"mean": 1000}}}
    })
}

pub(crate) const ACTUALS: &str = "region,metric,month,amount\n\
    europe,bookings,2027-01,\"1,234,567.50\"\neurope,renewals,2027-01,0\nEurope and Africa,bookings,Feb-27,5\neurope,Renewals,2027-02,0\n\
    europe,bookings,2027-03,€7\neurope,renewals,2027-03,0\neurope,bookings,2026-03,9\n";
pub(crate) const CONTRACTS: &str = "id;annual_value;renews;count\nc1;1200,5;2027-09;3\nc2;700;evenly;7\n";
pub(crate) const DEALS: &str = "id,created,amount\nd1,2027-01-05,100\n";

/// Reads the scenario with these tables beside it.
pub(crate) fn read(scenario: &Value, tables: &[(&str, &[u8])]) -> Result<Scenario, String> {
    let open = |path: &Path| match path.to_str() {
        Some("plans/s.json") => Ok(scenario.to_string().into_bytes()),
        Some(path) => {
            let table = tables.iter().find(|(name, _)| path == format!("plans/{name}"));
            table.map(|(_, bytes)| bytes.to_vec()).ok_or_else(|| io::ErrorKind::NotFound.into())
        }
        None => Err(io::ErrorKind::NotFound.into()),
    };
    load("plans/s.json".as_ref(), &[], &open).map_err(|faults| faults.to_string())
}

fn with_deals(deals: &[u8]) -> Result<Scenario, String> {
    read(&base(), &[("actuals.csv", ACTUALS.as_bytes()), ("contracts.csv", CONTRACTS.as_bytes()), ("deals.csv", deals)])
}

#[test]
fn tables_stand_for_the_rows_that_they_hold() {
    let scenario = with_deals(DEALS.as_bytes()).unwrap_or_else(|faults| panic!("{faults}"));
    let tables: Vec<(&str, &str, usize)> =
        scenario.data.iter().map(|data| (data.section.as_str(), data.file.as_str(), data.rows)).collect();
    assert_eq!(
        tables,
        [("actuals", "actuals.csv", 7), ("pipeline", "deals.csv", 1), ("contracts", "contracts.csv", 2)]
    );
    assert!(scenario.data.iter().all(|data| data.sha256.len() == 64));
    let mut inline = base();
    inline["actuals"] = serde_json::to_value(&scenario.actuals).unwrap();
    inline["pipeline"] = json!([{"id": "d1", "created": "2027-01-05", "amount": 100}]);
    inline["contracts"] = json!([{"id": "c1", "annual_value": 1200.5, "renews": "2027-09", "count": 3}, {"id": "c2", "annual_value": 700, "renews": "evenly", "count": 7}]);
    let same = read(&inline, &[]).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(scenario_hash(&scenario), scenario_hash(&same));
    let first = &same.actuals.as_ref().unwrap()[0];
    assert_eq!((first.amount, first.month.to_string()), (1_234_567.5, "2027-01".to_owned()));
    let other = with_deals(b"id,created,amount\nd1,2027-01-05,101\n").unwrap_or_else(|faults| panic!("{faults}"));
    assert_ne!(scenario_hash(&scenario), scenario_hash(&other));
    assert!(resolve(&scenario).is_ok());
}

#[test]
fn exports_of_three_systems_are_taken_as_they_come() {
    let salesforce = "\"Opportunity Name\",\"Stage\",\"Amount\",\"Close Date\",\"Created Date\",\"Opportunity ID\",\"Probability (%)\",\"Opportunity Owner\"\n\
        \"M\u{fc}ller\",\"Proposal\",\"USD 450,000.00\",\"6/30/2027\",\"1/5/2027\",\"0061\",\"60\",\"Ann\"\n\
        \"Kurz\",\"Prospecting\",\"1200\",\"5/15/2027\",\"2/25/2027\",\"0062\",\"10\",\"Bo\"\n\n\
        \"Pipeline report\"\n\"Copyright (c) 2000-2027 salesforce.com, inc. All rights reserved.\"\n\"Confidential Information - Do Not Distribute\"\n";
    // As Salesforce writes it by default: ISO-8859-1.
    let latin: Vec<u8> = salesforce.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let hubspot = "\u{FEFF}Record ID,Deal Name,Deal Stage,Amount,Close Date,Create Date,Deal probability,Deal owner\n\
        0061,Müller,Contract Sent,450000,2027-06-30 10:36,2027-01-05 10:36,0.6,Ann\n0062,Kurz,Appointment Scheduled,1200,2027-05-15 00:00,2027-02-25 08:00,0.1,Bo\n";
    let pipedrive = "Deal - ID;Deal - Title;Deal - Stage;Deal - Value;Deal - Expected close date;Deal - Deal created;Deal - Probability;Deal - Owner\n\
        0061;Müller;Proposal Made;450000;2027-06-30;2027-01-05 10:00:00;60;Ann\n0062;Kurz;Qualified;1200;2027-05-15;2027-02-25 10:00:00;10;Bo\n";
    let mut dollars = base();
    dollars["currency"] = json!("USD");
    let read = |deals: &[u8]| {
        let tables: [(&str, &[u8]); 3] = [
            ("actuals.csv", &ACTUALS.replace('€', "$").into_bytes()),
            ("contracts.csv", CONTRACTS.as_bytes()),
            ("deals.csv", deals),
        ];
        let scenario = read(&dollars, &tables).unwrap_or_else(|faults| panic!("{faults}"));
        let deals = scenario.pipeline.unwrap();
        deals
            .iter()
            .map(|deal| {
                let [created, close] = [Some(deal.created), deal.close_date].map(|day| day.map(|day| day.to_string()));
                (
                    deal.id.clone(),
                    deal.label.clone(),
                    created,
                    deal.amount,
                    close,
                    deal.win_probability,
                    deal.region.clone(),
                )
            })
            .collect::<Vec<_>>()
    };
    let text = |text: &str| Some(text.to_owned());
    let wanted = [
        (
            "0061".to_owned(),
            text("Müller"),
            text("2027-01-05"),
            Some(450_000.0),
            text("2027-06-30"),
            Some(0.6),
            "europe".to_owned(),
        ),
        (
            "0062".to_owned(),
            text("Kurz"),
            text("2027-02-25"),
            Some(1_200.0),
            text("2027-05-15"),
            Some(0.1),
            "europe".to_owned(),
        ),
    ];
    assert_eq!(read(&latin), wanted);
    assert_eq!(read(hubspot.as_bytes()), wanted);
    assert_eq!(read(pipedrive.as_bytes()), wanted);
}

#[test]
fn all_faults_of_tables_come_at_once_by_row_and_column() {
    let deals = "id,region,created,amount,close_date\nd1,europe,2027-01-05,lots,2027-05-01\nd1,europ,2027-04-05,5,05.06.2027\nd2,europe,,€7,\n";
    let actuals = ACTUALS.replace("Europe and Africa,bookings,Feb-27,5\n", "europe,bookings,2027-04,5\n");
    let contracts = CONTRACTS.replace("2027-09", "2027-01").replace("700", "$700");
    let tables: [(&str, &[u8]); 3] =
        [("actuals.csv", actuals.as_bytes()), ("contracts.csv", contracts.as_bytes()), ("deals.csv", deals.as_bytes())];
    let faults = read(&base(), &tables).unwrap_err();
    for fault in [
        "plans/deals.csv: row 2, amount\n  found:   \"lots\"",
        "plans/deals.csv: row 3, close_date\n  found:   \"05.06.2027\" below days of another form",
        "plans/deals.csv: row 4, created\n  found:   nothing",
        "plans/deals.csv: row 3, id\n  found:   the id \"d1\" a second time",
        "plans/deals.csv: row 3, region\n  found:   no region \"europ\"",
        "plans/deals.csv: row 3, created\n  found:   2027-04-05\n  allowed: a day up to 2027-03-10, the as-of day",
        "plans/actuals.csv: row 4, month\n  found:   bookings of 2027-04\n  allowed: months up to 2027-03",
        "plans/actuals.csv\n  found:   no bookings of europe in 2027-02",
        "plans/contracts.csv: row 2, renews\n  found:   2027-01\n  allowed: a month from 2027-03 on, or evenly",
        "plans/contracts.csv: row 3, annual_value\n  found:   \"$700\"",
    ] {
        assert!(faults.contains(fault), "{fault:?} is not in\n{faults}");
    }
}

#[test]
fn what_is_no_table_is_told() {
    let faults =
        read(&base(), &[("actuals.csv", ACTUALS.as_bytes()), ("contracts.csv", CONTRACTS.as_bytes())]).unwrap_err();
    assert!(faults.contains("plans/s.json: pipeline\n  found:   plans/deals.csv: no such file"), "{faults}");
    let rows: String = (0..100_002).map(|i| format!("d{i},2027-01-05,1\n")).collect();
    let faults = with_deals(format!("id,created,amount\n{rows}").as_bytes()).unwrap_err();
    assert!(faults.contains("more than 100,000 rows"), "{faults}");
    let faults = with_deals(b"name,amount\nx,1\n").unwrap_err();
    assert!(faults.contains("no column id") && faults.contains("no column created"), "{faults}");
    let faults = with_deals(b"id,created\nx,1/2/2027\ny,3/4/2027\n").unwrap_err();
    assert!(faults.contains("row 2, created") && faults.contains("write the year first"), "{faults}");
}

#[test]
fn what_a_running_business_lacks_is_told() {
    let mut scenario = base();
    scenario["pipeline"] = Value::Null;
    scenario["contracts"] = Value::Null;
    scenario["targets"] = json!([{"name": "NRR", "metric": "nrr", "period": "2027", "at_least": 1}]);
    let faults = read(&scenario, &[("actuals.csv", ACTUALS.as_bytes())]).unwrap_err();
    assert!(
        faults.matches("nothing beside as_of").count() == 2 && faults.contains("a scenario without contracts"),
        "{faults}"
    );
    let mut unknown = base();
    unknown["targets"] = json!([
        {"name": "Leads", "metric": "leads", "period": "2027", "at_least": 1}, {"name": "NRR", "metric": "nrr", "period": "2027-02..2027-09", "at_least": 1},
        {"name": "ARR", "metric": "arr", "period": "each-month", "at_least": 1}, {"name": "Year", "metric": "bookings", "period": "2027", "at_least": 1},
        {"name": "Late", "metric": "customers", "period": "2027", "at_least": 1}
    ]);
    let tables: [(&str, &[u8]); 3] =
        [("actuals.csv", ACTUALS.as_bytes()), ("contracts.csv", CONTRACTS.as_bytes()), ("deals.csv", DEALS.as_bytes())];
    let faults = read(&unknown, &tables).unwrap_err();
    for target in ["Leads", "NRR", "ARR"] {
        assert!(faults.contains(&format!("targets[{target}].period")), "{target}: {faults}");
    }
    assert!(
        faults.contains("actuals do not tell it of europe in 2027-01")
            && !faults.contains("Year")
            && !faults.contains("Late"),
        "{faults}"
    );
    let mut late = base();
    late["as_of"] = json!("2028-01-01");
    let faults = read(
        &late,
        &[
            ("actuals.csv", ACTUALS.as_bytes()),
            ("contracts.csv", CONTRACTS.as_bytes()),
            ("deals.csv", DEALS.as_bytes()),
        ],
    )
    .unwrap_err();
    assert!(faults.contains("as_of\n  found:   2028-01-01\n  allowed: a day of 2027-01 to 2027-12"), "{faults}");
    let mut staged = base();
    staged["regions"]["europe"] = json!({"leads": {"monthly": 10}, "stages": [{"name": "Demo", "pass": 0.5, "mean_days": 9}], "deal_size": {"mean": 1},
        "stalled": {"share": 0.1}, "lost_cycle": {"mean_days": 9}});
    let deals = "id,created,stage,stage_since\na,2027-01-01,Demoo,2027-01-01\nb,2027-01-01,Demo,\n";
    let faults = read(
        &staged,
        &[
            ("actuals.csv", ACTUALS.as_bytes()),
            ("contracts.csv", CONTRACTS.as_bytes()),
            ("deals.csv", deals.as_bytes()),
        ],
    )
    .unwrap_err();
    for fault in [
        "row 2, stage\n  found:   \"Demoo\"",
        "row 3, stage_since\n  found:   nothing",
        "regions.europe.stalled",
        "regions.europe.lost_cycle",
    ] {
        assert!(faults.contains(fault), "{fault:?} is not in\n{faults}");
    }
}

#[test]
fn times_are_a_mean_or_points_and_not_both() {
    let with = |cycle: Value| {
        let scenario = json!({"name": "T", "start": "2027-01", "months": 3, "regions": {"a": {"leads": {"monthly": 5}, "conversion": 0.5, "cycle": cycle, "deal_size": {"mean": 1}}}});
        read(&scenario, &[]).map(|scenario| serde_json::to_value(&scenario.regions["a"].cycle).unwrap())
    };
    let points = json!({"days": [0.0, 30.0, 90.0], "decided": [0.0, 0.5, 1.0], "stretch": 1.5});
    assert_eq!(with(points.clone()).unwrap(), points);
    for (cycle, fault) in [
        (json!({"mean_days": 40, "days": [0, 1], "decided": [0, 1]}), "mean_days beside days"),
        (json!({"mean_days": 40, "stretch": 2}), "stretch without days"),
        (json!({"days": [0, 1]}), "regions.a.cycle.decided"),
        (json!({"days": [5, 1], "decided": [0, 1]}), "2 to 1,000 days, ascending"),
        (json!({"days": [0, 1, 2], "decided": [0, 0.6, 0.5]}), "never falling"),
        (json!({}), "regions.a.cycle.mean_days"),
    ] {
        let faults = with(cycle.clone()).unwrap_err();
        assert!(faults.contains(fault), "{cycle}: {faults}");
    }
}

/// A folder with the scenario, its tables and what takes the place of one of them.
fn folder_with(table: &str, bytes: &[u8]) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("s.json"), base().to_string()).unwrap();
    for (name, text) in [("actuals.csv", ACTUALS), ("contracts.csv", CONTRACTS), ("deals.csv", DEALS)] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    fs::write(folder.path().join(table), bytes).unwrap();
    folder
}

/// What is said of a scenario that cannot be run; nothing is written.
fn refused(folder: &Path) -> String {
    let before = files(folder);
    let (code, out, err) = ran(folder, &["run", "s.json", "--trials", "20", "--quiet"]);
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
    assert_eq!(files(folder), before);
    err
}

#[test]
fn a_table_with_a_fault_is_refused_by_row_and_column_and_nothing_is_written() {
    let head = "id,region,created,amount,close_date,stage,currency";
    let cases: [(&str, String, &[&str]); 12] = [
        (
            "actuals.csv",
            format!("{ACTUALS}europe,bookings,2027-04,5\neurope,revenue,2027-03,5\n"),
            &[
                "actuals.csv: row 9, month\n  found:   bookings of 2027-04\n  allowed: months up to 2027-03",
                "actuals.csv: row 10, month\n  found:   recognised revenue of 2027-03\n  allowed: months up to 2027-02",
            ],
        ),
        (
            "actuals.csv",
            "region,metric,month,amount\neurope,bookings,2027-01,5\n".to_owned(),
            &[
                "actuals.csv\n  found:   no bookings of europe in 2027-02, 2027-03",
                "no renewals of europe in 2027-01, 2027-02, 2027-03",
            ],
        ),
        (
            "deals.csv",
            format!("{head}\nd1,mars,2027-01-05,1,,,\n"),
            &["deals.csv: row 2, region\n  found:   no region \"mars\""],
        ),
        (
            "deals.csv",
            format!("{head}\nd1,europe,2027-01-05,1,,Closed Won,\nd2,europe,2027-01-05,1,,On Hold,\n"),
            &["deals.csv: row 2, stage\n  found:   \"Closed Won\"\n  allowed: an open deal"],
        ),
        (
            "deals.csv",
            format!("{head}\nd1,europe,2027-03-11,1,,,\n"),
            &["deals.csv: row 2, created\n  found:   2027-03-11\n  allowed: a day up to 2027-03-10"],
        ),
        (
            "deals.csv",
            format!("{head}\nd1,europe,2027-01-05,1,,,\nd2,europe,2027-01-05,1,,,\nd1,europe,2027-01-05,1,,,\n"),
            &["deals.csv: row 4, id\n  found:   the id \"d1\" a second time"],
        ),
        (
            "deals.csv",
            format!("{head}\nd1,europe,2027-01-05,about 5,,,\nd2,europe,2027-01-05,-5,,,\n"),
            &["deals.csv: row 2, amount\n  found:   \"about 5\"", "deals.csv: row 3, amount\n  found:   -5"],
        ),
        (
            "deals.csv",
            format!(
                "{head}\nd1,europe,2027-01-05,$5,,,\nd2,europe,2027-01-05,GBP 5,,,\nd3,europe,2027-01-05,5,,,USD\n"
            ),
            &[
                "deals.csv: row 2, amount\n  found:   \"$5\"\n  allowed: an amount in EUR\n  hint:    convert amounts in other currencies",
                "deals.csv: row 3, amount\n  found:   \"GBP 5\"\n  allowed: an amount in EUR",
                "deals.csv: row 4, currency\n  found:   \"USD\"\n  allowed: EUR",
            ],
        ),
        (
            "deals.csv",
            format!("{head}\nd1,europe,2027-01-05,5,2027-06-01,,\nd2,europe,05.01.2027,5,6/30/2027,,\n"),
            &[
                "deals.csv: row 3, created\n  found:   \"05.01.2027\" below days of another form",
                "deals.csv: row 3, close_date\n  found:   \"6/30/2027\" below days of another form",
            ],
        ),
        (
            "deals.csv",
            format!("{head}\nd1,europe,2027-257-05,5,,,\nd2,europe,67573-01-05,5,,,\n"),
            &[
                "deals.csv: row 2, created\n  found:   \"2027-257-05\"",
                "deals.csv: row 3, created\n  found:   \"67573-01-05\"",
            ],
        ),
        (
            "contracts.csv",
            "id;annual_value;renews\nc1;x;2027-09\nc1;5;soon\n;5;2027-13\n".to_owned(),
            &[
                "contracts.csv: row 2, annual_value\n  found:   \"x\"",
                "contracts.csv: row 3, id\n  found:   the id \"c1\" a second time",
                "contracts.csv: row 3, renews\n  found:   the text \"soon\"",
                "contracts.csv: row 4, id\n  found:   nothing",
                "contracts.csv: row 4, renews\n  found:   \"2027-13\"",
            ],
        ),
        (
            "deals.csv",
            "Deal - ID,Deal - Deal created,Deal - Value,Deal - Status\n1,2027-01-05,5,Open\n2,2027-01-05,5,Won\n"
                .to_owned(),
            &["deals.csv: row 3, deal - status\n  found:   \"Won\"\n  allowed: an open deal"],
        ),
    ];
    for (table, text, wanted) in cases {
        let said = refused(folder_with(table, text.as_bytes()).path());
        for fault in wanted {
            assert!(said.contains(fault), "{fault:?} is not in\n{said}");
        }
        assert_eq!(said.matches("  found:").count(), wanted.len(), "{said}");
    }
}

#[test]
fn a_table_of_a_million_rows_or_none_at_all_is_refused_in_words() {
    let rows: String = (0..1_000_000).map(|i| format!("d{i},2027-01-05,1\n")).collect();
    let folder = folder_with("deals.csv", format!("id,created,amount\n{rows}").as_bytes());
    let said = refused(folder.path());
    assert!(said.contains("deals.csv\n  found:   more than 100,000 rows\n  allowed: at most 100,000 rows"), "{said}");
    let folder = folder_with("deals.csv", b"");
    assert!(refused(folder.path()).contains("deals.csv\n  found:   no text"));
    fs::remove_file(folder.path().join("deals.csv")).unwrap();
    fs::create_dir(folder.path().join("deals.csv")).unwrap();
    let said = refused(folder.path());
    assert!(said.contains("s.json: pipeline\n  found:   deals.csv: a folder\n  allowed: a CSV file"), "{said}");
}

#[test]
fn what_else_a_table_says_is_kept_with_its_rows() {
    let deals = "Record ID,Create Date,Amount,Deal Owner*,Forecast\u{a0}category,Empty,Amount in company currency,Currency\n\
        1,2027-01-05,100,Ann,Commit,,100,EUR\n2,2027-01-06,200,Bo,,,200,eur\n3,2027-01-07,300,Ann,Best case,,300,\n";
    let scenario = with_deals(deals.as_bytes()).unwrap_or_else(|faults| panic!("{faults}"));
    let other = |scenario: &Scenario| {
        let columns = scenario.data.iter().flat_map(|data| &data.other);
        let cells =
            columns.map(|column| (column.name.clone(), (0..4).map(|row| column.text(row).to_owned()).collect()));
        cells.collect::<Vec<(String, Vec<String>)>>()
    };
    let wanted = [
        ("Deal Owner*".to_owned(), ["Ann", "Bo", "Ann", ""].map(str::to_owned).to_vec()),
        ("Forecast\u{a0}category".to_owned(), ["Commit", "", "Best case", ""].map(str::to_owned).to_vec()),
        ("Amount in company currency".to_owned(), ["100", "200", "300", ""].map(str::to_owned).to_vec()),
    ];
    assert_eq!(other(&scenario), wanted);
    let model = resolve(&scenario).unwrap_or_else(|faults| panic!("{faults}"));
    // They are in what is written of a run, and change no number.
    let read_back = Manifest::of(&scenario, &model).scenario().unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(other(&read_back), wanted);
    let without = with_deals(b"id,created,amount\n1,2027-01-05,100\n2,2027-01-06,200\n3,2027-01-07,300\n");
    assert_eq!(scenario_hash(&without.unwrap_or_else(|faults| panic!("{faults}"))), scenario_hash(&scenario));
    let mut inline = base();
    inline["pipeline"] = json!([{"id": "1", "created": "2027-01-05", "owner": "Ann"}]);
    let faults = read(&inline, &[("actuals.csv", ACTUALS.as_bytes()), ("contracts.csv", CONTRACTS.as_bytes())]);
    assert!(faults.unwrap_err().contains("pipeline[0].owner\n  found:   an unknown key"));
}

#[test]
fn amounts_are_read_as_their_column_writes_them() {
    let amounts = |cells: &[&str]| {
        let rows = cells.iter().enumerate().map(|(i, cell)| format!("{i},2027-01-05,\"{cell}\"\n"));
        let scenario = with_deals(format!("id,created,amount\n{}", rows.collect::<String>()).as_bytes())?;
        let deals = scenario.pipeline.unwrap();
        Ok::<_, String>(deals.iter().map(|deal| deal.amount.unwrap()).collect::<Vec<f64>>())
    };
    assert_eq!(amounts(&["EUR 450,000", "1,234,567", "€ 1,000.50"]), Ok(vec![450_000.0, 1_234_567.0, 1_000.5]));
    assert_eq!(amounts(&["450.000,00", "1.200", "€12"]), Ok(vec![450_000.0, 1_200.0, 12.0]));
    assert_eq!(amounts(&["450\u{a0}000,5", "1 200 €", "1'000'000"]), Ok(vec![450_000.5, 1_200.0, 1_000_000.0]));
    // Nobody can tell what a comma before three digits is where no row of the column shows it.
    assert!(amounts(&["450,000", "12"]).unwrap_err().contains("row 2, amount\n  found:   \"450,000\""));
}

#[test]
fn as_many_deals_as_are_allowed_are_read_back_from_what_a_run_writes() {
    let row = |i: usize| format!("d{i},2027-01-05,100,2027-06-30,50%,Proposal,Deal {i},Ann\n");
    let rows: String = (0..100_000).map(row).collect();
    let deals = format!("id,created,amount,close_date,chance,stage,label,owner\n{rows}");
    let scenario = with_deals(deals.as_bytes()).unwrap_or_else(|faults| panic!("{faults}"));
    let model = resolve(&scenario).unwrap_or_else(|faults| panic!("{faults}"));
    let read_back = Manifest::of(&scenario, &model).scenario().unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(read_back.pipeline, scenario.pipeline);
    assert_eq!(read_back.data, scenario.data);
}
