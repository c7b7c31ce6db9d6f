//! What happened, and what had been forecast of it.

use revcast::analysis::Actual;
use revcast::history::{FigureKey, Given, History};
use revcast::scenario::Metric;

use super::{Place, append, small, time};

fn give(history: &mut History, period: &str, amount: Option<f64>, at: &str) -> Option<f64> {
    let key = FigureKey::new(Metric::Bookings, "total", period);
    history.give("small", &[Given { key, amount, note: None }], time(at)).unwrap()[0]
}

fn actual(history: &History, period: &str) -> Option<Actual> {
    history.actuals("small").unwrap().into_iter().find(|actual| actual.period == period)
}

#[test]
fn what_was_given_can_be_corrected_and_taken_back_and_is_never_lost() {
    let place = Place::new();
    let mut history = place.open();
    assert_eq!(give(&mut history, "2027-03", Some(1.0), "2027-04-01T00:00:00Z"), None);
    assert_eq!(give(&mut history, "2027-03", Some(0.0), "2027-04-02T00:00:00Z"), Some(1.0));
    assert_eq!(actual(&history, "2027-03").unwrap().amount, 0.0);
    assert_eq!(give(&mut history, "2027-03", None, "2027-04-03T00:00:00Z"), Some(0.0));
    assert_eq!(actual(&history, "2027-03"), None);
    assert_eq!(give(&mut history, "2027-03", Some(2.0), "2027-04-04T00:00:00Z"), None);
    assert_eq!(actual(&history, "2027-03").unwrap().given, time("2027-04-04T00:00:00Z"));
    assert_eq!(place.number("SELECT count(*) FROM actual"), 4.0);
}

#[test]
fn a_period_is_held_against_the_last_run_made_before_it_began() {
    let place = Place::new();
    let mut history = place.open();
    // The third is written down after its time has passed: its clock was behind.
    for (at, seed) in [
        ("2027-01-31T23:59:59Z", 1),
        ("2027-02-20T02:00:00Z", 2),
        ("2027-02-27T02:00:00Z", 3),
        ("2027-02-10T02:00:00Z", 4),
    ] {
        append(&mut history, at, None, &small(seed));
    }
    for period in ["2027-02", "2027-03", "2027-01", "2027"] {
        give(&mut history, period, Some(1.5e5), "2027-05-01T00:00:00Z");
    }
    let newest = small(1).horizon();
    let euro = small(1).header.currency;
    let found = |period: &str| {
        let actual = actual(&history, period).unwrap();
        history
            .forecast_before("small", &actual, &euro, &newest)
            .unwrap()
            .map(|found| (found.run, found.when.to_string()))
    };
    assert_eq!(found("2027-02"), Some((1, "2027-01-31T23:59:59Z".to_owned())));
    assert_eq!(found("2027-03"), Some((3, "2027-02-27T02:00:00Z".to_owned())));
    assert_eq!(found("2027-01"), None);
    assert_eq!(found("2027"), None);
    let dollar = revcast::units::Currency::new("USD").unwrap();
    assert!(
        history.forecast_before("small", &actual(&history, "2027-03").unwrap(), &dollar, &newest).unwrap().is_none()
    );
}
