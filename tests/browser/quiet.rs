//! The page complains of nothing and asks for nothing.

use serde_json::Value;

use super::pages::{ALL, page};
use super::session::{Session, address, session};

/// What the browser complained of since it was last asked.
pub fn complaints(session: &Session) -> Vec<String> {
    let bad = |entry: &Value| matches!(entry["level"].as_str(), Some("WARNING" | "SEVERE"));
    session.log("browser").iter().filter(|entry| bad(entry)).map(|entry| entry["message"].to_string()).collect()
}

/// Addresses that were asked for since the log was last read, but for those of the browser itself.
pub fn asked_for(session: &Session) -> Vec<String> {
    let mut addresses = Vec::new();
    for entry in session.log("performance") {
        let text = entry["message"].as_str().unwrap_or_default();
        let event: Value = serde_json::from_str(text).expect("the browser logs JSON");
        if event["message"]["method"] == "Network.requestWillBeSent" {
            addresses.push(event["message"]["params"]["request"]["url"].as_str().unwrap_or_default().to_owned());
        }
    }
    addresses.retain(|address| !address.starts_with("chrome:"));
    addresses
}

#[test]
fn no_page_complains_or_asks_for_anything_but_itself() {
    let Some(session) = session() else { return };
    for name in ALL {
        let page = page(name);
        session.open_page(&page);
        session.details(true);
        session.wait("setTimeout(arguments[0], 50)");
        assert_eq!(complaints(&session), Vec::<String>::new(), "{name}");
        let own = address(&page);
        let asked = asked_for(&session);
        assert!(asked.contains(&own), "{name}: the log has nothing of the page itself: {asked:?}");
        let other: Vec<&String> =
            asked.iter().filter(|url| **url != own && !url.starts_with("data:") && !url.starts_with("blob:")).collect();
        assert!(other.is_empty(), "{name} asks for {other:?}");
    }
}
