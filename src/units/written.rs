//! Units in documents: written as people write them, and read through their own constructors.

use serde::de::{Error, Unexpected};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Currency, Month};

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Month, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|_| {
            D::Error::invalid_value(Unexpected::Str(&text), &"a month such as 2027-01, of the years 1900 to 2999")
        })
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Currency, D::Error> {
        let code = String::deserialize(deserializer)?;
        Currency::new(&code).ok_or_else(|| {
            D::Error::invalid_value(Unexpected::Str(&code), &"a currency's three capital letters, such as EUR")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_what_the_constructors_allow() {
        let month: Month = serde_json::from_str("\"2027-03\"").unwrap();
        assert_eq!(serde_json::to_string(&month).unwrap(), "\"2027-03\"");
        let euro: Currency = serde_json::from_str("\"EUR\"").unwrap();
        assert_eq!(serde_json::to_string(&euro).unwrap(), "\"EUR\"");
        for text in ["\"2027-13\"", "\"2027\"", "202703", "null", "\"\""] {
            assert!(serde_json::from_str::<Month>(text).is_err(), "{text}");
        }
        for text in ["\"eur\"", "\"EURO\"", "978", "null", "\"\""] {
            assert!(serde_json::from_str::<Currency>(text).is_err(), "{text}");
        }
    }
}
