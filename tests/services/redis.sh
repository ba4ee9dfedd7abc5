# shellcheck shell=bash
# shellcheck disable=SC2154 # `unprivileged` is common.sh's
# A private Redis: found or installed, started on a free port.

redis_process=
redis_log=

# Sets `redis_program`. Debian ships the server in redis-tools, under another of its names; the package redis-server
# adds the system's own instance, which the tests do not want.
find_redis() {
    redis_program=$(type -P redis-server || type -P redis-check-rdb) && return
    install_packages redis-tools && redis_program=$(type -P redis-check-rdb) && return
    fail 'no Redis for the tests. Wanted: redis-server on the PATH, or a Debian on which redis-tools may be installed'
}

# start_redis ROOM: starts a server that keeps all it writes in the room, and announces its address.
start_redis() {
    local room=$1 folder=$1/redis port secret
    "${unprivileged[@]}" mkdir "$folder"
    # The program looks at its name to know what it is.
    ln -s "$redis_program" "$folder/redis-server"

    secret=$(password)
    redis_log=$room/redis.log
    for _ in {1..10}; do
        port=$(free_port)
        # Through a pipe, since a command line shows a password to everybody.
        launch TERM "$redis_log" "$folder/redis-server" - < <(
            printf '%s\n' 'bind 127.0.0.1' "port $port" "requirepass $secret" "dir $folder" 'save ""' 'appendonly no'
        )
        redis_process=$!
        await "$redis_process" grep -q 'Ready to accept connections' "$redis_log" && break
        running "$redis_process" && fail "Redis does not answer: $(<"$redis_log")"
        redis_process=
        grep -q 'Address already in use' "$redis_log" || fail "Redis does not start: $(<"$redis_log")"
    done
    [[ -n $redis_process ]] || fail 'Redis found no free port'
    announce ACS_TEST_REDIS_URL "redis://:$secret@127.0.0.1:$port/0"
}

stop_redis() { stop Redis "$redis_process" TERM "$redis_log"; }
