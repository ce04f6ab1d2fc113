#!/usr/bin/env bash
# A Docker engine of our own for the tests marked `docker`, without a registry or a network. Needs root on Debian or Ubuntu.
#
#   settings=$(tests/docker_engine.sh start FOLDER) && eval "$settings"   # sets DOCKER_HOST and GRADARIUM_TEST_BASE
#   tests/docker_engine.sh stop FOLDER                                    # ends it and removes what it made
#
# What fails is said in one line on standard error, and the exit status is not 0. A base image that is already in
# FOLDER/base.tar is used again; where one is kept elsewhere, name it in GRADARIUM_TEST_BASE_TAR.
set -euo pipefail

fail() {
    echo "docker_engine.sh: $*" >&2
    exit 1
}
[ $# -eq 2 ] || fail "usage: docker_engine.sh start|stop FOLDER"
mkdir -p "$2" || fail "cannot make the folder $2"
folder=$(cd "$2" && pwd)
base=gradarium/test-base
export DOCKER_HOST=unix://$folder/docker.sock

stop() {
    local pid
    pid=$(cat "$folder/pid" 2>/dev/null) || return 0
    kill "$pid" 2>/dev/null || return 0
    for _ in $(seq 100); do
        kill -0 "$pid" 2>/dev/null || return 0
        sleep 0.2
    done
    kill -KILL "$pid"
}

install_tools() {
    local missing=()
    command -v dockerd >/dev/null && command -v docker >/dev/null || missing+=(docker.io)
    command -v debootstrap >/dev/null || missing+=(debootstrap)
    [ ${#missing[@]} -eq 0 ] && return
    command -v apt-get >/dev/null || fail "missing: ${missing[*]}, and there is no apt-get to install them"
    {
        apt-get update -q
        # nothing is to be started by the package: the engine here is our own
        DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -yq --no-install-recommends "${missing[@]}"
        # newer releases have the command line in a package of its own
        command -v docker >/dev/null || apt-get install -yq --no-install-recommends docker-cli
    } >"$folder/apt.log" 2>&1 || fail "apt-get cannot install ${missing[*]}: $(tail -n 1 "$folder/apt.log")"
}

make_base() {
    [ -s "$folder/base.tar" ] && return
    local suite
    suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    [ -n "$suite" ] || fail "cannot tell this system's release from /etc/os-release"
    debootstrap --variant=minbase --include=python3 "$suite" "$folder/root" >"$folder/base.log" 2>&1 ||
        fail "debootstrap cannot make a base image: $(tail -n 1 "$folder/base.log")"
    rm -rf "$folder"/root/var/cache/apt/* "$folder"/root/var/lib/apt/lists/*
    tar -C "$folder/root" --one-file-system -cf "$folder/base.tar.part" .
    mv "$folder/base.tar.part" "$folder/base.tar"
    rm -rf "$folder/root"
}

start() {
    [ "$(uname -s)" = Linux ] || fail "needs Linux"
    [ "$(id -u)" -eq 0 ] || fail "needs root"
    install_tools
    local tar=${GRADARIUM_TEST_BASE_TAR:-$folder/base.tar}
    [ -n "${GRADARIUM_TEST_BASE_TAR:-}" ] || make_base
    [ -s "$tar" ] || fail "there is no base image in $tar"
    if ! docker info >/dev/null 2>&1; then
        dockerd --bridge=none --iptables=false --ip6tables=false --data-root "$folder/data" \
            --exec-root "$folder/exec" -H "$DOCKER_HOST" --pidfile "$folder/pid" \
            </dev/null >"$folder/log" 2>&1 &
        local pid=$!
        for _ in $(seq 120); do
            docker info >/dev/null 2>&1 && break
            kill -0 "$pid" 2>/dev/null || fail "dockerd ended: $(tail -n 1 "$folder/log")"
            sleep 0.5
        done
        docker info >/dev/null 2>&1 || { stop; fail "dockerd does not answer in 60 s: $(tail -n 1 "$folder/log")"; }
    fi
    docker image inspect "$base" >/dev/null 2>&1 || docker import "$tar" "$base" >/dev/null ||
        { stop; fail "the engine does not take the base image"; }
    printf 'export DOCKER_HOST=%q GRADARIUM_TEST_BASE=%q\n' "$DOCKER_HOST" "$base"
}

case $1 in
start) start ;;
stop)
    stop
    rm -rf --one-file-system "$folder"/{data,exec,root,docker.sock,pid,log,apt.log,base.log,base.tar,base.tar.part}
    rmdir --ignore-fail-on-non-empty "$folder"
    ;;
*) fail "usage: docker_engine.sh start|stop FOLDER" ;;
esac
