//! What others do wrong: the database that is gone for a while, models that fail or lie.

mod database;
mod midway;
mod models;
