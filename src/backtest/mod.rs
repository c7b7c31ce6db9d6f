//! The past replayed: at each origin only what was known then, a forecast, and what happened; how well bands held, and what so few periods can
//! show at all.

mod chances;
mod document;
mod forecast;
mod naive;
mod open_deals;
mod origins;
mod replay;
mod scores;
mod target;

pub use chances::Decided;
pub use document::BacktestFound;
pub use forecast::{ForecastError, Forecaster};
pub use naive::Method;
pub use open_deals::{OpenDealChances, OpenDealScores, OriginScore, ReliabilityBin};
pub use origins::{Origin, OriginOptions, Origins};
pub use replay::{Forecast, Forecasts, Futures, ReplayOptions, Replays, replay};
pub use scores::{LEVELS, NARROW, Objection, Replayed, Scores, Separate, Verdict, WIDE};
pub use target::{Step, Target};
