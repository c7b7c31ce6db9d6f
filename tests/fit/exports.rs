//! The same deals as several systems export them.

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use super::made_up::{Deal, deals, plain, rows};
use super::{Fitted, fitted};

/// A day as one of the notations has it.
fn day(iso: &str, form: &str) -> String {
    let [year, month, day] = iso.split('-').collect::<Vec<_>>()[..] else { return String::new() };
    form.replace("YYYY", year).replace("MM", month).replace("DD", day)
}

fn is(deal: &Deal, stage: &str) -> bool {
    deal.stage == stage
}

pub fn same(system: &str, found: &Fitted, wanted: &Fitted) {
    for file in ["pipeline.csv", "actuals.csv", "fit.draws.parquet"] {
        // Systems write stages as they like.
        let bytes = |fitted: &Fitted| fitted.bytes(file).to_ascii_lowercase();
        assert!(bytes(found) == bytes(wanted), "{system}: {file} differs\n{}", found.said);
    }
}

/// Deals with amounts of which some show the decimal sign.
fn priced() -> Vec<Deal> {
    let mut all = deals(260);
    all.iter_mut().for_each(|deal| deal.amount = deal.amount.map(|amount| 1_000_000 + amount));
    all
}

#[test]
fn the_same_deals_are_read_from_every_system() {
    let all = priced();
    // Open deals of these exports have no expected day.
    let wanted = fitted("deals.csv", plain(&all).as_bytes(), &[], &[]);

    // Salesforce: one column of days, American ones, amounts with a code, windows-1252, a footer.
    let cells = |deal: &Deal, closed: &str, amount: &str| {
        let thousands = format!("{},{},{}", &amount[..1], &amount[1..4], &amount[4..]);
        format!(
            "\"{}\",\"M\u{fc}ller\",\"Ann\",\"{}\",\"{}\",\"USD\",\"USD {thousands}.00\",\"{}\",\"{}\"",
            deal.id,
            deal.region,
            deal.stage,
            day(&deal.created, "MM/DD/YYYY 4:05 PM"),
            day(closed, "MM/DD/YYYY"),
        )
    };
    let salesforce = format!(
        "\"Opportunity ID\",\"Opportunity Name\",\"Opportunity Owner\",\"Territory\",\"Stage\",\"Amount Currency\",\"Amount\",\"Created Date\",\"Close Date\"\n{}\n\"Opportunity report\"\n\"Grand Totals (260 records)\"\n\"Copyright \u{a9} 2000-2027 salesforce.com, inc. All rights reserved.\"\n",
        rows(&all, cells)
    );
    let latin: Vec<u8> = salesforce.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let found = fitted("deals.csv", &latin, &[], &[]);
    same("salesforce", &found, &wanted);
    assert_eq!(found.scenario()["currency"], "USD");
    assert!(found.said.contains("it was read as Windows-1252"), "{}", found.said);

    // HubSpot: a byte order mark, minutes, internal stages, a checkbox.
    let cells = |deal: &Deal, closed: &str, amount: &str| {
        let closed = if closed.is_empty() { String::new() } else { format!("{closed} 10:36") };
        let stage = deal.stage.to_lowercase().replace(' ', "");
        format!(
            "{},Kurz,{stage},{closed},{} 09:00,${amount},{},{}",
            deal.id,
            deal.created,
            deal.region,
            is(deal, "Closed Won")
        )
    };
    let hubspot = format!(
        "\u{feff}Record ID,Deal Name,Deal Stage,Close Date,Create Date,Amount,Team,Is Closed Won\n{}",
        rows(&all, cells)
    );
    same("hubspot", &fitted("deals.csv", hubspot.as_bytes(), &[], &["--map", "region=team"]), &wanted);
    let wide: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(hubspot[3..].replace(',', "\t").encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    same("hubspot, UTF-16", &fitted("deals.csv", &wide, &[], &["--map", "region=team"]), &wanted);

    // Pipedrive: a status, two columns of days, semicolons and decimal commas, a deal that was deleted.
    let cells = |deal: &Deal, closed: &str, amount: &str| {
        let status = deal.stage.rsplit(' ').next().unwrap();
        let at = |stage: &str| if is(deal, stage) { format!("{closed} 10:00:00") } else { String::new() };
        format!(
            "{};Proposal Made;{status};{amount},00;{} 10:00:00;{};{};{}",
            deal.id,
            deal.created,
            at("Closed Won"),
            at("Closed Lost"),
            deal.region
        )
    };
    let pipedrive = format!(
        "Deal - ID;Deal - Stage;Deal - Status;Deal - Value;Deal - Deal created;Deal - Won time;Deal - Lost time;Deal - Region\n{}X;Qualified;Deleted;5,00;2026-02-02 10:00:00;;;East\n",
        rows(&all, cells)
    );
    let found = fitted("deals.csv", pipedrive.as_bytes(), &[], &[]);
    assert!(found.said.contains("deleted: row 262"), "{}", found.said);
    let stages = found.text("pipeline.csv").replace(",Proposal Made,", ",Open,");
    assert_eq!(stages, wanted.text("pipeline.csv"));
    assert_eq!(found.scenario()["regions"], wanted.scenario()["regions"]);
}

#[test]
fn a_workbook_is_an_export_too() {
    let all = priced();
    let mut workbook = Workbook::new();
    workbook.add_worksheet();
    let sheet = workbook.add_worksheet();
    let format = Format::new().set_num_format("yyyy-mm-dd");
    for (column, name) in ["id", "Region", "created", "closed", "stage", "amount"].into_iter().enumerate() {
        sheet.write(3, column as u16, name).unwrap();
    }
    for (row, deal) in (4..).zip(&all) {
        let date = |text: &str| ExcelDateTime::parse_from_str(text).unwrap();
        sheet.write(row, 0, deal.id.as_str()).unwrap();
        sheet.write(row, 1, deal.region).unwrap();
        sheet.write_with_format(row, 2, date(&deal.created), &format).unwrap();
        if let Some(closed) = &deal.closed {
            sheet.write_with_format(row, 3, date(closed), &format).unwrap();
        }
        sheet.write(row, 4, deal.stage).unwrap();
        sheet.write(row, 5, deal.amount.unwrap() as f64).unwrap();
    }
    let found = fitted("deals.xlsx", &workbook.save_to_buffer().unwrap(), &[], &[]);
    same("workbook", &found, &fitted("deals.csv", plain(&all).as_bytes(), &[], &[]));
}

#[test]
fn what_is_set_aside_is_told_by_row_and_reason() {
    let all = deals(200);
    let dirty = "E1,East,,2026-05-01,Closed Won,5\n\
        E2,East,soon,2026-05-01,Closed Won,5\n\
        E3,East,2026-05-01,,Closed Lost,5\n\
        E4,East,2026-05-01,31-31-31,Closed Won,5\n\
        E5,East,2026-05-01,2026-04-01,Closed Won,5\n\
        D0003,East,2026-05-01,2026-05-04,Closed Won,5\n\
        E6,East,2026-05-01,2026-05-04,Closed Won,5,6\n\
        E7,East,2026-05-01,2026-05-04,Closed Won,many\n\
        E8,East,2026-05-01,2026-05-04,Closed Won,£7\n\
        E9,,2026-05-01,2026-05-04,Closed Won,-7\n";
    let text = plain(&all).replace(",closed,", ",Closed,") + dirty;
    let found = fitted("deals.csv", text.as_bytes(), &[], &["--currency", "USD"]);
    let report = found.text("data-report.csv");
    for (row, key) in [
        (202, "not_created"),
        (203, "created_unread"),
        (204, "not_closed"),
        (205, "closed_unread"),
        (206, "closed_before_created"),
        (207, "same_id"),
        (208, "too_many_cells"),
    ] {
        assert!(report.contains(&format!("set aside,{key},{row},")), "{report}");
    }
    for (row, key) in [(209, "amount_unread"), (210, "other_currency")] {
        assert!(report.contains(&format!("used in part,{key},{row},")), "{report}");
    }
    assert!(report.contains("count,rows read,210,") && report.contains("count,rows used,203,"), "{report}");
    // A deal without a region has one of its own; amounts below 0 stay.
    let scenario = found.scenario();
    assert_eq!(scenario["regions"]["no_region"]["label"], "No region");
    assert_eq!(scenario["regions"]["east"]["deal_size"]["values"][0], -7.0);
    let doubt = "2 won deals have no amount";
    assert!(found.said.contains(doubt), "{}", found.said);
}

#[test]
fn words_of_ones_own_say_what_is_won_and_lost() {
    let all = deals(200);
    let own = plain(&all).replace("Closed Won", "Contract").replace("Closed Lost", "Gone");
    let found = fitted("deals.csv", own.as_bytes(), &[], &["--won", "contract", "--lost", "gone,never"]);
    let mut scenario = found.scenario();
    let assumptions = scenario["assumptions"].as_array_mut().expect("it says what was assumed");
    let said = assumptions.len();
    assumptions.retain(|said| said != "No row says \"never\" (--lost).");
    assert_eq!(assumptions.len() + 1, said, "{assumptions:?}");
    assert_eq!(scenario, fitted("deals.csv", plain(&all).as_bytes(), &[], &[]).scenario());
}

#[test]
fn an_as_of_day_long_after_the_last_deal_is_said() {
    let text = plain(&deals(200));
    let said = |as_of: &str| fitted("deals.csv", text.as_bytes(), &[], &["--as-of", as_of]).said;
    let silent = "Nothing was created, won or lost in the";
    assert!(!said("2027-05-31").replace('\n', " ").contains(silent));
    let late = said("2027-07-01").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        late.contains(&format!("{silent} 61 days before 2027-07-01")) && late.contains("set --as-of 2027-05-01."),
        "{late}"
    );
}

#[test]
fn notations_that_tell_nothing_are_settled_by_options() {
    let all: Vec<Deal> = deals(400)
        .into_iter()
        .filter(|deal| deal.created[8..] < *"13" && deal.closed.as_ref().is_none_or(|closed| closed[8..] < *"13"))
        .map(|deal| Deal { amount: Some(5000), ..deal })
        .collect();
    let cells = |deal: &Deal, closed: &str, _: &str| {
        let form = "MM/DD/YYYY";
        format!("{},{},{},{},{},5.000", deal.id, deal.region, day(&deal.created, form), day(closed, form), deal.stage)
    };
    let text = format!("id,Region,created,closed,stage,amount\n{}", rows(&all, cells));
    let options = ["--day-order", "month-first", "--decimal", "comma", "--as-of", "2027-05-01"];
    let found = fitted("deals.csv", text.as_bytes(), &[], &options);
    same("month first", &found, &fitted("deals.csv", plain(&all).as_bytes(), &[], &["--as-of", "2027-05-01"]));
}
