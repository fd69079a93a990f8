#!/bin/sh
# Runs in the container before PostgreSQL does: PostgreSQL refuses a key that anybody but its own user can
# read, and whoever owns the files outside has another number here.
set -eu
install -d -o postgres -g postgres -m 0700 /var/lib/postgresql/tls
install -o postgres -g postgres -m 0600 \
  /workbench/tls/ca.crt /workbench/tls/server.crt /workbench/tls/server.key /var/lib/postgresql/tls
exec docker-entrypoint.sh "$@"
