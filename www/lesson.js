// The lesson's pages: their one button, and the language of what their links open.
"use strict";

document.getElementById("print").addEventListener("click", () => print());

// Who reads the lesson in one of its languages finds the page in the same (src/page/state/storage.rs).
if (document.querySelector("a[hreflang]")) {
  try { localStorage.setItem("bioscope.language", document.documentElement.lang); } catch { /* no storage, no choice */ }
}
