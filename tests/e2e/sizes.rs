//! How large the programs are, and that the first screen needs no model.

use crate::browser::{browser, dist};

/// What a site sends whose files were compressed beforehand. The best quality takes long here, and makes programs 11 % smaller still.
fn compressed(bytes: &[u8]) -> usize {
    let mut out = Vec::new();
    let params = brotli::enc::BrotliEncoderParams { quality: 9, ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &params).expect("writing to memory");
    out.len()
}

#[test]
fn programs_are_within_their_budget() {
    let Some(dist) = dist() else { return };
    let mut programs: Vec<String> = std::fs::read_dir(&dist)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".wasm"))
        .collect();
    programs.sort();
    // One for the page, one for the worker in each instruction set, and no other.
    let budgets = [
        ("app-", 2_400_000, 700_000),
        ("worker-relaxed", 4_800_000, 1_100_000),
        ("worker-simd128", 4_800_000, 1_100_000),
    ];
    assert_eq!(programs.len(), budgets.len(), "{programs:?}");
    for (name, (begin, most, most_compressed)) in programs.iter().zip(budgets) {
        assert!(name.starts_with(begin), "{name}");
        let bytes = std::fs::read(dist.join(name)).unwrap();
        let (size, small) = (bytes.len(), compressed(&bytes));
        println!("{name}: {size} bytes, {small} with brotli");
        assert!(size <= most, "{name}: {size} bytes, at most {most}");
        assert!(small <= most_compressed, "{name}: {small} bytes with brotli, at most {most_compressed}");
    }
}

#[test]
fn the_page_is_whole_before_the_engine_has_come() {
    let Some(page) = browser() else { return };
    page.server.hold("worker");
    page.open();
    page.wait("document.querySelectorAll('[data-testid=token]').length > 20", "the first example");
    page.count("annotator", 3);
    page.count("tab", 8);
    assert_eq!(page.js("document.querySelector('[data-testid=status]').dataset.state"), "loading");
    page.server.hold("");
    page.ready();
}
