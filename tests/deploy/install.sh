#!/bin/sh
# nginx, openssl, PgBouncer and systemd's checker for the tests of deploy/: the system's, else Debian's packages.
set -eu
missing=""
for name in nginx openssl pgbouncer systemd-analyze; do
  PATH="$PATH:/usr/sbin" command -v "$name" >/dev/null 2>&1 || missing="$missing $name"
done
if [ -z "$missing" ]; then exit 0; fi
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  apt-get update -qq
  RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nginx-light openssl pgbouncer systemd >/dev/null
else
  echo "the tests of deploy/ need:$missing" >&2
  case "$missing" in *nginx* | *openssl* | *pgbouncer*) exit 1 ;; esac
fi
