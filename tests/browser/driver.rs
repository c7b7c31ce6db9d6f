//! ChromeDriver, started once for all tests of the module and ended with them, however they end.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use serde_json::Value;

use crate::common::required::skipped;

/// The watcher outlives a test that panics and a test binary that is killed: when its input ends, because nobody holds the other end
/// any more, it ends its own group of processes, the driver and its browsers, and removes what they wrote. (A browser does not
/// end with its driver.)
const WATCHER: &str = r#"
trap : TERM
chromedriver --port=0 2>/dev/null &
cat >/dev/null
kill -TERM 0
wait
for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0.2; rm -rf "$1"; done 2>/dev/null
kill -KILL 0
"#;

/// What runs for the module.
#[derive(Debug)]
pub struct Driver {
    port: u16,
    folder: PathBuf,
    // Held, so that the watcher waits and the driver can go on printing.
    _watcher: Child,
    _output: BufReader<ChildStdout>,
}

/// The driver, or a loud word that there is none.
pub fn driver() -> Option<&'static Driver> {
    static DRIVER: OnceLock<Result<Driver, String>> = OnceLock::new();
    match DRIVER.get_or_init(start) {
        Ok(driver) => Some(driver),
        Err(reason) => {
            skipped("browser", &format!("{reason}; the page was not opened in a browser"));
            None
        }
    }
}

/// Where Chromium lies.
pub fn chromium() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
    names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name))).find(|path| path.is_file())
}

fn start() -> Result<Driver, String> {
    chromium().ok_or("Chromium is not installed")?;
    let started = Command::new("chromedriver").arg("--version").stdin(Stdio::null()).output();
    started.map_err(|error| format!("chromedriver does not start ({error})"))?;
    let folder = tempfile::Builder::new().prefix("revcast-browser-").tempdir().map_err(|e| e.to_string())?.keep();
    let mut watcher = Command::new("sh");
    watcher.args(["-c", WATCHER, "watcher"]).arg(&folder);
    watcher.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    // A group of its own, to end as one.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut watcher, 0);
    let mut watcher = watcher.spawn().map_err(|error| format!("sh does not start ({error})"))?;
    let mut output = BufReader::new(watcher.stdout.take().ok_or("the driver's output is lost")?);
    let port = port(&mut output).ok_or("chromedriver does not say where it listens")?;
    Ok(Driver { port, folder, _watcher: watcher, _output: output })
}

/// "ChromeDriver was started successfully on port 41234."
fn port(output: &mut impl BufRead) -> Option<u16> {
    let lines = output.lines().map_while(Result::ok);
    let said = lines.into_iter().find(|line| line.contains("started successfully"))?;
    said.trim_end_matches('.').rsplit(' ').next()?.parse().ok()
}

impl Driver {
    /// A folder that goes when the tests end.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Asks the driver; its answer, or the error that it names.
    pub fn ask(&self, post: bool, path: &str, body: &Value) -> Result<Value, String> {
        let url = format!("http://127.0.0.1:{}{path}", self.port);
        let request = if post { minreq::post(url).with_body(body.to_string()) } else { minreq::get(url) };
        self.send(request)
    }

    /// Ends a session.
    pub fn end(&self, path: &str) {
        let _ = self.send(minreq::delete(format!("http://127.0.0.1:{}{path}", self.port)));
    }

    fn send(&self, request: minreq::Request) -> Result<Value, String> {
        let timeout = Duration::from_secs(120).as_secs();
        let request = request.with_header("Content-Type", "application/json").with_timeout(timeout);
        let response = request.send().map_err(|error| format!("the driver does not answer: {error}"))?;
        let mut answer: Value = serde_json::from_slice(response.as_bytes()).map_err(|error| error.to_string())?;
        let value = answer["value"].take();
        match value["error"].as_str() {
            Some(error) => Err(format!("{error}: {}", value["message"].as_str().unwrap_or_default())),
            None => Ok(value),
        }
    }
}
