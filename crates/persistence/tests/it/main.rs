//! What the store promises, on both databases, and what is particular to each of them.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "in a test, a surprise is a failure"
)]

mod agreement;
mod migrations;
mod records;
mod schema;

mod sqlite {
    mod backup;
    mod contract {
        acs_testkit::store_contracts!(acs_testkit::Backend::sqlite);
    }
    mod file;
    mod vectors;
}

mod postgres {
    mod contract {
        acs_testkit::store_contracts!(acs_testkit::Backend::postgres);
    }
    mod outage;
    mod row_level_security;
}
