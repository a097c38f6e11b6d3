//! Pictures of users: decoding, the digits in them, images for a network, folders of them, and PNG
//! files.

pub mod decode;
pub mod digits;
pub mod folders;
mod grid;
pub mod images;
mod ink;
mod lines;
pub mod ordering;
mod parts;
pub mod png;
pub mod saved;
mod sheet;
mod strokes;
