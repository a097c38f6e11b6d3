//! Tables of cells that are aligned to the right.

use comfy_table::{Cell, CellAlignment, Table, presets};

use super::text::trimmed;

/// A table with a header.
pub fn table(
    header: impl IntoIterator<Item = impl ToString>,
    rows: impl IntoIterator<Item = impl IntoIterator<Item = String>>,
) -> String {
    fn right_aligned(cells: impl IntoIterator<Item = impl ToString>) -> impl Iterator<Item = Cell> {
        let cells = cells.into_iter().map(|text| Cell::new(text.to_string()));
        cells.map(|cell| cell.set_alignment(CellAlignment::Right))
    }
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_header(right_aligned(header));
    for row in rows {
        table.add_row(right_aligned(row));
    }
    trimmed(&table.to_string())
}

/// A value with four decimals, or a dash where there is none.
pub fn four_decimals(value: Option<f64>) -> String {
    value.map_or("–".to_owned(), |value| format!("{value:.4}"))
}
