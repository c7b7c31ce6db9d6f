//! What systems do to exports that a reader may fall for, a file each.

use std::io::{Cursor, Write};

use super::exports::same;
use super::made_up::{Deal, deals, plain, rows};
use super::refused::refused_beside;
use super::{Fitted, fitted};
use crate::cli::ran;

fn is(deal: &Deal, stage: &str) -> u8 {
    u8::from(deal.stage == stage)
}

#[test]
fn cells_that_say_no_value_are_empty() {
    // Amounts are known of won deals only, as of lost ones they tell nothing here.
    let mut all = deals(260);
    all.iter_mut().filter(|deal| deal.stage == "Closed Lost").for_each(|deal| deal.amount = None);
    let wanted = fitted("deals.csv", plain(&all).as_bytes(), &[], &[]);
    let or_none = |text: &str| if text.is_empty() { "(No value)".to_owned() } else { text.to_owned() };
    let cells = |deal: &Deal, closed: &str, amount: &str| {
        let (closed, amount) = (or_none(closed), or_none(amount));
        format!("{},{},{} 09:30,{closed},{},{amount}", deal.id, deal.region, deal.created, deal.stage)
    };
    let export = format!("Record ID,Region,Create date,Close date,Deal Stage,Amount\n{}", rows(&all, cells));
    same("no value", &fitted("deals.csv", export.as_bytes(), &[], &[]), &wanted);
}

#[test]
fn columns_that_are_called_closed_and_won_may_hold_boxes() {
    let all = deals(260);
    let wanted = fitted("deals.csv", plain(&all).as_bytes(), &[], &[]);
    let cells = |deal: &Deal, closed: &str, amount: &str| {
        let [won, open] = ["Closed Won", "Open"].map(|stage| is(deal, stage));
        let stage = if open == 1 { "Open" } else { "Signature" };
        format!("{},{},{},{closed},{stage},{won},{},{amount}", deal.id, deal.region, deal.created, 1 - open)
    };
    let export =
        format!("Opportunity ID,Territory,Created Date,Close Date,Stage,Won,Closed,Amount\n{}", rows(&all, cells));
    same("boxes", &fitted("deals.csv", export.as_bytes(), &[], &[]), &wanted);
    // A column of days with that name stays one.
    let days = plain(&all).replace(",closed,", ",Closed,");
    same("days", &fitted("deals.csv", days.as_bytes(), &[], &[]), &wanted);
}

#[test]
fn ids_may_differ_in_case_only() {
    let mut all = deals(260);
    for (i, deal) in all.iter_mut().enumerate() {
        deal.id = format!("006{}{:03}", if i % 2 == 0 { "a" } else { "A" }, i / 2);
    }
    let found = fitted("deals.csv", plain(&all).as_bytes(), &[], &[]);
    assert!(found.said.contains("260 rows, 260 used, none set aside"), "{}", found.said);
}

#[test]
fn rows_have_the_numbers_of_their_lines_in_spite_of_breaks_in_texts() {
    let all = deals(200);
    let cells = |deal: &Deal, closed: &str, amount: &str| {
        format!(
            "{},\"two\r\nlines, \"\"quoted\"\"\",{},{},{closed},{},{amount}",
            deal.id, deal.region, deal.created, deal.stage
        )
    };
    let text =
        format!("id,notes,Region,created,closed,stage,amount\n{}", rows(&all, cells)) + "X,short,East,,,Open,1\n";
    let found = fitted("deals.csv", text.as_bytes(), &[], &[]);
    // 200 deals of two lines below the names of the columns.
    assert!(found.said.contains("no day of creation: row 402"), "{}", found.said);
    same("breaks", &found, &fitted("deals.csv", plain(&all).as_bytes(), &[], &[]));
}

#[test]
fn a_deal_is_what_its_stage_says_whatever_its_close_date() {
    let all = deals(260);
    let wanted = fitted("deals.csv", plain(&all).as_bytes(), &[], &[]);
    // Open deals have an expected day in the column of closing, some of them long past; words follow the stage.
    let cells = |deal: &Deal, closed: &str, amount: &str| {
        let (closed, stage) = match deal.stage {
            "Closed Won" => (closed, "Closed Won - New Business"),
            "Closed Lost" => (closed, "Closed Lost"),
            _ if deal.id.ends_with('6') => ("2026-01-31", "Closed - pending finance"),
            _ => ("2029-12-31", "Closed - pending finance"),
        };
        let time = "T08:00:00.000Z";
        format!("{},{},{}{time},{closed},{stage},3,{amount}", deal.id, deal.region, deal.created)
    };
    let export = format!("Id,Region,CreatedDate,CloseDate,StageName,Expected Revenue,Amount\n{}", rows(&all, cells));
    let found = fitted("deals.csv", export.as_bytes(), &[], &[]);
    assert_eq!(found.scenario()["regions"], wanted.scenario()["regions"]);
    assert_eq!(
        (&found.scenario()["as_of"], found.text("actuals.csv")),
        (&wanted.scenario()["as_of"], wanted.text("actuals.csv"))
    );
    assert!(found.said.contains("\"Closed - pending finance\""), "{}", found.said);
}

#[test]
fn a_won_row_that_no_chance_is_learnt_from_is_booked_all_the_same() {
    let text = plain(&deals(260));
    let without = fitted("deals.csv", text.as_bytes(), &[], &["--as-of", "2027-03-01", "--map", "region=region"]);
    // Sums of groups stand between the deals; of two won deals nobody knows the first day, one of which has the id of another one.
    let (head, rest) = text.split_at(text.match_indices('\n').nth(100).unwrap().0 + 1);
    let id = rest.split(',').next().unwrap();
    let odd = format!(
        ",East,,,,700000\nX1,East,,2027-01-20,Closed Won,1200\n{id},East,,2027-01-20,Closed Won,99\nX2,West,,2026-06-15,Closed Lost,5\n"
    );
    let text = format!("{head}{odd}{rest}");
    let found = fitted("deals.csv", text.as_bytes(), &[], &["--as-of", "2027-03-01"]);
    let said = found.said.split_whitespace().collect::<Vec<_>>().join(" ");
    for told in [
        "Columns: id = id, region = Region, created = created, closed = closed, stage = stage, amount = amount.",
        "1 neither an id nor a day nor a stage, as a subtotal has: row 102",
        "3 no day of creation: rows 103, 104, 105",
        "1 row set aside is a won deal with its day and amount, 1,200: it counts as booked, and in nothing else.",
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
    assert!(!said.contains("The as-of day, "), "{said}");
    let given = without.said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(given.contains("amount = amount; by --map: region = Region."), "{given}");
    // Nothing else of the fit moves.
    assert!(found.bytes("fit.draws.parquet") == without.bytes("fit.draws.parquet"));
    let booked = |text: &str, metric: &str| -> f64 {
        let row = format!("east,{metric},2027-01,");
        text.lines().find_map(|line| line.strip_prefix(&row)?.parse().ok()).unwrap()
    };
    let (found, without) = (found.text("actuals.csv"), without.text("actuals.csv"));
    for (metric, more) in [("bookings", 1200.0), ("won_deals", 1.0), ("leads", 0.0), ("lost_deals", 0.0)] {
        assert_eq!(booked(&found, metric), booked(&without, metric) + more, "{metric}");
    }
}

#[test]
fn a_month_with_more_taken_back_than_won_is_below_0() {
    let text = plain(&deals(260));
    let options = ["--as-of", "2027-03-01"];
    let without = fitted("deals.csv", text.as_bytes(), &[], &options);
    // One month lies in the year of the forecast, the other one in the year before.
    let refunds = [("2027-01", -900_000.0), ("2026-06", -700_000.0)];
    let rows: String = (refunds.iter().enumerate())
        .map(|(i, (month, amount))| format!("R{i},East,2026-05-20,{month}-20,Closed Won,{amount}\n"))
        .collect();
    // `fitted` plays what was fitted.
    let found = fitted("deals.csv", (text + &rows).as_bytes(), &[], &options);
    let booked = |fitted: &Fitted, metric: &str, month: &str| -> f64 {
        let row = format!("east,{metric},{month},");
        fitted.text("actuals.csv").lines().find_map(|line| line.strip_prefix(&row)?.parse().ok()).unwrap()
    };
    for (month, amount) in refunds {
        let now = booked(&found, "bookings", month);
        assert_eq!(now, booked(&without, "bookings", month) + amount, "{month}");
        assert!(now < 0.0);
        assert_eq!(booked(&found, "won_deals", month), booked(&without, "won_deals", month) + 1.0, "{month}");
    }
    let target = "targets=[{\"name\":\"Year\",\"metric\":\"bookings\",\"period\":\"2027\",\"at_least\":100000}]";
    let (code, said, err) = ran(
        found.folder.path(),
        &["run", "out/scenario.json", "--trials", "20", "--set", target, "--no-history", "--out", "targeted"],
    );
    assert_eq!((code, err.as_str()), (0, ""));
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("as more was taken back than booked"), "{said}");
}

#[test]
fn leads_that_all_came_in_a_few_months_vary_as_much_as_a_scenario_may_say() {
    let mut all = deals(900);
    all.retain(|deal| deal.created.as_str() < "2026-04-01");
    // `fitted` plays what was fitted.
    let scenario = fitted("deals.csv", plain(&all).as_bytes(), &[], &["--as-of", "2027-05-01"]).scenario();
    assert_eq!(scenario["regions"]["east"]["leads"]["overdispersion"], 100.0);
}

#[test]
fn an_open_deal_in_a_stage_that_is_called_lost_is_played_without_it() {
    let mut all = deals(260);
    all.iter_mut().filter(|deal| deal.stage == "Open").for_each(|deal| deal.stage = "Disqualified");
    let words = ["--won", "Closed Won", "--lost", "Closed Lost"];
    let found = fitted("deals.csv", plain(&all).as_bytes(), &[], &words);
    assert!(found.said.contains("\"Disqualified\""), "{}", found.said);
    let pipeline = found.text("pipeline.csv");
    assert!(pipeline.lines().count() > 20 && !pipeline.contains("Disqualified"), "{pipeline}");
}

#[test]
fn a_report_with_groups_is_refused_as_its_empty_cells_mean_what_stands_above() {
    for (column, key) in [(1, "region"), (4, "stage")] {
        let mut all = deals(200);
        all.sort_by_key(|deal| if key == "region" { deal.region } else { deal.stage });
        let text = plain(&all);
        let mut before = String::new();
        let grouped: Vec<String> = text
            .lines()
            .map(|line| {
                let mut cells: Vec<&str> = line.split(',').collect();
                let own = cells[column].to_owned();
                if own == before {
                    cells[column] = "";
                }
                before = own;
                cells.join(",")
            })
            .collect();
        let err = refused_beside("deals.csv", grouped.join("\n").as_bytes(), &[], &[]);
        for said in ["row 3", "each text in it stands once", "details only", &format!("--map {key}=COLUMN")] {
            assert!(err.contains(said), "{said} is not in\n{err}");
        }
    }
}

#[test]
fn an_archive_is_refused_with_what_helps() {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("deals.csv", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(plain(&deals(200)).as_bytes()).unwrap();
    let bytes = archive.finish().unwrap().into_inner();
    let err = refused_beside("deals.zip", &bytes, &[], &[]);
    assert!(err.contains("an archive (.zip) that is no workbook") && err.contains("unpack it"), "{err}");
}

#[test]
fn an_empty_workbook_is_refused() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    workbook.add_worksheet();
    let err = refused_beside("deals.xlsx", &workbook.save_to_buffer().unwrap(), &[], &[]);
    assert!(err.contains("no sheet with anything on it"), "{err}");
}

/// Fits with options what [`fitted`] then plays.
fn simple(deals: &[Deal]) -> serde_json::Value {
    fitted("deals.csv", plain(deals).as_bytes(), &[], &["--simple"]).scenario()
}

#[test]
fn regions_may_be_called_as_footers_begin() {
    let mut all = deals(260);
    for (i, deal) in all.iter_mut().enumerate() {
        deal.region = ["Total", "Totals", "Subtotal", "Total Care"][i % 4];
    }
    let found = fitted("deals.csv", plain(&all).as_bytes(), &[], &[]);
    let actuals = found.text("actuals.csv");
    for key in ["total_region", "totals_region", "subtotal_region", "total_care"] {
        assert!(actuals.contains(&format!("{key},")), "{key}: {actuals}");
    }
}

/// A day of 2026 and 2027, counted from the first.
fn day(days: i64) -> String {
    jiff::civil::date(2026, 1, 1).saturating_add(jiff::Span::new().days(days)).to_string()
}

#[test]
fn deals_that_all_close_on_one_day_are_fitted_within_the_bounds_of_scenarios() {
    let mut all = deals(400);
    for (i, deal) in all.iter_mut().enumerate() {
        deal.region = "East";
        deal.created = day(i as i64 % 90);
        // The first one tells since when closings are known.
        deal.closed = Some(day(if i == 0 { 5 } else { 100 }));
        deal.stage = if i % 3 == 0 { "Closed Won" } else { "Closed Lost" };
    }
    let scenario = fitted("deals.csv", plain(&all).as_bytes(), &[], &[]).scenario();
    let now = &scenario["regions"]["east"]["closing"]["now"];
    assert!(now["won"]["mean"].as_f64().is_some_and(|x| x.abs() <= 10.0), "{now}");
}

#[test]
fn sizes_that_are_worth_nothing_on_average_stay_a_table() {
    let mut all = deals(260);
    for (i, deal) in all.iter_mut().enumerate() {
        deal.amount = Some([1000, -1200][i % 2]);
    }
    let scenario = simple(&all);
    let size = &scenario["regions"]["east"]["deal_size"];
    assert!(size["shape"] == "table" && size["mean"].is_null(), "{size}");
}

#[test]
fn cycles_that_are_all_alike_go_together_with_nothing() {
    let mut all = deals(260);
    for (i, deal) in all.iter_mut().enumerate() {
        deal.created = day(i as i64);
        deal.closed = Some(deal.created.clone());
        deal.stage = if i % 3 == 0 { "Closed Won" } else { "Closed Lost" };
    }
    let scenario = simple(&all);
    assert_eq!(scenario["regions"]["east"]["cycle"]["mean_days"]["sd"], 0.0);
}

#[test]
fn a_simple_fit_takes_the_place_of_one_by_age() {
    let all = deals(260);
    let export = plain(&all);
    let by_age = fitted("deals.csv", export.as_bytes(), &[], &[]);
    let beside = ["pipeline.csv", "actuals.csv", "fit.draws.parquet"].map(|file| (file, by_age.bytes(file)));
    let scenario = by_age.bytes("scenario.json");
    let mut beside: Vec<(&str, &[u8])> = beside.iter().map(|(file, bytes)| (*file, bytes.as_slice())).collect();
    beside.push(("plan.json", &scenario));
    let found = fitted("deals.csv", export.as_bytes(), &beside, &["--simple", "--onto", "plan.json"]).scenario();
    assert!(found["closing"].is_null() && found["draws"].is_null(), "{found}");
    assert!(found["regions"]["east"]["conversion"]["mean"].is_number(), "{found}");
}
