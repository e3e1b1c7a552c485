//! A browser, a served site, and the few verbs that the tests are written in.

use std::any::Any;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::ops::Deref;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bioscope::document::Document;
use fantoccini::actions::{InputSource, MOUSE_BUTTON_LEFT, PointerAction, TouchActions};
use fantoccini::error::CmdError;
use fantoccini::wd::{TimeoutConfiguration, WebDriverCompatibleCommand, WindowHandle};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use xtask::{Access, Server};

use crate::common;
use crate::page::select;

/// As many browsers at a time as there are test threads, but where times are measured: one then.
static TURN: RwLock<()> = RwLock::new(());

/// A test's right to have a browser, for as long as it holds this.
type Turn = Box<dyn Any>;

fn among_others() -> Turn {
    Box::new(TURN.read().unwrap_or_else(PoisonError::into_inner))
}

fn alone() -> Turn {
    Box::new(TURN.write().unwrap_or_else(PoisonError::into_inner))
}

/// Browsers that a test has given back: to start one costs four times what a new tab does. Chromium alone, whose tabs can be
/// cleared of all that a test leaves.
static IDLE: Mutex<Vec<Arc<Browser>>> = Mutex::new(Vec::new());

/// A browser and its driver, until this is dropped.
pub struct Browser {
    client: Client,
    runtime: tokio::runtime::Runtime,
    /// Above the driver and, after it, above what that needs.
    guards: Vec<Guard>,
    /// Holds the browser's profile and, for as long as a test has the browser, its site.
    folder: PathBuf,
    /// Whether a test gives it back for the next one. What a test changes ends with its tab or belongs to its site's origin then;
    /// permissions and what is stored for `file://` do neither.
    shared: bool,
}

/// A served site, and a browser that shows nothing yet.
pub struct Page {
    browser: Arc<Browser>,
    pub server: Server,
    _turn: Turn,
}

impl Deref for Page {
    type Target = Browser;

    fn deref(&self) -> &Browser {
        &self.browser
    }
}

impl Page {
    /// Makes the browser as good as new: an empty tab, all others closed, and nothing kept.
    async fn clear(&self) -> Result<(), CmdError> {
        let empty = self.client.new_window(true).await?.handle;
        for tab in self.client.windows().await? {
            if tab != empty {
                self.client.switch_to_window(tab).await?;
                self.client.close_window().await?;
            }
        }
        self.client.switch_to_window(empty).await?;
        let kept = json!({"origin": self.server.url(), "storageTypes": "all"});
        self.client.issue_cmd(DevTools::new("Storage.clearDataForOrigin", kept)).await?;
        self.client.issue_cmd(DevTools::new("Network.clearBrowserCache", json!({}))).await?;
        set_up(&self.client).await
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let reusable = self.shared && !std::thread::panicking() && self.runtime.block_on(self.clear()).is_ok();
        if reusable && fs::remove_dir_all(self.site()).is_ok() {
            IDLE.lock().expect("nothing panics").push(self.browser.clone());
        }
    }
}

/// How the site differs from the built one.
#[derive(Default)]
pub struct Site<'a> {
    /// Files that are left out.
    pub without: &'a [&'a str],
    /// Files with other content.
    pub changed: &'a [(&'a str, Vec<u8>)],
    /// Folders of this machine, served under a name.
    pub beside: &'a [(&'a str, PathBuf)],
}

/// The built site, or `None` (with a word) when no one has said where it is.
pub fn dist() -> Option<PathBuf> {
    let dist = std::env::var_os("BIOSCOPE_DIST").map(PathBuf::from);
    if dist.is_none() {
        println!("not run: `cargo xtask test e2e` builds the site and runs this");
    }
    dist
}

/// Starts the browser that `BIOSCOPE_BROWSER` names, Chromium where it names none, on the site as built; the page is not opened
/// yet.
pub fn browser() -> Option<Page> {
    browser_on(&Site::default())
}

/// The same, with the page opened and ready.
pub fn opened() -> Option<Page> {
    let page = browser()?;
    page.open_ready();
    Some(page)
}

/// Starts a browser that no other test runs beside, for times that are measured.
pub fn browser_alone() -> Option<Page> {
    start(&Site::default(), &dist()?, alone(), Browser::start(Storage::Usual, false))
}

/// Starts a browser on a site with differences.
pub fn browser_on(site: &Site) -> Option<Page> {
    start(site, &dist()?, among_others(), Browser::shared())
}

/// Starts a browser that no other test has before or after, and that keeps so much.
pub fn fresh_browser(storage: Storage) -> Option<Page> {
    start(&Site::default(), &dist()?, among_others(), Browser::start(storage, false))
}

/// Starts Chromium, for what only its DevTools can do; `None` (with a word) where another browser is to be tested.
pub fn chromium() -> Option<Page> {
    chromium_only().then(browser)?
}

/// The same, and no other test has it before or after.
pub fn fresh_chromium() -> Option<Page> {
    chromium_only().then(|| fresh_browser(Storage::Usual))?
}

/// The same, and no other test runs beside it.
pub fn chromium_alone() -> Option<Page> {
    chromium_only().then(browser_alone)?
}

/// Starts a browser that keeps what a page stores, and has service workers: not WebKitGTK's, whose window is a private one when
/// it is driven.
pub fn keeping() -> Option<Page> {
    if !Kind::named().keeps() {
        skip("needs a browser that keeps what a page stores");
        return None;
    }
    browser()
}

/// Whether it is Chromium that is tested; if not, says so.
pub fn chromium_only() -> bool {
    let chromium = Kind::named() == Kind::Chromium;
    if !chromium {
        skip("needs Chromium's DevTools");
    }
    chromium
}

/// Says that the test that this thread runs is left out, and why.
pub fn skip(why: &str) {
    common::skip(std::thread::current().name().unwrap_or("a test"), why);
}

/// What a browser keeps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Storage {
    /// As it does unasked.
    Usual,
    /// Nothing beyond a window: a private one. WebKitGTK's always is one when it is driven.
    Private,
    /// Nothing at all, as its settings say; not in WebKitGTK's MiniBrowser, which has no such setting.
    Refused,
}

/// Which browser.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Chromium,
    Firefox,
    /// WebKitGTK's MiniBrowser: Safari's engine.
    WebKit,
}

impl Kind {
    /// The worker program that it runs: WebKit has no relaxed SIMD.
    pub fn kernel(self) -> &'static str {
        if self == Kind::WebKit { "simd128" } else { "relaxed" }
    }

    /// Whether what a page stores is there after a reload.
    pub fn keeps(self) -> bool {
        self != Kind::WebKit
    }

    /// The one that `BIOSCOPE_BROWSER` names.
    pub fn named() -> Kind {
        match std::env::var("BIOSCOPE_BROWSER").as_deref() {
            Ok("firefox") => Kind::Firefox,
            Ok("webkit") => Kind::WebKit,
            Ok("chromium") | Err(_) => Kind::Chromium,
            Ok(other) => panic!("BIOSCOPE_BROWSER is chromium, firefox or webkit, not {other}"),
        }
    }
}

fn start(site: &Site, dist: &Path, turn: Turn, browser: Arc<Browser>) -> Option<Page> {
    let root = browser.site();
    copy(dist, &root);
    for name in site.without {
        fs::remove_file(root.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
    }
    for (name, content) in site.changed {
        fs::remove_file(root.join(name)).unwrap_or_else(|e| panic!("{name}: {e}")); // a link to the built file
        fs::write(root.join(name), content).unwrap_or_else(|e| panic!("{name}: {e}"));
    }
    for (name, path) in site.beside {
        copy(path, &root.join(name));
    }
    Some(Page { browser, server: serve(Access::SameOrigin, &root), _turn: turn })
}

impl Browser {
    fn start(storage: Storage, shared: bool) -> Arc<Browser> {
        let kind = Kind::named();
        let folder = tempfile::Builder::new().prefix("bioscope-e2e-").tempdir().expect("a folder").keep();
        let (guards, port) = start_driver(kind, &folder);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let client = runtime.block_on(session(kind, storage, port, &folder));
        Arc::new(Browser { client, runtime, guards, folder, shared })
    }

    /// One that a test has given back, or else a new one.
    fn shared() -> Arc<Browser> {
        let idle = IDLE.lock().expect("nothing panics").pop();
        idle.unwrap_or_else(|| Browser::start(Storage::Usual, Kind::named() == Kind::Chromium))
    }

    /// The folder that is served.
    fn site(&self) -> PathBuf {
        self.folder.join("site")
    }
}

/// Serves a folder at a port that no test had before: what a browser keeps of one test's site is of no other test's origin.
pub fn serve(access: Access, folder: &Path) -> Server {
    static HAD: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    loop {
        let server = Server::start_for(access, folder, None).expect("the folder can be served");
        if HAD.lock().expect("nothing panics").insert(server.url()) {
            return server;
        }
    }
}

/// Copies a folder, by links where that can be.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).unwrap_or_else(|e| panic!("{}: {e}", from.display())) {
        let path = entry.expect("a readable folder").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else if fs::hard_link(&path, &target).is_err() {
            fs::copy(&path, &target).expect("a file can be copied");
        }
    }
}

/// Runs a program and all that it starts as one process group; when its input ends, it ends the group and removes a folder.
const GUARD: &str = r#"set -m; "$@" </dev/null & exec >&-; read -r _; kill -KILL -- -$!; wait; rm -rf -- "$0""#;

/// A shell above a program. The other end of its input is here, so that the program ends, and nothing of it is left, when this is
/// dropped, and when the tests end in whatever way.
struct Guard(Child);

impl Guard {
    /// To start a program, whose temporary files go into the folder.
    fn command(program: impl AsRef<OsStr>, folder: &Path) -> Command {
        let mut shell = Command::new("bash");
        shell.args(["-c", GUARD]).arg(folder).arg(program).env("TMPDIR", folder);
        shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        shell.process_group(0); // a terminal's Ctrl-C is for the tests
        shell
    }

    fn start(command: &mut Command) -> Guard {
        Guard(command.spawn().expect("bash starts"))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = self.0.wait(); // closes the input first
    }
}

/// Starts the driver, and gives the port that it listens on.
fn start_driver(kind: Kind, folder: &Path) -> (Vec<Guard>, u16) {
    let (variable, usual, before) = match kind {
        // "ChromeDriver was started successfully on port 40123."
        Kind::Chromium => ("CHROMEDRIVER", "chromedriver", "successfully on port "),
        // "1700000000000 geckodriver INFO Listening on 127.0.0.1:40123"
        Kind::Firefox => ("GECKODRIVER", "geckodriver", "Listening on 127.0.0.1:"),
        Kind::WebKit => return start_webkit_driver(folder),
    };
    let program = std::env::var_os(variable).unwrap_or_else(|| usual.into());
    let (driver, port) = start_and_hear(Guard::command(program, folder).arg("--port=0"), |line| {
        let (_, rest) = line.split_once(before)?;
        rest.trim_end_matches('.').parse().ok()
    });
    (vec![driver], port)
}

/// Starts a program, and reads the number that it prints.
fn start_and_hear(program: &mut Command, number: impl Fn(&str) -> Option<u16>) -> (Guard, u16) {
    let mut guard = Guard::start(program.stdout(Stdio::piped()));
    let mut lines = BufReader::new(guard.0.stdout.take().expect("piped")).lines().map_while(Result::ok);
    let number = lines.find_map(|line| number(&line));
    // Geckodriver goes on talking, and falls over a pipe that nobody reads.
    std::thread::spawn(move || lines.for_each(drop));
    (guard, number.unwrap_or_else(|| panic!("{program:?} starts and says its number")))
}

/// WebKitGTK has no mode without a screen: it gets a virtual one, and a message bus and a home of its own. Its driver does not
/// say a port that it chooses.
fn start_webkit_driver(folder: &Path) -> (Vec<Guard>, u16) {
    let mut xvfb = Guard::command("Xvfb", folder);
    xvfb.args(["-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]);
    let (screen, display) = start_and_hear(&mut xvfb, |line| line.trim().parse().ok());
    let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
    let home = folder.join("home");
    fs::create_dir_all(&home).expect("a folder");
    let driver = Guard::start(
        Guard::command("dbus-run-session", folder)
            .args(["--", "WebKitWebDriver", &format!("--port={port}")])
            .env("DISPLAY", format!(":{display}"))
            .env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1") // in a container there is none to be had
            .env("WEBKIT_DISABLE_COMPOSITING_MODE", "1") // without a GPU, layers cost a third of the whole time
            .env("HOME", &home)
            .env("XDG_DATA_HOME", home.join("data"))
            .env("XDG_CACHE_HOME", home.join("cache")),
    );
    let start = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(start.elapsed() < Duration::from_secs(20), "WebKitWebDriver does not listen");
        std::thread::sleep(Duration::from_millis(20));
    }
    (vec![driver, screen], port)
}

async fn session(kind: Kind, storage: Storage, port: u16, folder: &Path) -> Client {
    let mut wanted = serde_json::Map::new();
    wanted.insert("pageLoadStrategy".into(), "none".into()); // the tests look for what they need themselves
    let (name, options) = match kind {
        Kind::Chromium => ("goog:chromeOptions", chromium_options(storage, folder)),
        Kind::Firefox => {
            let binary = std::env::var("FIREFOX").unwrap_or_default();
            let preferences = match storage {
                Storage::Usual => json!({}),
                Storage::Private => json!({"browser.privatebrowsing.autostart": true}),
                Storage::Refused => json!({"network.cookie.cookieBehavior": 2}),
            };
            ("moz:firefoxOptions", json!({"binary": binary, "args": ["-headless"], "prefs": preferences}))
        }
        Kind::WebKit => {
            let binary = std::env::var("WEBKIT").unwrap_or_default();
            let args = ["--automation", "--javascript-can-open-windows-automatically=true"];
            ("webkitgtk:browserOptions", json!({"binary": binary, "args": args}))
        }
    };
    wanted.insert(name.into(), options);
    let mut builder = ClientBuilder::new(HttpConnector::new());
    builder.capabilities(wanted);
    let client = builder.connect(&format!("http://127.0.0.1:{port}")).await.expect("a browser session");
    if kind != Kind::Chromium {
        client.set_window_size(1280, 900).await.expect("a window of that size");
    }
    set_up(&client).await.expect("the session takes its settings");
    client
}

/// Sets what goes for one tab or may be changed by a test.
async fn set_up(client: &Client) -> Result<(), CmdError> {
    // A busy machine may take its time.
    client.update_timeouts(TimeoutConfiguration::new(Some(Duration::from_secs(180)), None, None)).await?;
    if Kind::named() == Kind::Chromium {
        // A window without a screen may not be the active one, and then no focus event is sent.
        client.issue_cmd(DevTools::new("Emulation.setFocusEmulationEnabled", json!({ "enabled": true }))).await?;
    }
    Ok(())
}

fn chromium_options(storage: Storage, folder: &Path) -> Value {
    let mut options = json!({"args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-dev-shm-usage", "--window-size=1280,900",
        format!("--user-data-dir={}", folder.join("profile").display())]});
    match storage {
        Storage::Usual => {}
        Storage::Private => options["args"].as_array_mut().expect("a list").push("--incognito".into()),
        Storage::Refused => options["prefs"] = json!({"profile.default_content_setting_values.cookies": 2}),
    }
    if let Ok(chrome) = std::env::var("CHROME") {
        options["binary"] = chrome.into();
    }
    options
}

/// ChromeDriver's door to the DevTools protocol.
#[derive(Debug)]
struct DevTools(Value);

impl DevTools {
    fn new(command: &str, parameters: Value) -> DevTools {
        DevTools(json!({"cmd": command, "params": parameters}))
    }
}

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }
    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.0.to_string()))
    }
}

impl Page {
    /// A process that driver and browser are below.
    pub fn driver(&self) -> u32 {
        self.guards[0].0.id()
    }

    /// Opens the site's page.
    pub fn open(&self) {
        self.goto("");
    }

    /// Opens the site's page and waits until it is ready.
    pub fn open_ready(&self) {
        self.open();
        self.ready();
    }

    /// Opens the page as someone finds it who left it with this model and these texts; waits for their analysis.
    pub fn open_as_left(&self, model: &str, question: &str, paragraph: &str) {
        let (model, question, paragraph) = (model.into(), question.into(), paragraph.into());
        let document = Document { model, question, paragraph, ..Document::default() };
        self.goto("bioscope.js"); // any file of the site
        self.run("localStorage['bioscope.document'] = a;", json!(document.to_json()));
        self.open_ready();
        self.settled(&document.paragraph);
    }

    /// Opens a path below the site's root.
    pub fn goto(&self, path: &str) {
        self.visit(&format!("{}{path}", self.server.url()));
    }

    /// Opens any address.
    pub fn visit(&self, url: &str) {
        // A fragment alone leads to no other document.
        let within = url
            .split_once('#')
            .is_some_and(|(document, _)| self.try_js("location.href.split('#')[0]") == Ok(Value::from(document)));
        if !within {
            let _ = self.try_js("window.__old = true");
        }
        self.runtime.block_on(self.client.goto(url)).expect("the page opens");
        self.wait(
            "!window.__old && document.readyState !== 'loading' && location.href !== 'about:blank'",
            "the document",
        );
    }

    /// Opens it again.
    pub fn reload(&self) {
        self.js("window.__old = true");
        self.runtime.block_on(self.client.refresh()).expect("the page reloads");
        self.wait("!window.__old && document.readyState !== 'loading'", "the document, anew");
    }

    /// Opens it again and waits until it is ready.
    pub fn reload_ready(&self) {
        self.reload();
        self.ready();
    }

    /// The tab that the tests look at.
    pub fn tab(&self) -> WindowHandle {
        self.runtime.block_on(self.client.window()).expect("a tab")
    }

    /// Opens one more tab, still empty, and looks at it.
    pub fn new_tab(&self) -> WindowHandle {
        let opened = self.runtime.block_on(self.client.new_window(true)).expect("a new tab");
        let tab = opened.handle;
        self.look_at(&tab);
        tab
    }

    /// Looks at a tab.
    pub fn look_at(&self, tab: &WindowHandle) {
        self.runtime.block_on(self.client.switch_to_window(tab.clone())).expect("the tab is there");
    }

    /// Closes the tab that the tests look at; the next thing is to look at another.
    pub fn close_tab(&self) {
        self.runtime.block_on(self.client.close_window()).expect("the tab closes");
    }

    /// Opens a page in a window of a phone's size and looks at it: a window that a page opens may be narrower than a browser's own.
    pub fn open_on_a_phone(&self) {
        let before = self.tab();
        self.goto("bioscope.js"); // any file of the site
        self.js("Boolean(window.open('./', '', 'popup,width=390,height=844'))");
        let start = Instant::now();
        let phone = loop {
            let all = self.runtime.block_on(self.client.windows()).expect("windows");
            if let Some(phone) = all.into_iter().find(|window| *window != before) {
                break phone;
            }
            assert!(start.elapsed() < Duration::from_secs(60), "no window opens");
            std::thread::sleep(Duration::from_millis(15));
        };
        self.look_at(&phone);
        if Kind::named() != Kind::WebKit {
            // What was asked of the page may be more than the browser thinks its screen has.
            self.runtime.block_on(self.client.set_window_size(390, 844)).expect("a window of that size");
        }
        self.wait("document.readyState !== 'loading' && location.href !== 'about:blank'", "the document");
        self.wait("innerWidth === 390", "a phone's width");
    }

    /// Taps an element as a finger would.
    pub fn tap(&self, selector: &str) {
        self.wait(&format!("document.querySelector({})", json!(selector)), selector);
        let scroll = "scrollIntoView({ block: 'center', behavior: 'instant' })";
        self.js(&format!("document.querySelector({}).{scroll}", json!(selector)));
        if Kind::named() == Kind::WebKit {
            // WebKitGTK's driver takes a finger for a mouse. What a finger does is done here, on what lies uppermost.
            self.run(
                "const { left, top, width, height } = document.querySelector(a).getBoundingClientRect();
                 const at = { clientX: left + width / 2, clientY: top + height / 2, bubbles: true, cancelable: true, composed: true };
                 const target = document.elementFromPoint(at.clientX, at.clientY);
                 if (!target.closest(a)) throw new Error(`${target.outerHTML.slice(0, 100)} lies over it`);
                 const pointer = { ...at, pointerId: 2, pointerType: 'touch', isPrimary: true };
                 for (const kind of ['over', 'enter', 'down', 'up', 'out', 'leave'])
                   target.dispatchEvent(new PointerEvent(`pointer${kind}`, { ...pointer, bubbles: !['enter', 'leave'].includes(kind) }));
                 const held = target.closest('button, a, [tabindex], input, select, textarea');
                 held?.focus({ preventScroll: true });
                 target.dispatchEvent(new PointerEvent('click', { ...pointer, detail: 1 }));",
                json!(selector),
            );
            return;
        }
        let tapped = self.runtime.block_on(async {
            let element = self.client.find(Locator::Css(selector)).await.expect("it is there");
            let finger = TouchActions::new("finger".into())
                .then(PointerAction::MoveToElement { element, duration: None, x: 0.0, y: 0.0 })
                .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
                .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
            self.client.perform_actions(finger).await
        });
        tapped.unwrap_or_else(|error| panic!("{selector}: {error:?}"));
    }

    /// Gives the page another size, in CSS pixels; a narrow one is a phone's. In Chromium alone.
    pub fn size(&self, width: u32, height: u32) {
        self.screen(width, height, 1, width < 640);
    }

    /// The same on a screen with so many of its own pixels for one of CSS, a phone's or not.
    pub fn screen(&self, width: u32, height: u32, scale: u32, mobile: bool) {
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            json!({"width": width, "height": height, "deviceScaleFactor": scale, "mobile": mobile}),
        );
    }

    /// Has the user prefer a colour scheme, `light` or `dark`. In Chromium alone.
    pub fn scheme(&self, scheme: &str) {
        self.devtools(
            "Emulation.setEmulatedMedia",
            json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]}),
        );
    }

    /// The page as Chromium prints it into a PDF, and how many sheets that takes.
    pub fn pdf(&self, options: Value) -> (String, usize) {
        let printed = self.devtools("Page.printToPDF", options);
        let bytes = STANDARD.decode(printed["data"].as_str().expect("a PDF")).expect("base64");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let sheets = text.matches("/Type /Page\n").count();
        (text, sheets)
    }

    /// Chooses the page's language.
    pub fn speak(&self, language: &str) {
        select(self, "language", language);
        self.wait(&format!("document.documentElement.lang === '{language}'"), language);
    }

    /// Chooses a model and waits until it is loaded.
    pub fn choose_model(&self, model: &str) {
        select(self, "model", model);
        self.ready();
    }

    /// A DevTools command.
    pub fn devtools(&self, command: &str, parameters: Value) -> Value {
        let command = DevTools::new(command, parameters);
        self.runtime.block_on(self.client.issue_cmd(command)).expect("DevTools answers")
    }

    /// Runs a script before anything of the next page.
    pub fn before_load(&self, script: &str) {
        self.devtools("Page.addScriptToEvaluateOnNewDocument", json!({"source": script}));
    }

    /// The value of a JavaScript expression.
    pub fn js(&self, expression: &str) -> Value {
        self.try_js(expression).unwrap_or_else(|e| panic!("{expression}: {e}"))
    }

    fn try_js(&self, expression: &str) -> Result<Value, String> {
        let script = format!("return ({expression});");
        self.runtime.block_on(self.client.execute(&script, vec![])).map_err(|e| e.to_string())
    }

    /// Runs the body of an async function with `arguments` as `a`; an exception is a panic here.
    pub fn run(&self, body: &str, argument: Value) -> Value {
        let script = format!(
            "const done = arguments[1], a = arguments[0]; \
             (async () => {{ {body} }})().then((value) => done({{ value: value ?? null }}), \
             (e) => done({{ error: String(e?.name) + ': ' + String(e?.message ?? e) }}));"
        );
        let reply = self.runtime.block_on(self.client.execute_async(&script, vec![argument])).expect("a reply");
        match reply.get("error") {
            Some(error) => panic!("{error}"),
            None => reply["value"].clone(),
        }
    }

    /// Lets scripts run for as long as measurements take.
    pub fn be_patient(&self) {
        let timeouts = TimeoutConfiguration::new(Some(Duration::from_secs(600)), None, None);
        self.runtime.block_on(self.client.update_timeouts(timeouts)).expect("timeouts can be set");
    }

    /// Waits until a JavaScript condition holds.
    pub fn wait(&self, condition: &str, what: &str) {
        self.wait_for(condition, what, Duration::from_secs(120));
    }

    fn wait_for(&self, condition: &str, what: &str, most: Duration) {
        let start = Instant::now();
        // Asked again and again in the page: a question of the driver's costs browser and driver some milliseconds each. A page on its
        // way in or out has no document to ask; then one asks anew.
        let script = format!(
            "return (async () => {{
               const holds = () => {{ try {{ return Boolean({condition}); }} catch {{ return false; }} }};
               const end = performance.now() + 400; // in a tab that is not looked at, a pause may take seconds
               do {{
                 if (holds()) return true;
                 await new Promise((next) => setTimeout(next, 10));
               }} while (performance.now() < end);
               return false;
             }})();"
        );
        while self.runtime.block_on(self.client.execute(&script, vec![])).ok() != Some(Value::Bool(true)) {
            if start.elapsed() > most {
                let body = self.try_js("document.body?.innerText?.slice(0, 1500)");
                panic!("no {what} after {most:?}; the page says: {body:?}");
            }
            std::thread::sleep(Duration::from_millis(15));
        }
    }

    /// Waits until the model is loaded and nothing runs.
    pub fn ready(&self) {
        self.wait("document.querySelector('[data-testid=status]')?.dataset.state === 'ready'", "ready status");
    }

    /// Waits for h of the token in focus, which comes with an analysis of the engine's own.
    pub fn h_shown(&self) {
        self.wait("document.querySelector('.inspector .strip')", "h of the token in focus");
    }

    /// Waits for the annotators' labels.
    pub fn gold_shown(&self) {
        self.wait("document.querySelectorAll('[data-testid=gold-token]').length > 0", "gold labels");
    }

    /// Waits until there are so many elements of this hook.
    pub fn count(&self, hook: &str, count: usize) {
        let all = format!("document.querySelectorAll('[data-testid={hook}]')");
        self.wait(&format!("{all}.length === {count}"), &format!("{count} of {hook}"));
    }

    /// Waits until so many steps of learning are made and nothing runs.
    pub fn learned(&self, steps: usize) {
        let status = "document.querySelector('[data-testid=learn-status]').dataset";
        self.wait(
            &format!("{status}.steps === '{steps}' && {status}.state === 'idle'"),
            &format!("{steps} steps and rest"),
        );
    }

    /// What is in a field.
    pub fn value(&self, hook: &str) -> String {
        self.js(&format!("document.querySelector('[data-testid={hook}]').value")).as_str().expect("a text").into()
    }

    /// Waits until this text is in a field.
    pub fn holds(&self, hook: &str, text: &str) {
        let field = format!("document.querySelector('[data-testid={hook}]')");
        self.wait(&format!("{field}.value === {}", json!(text)), &format!("{text:?} in {hook}"));
    }

    /// L as the page shows it.
    pub fn loss(&self) -> f64 {
        self.js("Number(document.querySelector('[data-testid=loss-total]').dataset.value)").as_f64().expect("L")
    }

    /// Types into a field, in place of what is there.
    pub fn fill(&self, hook: &str, text: &str) {
        self.wait(&format!("document.querySelector('[data-testid={hook}]')"), hook);
        self.run(
            "const field = document.querySelector(`[data-testid=${a.hook}]`); field.focus();
             const own = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value'); own.set.call(field, a.text);
             field.dispatchEvent(new Event('input', { bubbles: true })); field.dispatchEvent(new Event('change', { bubbles: true }));",
            json!({"hook": hook, "text": text}),
        );
    }

    /// Clicks an element as a mouse would, as soon as it can be clicked.
    pub fn click(&self, selector: &str) {
        self.enabled(selector);
        let start = Instant::now();
        loop {
            let clicked = self.runtime.block_on(async {
                let element = self.client.find(Locator::Css(selector)).await.expect("it is there");
                element.click().await
            });
            match clicked {
                Ok(_) => return,
                // WebKit's driver scrolls there smoothly, as the page asks it to, and clicks before it has arrived.
                Err(_) if start.elapsed() < Duration::from_secs(5) => {
                    let scroll = "scrollIntoView({ block: 'center', behavior: 'instant' })";
                    let _ = self.try_js(&format!("document.querySelector({}).{scroll}", json!(selector)));
                    std::thread::sleep(Duration::from_millis(50));
                }
                Err(error) => panic!("{selector}: {error:?}"),
            }
        }
    }

    /// Waits for an element that can be pressed: a click on a disabled one is lost.
    fn enabled(&self, selector: &str) {
        let pressable = format!("document.querySelector({}).matches(':not(:disabled)')", json!(selector));
        self.wait(&pressable, &format!("{selector} that can be pressed"));
    }

    /// Clicks an element by a script, in view or not; waits for it, for some are drawn in an idle moment.
    pub fn click_by_script(&self, selector: &str) {
        self.enabled(selector);
        self.run("document.querySelector(a).click();", json!(selector));
    }

    /// Turns to a tab of the exercise.
    pub fn exercise_tab(&self, tab: usize) {
        self.click_by_script(&format!("#tab-{tab}"));
        self.wait(&format!("document.querySelector('#tab-{tab}').getAttribute('aria-selected') === 'true'"), "tab");
    }

    /// Goes to a place of the page by its link.
    pub fn place(&self, name: &str) {
        self.click(&format!("[data-testid=place][data-name={name}]"));
        self.wait(&format!("document.body.dataset.place === '{name}'"), name);
    }

    /// Waits until an element can be seen, also one that fades in.
    pub fn shown(&self, selector: &str) {
        let seen = format!("Number(getComputedStyle(document.querySelector({})).opacity) === 1", json!(selector));
        self.wait(&seen, selector);
    }

    /// Chooses files of this machine in a file field.
    pub fn choose_files(&self, hook: &str, paths: &[&str]) {
        let selector = format!("[data-testid={hook}]");
        self.runtime.block_on(async {
            let field = self.client.find(Locator::Css(&selector)).await.expect("it is there");
            field.send_keys(&paths.join("\n")).await.unwrap_or_else(|e| panic!("{selector}: {e}"));
        });
    }

    /// Keeps what is downloaded from now on in `__saved`, each with its name, in place of downloading it.
    pub fn catch_downloads(&self) {
        self.run(
            "window.__saved = []; URL.createObjectURL = (blob) => (__saved.push({ blob }), 'blob:none');
             HTMLAnchorElement.prototype.click = function () { __saved.at(-1).name = this.download; };",
            Value::Null,
        );
    }

    /// Name and content of the one file that was downloaded since then.
    pub fn download(&self) -> (String, String) {
        self.wait("__saved[0]?.name", "a file");
        let files = self.run(
            "return await Promise.all(__saved.map(async ({ blob, name }) => [name, await blob.text()]));",
            Value::Null,
        );
        let [file] = serde_json::from_value::<[_; 1]>(files).expect("one download");
        file
    }

    /// Name and content of what a button saves.
    pub fn saved(&self, hook: &str) -> (String, String) {
        self.catch_downloads();
        self.click(&format!("[data-testid={hook}]"));
        self.download()
    }

    /// Whether the last file that was downloaded begins with UTF-8's byte order mark.
    pub fn has_byte_order_mark(&self) -> bool {
        let script = "return [...new Uint8Array(await __saved.at(-1).blob.slice(0, 3).arrayBuffer())];";
        self.run(script, Value::Null) == json!([0xef, 0xbb, 0xbf])
    }

    /// The document as its button saves it.
    pub fn exported(&self) -> Value {
        self.catch_downloads();
        self.click_by_script("[data-testid=save-json]");
        serde_json::from_str(&self.download().1).expect("JSON")
    }

    /// Puts a file into the served site.
    pub fn put(&self, name: &str, content: &[u8]) {
        let path = self.site().join(name);
        let _ = fs::remove_file(&path); // a link to the built file
        fs::write(path, content).unwrap_or_else(|e| panic!("{name}: {e}"));
    }

    /// Presses keys where the focus is; `ctrl` holds Ctrl down.
    pub fn press(&self, keys: &[&str], ctrl: bool) {
        self.run(
            "for (const key of a.keys) (document.activeElement ?? document.body).dispatchEvent(
               new KeyboardEvent('keydown', { key, ctrlKey: a.ctrl, bubbles: true, cancelable: true }));",
            json!({"keys": keys, "ctrl": ctrl}),
        );
    }

    /// Presses and releases a key as a keyboard would, wherever the browser has its focus.
    pub fn strike(&self, key: &str, code: u32) {
        for kind in ["rawKeyDown", "keyUp"] {
            self.devtools(
                "Input.dispatchKeyEvent",
                json!({"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code}),
            );
        }
    }

    /// Every annotator's labels as one string each.
    pub fn labels(&self) -> Vec<String> {
        let rows = self.js("[...document.querySelectorAll('[data-testid=annotator]')].map((r) =>
               [...r.querySelectorAll('[data-testid=gold-token]')].map((c) => c.dataset.label).join(''))");
        serde_json::from_value(rows).expect("a list of texts")
    }

    /// Presses Analyse and waits for the analysis of just these texts.
    pub fn analyse(&self, question: &str, paragraph: &str) {
        self.fill("question", question);
        self.fill("paragraph", paragraph);
        self.click("[data-testid=analyse]");
        self.settled(paragraph);
    }

    /// Waits until nothing runs and the tokens shown are this paragraph's.
    pub fn settled(&self, paragraph: &str) {
        let last = paragraph.trim_end().encode_utf16().count();
        self.wait(
            &format!(
                "(() => {{ const t = [...document.querySelectorAll('[data-testid=token]')];
                   return document.querySelector('[data-testid=status]').dataset.state === 'ready'
                     && Number(t.at(-1)?.dataset.end) === {last}; }})()"
            ),
            "analysis of the new paragraph",
        );
    }

    /// What the token hooks say: start, end, label, p.
    pub fn tokens(&self) -> Vec<ShownToken> {
        let rows = self
            .js("[...document.querySelectorAll('[data-testid=token]')].map((t) => [t.dataset.index, t.dataset.start, \
             t.dataset.end, t.dataset.label, t.dataset.pb, t.dataset.pi, t.dataset.po])");
        let number = |v: &Value| v.as_str().and_then(|s| s.parse::<f64>().ok()).unwrap_or(f64::NAN);
        let row = |r: &Value| ShownToken {
            index: number(&r[0]) as usize,
            start: number(&r[1]) as usize,
            end: number(&r[2]) as usize,
            label: r[3].as_str().unwrap_or_default().into(),
            p: [number(&r[4]), number(&r[5]), number(&r[6])],
        };
        rows.as_array().expect("a list").iter().map(row).collect()
    }

    /// The text of the error that is shown, once there is one.
    pub fn error(&self) -> String {
        let text = "document.querySelector('[data-testid=error]')?.textContent?.trim()";
        self.wait(text, "error message");
        self.js(text).as_str().unwrap_or_default().into()
    }

    /// Asserts that no error is shown.
    pub fn no_error(&self) {
        assert_eq!(self.js("document.querySelector('[data-testid=error]')"), Value::Null);
    }

    /// A picture of the page, for people; kept when BIOSCOPE_SHOTS names a folder.
    pub fn shot(&self, name: &str) {
        if let Some(folder) = std::env::var_os("BIOSCOPE_SHOTS") {
            let png = self.runtime.block_on(self.client.screenshot()).expect("a picture");
            fs::create_dir_all(&folder).expect("a folder");
            fs::write(Path::new(&folder).join(format!("{name}.png")), png).expect("a file");
        }
    }
}

/// One token as the page shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownToken {
    pub index: usize,
    pub start: usize,
    pub end: usize,
    pub label: String,
    pub p: [f64; 3],
}
