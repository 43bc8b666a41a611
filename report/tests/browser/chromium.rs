//! A headless Chromium, driven over its DevTools protocol through a pair of pipes: no port, and
//! it ends when the tests do, since then its pipe ends.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long an answer or an event is waited for: a busy machine is slow.
const PATIENCE: Duration = Duration::from_secs(60);

/// Reads commands from its third and answers on its fourth descriptor. The profile is a new one,
/// which goes with the browser.
const START: &str = "
profile=$(mktemp -d) || exit 1
chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \\
    --disable-background-networking --disable-component-update --disable-sync \\
    --disable-extensions --user-data-dir=\"$profile\" --remote-debugging-pipe about:blank \\
    3<&0 4>&1 </dev/null >/dev/null 2>&1
rm -rf \"$profile\"";

/// One browser for all tests, which take turns.
static BROWSER: LazyLock<Mutex<Browser>> = LazyLock::new(|| Mutex::new(Browser::start()));

struct Browser {
    commands: ChildStdin,
    messages: Receiver<Value>,
    /// The number of the last command.
    last: u64,
    /// Events that no one has taken.
    events: Vec<Value>,
}

/// A page in a window of its own.
pub(crate) struct Page {
    browser: MutexGuard<'static, Browser>,
    session: String,
}

/// What a page may be shown on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Medium {
    Light,
    Dark,
    Paper,
}

impl Browser {
    fn start() -> Self {
        let found = Command::new("chromium").arg("--version").stderr(Stdio::null()).output();
        assert!(
            found.is_ok_and(|output| output.status.success()),
            "pages are tested in a browser: install Debian's `chromium`, or run `cargo xtask test` \
             as root, which does"
        );
        let mut shell = Command::new("sh");
        shell.args(["-c", START]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = shell.spawn().unwrap();
        let (send, messages) = channel();
        let commands = child.stdin.take().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            for message in answers.split(0).map_while(Result::ok) {
                let Ok(message) = serde_json::from_slice(&message) else { break };
                if send.send(message).is_err() {
                    break;
                }
            }
            let _ = child.wait();
        });
        Self { commands, messages, last: 0, events: Vec::new() }
    }

    fn call(&mut self, session: Option<&str>, method: &str, params: Value) -> Value {
        self.last += 1;
        let mut command = json!({"id": self.last, "method": method, "params": params});
        if let Some(session) = session {
            command["sessionId"] = session.into();
        }
        let mut text = serde_json::to_vec(&command).unwrap();
        text.push(0);
        self.commands.write_all(&text).expect("the browser runs");
        loop {
            let mut message = self.message(method);
            if message["id"] != self.last {
                self.events.push(message);
                continue;
            }
            assert!(message.get("error").is_none(), "{method}: {}", message["error"]);
            return message["result"].take();
        }
    }

    fn message(&self, awaited: &str) -> Value {
        let message = self.messages.recv_timeout(PATIENCE);
        message.unwrap_or_else(|_| panic!("the browser does not come to {awaited}"))
    }

    fn wait_for(&mut self, session: &str, method: &str) {
        let awaited = |e: &Value| e["sessionId"] == session && e["method"] == method;
        while !self.events.iter().any(awaited) {
            let message = self.message(method);
            self.events.push(message);
        }
    }
}

impl Page {
    /// Opens a file in a window so many pixels wide, and waits until it is loaded.
    pub(crate) fn open(file: &Path, width: u32) -> Self {
        let mut browser = BROWSER.lock().unwrap_or_else(PoisonError::into_inner);
        browser.events.clear();
        let target = browser.call(None, "Target.createTarget", json!({"url": "about:blank"}));
        let target = json!({"targetId": target["targetId"], "flatten": true});
        let session = browser.call(None, "Target.attachToTarget", target);
        let session = session["sessionId"].as_str().unwrap().to_owned();
        let mut page = Self { browser, session };
        for domain in ["Runtime", "Log", "Network", "Page"] {
            page.call(&format!("{domain}.enable"), json!({}));
        }
        page.resize(width);
        page.call("Page.navigate", json!({"url": format!("file://{}", file.display())}));
        page.browser.wait_for(&page.session, "Page.loadEventFired");
        page
    }

    fn call(&mut self, method: &str, params: Value) -> Value {
        self.browser.call(Some(&self.session), method, params)
    }

    /// Makes the window so many pixels wide.
    pub(crate) fn resize(&mut self, width: u32) {
        let size = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", size);
    }

    /// Shows the page on a medium.
    pub(crate) fn show_on(&mut self, medium: Medium) {
        let scheme = if medium == Medium::Dark { "dark" } else { "light" };
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        let media = if medium == Medium::Paper { "print" } else { "screen" };
        self.call("Emulation.setEmulatedMedia", json!({"media": media, "features": features}));
    }

    /// What an expression of the page's language is there.
    pub(crate) fn eval<T: DeserializeOwned>(&mut self, expression: &str) -> T {
        // In this mode names may be given again by the next expression.
        let params = json!({"expression": expression, "replMode": true, "returnByValue": true,
                            "awaitPromise": true});
        let mut answer = self.call("Runtime.evaluate", params);
        let thrown = &answer["exceptionDetails"];
        assert!(thrown.is_null(), "{expression}: {thrown}");
        let value = answer["result"]["value"].take();
        serde_json::from_value(value).unwrap_or_else(|e| panic!("{expression}: {e}"))
    }

    /// Presses a key and lets it go.
    pub(crate) fn press(&mut self, key: &str) {
        let text = match key {
            "Enter" => "\r",
            "Tab" => "",
            key => key,
        };
        let code = match key {
            "Enter" => 13,
            "Tab" => 9,
            " " => 32,
            other => panic!("no code of {other:?} is known"),
        };
        let kind = if text.is_empty() { "rawKeyDown" } else { "keyDown" };
        for kind in [kind, "keyUp"] {
            let text = if kind == "keyDown" { text } else { "" };
            let event =
                json!({"type": kind, "key": key, "text": text, "windowsVirtualKeyCode": code});
            self.call("Input.dispatchKeyEvent", event);
        }
    }

    /// Points at a place of the window and clicks.
    pub(crate) fn click(&mut self, (x, y): (f64, f64)) {
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1});
            self.call("Input.dispatchMouseEvent", event);
        }
    }

    /// The addresses that were asked for.
    pub(crate) fn requests(&mut self) -> Vec<String> {
        let asked = self.events_of(&["Network.requestWillBeSent"]).into_iter();
        asked.map(|e| e["params"]["request"]["url"].as_str().unwrap().to_owned()).collect()
    }

    /// What the console says.
    pub(crate) fn messages(&mut self) -> Vec<String> {
        let kinds = ["Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"];
        self.events_of(&kinds).iter().map(Value::to_string).collect()
    }

    fn events_of(&mut self, methods: &[&str]) -> Vec<Value> {
        // What was under way has come once this is answered.
        self.eval::<bool>("await new Promise(done => requestAnimationFrame(() => done(true)))");
        let own = |e: &&Value| {
            e["sessionId"] == self.session && methods.iter().any(|method| e["method"] == *method)
        };
        self.browser.events.iter().filter(own).cloned().collect()
    }
}
