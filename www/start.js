// The page's first script: starts the program that Trunk names in this element's data-js and data-wasm.
"use strict";

(() => {
  // The page's Content-Security-Policy allows no style attributes in HTML text, so that text says `data-style` instead, and
  // here, before anything is painted, it becomes the element's style by script, which is allowed.
  const dress = (element) => { element.style.cssText = element.dataset.style; };
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) {
        if (node.nodeType !== Node.ELEMENT_NODE) continue;
        if (node.dataset?.style) dress(node);
        node.querySelectorAll("[data-style]").forEach(dress);
      }
    }
  }).observe(document.documentElement, { childList: true, subtree: true });

  // Where the page cannot run, it says why, in the language that it would open in (src/page/state/storage.rs).
  const cannot = (english, greek) => {
    let languages = navigator.languages ?? [];
    try { languages = [localStorage.getItem("bioscope.language"), ...languages]; } catch { /* no storage, no choice */ }
    const language = languages.map((tag) => tag?.toLowerCase().split("-")[0]).find((tag) => tag === "en" || tag === "el");
    const [words, status] = language === "el" ? [greek, "Δεν μπορεί να τρέξει εδώ"] : [english, "Cannot run here"];
    const message = document.createElement("div");
    message.className = "error";
    message.lang = language ?? "en";
    message.setAttribute("role", "alert");
    message.dataset.testid = "error";
    message.textContent = words;
    document.querySelector("#skeleton .errors").append(message);
    document.querySelector("#skeleton [data-testid=status]").dataset.state = "failed";
    document.getElementById("skeleton-status").textContent = status;
    document.querySelector("#skeleton main").remove();
  };

  // Every WebAssembly program of this page uses 128-bit SIMD. Where the browser has none, say so and fetch nothing.
  const probe = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11]);
  let able = false;
  try { able = typeof WebAssembly === "object" && WebAssembly.validate(probe); } catch { /* no */ }
  if (!able) {
    return cannot(
      "This browser cannot run WebAssembly with SIMD, which Bioscope needs. Any current Chrome, Edge, Firefox or Safari (16.4 or later) can.",
      "Αυτός ο περιηγητής δεν τρέχει WebAssembly με SIMD, που χρειάζεται το Bioscope. Κάθε σημερινός Chrome, Edge, Firefox ή Safari (16.4 ή νεότερος) μπορεί.",
    );
  }
  // What the single file holds is packed.
  const { js, wasm } = document.currentScript.dataset;
  if (!js && typeof DecompressionStream !== "function") {
    return cannot(
      "This browser cannot unpack what this file holds (it has no DecompressionStream). Chrome or Edge 97, Firefox 113, Safari 16.4, or later can.",
      "Αυτός ο περιηγητής δεν μπορεί να αποσυμπιέσει ό,τι περιέχει αυτό το αρχείο (δεν έχει DecompressionStream). Chrome ή Edge 97, Firefox 113, Safari 16.4 ή νεότεροι μπορούν.",
    );
  }

  // The first example is painted before the program is here, unless it will show the text of an earlier visit or of a link, or
  // another place of the page.
  try {
    const own = ["bioscope.document", "bioscope.before"].some((key) => localStorage.getItem(key));
    if (own || !["", "#read"].includes(location.hash)) document.getElementById("skeleton").className = "blank";
  } catch { /* no storage, no earlier text */ }

  if (!js) { // the single file, where the program stands behind this script and waits for its word
    window.bioscopeFiles.able = true;
    return;
  }
  // What is here is painted first: on a slow line program and styles would share it, and on a fast one the swap would come
  // before anybody has seen a thing. A page in the background is not painted at all.
  let begun = false;
  const begin = () => {
    if (begun) return;
    begun = true;
    const program = fetch(wasm); // program and glue at the same time
    // A whole address: in a frame with an origin of its own (a sandbox) there is nothing that a relative one would be relative to.
    import(new URL(js, document.baseURI)).then((glue) => glue.default({ module_or_path: program })).catch((error) => {
      if (document.getElementById("skeleton")) {
        cannot(
          "The program could not be loaded: load the page again. If that does not help, files of this site are missing.",
          "Το πρόγραμμα δεν φορτώθηκε: φορτώστε ξανά τη σελίδα. Αν αυτό δεν βοηθήσει, λείπουν αρχεία αυτού του ιστότοπου.",
        );
      }
      throw error;
    });
  };
  requestAnimationFrame(() => setTimeout(begin));
  setTimeout(begin, document.hidden ? 0 : 1000);
})();
