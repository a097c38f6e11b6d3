//! A headless Chromium, spoken to through a pipe in its DevTools protocol: JSON messages, each
//! ended by a zero byte. <https://chromedevtools.github.io/devtools-protocol/>

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// What the browser is called, from system to system.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// A running browser with one page.
pub struct Browser {
    process: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    /// Of the page, once it is attached to.
    session: Option<String>,
    last_id: u64,
    /// What the browser has told and nobody has waited for.
    events: Vec<Value>,
    _profile: TempDir,
}

impl Browser {
    /// Starts the browser with a profile of its own. Without one on this machine the test is
    /// skipped: `None`, and a line that says so; but where CI is true, that is a failure.
    pub fn start() -> Option<Self> {
        let Some(name) = NAMES.into_iter().find(|name| runs(name)) else {
            let wanted = std::env::var_os("CI").is_some_and(|ci| ci == "true");
            assert!(!wanted, "no browser: none of {NAMES:?} can be run");
            // Not captured as the output of a test that passes.
            let mut stderr = std::io::stderr();
            writeln!(stderr, "skipped: no browser, none of {NAMES:?} can be run").unwrap();
            return None;
        };
        let profile = tempfile::tempdir().unwrap();
        // The browser reads requests from descriptor 3 and writes answers to 4; a shell can put
        // the pipes there.
        let mut process = Command::new("sh")
            .args(["-c", r#"exec "$0" "$@" 3<&0 4>&1 0</dev/null 1>&2"#, name])
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
            ])
            .args(["--no-first-run", "--disable-background-networking"])
            .args([
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
            ])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .args(["--remote-debugging-pipe", "about:blank"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::create(profile.path().join("stderr")).unwrap())
            .spawn()
            .unwrap();
        let mut browser = Self {
            requests: process.stdin.take(),
            answers: BufReader::new(process.stdout.take().unwrap()),
            process,
            session: None,
            last_id: 0,
            events: Vec::new(),
            _profile: profile,
        };
        let targets = browser.call("Target.getTargets", json!({}));
        let mut targets = targets["targetInfos"].as_array().unwrap().iter();
        let page = targets.find(|target| target["type"] == "page").unwrap();
        let attach = json!({ "targetId": page["targetId"], "flatten": true });
        let session = browser.call("Target.attachToTarget", attach);
        browser.session = session["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        Some(browser)
    }

    /// Calls a method of the protocol and waits for its result.
    pub fn call(&mut self, method: &str, parameters: Value) -> Value {
        let id = self.send(method, parameters);
        self.result(id)
    }

    /// Sends a request, and returns the number by which its result is waited for.
    fn send(&mut self, method: &str, parameters: Value) -> u64 {
        self.last_id += 1;
        let mut request = json!({ "id": self.last_id, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            request["sessionId"] = session.as_str().into();
        }
        let pipe = self.requests.as_mut().unwrap();
        pipe.write_all(format!("{request}\0").as_bytes()).unwrap();
        self.last_id
    }

    /// Waits for the result of a request.
    fn result(&mut self, id: u64) -> Value {
        loop {
            let told = self.events.iter().position(|message| message["id"] == id);
            let message = match told {
                Some(told) => self.events.remove(told),
                None => self.receive(),
            };
            if message["id"] != id {
                self.events.push(message);
                continue;
            }
            assert!(message["error"].is_null(), "{}", message["error"]);
            return message["result"].clone();
        }
    }

    fn receive(&mut self) -> Value {
        let mut message = Vec::new();
        self.answers.read_until(0, &mut message).unwrap();
        assert_eq!(message.pop(), Some(0), "the browser has gone");
        serde_json::from_slice(&message).unwrap()
    }

    /// Opens a file in a window of this size and waits until it is loaded.
    pub fn open(&mut self, page: &Path, width: u32, height: u32) {
        let size = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false
        });
        self.call("Emulation.setDeviceMetricsOverride", size);
        self.events.clear();
        let url = format!("file://{}", page.display());
        self.call("Page.navigate", json!({ "url": url }));
        while !self
            .events
            .iter()
            .any(|event| event["method"] == "Page.loadEventFired")
        {
            let event = self.receive();
            self.events.push(event);
        }
    }

    /// The value of an expression of JavaScript in the page.
    pub fn evaluate(&mut self, expression: &str) -> Value {
        let parameters = json!({
            "expression": expression, "awaitPromise": true, "returnByValue": true
        });
        let result = self.call("Runtime.evaluate", parameters);
        let exception = &result["exceptionDetails"];
        assert!(exception.is_null(), "{expression}: {exception}");
        result["result"]["value"].clone()
    }

    /// The middle of the first element that a selector finds, scrolled to be seen, after an
    /// offset in parts of its size.
    pub fn place(&mut self, selector: &str, [right, down]: [f64; 2]) -> [f64; 2] {
        let place = self.evaluate(&format!(
            "(() => {{
               const element = document.querySelector({selector:?});
               element.scrollIntoView({{ block: 'center', behavior: 'instant' }});
               const box = element.getBoundingClientRect();
               return [box.left + box.width * (0.5 + {right}), box.top + box.height * (0.5 + {down})];
             }})()"
        ));
        [0, 1].map(|i| place[i].as_f64().unwrap())
    }

    /// A pointer that goes down at the first place, along the others, and up at the last.
    pub fn drag(&mut self, places: &[[f64; 2]]) {
        self.drag_by("left", places);
    }

    /// The same with the `"left"` or the `"right"` button.
    pub fn drag_by(&mut self, button: &str, places: &[[f64; 2]]) {
        let pressed = if button == "left" { 1 } else { 2 };
        let mut requests = Vec::new();
        let mut event = |kind: &str, [x, y]: [f64; 2], buttons: u8| {
            let parameters = json!({
                "type": kind, "x": x, "y": y, "button": button, "buttons": buttons, "clickCount": 1
            });
            requests.push(self.send("Input.dispatchMouseEvent", parameters));
        };
        let (first, last) = (places[0], places[places.len() - 1]);
        event("mouseMoved", first, 0);
        event("mousePressed", first, pressed);
        for &place in places {
            event("mouseMoved", place, pressed);
        }
        event("mouseReleased", last, 0);
        // The browser takes a frame for each event that is waited for, and for many only one.
        for id in requests {
            self.result(id);
        }
    }

    /// A click on the middle of the first element that a selector finds.
    pub fn click(&mut self, selector: &str) {
        let middle = self.place(selector, [0.0, 0.0]);
        self.drag(&[middle]);
    }

    /// A key, pressed and released.
    pub fn press(&mut self, key: &str) {
        for kind in ["keyDown", "keyUp"] {
            self.call(
                "Input.dispatchKeyEvent",
                json!({ "type": kind, "key": key }),
            );
        }
    }

    /// Panics if since `open` anything was requested beside the page itself, or anything was
    /// logged or thrown.
    pub fn assert_quiet(&mut self) {
        let told = |event: &&Value| match event["method"].as_str().unwrap_or_default() {
            "Network.requestWillBeSent" => {
                let url = event["params"]["request"]["url"].as_str().unwrap();
                let page = event["params"]["type"] == "Document";
                !(page || url.starts_with("data:"))
            }
            method => [
                "Runtime.exceptionThrown",
                "Runtime.consoleAPICalled",
                "Log.entryAdded",
            ]
            .contains(&method),
        };
        // All that happened until now is told before this call's answer.
        self.evaluate("0");
        let told: Vec<&Value> = self.events.iter().filter(told).collect();
        assert!(told.is_empty(), "{told:#?}");
        let document = |event: &&Value| event["params"]["type"] == "Document";
        let requests = |event: &&Value| event["method"] == "Network.requestWillBeSent";
        let documents = self.events.iter().filter(requests).filter(document).count();
        assert_eq!(documents, 1, "requests are seen at all");
    }
}

impl Drop for Browser {
    /// The browser ends when nobody can ask it any more.
    fn drop(&mut self) {
        drop(self.requests.take());
        let ended = self.process.wait();
        if !std::thread::panicking() {
            ended.unwrap();
        }
    }
}

fn runs(name: &str) -> bool {
    let version = Command::new(name)
        .arg("--version")
        .stderr(Stdio::null())
        .output();
    version.is_ok_and(|output| output.status.success())
}
