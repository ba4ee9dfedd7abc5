-- What every test database starts with: two roles, and the extensions that only a superuser may create.
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD

-- One round of hashing at each sign-in instead of 4096: the passwords are random, and the tests connect often.
select set_config('scram_iterations', '1', false) where current_setting('server_version_num')::int >= 160000;

create role acs_owner login createdb password :'owner_password';
create role acs_app login password :'app_password';

-- This is template1: a database made later is a copy of it.
create extension vector;
create extension pg_trgm;
