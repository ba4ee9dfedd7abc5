//! What the store promises, on both databases, and what is particular to each of them.

mod sqlite {
    mod contract {
        acs_testkit::store_contracts!(acs_testkit::Backend::sqlite);
    }
}

mod postgres {
    mod contract {
        acs_testkit::store_contracts!(acs_testkit::Backend::postgres);
    }
}
