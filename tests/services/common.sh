# shellcheck shell=bash
# What the service scripts share: messages, passwords and ports, missing packages, and servers that end with their keeper.

say() { printf 'tests/run: %s\n' "$*" >&2; }

fail() {
    printf 'tests/run: error: %s\n' "$*" >&2
    exit 1
}

# Stands before a command that needs no rights: root's are taken from it. PostgreSQL refuses to run as root.
unprivileged=(setpriv --no-new-privs)
if ((EUID == 0)); then
    unprivileged+=(--reuid nobody --regid "$(id -g nobody)" --clear-groups)
fi

# Prints a password with 192 random bits.
password() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

# Prints a port that nobody listens on, below the range from which the kernel takes ports for outgoing connections.
# Another run may take it first; a start that fails for that reason is tried again.
free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 12000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
    done
    printf '%s' "$port"
}

# launch SIGNAL LOG COMMAND...: starts a server, whose process is then `$!`. Should the keeper die without having
# stopped it, the kernel sends it SIGNAL.
launch() {
    local signal=$1 log=$2
    shift 2
    "${unprivileged[@]}" --pdeathsig "$signal" -- "$@" <&0 >"$log" 2>&1 &
}

running() { [[ -n $1 ]] && kill -0 "$1" 2>/dev/null; }

# await PROCESS COMMAND...: repeats the command until it succeeds; fails when the process ends first, or after a minute.
await() {
    local process=$1 tries
    shift
    for ((tries = 0; tries < 1200; tries++)); do
        "$@" >/dev/null 2>&1 && return
        running "$process" || return 1
        sleep 0.05
    done
    return 1
}

# stop NAME PROCESS SIGNAL LOG: stops a server, and shows the last lines of one that no longer ran.
stop() {
    local name=$1 process=$2 signal=$3 log=$4 tries
    [[ -n $process ]] || return 0
    if ! running "$process"; then
        say "$name had stopped by itself:"
        tail -n 20 "$log" >&2 || true
        return 0
    fi
    kill -s "$signal" "$process" 2>/dev/null || true
    for ((tries = 0; tries < 200; tries++)); do
        running "$process" || return 0
        sleep 0.05
    done
    say "$name does not stop when asked: ending it"
    kill -s KILL "$process" 2>/dev/null || true
    wait "$process" 2>/dev/null || true
}

# Installs Debian packages; fails where that is not possible.
install_packages() {
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
    type -P apt-get >/dev/null || return 1
    if ((EUID != 0)); then
        type -P sudo >/dev/null || return 1
        apt=(sudo -n "${apt[@]}")
    fi
    say "installing $*"
    "${apt[@]}" update >/dev/null && "${apt[@]}" -y install --no-install-recommends "$@" >/dev/null
}

# Prints the folder that keeps what is downloaded from one run to the next. Root's home is closed to the unprivileged
# user, so root's lies where somebody else could have made it first.
cache_folder() {
    local folder
    if ((EUID == 0)); then
        folder=/var/tmp/acs-test-services-0
    else
        folder=${XDG_CACHE_HOME:-${HOME:?}/.cache}/acs-test-services
    fi
    (umask 022 && mkdir -p "$folder")
    [[ -O $folder && ! -L $folder ]] || fail "$folder belongs to somebody else: remove it"
    printf '%s' "$folder"
}
