//! Histories: files of their own, and the commands that write and read them.

mod actuals;
mod openings;
mod program;
mod record;
mod runs;
mod size;
mod times;

use std::path::PathBuf;

use jiff::Timestamp;
use revcast::forecast::Forecast;
use revcast::history::{Entry, History, RunId};
use rusqlite::Connection;
use serde_json::json;
use tempfile::TempDir;

use crate::common::forecast_of;

/// A folder with the path of a history in it.
struct Place {
    folder: TempDir,
    path: PathBuf,
}

impl Place {
    fn new() -> Place {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("history.sqlite");
        Place { folder, path }
    }

    fn open(&self) -> History {
        History::open(&self.path).unwrap_or_else(|error| panic!("{error}"))
    }

    /// The database as any client of SQLite sees it.
    fn client(&self) -> Connection {
        Connection::open(&self.path).unwrap()
    }

    /// The first cell of a query.
    fn number(&self, query: &str) -> f64 {
        self.client().query_row(query, [], |row| row.get(0)).unwrap()
    }
}

/// A small forecast: two regions, two years, targets of a year, of every month, and of a part.
fn small(seed: u64) -> Forecast {
    forecast_of(&json!({
        "name": "Small", "start": "2027-01", "months": 24, "simulation": {"trials": 400, "seed": seed},
        "regions": {
            "north": {
                "label": "The North", "leads": {"monthly": 60}, "conversion": {"mean": 0.25, "sd": 0.02},
                "cycle": {"mean_days": 40}, "deal_size": {"mean": 10_000}
            },
            "south": {
                "leads": {"monthly": 30}, "conversion": 0.2, "cycle": {"mean_days": 60}, "deal_size": {"mean": 9_000}
            }
        },
        "targets": [
            {"name": "Year", "metric": "bookings", "period": "2027", "at_least": 1_800_000},
            {"name": "More", "metric": "bookings", "period": "2027", "at_least": 2_000_000},
            {"name": "Months", "metric": "bookings", "period": "each-month", "at_least": 100_000},
            {"name": "North", "metric": "arr", "region": "north", "period": "2027-12", "at_least": 1_500_000},
            {"name": "So far", "metric": "bookings", "period": "to 2028-06", "at_least": 3_000_000}
        ]
    }))
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Appends a run of the series "small".
fn append(history: &mut History, at: &str, night: Option<&str>, forecast: &Forecast) -> RunId {
    history.append(&Entry { series: "small", at: time(at), night, forecast }).unwrap()
}
