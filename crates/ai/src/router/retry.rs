//! How long to wait before the same model is asked again.

use std::time::Duration;

use acs_domain::port::chat::ModelError;

/// The first wait, where the provider names none.
const FIRST_WAIT: Duration = Duration::from_millis(200);

/// How often and how patiently a model is asked again.
#[derive(Debug, Clone, Copy)]
pub struct RetrySettings {
    /// So often after the first time.
    pub retries: u32,
    /// No wait is longer: the next model is asked instead.
    pub longest_wait: Duration,
}

impl RetrySettings {
    /// How long to wait after the try number `tries` failed this way; `None`: ask the next model. `chance`, from 0 to 1,
    /// keeps those who failed together from coming back together.
    pub(crate) fn wait(
        &self,
        error: &ModelError,
        tries: u32,
        left: Duration,
        chance: f64,
    ) -> Option<Duration> {
        let asked_for = match error {
            ModelError::RateLimited { retry_after } | ModelError::Failed { retry_after, .. } => *retry_after,
            ModelError::Busy => None,
            // What was wrong with the request or the key is wrong the next time, and time that is over does not come back.
            ModelError::Unauthorized
            | ModelError::Timeout(_)
            | ModelError::ContextTooLong
            | ModelError::Filtered
            | ModelError::Refused(_)
            | ModelError::NotServed(_)
            | ModelError::Broken(_)
            | ModelError::Useless(_) => return None,
        };
        if tries > self.retries {
            return None;
        }
        let doubled = FIRST_WAIT.saturating_mul(2_u32.saturating_pow(tries.saturating_sub(1)));
        let least = asked_for.unwrap_or(doubled.mul_f64(0.5 + 0.5 * chance));
        // Compared before anything is added: what a provider names may be any number.
        if least > self.longest_wait || least >= left {
            return None;
        }
        let wait = match asked_for {
            Some(least) => least.saturating_add(least.mul_f64(0.1 * chance)),
            None => least,
        };
        (wait < left).then_some(wait)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    const SETTINGS: RetrySettings = RetrySettings {
        retries: 2,
        longest_wait: Duration::from_secs(2),
    };
    const AMPLE: Duration = Duration::from_secs(60);

    fn limited(seconds: Option<u64>) -> ModelError {
        ModelError::RateLimited {
            retry_after: seconds.map(Duration::from_secs),
        }
    }

    #[rstest]
    #[case::no_time_named(limited(None), 1, AMPLE, true)]
    #[case::a_time_that_fits(limited(Some(2)), 1, AMPLE, true)]
    #[case::a_time_that_is_too_long(limited(Some(3)), 1, AMPLE, false)]
    #[case::a_time_without_end(limited(Some(u64::MAX)), 1, AMPLE, false)]
    #[case::a_time_behind_the_deadline(limited(Some(2)), 1, Duration::from_secs(2), false)]
    #[case::the_last_retry(limited(None), 2, AMPLE, true)]
    #[case::one_too_many(limited(None), 3, AMPLE, false)]
    #[case::a_failure(ModelError::failed("away"), 1, AMPLE, true)]
    #[case::a_wrong_key(ModelError::Unauthorized, 1, AMPLE, false)]
    #[case::too_long(ModelError::ContextTooLong, 1, AMPLE, false)]
    #[case::silence(ModelError::Timeout(AMPLE), 1, AMPLE, false)]
    fn a_model_is_asked_again_only_where_that_may_help_in_time(
        #[case] error: ModelError,
        #[case] tries: u32,
        #[case] left: Duration,
        #[case] again: bool,
    ) {
        assert_eq!(SETTINGS.wait(&error, tries, left, 0.5).is_some(), again);
    }

    proptest! {
        #[test]
        fn whatever_a_provider_names_no_wait_is_past_the_longest_or_the_deadline(
            seconds in proptest::option::of(any::<u64>()),
            nanos in 0_u32..1_000_000_000,
            (tries, retries) in any::<(u32, u32)>(),
            (longest, left) in any::<(Duration, Duration)>(),
            chance in 0.0..=1.0,
        ) {
            let retry_after = seconds.map(|seconds| Duration::new(seconds, nanos));
            let settings = RetrySettings { retries, longest_wait: longest };
            let error = ModelError::Failed { retry_after, source: "away".into() };
            if let Some(wait) = settings.wait(&error, tries, left, chance) {
                prop_assert!(wait < left && wait <= longest.saturating_add(longest / 8));
            }
        }

        #[test]
        fn a_provider_is_never_asked_before_the_time_that_it_named(seconds in 0_u64..3, chance in 0.0..1.0) {
            if let Some(wait) = SETTINGS.wait(&limited(Some(seconds)), 1, AMPLE, chance) {
                prop_assert!(wait >= Duration::from_secs(seconds));
            }
        }

        #[test]
        fn each_wait_is_about_twice_the_one_before_and_never_the_same_for_all(tries in 1_u32..3, chance in 0.0..1.0) {
            let wait = SETTINGS.wait(&limited(None), tries, AMPLE, chance).unwrap();
            let longest = FIRST_WAIT * 2_u32.pow(tries - 1);
            prop_assert!(wait >= longest / 2 && wait <= longest);
        }
    }
}
