# The commands of every day. `just` lists them; each also works typed by hand.

set positional-arguments

[private]
default:
    @just --list --unsorted

# Run the program.
dev *ARGUMENTS:
    cargo run "$@"

# Compile everything, tests and benchmarks too, without building it.
check:
    cargo check --workspace --all-targets --locked

# What CI holds against a change before any test runs.
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets --locked -- -D warnings
    .ci/dependencies

# All tests, with the servers they need.
test *ARGUMENTS:
    tests/run "$@"

# The tests whose names contain NAME; with CRATE, those of one crate.
test-one NAME CRATE='':
    tests/run -E {{ quote(if CRATE == '' { 'test(' + NAME + ')' } else { 'package(' + CRATE + ') & test(' + NAME + ')' }) }}

# Write anew what is generated and committed, such as docs/reference; `git diff` then shows what changed.
generate *ARGUMENTS:
    UPDATE_GENERATED=1 tests/run "$@"

# Measure, beside the same servers.
bench *ARGUMENTS:
    tests/run --services-only -- cargo bench --workspace --locked --benches "$@"

# Start a release on a data folder of its own and put it under load.
load *ARGUMENTS:
    tests/load/run "$@"

# All that a merge needs.
ci:
    .ci/run
