#![no_main]

#[path = "../../crates/mnist-cli/src/data/arrays.rs"]
mod arrays;
#[path = "../../crates/mnist-cli/src/data/csv.rs"]
mod csv;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(read) = csv::read(bytes) else { return };
    assert_eq!(read.dimensions.iter().product::<usize>(), read.pixels.len());
    // What is read is what would be written, unless it needs a header.
    let pixels = read.dimensions[1] * read.dimensions[2];
    let mut text = String::new();
    for (index, image) in read.pixels.chunks(pixels).enumerate() {
        let label = read.labels.as_ref().map(|labels| &labels[index]);
        let row: Vec<String> = label.into_iter().chain(image).map(u8::to_string).collect();
        text += &(row.join(",") + "\n");
    }
    if !text.is_empty() {
        assert!(csv::read(text.as_bytes()).map_or(true, |again| again == read));
    }
});
