//! Periods, growth, launch, recognition, renewals.

use serde_json::json;

use super::*;

#[test]
fn a_figure_stated_twice_differs_beyond_its_rounding() {
    let twice = |other: Value| json!({"figures": [figure("leads", "2026-Q2", 910), figure("leads", "2026-Q2", other)]});
    speaks(Rule::StatedTwice, twice(json!(1210)), &["910", "1,210"]);
    silent(Rule::StatedTwice, twice(json!(913)));
    silent(Rule::StatedTwice, twice(json!({"at_least": 850})));
    let cycles = |other: f64| json!({"averages": [average("cycle_days", 48.0), average("cycle_days", other)]});
    speaks(Rule::StatedTwice, cycles(60.0), &["48 days", "60 days"]);
    silent(Rule::StatedTwice, cycles(48.4));
}

#[test]
fn quarters_add_up_to_their_half_year() {
    let half = |sum: u32| {
        json!({"figures": [figure("won_deals", "2026-Q2", 41), figure("won_deals", "2026-Q3", 52),
            figure("won_deals", "2026-Q2..2026-Q3", sum)]})
    };
    speaks(Rule::PartsAndWholes, half(97), &["41 + 52 add up to 93", "is 97: 4 (4.12 %) more"]);
    silent(Rule::PartsAndWholes, half(93));
    silent(Rule::PartsAndWholes, half(94));
}

#[test]
fn months_add_up_to_their_year_and_quarter() {
    let year = |month: Value, year: f64| json!({"figures": [figure("bookings", "each-month", month), figure("bookings", "2027", year)]});
    // 12 × 0.11M = 1.32M.
    speaks(
        Rule::PartsAndWholes,
        year(json!(110_000), 1_550_000.0),
        &["12 months of $110k make $1.32M", "$129.2k a month"],
    );
    silent(Rule::PartsAndWholes, year(json!(110_000), 1_330_000.0));
    speaks(Rule::PartsAndWholes, year(json!({"at_least": 110_000}), 1_150_000.0), &["12 months of $110k+ make $1.32M"]);
    silent(Rule::PartsAndWholes, year(json!({"at_least": 110_000}), 2_550_000.0));
    // Exact levels are not rounded.
    speaks(
        Rule::PartsAndWholes,
        year(json!({"value": 110_000, "rounding": 0}), 1_310_000.0),
        &["($110k when rounded)"],
    );
    let quarter = |quarter: f64| json!({"figures": [figure("bookings", "each-month", 110_000), figure("bookings", "each-quarter", quarter)]});
    speaks(Rule::PartsAndWholes, quarter(410_000.0), &["3 months of $110k make $330k"]);
    silent(Rule::PartsAndWholes, quarter(330_000.0));
}

#[test]
fn regions_add_up_to_the_total() {
    let total = |total: f64| {
        let mut figures = vec![figure("bookings", "2027", total)];
        for (region, value) in [("north", 3_200_000), ("south", 1_100_000)] {
            let mut part = figure("bookings", "2027", value);
            part["region"] = json!(region);
            figures.push(part);
        }
        json!({"figures": figures})
    };
    speaks(Rule::PartsAndWholes, total(4_600_000.0), &["$3.2M + $1.1M add up to $4.3M", "$4.6M: $300k (6.52 %) more"]);
    silent(Rule::PartsAndWholes, total(4_400_000.0));
}

fn growing(rate: f64, per: &str, metric: &str) -> Value {
    json!([{"name": "Growth", "metric": metric, "rate": rate, "per": per}])
}

#[test]
fn a_flat_month_and_growth_contradict() {
    // (1.1¹² − 1)/0.1 = 21.38; 1.2M/21.384 = 56.12k; × 1.1¹¹ = 160.1k; 1.1⁷ · 56.12k = 109.4k is the first above 100k.
    let stated = |rate: f64, month: Value| {
        json!({"growth": growing(rate, "month", "bookings"),
            "figures": [figure("bookings", "each-month", month), figure("bookings", YEAR_1, 1_200_000)]})
    };
    let told = ["21.38 times the first", "$56.12k", "only in month 8", "$160.1k", "$2.138M"];
    speaks(Rule::FlatAndGrowing, stated(0.1, json!(100_000)), &told);
    silent(Rule::FlatAndGrowing, stated(0.0, json!(100_000)));
    let mut yearly = stated(0.1, json!(100_000));
    yearly["growth"] = growing(0.1, "year", "bookings");
    silent(Rule::FlatAndGrowing, yearly);
    // At least 50,000 a month is reached in every month: 50k × 21.38 = 1.07M.
    silent(Rule::FlatAndGrowing, stated(0.1, json!({"at_least": 50_000})));
    speaks(Rule::FlatAndGrowing, stated(0.1, json!({"at_least": 65_000})), &["$1.39M"]);
}

#[test]
fn years_follow_the_stated_growth() {
    let stated = |second: f64| {
        json!({"growth": growing(0.5, "year", "bookings"),
            "figures": [figure("bookings", YEAR_1, 10_400_000), figure("bookings", YEAR_2, second)]})
    };
    // 10.4M · 1.5 = 15.6M; 20.8M is 2 times 10.4M.
    speaks(
        Rule::YearsAgainstGrowth,
        stated(20_800_000.0),
        &["Growth of 50 % a year: from", "$15.6M of year 2", "100 % a year."],
    );
    silent(Rule::YearsAgainstGrowth, stated(15_600_000.0));
    // Growth of something else says nothing.
    let mut other = stated(20_800_000.0);
    other["growth"] = growing(0.5, "year", "leads");
    silent(Rule::YearsAgainstGrowth, other);
}

#[test]
fn cumulative_amounts_in_one_ratio_are_asked_about() {
    let stated = |second: u32, third: u32| {
        json!({"figures": [figure("bookings", YEAR_1, 10_400_000), figure("bookings", "to 2028-03", second),
            figure("bookings", "to 2029-03", third)]})
    };
    let told = ["$10.4M in year 2 and $20.8M in year 3", "+100 % a year", "$72.8M"];
    speaks(Rule::CumulativeOrSingle, stated(20_800_000, 41_600_000), &told);
    silent(Rule::CumulativeOrSingle, stated(24_900_000, 46_700_000));
}

#[test]
fn a_year_that_starts_late_books_less() {
    // Shares of money 2/3 and 1/3; 12 − 3 − 60/30.4375 = 7.029 and 12 − 3 − 30/30.4375 = 8.014 months: 7.357 of 12.
    let stated = |year: f64| {
        json!({"launch": {"month": 4},
            "figures": [figure("bookings", "each-month", 1_250_000), figure("bookings", YEAR_1, year)]})
    };
    speaks(Rule::RunRateFromLaunch, stated(15_300_000.0), &["books $9.197M", "7.36 of 12 months", "$2.08M a month"]);
    silent(Rule::RunRateFromLaunch, stated(9_200_000.0));
}

#[test]
fn revenue_is_booked_or_recognised() {
    // Booked evenly over the year, half of it is recognised within the year.
    let stated =
        |name: &str| json!({"figures": [{"name": name, "metric": "bookings", "period": YEAR_1, "value": 12_400_000}]});
    speaks(Rule::BookedOrRecognised, stated("Annual revenue"), &["$6.2M of it (50 %)"]);
    silent(Rule::BookedOrRecognised, stated("Annual bookings"));
    // From a launch on over 10.03 and 11.01 months: (⅔ · 10.03² + ⅓ · 11.01²)/24 / (⅔ · 10.03 + ⅓ · 11.01) = 0.4324 of it.
    let mut launched = stated("Annual revenue");
    launched["launch"] = json!({"month": 1});
    speaks(Rule::BookedOrRecognised, launched, &["$5.362M of it (43 %)"]);
    let mut monthly = plan(&stated("Annual revenue"));
    monthly["contract"] = json!({"term_months": 1});
    assert!(found(&monthly).iter().all(|finding| finding.rule != Rule::BookedOrRecognised));
}

#[test]
fn renewals_leave_room_for_new_business_or_not() {
    // Retention by money (⅔ · 0.9 + ⅓ · 0.8) = 0.8667; 10.4M renews 9.013M; 15.6M then has 6.587M new, −36.7 %.
    let stated = |second: f64| json!({"figures": [figure("total_bookings", YEAR_1, 10_400_000), figure("total_bookings", YEAR_2, second)]});
    speaks(Rule::Renewals, stated(15_600_000.0), &["86.7 %", "$9.013M", "$6.587M new of $15.6M", "−36.7 %"]);
    silent(Rule::Renewals, stated(20_800_000.0));
}

#[test]
fn with_a_launch_only_its_own_rule_judges_the_month_against_the_year() {
    let stated = |month: f64, year: f64| {
        json!({"launch": {"month": 4},
            "figures": [figure("bookings", "each-month", month), figure("bookings", YEAR_1, year)]})
    };
    // 7.357 months of 1.25M count: 9.2M agrees, far as it is from twelve months.
    silent(Rule::PartsAndWholes, stated(1_250_000.0, 9_200_000.0));
    silent(Rule::RunRateFromLaunch, stated(1_250_000.0, 9_200_000.0));
    // Neither with the launch nor without it.
    let told = ["12 months of $1.25M make $15.0M", "$1.317M a month, if every month of it counts"];
    speaks(Rule::PartsAndWholes, stated(1_250_000.0, 15_800_000.0), &told);
}

#[test]
fn one_thing_is_the_same_however_its_period_is_written() {
    let twice = |metric: &str, a: &str, b: &str, second: f64| json!({"figures": [figure(metric, a, 53_100), figure(metric, b, second)]});
    let told = ["Won deals in 2027 are stated as 53,100", "as 54,200"];
    speaks(Rule::StatedTwice, twice("won_deals", "2027", "2027-01..2027-12", 54_200.0), &told);
    silent(Rule::StatedTwice, twice("won_deals", "2027", "2027-01..2027-12", 53_100.0));
    // A level of a year is that of its last month.
    speaks(Rule::StatedTwice, twice("arr", "2027", "to 2027-12", 54_200.0), &["ARR in 2027 is stated"]);
    silent(Rule::StatedTwice, twice("arr", "2027", "2027-11", 54_200.0));
    let mut regional = twice("bookings", "2027", "2027", 54_200.0);
    for figure in regional["figures"].as_array_mut().unwrap() {
        figure["region"] = json!("north");
    }
    speaks(Rule::StatedTwice, regional, &["Bookings of north in 2027 are stated as"]);
}

#[test]
fn growth_of_one_metric_is_stated_once() {
    // 1.05¹² = 1.796.
    let stated = |rate: f64| {
        json!({"growth": [{"name": "a", "metric": "leads", "rate": 0.05, "per": "month"},
            {"name": "b", "metric": "leads", "rate": rate, "per": "year"}]})
    };
    speaks(Rule::StatedTwice, stated(0.4), &["Growth of leads is stated as 5 % a month (\"a\") and as 40 % a year"]);
    silent(Rule::StatedTwice, stated(0.8));
}

#[test]
fn the_zeros_of_a_round_number_are_not_all_rounding() {
    let twice =
        |other: f64| json!({"figures": [figure("bookings", "2027", 30_000_000), figure("bookings", "2027", other)]});
    speaks(Rule::StatedTwice, twice(34_100_000.0), &["$30M"]);
    silent(Rule::StatedTwice, twice(30_600_000.0));
}

#[test]
fn no_part_exceeds_its_whole() {
    let stated = |part: &str, amount: f64| json!({"figures": [figure("bookings", part, amount), figure("bookings", "2027", 7_100_000)]});
    let told = ["\"bookings 2027-Q2\" in Q2 2027 alone is $7.9M", "$800k (11.3 %) less", "At least $7.9M in 2027."];
    speaks(Rule::PartsAndWholes, stated("2027-Q2", 7_900_000.0), &told);
    silent(Rule::PartsAndWholes, stated("2027-Q2", 6_900_000.0));
    silent(Rule::PartsAndWholes, stated("2026-Q4", 7_900_000.0));
    let mut north = stated("2027", 7_900_000.0);
    north["figures"][0]["region"] = json!("north");
    speaks(Rule::PartsAndWholes, north, &["alone is $7.9M"]);
}

#[test]
fn total_bookings_are_what_is_new_and_what_renews() {
    let stated = |metrics: &[(&str, f64)]| json!({"figures": metrics.iter().map(|(metric, x)| figure(metric, "2027", *x)).collect::<Vec<_>>()});
    let three = |total| stated(&[("bookings", 4_300_000.0), ("renewals", 2_200_000.0), ("total_bookings", total)]);
    let told = ["Bookings of $4.3M and renewals of $2.2M add up to $6.5M", "is $7.4M"];
    speaks(Rule::PartsAndWholes, three(7_400_000.0), &told);
    silent(Rule::PartsAndWholes, three(6_500_000.0));
    let two = |total| stated(&[("bookings", 4_300_000.0), ("total_bookings", total)]);
    speaks(Rule::PartsAndWholes, two(3_700_000.0), &["Bookings of $4.3M alone make $4.3M", "At least $4.3M"]);
    silent(Rule::PartsAndWholes, two(9_900_000.0));
}

#[test]
fn the_values_of_a_tag_add_up() {
    let with = |second: f64, tagged: &[&str]| {
        let mut figures = vec![figure("bookings", "2027", 9_300_000)];
        for (value, amount) in [("big", 6_100_000.0), ("small", second)] {
            let mut part = figure("bookings", "2027", amount);
            part["tag"] = json!({"size": value});
            figures.push(part);
        }
        let mut scenario = plan(&json!({"figures": figures}));
        scenario["regions"]["west"] = scenario["regions"]["south"].clone();
        for (region, value) in tagged.iter().zip(["big", "small", "small"]) {
            scenario["regions"][*region]["tags"] = json!({"size": value});
        }
        found(&scenario).into_iter().filter(|finding| finding.rule == Rule::PartsAndWholes).collect::<Vec<_>>()
    };
    let all = ["north", "south", "west"];
    let findings = with(2_200_000.0, &all);
    assert!(findings.len() == 1 && findings[0].sentence.starts_with("$6.1M + $2.2M add up to $8.3M"), "{findings:#?}");
    assert!(with(3_200_000.0, &all).is_empty());
    // Where a region has no such tag, the rest may be its own; more than all there is cannot be.
    assert!(with(2_200_000.0, &all[..2]).is_empty());
    assert_eq!(with(4_200_000.0, &all[..2]).len(), 1);
}

#[test]
fn quarters_follow_the_stated_growth() {
    let stated = |last: f64, per: &str| {
        json!({"growth": growing(0.2, per, "bookings"), "figures": [figure("bookings", "2026-Q3", 1_100_000),
            figure("bookings", "2026-Q4", 1_110_000), figure("bookings", "2027-Q1", last)]})
    };
    // 1.1M · 1.2² = 1.584M; 1.21M is 1.1² of it.
    let told = ["makes $1.584M of $1.1M (Q3 2026) in 6 months", "is $1.331M", "Growth of 10 % a quarter"];
    speaks(Rule::YearsAgainstGrowth, stated(1_331_000.0, "quarter"), &told);
    silent(Rule::YearsAgainstGrowth, stated(1_580_000.0, "quarter"));
    silent(Rule::YearsAgainstGrowth, stated(1_331_000.0, "year"));
}

#[test]
fn a_flat_quarter_and_growth_contradict() {
    // 1 + 1.1 + 1.21 + 1.331 = 4.641.
    let stated = |rate: f64| json!({"growth": growing(rate, "quarter", "bookings"), "figures": [figure("bookings", "each-quarter", 750_000)]});
    speaks(Rule::FlatAndGrowing, stated(0.1), &["4.641 times the first", "$3.481M"]);
    silent(Rule::FlatAndGrowing, stated(0.0));
}

#[test]
fn renewals_are_asked_about_only_where_year_one_may_be_new() {
    let stated = |figures: &[(&str, &str, f64)]| json!({"figures": figures.iter().map(|(metric, period, x)| figure(metric, period, *x)).collect::<Vec<_>>()});
    let years = [("total_bookings", YEAR_1, 10_400_000.0), ("total_bookings", YEAR_2, 12_600_000.0)];
    // 12.6M less 9.013M renewed is 3.587M, −66 % if all of year 1 were new: there were customers before.
    silent(Rule::Renewals, stated(&years));
    let new = |first: f64| stated(&[&years[..], &[("bookings", YEAR_1, first)]].concat());
    silent(Rule::Renewals, new(3_100_000.0));
    speaks(Rule::Renewals, new(5_100_000.0), &["with $5.1M new in year 1 as stated", "$3.587M new", "−29.7 %"]);
    // What is new in year 2 is stated, so there is nothing to ask.
    silent(Rule::Renewals, stated(&[&years[..], &[("renewals", YEAR_2, 9_000_000.0)]].concat()));
}

#[test]
fn what_a_customer_costs_is_what_is_spent_over_what_is_won() {
    let stated = |cac: f64| {
        json!({"figures": [figure("investment", YEAR_1, 600_000), figure("won_deals", YEAR_1, 240), figure("cac", YEAR_1, cac),
            figure("cac", "2027-03", 900), figure("arr", "2027-03", 5_000_000), figure("customers", YEAR_1, 1000), figure("arpa", "2027-03", 5_000)]})
    };
    speaks(
        Rule::Quotients,
        stated(1_800.0),
        &["$600k of investment over 240 won deals are $2,500", "is $1,800", "$432k of investment"],
    );
    silent(Rule::Quotients, stated(2_500.0));
    // CAC of a month is not that of the year; nor do months or regions of a quotient add up.
    silent(Rule::StatedTwice, stated(1_800.0));
    silent(Rule::PartsAndWholes, stated(1_800.0));
}
