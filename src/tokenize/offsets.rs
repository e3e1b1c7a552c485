//! One table per text that turns byte offsets into UTF-16 code units and Unicode code points.
//!
//! The tokenizer counts bytes, Python and the data files count code points, the DOM counts UTF-16 units.
//! (`dataset/` has tables of its own between code points and UTF-16 units, which need no bytes.)

/// Where every byte of a text lies in the other two counts.
#[derive(Clone, Debug)]
pub struct Offsets {
    /// For each byte boundary 0..=len: (UTF-16 units, code points) before it. A boundary inside a
    /// character counts as the character's start.
    table: Vec<(u32, u32)>,
}

impl Offsets {
    /// Builds the table of `text`.
    pub fn new(text: &str) -> Offsets {
        let mut table = Vec::with_capacity(text.len() + 1);
        let (mut units, mut points) = (0, 0);
        for c in text.chars() {
            table.extend(std::iter::repeat_n((units, points), c.len_utf8()));
            units += c.len_utf16() as u32;
            points += 1;
        }
        table.push((units, points));
        Offsets { table }
    }

    /// UTF-16 code units before byte `byte` (clamped to the text's end).
    pub fn utf16(&self, byte: usize) -> usize {
        self.table[byte.min(self.table.len() - 1)].0 as usize
    }

    /// The byte at which UTF-16 unit number `unit` begins (the text's end for one past it, the character's start for one
    /// inside of it).
    pub fn byte_of_utf16(&self, unit: usize) -> usize {
        let after = self.table.partition_point(|&(units, _)| (units as usize) <= unit);
        // The last byte boundary with that count belongs to the character's last byte; its first one is wanted.
        let units = self.table[after.saturating_sub(1)].0;
        self.table.partition_point(|&(before, _)| before < units)
    }

    /// UTF-16 units before the code point number `point`, or `None` past the end.
    pub fn utf16_of_code_point(&self, point: usize) -> Option<usize> {
        // The counts never fall, so the first entry that reaches `point` is its first byte.
        let k = self.table.partition_point(|&(_, points)| (points as usize) < point);
        self.table.get(k).filter(|(_, points)| *points as usize == point).map(|&(units, _)| units as usize)
    }

    /// Code points before UTF-16 unit number `unit`, or `None` past the end and inside of a character.
    pub fn code_point_of_utf16(&self, unit: usize) -> Option<usize> {
        let k = self.table.partition_point(|&(units, _)| (units as usize) < unit);
        self.table.get(k).filter(|(units, _)| *units as usize == unit).map(|&(_, points)| points as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_a_mixed_text() {
        let text = "aé日🐈b"; // bytes 1 2 3 4 1, units 1 1 1 2 1
        let offsets = Offsets::new(text);
        let starts: Vec<usize> = text.char_indices().map(|(byte, _)| offsets.utf16(byte)).collect();
        assert_eq!(starts, [0, 1, 2, 3, 5]);
        assert_eq!(offsets.utf16(text.len()), 6);
        assert_eq!(offsets.utf16(8), 3, "inside the cat: its start");
        assert_eq!(offsets.utf16_of_code_point(4), Some(5));
        assert_eq!(offsets.utf16_of_code_point(5), Some(6));
        assert_eq!(offsets.utf16_of_code_point(6), None);
        assert_eq!([0, 1, 2, 3, 4, 5, 6, 9].map(|unit| offsets.byte_of_utf16(unit)), [0, 1, 3, 6, 6, 10, 11, 11]);
        let points = [0, 2, 3, 4, 5, 6, 7].map(|unit| offsets.code_point_of_utf16(unit));
        assert_eq!(points, [Some(0), Some(2), Some(3), None, Some(4), Some(5), None], "4 is inside of the cat");
    }
}
