#!/bin/sh
# hledger, which reads our journal in the tests: the system's, else Debian's package.
set -eu
if command -v hledger >/dev/null 2>&1; then exit 0; fi
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  apt-get update -qq || echo "the package lists could not be renewed; trying with those that are here" >&2
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends hledger >/dev/null
else
  echo "the tests of the journal need hledger" >&2
  exit 1
fi
