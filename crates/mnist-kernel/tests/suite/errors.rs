//! Every error, with the numbers in its message; and the network is then as it was.

use mnist_kernel::{BIAS_LIMIT, Error, Kernel, KernelError, Perceptron, Shape, Training, evaluate};

fn network() -> Perceptron {
    Perceptron::random(Shape::new(3, 4).unwrap(), 1)
}

/// What each way to hand over images and labels says about them; nothing of it may change the
/// network or its average.
fn errors(images: &[u8], labels: &[u8]) -> Vec<Error> {
    let mut errors = Vec::new();
    for kernel in Kernel::available() {
        let start = network();
        errors.push(evaluate(&start, images, labels, kernel).unwrap_err());

        let mut trained = start.clone();
        errors.push(trained.train_pass(images, labels, kernel).unwrap_err());
        assert_eq!(trained, start);

        let mut training = Training::new(&mut trained, kernel).with_average();
        training.pass(&[9; 8], &[1, 2]).unwrap();
        let (last, average) = (training.network().clone(), training.average());
        errors.push(training.pass(images, labels).unwrap_err());
        assert_eq!(training.network(), &last);
        assert_eq!(training.average(), average);
    }
    errors
}

#[test]
fn a_network_has_2_to_256_classes() {
    for classes in [0, 1, 257, usize::MAX] {
        let error = Shape::new(classes, 784).unwrap_err();
        assert_eq!(error, Error::Classes { classes });
        let message = format!("a network has 2 to 256 classes, not {classes}");
        assert_eq!(error.to_string(), message);
    }
    for classes in [2, 256] {
        assert!(Shape::new(classes, 1).is_ok());
    }
}

#[test]
fn images_have_a_pixel_and_there_are_at_most_2_to_the_28_weights() {
    for (classes, pixels) in [
        (256, 0),
        (256, usize::MAX),
        (2, usize::MAX / 2),
        (2, 26_843_537),
        (11, 26_843_536),
    ] {
        let error = Shape::new(classes, pixels).unwrap_err();
        assert_eq!(error, Error::Pixels { classes, pixels });
        let message = error.to_string();
        assert!(message.contains(&format!("images of {pixels} pixels")));
        assert!(message.contains("at least 1 pixel"));
    }
    for (classes, pixels) in [(2, 26_843_536), (10, 26_843_536), (256, 1_000_000)] {
        assert!(Shape::new(classes, pixels).is_ok());
    }
}

#[test]
fn weights_and_biases_are_as_many_as_the_shape_says() {
    let shape = Shape::new(3, 4).unwrap();
    for found in [0, 11, 13] {
        let error = Perceptron::from_parts(shape, &vec![0; found], &[0; 3]).unwrap_err();
        let what = "weights";
        assert_eq!(
            error,
            Error::Count {
                what,
                expected: 12,
                found
            }
        );
        let message = format!("a network of this shape has 12 weights, not {found}");
        assert_eq!(error.to_string(), message);
    }
    for found in [0, 2, 4] {
        let error = Perceptron::from_parts(shape, &[0; 12], &vec![0; found]).unwrap_err();
        let what = "biases";
        assert_eq!(
            error,
            Error::Count {
                what,
                expected: 3,
                found
            }
        );
        let message = format!("a network of this shape has 3 biases, not {found}");
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn biases_are_within_their_limit() {
    let shape = Shape::new(3, 1).unwrap();
    for bias in [BIAS_LIMIT + 1, -BIAS_LIMIT - 1, i32::MIN, i32::MAX] {
        let error = Perceptron::from_parts(shape, &[0; 3], &[0, bias, 0]).unwrap_err();
        assert_eq!(error, Error::Bias { class: 1, bias });
        let message = format!("bias 1 is {bias}, outside of ±16777216");
        assert_eq!(error.to_string(), message);
    }
    let limits = [BIAS_LIMIT, -BIAS_LIMIT, 0];
    assert!(Perceptron::from_parts(shape, &[0; 3], &limits).is_ok());
}

#[test]
fn an_image_is_as_large_as_the_networks() {
    let network = network();
    for bytes in [0, 3, 5, 8] {
        let image = vec![1; bytes];
        let expected = Error::ImageSize {
            expected: 4,
            images: 1,
            bytes,
        };
        for kernel in Kernel::available() {
            assert_eq!(network.scores(&image, kernel), Err(expected.clone()));
            assert_eq!(network.outputs(&image, kernel), Err(expected.clone()));
            assert_eq!(network.predict(&image, kernel), Err(expected.clone()));
        }
        let message = expected.to_string();
        assert!(message.contains("takes images of 4 pixels"), "{message}");
        assert!(message.contains(&format!("({bytes} pixels an image)")));
    }
}

#[test]
fn images_are_as_many_as_the_labels_and_as_large_as_the_networks() {
    let sizes = [
        (8, 3, "3 of them are 12 bytes, but there are 8 bytes"),
        (13, 3, "3 of them are 12 bytes, but there are 13 bytes"),
        (15, 3, "but there are 15 bytes (5 pixels an image)"),
        (0, 1, "1 of them are 4 bytes, but there are 0 bytes"),
        (4, 0, "0 of them are 0 bytes, but there are 4 bytes"),
    ];
    for (bytes, images, message) in sizes {
        for error in errors(&vec![1; bytes], &vec![0; images]) {
            let expected = 4;
            assert_eq!(
                error,
                Error::ImageSize {
                    expected,
                    images,
                    bytes
                }
            );
            assert!(error.to_string().contains(message), "{error}");
        }
    }
}

#[test]
fn a_size_that_no_memory_has_is_still_a_message() {
    let error = Error::ImageSize {
        expected: usize::MAX,
        images: 2,
        bytes: 1,
    };
    let bytes = 2 * usize::MAX as u128;
    assert!(error.to_string().contains(&format!("are {bytes} bytes")));
}

#[test]
fn labels_are_classes() {
    // The first image would be a mistake if it were learned from before the labels are checked.
    for error in errors(&[200; 12], &[2, 3, 255]) {
        let expected = Error::Label {
            image: 1,
            label: 3,
            classes: 3,
        };
        assert_eq!(error, expected);
        let message = "label 3 (of image 1, counted from 0) is not a class of the network, \
                       which has 3 (0 to 2)";
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn an_unknown_kernel_is_an_error_that_lists_those_of_this_processor() {
    let available: Vec<_> = Kernel::available().map(Kernel::name).collect();
    for name in ["", "Scalar", "simd", "avx2 "] {
        let error = name.parse::<Kernel>().unwrap_err();
        assert_eq!(error, KernelError::Unknown { name: name.into() });
        let message = error.to_string();
        assert!(message.starts_with(&format!("there is no kernel {name:?}")));
        assert!(message.ends_with(&available.join(", ")), "{message}");
    }
}

#[test]
fn a_kernel_is_found_by_its_name() {
    for kernel in Kernel::available() {
        assert_eq!(kernel.name().parse(), Ok(kernel));
        assert_eq!(kernel.to_string(), kernel.name());
        assert_eq!(
            format!("{kernel:?} {kernel:>8}"),
            format!("{0} {0:>8}", kernel.name())
        );
    }
    assert_eq!(Kernel::available().last(), Some(Kernel::best()));
}
