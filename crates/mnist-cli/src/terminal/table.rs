//! Tables of cells that are aligned to the right.

use comfy_table::{CellAlignment, Table, presets};

use super::text::trimmed;

/// A table with a header.
pub fn table(
    header: impl IntoIterator<Item = impl ToString>,
    rows: impl IntoIterator<Item = impl IntoIterator<Item = String>>,
) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(header);
    table.add_rows(rows);
    for column in table.column_iter_mut() {
        column.set_cell_alignment(CellAlignment::Right);
    }
    trimmed(&table.to_string())
}

/// A value with four decimals, or a dash where there is none.
pub fn four_decimals(value: Option<f64>) -> String {
    value.map_or("–".to_owned(), |value| format!("{value:.4}"))
}
