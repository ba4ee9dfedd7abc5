//! The state machine, as sequences of everything that can happen to it.

use proptest::prelude::*;

use super::*;

const SETTINGS: BreakerSettings = BreakerSettings {
    failures: 3,
    pause: Duration::from_secs(10),
};

/// What can happen. Numbers choose among the leaves that are out.
#[derive(Debug, Clone)]
enum Happening {
    Ask,
    Succeed(usize),
    Fail(usize),
    LetGo(usize),
    Wait(u64),
}

fn happenings() -> impl Strategy<Value = Vec<Happening>> {
    let one = prop_oneof![
        4 => Just(Happening::Ask),
        2 => any::<usize>().prop_map(Happening::Succeed),
        4 => any::<usize>().prop_map(Happening::Fail),
        1 => any::<usize>().prop_map(Happening::LetGo),
        2 => (0_u64..200).prop_map(Happening::Wait),
    ];
    proptest::collection::vec(one, 0..120)
}

proptest! {
    /// Whatever happens: in a pause nobody is admitted, after it one alone until that one is done, and the model is never
    /// left alone for ever.
    #[test]
    fn a_model_is_left_alone_exactly_as_long_as_it_should(happenings in happenings()) {
        let mut breaker = Breaker::new(SETTINGS);
        let mut now = Instant::now();
        let mut out: Vec<Leave> = Vec::new();
        for happening in happenings {
            let before = breaker.state;
            let mut take = |number: usize| (!out.is_empty()).then(|| out.swap_remove(number % out.len()));
            match happening {
                Happening::Wait(seconds) => now += Duration::from_secs(seconds),
                Happening::Ask => {
                    let leave = breaker.admit(now);
                    let expected = match before {
                        State::Closed { .. } => true,
                        State::Open { until, .. } => now >= until,
                        State::Probing { .. } => false,
                    };
                    prop_assert_eq!(leave.is_some(), expected);
                    out.extend(leave);
                }
                Happening::Succeed(number) => {
                    let Some(leave) = take(number) else { continue };
                    let current = leave.epoch == breaker.epoch;
                    breaker.succeed(leave);
                    let after = if current { State::Closed { failures: 0 } } else { before };
                    prop_assert_eq!(breaker.state, after);
                }
                Happening::Fail(number) => {
                    let Some(leave) = take(number) else { continue };
                    let current = leave.epoch == breaker.epoch;
                    breaker.fail(leave, now);
                    match before {
                        _ if !current => prop_assert_eq!(breaker.state, before),
                        State::Closed { failures } if failures < 2 => {
                            prop_assert_eq!(breaker.state, State::Closed { failures: failures + 1 });
                        }
                        _ => {
                            let State::Open { until, pause } = breaker.state else {
                                return Err(TestCaseError::fail("it must be open"));
                            };
                            prop_assert_eq!(until, now + pause);
                            prop_assert!((SETTINGS.pause..=SETTINGS.pause * LONGEST).contains(&pause));
                        }
                    }
                }
                Happening::LetGo(number) => {
                    let Some(leave) = take(number) else { continue };
                    let probe = leave.epoch == breaker.epoch && matches!(before, State::Probing { .. });
                    breaker.let_go(leave, now);
                    prop_assert_eq!(probe, breaker.state != before);
                }
            }
            // One that probes has the only leave of its epoch: it is out, or the state would have changed.
            let current = out.iter().filter(|leave| leave.epoch == breaker.epoch).count();
            match breaker.state {
                State::Probing { .. } => prop_assert_eq!(current, 1),
                State::Open { .. } => prop_assert_eq!(current, 0),
                State::Closed { failures } => prop_assert!(failures < SETTINGS.failures),
            }
        }
        // Once all that is out has been given back and the longest pause is over, it is asked again.
        for leave in out {
            breaker.let_go(leave, now);
        }
        prop_assert!(breaker.admit(now + SETTINGS.pause * LONGEST).is_some());
    }
}

#[test]
fn the_pause_doubles_while_the_model_goes_on_failing_and_ends_with_its_first_success() {
    let mut breaker = Breaker::new(SETTINGS);
    let mut now = Instant::now();
    for _ in 0..3 {
        let leave = breaker.admit(now).unwrap();
        breaker.fail(leave, now);
    }
    for seconds in [10, 20, 40, 80, 160, 160] {
        let pause = Duration::from_secs(seconds);
        assert_eq!(breaker.admit(now + pause - Duration::from_millis(1)), None);
        now += pause;
        let probe = breaker.admit(now).unwrap();
        assert_eq!(breaker.admit(now), None, "one probe at a time");
        breaker.fail(probe, now);
    }
    now += Duration::from_secs(160);
    let probe = breaker.admit(now).unwrap();
    breaker.succeed(probe);
    assert!(!breaker.is_open());
    assert!(breaker.admit(now).is_some() && breaker.admit(now).is_some());
}

#[test]
fn a_request_from_before_the_pause_neither_ends_nor_prolongs_it() {
    let mut breaker = Breaker::new(SETTINGS);
    let now = Instant::now();
    let slow = [breaker.admit(now).unwrap(), breaker.admit(now).unwrap()];
    for _ in 0..3 {
        let leave = breaker.admit(now).unwrap();
        breaker.fail(leave, now);
    }
    let open = breaker.state;
    breaker.succeed(slow[0]);
    breaker.fail(slow[1], now + Duration::from_secs(9));
    assert_eq!(breaker.state, open);
}
