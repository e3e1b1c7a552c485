//! Plain tables: the first column to the left, numbers to the right.

/// Lays out rows of cells under `headers`, two spaces apart, each line ended. Rows may be shorter than the headers.
pub(super) fn table(headers: &[&str], rows: &[Vec<String>]) -> String {
    let mut lines = vec![headers.iter().map(|h| (*h).to_owned()).collect::<Vec<_>>()];
    lines.extend_from_slice(rows);
    let width = |k: usize| lines.iter().filter_map(|line| line.get(k)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..headers.len()).map(|k| width(k).unwrap_or(0)).collect();
    let cell = |(k, text): (usize, &String)| match k {
        0 => format!("{text:<width$}", width = widths[0]),
        _ => format!("  {text:>width$}", width = widths[k]),
    };
    lines.iter().map(|line| format!("{}\n", line.iter().enumerate().map(cell).collect::<String>().trim_end())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let rows = [vec!["Zoë".to_string(), "1.50".into(), "12".into()], vec!["a longer one".into(), "10.25".into()]];
        let expected = "\
name             F1   n
Zoë            1.50  12
a longer one  10.25
";
        assert_eq!(table(&["name", "F1", "n"], &rows), expected);
    }
}
