//! Dot products: of whole vectors, and of vectors in whole steps, which nominate.
//!
//! 8 bits for a component and the size of a step for each vector take a quarter of the memory of floats, and of the time
//! to read it.

/// A component of a passage lies within so many steps of 0.
const STEPS: usize = 127;
/// A component of a question has more of them, as far as sums stay within 32 bits.
const STEPS_OF_QUESTION: usize = 2_047;

/// How much a step of a passage's vector is.
pub(crate) fn size(vector: &[f32]) -> f32 {
    largest(vector) / STEPS as f32
}

/// A passage's components in steps of this size.
pub(crate) fn of_passage(vector: &[f32], step: f32) -> impl Iterator<Item = i8> {
    vector
        .iter()
        .map(move |component| (component / step).round() as i8)
}

/// A question's components in steps. Which passages are nearest does not depend on how much a step is.
pub(crate) fn of_question(vector: &[f32]) -> Vec<i16> {
    let most = i32::MAX as usize / (STEPS * vector.len().max(1));
    let step = largest(vector) / most.clamp(1, STEPS_OF_QUESTION) as f32;
    vector
        .iter()
        .map(|component| (component / step).round() as i16)
        .collect()
}

/// The largest component, whatever its sign; never 0, since it divides.
fn largest(vector: &[f32]) -> f32 {
    vector
        .iter()
        .fold(f32::MIN_POSITIVE, |most, component| most.max(component.abs()))
}

/// The dot product of a passage and a question, in steps of both. The compiler does several components at once.
pub(crate) fn dot(passage: &[i8], question: &[i16]) -> f32 {
    let products = passage
        .iter()
        .zip(question)
        .map(|(a, b)| i32::from(*a) * i32::from(*b));
    products.sum::<i32>() as f32
}

/// The dot product of whole vectors, in sixteen sums side by side so that the compiler uses vector instructions.
pub(crate) fn exact_dot(a: &[f32], b: &[f32]) -> f32 {
    const LANES: usize = 16;
    let (a, a_rest) = a.as_chunks::<LANES>();
    let (b, b_rest) = b.as_chunks::<LANES>();
    let mut sums = [0.0_f32; LANES];
    for (a, b) in a.iter().zip(b) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn steps_tell_the_dot_product_but_for_their_width(
            passage in proptest::collection::vec(-1.0_f32..1.0, 16),
            question in proptest::collection::vec(-1.0_f32..1.0, 16),
        ) {
            let step = size(&passage);
            let in_steps: Vec<i8> = of_passage(&passage, step).collect();
            let asked = of_question(&question);
            // The question's own step, from its largest component.
            let place = (0..16).max_by(|a, b| question[*a].abs().total_cmp(&question[*b].abs())).unwrap();
            prop_assume!(question[place].abs() > 0.1);
            let asked_step = question[place] / f32::from(asked[place]);
            let told = dot(&in_steps, &asked) * step * asked_step;
            prop_assert!((told - exact_dot(&passage, &question)).abs() < 16.0 * (0.5 / 127.0 + 0.5 / 2_047.0));
        }

        #[test]
        fn the_dot_product_is_that_of_the_textbook(vector in proptest::collection::vec(-1.0_f32..1.0, 0..100)) {
            let plain: f32 = vector.iter().map(|x| x * x).sum();
            prop_assert!((exact_dot(&vector, &vector) - plain).abs() < 1e-3);
        }
    }

    #[test]
    fn the_longest_vectors_do_not_overflow() {
        let vector = vec![1.0; 100_000];
        let in_steps: Vec<i8> = of_passage(&vector, size(&vector)).collect();
        assert!(dot(&in_steps, &of_question(&vector)) > 0.0);
    }
}
