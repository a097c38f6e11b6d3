//! Pictures of users: decoding, preparation for a network, folders of them, and PNG files.

pub mod decode;
pub mod folders;
pub mod ordering;
pub mod png;
pub mod preparation;
