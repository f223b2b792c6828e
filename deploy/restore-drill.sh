#!/bin/sh
# Restores the newest backup of the folder $1 into the database DUEWATCH_DRILL_URL, which it replaces, and verifies it.
set -eu
folder=${1:?"name a folder: restore-drill.sh /var/lib/duewatch-backup"}
drill=${DUEWATCH_DRILL_URL:?"set DUEWATCH_DRILL_URL to the address of a database that may be replaced"}
if [ "$drill" = "${DATABASE_URL:-}" ]; then
  echo "restore-drill.sh: DUEWATCH_DRILL_URL is the ledger itself" >&2
  exit 2
fi
cd "$(dirname "$0")/.."
newest=$(find "$folder" -maxdepth 1 -name 'ledger-*.backup' | sort | tail -n 1)
DATABASE_URL=$drill .venv/bin/python manage.py restore --force "${newest:?"there is no backup in $folder"}"
DATABASE_URL=$drill .venv/bin/python manage.py verify
