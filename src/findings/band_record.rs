//! How the bands of earlier forecasts held, in a sentence beside a forecast.

use crate::documents::Header;
use crate::scenario::BacktestRecord;
use crate::units::format::between;

/// How the bands of earlier forecasts held: "Of the last 9 months 7 lay inside their 8-in-10 band; right bands give 5 to 9." `None` where the
/// scenario names no back-test.
pub fn band_record(header: &Header) -> Option<String> {
    let BacktestRecord { period, periods, inside, right: (least, most), .. } = header.backtest.as_ref()?;
    let of = match periods {
        1 => format!(
            "The last {period} that was forecast lay {} its 8-in-10 band",
            if *inside == 1 { "inside" } else { "outside" }
        ),
        n => format!("Of the last {n} {period}s {inside} lay inside their 8-in-10 band"),
    };
    Some(format!("{of}; right bands give {}.", between(least, most)))
}
