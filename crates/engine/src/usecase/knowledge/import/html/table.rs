//! The rows of a table, until it ends.

use super::escape;

/// A table that is being read.
#[derive(Default)]
pub(super) struct Table {
    rows: Vec<Vec<String>>,
    row: Vec<String>,
}

impl Table {
    /// Adds a cell to the row.
    pub(super) fn push(&mut self, cell: &str) {
        self.row.push(cell.replace('\n', " "));
    }

    /// Ends the row. One that says nothing does not count.
    pub(super) fn end_row(&mut self) {
        let row = std::mem::take(&mut self.row);
        if row.iter().any(|cell| !cell.is_empty()) {
            self.rows.push(row);
        }
    }

    /// The table as blocks of Markdown: one table under its first row; or, if it has one column and so is no more
    /// than a frame, a paragraph for each row.
    pub(super) fn into_blocks(mut self) -> Vec<String> {
        self.end_row();
        let width = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        if width < 2 {
            return self
                .rows
                .iter()
                .flatten()
                .map(|cell| escape::block(cell))
                .collect();
        }
        // Rows that are too short are lawful; only the head must have all columns.
        if let Some(head) = self.rows.first_mut() {
            head.resize(width, String::new());
        }
        let mut lines: Vec<String> = self.rows.iter().map(|row| line(row)).collect();
        lines.insert(1, format!("|{}", " --- |".repeat(width)));
        vec![lines.join("\n")]
    }
}

fn line(row: &[String]) -> String {
    let cells = row.iter().map(|cell| format!(" {} |", escape::cell(cell)));
    std::iter::once("|".to_owned()).chain(cells).collect()
}
