#!/bin/sh
# One backup into the folder $1; those older than DUEWATCH_KEEP_DAYS (30) go, once the new one is there.
set -eu
folder=${1:?"name a folder: backup.sh /var/lib/duewatch-backup"}
cd "$(dirname "$0")/.."
.venv/bin/python manage.py backup "$folder/ledger-$(date -u +%Y%m%dT%H%M%SZ).backup"
find "$folder" -maxdepth 1 -name 'ledger-*.backup' -mtime "+${DUEWATCH_KEEP_DAYS:-30}" -delete
