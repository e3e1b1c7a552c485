//! Browsers that keep nothing: private windows, storage that is refused, no room, no service worker. The page works, and says
//! what is not kept.

use std::fs;

use crate::browser::{Kind, Page, Site, Storage, browser_on, dist, fresh_browser};
use crate::offline::works;

/// What a browser without a setting for it does when it refuses storage.
const REFUSED: &str = "for (const name of ['caches', 'localStorage', 'sessionStorage', 'indexedDB'])
    Object.defineProperty(self, name, { get() { throw new DOMException('refused', 'SecurityError'); } });
    if (self.Navigator) delete Navigator.prototype.serviceWorker;\n";

/// A quota of zero, and no service worker.
const NO_ROOM: &str = "{ const full = () => { throw new DOMException('full', 'QuotaExceededError'); };
    if (self.Storage) Storage.prototype.setItem = full;
    Cache.prototype.put = async () => full();
    if (self.Navigator) delete Navigator.prototype.serviceWorker; }\n";

/// The site's first script and its worker's, after this one.
fn after(script: &str) -> Option<[(&'static str, Vec<u8>); 2]> {
    let dist = dist()?;
    Some(["start.js", "worker.js"].map(|name| {
        let own = fs::read_to_string(dist.join(name)).unwrap();
        (name, format!("{script}{own}").into_bytes())
    }))
}

/// What the page says of what it keeps, once it knows.
fn said(page: &Page) -> (String, String) {
    let text = |expression: &str| page.js(expression).as_str().unwrap_or_default().to_owned();
    page.wait(
        "!['unknown', undefined].includes(document.querySelector('[data-testid=storage]')?.dataset.state)",
        "word of the storage",
    );
    (
        text("document.querySelector('[data-testid=storage]').dataset.state"),
        text("document.querySelector('[data-testid=storage] summary').textContent"),
    )
}

/// The page works, and says that neither the model nor text and labels are kept.
fn works_and_says_so(page: &Page) {
    page.open_ready();
    works(page);
    let (state, words) = said(page);
    assert!(["blocked", "full"].contains(&&*state), "{state}: {words}");
    assert!(words.contains("at every visit") && words.contains("Your text and labels are not kept"), "{words}");
    let note = page.js("document.querySelector('[data-testid=storage]').textContent");
    assert!(!note.as_str().unwrap().contains("are kept here too"), "{note}");
    page.no_error();
    page.shot("private");
    // The next visit begins anew, and works.
    page.reload_ready();
    works(page);
}

#[test]
fn a_private_window_works_and_says_what_it_keeps() {
    let Some(page) = fresh_browser(Storage::Private) else { return };
    page.open_ready();
    works(&page);
    let (state, words) = said(&page);
    println!("{state}: {words}");
    // What was said holds: text and labels are there after a reload, or it was said that they are not kept.
    let kept = !words.contains("are not kept");
    page.reload_ready();
    let text = page.value("paragraph");
    assert_eq!(text.contains("Ines"), kept, "{words}: {text}");
    works(&page);
}

#[test]
fn storage_that_is_refused_is_said() {
    if Kind::named() == Kind::WebKit {
        let Some(changed) = after(REFUSED) else { return };
        let Some(page) = browser_on(&Site { changed: &changed, ..Site::default() }) else { return };
        works_and_says_so(&page);
    } else {
        let Some(page) = fresh_browser(Storage::Refused) else { return };
        works_and_says_so(&page);
    }
}

#[test]
fn a_quota_of_zero_without_a_service_worker_is_said() {
    let Some(changed) = after(NO_ROOM) else { return };
    let Some(page) = browser_on(&Site { changed: &changed, ..Site::default() }) else { return };
    works_and_says_so(&page);
}
