//! A browser with a page in it, driven by WebDriver's and Chromium's own commands.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use super::driver::{Driver, chromium, driver};

const FLAGS: [&str; 9] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
];

/// One browser; its session ends when this is dropped.
#[derive(Debug)]
pub struct Session {
    driver: &'static Driver,
    path: String,
}

impl Drop for Session {
    fn drop(&mut self) {
        self.driver.end(&self.path);
    }
}

/// The module's browser, for one test at a time, as if it had just been opened; `None` where there is none, which was said.
pub fn session() -> Option<Guard> {
    static SESSION: Mutex<Option<Session>> = Mutex::new(None);
    let driver = driver()?;
    let mut held = SESSION.lock().unwrap_or_else(PoisonError::into_inner);
    // A test that failed may have left a dialog or a browser that is gone.
    if held.as_ref().is_some_and(|session| session.reset().is_err()) {
        *held = None;
    }
    if held.is_none() {
        let session = Session::open(driver, &[]);
        // Away from the browser's own first page.
        session.reset().unwrap_or_else(|error| panic!("{error}"));
        *held = Some(session);
    }
    Some(Guard(held))
}

/// The module's browser while a test holds it.
#[derive(Debug)]
pub struct Guard(MutexGuard<'static, Option<Session>>);

impl std::ops::Deref for Guard {
    type Target = Session;

    fn deref(&self) -> &Session {
        self.0.as_ref().expect("it was opened when it was given out")
    }
}

/// A second browser that runs no script of a page.
pub fn session_without_scripts() -> Option<Session> {
    Some(Session::open(driver()?, &["--blink-settings=scriptEnabled=false"]))
}

impl Session {
    fn open(driver: &'static Driver, more: &[&str]) -> Session {
        let profile = tempfile::Builder::new().prefix("profile-").tempdir_in(driver.folder());
        let profile = profile.expect("the folder can be written to").keep();
        let mut flags: Vec<String> = FLAGS.iter().chain(more).map(|flag| (*flag).to_owned()).collect();
        flags.push(format!("--user-data-dir={}", profile.display()));
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "unhandledPromptBehavior": "ignore",
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
            "goog:chromeOptions": {
                "binary": chromium(), "args": flags, "perfLoggingPrefs": {"enableNetwork": true, "enablePage": false},
            },
        }}});
        let opened = driver.ask(true, "/session", &wanted).unwrap_or_else(|error| panic!("no session: {error}"));
        let id = opened["sessionId"].as_str().expect("a session has a name");
        Session { driver, path: format!("/session/{id}") }
    }

    /// As a browser is when it opens: no page, a wide window, bright, nothing logged.
    fn reset(&self) -> Result<(), String> {
        self.try_post("/url", &json!({"url": "about:blank"}))?;
        self.try_post("/actions", &json!({"actions": []}))?;
        self.cdp("Emulation.clearDeviceMetricsOverride", &json!({}));
        self.cdp("Emulation.setEmulatedMedia", &json!({"media": "", "features": []}));
        self.log("browser");
        self.log("performance");
        Ok(())
    }

    fn try_post(&self, path: &str, body: &Value) -> Result<Value, String> {
        self.driver.ask(true, &format!("{}{path}", self.path), body)
    }

    /// A command that must succeed.
    pub fn post(&self, path: &str, body: &Value) -> Value {
        self.try_post(path, body).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// A command of Chromium's own protocol.
    pub fn cdp(&self, command: &str, parameters: &Value) -> Value {
        self.post("/goog/cdp/execute", &json!({"cmd": command, "params": parameters}))
    }

    /// Opens a page and waits until it has been drawn.
    pub fn open_page(&self, page: &Path) {
        self.post("/url", &json!({"url": address(page)}));
    }

    /// What a script of the test answers; it may use `arguments`.
    pub fn run(&self, script: &str, arguments: &[Value]) -> Value {
        self.post("/execute/sync", &json!({"script": script, "args": arguments}))
    }

    /// The same for a script that answers later, by calling its last argument.
    pub fn wait(&self, script: &str) -> Value {
        self.post("/execute/async", &json!({"script": script, "args": []}))
    }

    /// The text of an expression.
    pub fn text(&self, expression: &str) -> String {
        let value = self.run(&format!("return {expression};"), &[]);
        value.as_str().unwrap_or_else(|| panic!("{expression} is {value}")).to_owned()
    }

    /// Whether an expression holds.
    pub fn holds(&self, expression: &str) -> bool {
        self.run(&format!("return Boolean({expression});"), &[]) == Value::Bool(true)
    }

    /// The name that the driver gives the first element of a selector.
    fn element(&self, selector: &str) -> String {
        let found = self.post("/element", &json!({"using": "css selector", "value": selector}));
        let names = found.as_object().and_then(|found| found.values().next()).and_then(Value::as_str);
        names.unwrap_or_else(|| panic!("no {selector}")).to_owned()
    }

    /// Clicks with the pointer, where a person would.
    pub fn click(&self, selector: &str) {
        let element = self.element(selector);
        self.run("document.querySelector(arguments[0]).scrollIntoView({block: 'center'})", &[selector.into()]);
        self.post(&format!("/element/{element}/click"), &json!({}));
    }

    /// Presses keys in an element; `keys` are WebDriver's.
    pub fn press(&self, selector: &str, keys: &str) {
        let element = self.element(selector);
        self.post(&format!("/element/{element}/value"), &json!({"text": keys}));
    }

    /// Chooses an option of a list by its value.
    pub fn choose(&self, control: &str, value: &str) {
        self.click(&format!("select[data-control={control}] option[value=\"{value}\"]"));
    }

    /// Moves the pointer over an element, to a part of its width and its middle height.
    pub fn hover(&self, selector: &str, part: f64) {
        let script = "const node = document.querySelector(arguments[0]); node.scrollIntoView({block: 'center'}); \
                      const box = node.getBoundingClientRect(); \
                      return [Math.round(box.left + arguments[1] * box.width), Math.round(box.top + box.height / 2)];";
        let at = self.run(script, &[selector.into(), part.into()]);
        let steps = json!([{"type": "pointerMove", "duration": 0, "x": at[0], "y": at[1]}]);
        let pointer =
            json!({"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": steps});
        self.post("/actions", &json!({"actions": [pointer]}));
    }

    /// What was logged since it was last asked.
    pub fn log(&self, kind: &str) -> Vec<Value> {
        let answer = self.post("/se/log", &json!({"type": kind}));
        answer.as_array().cloned().unwrap_or_default()
    }

    /// The text of an open dialog.
    pub fn dialog(&self) -> Option<String> {
        let answer = self.driver.ask(false, &format!("{}/alert/text", self.path), &Value::Null);
        answer.ok().and_then(|text| text.as_str().map(str::to_owned))
    }

    /// A window of another width, as on a telephone or a desk.
    pub fn resize(&self, width: u32) {
        let size = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        self.cdp("Emulation.setDeviceMetricsOverride", &size);
        self.wait(
            "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0)));",
        );
    }

    /// Colours for the day or the night.
    pub fn colours(&self, scheme: &str) {
        let wanted = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.cdp("Emulation.setEmulatedMedia", &wanted);
    }

    /// Opens or closes everything that can be.
    pub fn details(&self, open: bool) {
        self.run("for (const node of document.querySelectorAll('details')) node.open = arguments[0];", &[open.into()]);
    }
}

/// The address of a file.
pub fn address(page: &Path) -> String {
    format!("file://{}", page.display())
}
