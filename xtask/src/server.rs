//! A static file server on its own thread, for `cargo xtask serve` and for the end-to-end tests.

use std::collections::VecDeque;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use futures_util::{StreamExt, stream};
use tokio::runtime;
use tokio::sync::{oneshot, watch};
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

/// Serves one folder at `http://127.0.0.1:PORT/` until it is dropped.
///
/// ```no_run
/// let server = xtask::Server::start(std::path::Path::new("dist"), None).unwrap();
/// println!("{}", server.url());
/// assert!(server.requests().is_empty());
/// ```
#[derive(Debug)]
pub struct Server {
    port: u16,
    log: Arc<Mutex<Log>>,
    held: watch::Sender<String>,
    running: Mutex<Option<(oneshot::Sender<()>, JoinHandle<()>)>>,
}

/// Who may read what is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Pages that come from the server itself, as browsers have it.
    SameOrigin,
    /// Pages of any origin: `Access-Control-Allow-Origin: *`, as GitHub Pages and the npm CDNs say.
    Anyone,
}

/// What was asked, and what is to go wrong.
#[derive(Debug, Default)]
struct Log {
    requests: Vec<String>,
    ranges: Vec<String>,
    /// Answers to paths with this part break off after so many bytes, one after the other.
    breaks: (String, VecDeque<usize>),
}

impl Server {
    /// Starts to serve `dir` at that port, or at any free one.
    pub fn start(dir: &Path, port: Option<u16>) -> Result<Server> {
        Server::start_for(Access::SameOrigin, dir, port)
    }

    /// The same, and says who may read it.
    pub fn start_for(access: Access, dir: &Path, port: Option<u16>) -> Result<Server> {
        let wanted = port.unwrap_or(0);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, wanted))
            .with_context(|| format!("cannot listen at 127.0.0.1:{wanted}"))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let log = Arc::<Mutex<Log>>::default();
        let (held, gate) = watch::channel(String::new());
        let router = router(dir, access, log.clone(), gate);
        let (stop, stopped) = oneshot::channel();
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let thread = std::thread::spawn(move || {
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).expect("a listener that does not block");
                // Not axum's graceful shutdown: that would wait for the browser to hang up.
                tokio::select! {
                    _ = axum::serve(listener, router) => {}
                    _ = stopped => {}
                }
            })
        });
        Ok(Server { port, log, held, running: Mutex::new(Some((stop, thread))) })
    }

    /// The site's root, with a slash at its end.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// Answers requests whose path contains `part` only after the next call of this: a network that hangs.
    /// An empty `part` lets everything through.
    pub fn hold(&self, part: &str) {
        self.held.send_replace(part.into());
    }

    /// The path of each request so far, query included, in order of arrival.
    pub fn requests(&self) -> Vec<String> {
        self.log.lock().expect("no request panics").requests.clone()
    }

    /// The ranges that were asked for so far, as in the header: `bytes=100-`.
    pub fn ranges(&self) -> Vec<String> {
        self.log.lock().expect("no request panics").ranges.clone()
    }

    /// Breaks off the next answers to requests whose path contains `part`, each after so many bytes: a bad network.
    pub fn break_off(&self, part: &str, after: &[usize]) {
        self.log.lock().expect("no request panics").breaks = (part.into(), after.iter().copied().collect());
    }

    /// Ends at once: a network that is gone.
    pub fn stop(&self) {
        if let Some((stop, thread)) = self.running.lock().expect("nothing panics").take() {
            let _ = stop.send(());
            let _ = thread.join();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

fn router(dir: &Path, access: Access, log: Arc<Mutex<Log>>, gate: watch::Receiver<String>) -> Router {
    // no-cache: a browser may keep the files, but asks each time whether they are still the same.
    let no_cache = SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    let star = (access == Access::Anyone).then(|| HeaderValue::from_static("*"));
    let open = SetResponseHeaderLayer::overriding(header::ACCESS_CONTROL_ALLOW_ORIGIN, star);
    let watch = move |request: Request, next: Next| {
        let path = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
        let range = request.headers().get(header::RANGE).and_then(|range| range.to_str().ok()).map(str::to_owned);
        let mut log = log.lock().expect("no request panics");
        log.requests.push(path.clone());
        log.ranges.extend(range);
        let bad = !log.breaks.0.is_empty() && path.contains(&log.breaks.0);
        let most = if bad { log.breaks.1.pop_front() } else { None };
        let mut gate = gate.clone();
        async move {
            // An error means that the server is on its way out.
            let _ = gate.wait_for(|part| part.is_empty() || !path.contains(part)).await;
            let response = next.run(request).await;
            match most {
                Some(most) => broken(response, most).await,
                None => response,
            }
        }
    };
    Router::new().fallback_service(ServeDir::new(dir)).layer(no_cache).layer(open).layer(from_fn(watch))
}

/// An answer that ends in the middle.
async fn broken(response: Response, most: usize) -> Response {
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let start = bytes.slice(..most.min(bytes.len()));
    let end = async {
        // What came before is on its way by then.
        tokio::time::sleep(Duration::from_millis(200)).await;
        Err(std::io::Error::other("broken off on purpose"))
    };
    let pieces = stream::iter([Ok(start)]).chain(stream::once(end));
    Response::from_parts(parts, Body::from_stream(pieces))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};

    fn get(server: &Server, path: &str) -> String {
        let mut stream = std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, server.port)).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.to_lowercase()
    }

    #[test]
    fn serves_a_folder_with_the_types_that_browsers_insist_on() {
        let dir = std::env::temp_dir().join(format!("bioscope-server-{}", std::process::id()));
        std::fs::create_dir_all(dir.join("sub")).unwrap();
        for name in ["index.html", "a.wasm", "a.js", "sub/a.json", "a.safetensors"] {
            std::fs::write(dir.join(name), name).unwrap();
        }
        let server = Server::start(&dir, None).unwrap();
        for (path, kind) in [
            ("/", "text/html"),
            ("/a.wasm?v=1", "application/wasm"),
            ("/a.js", "text/javascript"),
            ("/sub/a.json", "application/json"),
            ("/a.safetensors", "application/octet-stream"),
        ] {
            let answer = get(&server, path);
            assert!(answer.starts_with("http/1.1 200"), "{path}: {answer}");
            assert!(answer.contains(&format!("content-type: {kind}")), "{path}: {answer}");
            assert!(answer.contains("cache-control: no-cache"), "{path}: {answer}");
        }
        assert!(!get(&server, "/a.js").contains("access-control"), "for its own pages");
        let open = Server::start_for(Access::Anyone, &dir, None).unwrap();
        assert!(get(&open, "/a.js").contains("access-control-allow-origin: *"));
        assert!(get(&server, "/missing").starts_with("http/1.1 404"));
        assert!(get(&server, "/../Cargo.toml").starts_with("http/1.1 404"));
        assert_eq!(server.requests()[..2], ["/", "/a.wasm?v=1"]);
        server.hold("a.js");
        assert!(get(&server, "/a.wasm").starts_with("http/1.1 200"), "others are not held");
        let (told, hears) = std::sync::mpsc::channel();
        std::thread::scope(|scope| {
            scope.spawn(|| told.send(get(&server, "/a.js")));
            assert!(hears.recv_timeout(std::time::Duration::from_millis(200)).is_err(), "held");
            server.hold("");
            assert!(hears.recv().unwrap().starts_with("http/1.1 200"));
        });
        let port = server.port;
        drop(server);
        assert!(Server::start(&dir, Some(port)).is_ok(), "the port is free again");
        std::fs::remove_dir_all(&dir).unwrap();
    }
}
